"""Generators and discriminators: plain PyTorch modules, and nothing but PyTorch.

A generator has an attribute `noise_shape`, the shape of the Gaussian noise that makes one series,
and maps (batch, *noise_shape) to series of (batch, n_channels, n_timepoints) in ``[-1, 1]``, or to
their principal components, (batch, 1, n_components). A discriminator maps them to scores of shape
(batch,). With `n_classes` either also takes the class of each series, (batch,), as a second
argument. A velocity network says how noise moves until it is components.
"""

from ganbats_sampler.networks.components import ComponentDiscriminator, ComponentGenerator
from ganbats_sampler.networks.convolutional import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
)
from ganbats_sampler.networks.discriminator import GANBATSDiscriminator
from ganbats_sampler.networks.generator import GANBATSGenerator
from ganbats_sampler.networks.velocity import VelocityNetwork

__all__ = [
    "ComponentDiscriminator",
    "ComponentGenerator",
    "ConvolutionalDiscriminator",
    "ConvolutionalGenerator",
    "GANBATSDiscriminator",
    "GANBATSGenerator",
    "VelocityNetwork",
]

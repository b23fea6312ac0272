"""Generators and discriminators: plain PyTorch modules that need PyTorch alone.

A generator has the attribute `noise_shape`, the shape of the Gaussian noise for one series. It maps
noise of shape ``(batch, *noise_shape)`` to series of shape (batch, n_channels, n_timepoints) in
``[-1, 1]``, or to their principal components, (batch, 1, n_components). A discriminator maps series
or components to scores of shape (batch,). With `n_classes`, both networks also take the class of
each series, (batch,), as a second argument. A velocity network predicts the velocity at which noise
moves to components.
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

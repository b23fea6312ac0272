"""Generators and discriminators: plain PyTorch modules, and nothing but PyTorch."""

from ganbats_sampler.networks.discriminator import GANBATSDiscriminator
from ganbats_sampler.networks.generator import GANBATSGenerator

__all__ = ["GANBATSDiscriminator", "GANBATSGenerator"]

"""The over-samplers."""

from ganbats_sampler.samplers.adversarial import GenerationWarning
from ganbats_sampler.samplers.ganbats import PRESETS, GANBATSSampler

__all__ = ["PRESETS", "GANBATSSampler", "GenerationWarning"]

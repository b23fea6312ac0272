"""Adversarial training: the loop and its exchangeable parts."""

from ganbats_sampler.adversarial.losses import (
    NON_SATURATING,
    RELATIVISTIC,
    WASSERSTEIN,
    AdversarialLoss,
)
from ganbats_sampler.adversarial.net import AdversarialNet
from ganbats_sampler.adversarial.recipes import PAPER, RECIPES, STABLE, Recipe

__all__ = [
    "NON_SATURATING",
    "PAPER",
    "RECIPES",
    "RELATIVISTIC",
    "STABLE",
    "WASSERSTEIN",
    "AdversarialLoss",
    "AdversarialNet",
    "Recipe",
]

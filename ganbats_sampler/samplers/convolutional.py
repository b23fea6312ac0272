"""The base classes of the GANs that are compared with GANBATS. They share DCGAN's networks."""

from __future__ import annotations

from numbers import Integral
from os import PathLike
from typing import Any

from sklearn.utils._param_validation import Interval

from ganbats_sampler.adversarial.recipes import Recipe
from ganbats_sampler.networks import ConvolutionalDiscriminator, ConvolutionalGenerator
from ganbats_sampler.samplers._hints import (
    Constrain,
    Drop,
    Memory,
    OnFailure,
    SamplingStrategy,
    Seed,
)
from ganbats_sampler.samplers.adversarial import BaseAdversarialSampler, Form


class BaseConvolutionalSampler(BaseAdversarialSampler):
    """Over-sample with a convolutional GAN; a subclass sets its form and its published recipe."""

    _parameter_constraints: dict[str, Any] = {
        **BaseAdversarialSampler._parameter_constraints,
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "latent_size": [Interval(Integral, 1, None, closed="left")],
    }

    min_updates: int

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        hidden_size: int = 32,
        latent_size: int = 100,
        recipe: str | Recipe | None = None,
        max_epochs: int | None = None,
        min_updates: int = 500,
        batch_size: int = 32,
        lr: float | None = None,
        validation_fraction: float | None = None,
        on_failure: OnFailure = "fallback",
        constrain: Constrain = "whole",
        drop: Drop = None,
        checkpoint: str | PathLike[str] | None = None,
        memory: Memory = None,
        max_time: float | None = None,
        warm_start: bool = False,
        device: str = "auto",
        random_state: Seed = None,
        verbose: bool | int = False,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.recipe = recipe
        self.max_epochs = max_epochs
        self.min_updates = min_updates
        self.batch_size = batch_size
        self.lr = lr
        self.validation_fraction = validation_fraction
        self.on_failure = on_failure
        self.constrain = constrain
        self.drop = drop
        self.checkpoint = checkpoint
        self.memory = memory
        self.max_time = max_time
        self.warm_start = warm_start
        self.device = device
        self.random_state = random_state
        self.verbose = verbose
        self.hidden_size = hidden_size
        self.latent_size = latent_size

    def _least_updates(self, n_samples: int) -> int:
        return self.min_updates

    def _module_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        common = {"n_timepoints": self.n_timepoints_, "hidden_size": self.hidden_size}
        return common | {"latent_size": self.latent_size}, common


class BaseClasswiseSampler(BaseConvolutionalSampler):
    """Over-sample with one convolutional GAN for each class; several can train at the same time."""

    _parameter_constraints: dict[str, Any] = {
        **BaseConvolutionalSampler._parameter_constraints,
        "n_jobs": [Integral, None],
    }
    _form = Form(ConvolutionalGenerator, ConvolutionalDiscriminator)

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        hidden_size: int = 32,
        latent_size: int = 100,
        recipe: str | Recipe | None = None,
        max_epochs: int | None = None,
        min_updates: int = 500,
        batch_size: int = 32,
        lr: float | None = None,
        validation_fraction: float | None = None,
        on_failure: OnFailure = "fallback",
        constrain: Constrain = "whole",
        drop: Drop = None,
        checkpoint: str | PathLike[str] | None = None,
        memory: Memory = None,
        max_time: float | None = None,
        warm_start: bool = False,
        device: str = "auto",
        n_jobs: int | None = None,
        random_state: Seed = None,
        verbose: bool | int = False,
    ):
        super().__init__(
            sampling_strategy=sampling_strategy,
            n_channels=n_channels,
            hidden_size=hidden_size,
            latent_size=latent_size,
            recipe=recipe,
            max_epochs=max_epochs,
            min_updates=min_updates,
            batch_size=batch_size,
            lr=lr,
            validation_fraction=validation_fraction,
            on_failure=on_failure,
            constrain=constrain,
            drop=drop,
            checkpoint=checkpoint,
            memory=memory,
            max_time=max_time,
            warm_start=warm_start,
            device=device,
            random_state=random_state,
            verbose=verbose,
        )
        self.n_jobs = n_jobs

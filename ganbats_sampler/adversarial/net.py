"""Adversarial training: a net with two modules and two optimisers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from ganbats_sampler.adversarial.batches import Batch
from ganbats_sampler.adversarial.loop import GeneratorNet
from ganbats_sampler.adversarial.losses import NON_SATURATING, AdversarialLoss

Penalty = Callable[[Callable[[Tensor], Tensor], Tensor, Tensor, torch.Generator], Tensor]
Constraint = Callable[[nn.Module], None]
Augmentation = Callable[[Tensor, torch.Generator], Tensor]


class AdversarialNet(GeneratorNet):
    """Train a generator against a discriminator.

    After :meth:`fit`, :meth:`generate` draws series. One step is `n_critic` updates of the
    discriminator, a batch each, and one of the generator, on the series that were generated for the
    last of them; one epoch is as many steps as show every series about once. Fitted with classes,
    ``fit(X, y)``, both networks are given the class of each series as a further argument. All
    randomness comes from `random_state`; the global random state of PyTorch is left as it was.

    Parameters
    ----------
    module : type or Module
        The generator, mapping Gaussian noise of shape ``(batch, *noise_shape)`` to series of shape
        (batch, n_channels, n_timepoints), where `noise_shape` is an attribute of it; its parameters
        are passed as ``module__...``.
    discriminator : type or Module
        Maps series to scores of shape (batch,); its parameters are ``discriminator__...``.
    loss : AdversarialLoss, default=NON_SATURATING
        See :mod:`ganbats_sampler.adversarial.losses`.
    penalty : callable, default=None
        See :mod:`ganbats_sampler.adversarial.penalties`.
    penalty_weight : float, default=1.0
        Factor of the penalty.
    penalty_every : int, default=1
        The penalty is computed at every so many updates of the generator, and multiplied by their
        number, which keeps its strength (Karras, T. et al. 2020, Analyzing and improving the image
        quality of StyleGAN, CVPR, section 3.1).
    augmentation : callable, default=None
        The augmentation of all series that the discriminator sees, see
        :mod:`ganbats_sampler.adversarial.augmentation`.
    average_decay : float, default=None
        Generate with an exponential moving average of the generator's weights, of this decay.
    constraint : callable, default=None
        The constraint on the discriminator after each of its updates, see
        :mod:`ganbats_sampler.adversarial.constraints`.
    n_critic : int, default=1
        Updates of the discriminator for one of the generator.
    replay : bool, default=False
        Show generated series that the discriminator took for real to it once more, as generated,
        at its next update (Liu et al. 2023, section 3, step 2).
    target_share : float, default=None
        Share of the `targets` in every batch, of a net that is fitted with classes; None draws all
        series alike. So a generator sees enough of a rare class to learn it.
    targets : sequence of int, default=()
        The classes that `target_share` is of; among them series are drawn alike.
    random_state : int, default=0
        The seed of weights, noise, shuffling and augmentation.
    lr, discriminator_lr : float
        Learning rates of the two optimisers; the discriminator's is the generator's by default.
    **kwargs
        Other parameters of :class:`skorch.NeuralNet`, of the optimisers (``optimizer__...``,
        ``discriminator_optimizer__...``) and of the modules.

    Attributes
    ----------
    module_, discriminator_, average_ : Module
        The trained networks, and the averaged generator (None without `average_decay`).
    n_updates_ : int
        Updates of the generator so far.
    history : skorch.history.History
        A row an epoch: mean losses, the discriminator's accuracy, updates so far.
    """

    modules = ("module", "discriminator")
    _stateful_names = (
        *GeneratorNet._stateful_names,
        "discriminator_",
        "discriminator_optimizer_",
    )

    def __init__(
        self,
        module: Any,
        discriminator: Any,
        *,
        loss: AdversarialLoss = NON_SATURATING,
        penalty: Penalty | None = None,
        penalty_weight: float = 1.0,
        penalty_every: int = 1,
        augmentation: Augmentation | None = None,
        average_decay: float | None = None,
        constraint: Constraint | None = None,
        n_critic: int = 1,
        replay: bool = False,
        target_share: float | None = None,
        targets: Sequence[int] = (),
        random_state: int = 0,
        optimizer: Any = torch.optim.Adam,
        discriminator_optimizer: Any = torch.optim.Adam,
        lr: float = 1e-4,
        discriminator_lr: float | None = None,
        max_epochs: int = 100,
        batch_size: int = 128,
        verbose: int = 0,
        **kwargs: Any,
    ):
        self.discriminator = discriminator
        self.loss = loss
        self.penalty = penalty
        self.penalty_weight = penalty_weight
        self.penalty_every = penalty_every
        self.augmentation = augmentation
        self.average_decay = average_decay
        self.constraint = constraint
        self.n_critic = n_critic
        self.replay = replay
        self.target_share = target_share
        self.targets = targets
        self.random_state = random_state
        self.discriminator_optimizer = discriminator_optimizer
        self.discriminator_lr = discriminator_lr
        super().__init__(
            module,
            optimizer=optimizer,
            lr=lr,
            max_epochs=max_epochs,
            batch_size=batch_size,
            verbose=verbose,
            **kwargs,
        )

    def _build_modules(self):
        super()._build_modules()
        self.discriminator_ = self.initialized_instance(
            self.discriminator, self.get_params_for("discriminator")
        )

    def initialize_optimizer(self, triggered_directly=None):
        """Give each network its own optimiser and learning rate."""
        super().initialize_optimizer(triggered_directly)
        lr = {} if self.discriminator_lr is None else {"lr": self.discriminator_lr}
        self.discriminator_optimizer_ = self._make_optimizer(
            "discriminator_optimizer", self.discriminator_, **lr
        )
        return self

    def training_state(self) -> dict[str, Any]:
        """Return all that training goes on with after an epoch; it is not copied."""
        return super().training_state() | {"fooling": self._fooling}

    def restore_training_state(self, state: dict[str, Any]) -> None:
        """Begin after the epoch that :meth:`training_state` was called at."""
        super().restore_training_state(state)
        if state["fooling"] is not None:
            self._fooling = tuple(tensor.to(self.device) for tensor in state["fooling"])

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start the sequence of random numbers, and forget which series fooled."""
        super().on_train_begin(net, X, y, **kwargs)
        self._fooling: Batch | None = None

    def fit_loop(self, X, y=None, epochs=None, **fit_params):
        """Train, and forget the series that fooled: they are no part of the trained net."""
        try:
            return super().fit_loop(X, y, epochs, **fit_params)
        finally:
            del self._fooling

    def update(self, batches):
        """Update the discriminator on each batch, and the generator on the last.

        Returned are ``discriminator_loss`` and ``discriminator_accuracy`` at the last update of the
        discriminator, and ``generator_loss``.
        """
        for real, *condition in batches[:-1]:
            with torch.no_grad():
                fake = self.module_(self._noise(len(real), self._rng), *condition)
            self.discriminator_step(real, fake, *condition)
        real, *condition = batches[-1]
        fake = self.module_(self._noise(len(real), self._rng), *condition)
        step = self.discriminator_step(real, fake.detach(), *condition)
        step["generator_loss"] = self.generator_step(real, fake, *condition)
        return step

    def discriminator_step(
        self, real: Tensor, fake: Tensor, *condition: Tensor
    ) -> dict[str, Tensor]:
        """Update the discriminator on real series and on generated ones, cut from their graph."""
        shown = (fake, *condition)
        if self.replay and self._fooling is not None:
            shown = tuple(torch.cat(pair) for pair in zip(shown, self._fooling, strict=True))
        real, shown = self._augment(real), (self._augment(shown[0]), *shown[1:])
        real_scores = self.discriminator_(real, *condition)
        fake_scores = self.discriminator_(*shown)
        loss = objective = self.loss.discriminator(real_scores, fake_scores)
        if self.penalty is not None and self.n_updates_ % self.penalty_every == 0:
            penalty = self.penalty(
                lambda series: self.discriminator_(series, *condition),
                real,
                shown[0][: len(fake)],
                self._rng,
            )
            objective = loss + self.penalty_weight * self.penalty_every * penalty
        self.discriminator_optimizer_.zero_grad()
        objective.backward()
        self.notify("on_grad_computed", named_parameters=self.discriminator_.named_parameters())
        self.discriminator_optimizer_.step()
        if self.constraint is not None:
            self.constraint(self.discriminator_)
        if self.replay:
            fooled = fake_scores[: len(fake)].detach() > 0
            self._fooling = tuple(tensor[fooled] for tensor in (fake, *condition))
        accuracy = self.loss.accuracy(real_scores, fake_scores[: len(fake)])
        return {"discriminator_loss": loss.detach(), "discriminator_accuracy": accuracy.detach()}

    def generator_step(self, real: Tensor, fake: Tensor, *condition: Tensor) -> Tensor:
        """Update the generator on generated series that are still attached to their graph."""
        self.discriminator_.requires_grad_(False)
        fake_scores = self.discriminator_(self._augment(fake), *condition)
        real_scores = fake_scores.detach()
        if self.loss.generator_sees_real:
            real_scores = self.discriminator_(self._augment(real), *condition)
        loss = self.loss.generator(real_scores, fake_scores)
        self.optimizer_.zero_grad()
        loss.backward()
        self.notify("on_grad_computed", named_parameters=self.module_.named_parameters())
        self.optimizer_.step()
        self.discriminator_.requires_grad_(True)
        return loss.detach()

    def _transform(self, generator, noise, *condition):
        return generator(noise, *condition)

    def _augment(self, series: Tensor) -> Tensor:
        return series if self.augmentation is None else self.augmentation(series, self._rng)

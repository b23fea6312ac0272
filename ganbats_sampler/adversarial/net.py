"""Adversarial training: a net with two modules and two optimisers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from ganbats_sampler.adversarial.batches import Batch
from ganbats_sampler.adversarial.loop import GeneratorNet
from ganbats_sampler.adversarial.losses import NON_SATURATING, AdversarialLoss

if TYPE_CHECKING:
    from typing_extensions import Self

Penalty = Callable[[Callable[[Tensor], Tensor], Tensor, Tensor, torch.Generator], Tensor]
Constraint = Callable[[nn.Module], None]
Augmentation = Callable[[Tensor, torch.Generator], Tensor]


class AdversarialNet(GeneratorNet):
    """Train a generator against a discriminator.

    After :meth:`fit`, :meth:`generate` returns series. One step updates the discriminator
    `n_critic` times, each time on another batch. It then updates the generator once, on the series
    generated for the last of these batches. An epoch is about one pass over the series, and at
    least one step. If the net is fitted with classes, ``fit(X, y)``, both networks receive the
    class of each series as a further argument. All randomness comes from `random_state`, and
    PyTorch's global random state does not change.

    Parameters
    ----------
    module : type or Module
        The generator. It maps Gaussian noise of shape ``(batch, *noise_shape)`` to series of shape
        (batch, n_channels, n_timepoints), and has the attribute `noise_shape`. Its parameters are
        passed as ``module__...``.
    discriminator : type or Module
        The discriminator. It maps series to scores of shape (batch,). Its parameters are passed as
        ``discriminator__...``.
    loss : AdversarialLoss, default=NON_SATURATING
        The objectives of both networks; see :mod:`ganbats_sampler.adversarial.losses`.
    penalty : callable, default=None
        The gradient penalty; see :mod:`ganbats_sampler.adversarial.penalties`.
    penalty_weight : float, default=1.0
        The factor of the penalty.
    penalty_every : int, default=1
        The number of generator updates between two computations of the penalty. The penalty is
        multiplied by this number, which keeps its strength (Karras, T. et al. 2020, Analyzing and
        improving the image quality of StyleGAN, CVPR, section 3.1).
    augmentation : callable, default=None
        The augmentation of all series that the discriminator sees; see
        :mod:`ganbats_sampler.adversarial.augmentation`.
    average_decay : float, default=None
        The decay of the exponential moving average of the generator's weights. None generates with
        the weights of the last update.
    constraint : callable, default=None
        The constraint on the discriminator after each of its updates; see
        :mod:`ganbats_sampler.adversarial.constraints`.
    n_critic : int, default=1
        The number of discriminator updates for each generator update.
    replay : bool, default=False
        Whether to show the discriminator, at its next update, the generated series that it took for
        real (Liu et al. 2023, section 3, step 2).
    target_share : float, default=None
        The share of the `targets` in every batch, for a net that is fitted with classes. It shows
        the generator enough of a minority class to learn it. None draws from all series at random.
    targets : sequence of int, default=()
        The classes that `target_share` applies to. Their series are drawn at random.
    random_state : int, default=0
        The seed of weights, noise, shuffling and augmentation.
    optimizer, discriminator_optimizer : type, default=torch.optim.Adam
        The optimisers of the two networks.
    lr : float, default=1e-4
        The learning rate of the generator.
    discriminator_lr : float, default=None
        The learning rate of the discriminator. None uses `lr`.
    max_epochs : int, default=100
        The number of epochs.
    batch_size : int, default=128
        The number of series in a batch. If there are fewer, a batch has all of them.
    verbose : int, default=0
        The verbosity of skorch.
    **kwargs
        Other parameters of :class:`skorch.NeuralNet`, of the optimisers (``optimizer__...``,
        ``discriminator_optimizer__...``) and of the modules.

    Attributes
    ----------
    module_, discriminator_, average_ : Module
        The trained networks, and the generator with averaged weights (None without
        `average_decay`).
    n_updates_ : int
        Number of generator updates so far.
    history : skorch.history.History
        One row per epoch, with mean losses, the discriminator's accuracy and the number of updates.
    """

    modules = ("module", "discriminator")
    _stateful_names = (
        *GeneratorNet._stateful_names,
        "discriminator_",
        "discriminator_optimizer_",
    )
    _fooling: Batch | None

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

    def _build_modules(self) -> None:
        super()._build_modules()
        self.discriminator_ = self.initialized_instance(
            self.discriminator, self.get_params_for("discriminator")
        )

    def initialize_optimizer(self, triggered_directly: bool | None = None) -> Self:
        """Give each network its own optimiser and learning rate."""
        super().initialize_optimizer(triggered_directly)
        lr = {} if self.discriminator_lr is None else {"lr": self.discriminator_lr}
        self.discriminator_optimizer_ = self._make_optimizer(
            "discriminator_optimizer", self.discriminator_, **lr
        )
        return self

    def training_state(self) -> dict[str, Any]:
        """Return the state, not copied, from which training can resume after an epoch."""
        return super().training_state() | {"fooling": self._fooling}

    def restore_training_state(self, state: dict[str, Any]) -> None:
        """Resume after the epoch in which :meth:`training_state` was called."""
        super().restore_training_state(state)
        if state["fooling"] is not None:
            self._fooling = tuple(tensor.to(self.device) for tensor in state["fooling"])

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Seed the random numbers, and clear the series to replay."""
        super().on_train_begin(net, X, y, **kwargs)
        self._fooling = None

    def fit_loop(self, X: Any, y: Any = None, epochs: int | None = None, **fit_params: Any) -> Self:
        """Train, then delete the series to replay, which are not a part of the trained net."""
        try:
            return super().fit_loop(X, y, epochs, **fit_params)
        finally:
            del self._fooling

    def update(self, batches: list[Batch]) -> dict[str, Tensor]:
        """Update the discriminator on each batch, and the generator on the last.

        The result has ``generator_loss``, and ``discriminator_loss`` and
        ``discriminator_accuracy`` of the last update of the discriminator.
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
        """Update the discriminator on real series and on generated ones, which must be detached."""
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
            fooled = self.loss.fooled(real_scores, fake_scores[: len(fake)])
            self._fooling = tuple(tensor[fooled] for tensor in (fake, *condition))
        accuracy = self.loss.accuracy(real_scores, fake_scores[: len(fake)])
        return {"discriminator_loss": loss.detach(), "discriminator_accuracy": accuracy.detach()}

    def generator_step(self, real: Tensor, fake: Tensor, *condition: Tensor) -> Tensor:
        """Update the generator on generated series, which must not be detached."""
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

    def _transform(self, generator: nn.Module, noise: Tensor, *condition: Tensor) -> Tensor:
        return generator(noise, *condition)

    def _augment(self, series: Tensor) -> Tensor:
        return series if self.augmentation is None else self.augmentation(series, self._rng)

"""The one training loop: a skorch net with two modules and two optimisers."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from skorch import NeuralNet
from torch import Tensor, nn

from ganbats_sampler.adversarial.averaging import move_average
from ganbats_sampler.adversarial.batches import Batch, SeriesBatches
from ganbats_sampler.adversarial.losses import NON_SATURATING, AdversarialLoss

#: Series to generate at a time.
CHUNK = 128

_global_rng = threading.Lock()

Penalty = Callable[[Callable[[Tensor], Tensor], Tensor, Tensor, torch.Generator], Tensor]
Constraint = Callable[[nn.Module], None]
Augmentation = Callable[[Tensor, torch.Generator], Tensor]


class StopTraining(Exception):
    """Raised by a callback to end training early and in order; the net stays usable."""


class AdversarialNet(NeuralNet):
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
        What is done to all series the discriminator sees, see
        :mod:`ganbats_sampler.adversarial.augmentation`.
    average_decay : float, default=None
        Generate with an exponential moving average of the generator's weights, of this decay.
    constraint : callable, default=None
        What is done to the discriminator after each of its updates, see
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
            criterion=None,
            optimizer=optimizer,
            lr=lr,
            max_epochs=max_epochs,
            batch_size=batch_size,
            train_split=None,
            verbose=verbose,
            **kwargs,
        )

    # -- what skorch asks for ---------------------------------------------------------------

    @property
    def _default_callbacks(self):
        return []

    def initialize_criterion(self):
        """Do nothing: the loss is a function of scores, not a module."""
        return self

    def initialize_module(self):
        """Build both networks from `random_state`, without a trace in the global random state."""
        # modules draw their weights from the global state, which other threads may be using too
        with _global_rng, torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(self.random_state)
            self.module_ = self.initialized_instance(self.module, self.get_params_for("module"))
            self.discriminator_ = self.initialized_instance(
                self.discriminator, self.get_params_for("discriminator")
            )
        self.average_ = None
        if self.average_decay is not None:
            self.average_ = copy.deepcopy(self.module_).requires_grad_(False)
        return self

    def initialize_optimizer(self, triggered_directly=None):
        """Give each network its own optimiser and learning rate."""
        parameters, options = self.get_params_for_optimizer(
            "optimizer", self.module_.named_parameters()
        )
        self.optimizer_ = self.optimizer(*parameters, **options)
        parameters, options = self.get_params_for_optimizer(
            "discriminator_optimizer", self.discriminator_.named_parameters()
        )
        if self.discriminator_lr is not None:
            options["lr"] = self.discriminator_lr
        self.discriminator_optimizer_ = self.discriminator_optimizer(*parameters, **options)
        return self

    def get_split_datasets(self, X, y=None, **fit_params):
        """Train on all series: a held-out fifth of a rare class is a luxury."""
        series = torch.as_tensor(X, dtype=torch.float32, device=self.device)
        if y is None:
            return (series,), None
        return (series, torch.as_tensor(y, dtype=torch.int64, device=self.device)), None

    def get_iterator(self, dataset, training=False):
        """Slice tensors; skorch's loader would cost more than a small network's step."""
        is_target = None
        if self.target_share is not None and len(dataset) > 1:
            targets = torch.tensor(self.targets, dtype=torch.int64, device=self.device)
            is_target = torch.isin(dataset[1], targets)
        return SeriesBatches(
            dataset, self.batch_size, self.n_critic, self._rng, self.target_share, is_target
        )

    def on_batch_begin(self, net, batch=None, training=False, **kwargs):
        """Open no row for a batch: a history of all batches would grow without bound."""

    # -- the state between two epochs -------------------------------------------------------

    @property
    def rows(self) -> list[dict[str, float]]:
        """The history, without the empty list of batches that skorch adds to each row."""
        return [{k: v for k, v in row.items() if k != "batches"} for row in self.history]

    def _stateful(self) -> dict[str, Any]:
        names = ("module_", "discriminator_", "average_", "optimizer_", "discriminator_optimizer_")
        parts = {name: getattr(self, name) for name in names}
        return {name: part for name, part in parts.items() if part is not None}

    def training_state(self) -> dict[str, Any]:
        """Return all that training goes on with after an epoch; it is not copied."""
        return {
            "parts": {name: part.state_dict() for name, part in self._stateful().items()},
            "rng": self._rng.get_state(),
            "fooling": self._fooling,
            "n_updates": self.n_updates_,
            "rows": self.rows,
        }

    def restore_training_state(self, state: dict[str, Any]) -> None:
        """Begin after the epoch that :meth:`training_state` was called at."""
        for name, part in self._stateful().items():
            part.load_state_dict(state["parts"][name])
        self._rng.set_state(state["rng"])
        if state["fooling"] is not None:
            self._fooling = tuple(tensor.to(self.device) for tensor in state["fooling"])
        self.n_updates_, self._n_restored = state["n_updates"], len(state["rows"])
        for row in state["rows"]:
            self.history.new_epoch()
            for name, value in row.items():
                self.history.record(name, value)

    # -- the algorithm ----------------------------------------------------------------------

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start the sequence of random numbers, before any callback looks at the net."""
        self._rng = torch.Generator(self.device).manual_seed(self.random_state)
        self._fooling: Batch | None = None
        self.n_updates_ = 0
        self._n_restored = 0

    def fit_loop(self, X, y=None, epochs=None, **fit_params):
        """Train; an interruption by the user is not swallowed, as it is in skorch."""
        epochs = self.max_epochs if epochs is None else epochs
        self._interrupted = False
        try:
            return super().fit_loop(X, y, epochs=epochs - self._n_restored, **fit_params)
        except StopTraining:
            return self
        except KeyboardInterrupt:
            self._interrupted = True
            raise
        finally:
            del self._rng, self._fooling  # neither is part of the trained net

    def partial_fit(self, X, y=None, classes=None, **fit_params):
        """As in skorch, but an interruption raises instead of returning half-trained nets."""
        super().partial_fit(X, y, classes=classes, **fit_params)
        if self._interrupted:
            raise KeyboardInterrupt("training was interrupted; the networks are half trained")
        return self

    def run_single_epoch(self, iterator, training, prefix, step_fn, **fit_params):
        """Run an epoch, and read losses off the device once, at its end."""
        if iterator is None:
            return
        totals: dict[str, Tensor] = {}
        for batch in iterator:
            self.notify("on_batch_begin", batch=batch, training=training)
            step = step_fn(batch, **fit_params)
            totals = {name: totals.get(name, 0) + value for name, value in step.items()}
            self.notify("on_batch_end", batch=batch, training=training, **step)
        means = torch.stack(list(totals.values())).div(len(iterator)).tolist()
        for name, mean in zip(totals, means, strict=True):
            self.history.record(name, mean)
        self.history.record("update", self.n_updates_)

    def train_step(self, batches, **fit_params):
        """Update the discriminator on each batch, and the generator on the last.

        Each batch holds real series, (batch, n_channels, n_timepoints), and their classes if the
        networks receive them. Returned are scalars on the device: ``discriminator_loss`` and
        ``discriminator_accuracy`` at the last update, and ``generator_loss``.
        """
        self._set_training(True)
        for real, *condition in batches[:-1]:
            with torch.no_grad():
                fake = self.module_(self._noise(len(real), self._rng), *condition)
            self.discriminator_step(real, fake, *condition)
        real, *condition = batches[-1]
        fake = self.module_(self._noise(len(real), self._rng), *condition)
        step = self.discriminator_step(real, fake.detach(), *condition)
        step["generator_loss"] = self.generator_step(real, fake, *condition)
        if self.average_ is not None:
            move_average(self.average_, self.module_, self.average_decay, self.n_updates_)
        self.n_updates_ += 1
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

    def generate(self, n_samples: int, label: int | None = None, *, random_state: int) -> Tensor:
        """Generate series, (n_samples, n_channels, n_timepoints), on the CPU.

        They are in the range of the generator. `label` is their class, for networks that were
        fitted with classes.
        """
        return torch.cat(list(self.draw(n_samples, label, random_state=random_state)))

    @property
    def drawing_module(self) -> nn.Module:
        """The generator that series are drawn from: the averaged one, if there is one."""
        return self.module_ if self.average_ is None else self.average_

    @torch.no_grad()
    def draw(
        self, n_samples: int, label: int | None = None, *, random_state: int
    ) -> Iterator[Tensor]:
        """Yield what :meth:`generate` returns, a chunk at a time."""
        generator = self.drawing_module.eval()
        rng = torch.Generator(self.device).manual_seed(random_state)
        for start in range(0, n_samples, CHUNK):
            noise = self._noise(min(CHUNK, n_samples - start), rng)
            condition = [] if label is None else [torch.full((len(noise),), label).to(noise.device)]
            yield generator(noise, *condition).cpu()

    def _augment(self, series: Tensor) -> Tensor:
        return series if self.augmentation is None else self.augmentation(series, self._rng)

    def _noise(self, n_samples: int, rng: torch.Generator) -> Tensor:
        shape = (n_samples, *self.module_.noise_shape)
        return torch.randn(shape, generator=rng, device=self.device)

"""The training loop of every generator: a skorch net that draws batches and counts updates."""

from __future__ import annotations

import copy
import math
import threading
from collections.abc import Iterator
from typing import Any

import torch
from skorch import NeuralNet
from torch import Tensor, nn

from ganbats_sampler.adversarial.averaging import move_average
from ganbats_sampler.adversarial.batches import Batch, SeriesBatches

#: Series to generate at a time.
CHUNK = 128

_global_rng = threading.Lock()


class StopTraining(Exception):
    """Raised by a callback to end training early and in order; the net stays usable."""


class GeneratorNet(NeuralNet):
    """Train a network to generate series; a subclass writes :meth:`update` and :meth:`_transform`.

    After :meth:`fit`, :meth:`generate` draws series. One epoch is as many steps as show every
    series about once. Fitted with classes, ``fit(X, y)``, the networks are given the class of each
    series as a further argument. All randomness comes from `random_state`; the global random state
    of PyTorch is left as it was. Nothing is held out, and an interruption is not swallowed.

    Parameters are those of its subclasses and of :class:`skorch.NeuralNet`. Each subclass has
    `average_decay`, `target_share`, `targets` and `random_state`.

    Attributes
    ----------
    module_, average_ : Module
        The trained generator, and its average (None without `average_decay`).
    n_updates_ : int
        Updates of the generator so far.
    history : skorch.history.History
        A row an epoch: means of what :meth:`update` returns, updates so far.
    """

    #: Batches in a step.
    n_critic = 1
    #: What the networks are called among the parameters, the generator first.
    modules: tuple[str, ...] = ("module",)
    #: The attributes that hold networks and optimisers.
    _stateful_names: tuple[str, ...] = ("module_", "average_", "optimizer_")
    average_decay: float | None
    target_share: float | None
    random_state: int

    def __init__(self, module: Any, **kwargs: Any):
        super().__init__(module, criterion=None, train_split=None, **kwargs)

    # -- what skorch asks for ---------------------------------------------------------------

    @property
    def _default_callbacks(self):
        return []

    def initialize_criterion(self):
        """Do nothing: the loss is a function of scores, not a module."""
        return self

    def initialize_module(self):
        """Build the networks from `random_state`, without a trace in the global random state."""
        # modules draw their weights from the global state, which other threads may be using too
        with _global_rng, torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(self.random_state)
            self._build_modules()
        self.average_ = None
        if self.average_decay is not None:
            self.average_ = copy.deepcopy(self.module_).requires_grad_(False)
        return self

    def _build_modules(self) -> None:
        self.module_ = self.initialized_instance(self.module, self.get_params_for("module"))

    def initialize_optimizer(self, triggered_directly=None):
        """Give the generator its optimiser."""
        self.optimizer_ = self._make_optimizer("optimizer", self.module_)
        return self

    def _make_optimizer(self, name: str, module: nn.Module, **changed: Any) -> Any:
        """Make the optimiser of this name among the parameters, for a network."""
        parameters, options = self.get_params_for_optimizer(name, module.named_parameters())
        return getattr(self, name)(*parameters, **options | changed)

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
    def has_diverged(self) -> bool:
        """Whether a loss of the last epoch is not finite."""
        losses = [value for name, value in self.history[-1].items() if name.endswith("_loss")]
        return not all(map(math.isfinite, losses))

    @property
    def rows(self) -> list[dict[str, float]]:
        """The history, without the empty list of batches that skorch adds to each row."""
        return [{k: v for k, v in row.items() if k != "batches"} for row in self.history]

    def _stateful(self) -> dict[str, Any]:
        parts = {name: getattr(self, name) for name in self._stateful_names}
        return {name: part for name, part in parts.items() if part is not None}

    def training_state(self) -> dict[str, Any]:
        """Return all that training goes on with after an epoch; it is not copied."""
        return {
            "parts": {name: part.state_dict() for name, part in self._stateful().items()},
            "rng": self._rng.get_state(),
            "n_updates": self.n_updates_,
            "rows": self.rows,
        }

    def restore_training_state(self, state: dict[str, Any]) -> None:
        """Begin after the epoch that :meth:`training_state` was called at."""
        for name, part in self._stateful().items():
            part.load_state_dict(state["parts"][name])
        self._rng.set_state(state["rng"])
        self.n_updates_, self._n_restored = state["n_updates"], len(state["rows"])
        for row in state["rows"]:
            self.history.new_epoch()
            for name, value in row.items():
                self.history.record(name, value)

    def start_from(self, other: GeneratorNet) -> bool:
        """Take over the weights of another net; return False if its networks are not alike.

        A net that was loaded from a file has no complete networks. Optimisers start anew.
        """
        own = {name: part for name, part in self._stateful().items() if isinstance(part, nn.Module)}
        trained = {name: getattr(other, name, None) for name in own}
        states = {name: part.state_dict() for name, part in trained.items() if part is not None}
        if states.keys() != own.keys():
            return False
        for name, part in own.items():
            shapes = {key: value.shape for key, value in part.state_dict().items()}
            if shapes != {key: value.shape for key, value in states[name].items()}:
                return False
        for name, part in own.items():
            part.load_state_dict(states[name])
        return True

    # -- the algorithm ----------------------------------------------------------------------

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start the sequence of random numbers, before any callback looks at the net."""
        self._rng = torch.Generator(self.device).manual_seed(self.random_state)
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
            del self._rng  # it is no part of the trained net

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
        """Update the networks on batches, and the averaged generator after them.

        Each batch holds real series, (batch, n_channels, n_timepoints), and their classes if the
        networks receive them.
        """
        self._set_training(True)
        step = self.update(batches)
        if self.average_ is not None:
            move_average(self.average_, self.module_, self.average_decay, self.n_updates_)
        self.n_updates_ += 1
        return step

    def update(self, batches: list[Batch]) -> dict[str, Tensor]:
        """Update the networks; return scalars on the device, such as losses, by name."""
        raise NotImplementedError

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
            yield self._transform(generator, noise, *condition).cpu()

    def _transform(self, generator: nn.Module, noise: Tensor, *condition: Tensor) -> Tensor:
        """Make series of noise."""
        raise NotImplementedError

    def _noise(self, n_samples: int, rng: torch.Generator) -> Tensor:
        shape = (n_samples, *self.module_.noise_shape)
        return torch.randn(shape, generator=rng, device=self.device)

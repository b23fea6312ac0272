"""The training loop of every generator: a skorch net that draws batches and counts updates."""

from __future__ import annotations

import copy
import math
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import torch
from skorch import NeuralNet
from torch import Tensor, nn

from ganbats_sampler.adversarial.averaging import move_average
from ganbats_sampler.adversarial.batches import Batch, SeriesBatches

if TYPE_CHECKING:
    from typing_extensions import Self

#: Number of series to generate at a time.
CHUNK = 128

_global_rng = threading.Lock()


class StopTraining(Exception):
    """Exception that a callback raises to end training early; the net stays usable."""


class GeneratorNet(NeuralNet):
    """Train a network to generate series. Subclasses implement ``update`` and ``_transform``.

    After :meth:`fit`, :meth:`generate` returns series. An epoch is about one pass over the series,
    and at least one step. If the net is fitted with classes, ``fit(X, y)``, the networks receive
    the class of each series as a further argument. All randomness comes from `random_state`, and
    PyTorch's global random state does not change. Unlike skorch, the net holds out no series, and
    does not catch a KeyboardInterrupt.

    The parameters are those of the subclass and of :class:`skorch.NeuralNet`. Each subclass has
    `average_decay`, `target_share`, `targets` and `random_state`.

    Attributes
    ----------
    module_, average_ : Module
        The trained generator, and the one with averaged weights (None without `average_decay`).
    n_updates_ : int
        Number of generator updates so far.
    history : skorch.history.History
        One row per epoch, with the means of the values that :meth:`update` returns and the number
        of updates.
    """

    #: Number of batches in a step.
    n_critic = 1
    #: Names of the parameters that hold the networks, the generator first.
    modules: tuple[str, ...] = ("module",)
    #: Names of the attributes that hold networks and optimisers.
    _stateful_names: tuple[str, ...] = ("module_", "average_", "optimizer_")
    average_decay: float | None
    target_share: float | None
    random_state: int

    def __init__(self, module: Any, **kwargs: Any):
        super().__init__(module, criterion=None, train_split=None, **kwargs)

    # -- hooks of skorch --------------------------------------------------------------------

    @property
    def _default_callbacks(self) -> list[Any]:
        return []

    def initialize_criterion(self) -> Self:
        """Do nothing, because :meth:`update` computes the loss."""
        return self

    def initialize_module(self) -> Self:
        """Build the networks from `random_state`, and leave the global random state unchanged."""
        # modules draw their weights from the global state, which other threads may use, too
        with _global_rng, torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(self.random_state)
            self._build_modules()
        self.average_ = None
        if self.average_decay is not None:
            self.average_ = copy.deepcopy(self.module_).requires_grad_(False)
        return self

    def _build_modules(self) -> None:
        self.module_ = self.initialized_instance(self.module, self.get_params_for("module"))

    def initialize_optimizer(self, triggered_directly: bool | None = None) -> Self:
        """Give the generator its optimiser."""
        self.optimizer_ = self._make_optimizer("optimizer", self.module_)
        return self

    def _make_optimizer(self, name: str, module: nn.Module, **changed: Any) -> Any:
        """Make the optimiser that the parameter `name` holds, for a network."""
        parameters, options = self.get_params_for_optimizer(name, module.named_parameters())
        return getattr(self, name)(*parameters, **options | changed)

    def get_split_datasets(self, X: Any, y: Any = None, **fit_params: Any) -> tuple[Batch, None]:
        """Train on all series, because a minority class has too few to hold some out."""
        series = torch.as_tensor(X, dtype=torch.float32, device=self.device)
        if y is None:
            return (series,), None
        return (series, torch.as_tensor(y, dtype=torch.int64, device=self.device)), None

    def get_iterator(self, dataset: Batch, training: bool = False) -> SeriesBatches:
        """Slice tensors, because skorch's loader is slower than a step of a small network."""
        is_target = None
        if self.target_share is not None and len(dataset) > 1:
            targets = torch.tensor(self.targets, dtype=torch.int64, device=self.device)
            is_target = torch.isin(dataset[1], targets)
        return SeriesBatches(
            dataset, self.batch_size, self.n_critic, self._rng, self.target_share, is_target
        )

    def on_batch_begin(
        self, net: Any, batch: Any = None, training: bool = False, **kwargs: Any
    ) -> None:
        """Open no row for a batch, because a history of all batches would grow without bound."""

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
        """Return the state, not copied, from which training can resume after an epoch."""
        return {
            "parts": {name: part.state_dict() for name, part in self._stateful().items()},
            "rng": self._rng.get_state(),
            "n_updates": self.n_updates_,
            "rows": self.rows,
        }

    def restore_training_state(self, state: dict[str, Any]) -> None:
        """Resume after the epoch in which :meth:`training_state` was called."""
        for name, part in self._stateful().items():
            part.load_state_dict(state["parts"][name])
        self._rng.set_state(state["rng"])
        self.n_updates_, self._n_restored = state["n_updates"], len(state["rows"])
        for row in state["rows"]:
            self.history.new_epoch()
            for name, value in row.items():
                self.history.record(name, value)

    def start_from(self, other: GeneratorNet) -> bool:
        """Copy the weights of another net, and return whether that was possible.

        It is not possible if the nets differ in the names of their networks, or in the names or
        shapes of their weights. A net that was loaded from a file has the generator alone.
        Optimisers are not copied.
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

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Seed the random numbers, before any callback uses the net."""
        self._rng = torch.Generator(self.device).manual_seed(self.random_state)
        self.n_updates_ = 0
        self._n_restored = 0

    def fit_loop(self, X: Any, y: Any = None, epochs: int | None = None, **fit_params: Any) -> Self:
        """Train until the last epoch, or until a callback raises :class:`StopTraining`."""
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
            del self._rng  # not a part of the trained net

    def partial_fit(self, X: Any, y: Any = None, classes: Any = None, **fit_params: Any) -> Self:
        """Train as skorch does, but raise if interrupted instead of returning half-trained nets."""
        super().partial_fit(X, y, classes=classes, **fit_params)
        if self._interrupted:
            raise KeyboardInterrupt("training was interrupted; the networks are half trained")
        return self

    def run_single_epoch(
        self,
        iterator: SeriesBatches | None,
        training: bool,
        prefix: str,
        step_fn: Callable[..., dict[str, Tensor]],
        **fit_params: Any,
    ) -> None:
        """Run an epoch, and copy the losses from the device once, at its end."""
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

    def train_step(self, batches: list[Batch], **fit_params: Any) -> dict[str, Tensor]:
        """Update the networks on batches, and then the averaged generator.

        Each batch holds real series, (batch, n_channels, n_timepoints), and their classes if the
        networks receive them.
        """
        self._set_training(True)
        step = self.update(batches)
        if self.average_ is not None and self.average_decay is not None:
            move_average(self.average_, self.module_, self.average_decay, self.n_updates_)
        self.n_updates_ += 1
        return step

    def update(self, batches: list[Batch]) -> dict[str, Tensor]:
        """Update the networks; return scalars on the device, such as losses, by name."""
        raise NotImplementedError

    def generate(self, n_samples: int, label: int | None = None, *, random_state: int) -> Tensor:
        """Generate series, (n_samples, n_channels, n_timepoints), on the CPU.

        They are in the units of the series that the net was fitted to. `label` is their class, for
        a net that was fitted with classes.
        """
        return torch.cat(list(self.draw(n_samples, label, random_state=random_state)))

    @property
    def drawing_module(self) -> nn.Module:
        """The network that generates series: the averaged one, if there is one."""
        return self.module_ if self.average_ is None else self.average_

    @torch.no_grad()
    def draw(
        self, n_samples: int, label: int | None = None, *, random_state: int
    ) -> Iterator[Tensor]:
        """Yield the series of :meth:`generate` in chunks."""
        generator = self.drawing_module.eval()
        rng = torch.Generator(self.device).manual_seed(random_state)
        for start in range(0, n_samples, CHUNK):
            noise = self._noise(min(CHUNK, n_samples - start), rng)
            condition = [] if label is None else [torch.full((len(noise),), label).to(noise.device)]
            yield self._transform(generator, noise, *condition).cpu()

    def _transform(self, generator: nn.Module, noise: Tensor, *condition: Tensor) -> Tensor:
        """Turn noise into series."""
        raise NotImplementedError

    def _noise(self, n_samples: int, rng: torch.Generator) -> Tensor:
        shape = (n_samples, *self.module_.noise_shape)
        return torch.randn(shape, generator=rng, device=self.device)

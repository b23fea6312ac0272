"""Flow matching: a net that learns the velocity at which noise moves to data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from ganbats_sampler.adversarial.batches import Batch
from ganbats_sampler.adversarial.loop import GeneratorNet


class FlowNet(GeneratorNet):
    """Train a network by flow matching.

    The network learns the velocity along the straight line from a noise value to a real one, at a
    random time [1]_. To generate, Heun's method moves noise at the learnt velocity from time 0 to
    time 1.

    Parameters
    ----------
    module : type or Module
        The network. It maps values of shape ``(batch, *noise_shape)`` and times of shape (batch,)
        to velocities of the same shape as the values, and has the attribute `noise_shape`. Its
        parameters are passed as ``module__...``.
    n_steps : int, default=16
        The number of steps of Heun's method. Each evaluates the network twice.
    average_decay : float or None, default=0.995
        The decay of the exponential moving average of the weights. None generates with the weights
        of the last update.
    batch_size : int, default=256
        The least number of series in an update. If there are fewer, each is repeated, with
        different noise.
    optimizer : type, default=torch.optim.Adam
        The optimiser.
    lr : float, default=2e-3
        The learning rate.
    target_share, targets, random_state, max_epochs, verbose
        The same as those of :class:`~ganbats_sampler.adversarial.AdversarialNet`.
    **kwargs
        Other parameters of :class:`skorch.NeuralNet`, of the optimiser and of the module.

    References
    ----------
    .. [1] Lipman, Y., Chen, R. T. Q., Ben-Hamu, H., Nickel, M., Le, M. (2023). Flow matching for
       generative modeling. ICLR.
    """

    def __init__(
        self,
        module: Any,
        *,
        n_steps: int = 16,
        average_decay: float | None = 0.995,
        target_share: float | None = None,
        targets: Sequence[int] = (),
        random_state: int = 0,
        optimizer: Any = torch.optim.Adam,
        lr: float = 2e-3,
        max_epochs: int = 100,
        batch_size: int = 256,
        verbose: int = 0,
        **kwargs: Any,
    ):
        self.n_steps = n_steps
        self.average_decay = average_decay
        self.target_share = target_share
        self.targets = targets
        self.random_state = random_state
        super().__init__(
            module,
            optimizer=optimizer,
            lr=lr,
            max_epochs=max_epochs,
            batch_size=batch_size,
            verbose=verbose,
            **kwargs,
        )

    def update(self, batches: list[Batch]) -> dict[str, Tensor]:
        """Update the network once, and return ``generator_loss``, the mean squared error."""
        real, *condition = batches[0]
        n_repeats = math.ceil(self.batch_size / len(real))
        real, *condition = (tensor.repeat_interleave(n_repeats, 0) for tensor in (real, *condition))
        noise = self._noise(len(real), self._rng)
        time = torch.rand(len(real), generator=self._rng, device=self.device)
        line = real - noise
        values = noise + time[:, None, None] * line
        loss = mse_loss(self.module_(values, time, *condition), line)
        self.optimizer_.zero_grad()
        loss.backward()
        self.notify("on_grad_computed", named_parameters=self.module_.named_parameters())
        self.optimizer_.step()
        return {"generator_loss": loss.detach()}

    def _transform(self, generator: nn.Module, noise: Tensor, *condition: Tensor) -> Tensor:
        values, step = noise, 1 / self.n_steps
        for start in range(self.n_steps):
            now, then = (
                torch.full((len(values),), time * step, device=values.device)
                for time in (start, start + 1)
            )
            velocity = generator(values, now, *condition)
            ahead = generator(values + step * velocity, then, *condition)
            values = values + step * (velocity + ahead) / 2
        return values

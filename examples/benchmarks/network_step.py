"""Measure where an update of GANBATS's default networks spends its time, and ways to shorten it.

    TORCHINDUCTOR_FORCE_DISABLE_CACHES=1 python examples/benchmarks/network_step.py

On one thread of a CPU, the script prints the time of an update with batches of 32, its parts, and
the least time that its matrix products need. It repeats the update after ``torch.compile``. Then it
times the layers of several discriminators that train together in batched matrix products.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.nn.functional import leaky_relu, softplus
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from ganbats_sampler.networks.components import ComponentDiscriminator, ComponentGenerator

BATCH, N_COMPONENTS, LENGTH, WIDTH = 32, 30, 256, 256
PARTS = {
    "matrix products": ("aten::mm", "aten::addmm", "aten::bmm"),
    "Bi-LSTM": ("aten::mkldnn_rnn_layer", "aten::mkldnn_rnn_layer_backward"),
    "Adam": (
        "Optimizer.step#Adam.step",
        "aten::_fused_adam_",
        "Optimizer.zero_grad#Adam.zero_grad",
    ),
}


def make_update(compiled: bool = False) -> Callable[[], None]:
    """Make a function that updates a new discriminator and a new generator once."""
    torch.manual_seed(0)
    generator = ComponentGenerator(N_COMPONENTS)
    discriminator = ComponentDiscriminator(torch.randn(N_COMPONENTS, LENGTH))
    of_generator, of_discriminator = (
        torch.optim.Adam(net.parameters(), fused=True) for net in (generator, discriminator)
    )
    make, judge = generator, discriminator
    if compiled:
        make, judge = torch.compile(generator), torch.compile(discriminator)

    def update() -> None:
        real = torch.randn(BATCH, 1, N_COMPONENTS)
        fake = make(torch.randn(BATCH, *generator.noise_shape))
        loss = softplus(-judge(real)).mean() + softplus(judge(fake.detach())).mean()
        of_discriminator.zero_grad()
        loss.backward()
        of_discriminator.step()
        loss = softplus(-judge(fake)).mean()
        of_generator.zero_grad()
        loss.backward()
        of_generator.step()

    return update


def make_layer_update(n_classes: int) -> Callable[[], None]:
    """Make a function that updates the layers of several discriminators in batched products."""
    shapes = [(N_COMPONENTS, WIDTH), (WIDTH, WIDTH), (WIDTH, WIDTH), (WIDTH, 1)]
    weights = [nn.Parameter(torch.randn(n_classes, *shape) / 16) for shape in shapes]
    optimizer = torch.optim.Adam(weights, fused=True)

    def update() -> None:
        values = torch.randn(n_classes, BATCH, N_COMPONENTS)
        for weight in weights[:-1]:
            values = leaky_relu(torch.bmm(values, weight), 0.2)
        loss = softplus(torch.bmm(values, weights[-1])).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return update


def milliseconds(update: Callable[[], None], n_updates: int = 300) -> float:
    """Measure the median time of an update, in milliseconds."""
    times = []
    for _ in range(n_updates):
        start = time.perf_counter()
        update()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def print_parts(update: Callable[[], None], n_updates: int = 200) -> None:
    """Print the share of each kind of operation, and the least time for the matrix products."""
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        for _ in range(n_updates):
            update()
    events = profiler.key_averages()
    total = sum(event.self_cpu_time_total for event in events)
    calls = sum(event.count for event in events if event.key.startswith("aten::"))
    rest = 1.0
    for part, names in PARTS.items():
        share = sum(e.self_cpu_time_total for e in events if e.key in names) / total
        rest -= share
        print(f"{part:46}{share:.0%}")
    print(f"{f'the rest; {calls / n_updates:.0f} PyTorch calls per update':46}{rest:.0%}")
    with FlopCounterMode(display=False) as counter:
        update()
    large = torch.randn(1024, 1024)
    rate = 2 * 1024**3 / milliseconds(lambda: torch.mm(large, large), 20)  # per millisecond
    least = counter.get_total_flops() / rate
    print(f"{'least time for the products, without Bi-LSTM':46}{least:.1f} ms")


def main() -> None:
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    torch.set_num_threads(1)
    eager = make_update()
    eager()
    print(f"{'update':46}{milliseconds(eager):.1f} ms")
    print_parts(eager)
    start = time.perf_counter()
    compiled = make_update(compiled=True)
    for _ in range(20):
        compiled()
    print(f"{'compiling':46}{time.perf_counter() - start:.0f} s")
    print(f"{'update, compiled':46}{milliseconds(compiled):.1f} ms")
    for n_classes in (1, 4, 16):
        each = milliseconds(make_layer_update(n_classes)) / n_classes
        print(f"{f'layers of {n_classes} classes at once, per class':46}{each:.2f} ms")


if __name__ == "__main__":
    main()

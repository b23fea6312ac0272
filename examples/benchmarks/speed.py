"""What the library adds to the time that PyTorch takes, as ratios within one run.

    python examples/benchmarks/speed.py

- a training step over a bare PyTorch loop of the same networks (batch 128, one channel, 256 steps)
- the share of fit_resample that is not training
- DTW of 500 x 500 series of 256 over dtaidistance's own parallel C matrix
- peak memory of fit_resample over its data, which it takes in once and returns twice as many of

``--cost 100 1000 5000`` measures instead how long a default fit takes for a class of that size.
Ratios are medians over alternating repetitions; machines are noisy, so run it more than once.
"""

import argparse
import multiprocessing
import resource
import statistics
import time
import warnings

import numpy as np
import torch
from dtaidistance import dtw as dtaidistance
from torch.nn.functional import softplus

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.adversarial import AdversarialNet
from ganbats_sampler.metrics import dtw_matrix
from ganbats_sampler.networks import GANBATSDiscriminator, GANBATSGenerator
from ganbats_sampler.samplers.training import one_thread

LENGTH = 256


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ratio(ours, theirs, repetitions):
    """Median over repetitions of the ratio of two times taken one after the other."""
    ours(), theirs()
    return statistics.median(seconds(ours) / seconds(theirs) for _ in range(repetitions))


def training_step(repetitions, n_steps=8, batch=128):
    """The paper's training, as the library runs it and as one would write it down."""
    series = torch.rand(batch * n_steps, 1, LENGTH) * 2 - 1

    def ours():
        net = AdversarialNet(
            GANBATSGenerator,
            GANBATSDiscriminator,
            module__n_channels=1,
            discriminator__n_channels=1,
            max_epochs=1,
            batch_size=batch,
        )
        net.fit(series.numpy())
        assert net.n_updates_ == n_steps

    def bare():
        generator, discriminator = GANBATSGenerator(1), GANBATSDiscriminator(1)
        of_generator = torch.optim.Adam(generator.parameters(), lr=1e-4)
        of_discriminator = torch.optim.Adam(discriminator.parameters(), lr=1e-4)
        for real in series[torch.randperm(len(series))].split(batch):
            fake = generator(torch.randn(batch, LENGTH, 1))
            real_scores, fake_scores = discriminator(real), discriminator(fake.detach())
            loss = softplus(-real_scores).mean() + softplus(fake_scores).mean()
            of_discriminator.zero_grad()
            loss.backward()
            of_discriminator.step()
            discriminator.requires_grad_(False)
            loss = softplus(-discriminator(fake)).mean()
            of_generator.zero_grad()
            loss.backward()
            of_generator.step()
            discriminator.requires_grad_(True)

    with one_thread():
        return ratio(ours, bare, repetitions)


def waves(n_normal, n_abnormal, dtype=np.float64):
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [n_normal, n_abnormal])
    phase = rng.normal(size=(len(y), 1))
    X = np.sin(np.linspace(0, 20, LENGTH) + phase + y[:, None])
    return (X + 0.1 * rng.normal(size=X.shape)).astype(dtype), y


def outside_training():
    """Of a default fit that takes 100 series to 1,000, the share that is not AdversarialNet.fit."""
    inside = []
    fit = AdversarialNet.fit

    def timed(self, *args, **kwargs):
        start = time.perf_counter()
        try:
            return fit(self, *args, **kwargs)
        finally:
            inside.append(time.perf_counter() - start)

    AdversarialNet.fit = timed
    try:
        whole = seconds(lambda: GANBATSSampler(random_state=0).fit_resample(*waves(1000, 100)))
    finally:
        AdversarialNet.fit = fit
    return 1 - sum(inside) / whole


def dtw(repetitions):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 500, LENGTH))
    both = np.concatenate([a, b])
    block = ((0, 500), (500, 1000))
    return ratio(
        lambda: dtw_matrix(a, b),
        lambda: dtaidistance.distance_matrix_fast(both, block=block, compact=True, parallel=True),
        repetitions,
    )


def peak(n_normal, queue):
    """Peak resident memory of a process that resamples `n_normal` against 20 series."""
    warnings.simplefilter("ignore")
    X, y = waves(n_normal, 20)
    GANBATSSampler(hidden_size=8, min_updates=1, max_epochs=1, on_failure="warn").fit_resample(X, y)
    queue.put((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, X.nbytes))


def peak_memory():
    """Growth of the peak from few series to many, over the growth of the data."""
    context = multiprocessing.get_context("spawn")
    peaks = []
    for n_normal in (1000, 41_000):
        queue = context.Queue()
        process = context.Process(target=peak, args=(n_normal, queue))
        process.start()
        peaks.append(queue.get())
        process.join()
    return (peaks[1][0] - peaks[0][0]) / (peaks[1][1] - peaks[0][1])


def cost(sizes):
    """Seconds of a default fit, by the size of the rare class."""
    for n_abnormal in sizes:
        sampler = GANBATSSampler(random_state=0)
        X, y = waves(n_abnormal + 1000, n_abnormal)
        taken = seconds(lambda sampler=sampler, X=X, y=y: sampler.fit_resample(X, y))
        updates = sampler.history_[1][-1]["update"]
        print(f"{n_abnormal:>6} series of {LENGTH}: {updates} updates, {taken:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cost", type=int, nargs="+", metavar="SIZE", help="of rare classes")
    parser.add_argument("--repetitions", type=int, default=7)
    args = parser.parse_args()
    if args.cost:
        cost(args.cost)
        return
    measures = [
        ("training step over a bare loop", "at most 1.1", training_step, args.repetitions),
        ("DTW over dtaidistance's matrix", "at most 1", dtw, min(args.repetitions, 3)),
        ("peak memory over the data", "3 is in and out", peak_memory),
        ("fit_resample outside training", "under 0.05", outside_training),
    ]
    for name, bound, measure, *arguments in measures:
        print(f"{name:<34}{measure(*arguments):.3f}   {bound}", flush=True)


if __name__ == "__main__":
    main()

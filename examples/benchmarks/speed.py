"""Measure what the library adds to the time of PyTorch, as ratios within one run.

    python examples/benchmarks/speed.py

- the time of a training step of each GAN, divided by that of a bare PyTorch loop with the same
  networks (one channel, 256 time steps; batches of 128 for GANBATS, of 32 for the others)
- the seconds of each random transform for 100,000 series of 256 time steps
- the share of ``fit_resample`` that is not training
- the time of DTW between 500 and 500 series of 256 time steps, divided by that of dtaidistance's
  parallel C code
- the growth of the peak memory of ``fit_resample`` with the size of its data; input and output
  alone give 3, because the output is twice as large as the input

With ``--cost 100 1000`` the script only estimates how long a fit takes for classes of these sizes.
Ratios are medians over alternating repetitions. Machines are noisy, so run it more than once.
"""

import argparse
import multiprocessing
import resource
import statistics
import time
import warnings
from dataclasses import replace

import numpy as np
import torch
from dtaidistance import dtw as dtaidistance
from torch.nn.functional import softplus

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.adversarial import AdversarialNet, Recipe
from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.spaces import SeriesSpace
from ganbats_sampler.metrics import dtw_matrix
from ganbats_sampler.samplers import get_sampler
from ganbats_sampler.transforms import TRANSFORMS

LENGTH = 256


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ratio(ours, theirs, repetitions):
    """Return the median ratio of two times that are measured one after the other."""
    ours(), theirs()
    return statistics.median(seconds(ours) / seconds(theirs) for _ in range(repetitions))


def noise_for(generator, n):
    return torch.randn(n, *generator.noise_shape)


def bare_gan(generator, discriminator, batches, labels=(), optimizer=None):
    """Alternate updates with the non-saturating loss; `labels` are for conditional networks."""
    of_generator, of_discriminator = optimizer(generator), optimizer(discriminator)
    for real in batches:
        fake = generator(noise_for(generator, len(real)), *labels)
        loss = softplus(-discriminator(real, *labels)).mean()
        loss = loss + softplus(discriminator(fake.detach(), *labels)).mean()
        of_discriminator.zero_grad()
        loss.backward()
        of_discriminator.step()
        update_generator(of_generator, discriminator, fake, labels, softplus_of_minus)


def bare_wgan(generator, critic, batches, optimizer=None, clip=None, n_critic=5):
    """Update the critic on five batches and the generator on the last.

    With `clip`, the weights of the critic are clipped; without, its gradient is penalised.
    """
    of_generator, of_critic = optimizer(generator), optimizer(critic)
    for i, real in enumerate(batches):
        last = i % n_critic == n_critic - 1
        with torch.set_grad_enabled(last):
            fake = generator(noise_for(generator, len(real)))
        loss = critic(fake.detach()).mean() - critic(real).mean()
        if clip is None:
            share = torch.rand(len(real), 1, 1)
            between = (share * real + (1 - share) * fake.detach()).requires_grad_(True)
            scores = critic(between).sum()
            (gradient,) = torch.autograd.grad(scores, between, create_graph=True)
            loss = loss + 10 * (gradient.flatten(1).norm(dim=1) - 1).square().mean()
        of_critic.zero_grad()
        loss.backward()
        of_critic.step()
        if clip is not None:
            with torch.no_grad():
                for weight in critic.parameters():
                    weight.clamp_(-clip, clip)
        if last:
            update_generator(of_generator, critic, fake, (), torch.neg)


def softplus_of_minus(scores):
    return softplus(-scores)


def update_generator(optimizer, discriminator, fake, labels, loss_of_scores):
    discriminator.requires_grad_(False)
    loss = loss_of_scores(discriminator(fake, *labels)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    discriminator.requires_grad_(True)


def adam(lr, betas=(0.9, 0.999)):
    return lambda module: torch.optim.Adam(module.parameters(), lr=lr, betas=betas)


def rmsprop(lr):
    return lambda module: torch.optim.RMSprop(module.parameters(), lr=lr)


def training_step(name, repetitions, n_batches=10):
    """Return the time of a training step of a sampler, divided by that of a bare loop."""
    sampler = get_sampler(name)
    if name == "ganbats":  # the networks and the loss of the paper
        sampler.set_params(space="series", positional=False, recipe=Recipe(), batch_size=128)
    sampler.n_channels_, sampler.n_timepoints_ = 1, LENGTH
    series = torch.rand(sampler.batch_size * n_batches, 1, LENGTH) * 2 - 1
    labels = torch.arange(len(series)) % 2 if name == "cgan" else None
    space = SeriesSpace.fit(series.numpy(), robust=False)
    group = TrainingGroup("", series, labels, {}, seed=0)
    training = replace(sampler._training(group), max_epochs=1)

    def ours():
        net = training.make_net(group, space, seed=0, show_progress=False, checkpoint=None)
        net.set_params(callbacks=None, device="cpu").fit(series, labels)
        assert len(net.history) == 1 and net.n_updates_ == n_batches // net.n_critic

    def networks():
        options = training.net_options
        return [
            options[part](
                **{k.split("__")[1]: v for k, v in options.items() if k.startswith(f"{part}__")},
                **of_space,
            )
            for part, of_space in zip(AdversarialNet.modules, space.network_options(), strict=True)
        ]

    def bare():
        batches = series[torch.randperm(len(series))].split(sampler.batch_size)
        if name == "ganbats":
            bare_gan(*networks(), batches, optimizer=adam(5e-4))
        elif name == "dcgan":
            bare_gan(*networks(), batches, optimizer=adam(2e-4, (0.5, 0.999)))
        elif name == "cgan":
            bare_gan(
                *networks(), batches, (labels[: sampler.batch_size],), adam(2e-4, (0.5, 0.999))
            )
        elif name == "wgan":
            bare_wgan(*networks(), batches, optimizer=rmsprop(5e-5), clip=0.01)
        else:
            bare_wgan(*networks(), batches, optimizer=adam(1e-4, (0.0, 0.9)))

    with own_settings():
        return ratio(ours, bare, repetitions)


def transform(name, repetitions):
    """Return the median seconds of a transform of 100,000 series."""
    rng = np.random.default_rng(0)
    series = rng.normal(size=(100_000, 1, LENGTH))
    return statistics.median(
        seconds(lambda: TRANSFORMS[name](series, rng)) for _ in range(repetitions)
    )


def waves(n_normal, n_abnormal, dtype=np.float64):
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [n_normal, n_abnormal])
    phase = rng.normal(size=(len(y), 1))
    X = np.sin(np.linspace(0, 20, LENGTH) + phase + y[:, None])
    return (X + 0.1 * rng.normal(size=X.shape)).astype(dtype), y


def outside_training():
    """Return the share of a default fit, from 100 to 1,000 series, outside AdversarialNet.fit."""
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
    """Resample `n_normal` against 20 series; put peak memory and size of the data in the queue."""
    warnings.simplefilter("ignore")
    X, y = waves(n_normal, 20)
    GANBATSSampler(hidden_size=8, max_epochs=1, on_failure="warn").fit_resample(X, y)
    queue.put((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, X.nbytes))


def peak_memory():
    """Return the growth of the peak memory from few to many series, divided by that of the data."""
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
    """Print the estimated seconds of a fit, by the size of the minority class."""
    for n_abnormal in sizes:
        data = waves(n_abnormal + 1000, n_abnormal)
        for name in ("herded", "flow_matching", "ganbats", "ganbats_series"):
            estimate = get_sampler(name, random_state=0).estimate_cost(*data)
            print(
                f"{n_abnormal:>6} series of {LENGTH} steps, {name:<15} {estimate.seconds:.1f} s",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--cost", type=int, nargs="+", metavar="SIZE", help="sizes of minority classes"
    )
    parser.add_argument("--repetitions", type=int, default=7)
    args = parser.parse_args()
    if args.cost:
        cost(args.cost)
        return
    repetitions = args.repetitions
    measures = [
        *(
            (f"step of {name} / bare loop", "at most 1.1", training_step, name, repetitions)
            for name in ("ganbats", "cgan", "dcgan", "wgan", "wgan_gp")
        ),
        *(
            (f"{name} of 100,000 series (s)", "seconds", transform, name, min(repetitions, 3))
            for name in TRANSFORMS
        ),
        ("DTW / dtaidistance's matrix", "at most 1", dtw, min(repetitions, 3)),
        ("peak memory / size of the data", "3 for input and output alone", peak_memory),
        ("share of fit_resample outside training", "under 0.05", outside_training),
    ]
    for name, bound, measure, *arguments in measures:
        print(f"{name:<40}{measure(*arguments):.3f}   {bound}", flush=True)


if __name__ == "__main__":
    main()

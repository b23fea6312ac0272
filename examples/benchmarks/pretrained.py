"""Can a generator that was pretrained on simulated classes generate series of an unseen class?

As with TabPFN, the user would train nothing. Classes of series are drawn from a prior: waves,
bumps, steps, ramps, bursts and ringing, with noise, warps and shifts. The two classes of a data set
vary in the same ways. A small network receives 2 to 50 series of a class and some of another class.
It recombines two neighbours. Untrained, it equals the arc; it learns how to warp both neighbours,
how to weigh them at each time step, and what to add. Its loss is the energy distance between
generated and held-out series of the class, over random features. It is not trained on the tasks.
The script pretrains the network, measures fidelity (see ``fidelity.py``), and runs the eighteen
tasks of ``recombinations.py``::

    python examples/benchmarks/pretrained.py --ucr UCRArchive_2018 --mitbih mitdb --cwru cwru

Result: the network's series are closer to held-out series than the arc's are, on simulated and on
real unseen classes. But classifiers gain no more from them than from the arc's series, warped or
not. A pool of HerdedSampler with them is not better than one without.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from fidelity import N, accuracy
from imblearn.over_sampling import SMOTE
from recombinations import load_tasks
from scipy.spatial.distance import cdist
from torch import nn
from torch.nn import functional as F

from ganbats_sampler import HerdedSampler, RecombinationSampler
from ganbats_sampler.benchmark import compare_samplers
from ganbats_sampler.benchmark.suites import mitbih_task
from ganbats_sampler.samplers.herded import DEFAULT_SAMPLERS

N_NEIGHBORS, N_LATENT, N_SMOOTH, N_WHITE = 5, 8, 4, 2
#: Pairs of series from which the network sees how a class varies.
N_PAIRS = 16
#: In each training step: data sets, and generated and held-out series of each.
N_SETS, N_MADE, N_HELD_OUT = 12, 16, 24
#: A series cannot be warped by more than this share of its length.
MAX_WARP = 0.2

# ---- the prior: data sets of two classes


def decades(low, high, chance=1.0):
    """Draw 10 to a uniform power with a probability of `chance`, and 0 otherwise."""
    return 10 ** np.random.uniform(low, high) * (np.random.random() < chance)


def element(kind, u, h, c, w, f, p):
    """Evaluate an element of a series at times `u`, by height, centre, width, frequency, phase."""
    x = (u - c) / w
    wave = torch.sin(2 * math.pi * f * (u - c) + p)
    if kind == "wave":
        return h * wave
    if kind == "bump":
        return h * torch.exp(-x.square() / 2)
    if kind == "step":
        return h * torch.tanh(2 * x)
    if kind == "ramp":
        return h * x.clamp(0, 1)
    if kind == "box":
        return h * torch.sigmoid(20 * (1 - x.abs()))
    if kind == "burst":
        return h * torch.exp(-x.square() / 2) * wave
    return h * torch.exp(-x.clamp(0, 20)) * (x >= 0) * wave  # ringing


KINDS = ["wave", "bump", "step", "ramp", "box", "burst", "ringing"]


def coloured(n, n_steps, slope, peak):
    """Draw noise of unit deviation, whose spectrum falls with a slope and may have a peak."""
    spectrum = torch.fft.rfft(torch.randn(n, n_steps))
    frequency = torch.linspace(0, 1, spectrum.shape[1])
    gain = (frequency + 0.02) ** (-slope)
    if peak:
        gain = gain * 0.3 + gain.mean() * 3 * torch.exp(-((frequency - peak) / 0.05).square())
    noise = torch.fft.irfft(spectrum * gain, n=n_steps)
    return noise / noise.std()


def draw_prototype(n_elements):
    """Draw the elements of a class: their kinds, and five parameters of each."""
    kinds = np.random.choice(KINDS, np.random.randint(1, 4))
    kinds = np.random.choice(kinds, n_elements)
    wide = np.random.uniform(-2, -0.3, 2)
    frequency = 10 ** np.random.uniform(0, 1.5)
    parameters = torch.tensor(
        np.stack(
            [
                np.random.normal(size=n_elements) * 10 ** np.random.uniform(-0.5, 0.3, n_elements),
                np.random.random(n_elements),
                10 ** np.random.uniform(wide.min(), wide.max(), n_elements),
                frequency * np.random.choice([0.5, 1, 2, 3], n_elements),
                np.random.uniform(0, 2 * np.pi, n_elements),
            ],
            axis=1,
        ),
        dtype=torch.float32,
    )
    return kinds, parameters


def draw_deformations():
    """Draw how much the series of a data set vary, and in which ways."""
    low = np.random.uniform(-2.5, -1)  # some data sets vary little in every way
    return {
        "warp": decades(-2.5, -0.9, 0.7),
        "shift": np.random.choice([0, decades(-2.5, -0.8), 1.0], p=[0.4, 0.45, 0.15]),
        "jitter": decades(low, -0.2) * np.array([decades(-0.7, 0.5, 0.8) for _ in range(5)]),
        "gain": decades(-2, -0.3, 0.6),
        "offset": decades(-2, 0, 0.5),
        "trend": decades(-2, 0, 0.3),
        "noise": decades(-2.5, 0.2),
        "slope": np.random.choice([0, np.random.uniform(0, 2)]),
        "peak": np.random.choice([0, np.random.uniform(0.05, 0.9)], p=[0.7, 0.3]),
        "uneven": np.random.choice([0, np.random.uniform(0, 1)]),
        "rank": np.random.randint(1, 4) * (np.random.random() < 0.4),
        "modes": np.random.choice([1, 2, 3], p=[0.65, 0.25, 0.1]),
        "repeats": np.random.choice([1, np.random.uniform(2, 10)], p=[0.8, 0.2]),
        "normalised": np.random.random() < 0.4,
        "bent": np.random.choice([0, 1, 2], p=[0.8, 0.1, 0.1]),
    }


def draw_class(prototype, how, n, n_steps):
    """Draw series of a class, (n, n_steps)."""
    kinds, parameters = prototype
    how = how | {k: how[k] * np.exp(np.random.normal(0, 0.3)) for k in ("warp", "noise", "gain")}
    n_elements = len(kinds)
    own = torch.randn(n, n_elements, 5)
    if how["rank"]:
        own = torch.einsum(
            "nr,rep->nep", torch.randn(n, how["rank"]), torch.randn(how["rank"], n_elements, 5)
        ) / math.sqrt(how["rank"])
    modes = torch.randn(how["modes"], n_elements, 5) * 3 * (how["modes"] > 1)
    own = own + modes[torch.randint(how["modes"], (n,))]
    h, c, w, f, p = (own * torch.tensor(how["jitter"], dtype=torch.float32)).unbind(-1)
    H, C, W, R, P = parameters.unbind(-1)
    height = H * (1 + h) + 0.2 * h
    if np.random.random() < 0.25:  # an element that not all series have
        height[:, 0] *= torch.rand(n) < np.random.uniform(0.2, 0.9)
    values = (height, C + 0.1 * c, W * torch.exp(0.5 * w), R * (1 + 0.1 * f), P + 3 * p)

    u = torch.linspace(0, 1, n_steps).expand(n, -1)
    waves = torch.arange(1, 5)[:, None] * math.pi
    bends = torch.randn(n, 4) / torch.arange(1, 5)
    u = u + how["warp"] * bends @ torch.sin(waves * u[0])
    lag = torch.rand(n, 1) - 0.5 if how["shift"] == 1 else torch.randn(n, 1) * how["shift"]
    u = u * how["repeats"] + lag
    if how["repeats"] > 1 or how["shift"] == 1:
        u = u % 1
    series = torch.zeros(n, n_steps)
    for i, kind in enumerate(kinds):
        series = series + element(kind, u, *(value[:, i, None] for value in values))
    series = series / series.std().clamp(min=0.1)
    envelope = 1 + how["uneven"] * (series - 1)
    level = how["noise"] * torch.exp(how["uneven"] * 0.5 * torch.randn(n, 1))
    series = series + level * envelope * coloured(n, n_steps, how["slope"], how["peak"])
    along = torch.linspace(-1, 1, n_steps)
    series = series * torch.exp(how["gain"] * torch.randn(n, 1))
    series = series + how["offset"] * torch.randn(n, 1) + how["trend"] * torch.randn(n, 1) * along
    if how["bent"]:
        series = torch.tanh(series) if how["bent"] == 1 else torch.exp(series.clamp(-4, 3) / 2)
    if how["normalised"]:
        series = series - series.mean(1, keepdim=True)
        series = series / series.std(1, keepdim=True).clamp(min=1e-2)
    return series


def draw_data_set(n_own, n_others, n_steps):
    """Draw series of a class, and of another class that varies in the same ways."""
    prototype, how = draw_prototype(np.random.randint(1, 9)), draw_deformations()
    own = draw_class(prototype, how, n_own, n_steps)
    if np.random.random() < 0.5:
        kinds, parameters = prototype
        changed = parameters.clone()
        changed[:, 0] += torch.randn(len(kinds)) * 0.5
        changed[:, 1] += torch.randn(len(kinds)) * 0.05
        prototype = kinds, changed
    else:
        prototype = draw_prototype(np.random.randint(1, 9))
    return own, draw_class(prototype, how, n_others, n_steps)


def scaled(own, others, n_shown):
    """Scale by the mean and deviation of the first series, as RecombinationSampler does."""
    shown = own[:n_shown]
    centre, deviation = shown.mean(), shown.std().clamp(min=1e-3)
    return (own - centre) / deviation, ((others - centre) / deviation).clamp(-20, 20)


# ---- the network


def neighbors_of(series, shared=False):
    """Find the nearest neighbours of each series, (sets, n, k)."""
    if series.shape[1] == 1:
        return torch.zeros(len(series), 1, 1, dtype=torch.long)
    distance = torch.cdist(series, series)
    if shared:  # the distance over all channels
        distance = distance.square().sum(0, keepdim=True).expand_as(distance).clone()
    distance.diagonal(dim1=1, dim2=2).fill_(torch.inf)
    k = min(N_NEIGHBORS, series.shape[1] - 1)
    return distance.topk(k, largest=False).indices


def take(series, index):
    """Take series of each set by index, (sets, n, time)."""
    return series.gather(1, index[:, :, None].expand(-1, -1, series.shape[2]))


class Block(nn.Module):
    """A residual block of two convolutions, modulated by the summary of a set."""

    def __init__(self, width, n_summary, dilation=1):
        super().__init__()
        self.first = nn.Conv1d(width, width, 5, padding=2 * dilation, dilation=dilation)
        self.second = nn.Conv1d(width, width, 3, padding=1)
        self.modulate = nn.Linear(n_summary, 2 * width)

    def forward(self, x, summary):
        """Map (n, width, time) to the same shape."""
        scale, shift = self.modulate(summary)[:, :, None].chunk(2, dim=1)
        inside = F.silu(self.first(F.silu(x)) * (1 + scale) + shift)
        return x + 0.5 * self.second(inside)


class Combiner(nn.Module):
    """The network: it recombines two neighbours, given series of their class and of another."""

    def __init__(self, width=32, n_summary=48, n_seen=24):
        super().__init__()
        self.see = nn.Sequential(
            nn.Conv1d(2, n_seen, 7, padding=3),
            nn.SiLU(),
            nn.Conv1d(n_seen, n_seen, 5, padding=4, dilation=2),
            nn.SiLU(),
            nn.Conv1d(n_seen, n_seen, 5, padding=8, dilation=4),
        )
        self.sum_up = nn.Sequential(
            nn.Linear(4 * n_seen + 1, n_summary), nn.SiLU(), nn.Linear(n_summary, n_summary)
        )
        self.local = nn.Conv1d(n_seen, 12, 1)
        n_all = n_summary + N_LATENT
        self.enter = nn.Conv1d(8 + N_SMOOTH + N_WHITE + 12, width, 5, padding=2)
        self.down = nn.ModuleList(nn.Conv1d(width, width, 4, stride=4) for _ in range(2))
        self.up = nn.ModuleList(nn.Conv1d(2 * width, width, 3, padding=1) for _ in range(2))
        self.before = nn.ModuleList(Block(width, n_all, d) for d in (1, 1))
        self.bottom = nn.ModuleList(Block(width, n_all, d) for d in (1, 2))
        self.after = nn.ModuleList(Block(width, n_all, d) for d in (1, 1))
        self.warps = nn.Conv1d(width, 2, 3, padding=1)
        self.rest = nn.Conv1d(width, 4, 3, padding=1)
        for last in (self.warps, self.rest):  # untrained, it is the arc
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def look_at(self, series, neighbors):
        """Compute features of the differences between neighbours, over time and in all."""
        n = min(N_PAIRS, series.shape[1])
        some = torch.randperm(series.shape[1])[:n]
        one = series[:, some]
        other = take(series, neighbors[:, some, torch.randint(neighbors.shape[2], (1,)).item()])
        pairs = torch.stack([one, other - one], dim=2)
        seen = self.see(pairs.flatten(0, 1)).unflatten(0, (len(series), n))
        return seen.mean(1), torch.cat([seen.mean((1, 3)), seen.square().mean((1, 3)).log1p()], -1)

    def forward(self, own, others, n, shared=False):
        """Generate series, (sets, n, time), from (sets, shown, time) and (sets, others, time).

        If `shared`, the sets are the channels of the same series.
        """
        n_sets, n_shown, n_steps = own.shape
        near, near_others = neighbors_of(own, shared), neighbors_of(others, shared)
        over_time, in_all = self.look_at(own, near)
        count = torch.full((n_sets, 1), math.log(n_shown) / 2)
        summary = self.sum_up(torch.cat([in_all, self.look_at(others, near_others)[1], count], -1))

        def draw(*shape):
            drawn = torch.randn(1 if shared else n_sets, n, *shape)
            return drawn.expand(n_sets, *drawn.shape[1:])

        if shared:
            first = torch.randint(n_shown, (1, n)).expand(n_sets, -1)
            rank = torch.randint(near.shape[2], (1, n)).expand(n_sets, -1)
            angle = torch.rand(1, n, 1).expand(n_sets, -1, -1)
        else:
            first = torch.randint(n_shown, (n_sets, n))
            rank = torch.randint(near.shape[2], (n_sets, n))
            angle = torch.rand(n_sets, n, 1)
        angle = (angle - 0.5) * math.pi
        all_near = near.gather(1, first[:, :, None].expand(-1, -1, near.shape[2]))
        second = all_near.gather(2, rank[:, :, None])[:, :, 0]
        around = take(own, all_near.flatten(1, 2)).unflatten(1, all_near.shape[1:]).sum(2)
        one, other = take(own, first), take(own, second)
        centre = (around + one) / (near.shape[2] + 1)
        c, s = angle.cos(), angle.sin()
        arc = centre + c * (one - centre) + s * (other - centre)
        mean, deviation = own.mean(1, keepdim=True), own.std(1, keepdim=True, unbiased=False)

        waves = torch.arange(1, 4)[:, None] * math.pi * torch.linspace(0, 1, n_steps)
        smooth = draw(N_SMOOTH, 1) + (draw(N_SMOOTH, 3) @ waves.sin())
        white = torch.randn(n_sets, n, N_WHITE, n_steps)
        shape = (n_sets, n, n_steps)
        given = [one - centre, other - centre, centre, arc, mean, deviation, c, s]
        x = torch.stack([part.expand(shape) for part in given], dim=2)
        local = self.local(over_time)[:, None].expand(-1, n, -1, -1)
        x = torch.cat([x, smooth, white, local], dim=2).flatten(0, 1)
        summary = torch.cat([summary[:, None].expand(-1, n, -1), draw(N_LATENT)], -1).flatten(0, 1)
        warps, rest = self.shape_of(x, summary)
        warps, rest = (part.unflatten(0, (n_sets, n)) for part in (warps, rest))
        one = warped(one, warps[:, :, 0])
        other = warped(other, warps[:, :, 1])
        of_one, of_other, of_centre, added = rest.unbind(2)
        made = centre * (1 + of_centre) + (c + of_one) * (one - centre)
        made = made + (s + of_other) * (other - centre) + added
        low, high = own.amin((1, 2), keepdim=True), own.amax((1, 2), keepdim=True)
        return made.clamp(low, high)

    def shape_of(self, x, summary):
        """Compute warps, (n, 2, time), and factors, (n, 4, time)."""
        n_steps = x.shape[2]
        x = F.pad(x, (0, -n_steps % 16), mode="replicate")
        top = self.before[0](self.enter(x), summary)
        middle = self.before[1](self.down[0](top), summary)
        x = self.down[1](middle)
        for block in self.bottom:
            x = block(x, summary)
        x = F.interpolate(x, scale_factor=4, mode="linear")
        x = self.after[0](self.up[0](torch.cat([x, middle], 1)), summary)
        wide = F.interpolate(torch.cat([x, self.warps(x)], 1), scale_factor=4, mode="linear")
        x, warps = wide[:, :-2], wide[:, -2:]
        x = self.after[1](self.up[1](torch.cat([x, top], 1)), summary)
        return MAX_WARP * torch.tanh(warps[:, :, :n_steps]), self.rest(x)[:, :, :n_steps]


def warped(series, by):
    """Warp each series in time, with linear interpolation."""
    n_steps = series.shape[-1]
    at = (torch.arange(n_steps) + by * n_steps).clamp(0, n_steps - 1 - 1e-3)
    left = at.reference()
    share = at - left
    left = left.long()
    return (1 - share) * series.gather(-1, left) + share * series.gather(-1, left + 1)


# ---- the loss


def energy(made, real):
    """Compute the energy distance along axis 1, divided by the distance among real series.

    Both are (sets, n, groups, features); the mean is over sets and groups.
    """
    made, real = made.transpose(1, 2), real.transpose(1, 2)

    def distance(a, b):
        square = (a[:, :, :, None] - b[:, :, None]).square().mean(-1)
        return (square + 1e-5).sqrt().mean((2, 3))

    n, m = made.shape[2], real.shape[2]
    among_real = distance(real, real) * m / (m - 1)
    total = 2 * distance(made, real) - distance(made, made) * n / (n - 1) - among_real
    return (total / (among_real + 0.01)).mean()


def features(series, plan):
    """Yield features of series at several scales, (sets, n, groups, features) each."""
    yield series[:, :, None]
    yield F.avg_pool1d(series, 8)[:, :, None]
    length, starts = plan["length"], plan["starts"]
    windows = torch.stack([series[..., i : i + length] for i in starts], dim=2)
    yield windows
    yield windows.diff(dim=-1) * 2
    spectrum = torch.fft.rfft(series).abs().square() / series.shape[-1]
    yield (spectrum + 1e-4).log()[:, :, None] / 2
    flat = series.flatten(0, 1)[:, None]
    for weights, bias, dilation in plan["kernels"]:
        padding = dilation * (weights.shape[-1] // 2)
        out = F.conv1d(flat, weights, bias, padding=padding, dilation=dilation)
        pooled = torch.cat([out.amax(-1, keepdim=True), torch.sigmoid(5 * out).mean(-1)[..., None]])
        pooled = pooled.reshape(2, *series.shape[:2], -1, 8)  # groups of 8 kernels
        yield torch.cat([pooled[0] / 2, pooled[1] * 3], dim=-1)


def loss_of(made, real):
    """Sum the energy distances over random features."""
    n_steps = made.shape[-1]
    length = int(np.random.choice([6, 12, 24]))
    plan = {
        "length": length,
        "starts": np.random.randint(0, n_steps - length + 1, 8).tolist(),
        "kernels": [],
    }
    for dilation in (1, 2, 4, 8):
        weights = torch.randn(24, 1, 9)
        weights = weights - weights.mean(-1, keepdim=True)
        plan["kernels"].append((weights / 2, torch.rand(24) * 2 - 1, dilation))
    pairs = zip(features(made, plan), features(real, plan), strict=True)
    return sum(energy(a, b) for a, b in pairs)


def draw_batch():
    """Draw data sets: series that the network receives, others, and held-out ones."""
    n_steps = int(np.random.choice([64, 96, 128, 192]))
    n_shown = int(2 ** np.random.uniform(1, 5.6))
    drawn = [
        scaled(*draw_data_set(n_shown + N_HELD_OUT, 24, n_steps), n_shown) for _ in range(N_SETS)
    ]
    own, others = (torch.stack(side) for side in zip(*drawn, strict=True))
    return own[:, :n_shown], others, own[:, n_shown:]


def pretrain(n_steps, seed=0):
    """Pretrain a network, with a learning rate that falls to 0."""
    np.random.seed(seed)
    torch.manual_seed(seed)
    net = Combiner()
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995)
    )
    optimizer = torch.optim.Adam(net.parameters())
    losses, of_arc = [], []
    for step in range(n_steps):
        optimizer.param_groups[0]["lr"] = 2e-3 * min(1, step / 100) * (1 - step / n_steps)
        own, others, real = draw_batch()
        loss = loss_of(net(own, others, N_MADE), real)
        losses.append(loss.item())
        if step % 10 == 0:
            of_arc.append(loss_of(arc_of(own), real).item())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(net)
        if step % 200 == 199:
            own, arc = np.mean(losses[-200:]), np.mean(of_arc[-20:])
            print(f"step {step + 1}: loss {own:.3f}, loss of the arc {arc:.3f}", flush=True)
    return average.module


@torch.no_grad()
def arc_of(own):
    """Generate series with an untrained network, which is the arc."""
    return Combiner()(own, own, N_MADE)


# ---- the use of the network


class Pretrained:
    """A recombination by a pretrained network.

    Parameters
    ----------
    weights : path-like
        The file of the network's weights.
    """

    def __init__(self, weights):
        self.weights = str(weights)

    @torch.no_grad()
    def __call__(self, series, others, n_samples, rng):
        """Recombine series, (n, n_channels, n_timepoints)."""
        net = Combiner()
        net.load_state_dict(torch.load(self.weights))
        own = torch.tensor(series, dtype=torch.float32).transpose(0, 1)
        others = torch.tensor(others[:200], dtype=torch.float32).transpose(0, 1).clamp(-20, 20)
        with torch.random.fork_rng():
            torch.manual_seed(int(rng.integers(2**31)))
            made = net(own, others, n_samples, shared=True)
        return made.transpose(0, 1).double().numpy()


def methods(weights):
    """Return the samplers to compare, by name."""
    pretrained = RecombinationSampler(method=Pretrained(weights), transforms=None)
    return {
        "smote": SMOTE(),
        "arc": RecombinationSampler(transforms=None),
        "arc, warped": RecombinationSampler(),
        "herded": HerdedSampler(),
        "pretrained": pretrained,
        "pretrained, warped": RecombinationSampler(method=Pretrained(weights)),
        "herded, pretrained too": HerdedSampler([*DEFAULT_SAMPLERS, ("net", pretrained)]),
    }


def resampled(sampler, own, others, seed):
    """Balance two classes, and return the synthetic series, (n, n_channels, n_timepoints)."""
    X, y = np.concatenate([own, others]), np.arange(len(own) + len(others)) < len(own)
    flat = isinstance(sampler, SMOTE)
    sampler.set_params(random_state=seed)
    made = sampler.fit_resample(X.reshape(len(X), -1) if flat else X, y)[0][len(X) :]
    return made.reshape(-1, *X.shape[1:])


def measure_fidelity(compared, folder, seeds):
    """Print two metrics of fidelity.py, for over-sampled classes of 10, 25, 50 and 300 beats."""
    task = mitbih_task(folder)
    rare, others = task.X[task.y], task.X[~task.y]
    for n_shown in (10, 25, 50, N):
        for name, sampler in compared.items():
            rows = []
            for seed in seeds:
                rng = np.random.default_rng(seed)
                beats, further = rng.permutation(rare), rng.permutation(others)
                seen, held_out = beats[:n_shown], beats[N : 2 * N]
                made = resampled(sampler, seen, further[: N + n_shown], seed)
                near, far = (
                    cdist(some.reshape(N, -1), seen.reshape(n_shown, -1))
                    for some in (made, held_out)
                )
                ratio = near.min(axis=1).mean() / far.min(axis=1).mean()
                rows.append([accuracy(held_out, made, seed), ratio])
            (told, ratio), spread = np.mean(rows, axis=0), np.ptp(rows, axis=0) / 2
            print(
                f"{n_shown:3} beats, {name:24} two-sample accuracy {told:.3f} (+-{spread[0]:.3f}), "
                f"nearest {ratio:.2f} (+-{spread[1]:.2f})",
                flush=True,
            )


def measure_transfer(compared, tasks, seeds):
    """Print the pretraining loss on held-out series of the tasks, divided by that of the arc."""
    logs = []
    for task in tasks:
        rows = []
        for seed in seeds:
            rng = np.random.default_rng(seed)
            rare, others = rng.permutation(task.X[task.y]), rng.permutation(task.X[~task.y])
            own, held_out = rare[: task.n_minority], rare[task.n_minority :][:100]
            if len(others) < len(own) + 40:  # Coffee has too few
                continue
            losses = []
            for sampler in compared.values():
                made = resampled(sampler, own, others[: len(own) + 100], seed)
                made, real = (
                    torch.tensor((some - own.mean((0, 2), keepdims=True)).transpose(1, 0, 2))
                    / torch.tensor(own.std((0, 2), keepdims=True).transpose(1, 0, 2))
                    for some in (made, held_out)
                )
                np.random.seed(seed)
                torch.manual_seed(seed)
                both = made.float(), real.float()
                losses.append(np.mean([loss_of(*both).item() for _ in range(3)]))
            rows.append(losses)
        if rows:
            mean = np.mean(rows, axis=0).clip(1e-3)
            logs.append(np.log(mean / mean[list(compared).index("arc")]))
    for name, ratios in zip(compared, np.array(logs).T, strict=True):
        better = f"{(ratios < 0).sum()} of {len(ratios)}"
        print(f"{name:24} loss {np.exp(ratios.mean()):.2f} of the arc's, less on {better} tasks")


def main():
    """Pretrain if there are no weights, measure fidelity, run the tasks, and print the gains."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ucr", "mitbih", "cwru"):
        parser.add_argument(
            f"--{name}", type=Path, required=True, help=f"folder with the files of {name}"
        )
    parser.add_argument("--weights", type=Path, default=Path("pretrained.pt"))
    parser.add_argument(
        "--steps", type=int, default=4500, help="steps of pretraining, a quarter second each"
    )
    parser.add_argument("--classifiers", nargs="+", default=["ridge", "cnn"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("pretrained.csv"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    if not options.weights.exists():
        torch.save(pretrain(options.steps).state_dict(), options.weights)
    compared = methods(options.weights)
    tasks = load_tasks(options)
    measure_fidelity(compared, options.mitbih, options.seeds)
    measure_transfer(compared, tasks, options.seeds)
    runs = compare_samplers(
        tasks, compared, options.classifiers, options.seeds, results=options.out
    )
    print_gains(runs, options.classifiers)


def print_gains(runs, classifiers):
    """Print gains over each baseline: mean, standard error, and wins, ties and losses by task."""
    scores = ["balanced_accuracy", "f1", "average_precision"]
    means = runs.groupby(["classifier", "method", "task"])[[*scores, "resample_seconds"]].mean()
    for classifier in classifiers:
        for base in ("none", "smote", "arc", "arc, warped", "herded"):
            print(f"\n{classifier}, over {base}")
            for method in dict.fromkeys(runs["method"]):
                own = means.loc[classifier, method]
                gains = [(own[s] - means.loc[classifier, base][s]).dropna() for s in scores]
                told = []
                for gain in gains:
                    won, lost = (gain > 0.002).sum(), (gain < -0.002).sum()
                    error = gain.std() / np.sqrt(len(gain))
                    counts = f"({won}/{len(gain) - won - lost}/{lost})"
                    told.append(f"{gain.mean():+.3f} +-{error:.3f} {counts}")
                print(f"{method:24}", *told, f"{own['resample_seconds'].mean():.2f} s")


if __name__ == "__main__":
    main()

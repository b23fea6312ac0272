"""Measure how the cost of HerdedSampler grows with synthetic series, classes and time steps.

    python examples/benchmarks/scaling.py

Each case runs in its own process. The script measures the seconds and CPU seconds of
``fit_resample``, and the growth of the peak memory of the process. With ``--against CHECKOUT``, the
first case alternates between this package and that of another checkout. ``--plot FILE`` draws the
results.

Two options replace these measurements. ``--profile`` prints where the time of the first case goes.
``--large`` (Linux) over-samples a memory-mapped array, with 488 MB of output, and makes a quality
report on 10,000 series.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd

#: The dimension that grows, and its values. The others stay at the defaults of `make_data`.
GROWING = {
    "synthetic series": [100, 1000, 10_000, 100_000],
    "classes": [5, 50, 500],
    "time steps": [64, 256, 1024, 4096],
}
#: Functions whose time is printed, as file:function. Versions without a function skip it.
PARTS = [
    "features.py:transform",
    "herding.py:herd",
    "neighbors.py:__getitem__",
    "neighbors.py:nearest_others",
    "time_warp.py:__call__",
    "linalg.py:eigh",
]
HEADLINE = "500 against 2,500 of 256 steps"


def make_data(growing, size):
    """Make noisy sines and a sampling strategy for a case."""
    rng = np.random.default_rng(0)
    counts, n_timepoints = [2500, 500], 256
    strategy = "auto"
    if growing == "synthetic series":
        strategy = {1: 500 + size}
    elif growing == "classes":
        counts, n_timepoints = [80] + [40] * size, 24
    elif growing == "time steps":
        counts, n_timepoints = [600, 100], size
    y = np.repeat(np.arange(len(counts)), counts)
    phase = 0.1 * y[:, None] + rng.normal(size=(len(y), 1))
    X = np.sin(np.linspace(0, 20, n_timepoints) + phase)
    X += 0.1 * rng.normal(size=X.shape)
    return X, y, strategy


def measure(growing, size):
    """Over-sample once, and print seconds and memory as JSON."""
    import resource

    from ganbats_sampler import HerdedSampler

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    X, y, strategy = make_data(growing, size)
    HerdedSampler(random_state=0).fit_resample(*make_data("time steps", 64)[:2])  # imports
    before, start, cpu = peak(), time.perf_counter(), time.process_time()
    X_resampled, _ = HerdedSampler(sampling_strategy=strategy, random_state=0).fit_resample(X, y)
    print(
        json.dumps(
            {
                "seconds": round(time.perf_counter() - start, 3),
                "cpu_seconds": round(time.process_time() - cpu, 3),
                "peak_mb": round(peak() - before),
                "output_mb": round(X_resampled.nbytes / 2**20),
            }
        )
    )


def profile():
    """Print the seconds that the parts of the first case take."""
    import cProfile
    import pstats

    from ganbats_sampler import HerdedSampler

    X, y, _ = make_data(HEADLINE, 0)
    sampler = HerdedSampler(random_state=0)
    sampler.fit_resample(X, y)
    profiler = cProfile.Profile()
    profiler.runcall(sampler.fit_resample, X, y)
    stats = pstats.Stats(profiler)
    print(f"{stats.total_tt:.2f} s in all")
    for name in PARTS:
        spent = [of[3] for key, of in stats.stats.items() if f"{key[0]}:{key[2]}".endswith(name)]
        if spent:
            print(f"{max(spent):.3f} s  {name}")


def anonymous_mb():
    """Return the memory of this process that is not mapped from a file."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("RssAnon")).split()[1]) / 1024


def large(n_samples=400_000, n_synthetic=100_000, n_timepoints=256):
    """Over-sample a memory-mapped array; print the seconds and the growth of the peak memory."""
    from ganbats_sampler import quality_report
    from ganbats_sampler.samplers import get_sampler

    def watched(call, *arguments):
        before, peak, done = anonymous_mb(), [0.0], threading.Event()

        def watch():
            while not done.wait(0.002):
                peak[0] = max(peak[0], anonymous_mb())

        watcher = threading.Thread(target=watch)
        watcher.start()
        start = time.perf_counter()
        call(*arguments)
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
        return f"{seconds:.1f} s, {peak[0] - before:.0f} MB"

    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.npy"
        shape = n_samples, n_timepoints
        series = np.lib.format.open_memmap(path, "w+", np.float32, shape)
        for start in range(0, n_samples, 10_000):
            part = series[start : start + 10_000]
            part[:] = np.sin(np.linspace(0, 20, n_timepoints) + rng.normal(size=(len(part), 1)))
            part += 0.1 * rng.normal(size=part.shape)
        del series, part
        X, y = np.load(path, mmap_mode="r"), np.arange(n_samples) >= n_samples - 500
        for name in ("herded", "arc", "smote"):
            sampler = get_sampler(name, random_state=0)
            sampler.fit_resample(X[-2000:], y[-2000:])  # imports
            sampler.set_params(sampling_strategy={True: 500 + n_synthetic})
            print(f"{name}: {watched(sampler.fit_resample, X, y)}", flush=True)
        sides = X[:10_000], X[10_000:20_000]
        print(f"report: {watched(quality_report, *sides)}")


def run(growing, size, checkout):
    """Measure in a new process, with the package of a checkout."""
    command = [sys.executable, __file__, "--measure", growing, str(size)]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def plot(rows, path):
    """Draw the seconds over each growing dimension, on logarithmic axes."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True, layout="constrained")
    for ax, growing in zip(axes, GROWING, strict=True):
        points = np.array([[r["size"], r["seconds"]] for r in rows if r["growing"] == growing])
        slope = np.polyfit(*np.log(points[-2:].T), 1)[0]
        ax.loglog(*points.T, "o-", label=f"last slope {slope:.2f}")
        ax.loglog(points[:, 0], points[-1, 1] * points[:, 0] / points[-1, 0], ":", label="linear")
        ax.set_xlabel(growing)
        ax.legend(loc="upper left")
    axes[0].set_ylabel("seconds")
    figure.savefig(path, dpi=120)


def main():
    """Measure and print every case, and write the rows and the picture if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, help="another checkout to compare with")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--out", type=Path, help="CSV file of all measurements")
    parser.add_argument("--plot", type=Path, help="picture of the growth")
    parser.add_argument("--profile", action="store_true", help="only profile the first case")
    parser.add_argument("--large", action="store_true", help="only over-sample a large array")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], int(options.measure[1]))
        return
    if options.profile or options.large:
        profile() if options.profile else large()
        return
    here = Path(__file__).parents[2]
    checkouts = {"here": here} | ({"against": options.against} if options.against else {})
    rows = []
    for _ in range(options.repetitions if options.against else 1):
        for name, checkout in checkouts.items():
            row = {"package": name, "growing": HEADLINE, "size": 2000}
            rows.append(row | run(HEADLINE, 0, checkout))
            print(rows[-1], flush=True)
    for growing, sizes in GROWING.items():
        for size in sizes:
            rows.append({"package": "here", "growing": growing, "size": size})
            rows[-1] |= run(growing, size, here)
            print(rows[-1], flush=True)
    if options.out:
        pd.DataFrame(rows).to_csv(options.out, index=False)
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    main()

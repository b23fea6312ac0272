"""Compare other libraries' generators of time series with ours, in one run.

The script over-samples 300 ventricular beats of MIT-BIH among 600 others, as ``fidelity.py`` does,
and prints the three metrics that are defined there. Each method runs in its own process. The other
libraries need their own environment::

    python -m venv peers
    peers/bin/pip install --editable ".[data]" deepecho
    peers/bin/python examples/benchmarks/peers.py --folder mitdb --out peers.csv

deepecho runs with its defaults. tsgm is left out because it is slow: on 300 beats, ten epochs of
the convolutional GAN of version 0.1.0, with Keras on PyTorch, were not finished after 200 seconds.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from fidelity import N, accuracy, in_groups, to_nearest

from ganbats_sampler.benchmark.suites import mitbih_task
from ganbats_sampler.samplers import get_sampler

SAMPLERS = ("smote", "aeon_smote", "aeon_adasyn", "aeon_esmote", "herded", "flow_matching")
SLOW = ("ganbats", "aeon_ohit", "deepecho PAR")
#: The number of beats to train on.
SIZE = 300


def by_sampler(name, rare, others, seed):
    """Over-sample with a sampler of this library, or with one that it wraps."""
    X, y = np.concatenate([rare, others]), np.repeat([1, 0], [len(rare), len(others)])
    sampler = get_sampler(name, random_state=seed, sampling_strategy={1: len(rare) + N})
    return sampler.fit_resample(X, y)[0][len(X) :]


def par(rare, others, seed):
    """Generate beats with deepecho's probabilistic auto-regressive model (PAR)."""
    import torch
    from deepecho import PARModel

    torch.manual_seed(seed)
    n_timepoints = rare.shape[2]
    frame = pd.DataFrame(
        {
            "beat": np.repeat(np.arange(len(rare)), n_timepoints),
            "time": np.tile(np.arange(n_timepoints), len(rare)),
            "value": rare[:, 0].ravel(),
        }
    )
    model = PARModel(cuda=False, verbose=False)
    model.fit(frame, entity_columns=["beat"], sequence_index="time")
    made = model.sample(num_entities=N, sequence_length=n_timepoints)
    return made["value"].to_numpy().reshape(N, 1, n_timepoints)


def measure(folder, name, seed):
    """Over-sample some beats with one method, and print its metrics as JSON."""
    task = mitbih_task(folder)
    rng = np.random.default_rng(seed)
    seen, held_out, rest = np.split(rng.permutation(task.X[task.y]), [SIZE, SIZE + N])
    others = rng.permutation(task.X[~task.y])[: 2 * N]
    further = in_groups(rest, SIZE)[:5]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    make = par if name == "deepecho PAR" else partial(by_sampler, name)
    made = make(seen, others, seed)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    covered = to_nearest(held_out, made)
    figures = {
        "two_sample_accuracy": accuracy(held_out, made, seed),
        "nearest": to_nearest(made, seen) / to_nearest(held_out, seen),
        "covered": covered / np.mean([to_nearest(held_out, group) for group in further]),
        "seconds": seconds,
        "memory_mb": memory / 1024,
    }
    print(json.dumps({key: round(float(value), 3) for key, value in figures.items()}))


def main():
    """Measure each method over the seeds, and print and write the metrics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="folder of MIT-BIH's records")
    parser.add_argument("--methods", nargs="+", default=[*SAMPLERS, *SLOW])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--out", type=Path, help="CSV file of all runs")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.folder, options.methods[0], options.seeds[0])
        return
    libraries = ("torch", "scikit-learn", "imbalanced-learn", "aeon", "deepecho")
    print(", ".join(f"{library} {version(library)}" for library in libraries))
    rows = []
    for name in options.methods:
        for seed in options.seeds:
            command = [sys.executable, __file__, "--measure", "--folder", str(options.folder)]
            command += ["--methods", name, "--seeds", str(seed)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                print(f"{name}, seed {seed}: failed\n{done.stderr[-2000:]}", flush=True)
                continue
            rows.append({"method": name, "seed": seed} | json.loads(done.stdout.splitlines()[-1]))
            print(rows[-1], flush=True)
    if options.out:
        pd.DataFrame(rows).to_csv(options.out, index=False)


if __name__ == "__main__":
    main()

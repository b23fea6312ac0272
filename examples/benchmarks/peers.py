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

import fidelity
import numpy as np
import pandas as pd
from fidelity import N, over_sample

from ganbats_sampler.benchmark.suites import mitbih_task
from ganbats_sampler.samplers import get_sampler

SAMPLERS = ("smote", "aeon_smote", "aeon_adasyn", "aeon_esmote", "herded", "flow_matching")
SLOW = ("ganbats", "aeon_ohit", "deepecho PAR")


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


def peak():
    """Return the peak memory of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(folder, name, seed):
    """Over-sample some beats with one method, and print its metrics as JSON."""
    task = mitbih_task(folder)
    make = par if name == "deepecho PAR" else partial(over_sample, get_sampler(name))
    used = {}

    def watched(seen, others, seed):
        before, start = peak(), time.perf_counter()
        made = make(seen, others, seed)
        used.update(seconds=time.perf_counter() - start, memory_mib=peak() - before)
        return made

    metrics = fidelity.measure(watched, task.X[task.y], task.X[~task.y], N, seed)
    figures = {key: metrics[key] for key in ("two_sample_accuracy", "nearest", "covered")} | used
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

"""Tables 3 and 4 of Liu et al. (2023): the accuracy of a classifier after over-sampling.

The paper's samplers are compared under an honest protocol, and resampled before the split as the
paper's figures suggest; on one class against the rest, and on all classes at once as the paper has
it. Series are those of each network, also of one that failed the checks::

    python examples/paper/tables_3_and_4.py --mitbih mitdb --nasa nasa --cwru cwru

Runs are rows of ``<out>/tables_3_and_4.csv``; those that it holds already are not run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from paper_sets import ABLATION, PaperSet, load_paper_sets, mean_and_range, read_options

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.benchmark import Method, compare_samplers
from ganbats_sampler.benchmark.protocols import PROTOCOLS

#: The paper's figures, in percent. Its column of the bearings is headed XJTU-SY.
PAPER = {
    "bearings": {
        **{"cgan": 77.2, "dcgan": 80.3, "wgan": 83.5, "wgan_gp": 89.8},
        **{"neither": 67.7, "Bi-LSTM": 82.3, "attention": 80.5, "both": 88.7},
    },
    "battery": {
        **{"cgan": 81.3, "dcgan": 87.6, "wgan": 91.7, "wgan_gp": 93.2},
        **{"neither": 75.2, "Bi-LSTM": 90.1, "attention": 89.4, "both": 94.2},
    },
    "ecg": {
        **{"cgan": 92.3, "dcgan": 95.2, "wgan": 94.2, "wgan_gp": 95.6},
        **{"neither": 82.3, "Bi-LSTM": 93.3, "attention": 91.9, "both": 98.7},
    },
}
#: Series of the class to train on, with ten times as many others.
N_MINORITY = 50
#: The paper does not say which classifier it used.
CLASSIFIERS = ("cnn", "forest")
SCORES = ("accuracy", "balanced_accuracy", "f1")


def paper_methods(preset: str, protocol: str) -> list[str | Method]:
    """List what the tables compare, with SMOTE added; the forms of GANBATS follow a preset.

    The paper trains "on normal and abnormal series". That can mean a network for each class or one
    network that is told the class; the second takes ten times as long, and runs honestly alone.
    """
    forms = [
        Method(form, GANBATSSampler.from_preset(preset, **parts))
        for form, parts in ABLATION.items()
    ]
    if protocol == "honest":
        conditional = GANBATSSampler.from_preset(preset, conditional=True)
        forms.append(Method("both, conditional", conditional))
    return ["smote", "cgan", "dcgan", "wgan", "wgan_gp", *forms]


def run(
    sets: Mapping[str, PaperSet],
    seeds: Iterable[int],
    results: Path | None = None,
    n_jobs: int = 1,
    verbose: bool = True,
) -> pd.DataFrame:
    """Score classifiers with the paper's samplers under both protocols."""
    frames = []
    for seed in seeds:  # outermost, so that an early stop leaves whole seeds
        for name, of in sets.items():
            for protocol in PROTOCOLS:
                frame = compare_samplers(
                    [replace(of.task, n_minority=N_MINORITY)],
                    paper_methods(of.preset, protocol),
                    CLASSIFIERS,
                    [seed],
                    protocol=protocol,
                    results=results,
                    n_jobs=n_jobs,
                    verbose=verbose,
                )
                frames.append(frame.assign(data=name, column=of.column))
    return pd.concat(frames, ignore_index=True)


def lay_out(runs: pd.DataFrame, classifier: str, score: str) -> pd.DataFrame:
    """Lay out a score in percent under both protocols, beside the paper's accuracy."""
    chosen = runs[(runs["classifier"] == classifier) & (runs["status"] == "ok")]
    rows = []
    for (data, method), of_method in chosen.groupby(["data", "method"], sort=False):
        row: dict[str, Any] = {"data": data, "method": method}
        row["failed the checks"] = f"{(of_method['reason'] != '').sum()} of {len(of_method)}"
        for protocol in PROTOCOLS:
            values = of_method.loc[of_method["protocol"] == protocol, score]
            row[protocol] = mean_and_range(100 * values, 1)
        row["paper"] = PAPER[of_method["column"].iloc[0]].get(method, "")
        rows.append(row)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    options = read_options(__doc__, "tables_3_and_4.csv")
    runs = run(load_paper_sets(options.folders), options.seeds, options.results, options.jobs)
    for classifier in CLASSIFIERS:
        for score in SCORES:
            print(f"\nTables 3 and 4: {score.replace('_', ' ')} (%), {classifier}")
            print(lay_out(runs, classifier, score).to_string(index=False))

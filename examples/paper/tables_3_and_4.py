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
from paper_sets import (
    ABLATION,
    ALL_CLASSES,
    FORM_NAMES,
    PaperSet,
    count,
    load_all_classes,
    load_single_classes,
    mean_and_range,
    print_and_save,
    read_options,
)

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
#: The paper's data set that each source stands for.
DATA_OF = {
    "MIT-BIH": "ecg",
    "NASA battery": "battery",
    **dict.fromkeys(("CWRU", "Paderborn", "XJTU-SY"), "bearings"),
}
#: The GANs that the paper compares with.
OTHER_GANS = ("cgan", "dcgan", "wgan", "wgan_gp")
#: The five GANs of table 4.
GANS = (*OTHER_GANS, "both")
#: The methods that train networks, whose runs may fail the checks.
NETWORKS = {*PAPER["ecg"], "both, conditional"}
#: Series of the class to train on, with ten times as many others.
N_MINORITY = 50
#: The paper does not say which classifier it used.
CLASSIFIERS = ("cnn", "forest")
#: The columns of the printed tables. After over-sampling before the split, classes are of one size.
COLUMNS = [
    ("before-split", "accuracy"),
    ("honest", "accuracy"),
    ("honest", "balanced_accuracy"),
    ("honest", "f1"),
]


def paper_methods(preset: str, one_network: bool) -> list[str | Method]:
    """List what the tables compare, with SMOTE added; the forms of GANBATS follow a preset.

    The paper trains "on normal and abnormal series". That can mean a network for each class, or one
    network that is told the class, which takes ten times as long and is added by `one_network`.
    """
    forms = [
        Method(form, GANBATSSampler.from_preset(preset, **parts))
        for form, parts in ABLATION.items()
    ]
    if one_network:
        conditional = GANBATSSampler.from_preset(preset, conditional=True)
        forms.append(Method("both, conditional", conditional))
    return ["smote", *OTHER_GANS, *forms]


def run(
    sets: Mapping[str, PaperSet],
    seeds: Iterable[int],
    results: Path | None = None,
    n_jobs: int = 1,
    verbose: bool = True,
) -> pd.DataFrame:
    """Score classifiers with the paper's samplers under both protocols.

    One network for both classes runs under the honest protocol, on one class against the rest.
    """
    frames = []
    for seed in seeds:  # outermost, so that an early stop leaves whole seeds
        for of in sets.values():
            for protocol in PROTOCOLS:
                one_network = protocol == "honest" and of.task.name not in ALL_CLASSES
                frame = compare_samplers(
                    [replace(of.task, n_minority=N_MINORITY)],
                    paper_methods(of.preset, one_network),
                    CLASSIFIERS,
                    [seed],
                    protocol=protocol,
                    results=results,
                    n_jobs=n_jobs,
                    verbose=verbose,
                )
                frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def by_kind(runs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Separate the runs of one class against the rest from those of all classes at once."""
    is_all = runs["task"].isin(ALL_CLASSES)
    return {"tables_3_and_4": runs[~is_all], "all_classes": runs[is_all]}


def lay_out(runs: pd.DataFrame, classifier: str) -> pd.DataFrame:
    """Lay out scores in percent, mean and range over seeds, beside the paper's accuracy.

    F1 is that of the minority class, or the mean over all classes at once. *Failed networks* counts
    the runs in which a network failed the checks.
    """
    chosen = runs[(runs["classifier"] == classifier) & (runs["status"] == "ok")]
    order = list(dict.fromkeys(runs["task"])), list(dict.fromkeys(runs["method"]))
    rows = []
    for (task, method), of_method in sorted(
        chosen.groupby(["task", "method"]),
        key=lambda item: [names.index(name) for names, name in zip(order, item[0], strict=True)],
    ):
        row: dict[str, Any] = {
            "task": task,
            "method": name_method(method),
        }
        row["failed networks"] = count(of_method["reason"] != "") if method in NETWORKS else ""
        for protocol, score in COLUMNS:
            values = of_method.loc[of_method["protocol"] == protocol, score]
            title = f"{protocol.replace('-', ' ')}: {score.replace('_', ' ')}"
            row[title.replace("f1", "F1")] = mean_and_range(100 * values, 1)
        row["paper"] = published(task).get(method, "")
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.loc[:, (table != "").any()]


def lay_out_claims(runs: pd.DataFrame) -> pd.DataFrame:
    """Count the seeds in which what the paper claims holds.

    The order of the four forms (table 3) holds if no form has a lower accuracy than one that the
    paper has below it. The paper's best GAN (table 4) is GANBATS, on bearings WGAN-GP. It is best
    if none of the five has a higher accuracy. Neither holds if all are level. GANBATS helps if its
    balanced accuracy is higher than without resampling.
    """
    cells = runs[runs["status"] == "ok"].groupby(["task", "classifier", "protocol"])
    tasks = list(dict.fromkeys(runs["task"]))
    rows = []
    for key, cell in sorted(cells, key=lambda item: (tasks.index(item[0][0]), *item[0][1:])):
        of_paper = published(key[0])
        scores = cell.pivot(
            index="seed", columns="method", values=["accuracy", "balanced_accuracy"]
        )
        forms = scores["accuracy"][sorted(ABLATION, key=of_paper.__getitem__)]
        gans = scores["accuracy"][list(GANS)]
        best = gans[max(GANS, key=of_paper.__getitem__)]
        balanced = scores["balanced_accuracy"]
        row = dict(zip(("task", "classifier", "protocol"), key, strict=True))
        in_order = (forms.diff(axis=1).iloc[:, 1:] >= 0).all(axis=1)
        row["order of the four forms"] = count(in_order & (forms.nunique(axis=1) > 1))
        row["the paper's best GAN is best"] = count(
            (best == gans.max(axis=1)) & (gans.nunique(axis=1) > 1)
        )
        row["GANBATS helps"] = count(balanced["both"] > balanced["none"])
        rows.append(row)
    return pd.DataFrame(rows)


def published(task: str) -> dict[str, float]:
    """Return the paper's accuracies on the data set that a task stands for, by method."""
    return PAPER[DATA_OF[task.split(",")[0]]]


def name_method(method: str) -> str:
    """Return the name of a method in words."""
    if method in FORM_NAMES:
        return f"GANBATS, {FORM_NAMES[method]}"
    if method in ("smote", *OTHER_GANS):
        return method.upper().replace("_", "-")
    return method.replace("_", " ")


def draw(runs: pd.DataFrame) -> Any:
    """Draw the paper's accuracy beside ours, by task (rows) and classifier (columns).

    Shown are the accuracy after over-sampling before the split, and the balanced accuracy under
    the honest protocol. The line is the latter without resampling.
    """
    import matplotlib.pyplot as plt

    ok = runs[runs["status"] == "ok"]
    tasks = list(dict.fromkeys(ok["task"]))
    methods = ["smote", *OTHER_GANS, *ABLATION]
    names = [FORM_NAMES.get(method, name_method(method)) for method in methods]
    shown = {
        "before the split: accuracy": ("before-split", "accuracy", "o", "#999999"),
        "honest: balanced accuracy": ("honest", "balanced_accuracy", "s", "#0072b2"),
    }
    size = (5.5 * len(CLASSIFIERS), 2.2 * len(tasks) + 0.8)
    options: dict[str, Any] = {"sharex": True, "sharey": True, "squeeze": False}
    figure, axes = plt.subplots(
        len(tasks), len(CLASSIFIERS), figsize=size, layout="constrained", **options
    )
    for row, task in zip(axes, tasks, strict=True):
        for ax, classifier in zip(row, CLASSIFIERS, strict=True):
            chosen = ok[(ok["task"] == task) & (ok["classifier"] == classifier)]
            for label, (protocol, score, marker, colour) in shown.items():
                means = chosen[chosen["protocol"] == protocol].groupby("method")[score].mean() * 100
                ax.plot(names, means.reindex(methods), marker, color=colour, label=label)
                if protocol == "honest":
                    ax.axhline(means["none"], color=colour, linewidth=1, label="no resampling")
            of_paper = pd.Series(published(task)).reindex(methods)
            ax.plot(names, of_paper, "x", color="#d55e00", label="paper")
            ax.set_title(f"{task}; {classifier}", fontsize=9)
            ax.tick_params(axis="x", labelrotation=45, labelsize=8)
            ax.grid(axis="y", color="#eeeeee")
    axes[0, 0].set_ylim(20, 104)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False)
    figure.supylabel("percent", fontsize=9)
    return figure


if __name__ == "__main__":
    options = read_options(__doc__, "tables_3_and_4.csv")
    sets = load_single_classes(options.folders) | load_all_classes(options.folders)
    runs = run(sets, options.seeds, options.results, options.jobs)
    for name, of_kind in by_kind(runs).items():
        for classifier in CLASSIFIERS:
            print(f"\n{name}: {classifier}, percent")
            print_and_save(lay_out(of_kind, classifier), options.out / f"{name}_{classifier}.csv")
    print("\nTables 3 and 4: seeds in which the claim holds")
    print_and_save(lay_out_claims(runs), options.out / "tables_3_and_4_claims.csv")
    draw(by_kind(runs)["tables_3_and_4"]).savefig(options.out / "tables_3_and_4.png", dpi=100)
    print(options.out / "tables_3_and_4.png")

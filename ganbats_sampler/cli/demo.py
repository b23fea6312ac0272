"""``python -m ganbats_sampler demo``: rebalance a real data set, and measure whether it helps."""

from __future__ import annotations

import argparse
import io
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from ganbats_sampler.files import check_destination, write_file

REST = "the rest"
#: The number of splits, and of series in a panel of the picture.
N_SPLITS, N_SHOWN = 3, 12


def add_parser(commands: Any) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "demo",
        help="rebalance a real data set, and measure whether it helps",
        description="Turn a class of a UCR/UEA data set into a minority class, over-sample it, and "
        "score a random forest on held-out series of three random splits. No resampling, class "
        "weights, SMOTE, HerdedSampler and GANBATSSampler are compared.",
    )
    parser.add_argument(
        "--dataset",
        default="ItalyPowerDemand",
        help="name in the UCR/UEA archive; ItalyPowerDemand, GunPoint, OSULeaf, ArrowHead and "
        "BasicMotions come with aeon, which downloads others (default: %(default)s)",
    )
    parser.add_argument(
        "--minority", metavar="LABEL", help="label of the minority class (default: the rarest)"
    )
    parser.add_argument(
        "--n-minority",
        type=int,
        default=25,
        help="number of training series of the minority class (default: %(default)s)",
    )
    parser.add_argument(
        "--preset", help='train GANBATS as in the paper: "ecg-mit", "nasa-battery" or "xjtu-sy"'
    )
    parser.add_argument(
        "--updates",
        type=int,
        help="least number of generator updates (default: depends on the size of the class)",
    )
    parser.add_argument(
        "--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="seed of the first split (default: %(default)s)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("demo.png"),
        help="file of the picture (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the demo, and print the results."""
    check_destination(options.out, _picture_suffixes())
    _make_ganbats(options, options.seed)  # checks the options
    X, y, minority = _load(options)
    seeds = range(options.seed, options.seed + N_SPLITS)
    splits = [_split(options, X, y, minority, seed) for seed in seeds]
    X_train, X_test, y_train, y_test = splits[0]
    print(f"{options.dataset}: series of {X_train.shape[2]} steps, {X_train.shape[1]} channel(s)")
    print(f"class {minority} against the rest, {N_SPLITS} random splits into halves")
    compared = [
        _compare(options, split, minority, seed) for seed, split in zip(seeds, splits, strict=True)
    ]
    rows = [row for of_split, _ in compared for row in of_split]
    _, samplers = compared[0]
    sampler, ganbats = samplers["HerdedSampler"], samplers["GANBATSSampler"]
    before = Counter(y_train.tolist())
    after = Counter({**before, minority: before[REST]})
    print("\ntraining series before and after over-sampling, first split")
    for label in before:
        print(f"  {label:<8}{before[label]:>6} -> {after[label]}")
    if not ganbats.outcomes_[minority].is_generated:
        print(f"\nGANBATS fell back on HerdedSampler: {ganbats.outcomes_[minority].reason}")
    print(f"\nHerdedSampler, first split:\n{sampler.quality_report(X_test[y_test == minority])}")
    print(f"\nrandom forest on held-out series, mean (least to greatest) of {N_SPLITS} splits")
    table = _summarise(rows)
    for name, of_method in table.items():
        print(f"  {name:<16}" + "".join(f"{cell:>28}" for cell in of_method))
    picture = {"real": X_train[y_train == minority]}
    for name, one in (("HerdedSampler", sampler), ("GANBATSSampler", ganbats)):
        picture[f"synthetic, {name}"] = one.generate(N_SHOWN, minority)
    _save_picture(options, minority, (before, after), picture, rows)
    print(f"\npicture of the counts, series and scores: {options.out}")
    return 0


def _make_ganbats(options: argparse.Namespace, seed: int) -> Any:
    from ganbats_sampler import GANBATSSampler

    parameters = {"device": options.device, "random_state": seed}
    if options.updates is not None:
        parameters["min_updates"] = options.updates
    if options.preset is not None:
        return GANBATSSampler.from_preset(options.preset, **parameters)
    return GANBATSSampler(**parameters)


def _compare(
    options: argparse.Namespace, split: tuple[np.ndarray, ...], minority: str, seed: int
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Score a random forest with each method on a split, and return the fitted samplers too."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score

    from ganbats_sampler import HerdedSampler
    from ganbats_sampler.samplers import get_sampler

    X_train, X_test, y_train, y_test = split
    samplers = {
        "SMOTE": get_sampler("smote", random_state=seed),
        "HerdedSampler": HerdedSampler(random_state=seed),
        "GANBATSSampler": _make_ganbats(options, seed),
    }
    if (neighbors := int((y_train == minority).sum()) - 1) < 5:
        samplers["SMOTE"].set_params(sampler__k_neighbors=neighbors)
    rows = []
    for name in ("no resampling", "class weights", *samplers):
        X, y, start = X_train, y_train, time.perf_counter()
        if name in samplers:
            X, y = samplers[name].fit_resample(X, y)
        seconds = time.perf_counter() - start
        weight = "balanced" if name == "class weights" else None
        forest = RandomForestClassifier(100, class_weight=weight, random_state=seed)
        forest.fit(X.reshape(len(X), -1), y == minority)
        probability = forest.predict_proba(X_test.reshape(len(X_test), -1))[:, 1]
        truth, predicted = y_test == minority, probability > 0.5
        row = {
            "method": name,
            "balanced accuracy": balanced_accuracy_score(truth, predicted),
            "F1": f1_score(truth, predicted),
            "average precision": average_precision_score(truth, probability),
            "seconds": seconds,
        }
        rows.append(row)
    return rows, samplers


def _summarise(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Format the scores of each method as a row of cells, after a row of titles."""
    titles = [name for name in rows[0] if name not in ("method", "seconds")]
    table = {"": [*titles, "seconds"]}
    for method in dict.fromkeys(row["method"] for row in rows):
        of_method = [row for row in rows if row["method"] == method]
        cells = []
        for title in titles:
            values = [row[title] for row in of_method]
            cells.append(f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})")
        table[method] = [*cells, f"{np.mean([row['seconds'] for row in of_method]):.1f}"]
    return table


def _load(options: argparse.Namespace) -> tuple[np.ndarray, np.ndarray, str]:
    """Load the series, their labels as one class against the rest, and the name of that class."""
    try:
        from aeon.datasets import load_classification
    except ImportError as error:
        raise ImportError('The demo needs aeon: pip install "ganbats-sampler[all]"') from error
    X, y = load_classification(options.dataset)
    if not hasattr(X, "shape"):
        raise ValueError(
            f"The series of {options.dataset} have several lengths; choose another --dataset."
        )
    counts = Counter(y.tolist())
    minority = options.minority or min(sorted(counts), key=counts.__getitem__)
    if minority not in counts:
        raise ValueError(f"--minority {minority} was given; the classes are {sorted(counts)}.")
    return X, np.where(y == minority, minority, REST), minority


def _split(
    options: argparse.Namespace, X: np.ndarray, y: np.ndarray, minority: str, seed: int
) -> tuple[np.ndarray, ...]:
    """Split into halves, and keep only a few training series of the minority class."""
    from imblearn.datasets import make_imbalance
    from sklearn.model_selection import train_test_split

    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.5, stratify=y, random_state=seed
    )
    of_minority = int((y_train == minority).sum())
    most = min(of_minority, len(y_train) - of_minority - 1)
    if not 2 <= options.n_minority <= most:
        raise ValueError(
            f"--n-minority {options.n_minority} was given; the training half has {len(y_train)} "
            f"series, {of_minority} of them of class {minority}: choose from 2 to {most}, so that "
            "they are fewer than the rest."
        )
    X_train, y_train = make_imbalance(
        X_train.reshape(len(X_train), -1),
        y_train,
        sampling_strategy={minority: options.n_minority},
        random_state=seed,
    )
    return X_train.reshape(-1, *X.shape[1:]), X_test, y_train, y_test


def _save_picture(
    options: argparse.Namespace,
    minority: str,
    counts: tuple[Counter[str], Counter[str]],
    series: dict[str, np.ndarray],
    rows: list[dict[str, Any]],
) -> None:
    """Draw the counts, series of the minority class, and the scores of each method."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from ganbats_sampler.plotting import REAL, SYNTHETIC

    figure: Any = plt.figure(figsize=(11, 6), layout="constrained")
    top, bottom = figure.subfigures(2, 1)
    ax, *panels = top.subplots(1, 1 + len(series), width_ratios=[1, *[1.4] * len(series)])
    before, after = counts
    labels = [str(label) for label in before]
    added = [after[label] - before[label] for label in before]
    ax.bar(labels, before.values(), color=REAL, label="real")
    ax.bar(labels, added, bottom=list(before.values()), color=SYNTHETIC, label="synthetic")
    ax.set(title=options.dataset, ylabel="series to train on", xlabel="class")
    ax.set_ylim(0, 1.25 * max(after.values()))
    ax.legend(frameon=False, fontsize=8, ncols=2)
    for panel, (title, values) in zip(panels, series.items(), strict=True):
        colour = REAL if title == "real" else SYNTHETIC
        panel.plot(values[:N_SHOWN, 0].T, color=colour, linewidth=0.8, alpha=0.8)
        panel.set(title=f"class {minority}, {title}", xlabel="time step")
        panel.title.set_fontsize(9)
        panel.sharey(panels[0])
    titles = ("balanced accuracy", "average precision")
    methods = list(dict.fromkeys(row["method"] for row in rows))[::-1]
    for panel, title in zip(bottom.subplots(1, 2, sharey=True), titles, strict=True):
        values = np.array([[row[title] for row in rows if row["method"] == m] for m in methods])
        panel.plot(values, range(len(methods)), "o", color="#999999", markersize=4)
        panel.plot(values.mean(axis=1), range(len(methods)), "|", color=REAL, markersize=18, mew=3)
        panel.set_yticks(range(len(methods)), methods)
        panel.set(title=f"{title} on held-out series", ylim=(-0.5, len(methods) - 0.5))
        panel.set_xlabel(f"bar: mean of {N_SPLITS} splits, points: splits")
    picture = io.BytesIO()
    figure.savefig(picture, format=options.out.suffix[1:].lower(), dpi=100)
    plt.close(figure)
    write_file(options.out, picture.getvalue())


def _picture_suffixes() -> list[str]:
    """List the suffixes of the formats that matplotlib writes."""
    try:
        from matplotlib.backend_bases import FigureCanvasBase
    except ImportError as error:
        raise ImportError(
            'The demo needs matplotlib: pip install "ganbats-sampler[plot]"'
        ) from error
    return [f".{name}" for name in FigureCanvasBase.get_supported_filetypes()]

"""``demo``: rebalance one real data set, and say whether it was any good."""

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


def add_parser(commands: Any) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "demo",
        help="rebalance a real data set and compare",
        description="Make a class of a UCR/UEA data set rare, train GANBATS on it, and compare "
        "what a classifier makes of nothing, class weights, SMOTE and GANBATS on held-out data.",
    )
    parser.add_argument(
        "--dataset",
        default="ItalyPowerDemand",
        help="name in the UCR/UEA archive; aeon carries ItalyPowerDemand, GunPoint, OSULeaf, "
        "ArrowHead, BasicMotions and downloads others (default: %(default)s)",
    )
    parser.add_argument("--minority", help="label to make rare (default: the rarest)")
    parser.add_argument(
        "--n-minority", type=int, default=25, help="series of it to train on (%(default)s)"
    )
    parser.add_argument(
        "--preset", help='train as the paper does: "ecg-mit", "nasa-battery" or "xjtu-sy"'
    )
    parser.add_argument(
        "--updates", type=int, help="generator updates at least (default: by the size of the class)"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, mps (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of split and training (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path("demo.png"), help="the picture (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the demo and print what it finds."""
    from ganbats_sampler import GANBATSSampler

    check_destination(options.out, _picture_suffixes())
    parameters = {"device": options.device, "random_state": options.seed, "verbose": True}
    if options.updates is not None:
        parameters["min_updates"] = options.updates
    sampler = GANBATSSampler(**parameters)
    if options.preset is not None:
        sampler = GANBATSSampler.from_preset(options.preset, **parameters)
    X_train, X_test, y_train, y_test, minority = _load(options)
    print(f"{options.dataset}: series of {X_train.shape[2]} steps, {X_train.shape[1]} channel(s)")
    print(f"class {minority} against the rest, trained on one half and tested on the other")

    start = time.perf_counter()
    X_resampled, y_resampled = sampler.fit_resample(X_train, y_train)
    print(f"\nresampled in {time.perf_counter() - start:.0f} s, series before and after")
    before, after = Counter(y_train.tolist()), Counter(y_resampled.tolist())
    for label in before:
        print(f"  {label:<8}{before[label]:>6} -> {after[label]}")
    outcome = sampler.outcomes_[minority]
    if not outcome.is_generated:
        print(f"\nno generator: {outcome.reason}")
        print("the series below are recombined from real ones instead")
    print(f"\n{sampler.quality_report(X_test[y_test == minority])}")
    _print_scores(
        {"train": (X_train, y_train), "resampled": (X_resampled, y_resampled)},
        (X_test, y_test == minority),
        minority,
        options.seed,
    )
    synthetic = X_resampled[sampler.synthetic_mask_]
    _save_picture(options, minority, X_train[y_train == minority], synthetic, sampler)
    print(f"\nreal beside synthetic series, and the losses: {options.out}")
    return 0


def _load(options: argparse.Namespace) -> tuple:
    """Load the data, split in halves, and leave a few series of one class to train on."""
    from imblearn.datasets import make_imbalance
    from sklearn.model_selection import train_test_split

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
    y = np.where(y == minority, minority, REST)
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.5, stratify=y, random_state=options.seed
    )
    of_minority = int((y_train == minority).sum())
    most = min(of_minority, len(y_train) - of_minority - 1)
    if not 2 <= options.n_minority <= most:
        raise ValueError(
            f"--n-minority {options.n_minority} was given; of the training half's {len(y_train)} "
            f"series {of_minority} are of class {minority}: choose from 2 to {most}, fewer than "
            "the rest."
        )
    X_train, y_train = make_imbalance(
        X_train.reshape(len(X_train), -1),
        y_train,
        sampling_strategy={minority: options.n_minority},
        random_state=options.seed,
    )
    return X_train.reshape(-1, *X.shape[1:]), X_test, y_train, y_test, minority


def _print_scores(data: dict[str, tuple], test: tuple, minority: str, seed: int) -> None:
    from imblearn.over_sampling import SMOTE
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score

    flat = {name: (X.reshape(len(X), -1), y == minority) for name, (X, y) in data.items()}
    neighbors = min(5, int(flat["train"][1].sum()) - 1)
    smote = SMOTE(k_neighbors=neighbors, random_state=seed)
    methods = {
        "nothing": (flat["train"], None),
        "class weights": (flat["train"], "balanced"),
        "SMOTE": (smote.fit_resample(*flat["train"]), None),
        "GANBATS": (flat["resampled"], None),
    }
    print(
        "\na random forest on held-out series (one split, one seed: differences of .01 are noise)"
    )
    print(f"  {'':<16}{'balanced accuracy':>18}{'F1':>9}{'average precision':>19}")
    X_test, y_test = test
    for name, (train, class_weight) in methods.items():
        forest = RandomForestClassifier(300, class_weight=class_weight, random_state=seed)
        probability = forest.fit(*train).predict_proba(X_test.reshape(len(X_test), -1))[:, 1]
        predicted = probability > 0.5
        print(
            f"  {name:<16}{balanced_accuracy_score(y_test, predicted):>18.3f}"
            f"{f1_score(y_test, predicted):>9.3f}"
            f"{average_precision_score(y_test, probability):>19.3f}"
        )


def _save_picture(options, minority, real, synthetic, sampler) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from ganbats_sampler.plotting import plot_diversity, plot_losses, plot_real_beside_synthetic

    figure, axes = plt.subplots(2, 2, figsize=(9, 6))
    plot_real_beside_synthetic(real, synthetic, axes=axes[0])
    note = "" if sampler.outcomes_[minority].is_generated else ", recombined (no generator)"
    figure.suptitle(f"{options.dataset}, class {minority}{note}")
    history = sampler.history_.get(minority, [])
    plot_losses(history, ax=axes[1, 0])
    plot_diversity(history, ax=axes[1, 1])
    figure.tight_layout()
    picture = io.BytesIO()
    figure.savefig(picture, format=options.out.suffix[1:].lower(), dpi=120)
    plt.close(figure)
    write_file(options.out, picture.getvalue())


def _picture_suffixes() -> list[str]:
    """List the formats that matplotlib writes, by suffix."""
    try:
        from matplotlib.backend_bases import FigureCanvasBase
    except ImportError as error:
        raise ImportError(
            'The demo needs matplotlib: pip install "ganbats-sampler[plot]"'
        ) from error
    return [f".{name}" for name in FigureCanvasBase.get_supported_filetypes()]

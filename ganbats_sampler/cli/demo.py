"""``demo``: rebalance one real data set, and say whether it was any good."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ganbats_sampler import GANBATSSampler

Pair = tuple[np.ndarray, np.ndarray]
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
        "--n-minority", type=int, default=25, help="series left of it to train on (%(default)s)"
    )
    parser.add_argument(
        "--preset", help='train as the paper does: "ecg-mit", "nasa-battery" or "xjtu-sy"'
    )
    parser.add_argument("--updates", type=int, help="generator updates at least (default: 300)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, mps (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of split and training (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path("demo.png"), help="the picture (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the demo and print what it finds."""
    from imblearn.datasets import make_imbalance
    from sklearn.model_selection import train_test_split

    X, y = _load(options.dataset)
    minority = _choose_minority(y, options.minority)
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
    X_train = X_train.reshape(-1, *X.shape[1:])
    print(f"{options.dataset}: series of {X.shape[2]} steps, {X.shape[1]} channel(s)")
    print(f"class {minority} against the rest, trained on one half and tested on the other")

    sampler = _sampler(options)
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

    synthetic = X_resampled[sampler.synthetic_mask_]
    real = X_train[y_train == minority]
    _print_quality(real, synthetic, X_test[y_test == minority])
    _print_scores(
        (X_train, y_train), (X_resampled, y_resampled), (X_test, y_test), minority, options.seed
    )
    _save_picture(options, minority, real, synthetic, sampler)
    print(f"\nreal beside synthetic series, and the losses: {options.out}")
    return 0


def _load(name: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        from aeon.datasets import load_classification
    except ImportError as error:
        raise ImportError('The demo needs aeon: pip install "ganbats-sampler[all]"') from error
    X, y = load_classification(name)
    if not hasattr(X, "shape"):
        raise ValueError(f"The series of {name} have several lengths; choose another --dataset.")
    return X, y


def _choose_minority(y: np.ndarray, wanted: str | None) -> str:
    counts = Counter(y.tolist())
    if wanted is None:
        return min(sorted(counts), key=counts.__getitem__)
    if wanted not in counts:
        raise ValueError(f"--minority {wanted} was given; the classes are {sorted(counts)}.")
    return wanted


def _sampler(options: argparse.Namespace) -> GANBATSSampler:
    from ganbats_sampler import GANBATSSampler

    parameters = {"device": options.device, "random_state": options.seed, "verbose": True}
    if options.updates is not None:
        parameters |= {"min_updates": options.updates}
    if options.preset is not None:
        return GANBATSSampler.from_preset(options.preset, **parameters)
    return GANBATSSampler(**parameters)


def _print_quality(real: np.ndarray, synthetic: np.ndarray, held_out: np.ndarray) -> None:
    from ganbats_sampler.metrics import diversity_ratio, dtw, prd, score_with_reference

    print(
        "\nsynthetic series; a perfect generator is at the reference, that of held-out real series"
    )
    print(
        f"  {'pairing':<16}{'value':>9}{'reference':>11}{'ratio':>7}{'class mean':>12}{'copies':>9}"
    )
    for name, metric in (("PRD", prd), ("DTW", dtw)):
        for pairing in ("random", "nearest"):
            score = score_with_reference(metric, real, synthetic, held_out, pairing=pairing)
            print(
                f"  {name + ', ' + pairing:<16}{score.value:>9.2f}{score.reference:>11.2f}"
                f"{score.ratio:>7.2f}{score.class_mean:>12.2f}{score.copies:>9.2f}"
            )
    print(
        f"  diversity ratio {diversity_ratio(real, synthetic):.2f} (1 is as varied as real series)"
    )


def _print_scores(train: Pair, resampled: Pair, test: Pair, minority: str, seed: int) -> None:
    from imblearn.over_sampling import SMOTE
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score

    train, resampled, test = (
        (X.reshape(len(X), -1), y == minority) for X, y in (train, resampled, test)
    )
    neighbors = min(5, int(train[1].sum()) - 1)
    methods = {
        "nothing": (train, None),
        "class weights": (train, "balanced"),
        "SMOTE": (SMOTE(k_neighbors=neighbors, random_state=seed).fit_resample(*train), None),
        "GANBATS": (resampled, None),
    }
    print(
        "\na random forest on held-out series (one split, one seed: differences of .01 are noise)"
    )
    print(f"  {'':<16}{'balanced accuracy':>18}{'F1':>9}{'average precision':>19}")
    for name, (data, class_weight) in methods.items():
        forest = RandomForestClassifier(300, class_weight=class_weight, random_state=seed)
        probability = forest.fit(*data).predict_proba(test[0])[:, 1]
        predicted = probability > 0.5
        print(
            f"  {name:<16}{balanced_accuracy_score(test[1], predicted):>18.3f}"
            f"{f1_score(test[1], predicted):>9.3f}"
            f"{average_precision_score(test[1], probability):>19.3f}"
        )


def _save_picture(options, minority, real, synthetic, sampler) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from ganbats_sampler.plotting import plot_diversity, plot_losses, plot_real_beside_synthetic

    figure, axes = plt.subplots(2, 2, figsize=(9, 6))
    plot_real_beside_synthetic(real, synthetic, axes=axes[0])
    fallback = "" if sampler.outcomes_[minority].is_generated else ", recombined (no generator)"
    figure.suptitle(f"{options.dataset}, class {minority}{fallback}")
    history = sampler.history_.get(minority, [])
    plot_losses(history, ax=axes[1, 0])
    plot_diversity(history, ax=axes[1, 1])
    figure.tight_layout()
    figure.savefig(options.out, dpi=120)
    plt.close(figure)

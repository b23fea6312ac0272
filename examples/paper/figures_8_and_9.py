"""Figures 8 and 9 of Liu et al. (2023) for every GAN: generated series, losses, and convergence.

The five GANs are trained on the series of table 2, GANBATS by the paper's preset and the others by
their own defaults::

    python examples/paper/figures_8_and_9.py --mitbih mitdb --nasa nasa --cwru cwru

It writes ``figure_8.png`` (series), ``figure_9.png`` (losses) and ``convergence.png`` (diversity
over the updates), one row or panel for each data set, and takes half an hour on one core.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import joblib
import matplotlib.pyplot as plt
import numpy as np
from joblib import delayed
from paper_sets import PaperSet, load_single_classes, read_options

from ganbats_sampler import GANBATSSampler, GenerationWarning
from ganbats_sampler.plotting import REAL, SYNTHETIC, plot_losses
from ganbats_sampler.samplers import get_sampler

GANS = ("GANBATS", "CGAN", "DCGAN", "WGAN", "WGAN-GP")
#: Series in a panel of figure 8, and generated in all.
N_SHOWN, N_GENERATED = 5, 50


def make_gan(name: str, preset: str) -> Any:
    """Make a sampler that returns the series of its network, whatever the checks say."""
    if name == "GANBATS":
        return GANBATSSampler.from_preset(preset)
    return get_sampler(name.lower().replace("-", "_")).set_params(on_failure="warn")


def train(of: PaperSet, name: str, seed: int) -> dict[str, Any]:
    """Train a GAN on the rare class of a set; return real and generated series, and the history."""
    split = of.of_table_2.split(seed)
    sampler = make_gan(name, of.preset)
    n_rare = int(split.y_train.sum())
    sampler.set_params(sampling_strategy={True: n_rare + N_GENERATED}, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GenerationWarning)
        X, _ = sampler.fit_resample(split.X_train, split.y_train)
    return {
        "real": split.X_train[split.y_train],
        "generated": X[sampler.synthetic_mask_],
        "history": sampler.history_[True],
        "failed": not sampler.outcomes_[True].passed,
    }


def draw_series(ax: Any, series: np.ndarray, colour: str, title: str) -> None:
    """Draw the first channel of a few series."""
    ax.plot(series[:N_SHOWN, 0].T, color=colour, linewidth=0.8, alpha=0.8)
    ax.set_title(title, fontsize=9)
    ax.tick_params(labelsize=7)


def draw(trained: Mapping[str, Mapping[str, dict[str, Any]]]) -> dict[str, Any]:
    """Draw the three figures from what was trained, by set and GAN."""
    n_sets = len(trained)
    wide = {"figsize": (13, 2.1 * n_sets), "layout": "constrained", "squeeze": False}
    series, series_axes = plt.subplots(n_sets, 1 + len(GANS), sharey="row", **wide)
    losses, loss_axes = plt.subplots(n_sets, len(GANS), **wide)
    convergence, panels = plt.subplots(
        1, n_sets, figsize=(13, 3), layout="constrained", squeeze=False
    )
    for row, (data, by_gan) in enumerate(trained.items()):
        draw_series(series_axes[row, 0], by_gan[GANS[0]]["real"], REAL, f"{data}, real")
        panels[0, row].set(title=data, xlabel="updates of the generator", ylabel="diversity ratio")
        panels[0, row].axhline(1, color="#bbbbbb", linewidth=0.8)
        for column, (name, found) in enumerate(by_gan.items()):
            title = f"{name}, failed the checks" if found["failed"] else name
            draw_series(series_axes[row, column + 1], found["generated"], SYNTHETIC, title)
            plot_losses(found["history"], ax=loss_axes[row, column]).get_legend().remove()
            loss_axes[row, column].set_title(f"{data}, {name}", fontsize=9)
            loss_axes[row, column].tick_params(labelsize=7)
            known = [one for one in found["history"] if np.isfinite(one["diversity"])]
            updates, diversity = ([one[key] for one in known] for key in ("update", "diversity"))
            panels[0, row].plot(updates, diversity, linewidth=1, label=name)
    for figure, ax in ((losses, loss_axes[0, 0]), (convergence, panels[0, 0])):
        handles, labels = ax.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=5, frameon=False)
    return {"figure_8": series, "figure_9": losses, "convergence": convergence}


def main() -> None:
    """Train the GANs and save the figures."""
    options = read_options(__doc__, "figure_8.png")
    sets = load_single_classes(options.folders)
    calls = [delayed(train)(of, name, options.seeds[0]) for of in sets.values() for name in GANS]
    found = iter(joblib.Parallel(n_jobs=options.jobs)(calls))
    trained = {data: {name: next(found) for name in GANS} for data in sets}
    for name, figure in draw(trained).items():
        path = options.out / f"{name}.png"
        figure.savefig(path, dpi=100)
        print(path)


if __name__ == "__main__":
    main()

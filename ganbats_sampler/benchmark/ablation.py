"""Table 2 of the paper: what Bi-LSTM and attention add to how near generated series are."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ganbats_sampler import metrics
from ganbats_sampler.benchmark.cost import Cost
from ganbats_sampler.benchmark.tasks import Task

#: The rows of Tables 2 and 3, in the paper's order.
ABLATION: dict[str, dict[str, bool]] = {
    "neither": {"bilstm": False, "attention": False},
    "Bi-LSTM": {"bilstm": True, "attention": False},
    "attention": {"bilstm": False, "attention": True},
    "both": {"bilstm": True, "attention": True},
}
#: Most series that are generated, and held out.
N_GENERATED = 200
MIN_HELD_OUT = 20
PAIRINGS = ("random", "nearest")


def measure_form(
    task: Task, preset: str, form: str, seed: int, **parameters: Any
) -> dict[str, Any]:
    """Train one form of GANBATS on a rare class and measure what it generates.

    Every form is trained as the paper's preset says, on the same series, and measured beside the
    same held-out series of the same entities.

    Parameters
    ----------
    task : Task
        Its rare class is generated; at least 20 series of it must be left to hold out.
    preset : {"ecg-mit", "nasa-battery", "xjtu-sy"}
        The paper's training.
    form : {"neither", "Bi-LSTM", "attention", "both"}
        Which parts there are.
    seed : int
        Of the split and of the training.
    **parameters
        Of the sampler, where they are to differ from the preset.

    Returns
    -------
    dict
        PRD and DTW by pairing (``prd_nearest``), their floors (``prd_nearest_floor``), the same
        figure for the class mean again and again (``prd_nearest_class_mean``), ``spread``,
        ``updates``, ``seconds``, and in ``failure`` what the watch has to say of the net; one that
        diverged has no figures. Series are scaled, channel by channel, to a mean of 0 and a
        deviation of 1 over the class.

    Raises
    ------
    ValueError
        If too few series are left to hold out.
    """
    from ganbats_sampler.samplers import GANBATSSampler, GenerationWarning

    split = task.split(seed)
    real, held_out = split.X_train[split.y_train], split.X_reserve[:N_GENERATED]
    if len(held_out) < MIN_HELD_OUT:
        raise ValueError(
            f"{task.name}: {len(held_out)} series of the class are left beside the {len(real)} "
            f"that are trained on; the floors need {MIN_HELD_OUT}. Use a smaller n_minority."
        )
    sampler = GANBATSSampler.from_preset(
        preset,
        sampling_strategy={True: len(real) + len(held_out)},
        random_state=seed,
        **{**ABLATION[form], **parameters},
    )
    with Cost() as cost, warnings.catch_warnings():
        warnings.simplefilter("ignore", GenerationWarning)  # it is in the row
        X, _ = sampler.fit_resample(split.X_train, split.y_train)
    row = {
        "task": task.name,
        "form": form,
        "seed": seed,
        "failure": sampler.failures_.get(True, ""),
        "updates": sampler.history_[True][-1]["update"],
        "seconds": cost.seconds,
    }
    if sampler.fallback_:  # what came out is not the net's
        return row
    return row | _distances(real, X[sampler.synthetic_mask_], held_out, seed)


def _distances(
    real: np.ndarray, generated: np.ndarray, held_out: np.ndarray, seed: int
) -> dict[str, float]:
    """Measure PRD and DTW by pairing, with floor and control, and the spread."""
    centre = real.mean(axis=(0, 2), keepdims=True)
    deviation = real.std(axis=(0, 2), keepdims=True)
    real, generated, held_out = (
        (side - centre) / deviation for side in (real, generated, held_out)
    )
    row = {"spread": metrics.spread_ratio(real, generated)}
    for metric in (metrics.prd, metrics.dtw):
        for pairing in PAIRINGS:
            score = metrics.beside_floor(
                metric, real, generated, held_out, pairing=pairing, random_state=seed
            )
            name = f"{metric.__name__}_{pairing}"
            row |= {
                name: score.value,
                f"{name}_floor": score.floor,
                f"{name}_class_mean": score.class_mean,
            }
    return row

"""Tables of runs with known effects."""

import numpy as np
import pandas as pd

from ganbats_sampler.benchmark.scores import SCORES


def make_runs(
    effects, *, n_tasks=12, n_seeds=3, score="f1", classifier="ridge", noise=0.002, seed=0
):
    """Make runs in which the mean gain of every method over "none" is known."""
    rng = np.random.default_rng(seed)
    sign = 1 if SCORES[score].greater_is_better else -1
    rows = []
    for task in range(n_tasks):
        levels = rng.uniform(0.4, 0.6) + rng.normal(0, 0.05, n_seeds)  # the same for all methods
        for method, effect in {"none": 0.0, **effects}.items():
            wobble = rng.normal(0, noise) if effect else 0.0
            rows += [
                {
                    "task": f"task {task:02}",
                    "protocol": "honest",
                    "amount": "double",
                    "method": method,
                    "classifier": classifier,
                    "seed": number,
                    "status": "ok",
                    "reason": np.nan,
                    score: levels[number] + sign * (effect + wobble),
                    "resample_seconds": np.nan if method == "none" else 2.0,
                    "fit_seconds": 1.0,
                }
                for number in range(n_seeds)
            ]
    return pd.DataFrame(rows)


def lose(runs, chosen, status="failed", reason="it diverged"):
    """Mark the chosen runs as failed or skipped."""
    runs = runs.copy()
    runs["reason"] = runs["reason"].astype(object)
    runs.loc[chosen, ["status", "reason"]] = [status, reason]
    scores = [name for name in SCORES if name in runs]
    runs.loc[chosen, [*scores, "resample_seconds", "fit_seconds"]] = np.nan
    return runs

"""What a table of runs holds: one row is an arm before a classifier, on one task with one seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Score(NamedTuple):
    """A score, and what to make of a difference in it.

    Attributes
    ----------
    title : str
        Its name in words.
    greater_is_better : bool
        Which way it counts.
    rope : float
        Half the width of the region of practical equivalence: a smaller difference matters to
        nobody.
    """

    title: str
    greater_is_better: bool
    rope: float


#: Of a rare class the Brier score is small as a whole (always to say "a tenth" has .09 where a
#: tenth is rare), so its region is narrower.
SCORES = {
    "balanced_accuracy": Score("balanced accuracy", True, 0.01),
    "f1": Score("F1", True, 0.01),
    "g_mean": Score("G-mean", True, 0.01),
    "average_precision": Score("average precision", True, 0.01),
    "roc_auc": Score("ROC AUC", True, 0.01),
    "brier": Score("Brier score", False, 0.002),
}
#: What costs nothing, and stands beside the samplers as their equal.
FREE = ("none", "class_weights", "tuned_threshold")
#: Real series in place of synthetic ones: not an arm anyone can choose, but the most to hope for.
ORACLE = "oracle"
STATUSES = ("ok", "failed", "skipped")
COLUMNS = ("task", "protocol", "amount", "arm", "classifier", "seed", "status", "reason")


def check_results(results: pd.DataFrame) -> None:
    """Check that a table of runs can be compared.

    Parameters
    ----------
    results : DataFrame
        A row for each run, with the columns task, protocol, amount, arm, classifier, seed, status
        ("ok", "failed" or "skipped"), reason, resample_seconds, fit_seconds, and at least one of
        the scores.

    Raises
    ------
    ValueError
        If a column is missing, a status is unknown, a run is there twice, several protocols or
        amounts are mixed, or no run of the arm "none" went well.
    """
    missing = [c for c in (*COLUMNS, "resample_seconds", "fit_seconds") if c not in results]
    if missing:
        raise ValueError(f"The results have no columns {missing}; they have {list(results)}.")
    if not any(score in results for score in SCORES):
        raise ValueError(f"The results have no score; at least one is needed of {list(SCORES)}.")
    for column in ("protocol", "amount"):
        found = sorted(results[column].unique(), key=str)
        if len(found) > 1:
            raise ValueError(
                f"The results mix {column}s: {found}. They answer different questions; choose one, "
                f"as in results[results[{column!r}] == {found[0]!r}]."
            )
    unknown = sorted(set(results["status"]) - set(STATUSES), key=str)
    if unknown:
        raise ValueError(f"There are runs of status {unknown}; allowed are {list(STATUSES)}.")
    key = ["task", "arm", "classifier", "seed"]
    twice = results[results.duplicated(key)]
    if len(twice):
        raise ValueError(
            f"{len(twice)} runs are there twice, first {twice.iloc[0][key].to_dict()}. If they "
            "differ in their settings, choose the rows of one; if not, drop one of each, as in "
            f"results.drop_duplicates({key})."
        )
    if not ((results["arm"] == "none") & (results["status"] == "ok")).any():
        raise ValueError('No run of the arm "none" went well: there is nothing to compare with.')

"""The sentences that comparisons become; none says "better" without both tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ganbats_sampler.benchmark.methods import FAILED_CHECKS, FELL_BACK, FREE, ORACLE
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

LEAKING = (
    "Over-sampled before the split: synthetic series made from test series were trained on, so "
    "these figures leak and mean nothing for new data."
)


def summarise(findings: Sequence[Finding]) -> list[str]:
    """Say what was found over all scores and classifiers."""
    winners = [(f"{m} with {f.classifier}", f) for f in findings for m in f.winners()]
    sentences = [
        "No sampler is established to be better than everything that is free (doing nothing, "
        "class weights, a tuned threshold) in any score of any classifier."
    ]
    if winners:
        sentences = [f"Better than all that is free, by both tests: {_gather(winners)}."]
    for beginning, holds in (
        (
            "Class weights or a tuned threshold help, and no sampler is established to beat them",
            Finding.free_is_enough,
        ),
        ("Doing nothing is best: every method harms or is alike", Finding.is_nothing_best),
        ("There are too few tasks to test, fewer than 6", Finding.is_too_small),
        ("No method is established to help", Finding.is_open),
    ):
        if where := [(f.classifier, f) for f in findings if holds(f)]:
            sentences.append(f"{beginning}: {_gather(where)}.")
    return sentences


def describe(finding: Finding) -> list[str]:
    """Say what was found in one score of one classifier: what to do, and how much can be gained."""
    if finding.leaks:
        return []
    gains = finding.gains.drop(columns=ORACLE, errors="ignore").dropna(how="all")
    n_idle = int((gains.max(axis=1) <= finding.rope).sum())
    sentences = [
        _conclude(finding),
        f"On {n_idle} of {len(gains)} tasks no method gains more than {finding.rope:g} over doing "
        "nothing; single tasks are not tested.",
    ]
    if ORACLE in finding.comparisons.index:
        oracle = finding.comparisons.loc[ORACLE]
        sentences.append(
            f"Real series in place of synthetic ones (the oracle) gain {oracle['gain']:+.3f} over "
            f"the {oracle['n_tasks']} tasks that have enough of them."
        )
    return sentences


def describe_failures(results: pd.DataFrame) -> list[str]:
    """Say how many runs of each method are of a generator that failed."""
    noted = results[results["status"] == "ok"].drop_duplicates(["method", "task", "seed"])
    runs = noted["method"].value_counts()
    kinds = noted["reason"].astype(str).str.extract(f"^({FELL_BACK}|{FAILED_CHECKS})")[0]
    counted = kinds.groupby([noted["method"], kinds]).size()
    return [
        f"{method}: {n} of {runs[method]} runs {kind}." for (method, kind), n in counted.items()
    ]


def _conclude(finding: Finding) -> str:
    if finding.is_nothing_best():
        return "Doing nothing is best: every method that was tested harms or is alike."
    if finding.is_too_small():
        return "There are too few tasks to test; 6 are needed."
    if finding.winners():
        beaten = ", ".join(["doing nothing", *finding.free])
        return f"Worth the cost, for better than {beaten}: {', '.join(finding.winners())}."
    helping = finding.having("helps")
    free = [method for method in helping if method in FREE]
    if free:
        return f"At no cost helps {' and '.join(free)}; no sampler is established to beat that."
    if helping:
        return f"Help, but not established to beat all that is free: {', '.join(helping)}."
    return "No method is established to help."


def _gather(places: Iterable[tuple[str, Finding]]) -> str:
    """Join places by name: "ridge: F1, G-mean; forest: F1"."""
    titles: dict[str, list[str]] = {}
    for name, finding in places:
        titles.setdefault(name, []).append(SCORES[finding.score].title)
    return "; ".join(f"{name}: {', '.join(of)}" for name, of in titles.items())

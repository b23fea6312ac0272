"""The sentences that comparisons become; none says "better" without both tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ganbats_sampler.benchmark.methods import FAILED_CHECKS, FELL_BACK, FREE, ORACLE
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.statistics import MIN_TASKS

if TYPE_CHECKING:
    import pandas as pd

LEAKING = (
    "Over-sampled before the split: synthetic series made from test series were trained on, so "
    "these figures leak and mean nothing for new data."
)
#: Methods whose name in the results is not one in words.
NAMES = {
    "none": "no resampling",
    "class_weights": "class weights",
    "tuned_threshold": "tuned threshold",
    "oracle": "oracle (real series)",
}
#: Most methods that a sentence names.
MAX_NAMED = 4


def name_method(method: str) -> str:
    """Name a method in words."""
    return NAMES.get(method, method)


def say_untested(n_tasks: int) -> str:
    """Say why nothing was tested."""
    return f"{_number(n_tasks, 'task')}, {MIN_TASKS} needed: not tested."


def summarise(results: pd.DataFrame, findings: Sequence[Finding]) -> list[str]:
    """Say in three sentences what helps, what does not, and how much evidence there is."""
    tested = [finding for finding in findings if not finding.is_too_small()]
    if tested:
        sentences = [_say_what_helps(tested), _say_what_does_not(tested)]
    else:
        n_tasks = max((finding.n_tasks for finding in findings), default=0)
        sentences = [say_untested(n_tasks), "Do not choose a method by gains without a test."]
    return [*sentences, _say_evidence(results, findings)]


def describe(finding: Finding) -> list[str]:
    """Say what was found in one score of one classifier: what to do, and how much can be gained."""
    if finding.leaks:
        return []
    gains = finding.gains.drop(columns=ORACLE, errors="ignore").dropna(how="all")
    n_idle = int((gains.max(axis=1) <= finding.rope).sum())
    sentences = [
        f"On {n_idle} of {len(gains)} tasks no method gains more than {finding.rope:g} over no "
        "resampling; single tasks are not tested."
    ]
    if ORACLE in finding.comparisons.index:
        oracle = finding.comparisons.loc[ORACLE]
        sentences.append(
            f"Real series in place of synthetic ones (the oracle) gain {oracle['gain']:+.3f} over "
            f"the {oracle['n_tasks']} tasks that have enough of them."
        )
    return sentences


def conclude(finding: Finding) -> str:
    """Say in one sentence what was found in one score of one classifier."""
    if finding.leaks:
        return "These figures leak."
    if finding.is_too_small():
        return say_untested(finding.n_tasks)
    if finding.is_nothing_best():
        return "No resampling is best: every method that was tested harms or is alike."
    if finding.winners():
        return f"{_join(finding.winners())}: better than everything free."
    helping = finding.having("helps")
    free = [method for method in helping if method in FREE]
    if free:
        return f"No cost, and helps: {_join(free)}. No sampler is established to beat that."
    if helping:
        return f"{_join(helping)}: helps, but is not established to beat everything free."
    return "No method is established to help."


def describe_failures(results: pd.DataFrame) -> list[str]:
    """Say how many runs of each method are of a generator that failed."""
    noted = results[results["status"] == "ok"].drop_duplicates(["method", "task", "seed"])
    runs = noted["method"].value_counts()
    kinds = noted["reason"].astype(str).str.extract(f"^({FELL_BACK}|{FAILED_CHECKS})")[0]
    counted = kinds.groupby([noted["method"], kinds]).size()
    return [
        f"{method}: {n} of {runs[method]} runs {kind}." for (method, kind), n in counted.items()
    ]


def _say_what_helps(findings: Sequence[Finding]) -> str:
    if winners := _rank(method for finding in findings for method in finding.winners()):
        best, *others = winners
        where = _list_places(finding for finding in findings if best in finding.winners())
        also = f" So do {_join(others)}." if others else ""
        return f"Helps most and beats everything free: {best}, in {where}.{also}"
    helping = _rank(method for finding in findings for method in finding.having("helps"))
    if not helping:
        if all(finding.is_nothing_best() for finding in findings):
            return "No resampling is best: every method that was tested harms or is alike."
        pairs = _number(len(findings), "pair")
        return f"No method is established to help, in {pairs} of classifier and score."
    best = helping[0]
    where = _list_places(finding for finding in findings if best in finding.having("helps"))
    sentence = f"Helps most often: {name_method(best)}, in {where}."
    if not any(name in FREE for finding in findings for name in finding.comparisons.index):
        return f"{sentence} Class weights and a tuned threshold were not run; compare with them."
    return f"{sentence} No sampler is established to beat everything free."


def _say_what_does_not(findings: Sequence[Finding]) -> str:
    useless = [finding for finding in findings if not finding.having("helps")]
    harming = _rank(method for finding in findings for method in finding.having("harms"))
    sentences = []
    if useless:
        sentences.append(f"Nothing is established to help in {_list_places(useless)}.")
    if harming:
        sentences.append(f"Established to harm somewhere: {_join(harming)}.")
    return " ".join(sentences) or "No method is established to harm."


def _say_evidence(results: pd.DataFrame, findings: Sequence[Finding]) -> str:
    status = results["status"].value_counts()
    sizes = ", ".join(_number(results[of].nunique(), of) for of in ("task", "seed", "classifier"))
    sentence = (
        f"Evidence: {sizes}; {len(results)} runs with protocol {results['protocol'].iloc[0]} and "
        f"amount {results['amount'].iloc[0]}, of which {status.get('failed', 0)} failed and "
        f"{status.get('skipped', 0)} were skipped."
    )
    untested = [finding for finding in findings if finding.is_too_small()]
    if untested and len(untested) < len(findings):
        sentence += f" Not tested, with fewer than {MIN_TASKS} tasks: {_list_places(untested)}."
    return sentence


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"


def _rank(methods: Iterable[str]) -> list[str]:
    """Order methods by how often they occur, and at a tie those that are free first."""
    counts = Counter(methods)
    return sorted(counts, key=lambda method: (-counts[method], method not in FREE))


def _join(methods: Iterable[str]) -> str:
    names = list(map(name_method, methods))
    more = len(names) - MAX_NAMED
    return ", ".join(names[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _list_places(findings: Iterable[Finding]) -> str:
    """List scores with their classifiers: "F1, G-mean (forest, ridge); ROC AUC (ridge)"."""
    scores: dict[str, list[str]] = {}
    for finding in findings:
        scores.setdefault(finding.classifier, []).append(SCORES[finding.score].title)
    classifiers: dict[tuple[str, ...], list[str]] = {}
    for classifier, titles in scores.items():
        classifiers.setdefault(tuple(titles), []).append(classifier)
    return "; ".join(f"{', '.join(titles)} ({', '.join(of)})" for titles, of in classifiers.items())

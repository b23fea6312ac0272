"""The sentences of a verdict. None says that a method is better unless both tests agree."""

from __future__ import annotations

import math
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
    "Over-sampled before the split: some test series were made from training series, or the other "
    "way round. So these scores mean nothing for new data."
)
#: The names in words of the methods of the results.
NAMES = {
    "none": "no resampling",
    "class_weights": "class weights",
    "tuned_threshold": "tuned threshold",
    "oracle": "oracle (real series)",
}
NOTHING_HELPS = "Choose no resampling: every tested method harms or makes no practical difference."
#: The meaning of the note of a run, by its first words.
FAILURES = {
    FAILED_CHECKS: "the series of a network that failed the checks were used",
    FELL_BACK: "other series replaced those of a network that failed or was not trained",
}
#: The greatest number of methods that a sentence names.
MAX_NAMED = 4


def name_method(method: str) -> str:
    """Return the name of a method in words."""
    return NAMES.get(method, method)


def format_number(value: float, form: str = ".3f") -> str:
    """Format a number, or "-" for NaN."""
    return "-" if math.isnan(value) else format(value, form)


def say_untested(n_tasks: int) -> str:
    """Explain why nothing was tested."""
    return f"Not tested: {_counted(n_tasks, 'task')}, and {MIN_TASKS} are needed."


def summarise(results: pd.DataFrame, findings: Sequence[Finding]) -> list[str]:
    """Write three items: what helps, what does not, and how much evidence there is."""
    tested = [finding for finding in findings if not finding.is_too_small()]
    if tested:
        sentences = [_say_what_helps(tested), _say_what_does_not(tested)]
    else:
        n_tasks = max((finding.n_tasks for finding in findings), default=0)
        sentences = [say_untested(n_tasks), "Do not choose a method by gains that are not tested."]
    return [*sentences, _say_evidence(results, findings)]


def describe(finding: Finding) -> list[str]:
    """Describe a finding: on how many tasks nothing helps, and how much the oracle gains."""
    if finding.leaks:
        return []
    gains = finding.gains.drop(columns=ORACLE, errors="ignore").dropna(how="all")
    n_idle = int((gains.max(axis=1) <= finding.rope).sum())
    sentences = [
        f"On {n_idle} of {len(gains)} tasks, no method except the oracle gains more than "
        f"{finding.rope:g} over no resampling. Single tasks are not tested."
    ]
    oracle = finding.comparisons.reindex([ORACLE]).iloc[0]
    if oracle["n_tasks"] > 0:
        sentences.append(
            f"The oracle, which adds real series, gains {oracle['gain']:+.3f} over no resampling, "
            f"on the {oracle['n_tasks']:.0f} tasks that have enough of them."
        )
    return sentences


def conclude(finding: Finding) -> str:
    """Summarise a finding in one line."""
    if finding.leaks:
        return "No conclusion: over-sampled before the split."
    if finding.is_too_small():
        return say_untested(finding.n_tasks)
    if finding.is_nothing_best():
        return NOTHING_HELPS
    if finding.winners():
        return f"Better than every free method: {_join(finding.winners())}."
    helping = finding.having("helps")
    free = [method for method in helping if method in FREE]
    if free:
        return f"Free methods help: {_join(free)}. No sampler is established to be better."
    if helping:
        return f"Helps, but is not established to beat every free method: {_join(helping)}."
    return "No method is established to help."


def describe_failures(results: pd.DataFrame) -> list[str]:
    """Count the runs of each method in which a network failed."""
    noted = results[results["status"] == "ok"].drop_duplicates(["method", "task", "seed"])
    runs = noted["method"].value_counts()
    kinds = noted["reason"].astype(str).str.extract(f"^({FELL_BACK}|{FAILED_CHECKS})")[0]
    counted = kinds.groupby([noted["method"], kinds]).size()
    return [
        f"{method}: in {n} of {runs[method]} runs {FAILURES[kind]}."
        for (method, kind), n in counted.items()
    ]


def _say_what_helps(findings: Sequence[Finding]) -> str:
    if winners := _rank(method for finding in findings for method in finding.winners()):
        best, *others = winners
        where = _list_places(finding for finding in findings if best in finding.winners())
        also = f" Others that do so in some score: {_join(others)}." if others else ""
        return f"Beats every free method most often: {best}, in {where}.{also}"
    helping = _rank(method for finding in findings for method in finding.having("helps"))
    if not helping:
        if all(finding.is_nothing_best() for finding in findings):
            return NOTHING_HELPS
        pairs = _counted(len(findings), "combination")
        return f"No method is established to help, in {pairs} of classifier and score."
    best = helping[0]
    where = _list_places(finding for finding in findings if best in finding.having("helps"))
    sentence = f"Helps most often: {name_method(best)}, in {where}."
    if not any(name in FREE for finding in findings for name in finding.comparisons.index):
        return f"{sentence} Class weights and a tuned threshold were not run; compare with them."
    return f"{sentence} No sampler is established to beat every free method."


def _say_what_does_not(findings: Sequence[Finding]) -> str:
    useless = [finding for finding in findings if not finding.having("helps")]
    harming = _rank(method for finding in findings for method in finding.having("harms"))
    sentences = []
    if useless:
        sentences.append(f"No method is established to help in {_list_places(useless)}.")
    if harming:
        sentences.append(f"Established to harm in at least one score: {_join(harming)}.")
    return " ".join(sentences) or "No method is established to harm."


def _say_evidence(results: pd.DataFrame, findings: Sequence[Finding]) -> str:
    status = results["status"].value_counts()
    sizes = ", ".join(_counted(results[of].nunique(), of) for of in ("task", "seed", "classifier"))
    sentence = (
        f"Evidence: {sizes}; {len(results)} runs with protocol {results['protocol'].iloc[0]} and "
        f"amount {results['amount'].iloc[0]}. Of these, {status.get('failed', 0)} failed and "
        f"{status.get('skipped', 0)} were skipped."
    )
    untested = [finding for finding in findings if finding.is_too_small()]
    if untested and len(untested) < len(findings):
        sentence += f" Not tested, with fewer than {MIN_TASKS} tasks: {_list_places(untested)}."
    return sentence


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"


def _rank(methods: Iterable[str]) -> list[str]:
    """Order methods by how often they occur; at a tie, free methods come first."""
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

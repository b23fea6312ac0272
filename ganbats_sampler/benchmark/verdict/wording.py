"""The sentences that comparisons become; none says "better" without the tests beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TYPE_CHECKING

from ganbats_sampler.benchmark.arms import FELL_BACK, NOT_PASSED
from ganbats_sampler.benchmark.verdict.comparison import Comparison
from ganbats_sampler.benchmark.verdict.runs import FREE, ORACLE, SCORES

if TYPE_CHECKING:
    import pandas as pd

    from ganbats_sampler.benchmark.verdict.finding import Finding

#: Most tasks named in a sentence.
MAX_NAMED = 5

LEAKING = (
    "Over-sampled before the split: synthetic series made from test series were trained on, so "
    "these figures leak and mean nothing for new data. They are here to be compared with figures "
    "taken the same way."
)


def describe(finding: Finding) -> list[str]:
    """Say what was found in one score of one classifier.

    Parameters
    ----------
    finding : Finding
        See :class:`~ganbats_sampler.benchmark.Finding`.

    Returns
    -------
    list of str
        Sentences: which arms help and harm, with the tests, the tasks and the cost; which are
        alike; whether a sampler is better than all that is free; where doing nothing is best; what
        is not established.
    """
    sentences = [_conclude(finding)]
    for word in ("helps", "harms"):
        sentences += [_describe_effect(finding, c) for c in finding.having(word)]
    alike = [f"{c.arm} ({_tests(c)})" for c in finding.having("alike")]
    if alike:
        sentences.append(f"Alike in practice, so doing nothing is as good: {'; '.join(alike)}.")
    sentences += describe_free(finding)
    undecided = [f"{c.arm} ({_tests(c)})" for c in finding.having("not established")]
    if undecided:
        sentences.append(f"Not established, either way: {'; '.join(undecided)}.")
    few = [f"{c.arm} ({c.n_tasks})" for c in finding.having("too few tasks")]
    if few:
        sentences.append(f"Too few tasks to say anything, under 6: {', '.join(few)}.")
    return [*sentences, *_describe_tasks(finding), *_describe_oracle(finding)]


def describe_free(finding: Finding) -> list[str]:
    """Say of each sampler that helps whether it is better than all that costs nothing.

    It is so if it helps over doing nothing, over class weights and over a tuned threshold, as far
    as they ran, in both tests: where all must be passed, no more correction is needed than that
    over the arms. Else the free arm that is established to be as good or better is named, or the
    one it is not established to be better than.

    Parameters
    ----------
    finding : Finding
        With the comparisons against the free arms.

    Returns
    -------
    list of str
        Empty if no sampler helps.
    """
    return [_beside_free(finding, sampler) for sampler in finding.helping_samplers()]


def _beside_free(finding: Finding, sampler: str) -> str:
    tests = {
        free: next(c for c in comparisons if c.arm == sampler)
        for free, comparisons in finding.beside_free.items()
    }
    if not tests:
        return f"Beside {sampler} no free arm ran but doing nothing: whether it is needed is open."
    if sampler in finding.winners():
        beaten = "; ".join(f"{free}: {_tests(c)}" for free, c in tests.items())
        return f"{sampler} is better than every free arm too ({beaten})."
    as_good = {"alike": "as good", "harms": "better"}
    named = [
        f"{free} is {as_good[c.word]} ({sampler} beside it: {_tests(c)})"
        for free, c in tests.items()
        if c.word in as_good
    ]
    if named:
        return f"{sampler} is not needed: {'; '.join(named)}."
    undecided = "; ".join(
        f"{free}: {_tests(c)}, {c.n_tasks} tasks" for free, c in tests.items() if c.word != "helps"
    )
    return f"{sampler} is not established to be better than what is free ({undecided})."


def summarise(findings: Sequence[Finding]) -> list[str]:
    """Say what was found over all scores and classifiers.

    Parameters
    ----------
    findings : sequence of Finding
        One for each score and classifier.

    Returns
    -------
    list of str
    """
    sentences = []
    winners = [(sampler, f) for f in findings for sampler in f.winners()]
    if winners:
        named = _gather(winners)
        sentences.append(
            f"Better than all that is free, doing nothing included, by both tests: {named}."
        )
    else:
        sentences.append(
            "No sampler is established to be better than everything that is free (doing nothing, "
            "class weights, a tuned threshold) in any score of any classifier."
        )
    free = [("", f) for f in findings if f.free_is_enough()]
    if free:
        where = _gather(free, names=False)
        sentences.append(
            "Class weights or a tuned threshold help, and no sampler is established to beat them: "
            f"{where}."
        )
    nothing = [("", f) for f in findings if f.is_nothing_best()]
    if nothing:
        where = _gather(nothing, names=False)
        sentences.append(f"Doing nothing is best, for every arm harms or is alike: {where}.")
    unhelped = [("", f) for f in findings if not f.having("helps") and not f.is_nothing_best()]
    if unhelped:
        sentences.append(f"No arm is established to help: {_gather(unhelped, names=False)}.")
    for arm in sorted({c.arm for f in findings for c in f.comparisons if c.arm != ORACLE}):
        sentences.append(_summarise_arm(arm, findings))
    return sentences


def describe_means(finding: Finding) -> list[str]:
    """Say what each arm has on average, without a conclusion."""
    # of doing nothing it hangs on the tasks that are compared: those of the arm that has most
    most = max(finding.comparisons, key=lambda c: c.n_tasks)
    means = [("none", most.baseline_mean), *((c.arm, c.mean) for c in finding.comparisons)]
    return [f"Means: {', '.join(f'{arm} {number(mean)}' for arm, mean in means)}."]


def describe_stand_ins(results: pd.DataFrame) -> list[str]:
    """Say of each arm how many of its runs are of a generator that failed.

    Parameters
    ----------
    results : DataFrame
        Runs; one that went well gives as its reason what is to be known of it.

    Returns
    -------
    list of str
        Empty if there are none.
    """
    noted = results[results["status"] == "ok"].drop_duplicates(["arm", "task", "seed"])
    reasons = noted["reason"].fillna("").astype(str)
    sentences = []
    for beginning, what in (
        (FELL_BACK, "are not its generator's, which failed: recombined series stood in"),
        (NOT_PASSED, "are of a generator that did not pass the watch"),
    ):
        counted = reasons.str.startswith(beginning).groupby(noted["arm"]).agg(["sum", "size"])
        sentences += [
            f"Of {arm}, {of_arm['sum']} of {of_arm['size']} runs {what}."
            for arm, of_arm in counted[counted["sum"] > 0].iterrows()
        ]
    return sentences


def _summarise_arm(arm: str, findings: Sequence[Finding]) -> str:
    found = [(c, f) for f in findings for c in f.comparisons if c.arm == arm]
    parts = []
    for word, phrase in (
        ("helps", "helps by both tests"),
        ("harms", "harms by both tests"),
        ("alike", "is alike in practice"),
        ("not established", "is not established to differ"),
        ("too few tasks", "has too few tasks"),
    ):
        having = [("", f) for c, f in found if c.word == word]
        if having:
            where = f" ({_gather(having, names=False)})" if word in ("helps", "harms") else ""
            parts.append(f"{phrase} in {len(having)}{where}")
    seconds = [c.seconds for c, _ in found if not math.isnan(c.seconds)]
    cost = f", at a median of {_seconds(median(seconds))} a run" if seconds else ""
    return f"{arm}: of {len(found)} comparisons with doing nothing it {', '.join(parts)}{cost}."


def _conclude(finding: Finding) -> str:
    """Say first what to do."""
    if finding.is_nothing_best():
        return "Doing nothing is best here: every arm that was tested harms or is alike."
    if finding.winners():
        return f"Worth its cost beside all that is free: {', '.join(finding.winners())}."
    helping = [c.arm for c in finding.having("helps")]
    free = [arm for arm in helping if arm in FREE]
    if finding.free_is_enough():
        return (
            f"What helps costs nothing: {' and '.join(free)}; no sampler is established to beat it."
        )
    if helping:
        return (
            f"{', '.join(helping)} help, by the tests below, but are not established to be better "
            "than all that is free."
        )
    if all(c.word == "too few tasks" for c in finding.comparisons):
        return "There are too few tasks to say anything."
    return "No arm is established to help: nothing here speaks for doing more than nothing."


def _describe_effect(finding: Finding, comparison: Comparison) -> str:
    c = comparison
    verb = "helps" if c.word == "helps" else "harms"
    wins, ties, losses = c.outcomes
    gains = finding.gains[c.arm].dropna().sort_values(kind="stable")
    up, down = gains[gains > finding.rope][::-1], gains[gains < -finding.rope]
    by_task = [f"gains on {_name(up)}"] if len(up) else []
    by_task += [f"loses on {_name(down)}"] if len(down) else []
    where = f" By task it {' and '.join(by_task)}." if by_task else ""
    return (
        f"{c.arm} {verb}: {c.mean:.3f} beside {c.baseline_mean:.3f} for doing nothing, over "
        f"{c.n_tasks} of {len(finding.gains)} tasks; wins/ties/losses {wins}/{ties}/{losses}; "
        f"{_tests(c)}; {_seconds(c.seconds)} a run, {_seconds(c.baseline_seconds)} without.{where}"
    )


def _describe_tasks(finding: Finding) -> list[str]:
    """Say on which tasks no arm gains more than matters; single tasks are not tested."""
    arms = [c.arm for c in finding.comparisons if c.arm != ORACLE]
    gains = finding.gains[arms].dropna(how="all")
    best = gains.max(axis=1)
    idle = best[best <= finding.rope].sort_values(kind="stable")
    if not len(gains):
        return []
    if not len(idle):
        return [f"By task, untested: on every one some arm gains more than {finding.rope:g}."]
    return [
        f"By task, untested: on {len(idle)} of {len(gains)} no arm gains more than "
        f"{finding.rope:g} over doing nothing: {_name(idle)}."
    ]


def _describe_oracle(finding: Finding) -> list[str]:
    oracle = next((c for c in finding.comparisons if c.arm == ORACLE), None)
    if oracle is None or not oracle.n_tasks:
        return ["No task has real series enough for the oracle: how much is to gain is open."]
    return [
        f"Real extra series in place of synthetic ones (the oracle) gain {oracle.gain:+.3f} over "
        f"{oracle.n_tasks} tasks, more than {finding.rope:g} on {oracle.n_gap_tasks} of them."
    ]


def _tests(c: Comparison) -> str:
    return (
        f"gain {c.gain:+.3f}, p {write_p(c.p_holm)}, better/alike/worse "
        f"{'/'.join(number(share, '.2f') for share in c.posterior)}"
    )


def write_p(value: float) -> str:
    """Write a p-value behind its sign."""
    if math.isnan(value):
        return "-"
    return "< 0.001" if value < 0.001 else f"= {number(value)}"


def number(value: float, form: str = ".3f") -> str:
    """Write a number, and a dash for NaN."""
    return "-" if math.isnan(value) else format(value, form)


def _seconds(value: float) -> str:
    return f"{number(value, '.3g' if value < 1000 else '.0f')} s"


def _name(gains) -> str:
    named = [f"{task} ({gain:+.3f})" for task, gain in gains.iloc[:MAX_NAMED].items()]
    more = len(gains) - MAX_NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _gather(places: Iterable[tuple[str, Finding]], *, names: bool = True) -> str:
    """Name places by classifier: "ridge: F1, G-mean; forest: F1"."""
    scores: dict[str, list[str]] = {}
    for name, finding in places:
        key = f"{name} before {finding.classifier}" if names else finding.classifier
        scores.setdefault(key, []).append(SCORES[finding.score].title)
    return "; ".join(f"{key}: {', '.join(titles)}" for key, titles in scores.items())

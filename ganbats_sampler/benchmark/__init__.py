"""Whether over-sampling helps a classifier: run arms on tasks, and judge what came of it."""

from ganbats_sampler.benchmark.arms import BASELINES, Arm
from ganbats_sampler.benchmark.classifiers import get_classifier, get_classifier_names
from ganbats_sampler.benchmark.results import read_results
from ganbats_sampler.benchmark.runner import compare_samplers
from ganbats_sampler.benchmark.suites import get_task_names, load_tasks
from ganbats_sampler.benchmark.tasks import Split, Task
from ganbats_sampler.benchmark.verdict.averaging import (
    average_seeds,
    gap_closed,
    pair_arms,
    tabulate_gains,
    tabulate_scores,
)
from ganbats_sampler.benchmark.verdict.comparison import Comparison, compare_arms
from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.judging import Verdict, judge
from ganbats_sampler.benchmark.verdict.pictures import plot_critical_difference, plot_gains
from ganbats_sampler.benchmark.verdict.statistics import (
    Posterior,
    WinsTiesLosses,
    adjust_by_holm,
    bayesian_signed_rank,
    count_wins,
    wilcoxon_p_value,
)

__all__ = [
    "BASELINES",
    "Arm",
    "Comparison",
    "Finding",
    "Posterior",
    "Split",
    "Task",
    "Verdict",
    "WinsTiesLosses",
    "adjust_by_holm",
    "average_seeds",
    "bayesian_signed_rank",
    "compare_arms",
    "compare_samplers",
    "count_wins",
    "gap_closed",
    "get_classifier",
    "get_classifier_names",
    "get_task_names",
    "judge",
    "load_tasks",
    "pair_arms",
    "plot_critical_difference",
    "plot_gains",
    "read_results",
    "tabulate_gains",
    "tabulate_scores",
    "wilcoxon_p_value",
]

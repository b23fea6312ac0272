"""Compare methods for minority classes on tasks, and judge whether they help a classifier."""

from ganbats_sampler.benchmark.classifiers import get_classifier, get_classifier_names
from ganbats_sampler.benchmark.methods import BASELINES, Choice, Method
from ganbats_sampler.benchmark.results import read_results
from ganbats_sampler.benchmark.runner import compare_samplers
from ganbats_sampler.benchmark.suites import get_task_names, load_tasks
from ganbats_sampler.benchmark.tasks import Split, Task
from ganbats_sampler.benchmark.verdict.comparison import compare_methods
from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.judging import Verdict, judge

__all__ = [
    "BASELINES",
    "Choice",
    "Finding",
    "Method",
    "Split",
    "Task",
    "Verdict",
    "compare_methods",
    "compare_samplers",
    "get_classifier",
    "get_classifier_names",
    "get_task_names",
    "judge",
    "load_tasks",
    "read_results",
]

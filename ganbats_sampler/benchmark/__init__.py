"""Whether over-sampling helps a classifier: tasks, arms, classifiers, and one row a run."""

from ganbats_sampler.benchmark.arms import BASELINES, Arm
from ganbats_sampler.benchmark.classifiers import get_classifier, get_classifier_names
from ganbats_sampler.benchmark.results import read_results
from ganbats_sampler.benchmark.runner import compare_samplers
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.tasks import Split, Task

__all__ = [
    "BASELINES",
    "SCORES",
    "Arm",
    "Split",
    "Task",
    "compare_samplers",
    "get_classifier",
    "get_classifier_names",
    "read_results",
]

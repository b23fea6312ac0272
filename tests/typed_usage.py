"""Code as a user writes it, which ``mypy --strict`` must accept; ``make lint`` checks it.

Nothing here runs. An unused ``type: ignore`` is an error, so each one shows that a wrong argument
is found.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from imblearn.over_sampling import SMOTE
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from typing_extensions import assert_type

from ganbats_sampler import (
    AeonSampler,
    CGANSampler,
    DCGANSampler,
    FlatSampler,
    FlowMatchingSampler,
    GANBATSSampler,
    HerdedSampler,
    QualityReport,
    RandomTransformSampler,
    RecombinationSampler,
    WGANGPSampler,
    WGANSampler,
    load_sampler,
    quality_report,
)
from ganbats_sampler.adversarial import RECIPES
from ganbats_sampler.benchmark import Verdict, compare_samplers, judge, load_tasks
from ganbats_sampler.datasets import load_mitbih
from ganbats_sampler.model_selection import UpTo, resampling_search
from ganbats_sampler.plotting import plot_losses, plot_nearest
from ganbats_sampler.recombination import Arc
from ganbats_sampler.report import ReportMetric
from ganbats_sampler.samplers import (
    ClusterADASYN,
    CostEstimate,
    Outcome,
    get_sampler,
    get_sampler_names,
)
from ganbats_sampler.transforms import Jitter


def resample(X: NDArray[np.float64], y: NDArray[np.str_]) -> np.ndarray:
    """Over-sample, and look at what was learned."""
    sampler = HerdedSampler(random_state=0)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert_type(X_resampled, np.ndarray)
    assert_type(y_resampled, np.ndarray)
    assert_type(sampler.generate(5, "abnormal"), np.ndarray)
    assert_type(sampler.fit(X, y), HerdedSampler)
    assert_type(sampler.set_params(pool_size=4), HerdedSampler)
    assert_type(sampler.estimate_cost(X, y), CostEstimate)
    assert_type(sampler.selection(label="abnormal").chosen, np.ndarray)
    assert_type(sampler.outcomes_, dict[Any, Outcome])
    return X_resampled[sampler.synthetic_mask_]


def resample_lists(X: list[list[float]], y: list[str]) -> Counter[str]:
    """Over-sample lists, whose type comes back as Any."""
    labels: list[str] = HerdedSampler().fit_resample(X, y)[1]
    return Counter(labels)


def balance(y: np.ndarray) -> dict[Any, int]:
    """Count the series of each class after resampling."""
    sizes = Counter(y.tolist())
    return dict.fromkeys(sizes, max(sizes.values()))


def make_samplers(folder: Path, y: np.ndarray) -> list[object]:
    """Make samplers with each type of argument."""
    counts: Mapping[str, int] = {"abnormal": 20}
    memory = joblib.Memory(folder)
    rng = np.random.RandomState(0)
    return [
        GANBATSSampler(sampling_strategy=counts, space="series", checkpoint=folder, n_jobs=2),
        GANBATSSampler(recipe=RECIPES["stable"], min_updates=100, max_time=60, verbose=1),
        GANBATSSampler.from_preset("ecg-mit", random_state=0),
        FlowMatchingSampler(sampling_strategy=UpTo(0.5), memory=memory, lr=1e-3, warm_start=True),
        CGANSampler(sampling_strategy=balance, on_failure="raise", device="cpu"),
        DCGANSampler(sampling_strategy="minority", memory=str(folder), random_state=rng),
        WGANSampler(sampling_strategy={"abnormal": np.sum(y == "normal")}, n_jobs=-1),
        WGANGPSampler(sampling_strategy=0.5, recipe="wgan_gp", validation_fraction=0.2),
        RandomTransformSampler(transforms=["window_warp", Jitter(sigma=0.1)], drop="both"),
        RandomTransformSampler(transforms=lambda series, rng: series + rng.normal()),
        RecombinationSampler(method=Arc(n_neighbors=3), transforms=None, constrain=None),
        HerdedSampler("smote"),
        HerdedSampler(["arc", ("gan", GANBATSSampler()), SMOTE()], n_channels=2),
        FlatSampler(SMOTE(k_neighbors=3), random_state=0),
        AeonSampler(SMOTE(), drop="copies"),
        ClusterADASYN(n_clusters=2),
        *(get_sampler(name, random_state=0) for name in get_sampler_names()),
    ]


def make_wrong_samplers() -> None:
    """Pass an argument of the wrong type to each constructor."""
    GANBATSSampler(space="values")  # type: ignore[arg-type]
    FlowMatchingSampler(hidden_size="256")  # type: ignore[arg-type]
    CGANSampler(n_jobs=2)  # type: ignore[call-arg]
    DCGANSampler(lr="1e-3")  # type: ignore[arg-type]
    WGANSampler(min_updates=None)  # type: ignore[arg-type]
    WGANGPSampler(on_failure="ignore")  # type: ignore[arg-type]
    RandomTransformSampler(transforms=[Jitter])  # type: ignore[list-item]
    RecombinationSampler(method=3)  # type: ignore[arg-type]
    HerdedSampler(drop="all")  # type: ignore[arg-type]
    FlatSampler(SMOTE(), random_state="0")  # type: ignore[arg-type]
    AeonSampler(SMOTE(), constrain="positive")  # type: ignore[arg-type]
    ClusterADASYN(n_clusters=2.5)  # type: ignore[arg-type]


def save(sampler: GANBATSSampler, path: Path) -> GANBATSSampler:
    """Save a sampler, and load it again."""
    assert_type(sampler.save(path), Path)
    loaded: GANBATSSampler = load_sampler(path, device="cpu")
    return loaded


def assess(sampler: GANBATSSampler, real: np.ndarray, synthetic: np.ndarray) -> list[str]:
    """Read a quality report, and draw."""
    peak = ReportMetric("peak", lambda a, b: float(a.max() - b.max()), "Difference of the maxima.")
    report = sampler.quality_report(real, metrics=peak, random_state=0)
    assert_type(report, QualityReport)
    assert_type(quality_report(real, synthetic), QualityReport)
    plot_losses(sampler.history_["abnormal"])
    plot_nearest(real, synthetic, n_series=2)
    found = report.classes["abnormal"]
    assert_type(found.verdict, str)
    assert_type(found.next_step, str)
    return [*found.reasons, sampler.outcomes_["abnormal"].reason]


def compare(folder: Path) -> str:
    """Compare samplers on real data, and read the verdict."""
    heartbeats = load_mitbih(folder)
    search = resampling_search(LogisticRegression(), ["herded", GANBATSSampler()], shares=0.5)
    search.fit(heartbeats.data, heartbeats.target, groups=heartbeats.groups)
    runs = compare_samplers(load_tasks("cwru", {"cwru": folder}), ["herded"], "ridge", seeds=[0, 1])
    verdict = judge(runs, scores="f1")
    assert_type(verdict, Verdict)
    assert_type(verdict.summary, list[str])
    return str(verdict.find(score="f1", classifier="ridge"))

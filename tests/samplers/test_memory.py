"""The parameters `memory` and `max_time`: networks train once, and training stops in time."""

import time
from pathlib import Path

import numpy as np
import pytest
from imblearn.pipeline import Pipeline
from joblib import Memory
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from ganbats_sampler import FlowMatchingSampler, GANBATSSampler, HerdedSampler, WGANSampler
from ganbats_sampler.adversarial.loop import GeneratorNet
from ganbats_sampler.adversarial.recipes import STABLE

SAMPLERS = [GANBATSSampler, FlowMatchingSampler, WGANSampler]
TINY = {"hidden_size": 4, "max_epochs": 3, "on_failure": "warn", "random_state": 0}
pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@pytest.fixture
def trainings(monkeypatch):
    """The sizes of the groups that were trained on."""
    sizes = []
    fit = GeneratorNet.fit

    def counted(net, X, y=None, **options):
        sizes.append(len(X))
        return fit(net, X, y, **options)

    monkeypatch.setattr(GeneratorNet, "fit", counted)
    return sizes


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("kind", [str, Path, lambda folder: Memory(folder, verbose=0)])
def test_a_second_fit_trains_nothing_and_gives_the_same_rows(
    sampler, kind, waves, tmp_path, trainings
):
    def fit(**parameters):
        return sampler(**TINY | parameters).fit_resample(*waves)[0]

    rows = fit()
    assert len(trainings) == 1
    for _ in range(3):
        np.testing.assert_array_equal(fit(memory=kind(tmp_path)), rows)
    assert len(trainings) == 2
    # fewer rows and corrected rows come from the same networks
    assert len(fit(memory=kind(tmp_path), sampling_strategy=0.5)) < len(rows)
    fit(memory=kind(tmp_path), constrain="range", drop="copies", checkpoint=tmp_path / "state")
    assert len(trainings) == 2
    for other in ({"random_state": 1}, {"lr": 1e-5}, {"max_epochs": 4}, {"hidden_size": 5}):
        fit(memory=kind(tmp_path), **other)
    assert len(trainings) == 6


def test_changed_series_are_trained_on_again(waves, tmp_path, trainings):
    X, y = waves
    GANBATSSampler(memory=tmp_path, **TINY).fit_resample(X, y)
    changed = X.copy()
    changed[np.flatnonzero(y == "abnormal")[0], 0] += 1e-9
    GANBATSSampler(memory=tmp_path, **TINY).fit_resample(changed, y)
    assert len(trainings) == 2


def test_a_search_over_a_classifier_trains_once_per_fold(waves, tmp_path, trainings):
    steps = [("resample", GANBATSSampler(memory=tmp_path, **TINY)), ("clf", RidgeClassifier())]
    folds = StratifiedKFold(3)
    search = GridSearchCV(Pipeline(steps), {"clf__alpha": [0.1, 1, 10]}, cv=folds, refit=False)
    search.fit(*waves)
    assert len(trainings) == 3


def test_a_sampler_from_memory_is_complete(waves, tmp_path):
    first, second = (GANBATSSampler(memory=tmp_path, **TINY) for _ in range(2))
    for sampler in (first, second):
        sampler.fit_resample(*waves)
    np.testing.assert_equal(second.history_, first.history_)
    assert second.outcomes_ == first.outcomes_
    np.testing.assert_array_equal(second.generate(5, "abnormal"), first.generate(5, "abnormal"))
    path = second.save(tmp_path / "sampler.safetensors")
    assert path.exists()


def test_memory_without_a_seed_is_refused(waves, tmp_path):
    sampler = GANBATSSampler(memory=tmp_path, **TINY | {"random_state": None})
    with pytest.raises(ValueError, match="memory was given with random_state=None.*an int"):
        sampler.fit_resample(*waves)


def test_a_herded_sampler_passes_its_seed_to_networks(waves, tmp_path, trainings):
    pool = [GANBATSSampler(memory=tmp_path, **TINY | {"random_state": None}), "arc"]
    rows = [HerdedSampler(pool, random_state=0).fit_resample(*waves)[0] for _ in range(2)]
    np.testing.assert_array_equal(*rows)
    assert len(trainings) == 1
    with pytest.raises(ValueError, match="memory was given with random_state=None"):
        HerdedSampler(pool).fit_resample(*waves)


def test_a_part_that_cannot_be_pickled_is_named(waves, tmp_path):
    sampler = GANBATSSampler(space="series", recipe=STABLE, memory=tmp_path, **TINY)
    sampler.set_params(recipe__augmentation=lambda series, rng: series)
    with pytest.raises(ValueError, match="memory was given, but a part of the recipe cannot"):
        sampler.fit_resample(*waves)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_training_stops_in_time_with_a_usable_generator(sampler, waves):
    endless = sampler(max_epochs=10**6, max_time=0.5, on_failure="warn", random_state=0)
    start = time.monotonic()
    X_resampled, _ = endless.fit_resample(*waves)
    assert time.monotonic() - start < 10
    assert np.isfinite(X_resampled).all()
    assert 0 < endless.history_["abnormal"][-1]["update"] < 10**5
    assert not np.isnan(endless.history_["abnormal"][-1]["diversity"])


def test_classes_share_the_time_and_late_attempts_are_not_made(waves, trainings):
    X, y = waves
    y = y.copy()
    y[np.flatnonzero(y == "normal")[:12]] = "other"
    # with this learning rate the first attempt fails, and a second one would follow
    sampler = GANBATSSampler(max_epochs=10**6, lr=10.0, max_time=1.0, random_state=0)
    start = time.monotonic()
    sampler.fit_resample(X, y)
    assert time.monotonic() - start < 10
    assert len(trainings) >= 2 and set(sampler.history_) == {"abnormal", "other"}


@pytest.mark.parametrize("max_time", [0, -1, "1"])
def test_max_time_must_be_positive(max_time, waves):
    with pytest.raises(ValueError, match="max_time"):
        GANBATSSampler(max_time=max_time).fit_resample(*waves)

"""Adapters of other libraries' samplers, and errors that name a faulty sampler."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.preprocessing import StandardScaler

from ganbats_sampler import AeonSampler, FlatSampler


class Shuffles(SMOTE):
    """A sampler that does not return the given rows first."""

    def fit_resample(self, X, y):
        X, y = super().fit_resample(X, y)
        order = np.random.default_rng(0).permutation(len(X))
        return X[order], y[order]


class Stingy(SMOTE):
    """A sampler that adds at most ten rows."""

    def fit_resample(self, X, y):
        n_real = len(X)
        X, y = super().fit_resample(X, y)
        return X[: n_real + 10], y[: n_real + 10]


class Idle(SMOTE):
    """A sampler that adds no rows."""

    def fit_resample(self, X, y):
        return X, y


def test_a_failure_names_the_class_and_its_size(waves):
    X, y = waves[0][:48], waves[1][:48]  # three abnormal ones
    with pytest.raises(ValueError, match=r"SMOTE\(\) cannot over-sample class 'abnormal', .* 3 "):
        FlatSampler(SMOTE()).fit_resample(X, y)


def test_rows_in_another_order_are_refused(waves):
    with pytest.raises(ValueError, match="does not return the rows it was given, followed by"):
        FlatSampler(Shuffles()).fit_resample(*waves)


def test_missing_series_are_requested_again(waves):
    sampler = FlatSampler(Stingy(), random_state=0)
    X_resampled, _ = sampler.fit_resample(*waves)
    assert len(np.unique(X_resampled[60:], axis=0)) == 30
    with pytest.raises(ValueError, match="returned 50 of 60 series of class 'abnormal' in 5 calls"):
        sampler.generate(60, "abnormal")
    with pytest.raises(ValueError, match="returned 0 of 30"):
        FlatSampler(Idle()).fit_resample(*waves)


@pytest.mark.parametrize("adapter", [FlatSampler, AeonSampler])
def test_other_objects_are_refused(waves, adapter):
    with pytest.raises(ValueError):
        adapter(StandardScaler()).fit_resample(*waves)


def test_parameters_that_name_classes_reach_the_sampler(waves):
    sampler = FlatSampler(RandomOverSampler(shrinkage={"abnormal": 0.1}), random_state=0)
    X_resampled, _ = sampler.fit_resample(*waves)
    assert len(np.unique(X_resampled[60:], axis=0)) == 30


def test_sample_indices_are_kept(waves):
    X, y = waves
    sampler = FlatSampler(RandomOverSampler(), random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(X_resampled, X[sampler.sample_indices_])
    np.testing.assert_array_equal(sampler.sample_indices_, sampler.parent_indices_[:, 0])
    even = np.append(np.arange(15), np.arange(45, 60))
    sampler.fit_resample(X[even], y[even])  # nothing to add
    np.testing.assert_array_equal(sampler.sample_indices_, np.arange(30))
    smote = FlatSampler(SMOTE(), random_state=0)
    smote.fit_resample(X, y)
    assert not hasattr(smote, "sample_indices_") and (smote.parent_indices_[60:] == -1).all()


def test_smote_rows_lie_between_neighbours(waves):
    X, y = waves
    X_resampled, _ = FlatSampler(SMOTE(k_neighbors=1), random_state=0).fit_resample(X, y)
    abnormal = X[y == "abnormal"]
    # each lies on the line between a real series and its nearest neighbour
    to_real = np.linalg.norm(X_resampled[60:, None] - abnormal, axis=2)
    among_real = np.linalg.norm(abnormal[:, None] - abnormal, axis=2)
    neighbor = np.argsort(among_real, axis=1)[:, 1]
    detour = to_real + to_real[:, neighbor] - among_real[np.arange(15), neighbor]
    np.testing.assert_allclose(detour.min(axis=1), 0, atol=1e-9)


def test_aeon_samplers_follow_the_sampling_strategy(waves):
    imbalance = pytest.importorskip("aeon.transformations.collection.imbalance")
    sampler = AeonSampler(imbalance.SMOTE(), sampling_strategy=0.5, random_state=0)
    _, y_resampled = sampler.fit_resample(*waves)
    assert (y_resampled == "abnormal").sum() == 22


class Off(RandomOverSampler):
    """A sampler that returns the real rows, followed by changed ones."""

    def __init__(self, change=None, *, sampling_strategy="auto", random_state=None):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.change = change

    def _fit_resample(self, X, y):
        rows, labels = super()._fit_resample(X, y)
        return np.concatenate([X, self.change(rows[len(X) :])]), labels


@pytest.mark.parametrize(
    "change, fault",
    [
        # differences, as from ESMOTE of aeon 1.4
        (lambda rows: rows - rows.mean(), "channel 0 their median is"),
        (lambda rows: rows * np.nan, "channel 0 they have values that are not finite"),
        (lambda rows: np.where(np.arange(24) == 3, np.inf, rows), "channel 0 they have values"),
        (
            lambda rows: np.where(np.arange(24) >= 12, 1e6, rows),
            r"channel 1 their median is 1e\+06",
        ),
        (lambda rows: rows * 1e9, "channel 0 their median is"),
    ],
)
def test_series_that_are_not_of_the_class_are_refused(waves, change, fault):
    X, y = (waves[0] + 10).reshape(60, 2, 12), waves[1]
    with pytest.raises(ValueError, match=f"are not of class 'abnormal': in {fault}"):
        FlatSampler(Off(change), random_state=0).fit_resample(X, y)


def test_a_constant_channel_stays_constant(waves):
    X, y = waves[0].reshape(60, 2, 12).copy(), waves[1]
    X[:, 1] = 3.0
    sampler = FlatSampler(Off(lambda rows: rows * (1 + 1e-9)), random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    assert (X_resampled[60:, 1] == 3).all()

"""Resampling keeps shapes, containers and types, and real rows bit for bit."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from imblearn.datasets import make_imbalance
from scipy import sparse

from ganbats_sampler import GANBATSSampler
from tests.conftest import quick_sampler

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@pytest.fixture
def sampler(quick):
    return GANBATSSampler(**quick)


@pytest.fixture
def three_classes():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], 40)
    X = rng.normal(size=(120, 10)) + y[:, None]
    return make_imbalance(X, y, sampling_strategy={0: 12, 1: 20, 2: 40}, random_state=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int64])
def test_real_rows_come_first_and_unchanged_and_the_type_is_kept(sampler, waves, dtype):
    X, y = waves
    X = (X * 100).astype(dtype)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert X_resampled.dtype == dtype
    assert X_resampled[:60].tobytes() == X.tobytes()
    np.testing.assert_array_equal(y_resampled[:60], y)
    assert Counter(y_resampled.tolist()) == {"normal": 45, "abnormal": 45}
    np.testing.assert_array_equal(sampler.synthetic_mask_, np.arange(90) >= 60)


def test_the_input_is_not_changed(sampler, waves):
    X, y = waves
    X_before, y_before = X.copy(), y.copy()
    sampler.fit_resample(X, y)
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(y, y_before)


def test_synthetic_integers_are_rounded_not_truncated(quick, waves):
    X, y = waves
    as_float, _ = GANBATSSampler(**quick).fit_resample(np.rint(X * 100), y)
    as_int, _ = GANBATSSampler(**quick).fit_resample(np.rint(X * 100).astype(int), y)
    np.testing.assert_array_equal(as_int, np.rint(as_float))


def test_booleans_stay_booleans(sampler, waves):
    X, y = waves
    X_resampled, _ = sampler.fit_resample(X > 0, y)
    assert X_resampled.dtype == bool


def test_three_axes_stay_three_axes(sampler, waves):
    X, y = waves
    X = X.reshape(60, 3, 8)
    X_resampled, _ = sampler.fit_resample(X, y)
    assert X_resampled.shape == (90, 3, 8)
    np.testing.assert_array_equal(X_resampled[:60], X)
    assert (sampler.n_channels_, sampler.n_timepoints_, sampler.n_features_in_) == (3, 8, 24)
    assert sampler.generate(5, "abnormal").shape == (5, 3, 8)


def test_2d_input_with_n_channels_equals_3d_input(quick, waves):
    X, y = waves
    from_3d, _ = GANBATSSampler(**quick).fit_resample(X.reshape(60, 3, 8), y)
    from_2d, _ = GANBATSSampler(n_channels=3, **quick).fit_resample(X, y)
    np.testing.assert_array_equal(from_3d.reshape(90, 24), from_2d)


def test_each_channel_is_scaled_to_its_own_range(sampler, waves):
    X, y = waves
    X = np.stack([X, 1e3 + X], axis=1)
    X_resampled, _ = sampler.fit_resample(X, y)
    synthetic = X_resampled[60:]
    abnormal = X[y == "abnormal"]
    for channel in range(2):
        assert synthetic[:, channel].min() >= abnormal[:, channel].min()
        assert synthetic[:, channel].max() <= abnormal[:, channel].max()


@pytest.mark.parametrize("shape", [(60, 24), (60, 2, 12)])
def test_lists_are_returned_as_lists(sampler, waves, shape):
    X, y = waves
    X = X.reshape(shape)
    X_resampled, y_resampled = sampler.fit_resample(X.tolist(), y.tolist())
    assert isinstance(X_resampled, list) and isinstance(y_resampled, list)
    np.testing.assert_array_equal(np.array(X_resampled)[:60], X)


class TestPandas:
    @pytest.mark.parametrize(
        ("index", "continued"),
        [
            (pd.RangeIndex(60), list(range(60, 90))),
            (pd.Index(np.arange(60)[::-1] * 10, name="beat"), list(range(591, 621))),
            (pd.Index([f"beat {i}" for i in range(60)]), [f"synthetic-{i}" for i in range(30)]),
            (pd.date_range("2020-01-01", periods=60), [f"synthetic-{i}" for i in range(30)]),
            (
                pd.MultiIndex.from_product([["p", "q"], range(30)], names=["record", "beat"]),
                [(f"synthetic-{i}", "") for i in range(30)],
            ),
        ],
    )
    def test_the_index_is_kept_and_continued(self, sampler, waves, index, continued):
        X, y = pd.DataFrame(waves[0], index=index), pd.Series(waves[1], index=index, name="label")
        X_resampled, y_resampled = sampler.fit_resample(X, y)
        assert X_resampled.index[:60].tolist() == index.tolist()
        assert X_resampled.index[60:].tolist() == continued
        assert X_resampled.index.names == index.names
        pd.testing.assert_index_equal(y_resampled.index, X_resampled.index)
        assert y_resampled.name == "label"
        pd.testing.assert_frame_equal(X_resampled.iloc[:60], X, check_index_type=False)

    def test_two_column_levels_give_the_number_of_channels(self, quick, waves):
        X, y = waves
        columns = pd.MultiIndex.from_product([["ecg", "resp"], range(12)], names=["channel", "t"])
        sampler = GANBATSSampler(**quick)
        X_resampled, _ = sampler.fit_resample(pd.DataFrame(X, columns=columns), y)
        assert sampler.n_channels_ == 2
        pd.testing.assert_index_equal(X_resampled.columns, columns)
        expected, _ = GANBATSSampler(n_channels=2, **quick).fit_resample(X, y)
        np.testing.assert_array_equal(X_resampled.to_numpy(), expected)

    def test_each_column_keeps_its_own_type(self, quick, waves):
        X = pd.DataFrame(np.round(waves[0] * 100))
        expected = GANBATSSampler(**quick).fit_resample(X, waves[1])[0].iloc[60:]
        X = X.astype({0: "int64", 1: "Int64", 2: "float32", 3: "Float64", 4: "int8"})
        X_resampled, _ = GANBATSSampler(**quick).fit_resample(X, waves[1])
        assert X_resampled.dtypes.tolist() == X.dtypes.tolist()
        for column in (0, 1, 4):
            np.testing.assert_array_equal(
                X_resampled[column].iloc[60:].astype(float), np.rint(expected[column])
            )

    def test_integers_too_large_for_a_float_are_unchanged(self, sampler, waves):
        X = pd.DataFrame(waves[0])
        X[0] = 2**53 + 1 + np.arange(60)
        X_resampled, _ = sampler.fit_resample(X, waves[1])
        assert X_resampled[0].iloc[:60].tolist() == X[0].tolist()

    def test_booleans_beside_floats_are_not_all_true(self, quick, waves):
        X = pd.DataFrame(waves[0])
        X[0] = np.arange(60) % 5 == 0
        sampler = GANBATSSampler(**quick).set_params(recipe__min_class_size=30)  # recombined
        X_resampled, _ = sampler.fit_resample(X, waves[1])
        assert X_resampled[0].dtype == bool
        assert 0 < X_resampled[0].iloc[60:].mean() < 1

    def test_a_frame_with_an_array_of_labels(self, sampler, waves):
        X, y = waves
        X_resampled, y_resampled = sampler.fit_resample(pd.DataFrame(X), y)
        assert isinstance(X_resampled, pd.DataFrame) and isinstance(y_resampled, np.ndarray)

    def test_an_array_with_a_series_of_labels(self, sampler, waves):
        y = pd.Series(waves[1], index=pd.Index(range(100, 160), name="beat"))
        X_resampled, y_resampled = sampler.fit_resample(waves[0], y)
        assert isinstance(X_resampled, np.ndarray)
        assert y_resampled.index.tolist() == list(range(100, 190))

    def test_categorical_labels_stay_categorical(self, sampler, waves):
        X, y = pd.DataFrame(waves[0]), pd.Series(waves[1], dtype="category")
        _, y_resampled = sampler.fit_resample(X, y)
        assert y_resampled.dtype == y.dtype


class TestPolars:
    def test_frame_and_series_are_returned(self, sampler, waves):
        X = pl.DataFrame(waves[0].astype(np.float32), schema=[f"t{i}" for i in range(24)])
        y = pl.Series("label", waves[1])
        X_resampled, y_resampled = sampler.fit_resample(X, y)
        assert X_resampled.schema == X.schema
        assert X_resampled[:60].equals(X)
        assert y_resampled.name == "label" and y_resampled[:60].equals(y)
        assert len(y_resampled) == 90
        assert sampler.feature_names_in_.tolist() == X.columns

    def test_each_column_keeps_its_own_type(self, sampler, waves):
        X = pl.DataFrame(np.round(waves[0] * 100), schema=[f"t{i}" for i in range(24)])
        X = X.with_columns(pl.col("t0").cast(pl.Int16), pl.col("t1") > 0)
        X_resampled, _ = sampler.fit_resample(X, waves[1])
        assert X_resampled.schema == X.schema
        assert X_resampled[:60].equals(X)

    def test_a_frame_with_an_array_of_labels(self, sampler, waves):
        X_resampled, y_resampled = sampler.fit_resample(pl.DataFrame(waves[0]), waves[1])
        assert isinstance(X_resampled, pl.DataFrame) and isinstance(y_resampled, np.ndarray)


class TestSamplingStrategy:
    @pytest.mark.parametrize(
        ("strategy", "counts"),
        [
            ("auto", (40, 40, 40)),
            ("not majority", (40, 40, 40)),
            ("all", (40, 40, 40)),
            ("minority", (40, 20, 40)),
            ("not minority", (12, 40, 40)),
            ({0: 15, 1: 33}, (15, 33, 40)),
            ({2: 55}, (12, 20, 55)),
            ({0: 12}, (12, 20, 40)),
            (lambda y: {0: 14}, (14, 20, 40)),
        ],
    )
    def test_counts_are_exact(self, quick, three_classes, strategy, counts):
        X, y = three_classes
        sampler = GANBATSSampler(sampling_strategy=strategy, **quick)
        _, y_resampled = sampler.fit_resample(X, y)
        assert tuple(np.bincount(y_resampled)) == counts
        assert sampler.synthetic_mask_.sum() == sum(counts) - len(y)

    def test_a_ratio_for_two_classes(self, quick, waves):
        sampler = GANBATSSampler(sampling_strategy=0.6, **quick)
        _, y_resampled = sampler.fit_resample(*waves)
        assert Counter(y_resampled.tolist()) == {"normal": 45, "abnormal": 27}


class TestConverted:
    """Python objects, unusual number types and containers of other libraries become numbers."""

    @pytest.mark.parametrize(
        "convert",
        [
            lambda X: [[Decimal(str(value)) for value in row] for row in X],
            lambda X: [[Fraction(value) for value in row] for row in X],
            lambda X: X.astype(object),
            lambda X: X.astype(np.longdouble),
            lambda X: X.astype(">f8"),
            lambda X: torch.tensor(X, requires_grad=True),
            lambda X: np.ma.masked_array(X, mask=False),
            lambda X: pd.DataFrame(X).astype("Float64"),
            lambda X: pd.DataFrame(X).astype(object),
        ],
    )
    @pytest.mark.parametrize("name", ["window_warp", "herded", "smote", "aeon_smote", "ganbats"])
    def test_converted_series_give_the_same_result(self, waves, convert, name):
        X, y = waves
        expected, _ = quick_sampler(name).fit_resample(X, y)
        X_resampled, _ = quick_sampler(name).fit_resample(convert(X), y)
        resampled = np.asarray(X_resampled).astype(float)
        np.testing.assert_allclose(resampled, expected, rtol=1e-6, atol=1e-12)

    def test_integers_too_large_for_any_integer_type(self):
        X = [[10**30 + i, 2 * 10**30 - i] for i in range(60)]
        X_resampled, _ = quick_sampler("jitter").fit_resample(X, [0] * 40 + [1] * 20)
        assert np.isfinite(X_resampled).all() and len(X_resampled) == 80

    def test_polars_decimals(self, waves):
        X, y = waves
        frame = pl.DataFrame(X).cast(pl.Decimal(18, 6))
        X_resampled, _ = quick_sampler("jitter").fit_resample(frame, y)
        assert X_resampled.dtypes == frame.dtypes and len(X_resampled) == 90

    @pytest.mark.parametrize("dtype", [np.int64, np.uint64])
    def test_the_largest_integers_do_not_overflow(self, dtype):
        X = np.full((60, 6), np.iinfo(dtype).max, dtype=dtype) - np.arange(6, dtype=dtype)
        X_resampled, _ = quick_sampler("jitter").fit_resample(X, np.repeat([0, 1], [40, 20]))
        assert (X_resampled > np.iinfo(dtype).max // 2).all()


class TestLabels:
    @pytest.mark.parametrize(
        "convert",
        [
            lambda y: y,
            lambda y: y.tolist(),
            lambda y: y.astype(np.float32),
            lambda y: pd.DataFrame(y, columns=list("abc")),
            lambda y: sparse.csr_matrix(y),
            lambda y: pl.DataFrame(y, schema=list("abc")),
        ],
    )
    def test_one_hot_labels_keep_their_container(self, three_classes, convert):
        X, y = three_classes
        names, codes = np.unique(y, return_inverse=True)
        one_hot = convert(np.eye(3, dtype=int)[codes])
        X_resampled, resampled = quick_sampler("jitter").fit_resample(X, one_hot)
        _, expected = quick_sampler("jitter").fit_resample(X, y)
        assert type(resampled) is type(one_hot)
        dense = resampled.toarray() if sparse.issparse(resampled) else np.asarray(resampled)
        np.testing.assert_array_equal(names[dense.argmax(axis=1)], expected)
        assert (dense.sum(axis=1) == 1).all()
        if hasattr(one_hot, "dtype"):
            assert resampled.dtype == one_hot.dtype

    def test_one_hot_labels_of_two_classes_keep_two_columns(self, waves):
        X, y = waves
        one_hot = np.eye(2, dtype=int)[(y == "abnormal").astype(int)]
        _, resampled = quick_sampler("jitter").fit_resample(X, one_hot)
        assert resampled.shape == (90, 2) and resampled.sum(axis=0).tolist() == [45, 45]

    def test_a_polars_label_frame_of_one_column(self, waves):
        y = pl.DataFrame({"label": waves[1]})
        _, resampled = quick_sampler("jitter").fit_resample(waves[0], y)
        assert type(resampled) is pl.DataFrame and resampled.shape == (90, 1)

    @pytest.mark.parametrize("strategy", [{"abnormal": 40.0}, {"abnormal": np.int64(40)}])
    def test_whole_numbers_of_any_type_are_valid_counts(self, waves, strategy):
        for given in (strategy, lambda y: strategy):
            sampler = quick_sampler("jitter", sampling_strategy=given)
            assert len(sampler.fit_resample(*waves)[0]) == 85

    def test_a_ratio_is_not_rounded_down(self):
        X = np.random.default_rng(0).normal(size=(128, 8))
        sampler = quick_sampler("jitter", sampling_strategy=0.29)
        X_resampled, _ = sampler.fit_resample(X, np.repeat([0, 1], [100, 28]))
        assert len(X_resampled) == 129

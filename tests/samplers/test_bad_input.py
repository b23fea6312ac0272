"""Bad input raises an error before any training, which says what was given and what to do."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from ganbats_sampler import GANBATSSampler, GenerationWarning
from ganbats_sampler.adversarial import AdversarialNet


@pytest.fixture
def untrained(monkeypatch):
    def train(*args, **kwargs):
        raise AssertionError("it trained")

    monkeypatch.setattr(AdversarialNet, "fit", train)


def with_value(X, value, *places):
    X = X.copy()
    for place in places:
        X[place] = value
    return X


@pytest.mark.usefixtures("untrained")
class TestRefusedBeforeTraining:
    def refused(self, X, y, match, **parameters):
        with pytest.raises(ValueError, match=match):
            GANBATSSampler(**parameters).fit_resample(X, y)
        with pytest.raises(ValueError, match=match):
            GANBATSSampler(**parameters).fit(X, y)

    def test_nan(self, waves):
        X, y = waves
        X = with_value(X.reshape(60, 2, 12), np.nan, (7, 1, 3), (20, 0, 0))
        self.refused(X, y, r"2 NaN and 0 infinity .*sample 7, channel 1, time step 3.*interpolate")

    def test_infinity(self, waves):
        X, y = waves
        X = with_value(X, -np.inf, (5, 23))
        self.refused(X, y, r"0 NaN and 1 infinity .*sample 5, channel 0, time step 23")

    def test_one_class(self, waves):
        self.refused(waves[0], np.zeros(60), "more than 1 class. Got 1 class")

    def test_ragged(self):
        self.refused(
            [[1.0, 2.0], [1.0, 2.0, 3.0]], [0, 1], r"ragged.*\(2,\), \(3,\).*Resample, pad"
        )

    def test_ragged_channels(self):
        self.refused([[[1.0], [2.0, 3.0]]] * 2, [0, 1], r"ragged.*\(\(1,\), \(2,\)\)")

    def test_arrays_of_arrays(self, waves):
        X = np.empty(60, dtype=object)
        X[:] = list(waves[0])
        self.refused(X, waves[1], r"an array of arrays.*np\.stack")
        self.refused(pd.Series(list(waves[0])), waves[1], r"an array of arrays.*np\.stack")
        nested = pd.DataFrame({"a": [pd.Series(row) for row in waves[0]]})
        self.refused(nested, waves[1], r"a whole series in each cell.*np\.stack")

    @pytest.mark.parametrize("shape", [(60, 24, 1), (60, 12, 2), (60, 100, 6), (60, 64, 32)])
    def test_channels_on_the_last_axis(self, shape):
        X, y = np.zeros(shape), np.repeat([0, 1], [40, 20])
        self.refused(X, y, rf"layout of Keras.*np\.swapaxes.*n_channels={shape[1]}\.")

    @pytest.mark.parametrize("shape", [(60, 63, 32), (60, 100, 33), (60, 12, 7), (60, 144, 144)])
    def test_many_channels_of_few_steps_are_accepted(self, shape):
        X = np.random.default_rng(0).normal(size=shape)
        assert GANBATSSampler().fit(X, np.repeat([0, 1], [40, 20])).n_channels_ == shape[1]

    def test_a_layout_that_looks_wrong_can_be_confirmed(self):
        X = np.random.default_rng(0).normal(size=(60, 24, 1))
        sampler = GANBATSSampler(n_channels=24).fit(X, np.repeat([0, 1], [40, 20]))
        assert sampler.n_channels_ == 24 and sampler.n_timepoints_ == 1

    def test_columns_of_three_levels(self, waves):
        columns = pd.MultiIndex.from_product([["a"], ["b", "c"], range(12)])
        self.refused(pd.DataFrame(waves[0], columns=columns), waves[1], "3 levels.*droplevel")

    def test_masked_values(self, waves):
        X = np.ma.masked_equal(np.where(waves[0] > 1, -9999, waves[0]), -9999)
        self.refused(X, waves[1], "values are masked, .* missing")
        self.refused(X.reshape(60, 2, 12), waves[1], "values are masked, .* missing")

    def test_masked_values_in_lists(self, waves):
        X = list(np.ma.masked_equal(np.where(waves[0] > 1, -9999, waves[0]), -9999))
        self.refused(X, waves[1], "NaN and 0 infinity values")

    def test_none_in_lists(self, waves):
        X = waves[0].tolist()
        X[3][4] = None
        self.refused(X, waves[1], "1 NaN and 0 infinity .*sample 3, channel 0, time step 4")

    @pytest.mark.parametrize("unit", ["datetime64[ns]", "timedelta64[s]"])
    def test_dates(self, waves, unit):
        X = np.arange(60 * 24).reshape(60, 24).astype(unit)
        self.refused(X, waves[1], "X holds dates")
        frame = pd.DataFrame(waves[0]).assign(time=X[:, 0])
        self.refused(frame, waves[1], "X holds dates|no number")

    def test_categories(self, waves):
        frame = pd.DataFrame(waves[0]).assign(sex=pd.Categorical([1, 2] * 30))
        self.refused(frame, waves[1], r"Columns \['sex'\] of X are categories")
        polars = pytest.importorskip("polars")
        frame = polars.DataFrame({"a": waves[0][:, 0], "sex": ["m", "f"] * 30})
        frame = frame.with_columns(polars.col("sex").cast(polars.Categorical))
        self.refused(frame, waves[1], r"Columns \['sex'\] of X are categories")

    def test_labels_that_are_dates_or_missing(self, waves):
        X, y = waves
        self.refused(X, np.repeat(np.array(["2020", "2021"], "datetime64[ns]"), 30), "are dates")
        labels = y.astype(object)
        labels[7] = None
        self.refused(X, labels, "1 missing labels, the first at sample 7")
        self.refused(X, pd.Series(labels, dtype="string"), "1 missing labels")

    def test_one_hot_labels_of_no_class(self, waves):
        one_hot = np.eye(3, dtype=int)[np.arange(60) % 3]
        one_hot[5] = 0
        self.refused(waves[0], one_hot, "sample 5 .* no class")

    @pytest.mark.parametrize("count", [45.5, "45", None, np.nan, np.inf])
    def test_counts_that_are_not_whole(self, waves, count):
        sampler = GANBATSSampler(sampling_strategy={"abnormal": count})
        with pytest.raises(ValueError, match="series of class 'abnormal'; it must be a whole"):
            sampler.fit_resample(*waves)

    def test_a_strategy_that_returns_nothing(self, waves):
        with pytest.raises(ValueError, match="returned None; it must return a dict"):
            GANBATSSampler(sampling_strategy=lambda y: None).fit_resample(*waves)

    def test_more_series_than_memory(self, waves):
        with pytest.raises(ValueError, match="asks for 1000000000045 series in all, .* GiB"):
            GANBATSSampler(sampling_strategy={"abnormal": 10**12}).fit_resample(*waves)

    def test_sparse(self, waves):
        self.refused(sparse.csr_matrix(waves[0]), waves[1], r"sparse.*X\.toarray\(\)")

    def test_n_channels_that_does_not_divide_the_columns(self, waves):
        self.refused(*waves, "n_channels=5 does not divide the 24 columns", n_channels=5)

    def test_n_channels_that_contradicts_three_axes(self, waves):
        X = waves[0].reshape(60, 2, 12)
        self.refused(X, waves[1], "n_channels=3 was given, but X of shape .* has 2", n_channels=3)

    def test_n_channels_that_contradicts_the_columns(self, waves):
        columns = pd.MultiIndex.from_product([["a", "b"], range(12)])
        X = pd.DataFrame(waves[0], columns=columns)
        self.refused(X, waves[1], "n_channels=3 was given, but .* names 2", n_channels=3)

    def test_channels_interleaved_in_the_columns(self, waves):
        columns = pd.MultiIndex.from_product([range(12), ["a", "b"]]).swaplevel()
        self.refused(pd.DataFrame(waves[0], columns=columns), waves[1], "interleaved.*sort_index")

    def test_channels_of_different_lengths_in_the_columns(self, waves):
        columns = [("a", i) for i in range(16)] + [("b", i) for i in range(8)]
        X = pd.DataFrame(waves[0], columns=pd.MultiIndex.from_tuples(columns))
        self.refused(X, waves[1], r"ragged.*\[16, 8\] time steps")

    def test_parameters_that_fit_resample_does_not_have(self, waves):
        with pytest.raises(TypeError, match="sample_weight"):
            GANBATSSampler().fit_resample(*waves, sample_weight=np.ones(60))

    def test_four_axes(self, waves):
        self.refused(waves[0].reshape(60, 2, 3, 4), waves[1], "3D one of")

    def test_text(self, waves):
        self.refused(np.full((60, 24), "x"), waves[1], "Convert your data to numeric values")

    def test_fewer_labels_than_series(self, waves):
        self.refused(waves[0], waves[1][:-1], "inconsistent numbers of samples")

    def test_fewer_series_than_the_class_has(self, waves):
        self.refused(*waves, "greater or equal to the original", sampling_strategy={"abnormal": 3})

    def test_a_device_that_is_not_available(self, waves):
        with pytest.raises(ValueError, match=r"device='gpu' cannot be used here.*\"auto\""):
            GANBATSSampler(device="gpu").fit_resample(*waves)

    def test_an_unknown_preset(self):
        with pytest.raises(ValueError, match=r"no preset 'ecg'; choose from \['ecg-mit'"):
            GANBATSSampler.from_preset("ecg")


class TestTooSmallToTrainOn:
    @pytest.mark.parametrize("n_abnormal", [1, 2, 3, 4])
    def test_falls_back_with_a_warning(self, waves, n_abnormal):
        X, y = waves[0][: 45 + n_abnormal], waves[1][: 45 + n_abnormal]
        sampler = GANBATSSampler(random_state=0)
        with pytest.warns(
            GenerationWarning, match=f"^Class 'abnormal': .* has {n_abnormal} series, fewer"
        ):
            X_resampled, y_resampled = sampler.fit_resample(X, y)
        synthetic = X_resampled[sampler.synthetic_mask_]
        assert len(synthetic) == 45 - n_abnormal
        assert np.isfinite(synthetic).all()
        assert len(np.unique(synthetic, axis=0)) == len(synthetic)
        abnormal = X[45:]
        assert synthetic.min() >= abnormal.min() and synthetic.max() <= abnormal.max()
        assert sampler.outcomes_["abnormal"].status == "fallback" and sampler.nets_ == {}
        assert sampler.generate(4, "abnormal").shape == (4, 24)

    @pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
    def test_the_recipe_sets_the_smallest_size(self, quick, waves):
        X, y = waves[0][:48], waves[1][:48]
        sampler = GANBATSSampler(**quick).set_params(recipe__min_class_size=3)
        sampler.fit_resample(X, y)
        assert "abnormal" in sampler.nets_
        assert "fewer than" not in sampler.outcomes_["abnormal"].reason


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
class TestUnusualButValid:
    @pytest.mark.parametrize("on_failure", ["warn", "fallback"])
    @pytest.mark.parametrize("factor", [1e6, 1e-6, 1e300, 1e-300])
    def test_very_large_and_very_small_values(self, quick, waves, factor, on_failure):
        X, y = waves[0] * factor, waves[1]
        sampler = GANBATSSampler(**{**quick, "on_failure": on_failure})
        self.in_range(sampler.fit_resample(X, y)[0], X[y == "abnormal"], sampler)

    @pytest.mark.parametrize("on_failure", ["warn", "fallback"])
    @pytest.mark.parametrize("value", [0.0, 3.0, -1e6])
    def test_a_constant_class(self, quick, waves, value, on_failure):
        X, y = waves
        X = np.where((y == "abnormal")[:, None], value, X)
        sampler = GANBATSSampler(**{**quick, "on_failure": on_failure})
        X_resampled, _ = sampler.fit_resample(X, y)
        np.testing.assert_array_equal(X_resampled[sampler.synthetic_mask_], value)

    @pytest.mark.parametrize("on_failure", ["warn", "fallback"])
    def test_a_single_time_step(self, quick, waves, on_failure):
        X, y = waves[0][:, :1], waves[1]
        sampler = GANBATSSampler(**{**quick, "on_failure": on_failure})
        self.in_range(sampler.fit_resample(X, y)[0], X[y == "abnormal"], sampler)

    def test_odd_lengths_and_many_channels(self, quick):
        rng = np.random.default_rng(0)
        X, y = rng.normal(size=(40, 7, 13)), np.repeat([0, 1], [28, 12])
        sampler = GANBATSSampler(**quick)
        self.in_range(sampler.fit_resample(X, y)[0], X[y == 1], sampler)

    @staticmethod
    def in_range(X_resampled, real, sampler):
        synthetic = X_resampled[sampler.synthetic_mask_]
        assert np.isfinite(synthetic).all()
        assert synthetic.min() >= real.min() and synthetic.max() <= real.max()

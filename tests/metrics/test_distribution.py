"""Metrics of distributions, tested where the answer is known."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.ensemble import RandomForestClassifier

from ganbats_sampler.metrics import (
    RandomConvolutions,
    authenticity,
    autocorrelation_difference,
    classifier_two_sample_test,
    copy_rate,
    coverage,
    density,
    kurtosis_difference,
    marginal_difference,
    maximum_mean_discrepancy,
    repeat_rate,
    score_with_reference,
    skewness_difference,
    spectral_distance,
    train_on_synthetic_test_on_real,
)

NEIGHBORS = [authenticity, copy_rate, coverage, density, repeat_rate]
MOMENTS = [
    autocorrelation_difference,
    kurtosis_difference,
    marginal_difference,
    skewness_difference,
    spectral_distance,
]
TESTS = [classifier_two_sample_test, maximum_mean_discrepancy]


def waves(n_samples, seed, n_channels=2, length=60):
    rng = np.random.default_rng(seed)
    phase = rng.normal(size=(n_samples, n_channels, 1))
    series = np.sin(np.linspace(0, 12, length) + phase) + 0.2 * rng.normal(
        size=(n_samples, n_channels, length)
    )
    return series


def value(metric, real, synthetic):
    result = metric(real, synthetic)
    return getattr(result, "statistic", result)


@pytest.fixture(scope="module")
def real():
    return waves(120, 0)


@pytest.fixture(scope="module")
def same():
    """Return series of the same distribution as the real ones."""
    return waves(120, 1)


@pytest.fixture(scope="module")
def others(real):
    """Return series of other distributions by name."""
    rng = np.random.default_rng(2)
    return {
        "class mean": np.repeat(real.mean(axis=0, keepdims=True), 120, axis=0),
        "noise": rng.normal(size=real.shape),
        "shifted copy": real + 3.0,
        "twice as large": 2 * waves(120, 3),
        "smoothed": (real[:, :, 1:-1] + real[:, :, 2:] + real[:, :, :-2])[:, :, [0, *range(58), -1]]
        / 3,
    }


@pytest.mark.parametrize("metric", [*NEIGHBORS, *MOMENTS, *TESTS])
class TestEveryMetric:
    def test_2d_input_has_one_channel(self, metric, real, same):
        flat = metric(real[:, 0], same[:, 0])
        assert flat == metric(real[:, :1], same[:, :1])

    def test_same_input_gives_same_value(self, metric, real, same):
        assert metric(real, same) == metric(real, same)

    def test_common_units_do_not_matter(self, metric, real, same):
        for unit in (1e-13, 1000):
            assert value(metric, unit * real, unit * same) == pytest.approx(
                value(metric, real, same), rel=1e-3, abs=1e-3
            )

    def test_inputs_are_not_modified(self, metric, real, same):
        before = real.copy(), same.copy()
        metric(real, same)
        np.testing.assert_array_equal(real, before[0])
        np.testing.assert_array_equal(same, before[1])

    def test_sides_that_cannot_be_compared_raise(self, metric, real):
        with pytest.raises(ValueError, match="must be alike"):
            metric(real, real[:, :, :10])
        with pytest.raises(ValueError, match="NaN or infinite"):
            metric(real, np.full_like(real, np.nan))

    def test_constant_series_give_a_finite_value(self, metric):
        constant = np.ones((20, 1, 16))
        assert np.isfinite(value(metric, constant, constant))


@pytest.mark.parametrize("metric", [*MOMENTS, maximum_mean_discrepancy])
def test_difference_is_smallest_for_same_distribution(metric, real, same, others):
    reference = abs(value(metric, real, same))
    blind = {
        autocorrelation_difference: {"shifted copy", "twice as large"},
        marginal_difference: {"smoothed"},
        skewness_difference: {"shifted copy", "noise", "twice as large", "smoothed", "class mean"},
        kurtosis_difference: {"shifted copy", "twice as large", "smoothed"},
        spectral_distance: {"shifted copy"},
    }
    for name, series in others.items():
        if name not in blind.get(metric, set()):
            assert value(metric, real, series) > 1.8 * reference, name


class TestClassifier:
    def test_same_distribution_cannot_be_distinguished(self, real, same):
        result = classifier_two_sample_test(real, same)
        assert result.low < 0.5 < result.high and result.p_value > 0.05

    @pytest.mark.parametrize("name", ["class mean", "noise", "shifted copy", "twice as large"])
    def test_other_distributions_can_be_distinguished(self, real, others, name):
        result = classifier_two_sample_test(real, others[name])
        assert result.statistic > 0.95 and result.low > 0.9 and result.p_value < 1e-9

    def test_few_series_give_a_wide_interval(self, real, same):
        few = classifier_two_sample_test(real[:10], same[:10])
        assert few.high - few.low > 0.35

    def test_larger_side_is_subsampled(self, real):
        result = classifier_two_sample_test(real, waves(12, 5))
        assert result.statistic * 24 == pytest.approx(round(result.statistic * 24))

    def test_fewer_series_than_folds_raise(self, real):
        with pytest.raises(ValueError, match="at least n_folds=5"):
            classifier_two_sample_test(real, real[:4])

    def test_p_values_are_seldom_small_for_same_distribution(self):
        p_values = [
            classifier_two_sample_test(
                waves(25, 2 * i, 1, 30), waves(25, 2 * i + 1, 1, 30), n_kernels=40
            ).p_value
            for i in range(40)
        ]
        assert np.mean(np.array(p_values) < 0.05) <= 0.15


class TestDiscrepancy:
    def test_statistic_is_equation_3_of_gretton_et_al(self, real, same):
        kernels = RandomConvolutions(300, random_state=np.random.RandomState(0)).fit(real)
        features = kernels.transform(np.concatenate([real, same])).astype(float)
        spread = features.std(axis=0)
        features = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1)
        squared = cdist(features, features) ** 2
        kernel = np.exp(-squared / np.median(squared[np.triu_indices(240, 1)]))
        x, s, across = kernel[:120, :120], kernel[120:, 120:], kernel[:120, 120:]
        expected = sum((k.sum() - np.trace(k)) / (120 * 119) for k in (x, s)) - 2 * across.mean()
        result = maximum_mean_discrepancy(real, same)
        assert result.statistic == pytest.approx(expected, abs=1e-4)

    def test_same_distribution_lies_within_the_bounds(self, real, same):
        result = maximum_mean_discrepancy(real, same)
        assert result.low < result.statistic < result.high and result.p_value > 0.05

    @pytest.mark.parametrize("name", ["class mean", "noise", "shifted copy", "twice as large"])
    def test_other_distributions_lie_above_the_bounds(self, real, others, name):
        result = maximum_mean_discrepancy(real, others[name])
        assert result.statistic > result.high and result.p_value < 0.01

    def test_sides_may_differ_in_size(self, real):
        result = maximum_mean_discrepancy(real, waves(30, 7))
        assert result.low < result.statistic < result.high

    def test_one_series_raises(self, real):
        with pytest.raises(ValueError, match="at least two of each"):
            maximum_mean_discrepancy(real, real[:1])


class TestNeighbors:
    def test_values_for_same_distribution(self, real, same):
        assert density(real, same) == pytest.approx(1, abs=0.25)
        assert coverage(real, same) > 0.85
        assert 0.35 < authenticity(real, same) < 0.75
        assert copy_rate(real, same) == repeat_rate(real, same) == 0

    def test_values_for_copies(self, real):
        copies = real + 0.001 * np.random.default_rng(0).normal(size=real.shape)
        assert coverage(real, copies) == 1
        assert authenticity(real, copies) == 0
        assert copy_rate(real, copies) == 1 and repeat_rate(real, copies) == 0

    def test_values_for_one_repeated_series(self, real, others):
        mean = others["class mean"]
        assert repeat_rate(real, mean) == pytest.approx(119 / 120)
        assert copy_rate(real, mean) == 0
        assert coverage(real, mean) < 0.1

    def test_density_is_high_for_one_series_at_the_centre(self):
        cloud = np.random.default_rng(0).normal(size=(100, 20))
        assert density(cloud, np.zeros((50, 20))) > 2

    @pytest.mark.parametrize("name", ["noise", "shifted copy"])
    def test_values_for_distant_series(self, real, others, name):
        assert density(real, others[name]) < 0.05
        assert coverage(real, others[name]) < 0.05
        assert authenticity(real, others[name]) == 1

    def test_values_computed_by_hand(self):
        real = np.array([[0.0], [1.0], [3.0]])  # nearest others: 1, 1, 2
        synthetic = np.array([[0.4], [1.5], [9.0]])
        assert authenticity(real, synthetic) == pytest.approx(1 / 3)
        # 0.4 is in the balls around 0 and 1, 1.5 in those around 1 and 3, and 9 in none
        assert density(real, synthetic, n_neighbors=1) == pytest.approx(4 / 3)
        assert coverage(real, synthetic, n_neighbors=1) == 1

    def test_coverage_has_the_expected_value_of_the_paper(self):
        rng = np.random.default_rng(0)
        values = [
            coverage(rng.normal(size=(150, 3)), rng.normal(size=(150, 3)), n_neighbors=2)
            for _ in range(30)
        ]
        assert np.mean(values) == pytest.approx(1 - 2**-2, abs=0.03)

    @pytest.mark.parametrize("metric", [coverage, density])
    def test_too_few_real_series_raise(self, metric, real):
        with pytest.raises(ValueError, match="There are 5 real series"):
            metric(real[:5], real)


class TestMoments:
    def test_marginal_difference_computed_by_hand(self):
        real = np.array([[0.0, 0.0], [1.0, 0.0]])
        # at the first step half of the values leave the range, and at the second all
        assert marginal_difference(real, [[0.0, 5.0], [2.0, -5.0]]) == pytest.approx(0.75)

    def test_largest_value_counts_in_the_last_bin(self, real):
        assert marginal_difference(real, real) == 0
        assert marginal_difference([[0.0], [1.0]], [[0.97], [0.02]]) == 0

    def test_autocorrelation_agrees_with_numpy(self, real, same):
        def function(series):
            series = series - series.mean()
            full = np.correlate(series, series, "full")[len(series) - 1 :]
            return full / full[0]

        means = [
            np.mean([[function(c) for c in one] for one in side], axis=0) for side in (real, same)
        ]
        expected = np.abs(means[0] - means[1])[:, 1:].mean()
        assert autocorrelation_difference(real, same) == pytest.approx(expected)

    def test_skewness_and_kurtosis_of_known_distributions(self):
        rng = np.random.default_rng(0)
        normal, exponential = rng.normal(size=(400, 500)), rng.exponential(size=(400, 500))
        assert skewness_difference(normal, exponential) == pytest.approx(2, abs=0.1)
        assert kurtosis_difference(normal, exponential) == pytest.approx(6, rel=0.15)


class TestSpectrum:
    def test_twice_the_amplitude_is_six_decibels(self, real):
        assert spectral_distance(real, 2 * real) == pytest.approx(20 * np.log10(2))

    def test_distance_depends_on_frequency_and_not_on_phase(self):
        rng = np.random.default_rng(0)
        time = np.arange(256)

        def tone(frequency):
            phase = rng.uniform(0, 7, (200, 1))
            return np.sin(frequency * time + phase) + 0.1 * rng.normal(size=(200, 256))

        assert spectral_distance(tone(0.5), tone(0.5)) < 1
        assert spectral_distance(tone(0.5), tone(1.0)) > 3

    def test_two_time_steps_raise(self):
        with pytest.raises(ValueError, match="at least 3 time steps"):
            spectral_distance(np.ones((4, 2)), np.ones((4, 2)))


class TestRandomConvolutions:
    def test_features_agree_with_numpy(self, real):
        kernels = RandomConvolutions(40, random_state=0).fit(real)
        features = kernels.transform(real[:3])
        scaled = (real - kernels.centre_) / kernels.spread_
        for i, (channel, weights, bias, dilation, padding) in enumerate(kernels.kernels_):
            dilated = np.zeros((len(weights) - 1) * dilation + 1)
            dilated[::dilation] = weights[::-1]
            padded = np.pad(scaled[0, channel], padding)
            convolved = np.convolve(padded, dilated, "valid") + bias
            assert features[0, 2 * i] == pytest.approx(convolved.max(), abs=1e-4)
            assert features[0, 2 * i + 1] == pytest.approx((convolved > 0).mean(), abs=0.02)

    @pytest.mark.parametrize("length", [1, 2])
    def test_fewer_than_three_time_steps_raise(self, length):
        with pytest.raises(ValueError, match="at least 3 time steps"):
            RandomConvolutions().fit(np.ones((6, 2, length)))

    @pytest.mark.parametrize("length", [3, 5, 12])
    def test_level_is_detected_in_short_series(self, length):
        noise = np.random.default_rng(0).normal(size=(40, 2, length))
        result = classifier_two_sample_test(noise, noise[::-1] + 9)
        assert result.statistic > 0.9

    @pytest.mark.parametrize("length", [3, 5, 12])
    def test_short_series_have_finite_features(self, length):
        series = np.random.default_rng(0).normal(size=(6, 2, length))
        assert np.isfinite(RandomConvolutions(50).fit(series).transform(series)).all()

    def test_random_state_fixes_the_kernels(self, real):
        first, second, other = (
            RandomConvolutions(20, random_state=seed).fit(real).transform(real)
            for seed in (0, 0, 1)
        )
        np.testing.assert_array_equal(first, second)
        assert not np.allclose(first, other)


class TestTransfer:
    def data(self, seed, n_samples=60):
        rng = np.random.default_rng(seed)
        y = np.tile(["slow", "fast"], n_samples // 2)
        speed = np.where(y == "slow", 1.0, 2.0)[:, None]
        phase = rng.normal(size=(n_samples, 1))
        return np.sin(np.linspace(0, 12, 60) * speed + phase), y

    def test_score_is_one_for_right_labels_and_zero_for_swapped_ones(self):
        (X, y), (X_test, y_test) = self.data(0), self.data(1)
        assert train_on_synthetic_test_on_real(X, y, X_test, y_test) == 1
        swapped = np.where(y == "slow", "fast", "slow")
        assert train_on_synthetic_test_on_real(X, swapped, X_test, y_test) == 0
        noise = np.random.default_rng(0).normal(size=X.shape)
        assert train_on_synthetic_test_on_real(noise, y, X_test, y_test) < 0.75

    def test_other_classifier_and_score(self):
        (X, y), (X_test, y_test) = self.data(0), self.data(1)
        forest = RandomForestClassifier(50, random_state=0)
        score = train_on_synthetic_test_on_real(
            X, y, X_test, y_test, classifier=forest, scoring="accuracy"
        )
        assert score == forest.fit(X, y).score(X_test, y_test)
        with pytest.raises(ValueError, match="scoring|scorer"):
            train_on_synthetic_test_on_real(X, y, X_test, y_test, scoring="nothing")


@pytest.mark.parametrize("metric", [*MOMENTS, *NEIGHBORS])
def test_score_with_reference_takes_every_metric(metric, real, same, others):
    score = score_with_reference(metric, real, others["noise"], same)
    assert score.value == metric(real, others["noise"]) and score.reference == metric(real, same)

"""Metrics, compared with values computed by hand and with another implementation."""

import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.metrics import diversity_ratio, dtw, dtw_matrix, prd, score_with_reference


@pytest.fixture
def rng():
    return np.random.default_rng(0)


class TestPRD:
    def test_value_computed_by_hand(self):
        real = [[3.0, 4.0], [0.0, 10.0]]
        synthetic = [[3.0, 3.0], [6.0, 2.0]]
        assert prd(real, synthetic, pairing="index") == pytest.approx((100 / 5 + 100 * 10 / 10) / 2)

    def test_centred_value_computed_by_hand(self):
        # the mean of (3, 5) is 4, so the denominator is 1 + 1
        assert prd([[3.0, 5.0]], [[3.0, 4.0]], pairing="index", centred=True) == pytest.approx(
            100 * np.sqrt(1 / 2)
        )

    def test_centring_is_by_channel(self):
        real = np.array([[[0.0, 2.0], [100.0, 102.0]]])
        assert prd(real, real + 1, pairing="index", centred=True) == pytest.approx(100)

    def test_nearest_pairing_finds_the_copy_and_random_does_not(self, rng):
        real = rng.normal(size=(30, 20))
        assert prd(real, real[::-1], pairing="nearest") == pytest.approx(0, abs=1e-6)
        assert prd(real, real, pairing="random") > 50

    def test_nearest_pairing_finds_the_copy_under_a_large_offset(self, rng):
        real = rng.normal(size=(30, 20)) + 1e8
        assert prd(real, real[::-1], pairing="nearest", centred=True) == 0

    def test_random_pairing_approaches_the_mean_over_all_pairs(self, rng):
        real, synthetic = rng.normal(size=(2, 1, 20)), rng.normal(size=(4000, 1, 20))
        each = [prd(one[None].repeat(4000, 0), synthetic, pairing="index") for one in real]
        assert prd(real, synthetic, pairing="random") == pytest.approx(np.mean(each), rel=0.02)

    def test_random_state_fixes_the_pairs(self, rng):
        real, synthetic = rng.normal(size=(2, 30, 20))
        values = [prd(real, synthetic, random_state=seed) for seed in (0, 0, 1)]
        assert values[0] == values[1] != values[2]

    @pytest.mark.parametrize(("centred", "word"), [(False, "zero everywhere"), (True, "constant")])
    def test_real_series_without_energy_raise(self, centred, word):
        value = 5.0 if centred else 0.0
        with pytest.raises(ValueError, match=f"Real series 1 is {word}"):
            prd([[1, 2], [value] * 2], np.ones((2, 2)), pairing="index", centred=centred)


class TestDTW:
    @pytest.mark.parametrize("window", [None, 0, 1, 5, 12])
    @pytest.mark.parametrize("n_channels", [1, 3])
    def test_matrix_agrees_with_aeon(self, rng, window, n_channels):
        aeon_distances = pytest.importorskip("aeon.distances")
        a, b = rng.normal(size=(9, n_channels, 24)), rng.normal(size=(7, n_channels, 24))
        share = None if window is None else window / 24
        expected = np.sqrt(aeon_distances.dtw_pairwise_distance(a, b, window=share))
        np.testing.assert_allclose(dtw_matrix(a, b, window=window), expected)

    @pytest.mark.parametrize("n_channels", [1, 3])
    def test_pairings_agree_with_the_matrix(self, rng, n_channels):
        real, synthetic = rng.normal(size=(2, 12, n_channels, 20))
        matrix = dtw_matrix(synthetic, real)
        assert dtw(real, synthetic, pairing="index") == pytest.approx(np.diag(matrix).mean())
        assert dtw(real, synthetic, pairing="nearest") == pytest.approx(matrix.min(axis=1).mean())
        partner = np.random.RandomState(3).randint(12, size=12)
        expected = matrix[np.arange(12), partner].mean()
        assert dtw(real, synthetic, pairing="random", random_state=3) == pytest.approx(expected)

    def test_a_window_of_zero_is_the_euclidean_distance(self, rng):
        real, synthetic = rng.normal(size=(2, 5, 20))
        expected = np.linalg.norm(real - synthetic, axis=1).mean()
        assert dtw(real, synthetic, pairing="index", window=0) == pytest.approx(expected)

    def test_best_path_along_the_diagonal_is_finite(self, rng):
        # dtaidistance prunes by default, and then returns infinity for some of these pairs
        real = np.cumsum(rng.normal(size=(3000, 24)), axis=1) * 10
        synthetic = real + rng.normal(size=real.shape) * 0.01
        assert np.isfinite(dtw(real, synthetic, pairing="index"))

    def test_float32_views_are_accepted(self, rng):
        real, synthetic = rng.normal(size=(2, 6, 40)).astype(np.float32)
        views = real[::2, ::2], synthetic[::2, ::2]
        expected = dtw(*(v.astype(np.float64).copy() for v in views), pairing="index")
        assert dtw(*views, pairing="index") == pytest.approx(expected)

    def test_negative_window_raises(self, rng):
        with pytest.raises(ValueError, match="window=-1"):
            dtw(*rng.normal(size=(2, 3, 4)), window=-1)


@pytest.mark.parametrize("metric", [prd, dtw])
class TestBadInput:
    def test_unknown_pairing_raises(self, metric):
        with pytest.raises(ValueError, match="pairing='best' .* choose from"):
            metric(np.ones((2, 3)), np.ones((2, 3)), pairing="best")

    def test_index_pairing_needs_equal_numbers(self, metric):
        with pytest.raises(ValueError, match="2 real and 3 synthetic"):
            metric(np.ones((2, 3)), np.ones((3, 3)), pairing="index")

    def test_different_lengths_raise(self, metric):
        with pytest.raises(ValueError, match=r"\(1, 3\), synthetic ones \(1, 4\)"):
            metric(np.ones((2, 3)), np.ones((2, 4)))

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_nan_and_infinity_raise(self, metric, bad):
        with pytest.raises(ValueError, match="synthetic has 1 values that are NaN or infinite"):
            metric(np.ones((2, 3)), [[1, 2, bad], [1, 2, 3]])

    @pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 0), (2, 2, 2, 2)])
    def test_other_shapes_raise(self, metric, shape):
        with pytest.raises(ValueError, match="real has shape"):
            metric(np.ones(shape), np.ones((2, 3)))


class TestReferenceAndControls:
    def test_ratio_of_a_perfect_generator_is_one(self, rng):
        real, synthetic, held_out = rng.normal(size=(3, 300, 16)) + 3
        for metric in (prd, dtw):
            for pairing in ("random", "nearest"):
                score = score_with_reference(metric, real, synthetic, held_out, pairing=pairing)
                assert score.ratio == pytest.approx(1, abs=0.05)

    def test_controls_have_a_smaller_prd_than_real_series(self, rng):
        real, synthetic, held_out = rng.normal(size=(3, 100, 16))
        assert score_with_reference(prd, real, synthetic, held_out, pairing="nearest").copies == 0
        score = score_with_reference(prd, real, synthetic, held_out, pairing="random")
        assert score.class_mean < score.reference

    def test_options_reach_the_metric(self, rng):
        real, synthetic, held_out = rng.normal(size=(3, 20, 16)) + 5
        plain = score_with_reference(prd, real, synthetic, held_out)
        assert (
            score_with_reference(prd, real, synthetic, held_out, centred=True).value > plain.value
        )

    def test_frame_with_a_channel_level_equals_its_array(self, rng):
        sides = rng.normal(size=(3, 12, 2, 5))
        columns = pd.MultiIndex.from_product([["a", "b"], range(5)])
        frames = [pd.DataFrame(side.reshape(12, 10), columns=columns) for side in sides]
        assert score_with_reference(dtw, *frames) == score_with_reference(dtw, *sides)

    def test_ratio_is_nan_if_the_reference_is_zero(self):
        same = np.ones((4, 3))
        assert np.isnan(score_with_reference(dtw, same, same, same).ratio)

    @pytest.mark.data
    def test_values_measured_on_wafer(self, real_data):
        with zipfile.ZipFile(real_data / "ucr_dev.zip") as archive:
            table = np.loadtxt(archive.open("Wafer/Wafer_TRAIN.tsv"))
        series = table[table[:, 0] == 0, 1:]  # abnormal
        series = series[np.random.default_rng(0).permutation(len(series))]
        real, held_out = series[:48], series[48:]
        score = score_with_reference(prd, real, held_out, held_out, pairing="random")
        assert score.reference == pytest.approx(121, rel=0.15)
        assert score.class_mean == pytest.approx(89.5, rel=0.15)
        assert prd(real, held_out, pairing="nearest") == pytest.approx(23.4, rel=0.4)
        assert dtw(real, held_out, pairing="random") == pytest.approx(9.7, rel=0.25)
        assert dtw(real, held_out, pairing="nearest") == pytest.approx(1.7, rel=0.4)


class TestDiversityRatio:
    def test_value_computed_by_hand(self):
        assert diversity_ratio([[0.0], [2.0]], [[0.0], [1.0]]) == 0.5

    def test_large_sets_are_sampled(self, rng):
        real, synthetic = rng.normal(size=(2, 2000, 5))
        assert diversity_ratio(real, synthetic) == pytest.approx(1, abs=0.1)

    def test_ratio_of_identical_series(self):
        same, other = np.ones((3, 4)), [[1.0] * 4, [2.0] * 4]
        assert diversity_ratio(same, same) == 1
        assert diversity_ratio(same, other) == np.inf
        assert diversity_ratio(other, same) == 0

    def test_different_lengths_raise(self):
        with pytest.raises(ValueError, match="must be alike"):
            diversity_ratio(np.ones((3, 4)), np.ones((3, 5)))

    def test_one_series_raises(self):
        with pytest.raises(ValueError, match="at least two"):
            diversity_ratio([[1.0, 2.0]], [[1.0, 2.0], [1.0, 3.0]])


def test_metrics_need_no_torch():
    code = "import sys, ganbats_sampler.metrics; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

"""The tests over tasks, compared with values computed by hand or by other implementations."""

import sys

import numpy as np
import pytest
import scipy
from scipy.stats import PermutationMethod, wilcoxon

from ganbats_sampler.benchmark.verdict.statistics import (
    adjust_by_holm,
    bayesian_signed_rank,
    wilcoxon_p_value,
)


class TestHolm:
    def test_values_computed_by_hand(self):
        # ascending .005 x 4, .01 x 3, .03 x 2, .04 x 1, and never less than the one before
        np.testing.assert_allclose(
            adjust_by_holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]
        )

    def test_same_as_statsmodels_with_ties_and_above_one(self):
        # statsmodels.stats.multitest.multipletests(p, method="holm")[1]
        np.testing.assert_allclose(
            adjust_by_holm([0.2, 0.001, 0.0125, 0.013, 0.6, 0.013]),
            [0.4, 0.006, 0.0625, 0.0625, 0.6, 0.0625],
        )
        assert adjust_by_holm([0.5, 0.9]).tolist() == [1, 1]

    def test_nan_does_not_count(self):
        np.testing.assert_allclose(adjust_by_holm([0.01, np.nan, 0.03]), [0.02, np.nan, 0.03])
        assert adjust_by_holm([]).shape == (0,)
        assert np.isnan(adjust_by_holm([np.nan])).all()


class TestWilcoxon:
    @pytest.mark.parametrize(
        ("gains", "expected"),
        [
            ([1, 2, 3, 4, 5, 6], 2 / 64),  # all of the same sign: 2 of 64 combinations
            ([-1, 2, 3, 4, 5, 6], 4 / 64),  # a rank sum of 1 or less, on either side
            ([-3, 1, 2, -4, -5, 6, 7, 8], 0.4609375),  # 59 of 256 sums reach 12 or less, twice
            ([0, 0, 1, 2, 3, 4, 5, 6], 2 / 64),  # zeros are left out
        ],
    )
    def test_values_computed_by_hand(self, gains, expected):
        assert wilcoxon_p_value(gains) == pytest.approx(expected)

    @pytest.mark.parametrize("n", [6, 13, 40])
    def test_same_as_scipy_without_ties(self, n):
        gains = np.random.default_rng(n).normal(0.3, 1, size=n)
        assert wilcoxon_p_value(gains) == pytest.approx(wilcoxon(gains, method="exact").pvalue)

    @pytest.mark.skipif(scipy.__version__ < "1.13", reason="SciPy 1.13 permutes signs")
    def test_same_as_all_combinations_of_signs_with_ties(self):
        gains = np.array([1, 1, -1, 2, 2, -3, 4, 4, 4])
        orders = PermutationMethod(n_resamples=2**9)
        assert wilcoxon_p_value(gains) == pytest.approx(wilcoxon(gains, method=orders).pvalue)

    def test_exact_with_fourteen_equal_gains(self):
        assert wilcoxon_p_value([0.1] * 14) == pytest.approx(2 / 2**14)

    @pytest.mark.parametrize("gains", [[1, 2, 3, 4, 5], [0] * 7, [0, 0, 1, 2, 3, 4, 5]])
    def test_nan_for_fewer_than_six_differences(self, gains):
        assert np.isnan(wilcoxon_p_value(gains))


class TestBayes:
    def test_probabilities_sum_to_one_and_depend_on_the_seed_only(self):
        gains = np.random.default_rng(0).normal(0.01, 0.02, 15)
        first = bayesian_signed_rank(gains, 0.01, random_state=3)
        assert sum(first) == pytest.approx(1) and 0.2 < first.better < 0.8
        assert bayesian_signed_rank(gains, 0.01, random_state=3) == first
        assert bayesian_signed_rank(gains[::-1], 0.01, random_state=3) == first
        assert bayesian_signed_rank(gains, 0.01, random_state=4) != first

    def test_the_global_random_state_is_not_changed(self):
        before = np.random.get_state()[1].copy()
        bayesian_signed_rank([0.1] * 8, 0.01)
        assert (np.random.get_state()[1] == before).all()

    @pytest.mark.parametrize(("gain", "name"), [(0.05, "better"), (0, "equivalent"), (-1, "worse")])
    def test_gains_in_each_direction(self, gain, name):
        assert getattr(bayesian_signed_rank([gain] * 20, 0.01), name) > 0.99

    def test_a_difference_within_the_rope_is_equivalent(self):
        gains = [0.008] * 30
        assert bayesian_signed_rank(gains, 0.01).equivalent > 0.99
        assert bayesian_signed_rank(gains, 0.001).better > 0.99

    def test_same_as_a_posterior_from_numpy(self):
        # Walsh averages weighted by a Dirichlet posterior with half a task at zero, as in Benavoli
        # et al. (2017), section 4.2; the share of samples in which a region has the most weight
        gains = np.random.default_rng(1).normal(0.012, 0.03, 12)
        values = np.append(0, gains)
        weights = np.random.default_rng(2).dirichlet([0.5] + 12 * [1], 20_000)
        averages = (values[:, None] + values) / 2
        mass = [
            np.einsum("ni,ij,nj->n", weights, region.astype(float), weights)
            for region in (averages > 0.01, np.abs(averages) <= 0.01, averages < -0.01)
        ]
        expected = np.bincount(np.argmax(mass, axis=0), minlength=3) / 20_000
        np.testing.assert_allclose(bayesian_signed_rank(gains, 0.01), expected, atol=0.02)

    def test_nan_without_tasks(self):
        assert np.isnan(bayesian_signed_rank([], 0.01)).all()

    def test_a_rope_of_zero_raises_an_error(self):
        with pytest.raises(ValueError, match="rope=0 was given"):
            bayesian_signed_rank([0.1], 0)

    def test_without_baycomp_the_error_says_what_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "baycomp", None)
        with pytest.raises(ImportError, match=r'pip install "ganbats-sampler\[benchmark\]"'):
            bayesian_signed_rank([0.1], 0.01)

"""Metrics of synthetic series. Nothing here needs PyTorch."""

from ganbats_sampler.metrics.diversity import diversity_ratio
from ganbats_sampler.metrics.dtw import dtw, dtw_matrix
from ganbats_sampler.metrics.features import RandomConvolutions
from ganbats_sampler.metrics.moments import (
    autocorrelation_difference,
    kurtosis_difference,
    marginal_difference,
    skewness_difference,
)
from ganbats_sampler.metrics.neighbors import (
    authenticity,
    copy_rate,
    coverage,
    density,
    repeat_rate,
)
from ganbats_sampler.metrics.prd import prd
from ganbats_sampler.metrics.reference import ReferencedScore, score_with_reference
from ganbats_sampler.metrics.spectrum import spectral_distance
from ganbats_sampler.metrics.transfer import train_on_synthetic_test_on_real
from ganbats_sampler.metrics.two_sample import (
    TwoSampleResult,
    classifier_two_sample_test,
    maximum_mean_discrepancy,
)

__all__ = [
    "ReferencedScore",
    "RandomConvolutions",
    "TwoSampleResult",
    "authenticity",
    "autocorrelation_difference",
    "score_with_reference",
    "classifier_two_sample_test",
    "copy_rate",
    "coverage",
    "density",
    "diversity_ratio",
    "dtw",
    "dtw_matrix",
    "kurtosis_difference",
    "marginal_difference",
    "maximum_mean_discrepancy",
    "prd",
    "repeat_rate",
    "skewness_difference",
    "spectral_distance",
    "train_on_synthetic_test_on_real",
]

"""Every check that scikit-learn and imbalanced-learn have for a sampler, none left out."""

import warnings

import pytest
from imblearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_param_validation,
)
from imblearn.utils.estimator_checks import parametrize_with_checks as imblearn_checks
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.estimator_checks import parametrize_with_checks as sklearn_checks

from ganbats_sampler import GANBATSSampler, GenerationWarning
from tests.conftest import QUICK

QUICK_SAMPLER = GANBATSSampler(**QUICK, random_state=0)


# The checks' data are noise, on which two updates teach nothing; that is said in a warning.
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@imblearn_checks([QUICK_SAMPLER])
def test_imbalanced_learn_check(estimator, check):
    check(estimator)


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@sklearn_checks([QUICK_SAMPLER])
def test_scikit_learn_check(estimator, check):
    check(estimator)


def test_check_estimator_skips_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GenerationWarning)
        warnings.simplefilter("error", SkipTestWarning)
        check_estimator(QUICK_SAMPLER)


def test_parameters_are_validated():
    check_param_validation("GANBATSSampler", QUICK_SAMPLER)


def test_column_names_are_kept_track_of():
    check_dataframe_column_names_consistency("GANBATSSampler", QUICK_SAMPLER)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@imblearn_checks([GANBATSSampler(random_state=0)])
def test_imbalanced_learn_check_with_default_training(estimator, check):
    check(estimator)

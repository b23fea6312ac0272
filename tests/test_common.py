"""The estimator checks of scikit-learn and imbalanced-learn, for every class of samplers."""

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
from ganbats_sampler.samplers import get_sampler, get_sampler_names
from tests.conftest import CLASSES, quick_sampler

# The checks are about a class, not about its parameters.
SAMPLERS = {name: quick_sampler(name) for name in CLASSES}
each_sampler = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS.keys())
# The data of these checks are noise, so networks fail the failure checks, with a warning.
untrained = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@untrained
@imblearn_checks(list(SAMPLERS.values()))
def test_imbalanced_learn_check(estimator, check):
    check(estimator)


@untrained
@sklearn_checks(list(SAMPLERS.values()))
def test_scikit_learn_check(estimator, check):
    check(estimator)


@each_sampler
def test_check_estimator_skips_nothing(sampler):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GenerationWarning)
        warnings.simplefilter("error", SkipTestWarning)
        check_estimator(sampler)


@each_sampler
def test_parameters_are_validated(sampler):
    check_param_validation(type(sampler).__name__, sampler)


@untrained
@each_sampler
def test_column_names_are_checked(sampler):
    check_dataframe_column_names_consistency(type(sampler).__name__, sampler)


def test_every_class_is_checked():
    classes = {type(get_sampler(name)) for name in get_sampler_names()}
    assert classes == {type(sampler) for sampler in SAMPLERS.values()}


@pytest.mark.slow
@untrained
@imblearn_checks([GANBATSSampler(random_state=0)])
def test_imbalanced_learn_check_with_default_training(estimator, check):
    check(estimator)

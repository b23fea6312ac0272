"""The parts of imbalanced-learn beyond its public API that this package relies on."""

import inspect
from importlib.metadata import requires

import numpy as np
import pytest
from imblearn.base import BaseSampler, SamplerMixin
from imblearn.over_sampling import SMOTE
from imblearn.over_sampling.base import BaseOverSampler
from packaging.requirements import Requirement

import ganbats_sampler
from tests.conftest import quick_sampler


def test_its_fit_resample_has_the_expected_steps():
    assert list(inspect.signature(BaseSampler._check_X_y).parameters)[:3] == ["self", "X", "y"]
    source = inspect.getsource(SamplerMixin.fit_resample)
    # our fit_resample takes the same steps, except for containers
    steps = ["check_classification_targets", "_check_X_y", "check_sampling_strategy"]
    places = [source.index(step) for step in [*steps, "_fit_resample(", "label_binarize"]]
    assert places == sorted(places)
    assert BaseOverSampler._sampling_type == "over-sampling"
    assert {"sampling_strategy", "random_state"} <= set(BaseOverSampler._parameter_constraints)


def test_its_version_has_an_upper_bound():
    (bound,) = (
        Requirement(line).specifier
        for line in requires("ganbats-sampler") or []
        if Requirement(line).name == "imbalanced-learn"
    )
    assert any(one.operator == "<" for one in bound)


def test_none_of_its_private_modules_is_imported():
    from pathlib import Path

    for path in Path(ganbats_sampler.__file__).parent.rglob("*.py"):
        for line in path.read_text().splitlines():
            assert not ("imblearn" in line and "import" in line and "._" in line), (path, line)


@pytest.mark.parametrize("sampler", [SMOTE(), quick_sampler("arc")])
def test_extra_parameters_raise_the_same_error(sampler):
    X, y = np.random.default_rng(0).normal(size=(30, 8)), np.repeat([0, 1], [20, 10])
    with pytest.raises(TypeError, match="unexpected keyword argument 'weight'"):
        sampler.fit_resample(X, y, weight=3)
    assert sampler.fit(X, y) is sampler

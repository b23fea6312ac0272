import re
from dataclasses import replace

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE

from ganbats_sampler.benchmark import BASELINES, Method
from ganbats_sampler.benchmark.methods import Choice, NotApplicable, make_methods, resample
from ganbats_sampler.samplers import GANBATSSampler
from tests.conftest import needs_stratified_groups


def test_every_baseline_is_included_once():
    names = [method.name for method in make_methods(["smote", "none"])]
    assert sorted(names) == ["class_weights", "none", "oracle", "smote", "tuned_threshold"]
    assert [method.name for method in make_methods({"mine": SMOTE()})][-1] == "mine"


def test_wrong_methods_raise_an_error():
    with pytest.raises(ValueError, match="no method 'smot'"):
        make_methods(["smot"])
    with pytest.raises(ValueError, match=r"no method 'smote\+weights'"):
        make_methods(["smote+weights"])
    with pytest.raises(ValueError, match=r"called \['smote'\]"):
        make_methods(["smote", Method("smote")])
    with pytest.raises(ValueError, match="tune_threshold, or sampler and oracle"):
        Method("both", SMOTE(), tune_threshold=True)
    with pytest.raises(ValueError, match="choice selects what to do; leave out"):
        Method("both", SMOTE(), choice=Choice())
    with pytest.raises(ValueError, match="an oracle adds real series"):
        Method("both", SMOTE(), oracle=True)
    with pytest.raises(ValueError, match=r"\['none'\] are names of the baselines"):
        make_methods({"none": SMOTE()})
    for wrong in ([SMOTE()], SMOTE(), SMOTE, {"mine": SMOTE}, [("smote", "smote")], 3, None):
        with pytest.raises(TypeError, match="name|object with fit_resample"):
            make_methods(wrong)


@pytest.mark.parametrize("one", ["smote", Method("smote", SMOTE()), ("smote", SMOTE())])
def test_a_single_method_needs_no_list(one):
    assert [method.name for method in make_methods(one)] == [*BASELINES, "smote"]
    assert len(make_methods(("smote", "arc"))) == len(make_methods((Method("a"), "arc"))) == 6


def test_a_pair_is_a_method():
    assert make_methods([("mine", SMOTE()), "smote"])[-2].name == "mine"


@pytest.mark.parametrize("name", ["none", "class_weights", "tuned_threshold"])
def test_free_methods_do_not_change_the_series(bumps, name):
    split = bumps.split(0)
    (method,) = (method for method in make_methods([]) if method.name == name)
    resampled = resample(method, split, "balance", 0)
    assert resampled.X is split.X_train and resampled.n_added == 0


@pytest.mark.parametrize("amount, n_added", [("balance", 40), ("double", 10)])
@pytest.mark.parametrize("method", ["oracle", "window_warp", "smote+class_weights"])
@needs_stratified_groups
def test_amounts_of_added_series(bumps, method, amount, n_added):
    split = bumps.split(0)
    made = make_methods([method])[-1] if method != "oracle" else Method("oracle", oracle=True)
    resampled = resample(made, split, amount, 0)
    assert resampled.n_added == n_added == len(resampled.X) - len(split.X_train)
    assert np.array_equal(resampled.X[: len(split.X_train)], split.X_train)
    assert resampled.y[len(split.y_train) :].all()
    assert (made.class_weight == "balanced") == (method == "smote+class_weights")


@needs_stratified_groups
def test_the_oracle_adds_series_of_the_reserve(bumps):
    split = bumps.split(0)
    resampled = resample(Method("oracle", oracle=True), split, "balance", 0)
    added = {x.tobytes() for x in resampled.X[len(split.X_train) :]}
    assert len(added) == 40 and added <= {x.tobytes() for x in split.X_reserve}


def test_the_oracle_is_not_applicable_with_a_small_reserve(bumps):
    split = bumps.split(0)
    with pytest.raises(NotApplicable, match="would add 40 real series; 3 are left"):
        resample(
            Method("oracle", oracle=True),
            replace(split, X_reserve=split.X_reserve[:3], y_reserve=split.y_reserve[:3]),
            "balance",
            0,
        )


def test_the_sampler_that_is_passed_is_not_changed(bumps):
    sampler = SMOTE(random_state=5)
    resample(Method("mine", sampler), bumps.split(0), "balance", 0)
    assert sampler.get_params()["random_state"] == 5 and not hasattr(sampler, "sampling_strategy_")


@needs_stratified_groups
def test_every_minority_class_is_resampled(kinds):
    split = kinds.split(0)
    for amount, sizes in (("balance", (40, 40, 40)), ("double", (16, 40, 16))):
        resampled = resample(Method("smote", SMOTE(k_neighbors=3)), split, amount, 0)
        assert np.unique(resampled.y, return_counts=True)[1].tolist() == list(sizes)
        assert resampled.n_added == sum(sizes) - 56
    real = resample(Method("oracle", oracle=True), split, "double", 0)
    assert {x.tobytes() for x in real.X[56:]} <= {x.tobytes() for x in split.X_reserve}
    assert np.unique(real.y, return_counts=True)[1].tolist() == [16, 40, 16]
    with pytest.raises(NotApplicable, match="would add 32 real series; 10 are left"):
        resample(Method("oracle", oracle=True), split, "balance", 0)


def test_the_note_has_failed_networks_of_several_classes(kinds):
    (method,) = (m for m in make_methods("ganbats") if m.name == "ganbats")
    assert method.sampler.on_failure == "warn"  # never a fallback in its place
    split = kinds.split(0)
    first = split.y_train != "tall"
    first[np.flatnonzero(~first)[:2]] = True  # two series are too few to train on
    few = replace(split, X_train=split.X_train[first], y_train=split.y_train[first])
    method.sampler.set_params(max_epochs=2)
    with pytest.warns(UserWarning):
        note = resample(method, few, "double", 0).note
    assert re.match(r"(fell back|failed the checks) in [12] of 2 classes: .*tall: the class", note)


def test_the_note_has_a_network_that_fell_back(bumps):
    method = Method("gan", GANBATSSampler().set_params(recipe__min_class_size=50))
    with pytest.warns(UserWarning, match="fewer than the 50"):
        note = resample(method, bumps.split(0), "double", 0).note
    assert note.startswith("fell back: the class has 10 series")

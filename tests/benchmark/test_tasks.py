from dataclasses import replace

import numpy as np
import pytest

from ganbats_sampler.benchmark import Task
from tests.conftest import needs_stratified_groups


def rows_of(task, series):
    """Find the row of each series in a task."""
    key = {x.tobytes(): i for i, x in enumerate(task.X)}
    return np.array([key[x.tobytes()] for x in series], dtype=int)


@pytest.mark.parametrize("seed", range(4))
def test_no_entity_is_on_both_sides(bumps, seed):
    split = bumps.split(seed)
    trained, tested, reserve = (
        rows_of(bumps, X) for X in (split.X_train, split.X_test, split.X_reserve)
    )
    assert not set(bumps.groups[trained]) & set(bumps.groups[tested])
    assert not set(bumps.groups[reserve]) & set(bumps.groups[tested])
    assert not set(trained) & set(reserve)
    assert bumps.y[reserve].all()
    assert np.array_equal(bumps.groups[trained], split.groups_train)
    assert np.array_equal(bumps.y[tested], split.y_test)


def test_the_reserve_is_shuffled(bumps):
    """The first series of the reserve are of all entities."""
    split = bumps.split(0)
    rows = rows_of(bumps, split.X_reserve)
    assert set(bumps.groups[rows[:15]]) == set(bumps.groups[rows])


def test_the_training_side_has_the_counts_of_the_task(bumps):
    split = bumps.split(0)
    assert (split.y_train.sum(), (~split.y_train).sum()) == (10, 50)


def test_every_entity_is_tested_once_per_round_of_folds(bumps):
    tested = [set(bumps.groups[rows_of(bumps, bumps.split(seed).X_test)]) for seed in range(4)]
    assert tested[0] | tested[1] == set(range(10)) and not tested[0] & tested[1]
    assert tested[2] | tested[3] == set(range(10))
    assert tested[0] not in (tested[2], tested[3])  # other folds


def test_the_seed_determines_the_split(bumps):
    once, again, other = bumps.split(0), bumps.split(0), bumps.split(2)
    assert np.array_equal(once.X_train, again.X_train)
    assert not np.array_equal(once.X_train, other.X_train)


@needs_stratified_groups
def test_without_groups_every_series_is_an_entity():
    X = np.arange(80.0).reshape(40, 1, 2)
    split = Task("alone", X, np.arange(40) % 4 == 0, n_minority=3, imbalance=2).split(0)
    assert len(split.X_test) == 20 and len(split.X_train) == 9 and len(split.X_reserve) == 2


@needs_stratified_groups
def test_a_class_with_one_entity_raises_an_error():
    groups = np.repeat([0, 1, 2, 3], 10)
    task = Task("one battery", np.zeros((40, 1, 4)), groups == 0, groups)
    with pytest.raises(ValueError, match="one battery, seed 0.*no series of .True.*n_folds=2"):
        task.split(0)


@pytest.mark.parametrize(
    "X, y, groups, message",
    [
        (np.zeros((4, 5)), np.arange(4) < 2, None, r"X has shape \(4, 5\)"),
        (np.zeros((4, 1, 5)), np.arange(3) < 2, None, "4 series, y 3 entries"),
        (np.zeros((4, 1, 5)), np.arange(4) < 2, np.arange(5), "4 series, groups 5 entries"),
        (np.zeros((4, 1, 5)), np.array(list("aabb")), None, "minority class, as in y == 'a'"),
        (np.zeros((4, 1, 5)), np.zeros(4, dtype=bool), None, "y has 1 class; it must have two"),
    ],
)
def test_wrong_arrays_raise_an_error(X, y, groups, message):
    with pytest.raises(ValueError, match=message):
        Task("t", X, y, groups)


def test_one_of_several_classes_is_the_majority_class(kinds):
    assert kinds.common == "flat" and kinds.labels.tolist() == ["bump", "flat", "tall"]
    split = kinds.split(0)
    assert np.unique(split.y_train, return_counts=True)[1].tolist() == [8, 40, 8]
    assert set(split.y_reserve) == {"bump", "tall"} and set(split.y_test) == set(kinds.labels)
    other = replace(kinds, common="tall", imbalance=2).split(0)
    assert np.unique(other.y_train, return_counts=True)[1].tolist() == [8, 8, 16]
    with pytest.raises(ValueError, match="common='wide' is no class of y"):
        replace(kinds, common="wide")
    with pytest.raises(ValueError, match="seed 0: the entities to test on have no series of"):
        replace(kinds, max_test=2).split(0)


@pytest.mark.parametrize("side", ["X", "y", "groups"])
def test_masked_values_and_lists_raise_an_error(bumps, side):
    values = getattr(bumps, side)
    mask = np.zeros(values.shape, dtype=bool)
    replace(bumps, **{side: np.ma.masked_array(values, mask)})  # nothing is masked
    mask.flat[3] = True
    with pytest.raises(ValueError, match=f"bumps: {side} has masked values"):
        replace(bumps, **{side: np.ma.masked_array(values, mask)})
    with pytest.raises(TypeError, match=f"bumps: {side} is a list; pass a NumPy array"):
        replace(bumps, **{side: values.tolist()})

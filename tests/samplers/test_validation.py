"""Held-out series, which select the best generator."""

import pickle

import numpy as np
import pytest

from ganbats_sampler.adversarial.callbacks import KeepBest
from ganbats_sampler.adversarial.groups import TrainingGroup
from tests.conftest import quick_sampler

# networks are trained too briefly to pass the checks
pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")

GANS = ["ganbats", "cgan", "dcgan", "wgan", "wgan_gp"]


@pytest.fixture
def many_waves():
    rng = np.random.default_rng(0)
    y = np.repeat(["normal", "rare", "rarer"], [120, 80, 20])
    X = np.sin(np.linspace(0, 1, 24) * 9 + rng.normal(size=(220, 1)))
    return X + 0.05 * rng.normal(size=X.shape), y


def group(labels, targets, seed=0):
    series = np.arange(len(labels), dtype=float)[:, None, None] * np.ones((1, 1, 4))
    codes = None if None in targets.values() else labels
    return TrainingGroup("", series, codes, targets, seed)


class TestHoldOut:
    def test_no_series_is_on_both_sides_and_none_is_lost(self):
        split = group(np.zeros(60, dtype=int), {"a": None}).hold_out(0.25)
        assert len(split.held_out[None]) == 15
        both = np.concatenate([split.series, split.held_out[None]])
        assert sorted(both[:, 0, 0]) == list(range(60))

    def test_only_targets_have_held_out_series(self):
        labels = np.repeat([0, 1, 2], [100, 50, 60])
        split = group(labels, {"b": 1, "c": 2}).hold_out(0.2)
        assert {code: len(s) for code, s in split.held_out.items()} == {1: 10, 2: 12}
        assert np.bincount(split.labels).tolist() == [100, 40, 48]
        assert (labels[split.held_out[1][:, 0, 0].astype(int)] == 1).all()

    def test_a_small_class_is_kept_whole(self):
        whole = group(np.zeros(40, dtype=int), {"a": None})
        assert not whole.hold_out(9 / 40).held_out  # fewer than ten are not enough
        assert whole.hold_out(10 / 40).held_out
        assert not whole.hold_out(None).held_out

    def test_some_series_are_left_to_train_on(self):
        split = group(np.zeros(30, dtype=int), {"a": None}).hold_out(0.99)
        assert len(split.series) == 5 and len(split.held_out[None]) == 25
        assert not group(np.zeros(14, dtype=int), {"a": None}).hold_out(0.99).held_out

    def test_series_too_short_to_compare_are_not_held_out(self):
        short = TrainingGroup("", np.zeros((60, 1, 2)), None, {"a": None}, 0)
        assert not short.hold_out(0.5).held_out

    def test_the_seed_determines_the_held_out_series(self):
        held_out = [
            group(np.zeros(60, dtype=int), {"a": None}, seed).hold_out(0.5).held_out[None]
            for seed in (0, 0, 1)
        ]
        assert np.array_equal(held_out[0], held_out[1])
        assert not np.array_equal(held_out[0], held_out[2])


@pytest.mark.parametrize("name", GANS)
def test_the_history_has_the_discrepancy(name, many_waves):
    sampler = quick_sampler(name, validation_fraction=0.2, max_epochs=4)
    X, y = sampler.fit_resample(*many_waves)
    assert np.isfinite(sampler.history_["rare"][-1]["discrepancy"])
    # a fifth of 20 is not enough; CGAN has one net, evaluated on the other class
    assert ("discrepancy" in sampler.history_["rarer"][-1]) == (name == "cgan")
    assert len(X) == 360


def test_no_discrepancy_without_held_out_series(many_waves):
    sampler = quick_sampler("dcgan")
    sampler.fit_resample(*many_waves)
    assert "discrepancy" not in sampler.history_["rare"][-1]


def test_the_generator_of_the_best_evaluation_is_kept(many_waves):
    sampler = quick_sampler("dcgan", validation_fraction=0.2, max_epochs=120, lr=1e-3)
    sampler.fit_resample(*many_waves)
    values = [row["discrepancy"] for row in sampler.history_["rare"]]
    values = [value for value in values if np.isfinite(value)]
    assert len(values) >= 3  # after 50 and 100 updates, and at the end
    net = sampler.nets_["rare"]
    callback = next(c for _, c in net.callbacks_ if hasattr(c, "held_out"))
    assert callback.patience == 10
    held_out = callback.held_out[None]
    generated = net.generate(len(held_out), random_state=net.random_state).numpy()
    assert callback.discrepancy(held_out, generated) == pytest.approx(min(values))


def test_the_same_rows_again_and_from_a_pickle(many_waves):
    sampler = quick_sampler("dcgan", validation_fraction=0.2, max_epochs=8)
    first, _ = sampler.fit_resample(*many_waves)
    second, _ = sampler.fit_resample(*many_waves)
    assert np.array_equal(first, second)
    loaded = pickle.loads(pickle.dumps(sampler))
    assert np.array_equal(loaded.generate(3, "rare"), sampler.generate(3, "rare"))


@pytest.mark.parametrize("fraction", [0, 1, -0.5, "a fifth"])
def test_the_fraction_must_lie_between_0_and_1(fraction, many_waves):
    with pytest.raises(ValueError, match="validation_fraction"):
        quick_sampler("dcgan", validation_fraction=fraction).fit_resample(*many_waves)


def test_each_class_is_compared_in_its_own_space(many_waves):
    X, y = many_waves
    sampler = quick_sampler("ganbats", conditional=True, validation_fraction=0.5)
    sampler.fit_resample(X, y)
    (keep,) = (c for _, c in sampler.nets_["rare"].callbacks_ if isinstance(c, KeepBest))
    spaces = [held_out.space for held_out in keep.held_out.values()]
    assert [len(space.components) for space in spaces] == [40, 10]

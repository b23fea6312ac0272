"""The candidates of HerdedSampler, its choice and its attributes."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from ganbats_sampler import (
    DCGANSampler,
    FilterWarning,
    GenerationWarning,
    HerdedSampler,
    RandomTransformSampler,
    RecombinationSampler,
)
from ganbats_sampler.generators import herded
from ganbats_sampler.metrics import copy_rate
from ganbats_sampler.samplers import get_sampler, get_sampler_names
from ganbats_sampler.samplers import herded as herded_sampler
from ganbats_sampler.transforms import Jitter
from tests.samplers.test_random_transform import nearest


def noisy(series, rng):
    return series + 3 * rng.normal(size=series.shape)


def marked(series, rng):
    series = series + 0.01 * rng.normal(size=series.shape)
    series[:, :, -1] = 99.0
    return series


def transforms(**samplers):
    return [(name, RandomTransformSampler(transforms=t)) for name, t in samplers.items()]


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = np.sin(np.linspace(0, 9, 40) + rng.normal(size=(330, 1, 1))) + 0.1 * rng.normal(
        size=(330, 1, 40)
    )
    return X, np.repeat(["normal", "rare"], [300, 30])


def test_candidates_unlike_real_series_are_rarely_chosen(data):
    sampler = HerdedSampler(transforms(good=Jitter(0.05), bad=noisy), random_state=0)
    sampler.fit_resample(*data)
    chosen = sampler.chosen_from_["rare"]
    assert len(chosen) == 270 and (chosen == "bad").mean() < 0.05


def test_chosen_from_names_the_sampler_of_each_row(data):
    X, y = data
    pair = transforms(plain=Jitter(0.01), marked=marked)
    # with so few candidates, those of both samplers are chosen
    sampler = HerdedSampler(pair, pool_size=1, drop=None, random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    is_marked = X_resampled[330:, 0, -1] > 10
    assert 0 < is_marked.sum() < 270
    np.testing.assert_array_equal(sampler.chosen_from_["rare"] == "marked", is_marked)


def test_near_copies_are_dropped_by_default(data):
    X, y = data
    dropping = HerdedSampler(["unwarped_arc"], random_state=0)
    keeping = HerdedSampler(["unwarped_arc"], drop=None, random_state=0)
    rates = []
    for sampler in (dropping, keeping):
        X_resampled, _ = sampler.fit_resample(X, y)
        rates.append(copy_rate(X[y == "rare"], X_resampled[sampler.synthetic_mask_]))
    assert rates[0] == 0 < rates[1] and dropping.n_dropped_["rare"] > 0


def test_many_series_are_chosen_in_chunks(data, monkeypatch):
    monkeypatch.setattr(herded, "CHUNK", 100)
    X, y = data
    sampler = HerdedSampler(["arc", "deformation"], random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    assert len(np.unique(X_resampled[330:], axis=0)) == 270
    assert len(sampler.chosen_from_["rare"]) == 270


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_samplers_can_be_names_and_objects_of_both_libraries(data):
    gan = DCGANSampler(hidden_size=8, min_updates=20)
    given = ["arc", gan, ("near", SMOTE(k_neighbors=2)), "arc", RandomTransformSampler()]
    sampler = HerdedSampler(given, random_state=0)
    _, y_resampled = sampler.fit_resample(*data)
    names = ["arc", "DCGANSampler", "near", "arc-2", "RandomTransformSampler"]
    assert [name for name, _ in sampler.samplers_] == names
    assert set(sampler.chosen_from_["rare"]) <= set(names)
    assert (y_resampled == "rare").sum() == 300
    assert not hasattr(gan, "nets_")  # a clone was fitted
    assert list(dict(sampler.samplers_)["DCGANSampler"].nets_) == ["rare"]


def test_names_are_made_unique(data):
    given = [("my-gan", "arc"), ("my-gan", "arc"), ("my-gan-2", "arc"), "arc"]
    sampler = HerdedSampler(given, random_state=0)
    sampler.fit_resample(*data)
    assert [name for name, _ in sampler.samplers_] == ["my-gan", "my-gan-2", "my-gan-2-2", "arc"]


@pytest.mark.parametrize(
    "given",
    [[], ["nothing"], [3], [RandomTransformSampler], [("a", 3)], [("a", "arc", 3)], [(1, "arc")]],
)
def test_other_objects_are_refused(given, data):
    with pytest.raises(ValueError, match="sampler"):
        HerdedSampler(given).fit_resample(*data)


def test_copies_are_not_chosen(data):
    X, y = data
    pair = transforms(copies=Jitter(1e-6), others=Jitter(0.2))
    sampler = HerdedSampler(pair, drop="copies", random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    assert set(sampler.chosen_from_["rare"]) == {"others"}
    assert sampler.n_dropped_["rare"] >= 400
    rare = X[y == "rare"].reshape(30, -1)
    apart = [np.linalg.norm(rare - row, axis=1).min() for row in X_resampled[330:, 0]]
    assert min(apart) > 0.1


def test_it_warns_and_returns_enough_series_if_all_are_dropped(data):
    sampler = HerdedSampler(transforms(copies=Jitter(1e-6)), drop="copies", random_state=0)
    with pytest.warns(FilterWarning, match="0 of 810 candidates passed the filter, but 270"):
        _, y_resampled = sampler.fit_resample(*data)
    assert (y_resampled == "rare").sum() == 300


def test_few_series_are_as_varied_as_many(data):
    sampler = HerdedSampler(random_state=0)
    sampler.fit_resample(*data)
    centre = data[0][data[1] == "rare"].mean(axis=0)
    many = sampler.generate(200, "rare", random_state=0)
    few = np.concatenate([sampler.generate(1, "rare", random_state=i) for i in range(60)])
    spread = [np.linalg.norm(side - centre, axis=2).mean() for side in (many, few)]
    assert spread[1] == pytest.approx(spread[0], rel=0.15)


def test_a_class_of_one_series_gives_different_series(data):
    X, y = data
    X_resampled, _ = HerdedSampler(random_state=0).fit_resample(X[:301], y[:301])
    assert len(np.unique(X_resampled[300:], axis=0)) == 300


@pytest.mark.parametrize("size", [1e-300, 1e30, 1e300])
def test_very_small_and_large_values_do_not_change_the_choice(data, size):
    X, y = data
    sampler = HerdedSampler(transforms(good=Jitter(0.05), bad=noisy), random_state=0)
    X_resampled, _ = sampler.fit_resample(X * size, y)
    assert np.isfinite(X_resampled).all()
    assert (sampler.chosen_from_["rare"] == "bad").mean() < 0.05


def test_a_class_of_another_scale_is_matched_too(data):
    X, y = data
    X = X * np.where(y == "rare", 30.0, 1.0)[:, None, None]
    sampler = HerdedSampler(transforms(good=Jitter(0.05), bad=noisy), random_state=0)
    sampler.fit_resample(X, y)
    assert (sampler.chosen_from_["rare"] == "bad").mean() < 0.05


def test_a_failed_gan_is_reported(data):
    gan = DCGANSampler(hidden_size=4, max_epochs=1, batch_size=64)
    with pytest.warns(GenerationWarning):
        sampler = HerdedSampler(["arc", ("gan", gan)], random_state=0)
        sampler.fit_resample(*data)
    outcome = sampler.outcomes_["rare"]
    assert outcome.status == "fallback" and outcome.reason.startswith("gan: ")


def test_default_samplers_are_those_of_the_registry(data):
    sampler = HerdedSampler(random_state=0)
    sampler.fit_resample(*data)
    used = dict(sampler.samplers_)
    assert set(used) == set(herded_sampler.DEFAULT_SAMPLERS) <= set(get_sampler_names())
    for name, one in used.items():
        assert one.get_params() == get_sampler(name, random_state=0).get_params()
    assert used["arc"].transforms == RecombinationSampler().transforms
    assert used["unwarped_arc"].transforms is None
    for name in used:
        assert f'``"{name}"``' in HerdedSampler.__doc__


def test_parents_are_those_of_the_chosen_candidates(data):
    X, y = data
    pair = transforms(plain=Jitter(0.01), marked=marked)
    sampler = HerdedSampler(pair, pool_size=1, drop=None, random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    made, parents = X_resampled[330:, 0, :-1], sampler.parent_indices_[330:]
    assert parents.shape == (270, 1)
    np.testing.assert_allclose(made, X[parents[:, 0], 0, :-1], atol=0.1)


def test_parameters_of_samplers_are_checked(data):
    with pytest.raises(ValueError, match="'method' parameter"):
        HerdedSampler([RecombinationSampler(method="nothing")]).fit_resample(*data)


class TestSelection:
    def test_has_all_candidates_and_the_chosen_ones(self, data):
        sampler = HerdedSampler(["arc", "deformation"], pool_size=4, random_state=0)
        sampler.fit_resample(*data)
        selection = sampler.selection(50, "rare")
        assert selection.candidates.shape == (200, 1, 40)
        assert selection.components.shape[0] == selection.sources.shape[0] == 200
        assert selection.real_components.shape == (30, selection.components.shape[1])
        assert len(set(selection.chosen)) == 50 and set(selection.sources) == {"arc", "deformation"}
        np.testing.assert_array_equal(selection.chosen, sampler.selection(50, "rare").chosen)
        assert len(sampler.selection().chosen) == 30

    def test_a_class_that_was_not_over_sampled_is_refused(self, data):
        sampler = HerdedSampler(random_state=0)
        sampler.fit_resample(*data)
        with pytest.raises(ValueError, match="no generator for class 'normal'"):
            sampler.selection(label="normal")


def test_candidates_are_of_their_class(data):
    X, y = data
    X = X + np.where(y == "rare", 50.0, 0.0)[:, None, None]
    X_resampled, _ = HerdedSampler(random_state=0).fit_resample(X, y)
    assert set(y[nearest(X, X_resampled[330:])[:270]]) == {"rare"}


def test_parameters_of_named_samplers_can_be_searched_over(data):
    pair = [("arc", RecombinationSampler(transforms=None)), ("gan", DCGANSampler())]
    sampler = HerdedSampler(pair)
    parameters = sampler.get_params()
    assert parameters["gan"] is pair[1][1]
    assert parameters["gan__min_updates"] == DCGANSampler().min_updates
    assert "gan" not in sampler.get_params(deep=False)
    sampler.set_params(gan__min_updates=7, arc="smote", pool_size=4)
    assert sampler.samplers == [("arc", "smote"), ("gan", pair[1][1])]
    assert (pair[1][1].min_updates, sampler.pool_size) == (7, 4)
    copy = clone(HerdedSampler(pair)).set_params(gan__min_updates=8)
    assert pair[1][1].min_updates == 7 and dict(copy.samplers)["gan"].min_updates == 8
    pipeline = Pipeline([("resample", HerdedSampler(transforms(a=Jitter())))])
    pipeline.set_params(resample__a__transforms="rotation")
    X_resampled, _ = pipeline.named_steps["resample"].fit_resample(*data)
    assert (X_resampled[330:].min(axis=(1, 2)) < -0.5).any()


@pytest.mark.parametrize("samplers", [None, ["arc", "smote"], [RecombinationSampler(), "arc"]])
def test_samplers_without_names_have_no_parameters(samplers):
    sampler = HerdedSampler(samplers)
    assert sampler.get_params() == sampler.get_params(deep=False)
    assert clone(sampler).set_params(pool_size=5).pool_size == 5


@pytest.mark.parametrize(
    ("name", "message"), [("drop", "conflict"), ("a__b", "must not contain __")]
)
def test_names_that_conflict_with_parameters_are_refused(data, name, message):
    with pytest.raises(ValueError, match=message):
        HerdedSampler([(name, "arc")]).fit_resample(*data)


def test_a_herded_sampler_can_be_among_the_samplers(data):
    X, y = data
    inner = HerdedSampler(["arc"], random_state=0)
    sampler = HerdedSampler([inner, "window_warp"], random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    assert len(X_resampled) > len(X) and sampler.outcomes_ == {}


def test_a_chunk_has_1000_series_and_is_compared_with_2000_real_ones():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(4600, 12)), np.repeat(["a", "b"], [2500, 2100])
    sampler = HerdedSampler(["arc"], sampling_strategy={"b": 2101}, n_kernels=3, random_state=0)
    sampler.fit_resample(X, y)
    generator = sampler._classes["b"].generator
    assert [len(drawn.series) for drawn in generator.draw(1001, 0)] == [1000, 1]
    assert len(generator.real_components) == 2000


def half_copies(series, rng):
    return series + 0.3 * rng.normal(size=series.shape) * (rng.random((len(series), 1, 1)) > 0.5)


def test_series_dropped_by_an_inner_sampler_are_not_counted(data):
    X, y = data
    X = X + 50 * (y == "rare")[:, None, None]  # no series is misplaced
    inside = RandomTransformSampler(transforms=half_copies, drop="copies", random_state=0)
    inside.fit_resample(X, y)
    assert inside.n_dropped_["rare"] > 0
    sampler = HerdedSampler([inside], drop="misplaced", random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.n_dropped_["rare"] == 0


def test_a_selection_needs_a_fit_and_a_label_if_there_are_several_classes():
    X = np.random.default_rng(0).normal(size=(40, 20)).cumsum(axis=1)
    y = np.repeat(["a", "b", "c"], [20, 10, 10])
    sampler = HerdedSampler(["arc"], random_state=0)
    with pytest.raises(NotFittedError, match="call fit_resample"):
        sampler.selection()
    sampler.fit_resample(X, y)
    with pytest.raises(ValueError, match="label=None was given; choose from"):
        sampler.selection()
    assert len(sampler.selection(5, "b").chosen) == 5

"""One seed, one result; and nothing outside the sampler notices."""

import pickle
import random

import numpy as np
import pytest
import torch
from sklearn.base import clone

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.networks import GANBATSGenerator

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@pytest.fixture
def three_classes():
    rng = np.random.default_rng(0)
    y = np.repeat(["a", "b", "c"], [12, 14, 30])
    return rng.normal(size=(56, 16)) + np.unique(y, return_inverse=True)[1][:, None], y


def rows_by_class(sampler, X, y):
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    synthetic = sampler.synthetic_mask_
    return {label: X_resampled[synthetic & (y_resampled == label)] for label in np.unique(y)}


def test_an_int_gives_the_same_rows_again(quick, three_classes):
    first = GANBATSSampler(**quick)
    rows, _ = first.fit_resample(*three_classes)
    np.testing.assert_array_equal(first.fit_resample(*three_classes)[0], rows)
    np.testing.assert_array_equal(clone(first).fit_resample(*three_classes)[0], rows)


def test_another_int_gives_other_rows(quick, three_classes):
    rows, _ = GANBATSSampler(**quick).fit_resample(*three_classes)
    others, _ = GANBATSSampler(**{**quick, "random_state": 1}).fit_resample(*three_classes)
    assert not np.allclose(rows[56:], others[56:])


def test_a_random_state_moves_on_from_call_to_call(quick, three_classes):
    def two_draws():
        sampler = GANBATSSampler(**{**quick, "random_state": np.random.RandomState(0)})
        return [sampler.fit_resample(*three_classes)[0] for _ in range(2)]

    first, second = two_draws()
    assert not np.allclose(first[56:], second[56:])
    np.testing.assert_array_equal(two_draws(), [first, second])


def test_no_random_state_gives_new_rows(quick, three_classes):
    sampler = GANBATSSampler(**{**quick, "random_state": None})
    rows, _ = sampler.fit_resample(*three_classes)
    assert not np.allclose(sampler.fit_resample(*three_classes)[0][56:], rows[56:])


@pytest.mark.parametrize("n_threads", [1, 2])
def test_n_jobs_and_threads_do_not_matter(quick, three_classes, n_threads):
    rows, _ = GANBATSSampler(**quick).fit_resample(*three_classes)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(n_threads)
        parallel = GANBATSSampler(n_jobs=2, **quick)
        np.testing.assert_array_equal(parallel.fit_resample(*three_classes)[0], rows)
        assert torch.get_num_threads() == n_threads
    finally:
        torch.set_num_threads(before)


def test_the_order_of_classes_does_not_matter(quick, three_classes):
    X, y = three_classes
    expected = rows_by_class(GANBATSSampler(**quick), X, y)
    strategies = [{"a": 30, "b": 30}, {"b": 30, "a": 30}]
    for strategy in strategies:
        rows = rows_by_class(GANBATSSampler(sampling_strategy=strategy, **quick), X, y)
        for label in "ab":
            np.testing.assert_array_equal(rows[label], expected[label])


def test_the_names_of_classes_do_not_matter(quick, three_classes):
    X, y = three_classes
    expected = rows_by_class(GANBATSSampler(**quick), X, y)
    new_name = {"a": 9, "b": 4, "c": 1}
    rows = rows_by_class(GANBATSSampler(**quick), X, np.array([new_name[label] for label in y]))
    for label in "ab":
        np.testing.assert_array_equal(rows[new_name[label]], expected[label])


def test_a_class_does_not_hang_on_which_others_are_sampled(quick, three_classes):
    X, y = three_classes
    expected = rows_by_class(GANBATSSampler(**quick), X, y)
    alone = rows_by_class(GANBATSSampler(sampling_strategy={"b": 30}, **quick), X, y)
    np.testing.assert_array_equal(alone["b"], expected["b"])


def test_the_global_random_state_is_left_alone(quick, three_classes):
    def state():
        return (
            torch.get_rng_state().numpy().tobytes(),
            pickle.dumps(np.random.get_state()),
            random.getstate(),
        )

    before = state()
    sampler = GANBATSSampler(**quick)
    sampler.fit_resample(*three_classes)
    sampler.generate(3, "a")
    assert state() == before


def test_generate_goes_on_and_can_be_repeated(quick, three_classes):
    sampler, again = GANBATSSampler(**quick), GANBATSSampler(**quick)
    X_resampled, _ = sampler.fit_resample(*three_classes)
    again.fit_resample(*three_classes)
    first, second = sampler.generate(18, "a"), sampler.generate(18, "a")
    assert not np.allclose(first, second)
    assert not np.allclose(first, X_resampled[56:74])
    np.testing.assert_array_equal(again.generate(18, "a"), first)
    np.testing.assert_array_equal(again.generate(18, "a"), second)
    seeded = [sampler.generate(4, "b", random_state=7) for _ in range(2)]
    np.testing.assert_array_equal(*seeded)


def test_a_later_fit_on_other_data_leaves_the_generators_alone(quick, three_classes):
    X, y = three_classes
    sampler, other = GANBATSSampler(**quick), GANBATSSampler(**quick)
    sampler.fit_resample(X, y)
    other.fit_resample(X, y)
    sampler.fit(X.reshape(56, 2, 8)[:, :, :5], y)
    np.testing.assert_array_equal(sampler.generate(3, "a"), other.generate(3, "a"))


def test_training_and_drawing_take_one_thread_and_give_back_what_there_was(quick, three_classes):
    seen = []
    forward = GANBATSGenerator.forward
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                GANBATSGenerator,
                "forward",
                lambda self, noise: seen.append(torch.get_num_threads()) or forward(self, noise),
            )
            sampler = GANBATSSampler(**quick)
            sampler.fit_resample(*three_classes)
            sampler.generate(300, "a")
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert set(seen) == {1}


def test_a_pickle_generates_the_same(quick, three_classes):
    sampler = GANBATSSampler(**quick)
    sampler.fit_resample(*three_classes)
    copy = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(copy.generate(5, "a"), sampler.generate(5, "a"))
    np.testing.assert_array_equal(copy.synthetic_mask_, sampler.synthetic_mask_)
    assert str(copy.history_) == str(sampler.history_)
    rows, _ = sampler.fit_resample(*three_classes)
    np.testing.assert_array_equal(copy.fit_resample(*three_classes)[0], rows)

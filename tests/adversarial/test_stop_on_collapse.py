"""A training ends early when the generator has collapsed and the discriminator has won."""

import numpy as np
import pytest

from ganbats_sampler.adversarial import callbacks as callbacks_module
from ganbats_sampler.adversarial.callbacks import StopOnCollapse, WatchDiversity
from tests.adversarial.test_net import RunsFor, make_net

NO_VALUE = float("nan")


def epochs(evaluations, **options):
    """Train for up to ten epochs of two updates, and return the number of epochs.

    `evaluations` has the (diversity, accuracy) of the first epochs.
    """
    evaluations = [*evaluations, *[(1.0, 0.5)] * 10]

    def script(net):
        diversity, accuracy = evaluations[len(net.history) - 1]
        net.history.record("diversity", diversity)
        net.history.record("discriminator_accuracy", accuracy)

    series = np.random.default_rng(0).uniform(-1, 1, (16, 1, 12)).astype(np.float32)
    callbacks = [RunsFor(script), StopOnCollapse(**options)]
    return len(make_net(max_epochs=10, callbacks=callbacks).fit(series).history)


@pytest.mark.parametrize(
    ("evaluations", "expected"),
    [
        ([(0.01, 1.0)] * 2, 2),
        ([(0.049, 0.95)] * 2, 2),
        # epochs without a value do not count
        ([(0.01, 1.0), (NO_VALUE, 0.5), (NO_VALUE, 1.0), (0.01, 1.0)], 4),
        ([(0.01, 1.0), (0.3, 1.0), (0.01, 1.0)], 10),  # not in a row: it recovered
        ([(0.01, 1.0), (0.01, 0.6), (0.01, 1.0)], 10),
        ([(0.05, 1.0)] * 10, 10),  # little diversity, but some
        ([(0.01, 0.94)] * 10, 10),  # the discriminator has not won
    ],
)
def test_two_evaluations_in_a_row_are_needed(evaluations, expected):
    assert epochs(evaluations) == expected


def test_early_evaluations_do_not_count():
    assert epochs([(0.01, 1.0)] * 10, min_updates=8) == 5  # at updates 8 and 10
    assert epochs([(0.01, 1.0)] * 4, min_updates=8) == 10


def test_each_training_starts_a_new_count():
    callback = StopOnCollapse()
    callback.on_train_begin(None)
    callback.n_collapsed_ = 1
    callback.on_train_begin(None)
    assert callback.n_collapsed_ == 0


def test_the_recorded_diversity_is_used(monkeypatch):
    series = np.random.default_rng(0).uniform(-1, 1, (16, 1, 12)).astype(np.float32)

    def win(net):
        net.history.record("discriminator_accuracy", 1.0)

    for ratio, n_updates in ((0.0, 8), (0.5, 20)):
        monkeypatch.setattr(callbacks_module, "diversity_ratio", lambda *_, ratio=ratio: ratio)
        watch = WatchDiversity(every=4)  # two updates per epoch
        callbacks = [RunsFor(win), watch, StopOnCollapse()]
        assert make_net(max_epochs=10, callbacks=callbacks).fit(series).n_updates_ == n_updates

"""A training ends early when the generator has collapsed and the discriminator has won."""

import numpy as np
import pytest

from ganbats_sampler.adversarial import callbacks as callbacks_module
from ganbats_sampler.adversarial.callbacks import StopOnCollapse, WatchDiversity
from tests.adversarial.test_net import RunsFor, make_net

NO_LOOK = float("nan")


def epochs(looks, **options):
    """Train for ten epochs of two updates, of scripted (diversity, accuracy)."""
    looks = [*looks, *[(1.0, 0.5)] * 10]

    def script(net):
        diversity, accuracy = looks[len(net.history) - 1]
        net.history.record("diversity", diversity)
        net.history.record("discriminator_accuracy", accuracy)

    series = np.random.default_rng(0).uniform(-1, 1, (16, 1, 12)).astype(np.float32)
    callbacks = [RunsFor(script), StopOnCollapse(**options)]
    return len(make_net(max_epochs=10, callbacks=callbacks).fit(series).history)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0.01, 1.0)] * 2, 2),
        ([(0.049, 0.95)] * 2, 2),
        ([(0.01, 1.0), (NO_LOOK, 0.5), (NO_LOOK, 1.0), (0.01, 1.0)], 4),  # between looks: nothing
        ([(0.01, 1.0), (0.3, 1.0), (0.01, 1.0)], 10),  # not in a row: it recovered
        ([(0.01, 1.0), (0.01, 0.6), (0.01, 1.0)], 10),
        ([(0.05, 1.0)] * 10, 10),  # little diversity, but some
        ([(0.01, 0.94)] * 10, 10),  # the discriminator has not won
    ],
)
def test_two_looks_in_a_row_are_needed(looks, expected):
    assert epochs(looks) == expected


def test_early_looks_do_not_count():
    assert epochs([(0.01, 1.0)] * 10, min_updates=8) == 5  # at updates 8 and 10
    assert epochs([(0.01, 1.0)] * 4, min_updates=8) == 10


def test_each_training_counts_anew():
    callback = StopOnCollapse()
    callback.on_train_begin(None)
    callback.collapsed_looks_ = 1
    callback.on_train_begin(None)
    assert callback.collapsed_looks_ == 0


def test_it_reads_the_diversity_that_is_recorded(monkeypatch):
    series = np.random.default_rng(0).uniform(-1, 1, (16, 1, 12)).astype(np.float32)

    def win(net):
        net.history.record("discriminator_accuracy", 1.0)

    for ratio, n_updates in ((0.0, 8), (0.5, 20)):
        monkeypatch.setattr(callbacks_module, "diversity_ratio", lambda *_, ratio=ratio: ratio)
        watch = WatchDiversity(every=4)  # two updates an epoch
        callbacks = [RunsFor(win), watch, StopOnCollapse()]
        assert make_net(max_epochs=10, callbacks=callbacks).fit(series).n_updates_ == n_updates

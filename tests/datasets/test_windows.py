"""Cutting recordings into windows."""

import weakref

import numpy as np
import pytest

from ganbats_sampler.datasets.windows import Recording, cut, windows_of

SIGNAL = np.stack([np.arange(10), -np.arange(10)])


def test_windows_follow_each_other_by_default():
    windows = cut(SIGNAL, 3)
    assert windows.shape == (3, 2, 3)
    assert windows[:, 0].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert windows[1, 1].tolist() == [-3, -4, -5]


def test_overlapping_windows_reach_the_end():
    assert cut(SIGNAL, 4, step=2)[:, 0, 0].tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("n", "starts"), [(1, [0]), (2, [0, 9]), (4, [0, 3, 6, 9]), (20, range(10))]
)
def test_max_windows_are_spread_over_the_recording(n, starts):
    assert cut(SIGNAL, 1, max_windows=n)[:, 0, 0].tolist() == list(starts)


def test_a_recording_shorter_than_a_window_has_none():
    assert cut(SIGNAL, 11).shape == (0, 2, 11)


def test_windows_are_copies_of_the_recording():
    signal = SIGNAL.copy()
    windows = cut(signal, 5)
    windows[:] = 7
    np.testing.assert_array_equal(signal, SIGNAL)


def test_each_window_has_its_class_entity_and_recording():
    recordings = [
        Recording(SIGNAL, "normal", "A", "A/1", "A/1.csv"),
        Recording(SIGNAL[:, :6], "inner race", "B", "B/10", "B/10.csv"),
    ]
    windows = windows_of(iter(recordings), 3)
    assert windows["data"].shape == (5, 2, 3) and windows["data"].dtype == np.float32
    assert windows["target"].tolist() == ["normal"] * 3 + ["inner race"] * 2
    assert windows["groups"].tolist() == ["A"] * 3 + ["B"] * 2
    assert windows["recordings"].tolist() == ["A/1"] * 3 + ["B/10"] * 2


def test_recordings_are_not_kept_in_memory():
    signals = []

    def read():
        for i in range(3):
            assert not any(signal() is not None for signal in signals[:-1])
            signal = np.zeros((1, 9))
            signals.append(weakref.ref(signal))
            yield Recording(signal, "a", i, i, "r")

    assert len(windows_of(read(), 3)["data"]) == 9

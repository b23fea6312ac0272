"""Random convolutions, compared with a plain loop."""

import numpy as np
import pytest

from ganbats_sampler.metrics import convolutions
from ganbats_sampler.metrics.convolutions import Kernel, convolutional_features


def by_hand(series, kernel):
    """Return the largest output of a kernel and the share of positive outputs, for one series."""
    padded = np.pad(series[kernel.channel].astype(float), kernel.padding)
    n_outputs = len(padded) - (len(kernel.weights) - 1) * kernel.dilation
    outputs = [
        kernel.bias + sum(w * padded[t + i * kernel.dilation] for i, w in enumerate(kernel.weights))
        for t in range(n_outputs)
    ]
    return max(outputs), np.mean(np.array(outputs) > 0)


def draw_kernels(rng, n_channels, n_timepoints, n_kernels=60):
    """Make kernels of all lengths, dilations and paddings that fit.

    A group can have more kernels than one matrix product takes.
    """
    kernels = []
    for _ in range(n_kernels):
        length = int(min(rng.choice([2, 3, 7, 8, 9, 11]), n_timepoints))
        dilation = int(rng.integers(1, max((n_timepoints - 1) // max(length - 1, 1), 1) + 1))
        dilation = dilation if length % 2 and rng.random() < 0.5 else 1
        padding = int(rng.choice([0, (length - 1) * dilation // 2]))
        weights = rng.normal(size=length).astype(np.float32)
        bias, channel = float(rng.normal()), int(rng.integers(n_channels))
        kernels.append(Kernel(channel, weights, bias, dilation, padding))
    return kernels


@pytest.mark.parametrize(
    "shape", [(3, 1, 2), (2, 1, 3), (4, 2, 8), (2, 1, 17), (3, 3, 40), (2, 1, 129), (1, 1, 600)]
)
def test_features_agree_with_a_plain_convolution(shape):
    rng = np.random.default_rng(0)
    series = rng.normal(size=shape).cumsum(axis=2).astype(np.float32)
    kernels = draw_kernels(rng, *shape[1:])
    features = convolutional_features(series, kernels).reshape(len(series), len(kernels), 2)
    expected = [[by_hand(one, kernel) for kernel in kernels] for one in series]
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_counts_of_positive_outputs_do_not_overflow():
    kernel = Kernel(0, np.array([1.0, 1.0, 1.0], dtype=np.float32), 0.5, 1, 1)
    features = convolutional_features(np.ones((2, 1, 5000), dtype=np.float32), [kernel])
    np.testing.assert_allclose(features, [[3.5, 1.0]] * 2)


@pytest.mark.parametrize("n_threads", [1, 3])
def test_features_do_not_depend_on_other_series_or_threads(n_threads, monkeypatch):
    rng = np.random.default_rng(0)
    series = rng.normal(size=(500, 1, 100)).astype(np.float32)
    kernels = draw_kernels(rng, 1, 100)
    few = [convolutional_features(series[i : i + 7], kernels) for i in range(0, 500, 7)]
    expected = np.concatenate(few)
    monkeypatch.setattr(convolutions, "count_threads", lambda: n_threads)
    features = convolutional_features(series, kernels)
    np.testing.assert_allclose(features, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(features, convolutional_features(series, kernels))

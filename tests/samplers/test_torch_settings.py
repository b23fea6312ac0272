"""Training does not depend on the user's settings of PyTorch, and restores them."""

import threading
from contextlib import contextmanager

import numpy as np
import pytest
import torch

from ganbats_sampler.benchmark.cnn import ConvolutionalClassifier
from tests.conftest import quick_sampler

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@contextmanager
def default_dtype(dtype):
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
        assert torch.get_default_dtype() == dtype
    finally:
        torch.set_default_dtype(before)


SETTINGS = {
    "float64": lambda: default_dtype(torch.float64),
    "bfloat16": lambda: default_dtype(torch.bfloat16),
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "device": lambda: torch.device("meta"),
    "autocast": lambda: torch.autocast("cpu"),
}


def state():
    return (
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
        torch.empty(0).device.type,
        torch.get_num_threads(),
        torch.random.get_rng_state().tolist(),
    )


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("name", ["ganbats", "cgan", "wgan_gp"])
def test_the_same_rows_and_everything_is_restored(waves, name, setting):
    expected = quick_sampler(name)
    rows, _ = expected.fit_resample(*waves)
    generated = expected.generate(3, "abnormal", random_state=0)
    sampler = quick_sampler(name)
    with SETTINGS[setting]():
        before = state()
        np.testing.assert_array_equal(sampler.fit_resample(*waves)[0], rows)
        np.testing.assert_array_equal(sampler.generate(3, "abnormal", random_state=0), generated)
        assert state() == before


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_benchmark_classifier_gives_the_same_predictions(waves, setting):
    expected = (
        ConvolutionalClassifier(n_updates=2, random_state=0)
        .fit(waves[0][:, None], waves[1])
        .predict_proba(waves[0][:, None])
    )
    with SETTINGS[setting]():
        found = (
            ConvolutionalClassifier(n_updates=2, random_state=0)
            .fit(waves[0][:, None], waves[1])
            .predict_proba(waves[0][:, None])
        )
    np.testing.assert_array_equal(found, expected)


def test_a_default_type_is_restored_after_trainings_in_several_threads(waves):
    with default_dtype(torch.float64):
        threads = [
            threading.Thread(target=quick_sampler("dcgan").fit_resample, args=waves)
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert torch.get_default_dtype() == torch.float64

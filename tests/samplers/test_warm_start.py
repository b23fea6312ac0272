"""Networks that continue from those of the last fit."""

import numpy as np
import pytest
import torch

from ganbats_sampler import (
    CGANSampler,
    FlowMatchingSampler,
    GANBATSSampler,
    WGANGPSampler,
    load_sampler,
)
from ganbats_sampler.adversarial.loop import GeneratorNet

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
KINDS = {
    "components": (GANBATSSampler, {}),
    "series": (GANBATSSampler, {"space": "series"}),
    "conditional": (GANBATSSampler, {"conditional": True}),
    "flow matching": (FlowMatchingSampler, {}),
    "cgan": (CGANSampler, {}),
    "wgan_gp": (WGANGPSampler, {}),
}


@pytest.fixture
def starts(monkeypatch):
    """Whether each net that could start from another did so."""
    found = []
    start_from = GeneratorNet.start_from

    def watched(net, other):
        found.append(start_from(net, other))
        return found[-1]

    monkeypatch.setattr(GeneratorNet, "start_from", watched)
    return found


def make(kind="components", **parameters):
    sampler, options = KINDS[kind]
    quick = {"hidden_size": 8, "max_epochs": 3, "random_state": 0, "warm_start": True}
    return sampler(**quick | options | parameters)


@pytest.fixture(autouse=True)
def all_pass(monkeypatch):
    """Let every generator pass the checks, which none would after three epochs."""
    monkeypatch.setattr("ganbats_sampler.adversarial.training.check", lambda trained, real: None)


@pytest.mark.parametrize("kind", KINDS)
def test_networks_start_from_the_last_ones_and_learn_new_rows(kind, waves, starts):
    X, y = waves
    sampler = make(kind)
    sampler.fit_resample(X[2:], y[2:])
    net = sampler.nets_["abnormal"]
    first = {name: value.clone() for name, value in net.module_.state_dict().items()}
    sampler.set_params(max_epochs=1, lr=1e-9).fit_resample(X, y)
    assert starts == [True]
    continued = sampler.nets_["abnormal"]
    assert continued is not net and len(sampler.history_["abnormal"]) == 1
    for name, value in continued.module_.state_dict().items():
        if value.is_floating_point() and "running" not in name:
            torch.testing.assert_close(value, first[name], atol=1e-6, rtol=0)
    # the first networks do not change
    for name, value in net.module_.state_dict().items():
        torch.testing.assert_close(value, first[name])


def test_without_warm_start_nothing_is_kept(waves, starts):
    sampler = make(warm_start=False)
    rows = [sampler.fit_resample(*waves)[0] for _ in range(2)]
    np.testing.assert_array_equal(*rows)
    assert starts == [] and not hasattr(sampler, "_last_trained")


@pytest.mark.parametrize("change", [{"hidden_size": 9}, {"bilstm": False}])
def test_another_architecture_starts_anew(change, waves, starts):
    sampler = make()
    sampler.fit_resample(*waves)
    sampler.set_params(**change).fit_resample(*waves)
    assert starts == [False]
    anew = make(**change)
    anew.fit_resample(*waves)
    np.testing.assert_array_equal(
        *(s.generate(5, "abnormal", random_state=0) for s in (sampler, anew))
    )


def test_series_of_another_shape_and_new_classes_start_anew(waves, starts):
    X, y = waves
    sampler = make()
    sampler.fit_resample(X, y)
    sampler.fit_resample(X[:, :20], y)
    assert starts == []
    y = y.copy()
    y[np.flatnonzero(y == "normal")[:12]] = "other"
    sampler.fit_resample(X[:, :20], y)
    assert starts == [True] and set(sampler.nets_) == {"abnormal", "other"}


def test_a_failed_network_starts_anew(waves, starts, monkeypatch):
    sampler = make()
    sampler.fit_resample(*waves)
    shape, trained = sampler._last_trained
    monkeypatch.setitem(
        trained,
        "abnormal",
        trained["abnormal"].__class__(**vars(trained["abnormal"]) | {"passed": False}),
    )
    sampler.fit_resample(*waves)
    assert starts == []


def test_a_loaded_sampler_starts_anew(waves, starts, tmp_path):
    sampler = make()
    sampler.fit_resample(*waves)
    loaded = load_sampler(sampler.save(tmp_path / "sampler.safetensors"))
    np.testing.assert_array_equal(loaded.generate(3, "abnormal"), sampler.generate(3, "abnormal"))
    loaded.set_params(on_failure="warn").fit_resample(*waves)
    assert starts == []


@pytest.mark.parametrize("option", ["memory", "checkpoint"])
def test_memory_and_checkpoint_are_refused(option, waves, tmp_path):
    with pytest.raises(ValueError, match="warm_start=True was given with memory or checkpoint"):
        make(**{option: tmp_path}).fit_resample(*waves)

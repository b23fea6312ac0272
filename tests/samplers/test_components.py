"""GANBATS on principal components."""

import numpy as np
import pytest
import torch

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.recipes import COMPONENTS, STABLE
from ganbats_sampler.metrics import classifier_two_sample_test
from tests.conftest import quick_sampler


def pulses(n_samples, rng):
    """Return noisy pulses of 60 time steps, with random times, widths and heights."""
    steps = np.linspace(-3, 3, 60)
    shift, width, height = rng.normal(size=(3, n_samples, 1)) * [[[0.2]], [[0.1]], [[0.2]]]
    pulse = (1 + height) * np.exp(-((steps - shift) ** 2) / (2 * (0.7 + width) ** 2))
    return pulse + 0.05 * rng.normal(size=pulse.shape)


@pytest.mark.slow
def test_components_lower_the_two_sample_accuracy():
    rng = np.random.default_rng(0)
    X, y, held_out = pulses(120, rng), np.repeat([1, 0], 60), pulses(200, rng)
    accuracy = {}
    for space in ("series", "components"):
        sampler = GANBATSSampler(space=space, sampling_strategy={0: 60, 1: 61}, random_state=0)
        sampler.set_params(on_failure="warn").fit_resample(X, y)
        made = sampler.generate(200, 1, random_state=0)
        accuracy[space] = classifier_two_sample_test(held_out, made).statistic
    assert accuracy["components"] < accuracy["series"] - 0.1


def test_each_space_has_its_default_recipe():
    assert GANBATSSampler()._recipe() is COMPONENTS
    assert GANBATSSampler(space="series")._recipe() is STABLE
    assert GANBATSSampler.from_preset("ecg-mit").space == "series"


def test_only_fit_resample_refuses_an_unknown_space(waves):
    sampler = GANBATSSampler(space="frequencies")
    assert sampler.get_params()["space"] == "frequencies"
    with pytest.raises(ValueError, match="The 'space' parameter of GANBATSSampler"):
        sampler.fit_resample(*waves)


@pytest.mark.parametrize(
    ("options", "n_samples", "n_updates"),
    [
        ({"space": "series"}, 20, 300),
        ({}, 20, 500),
        ({}, 120, 1200),
        ({}, 1000, 3000),
        ({"min_updates": 7}, 20, 7),
    ],
)
def test_updates_grow_with_the_class_size(options, n_samples, n_updates):
    group = TrainingGroup("a class", np.zeros((n_samples, 1, 8)), None, {"a": None}, 0)
    sampler = GANBATSSampler(**options, on_failure="warn")
    sampler.n_timepoints_ = 8
    (training,) = sampler._attempts(group)
    assert training.min_updates == n_updates


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("recipe", ["stable", STABLE])
def test_series_are_augmented_and_components_are_not(recipe, waves):
    for space in ("series", "components"):
        sampler = quick_sampler("ganbats", space=space, recipe=recipe)
        sampler.fit_resample(*waves)
        augmentation = sampler.nets_["abnormal"].augmentation
        assert augmentation is (STABLE.augmentation if space == "series" else None)


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize(
    ("optimizer", "fused"), [(torch.optim.Adam, True), (torch.optim.NAdam, None)]
)
def test_any_optimiser_works(optimizer, fused, waves):
    sampler = quick_sampler("ganbats", recipe__optimizer=optimizer)
    sampler.fit_resample(*waves)
    net = sampler.nets_["abnormal"]
    for made in (net.optimizer_, net.discriminator_optimizer_):
        assert type(made) is optimizer and made.defaults.get("fused") is fused


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("part", ["bilstm", "attention"])
def test_each_part_can_be_left_out(part, waves):
    net = {
        used: quick_sampler("ganbats", **{part: used}).fit_resample(*waves)[0]
        for used in (True, False)
    }
    assert not np.array_equal(net[True], net[False])


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_a_conditional_network_uses_residuals_of_the_same_class(waves):
    X, y = waves
    X = np.where((y == "abnormal")[:, None], X + 100, X)
    sampler = quick_sampler("ganbats", conditional=True, max_epochs=3)
    sampler.fit_resample(X, y)
    space = sampler._classes["abnormal"].generator.trained.space
    assert len(space.components) == 15 and sampler.nets_["abnormal"].module_.n_classes == 2


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_components_cannot_be_saved_without_real_series(waves, tmp_path):
    sampler = quick_sampler("ganbats")
    sampler.fit_resample(*waves)
    with pytest.raises(ValueError, match="needs real series"):
        sampler.save(tmp_path / "a.safetensors", real_series=False)

"""The second training after a failed one: with another seed, or with the default recipe."""

import pickle
import warnings
from dataclasses import replace

import numpy as np
import pytest
from torch import nn

from ganbats_sampler import GANBATSSampler, GenerationWarning
from ganbats_sampler.adversarial import PAPER, RELATIVISTIC, STABLE, AdversarialNet, training
from ganbats_sampler.adversarial.callbacks import StopOnCollapse
from ganbats_sampler.adversarial.failures import Failure, find_failure
from ganbats_sampler.samplers import Outcome, get_sampler

# After two updates, all series of the generator are still nearly the same.
HOPELESS = {"hidden_size": 16, "max_epochs": 2, "random_state": 0}
# The paper's training with 200 times its learning rate, on eight series.
COLLAPSING = {
    "space": "series",
    "recipe": "paper",
    "lr": 0.02,
    "hidden_size": 16,
    "min_updates": 300,
    "random_state": 0,
}


@pytest.fixture
def few_waves(waves):
    return waves[0][:53], waves[1][:53]  # 8 abnormal ones


@pytest.fixture
def nets(monkeypatch):
    """All nets that were trained, in order."""
    trained = []
    fit = AdversarialNet.fit

    def kept(net, *args, **kwargs):
        trained.append(net)
        return fit(net, *args, **kwargs)

    monkeypatch.setattr(AdversarialNet, "fit", kept)
    return trained


def has_batch_norm(module):
    return any(isinstance(layer, nn.BatchNorm1d) for layer in module.modules())


@pytest.fixture
def first_fails(monkeypatch):
    """Let the first net fail the checks and the second pass, whatever they generate."""
    found = iter([Failure("collapsed", "the generator collapsed"), None])
    monkeypatch.setattr(training, "check", lambda trained, real: next(found))


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("on_failure", ["fallback", "warn"])
def test_a_collapsed_training_can_stop_after_half_of_the_updates(few_waves, nets, on_failure):
    GANBATSSampler(on_failure=on_failure, space="series", **HOPELESS).fit_resample(*few_waves)
    ends = [c.min_updates for net in nets for _, c in net.callbacks_ if type(c) is StopOnCollapse]
    assert ends == ([1, 1] if on_failure == "fallback" else [])


@pytest.mark.parametrize("on_failure", ["fallback", "raise"])
def test_the_second_training_uses_the_default_recipe(few_waves, nets, first_fails, on_failure):
    sampler = GANBATSSampler(recipe="paper", on_failure=on_failure, space="series", **HOPELESS)
    with warnings.catch_warnings():
        warnings.simplefilter("error", GenerationWarning)
        sampler.fit_resample(*few_waves)
    first, second = nets
    assert has_batch_norm(first.discriminator_) and not has_batch_norm(second.discriminator_)
    assert sampler.nets_["abnormal"] is second and second.loss == RELATIVISTIC
    assert (first.lr, second.lr) == (PAPER.lr, STABLE.lr)
    reason = "the generator collapsed; trained again with the default recipe"
    assert sampler.outcomes_ == {"abnormal": Outcome("retrained", reason)}
    copy = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(copy.generate(3, "abnormal"), sampler.generate(3, "abnormal"))


@pytest.mark.parametrize("on_failure", ["fallback", "raise"])
def test_a_recipe_object_is_used_again_unchanged(few_waves, nets, first_fails, on_failure):
    recipe = replace(PAPER, replay=False)
    GANBATSSampler(recipe=recipe, on_failure=on_failure, space="series", **HOPELESS).fit_resample(
        *few_waves
    )
    first, second = nets
    assert has_batch_norm(second.discriminator_) and second.loss == first.loss == recipe.loss
    assert not second.replay and first.random_state != second.random_state


@pytest.mark.slow
def test_warn_trains_to_the_end(few_waves, nets):
    sampler = GANBATSSampler(on_failure="warn", **COLLAPSING)
    with pytest.warns(GenerationWarning, match="collapsed"):
        sampler.fit_resample(*few_waves)
    assert [net.n_updates_ for net in nets] == [300]
    assert sampler.outcomes_["abnormal"].status == "failed"


@pytest.mark.parametrize("conditional", [False, True])
def test_both_reasons_are_given_if_both_trainings_fail(waves, nets, conditional):
    sampler = GANBATSSampler(recipe="paper", conditional=conditional, space="series", **HOPELESS)
    with pytest.warns(
        GenerationWarning, match="trained again with the default recipe: .*recombined"
    ):
        X_resampled, _ = sampler.fit_resample(*waves)
    assert [has_batch_norm(net.discriminator_) for net in nets] == [True, False]
    assert [net.average_ is None for net in nets] == [True, False]
    assert sampler.outcomes_["abnormal"].status == "fallback"
    assert np.isfinite(X_resampled).all()
    sampler.set_params(on_failure="raise")
    with pytest.raises(RuntimeError, match="collapsed.*; trained again with the default recipe: "):
        sampler.fit_resample(*waves)


@pytest.mark.parametrize("recipe", ["stable", STABLE, replace(STABLE)])
def test_the_default_recipe_is_trained_again_with_another_seed(waves, nets, recipe):
    with pytest.warns(GenerationWarning, match="; trained again from another seed: "):
        GANBATSSampler(recipe=recipe, space="series", **HOPELESS).fit_resample(*waves)
    assert nets[0].random_state != nets[1].random_state
    assert all(net.loss == RELATIVISTIC for net in nets)


@pytest.mark.parametrize("name", ["cgan", "dcgan", "wgan", "wgan_gp"])
def test_other_gans_keep_their_own_recipe(waves, nets, name):
    sampler = get_sampler(name, **HOPELESS)
    with pytest.warns(GenerationWarning, match="; trained again from another seed: "):
        sampler.fit_resample(*waves)
    assert nets[0].loss == nets[1].loss and nets[0].random_state != nets[1].random_state


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("n_targets", [1, 2])
def test_only_a_network_of_one_target_stops_on_collapse(waves, nets, n_targets):
    X, y = waves
    y = np.where(np.arange(60) >= 53, "other", y)
    strategy = dict.fromkeys(["abnormal", "other"][:n_targets], 45)
    GANBATSSampler(
        conditional=True, sampling_strategy=strategy, space="series", **HOPELESS
    ).fit_resample(X, y)
    watched = [any(isinstance(c, StopOnCollapse) for _, c in net.callbacks_) for net in nets]
    assert watched == [n_targets == 1] * 2


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("size", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("recipe", ["stable", "paper"])
def test_rows_of_small_classes_pass_the_checks(waves, size, recipe):
    X, y = (part[: 45 + size] for part in waves)
    sampler = GANBATSSampler(
        space="series", recipe=recipe, hidden_size=8, min_updates=20, random_state=0
    )
    X_resampled, _ = sampler.fit_resample(X, y)
    real, synthetic = X[45:, None], X_resampled[sampler.synthetic_mask_][:, None]
    assert len(synthetic) == 45 - size and np.isfinite(synthetic).all()
    assert find_failure(real, synthetic) is None
    assert ("abnormal" in sampler.nets_) == (size >= {"stable": 5, "paper": 2}[recipe])

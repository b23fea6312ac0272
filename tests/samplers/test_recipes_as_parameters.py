"""Recipes as parameters of a sampler: names, objects, and their parts in a grid search."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from ganbats_sampler import CGANSampler, DCGANSampler, GANBATSSampler, WGANGPSampler, WGANSampler
from ganbats_sampler.adversarial import STABLE
from ganbats_sampler.adversarial.augmentation import shift_scale_jitter_cut
from ganbats_sampler.adversarial.callbacks import HalveLearningRates, StopWhenUndecided
from ganbats_sampler.adversarial.constraints import ClipWeights
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.losses import NON_SATURATING, RELATIVISTIC, WASSERSTEIN
from ganbats_sampler.adversarial.penalties import one_centered_penalty, zero_centered_penalty
from ganbats_sampler.adversarial.recipes import COMPONENTS, RECIPES
from tests.conftest import quick_sampler

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


def trained_net(sampler, waves):
    sampler.set_params(max_epochs=1, on_failure="warn").fit_resample(*waves)
    return sampler.nets_["abnormal"]


class TestPublishedTraining:
    """The settings of each GAN, as its paper states them."""

    def test_wgan(self, waves):
        net = trained_net(WGANSampler(), waves)
        assert net.loss == WASSERSTEIN and net.n_critic == 5 and net.penalty is None
        assert net.constraint == ClipWeights(limit=0.01)
        assert max(w.abs().max() for w in net.discriminator_.parameters()) <= 0.01
        for optimizer in (net.optimizer_, net.discriminator_optimizer_):
            assert type(optimizer) is torch.optim.RMSprop
            assert optimizer.param_groups[0]["lr"] == 5e-5

    def test_wgan_gp(self, waves):
        net = trained_net(WGANGPSampler(), waves)
        assert net.loss == WASSERSTEIN and net.n_critic == 5 and net.constraint is None
        assert net.penalty is one_centered_penalty and net.penalty_weight == 10
        assert net.penalty_every == 1
        assert not any(isinstance(m, torch.nn.BatchNorm1d) for m in net.discriminator_.modules())
        for optimizer in (net.optimizer_, net.discriminator_optimizer_):
            assert type(optimizer) is torch.optim.Adam
            group = optimizer.param_groups[0]
            assert group["lr"] == 1e-4 and group["betas"] == (0, 0.9)

    @pytest.mark.parametrize("sampler", [DCGANSampler(), CGANSampler()])
    def test_dcgan_and_cgan(self, waves, sampler):
        net = trained_net(sampler, waves)
        assert net.loss == NON_SATURATING and net.n_critic == 1 and net.penalty is None
        for optimizer in (net.optimizer_, net.discriminator_optimizer_):
            assert type(optimizer) is torch.optim.Adam
            group = optimizer.param_groups[0]
            assert group["lr"] == 2e-4 and group["betas"] == (0.5, 0.999)

    def test_ganbats_preset(self, waves):
        net = trained_net(GANBATSSampler.from_preset("ecg-mit"), waves)
        assert net.loss == NON_SATURATING and net.n_critic == 1 and net.penalty is None
        assert net.replay and net.augmentation is None and net.average_decay is None
        callbacks = [callback for _, callback in net.callbacks_]
        assert [c.every for c in callbacks if isinstance(c, HalveLearningRates)] == [50]
        assert any(isinstance(c, StopWhenUndecided) for c in callbacks)
        for optimizer in (net.optimizer_, net.discriminator_optimizer_):
            assert type(optimizer) is torch.optim.Adam
            assert optimizer.param_groups[0]["lr"] == 1e-4

    def test_stable_recipe_of_the_user_guide(self, waves):
        net = trained_net(GANBATSSampler(space="series", hidden_size=8), waves)
        assert net.loss == RELATIVISTIC and net.augmentation is shift_scale_jitter_cut
        assert net.penalty is zero_centered_penalty and net.penalty_weight == 1
        assert net.penalty_every == 4 and net.average_decay == 0.995 and not net.replay
        assert net.optimizer_.param_groups[0]["betas"] == (0, 0.99)


class TestLearningRates:
    def test_none_uses_the_rate_of_the_recipe(self, waves):
        assert trained_net(GANBATSSampler(hidden_size=8), waves).lr == COMPONENTS.lr == 1e-3

    def test_a_number_sets_the_rate_of_both_networks(self, waves):
        recipe = replace(STABLE, discriminator_lr=1e-2)
        given = trained_net(GANBATSSampler(hidden_size=8, recipe=recipe), waves)
        overridden = trained_net(GANBATSSampler(hidden_size=8, recipe=recipe, lr=2e-3), waves)
        rates = [
            [o.param_groups[0]["lr"] for o in (net.optimizer_, net.discriminator_optimizer_)]
            for net in (given, overridden)
        ]
        assert rates == [[5e-4, 1e-2], [2e-3, 2e-3]]


class TestBudget:
    def test_max_epochs_overrides_min_updates(self, waves):
        sampler = quick_sampler("dcgan", max_epochs=3, min_updates=500)
        sampler.fit_resample(*waves)
        assert len(sampler.history_["abnormal"]) == 3

    # 15 series in batches of 4 are 3 updates per epoch, or 1 for WGAN with five critic steps
    @pytest.mark.parametrize(
        ("name", "min_updates", "n_epochs", "n_updates"),
        [("dcgan", 40, 14, 42), ("dcgan", 2, 10, 30), ("wgan", 12, 12, 12)],
    )
    def test_min_updates_is_a_minimum_without_max_epochs(
        self, waves, name, min_updates, n_epochs, n_updates
    ):
        sampler = quick_sampler(name, max_epochs=None, min_updates=min_updates, batch_size=4)
        sampler.fit_resample(*waves)
        history = sampler.history_["abnormal"]
        assert (len(history), history[-1]["update"]) == (n_epochs, n_updates)

    def test_min_updates_replaces_the_epochs_of_a_preset(self, waves):
        sampler = GANBATSSampler.from_preset("ecg-mit", min_updates=12, hidden_size=4)
        sampler.fit_resample(*waves)
        assert sampler.history_["abnormal"][-1]["update"] == 12

    @pytest.mark.parametrize(("max_epochs", "least"), [(5, 0), (None, 7)])
    def test_early_stopping_waits_for_min_updates(self, waves, max_epochs, least):
        sampler = GANBATSSampler(recipe="paper", hidden_size=4, min_updates=7)
        sampler.set_params(max_epochs=max_epochs, on_failure="warn").fit_resample(*waves)
        callbacks = [callback for _, callback in sampler.nets_["abnormal"].callbacks_]
        assert [c.min_updates for c in callbacks if isinstance(c, StopWhenUndecided)] == [least]


class TestParts:
    def test_learning_rates_that_would_be_overridden_are_refused(self):
        sampler = GANBATSSampler.from_preset("ecg-mit")
        with pytest.raises(ValueError, match="lr=0.0001 overrides"):
            sampler.set_params(recipe__lr=3e-3)
        assert sampler.set_params(lr=None, recipe__lr=3e-3).recipe.lr == 3e-3
        sampler = GANBATSSampler(lr=1e-3)
        assert sampler.set_params(**sampler.get_params()).recipe is None

    @pytest.mark.parametrize("recipe", ["nonsense", 3])
    def test_parts_of_an_invalid_recipe_are_refused(self, recipe):
        with pytest.raises(ValueError, match="choose from .*'stable'"):
            GANBATSSampler(recipe=recipe).set_params(recipe__lr=1e-3)

    @pytest.mark.parametrize("name", RECIPES)
    def test_any_gan_takes_any_recipe(self, waves, name):
        for sampler in (quick_sampler("cgan"), quick_sampler("ganbats")):
            sampler.set_params(recipe=name).fit_resample(*waves)
            assert sampler.nets_["abnormal"].loss == RECIPES[name].loss

    def test_a_part_is_replaced_and_the_named_recipe_is_not_changed(self):
        sampler = GANBATSSampler()
        assert sampler.get_params()["recipe__penalty_weight"] == COMPONENTS.penalty_weight
        assert "recipe__penalty_weight" not in sampler.get_params(deep=False)
        sampler.set_params(recipe__penalty_weight=3.0, recipe__penalty_every=2, lr=1e-3)
        assert sampler.recipe == replace(COMPONENTS, penalty_weight=3.0, penalty_every=2)
        assert COMPONENTS.penalty_weight == 1 and sampler.lr == 1e-3
        assert clone(sampler).recipe == sampler.recipe
        assert "penalty_weight=3.0" in repr(sampler) and "0x" not in repr(sampler)

    def test_recipe_and_part_in_one_call(self):
        sampler = GANBATSSampler().set_params(recipe__n_critic=2, recipe="paper")
        assert sampler.recipe == replace(RECIPES["paper"], n_critic=2)

    def test_an_unknown_part_is_refused(self):
        with pytest.raises(ValueError, match=r"no part \['weight'\]; choose from"):
            WGANSampler().set_params(recipe__weight=2)

    def test_a_grid_search_over_a_part(self, waves):
        pipeline = Pipeline([("resample", quick_sampler("wgan_gp")), ("clf", LogisticRegression())])
        grid = {"resample__recipe__penalty_weight": [0.1, 10.0], "resample__recipe__n_critic": [1]}
        search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(*waves)
        best = search.best_estimator_["resample"].nets_["abnormal"]
        assert best.n_critic == 1
        assert best.penalty_weight == search.best_params_["resample__recipe__penalty_weight"]

    def test_parts_change_the_rows(self, waves):
        rows = [
            quick_sampler("wgan_gp", recipe__penalty_weight=w, max_epochs=20).fit_resample(*waves)
            for w in (0.1, 10.0)
        ]
        assert not np.allclose(rows[0][0], rows[1][0])


def test_the_second_attempt_keeps_a_given_learning_rate(waves, monkeypatch):
    sampler = GANBATSSampler(recipe="paper", lr=7e-4)
    sampler.n_channels_ = sampler.n_timepoints_ = 1
    group = TrainingGroup("a class", np.zeros((9, 1, 1)), None, {"a": None}, 0)
    first, second = sampler._attempts(group)
    assert first.net_options["lr"] == second.net_options["lr"] == 7e-4
    assert second.net_options["loss"] == RELATIVISTIC

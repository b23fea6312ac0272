"""The training loop: its order, its parts, and how it ends."""

import pickle

import numpy as np
import pytest
import torch
from skorch.callbacks import Callback
from torch import nn

from ganbats_sampler.adversarial import (
    NON_SATURATING,
    RELATIVISTIC,
    WASSERSTEIN,
    AdversarialNet,
)
from ganbats_sampler.adversarial.augmentation import shift_scale_jitter_cut
from ganbats_sampler.adversarial.callbacks import (
    HalveLearningRates,
    StopOnDivergence,
    StopWhenUndecided,
    WatchDiversity,
)
from ganbats_sampler.adversarial.penalties import one_centered_penalty, zero_centered_penalty


class Generator(nn.Module):
    noise_shape = (12, 1)

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv1d(1, 1, 1)
        self.calls = 0

    def forward(self, noise):
        self.calls += self.training
        return torch.tanh(self.layer(noise.transpose(1, 2)))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Conv1d(1, 4, 3, padding=1)
        self.score = nn.Linear(4, 1)
        self.seen = []

    def forward(self, series):
        self.seen.append(len(series))
        return self.score(self.layer(series).relu().mean(dim=2)).squeeze(1)


class RunsFor(Callback):
    """Call a function at the end of each epoch."""

    def __init__(self, call):
        self.call = call

    def on_epoch_end(self, net, **kwargs):
        self.call(net)


@pytest.fixture
def series():
    return np.random.default_rng(0).uniform(-1, 1, (20, 1, 12)).astype(np.float32)


def make_net(**options):
    defaults = {
        "module": Generator,
        "discriminator": Discriminator,
        "max_epochs": 3,
        "batch_size": 8,
    }
    return AdversarialNet(**{**defaults, **options})


def begin(net):
    """Initialise a net as `fit` does, so that a test can run single steps."""
    net.initialize()
    net._rng, net._fooling, net.n_updates_ = torch.Generator().manual_seed(0), None, 0
    return net


def weights(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


class TestBudget:
    def test_epochs_batches_and_updates(self, series):
        net = make_net().fit(series)
        assert net.n_updates_ == 3 * 2  # 20 series are two batches of 8, and the rest is dropped
        assert [row["update"] for row in net.history] == [2, 4, 6]

    def test_a_class_smaller_than_a_batch_is_one_batch(self, series):
        net = make_net().fit(series[:5])
        assert net.n_updates_ == 3
        assert set(net.discriminator_.seen) == {5}

    def test_the_history_has_a_row_per_epoch_and_none_per_batch(self, series):
        net = make_net().fit(series)
        assert all(row["batches"] == [] for row in net.history)
        names = {"discriminator_loss", "generator_loss", "discriminator_accuracy"}
        assert all(names <= set(row) for row in net.history)


class TestStep:
    def test_both_networks_share_one_generator_pass(self, series):
        net = make_net().fit(series)
        assert net.module_.calls == net.n_updates_

    def test_each_step_changes_only_its_own_network(self, series):
        net = begin(make_net())
        real = torch.as_tensor(series)
        fake = net.module_(torch.randn(20, 12, 1))
        generator, discriminator = weights(net.module_), weights(net.discriminator_)
        net.discriminator_step(real, fake.detach())
        assert all(torch.equal(v, generator[k]) for k, v in net.module_.state_dict().items())
        moved = weights(net.discriminator_)
        assert any(not torch.equal(moved[k], discriminator[k]) for k in moved)
        net.generator_step(real, fake)
        state = net.discriminator_.state_dict()
        assert all(torch.equal(v, moved[k]) for k, v in state.items())
        assert any(not torch.equal(v, generator[k]) for k, v in net.module_.state_dict().items())

    def test_learning_rates_of_both_optimisers(self, series):
        net = make_net(lr=1e-2, discriminator_lr=3e-2, optimizer__betas=(0.0, 0.9)).fit(series)
        assert net.optimizer_.param_groups[0]["lr"] == 1e-2
        assert net.discriminator_optimizer_.param_groups[0]["lr"] == 3e-2
        assert net.optimizer_.param_groups[0]["betas"] == (0.0, 0.9)
        assert make_net(lr=1e-2).fit(series).discriminator_optimizer_.param_groups[0]["lr"] == 1e-2

    def test_series_that_fooled_the_discriminator_are_replayed(self, series):
        net = begin(make_net(replay=True, batch_size=20))
        nn.init.constant_(net.discriminator_.score.bias, 100.0)  # everything is taken for real
        batch = torch.as_tensor(series)
        net.train_step([(batch,)])
        assert len(net._fooling[0]) == 20
        net.discriminator_.seen.clear()
        nn.init.constant_(net.discriminator_.score.bias, -100.0)  # nothing is
        net.train_step([(batch,)])
        assert net.discriminator_.seen[:2] == [20, 40]  # real; generated and replayed
        assert len(net._fooling[0]) == 0

    def test_series_are_generated_128_at_a_time(self, series):
        net = make_net().fit(series)
        assert [len(part) for part in net.draw(300, random_state=0)] == [128, 128, 44]

    def test_nothing_is_replayed_by_default(self, series):
        net = make_net().fit(series)
        assert set(net.discriminator_.seen) == {8}

    def test_the_penalty_is_computed_at_intervals(self, series):
        calls = []

        def penalty(score, real, fake, rng):
            calls.append(len(real))
            return zero_centered_penalty(score, real, fake, rng)

        net = make_net(penalty=penalty, penalty_every=4, max_epochs=5).fit(series)
        assert net.n_updates_ == 10 and len(calls) == 3  # at updates 0, 4 and 8

    def test_the_penalty_is_multiplied_by_its_weight_and_interval(self, series):
        def penalty(score, real, fake, rng):
            return net.discriminator_.score.bias.sum()  # its gradient is 1

        gradients = []
        for options in ({}, {"penalty": penalty, "penalty_weight": 3.0, "penalty_every": 4}):
            net = begin(make_net(**options))
            net.discriminator_step(torch.as_tensor(series), torch.zeros(20, 1, 12))
            gradients.append(net.discriminator_.score.bias.grad.item())
        assert gradients[1] - gradients[0] == pytest.approx(3 * 4)

    @pytest.mark.parametrize("loss", [NON_SATURATING, RELATIVISTIC])
    def test_the_generator_minimises_its_loss(self, series, loss):
        net = begin(make_net(loss=loss))
        real = torch.as_tensor(series)
        fake = net.module_(torch.randn(20, 12, 1))
        expected = loss.generator(net.discriminator_(real), net.discriminator_(fake)).item()
        assert net.generator_step(real, fake).item() == pytest.approx(expected)

    def test_replayed_series_are_not_replayed_again(self, series):
        net = begin(make_net(replay=True))
        for parameter, value in (("layer.weight", 1), ("layer.bias", 0), ("score.weight", -1)):
            nn.init.constant_(net.discriminator_.get_parameter(parameter), value)
        nn.init.constant_(net.discriminator_.score.bias, 1.0)  # zeros are taken for real
        net._fooling = (torch.full((5, 1, 12), 9.0),)  # nines are not
        fake = torch.zeros(20, 1, 12)
        net.discriminator_step(torch.as_tensor(series), fake)
        assert torch.equal(net._fooling[0], fake)

    @pytest.mark.parametrize("loss", [NON_SATURATING, RELATIVISTIC])
    @pytest.mark.parametrize("penalty", [None, zero_centered_penalty])
    @pytest.mark.parametrize("augmentation", [None, shift_scale_jitter_cut])
    @pytest.mark.parametrize("average_decay", [None, 0.9])
    @pytest.mark.parametrize("replay", [False, True])
    def test_parts_can_be_combined(
        self, series, loss, penalty, augmentation, average_decay, replay
    ):
        net = make_net(
            loss=loss,
            penalty=penalty,
            augmentation=augmentation,
            average_decay=average_decay,
            replay=replay,
        ).fit(series)
        generated = net.generate(11, random_state=0)
        assert generated.shape == (11, 1, 12) and torch.isfinite(generated).all()

    def test_generation_uses_the_averaged_weights(self, series):
        net = make_net(average_decay=0.99, lr=0.1).fit(series)
        nn.init.constant_(net.module_.layer.weight, 0.0)
        assert net.generate(5, random_state=0).std() > 0


class TestSeveralCriticSteps:
    def test_the_generator_is_updated_once_per_n_critic_batches(self, series):
        net = make_net(n_critic=3, max_epochs=4).fit(series)
        # 20 series are 2 batches of 8. A step needs 3, so it continues with another pass.
        assert net.n_updates_ == 4
        assert len(net.discriminator_.seen) == 4 * (3 * 2 + 1)

    def test_an_epoch_is_rounded_up_to_whole_updates(self, series):
        net = make_net(n_critic=2, batch_size=4, max_epochs=1).fit(series)
        assert net.n_updates_ == 3  # 5 batches are two and a half updates
        assert [row["update"] for row in net.history] == [3]

    def test_the_generator_has_a_graph_only_in_its_own_step(self, series):
        graphs = []

        class Watched(Generator):
            def forward(self, noise):
                graphs.append(torch.is_grad_enabled())
                return super().forward(noise)

        make_net(n_critic=3, max_epochs=2, module=Watched).fit(series)
        assert graphs == [False, False, True] * 2

    def test_the_constraint_follows_every_discriminator_update(self, series):
        calls = []
        net = make_net(n_critic=3, max_epochs=2, constraint=calls.append).fit(series)
        assert len(calls) == 6 and set(calls) == {net.discriminator_}

    def test_batches_of_one_update_do_not_overlap(self, series):
        net = begin(make_net(n_critic=4, batch_size=5))
        (step,) = net.get_iterator(net.get_split_datasets(series)[0])
        seen = torch.cat([batch for (batch,) in step])
        assert len(torch.unique(seen, dim=0)) == 20


class ConditionalGenerator(Generator):
    def forward(self, noise, label):
        return torch.tanh(self.layer(noise.transpose(1, 2)) + label[:, None, None])


class ConditionalDiscriminator(Discriminator):
    def __init__(self):
        super().__init__()
        self.labels = []

    def forward(self, series, label):
        self.labels.append(label)
        assert len(label) == len(series)
        return super().forward(series) + label


class TestConditional:
    @pytest.fixture
    def labels(self):
        return np.repeat([0, 1], [15, 5])

    def fit(self, series, labels, **options):
        options = {
            "module": ConditionalGenerator,
            "discriminator": ConditionalDiscriminator,
        } | options
        return make_net(**options).fit(series, labels)

    def test_networks_receive_the_class_of_each_series(self, series, labels):
        constant = np.broadcast_to(labels[:, None, None], (20, 1, 12)).astype(np.float32)
        matches = []

        class Checks(ConditionalDiscriminator):
            def forward(self, series, label):
                matches.append(series[:, 0, 0].detach() == label)
                return super().forward(series, label)

        self.fit(constant, labels, discriminator=Checks)
        assert sum(bool(match.all()) for match in matches) == 6  # the real batches, one per step

    @pytest.mark.parametrize("loss", [NON_SATURATING, RELATIVISTIC, WASSERSTEIN])
    @pytest.mark.parametrize("penalty", [None, zero_centered_penalty, one_centered_penalty])
    @pytest.mark.parametrize("n_critic", [1, 2])
    @pytest.mark.parametrize("replay", [False, True])
    def test_parts_can_be_combined(self, series, labels, loss, penalty, n_critic, replay):
        net = self.fit(series, labels, loss=loss, penalty=penalty, n_critic=n_critic, replay=replay)
        assert torch.isfinite(net.generate(5, random_state=0, label=1)).all()

    def test_replayed_series_keep_their_class(self, series, labels):
        net = begin(
            make_net(
                module=ConditionalGenerator, discriminator=ConditionalDiscriminator, replay=True
            )
        )
        nn.init.constant_(net.discriminator_.score.bias, 100.0)  # everything is taken for real
        label = torch.as_tensor(labels)
        net.train_step([(torch.as_tensor(series), label)])
        fooled, its_class = net._fooling
        assert len(fooled) == 20 and torch.equal(its_class, label)

    def test_a_class_can_be_generated(self, series, labels):
        net = self.fit(series, labels, max_epochs=1, lr=1e-6)
        low, high = (net.generate(50, random_state=0, label=label).mean() for label in (0, 1))
        assert high - low > 0.3

    def test_the_diversity_of_the_least_diverse_class_is_recorded(self, series, labels):
        class OneOfClassOne(ConditionalGenerator):
            def forward(self, noise, label):
                made = super().forward(noise, label)
                return torch.where(label[:, None, None] == 1, 0.5 + 0 * made, made)

        callbacks = [WatchDiversity([0, 1], every=1)]
        net = self.fit(series, labels, module=OneOfClassOne, callbacks=callbacks)
        assert all(row["diversity"] == 0 for row in net.history)


class TestSeeds:
    def test_the_seed_determines_the_result(self, series):
        first, second = (
            make_net(random_state=3, augmentation=shift_scale_jitter_cut).fit(series)
            for _ in range(2)
        )
        assert torch.equal(first.generate(4, random_state=1), second.generate(4, random_state=1))
        other = make_net(random_state=4, augmentation=shift_scale_jitter_cut).fit(series)
        assert not torch.equal(other.generate(4, random_state=1), first.generate(4, random_state=1))

    def test_the_global_random_state_does_not_change(self, series):
        before = torch.get_rng_state()
        make_net().fit(series).generate(3, random_state=0)
        assert torch.equal(torch.get_rng_state(), before)

    def test_series_do_not_depend_on_their_number(self, series):
        net = make_net().fit(series)
        assert torch.equal(net.generate(8, random_state=0), net.generate(16, random_state=0)[:8])


class TestEnding:
    def test_a_keyboard_interrupt_is_raised(self, series):
        def interrupt(net):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            make_net(callbacks=[RunsFor(interrupt)]).fit(series)

    def test_a_keyboard_interrupt_within_an_epoch_is_raised(self, series):
        class Interrupts(Callback):
            def on_batch_end(self, net, **kwargs):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            make_net(callbacks=[WatchDiversity(), Interrupts()]).fit(series)

    def test_divergence_stops_training(self, series):
        def poison(net):
            nn.init.constant_(net.discriminator_.score.bias, float("nan"))

        net = make_net(max_epochs=50, callbacks=[RunsFor(poison), StopOnDivergence()])
        net.fit(series)
        assert len(net.history) == 2
        assert not np.isfinite(net.history[-1]["discriminator_loss"])

    @pytest.mark.parametrize(
        ("accuracies", "min_updates", "epochs"),
        [
            ([0.9] * 12, 0, 12),  # the discriminator still wins
            ([0.5] * 12, 0, 12),  # it has not learned yet
            ([0.5] * 3 + [0.9] + [0.54] * 8, 0, 4 + 5),
            ([0.9] + [0.5] * 4 + [0.6] + [0.5] * 6, 0, 6 + 5),  # in a row
            ([0.9] + [0.5] * 11, 8, 4 + 5),  # two updates per epoch
        ],
    )
    def test_training_stops_when_the_discriminator_is_undecided(
        self, series, accuracies, min_updates, epochs
    ):
        def set_accuracy(net):
            net.history[-1]["discriminator_accuracy"] = accuracies[len(net.history) - 1]

        stop = StopWhenUndecided(min_updates=min_updates, tolerance=0.05, patience=5)
        net = make_net(callbacks=[RunsFor(set_accuracy), stop], max_epochs=12)
        assert len(net.fit(series).history) == epochs

    def test_learning_rates_are_halved(self, series):
        rates = []
        net = make_net(
            lr=1.0,
            discriminator_lr=2.0,
            max_epochs=5,
            callbacks=[
                HalveLearningRates(every=2),
                RunsFor(
                    lambda net: rates.append(
                        [
                            o.param_groups[0]["lr"]
                            for o in (net.optimizer_, net.discriminator_optimizer_)
                        ]
                    )
                ),
            ],
        )
        net.fit(series)
        assert rates == [[1.0, 2.0], [0.5, 1.0], [0.5, 1.0], [0.25, 0.5], [0.25, 0.5]]

    def test_diversity_is_recorded_at_intervals(self, series):
        net = make_net(callbacks=[WatchDiversity(every=4)], max_epochs=5).fit(series)
        ratios = [row["diversity"] for row in net.history]
        # after 4 and 8 of 10 updates, and at the end
        assert [np.isfinite(s) for s in ratios] == [False, True, False, True, True]
        assert min(ratios[1], ratios[3], ratios[4]) > 0


def test_a_trained_net_can_be_pickled(series):
    net = make_net(average_decay=0.9, replay=True).fit(series)
    copy = pickle.loads(pickle.dumps(net))
    assert torch.equal(copy.generate(3, random_state=0), net.generate(3, random_state=0))


@pytest.mark.gpu
def test_a_net_on_a_gpu_returns_series_on_the_cpu(series):
    net = make_net(device="cuda", average_decay=0.9, penalty=zero_centered_penalty).fit(series)
    assert next(net.module_.parameters()).device.type == "cuda"
    assert net.generate(3, random_state=0).device.type == "cpu"

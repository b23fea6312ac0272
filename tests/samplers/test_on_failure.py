"""The failure checks, and what `on_failure` does with a generator that failed them."""

import warnings

import numpy as np
import pytest
import torch

from ganbats_sampler import GANBATSSampler, GenerationWarning
from ganbats_sampler.adversarial.failures import find_failure
from ganbats_sampler.metrics.neighbors import to_nearest_other
from ganbats_sampler.samplers import Outcome, get_sampler

# After two updates, all series of the generator are still nearly the same.
COLLAPSING = {"hidden_size": 16, "max_epochs": 2, "random_state": 0}
DIVERGING = {**COLLAPSING, "lr": 1e30, "max_epochs": 20}
SOUND = {"hidden_size": 16, "min_updates": 100, "random_state": 0}


class TestFindFailure:
    @pytest.fixture
    def real(self):
        return np.random.default_rng(0).normal(size=(40, 2, 30))

    def test_series_of_the_class_pass(self, real):
        generated = np.random.default_rng(1).normal(size=(128, 2, 30))
        assert find_failure(real, generated) is None

    def test_slightly_changed_copies_pass(self, real):
        noise = np.random.default_rng(1).normal(size=(128, 2, 30))
        assert find_failure(real, np.tile(real, (4, 1, 1))[:128] + 0.3 * noise) is None

    def test_one_repeated_series_is_a_collapse(self, real):
        failure = find_failure(real, np.repeat(real[:1], 128, axis=0))
        assert failure.kind == "collapsed" and "0.000 times as varied" in failure.message

    def test_shifted_series_are_off_distribution(self, real):
        generated = np.random.default_rng(1).normal(size=(128, 2, 30)) + 5
        failure = find_failure(real, generated)
        assert failure.kind == "off-distribution" and "off-distribution" in failure.message

    def test_noise_is_off_distribution_for_smooth_series(self):
        rng = np.random.default_rng(0)
        waves = np.sin(np.linspace(0, 12, 128) + 6 * rng.random((50, 1, 1)))
        assert find_failure(waves, rng.uniform(-1, 1, (128, 1, 128))).kind == "off-distribution"

    def test_two_repeated_series_are_a_collapse(self, real):
        failure = find_failure(real, real[np.arange(128) % 2])
        assert failure.kind == "collapsed" and "repeats a few" in failure.message

    @pytest.mark.parametrize("scale", [0, 0.04, 0.06])
    def test_real_series_are_copies(self, real, scale):
        nearest = to_nearest_other(real.reshape(40, 60)).mean()
        rng = np.random.default_rng(1)
        shift = rng.normal(size=(128, 2, 30))
        shift *= scale * nearest / np.linalg.norm(shift, axis=(1, 2), keepdims=True)
        failure = find_failure(real, real[rng.permutation(128) % 40] + shift)
        assert (failure is not None and failure.kind == "copied") == (scale < 0.05)

    def test_other_series_are_off_distribution_for_equal_series(self):
        real = np.tile(np.sin(np.linspace(0, 6, 50)), (15, 1, 1))
        rng = np.random.default_rng(0)
        assert find_failure(real, rng.uniform(-1, 1, (128, 1, 50))).kind == "off-distribution"
        assert find_failure(real, np.tile(real[:1], (128, 1, 1))) is None

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_values_that_are_not_finite_are_a_divergence(self, real, bad):
        generated = np.random.default_rng(1).normal(size=(128, 2, 30))
        generated[3, 1, 2] = bad
        assert find_failure(real, generated).kind == "diverged"

    @pytest.mark.parametrize(("share", "fails"), [(0.045, True), (0.055, False)])
    def test_repeats_are_within_a_twentieth_of_the_nearest_neighbour_distance(self, share, fails):
        steps = np.arange(128.0)
        real = steps[:, None, None]  # the nearest-neighbour distance is 1
        pairs = 64 * (steps // 2) / 32 + share * (steps % 2)  # in pairs, as diverse as real ones
        failure = find_failure(real, pairs[:, None, None])
        assert (failure is not None and "repeats a few" in failure.message) == fails

    @pytest.mark.parametrize(("distance", "is_off"), [(4.8, False), (5.2, True)])
    def test_off_distribution_is_five_times_the_nearest_neighbour_distance(self, distance, is_off):
        real = np.arange(128.0)[:, None, None] * [[1.0, 0.0]]  # on a line, 1 apart
        failure = find_failure(real, real + [[0.0, distance]])
        assert (failure is not None and failure.kind == "off-distribution") == is_off

    @pytest.mark.parametrize(("distance", "is_off"), [(0.009, False), (0.011, True)])
    def test_a_hundredth_of_the_scale_counts_as_the_same_series(self, distance, is_off):
        rng = np.random.default_rng(0)
        away = rng.choice([-distance, distance], (128, 1, 50))
        failure = find_failure(np.zeros((10, 1, 50)), away)
        assert (failure is not None) == is_off

    @pytest.fixture
    def smooth(self):
        """Real and synthetic series of one distribution, with six channels of different scales."""
        rng = np.random.default_rng(0)
        walks = rng.normal(size=(168, 6, 60)).cumsum(axis=2) * 10.0 ** np.arange(-2, 4)[:, None]
        return walks[:40], walks[40:]

    @pytest.mark.parametrize("channel", [0, 3, 5])
    @pytest.mark.parametrize(
        ("plant", "kind"),
        [
            (lambda real, made, rng: np.full_like(made, real.max()), ""),
            (lambda real, made, rng: np.full_like(made, real.mean()), "collapsed"),
            (lambda real, made, rng: np.tile(real.mean(axis=0), (len(made), 1)), "collapsed"),
            (
                lambda real, made, rng: rng.normal(real.mean(), real.std(), made.shape),
                "off-distribution",
            ),
            (lambda real, made, rng: made + 3 * real.std(), "off-distribution"),
            (lambda real, made, rng: made * 5, "off-distribution"),
            (
                lambda real, made, rng: made + real.std() * rng.normal(size=made.shape),
                "off-distribution",
            ),
            (lambda real, made, rng: np.where(made > 1e9, 0, np.nan), "diverged"),
        ],
        ids=["maximum", "mean", "mean series", "noise", "shifted", "scaled", "noisy", "nan"],
    )
    def test_one_failed_channel_of_six_is_found(self, smooth, channel, plant, kind):
        real, made = smooth[0], smooth[1].copy()
        assert find_failure(real, made) is None
        rng = np.random.default_rng(1)
        made[:, channel] = plant(real[:, channel], made[:, channel], rng)
        failure = find_failure(real, made)
        assert failure is not None and failure.kind in (kind or ("collapsed", "off-distribution"))

    @pytest.mark.parametrize("n_spikes", [1, 2, 8])
    @pytest.mark.parametrize("spike", [1e6, -1e6, 1e3])
    def test_spikes_among_real_series_hide_no_failure(self, smooth, spike, n_spikes):
        real, made = smooth[0].copy(), smooth[1].copy()
        real[:n_spikes, 2, 17] = spike * real[:, 2].std()
        if n_spikes <= 4:  # up to a tenth of the series are outliers
            assert find_failure(real, made) is None
        made[:, 2] = 0.01 * spike * smooth[0][:, 2].std()  # a hundredth of the range
        assert find_failure(real, made) is not None

    def test_a_constant_class_passes_if_its_constant_is_generated(self):
        constant = np.zeros((128, 1, 10))
        assert find_failure(constant[:5], constant) is None


class TestOnFailure:
    def attempts(self, sampler, monkeypatch):
        from ganbats_sampler.adversarial import AdversarialNet

        seeds = []
        fit = AdversarialNet.fit

        def counted(net, *args, **kwargs):
            seeds.append(net.random_state)
            return fit(net, *args, **kwargs)

        monkeypatch.setattr(AdversarialNet, "fit", counted)
        return seeds

    @pytest.mark.parametrize(
        ("parameters", "word"), [(COLLAPSING, "collapsed"), (DIVERGING, "diverged after")]
    )
    def test_fallback_trains_again_then_warns_and_recombines(
        self, waves, parameters, word, monkeypatch
    ):
        sampler = GANBATSSampler(**parameters)
        seeds = self.attempts(sampler, monkeypatch)
        with pytest.warns(GenerationWarning, match=f"'abnormal'.*{word}.*recombined"):
            X_resampled, y_resampled = sampler.fit_resample(*waves)
        assert len(set(seeds)) == len(seeds) == 2
        outcome = sampler.outcomes_["abnormal"]
        assert outcome.status == "fallback" and word in outcome.reason
        assert np.isfinite(X_resampled).all() and len(y_resampled) == 90
        assert len(np.unique(X_resampled[60:], axis=0)) == 30
        assert all("diversity" in row for row in sampler.history_["abnormal"])

    @pytest.mark.parametrize(
        ("parameters", "word"), [(COLLAPSING, "collapsed"), (DIVERGING, "diverged")]
    )
    def test_raise_trains_again_then_raises(self, waves, parameters, word, monkeypatch):
        sampler = GANBATSSampler(on_failure="raise", **parameters)
        seeds = self.attempts(sampler, monkeypatch)
        with pytest.raises(RuntimeError, match=f"'abnormal'.*{word}.*on_failure=\"fallback\""):
            sampler.fit_resample(*waves)
        assert len(seeds) == 2

    def test_warn_returns_the_series_of_the_network(self, waves, monkeypatch):
        sampler = GANBATSSampler(on_failure="warn", **COLLAPSING)
        seeds = self.attempts(sampler, monkeypatch)
        with pytest.warns(GenerationWarning, match="collapsed.*do not report results with them"):
            sampler.fit_resample(*waves)
        assert len(seeds) == 1 and sampler.outcomes_["abnormal"].status == "failed"

    def test_warn_recombines_if_training_diverged(self, waves):
        sampler = GANBATSSampler(on_failure="warn", **DIVERGING)
        with pytest.warns(GenerationWarning, match="diverged after.*recombined"):
            X_resampled, _ = sampler.fit_resample(*waves)
        assert np.isfinite(X_resampled).all()
        assert sampler.outcomes_["abnormal"].status == "fallback"

    @pytest.mark.parametrize("on_failure", ["fallback", "raise", "warn"])
    def test_a_generator_that_passes_gives_no_warning(self, waves, on_failure):
        sampler = GANBATSSampler(on_failure=on_failure, **SOUND)
        with warnings.catch_warnings():
            warnings.simplefilter("error", GenerationWarning)
            sampler.fit_resample(*waves)
        assert sampler.outcomes_ == {"abnormal": Outcome("trained")}
        assert list(sampler.nets_) == ["abnormal"]


class TestPresets:
    @pytest.mark.parametrize(
        ("name", "lr", "batch_size"),
        [("ecg-mit", 1e-4, 128), ("nasa-battery", 1e-4, 32), ("xjtu-sy", 1e-3, 128)],
    )
    def test_the_papers_training(self, waves, name, lr, batch_size):
        sampler = GANBATSSampler.from_preset(name, random_state=0)
        assert (sampler.lr, sampler.batch_size, sampler.max_epochs) == (lr, batch_size, 100)
        assert (sampler.hidden_size, sampler.bilstm, sampler.attention) == (64, True, True)
        assert not sampler.positional and sampler.recipe == "paper"

    @pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
    def test_the_networks_of_a_preset(self, waves):
        sampler = GANBATSSampler.from_preset("xjtu-sy", max_epochs=51, random_state=0)
        sampler.fit_resample(*waves)
        net = sampler.nets_["abnormal"]
        assert net.n_updates_ <= 51  # one batch holds the class: one update per epoch
        assert net.replay and net.average_ is None and net.penalty is None
        if net.n_updates_ == 51:  # the paper's training may stop earlier
            assert net.optimizer_.param_groups[0]["lr"] == 5e-4
        assert net.module_.lstm.input_size == 1

    @pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
    def test_no_pickled_tensor_is_tied_to_a_device(self, waves):
        sampler = GANBATSSampler.from_preset("xjtu-sy", max_epochs=2, random_state=0)
        sampler.fit_resample(*waves)
        net = sampler.nets_["abnormal"]
        loose = {k: v for k, v in net.__getstate__().items() if "cuda_dependent" not in k}

        def tensors(value):
            if isinstance(value, torch.Tensor):
                yield value
            children = getattr(value, "__dict__", {}) if not isinstance(value, type) else {}
            if isinstance(value, dict):
                children = value
            elif isinstance(value, list | tuple):
                children = dict(enumerate(value))
            for child in children.values():
                yield from tensors(child)

        assert list(tensors(loose)) == []

    def test_parameters_can_differ(self):
        assert GANBATSSampler.from_preset("ecg-mit", lr=1e-3).lr == 1e-3


@pytest.mark.gpu
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize(
    "sampler",
    [
        GANBATSSampler(**SOUND),
        GANBATSSampler.from_preset("ecg-mit", max_epochs=3, random_state=0),
        *(
            get_sampler(name, min_updates=20, random_state=0)
            for name in ("cgan", "dcgan", "wgan", "wgan_gp")
        ),
    ],
)
def test_a_sampler_trained_on_a_gpu_generates_without_one(waves, tmp_path, sampler):
    import pickle
    import subprocess
    import sys

    sampler = sampler.set_params(device="cuda")
    X_resampled, _ = sampler.fit_resample(*waves)
    assert np.isfinite(X_resampled).all()
    path = tmp_path / "sampler.pickle"
    path.write_bytes(pickle.dumps(sampler))
    code = f"""
import pickle
sampler = pickle.load(open({str(path)!r}, "rb"))
assert sampler.generate(3, "abnormal").shape == (3, 24)
"""
    environment = {"CUDA_VISIBLE_DEVICES": ""}
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, env=environment)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_abnormal", [10, 25, 100])
def test_the_default_trains_classes_of_many_sizes(n_abnormal, seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], [200, n_abnormal])
    X = np.sin(np.linspace(0, 12, 96) * (1 + y[:, None]) + 0.5 * rng.normal(size=(len(y), 1)))
    sampler = GANBATSSampler(random_state=seed)
    sampler.fit_resample(X + 0.1 * rng.normal(size=X.shape), y)
    assert sampler.outcomes_[1].passed
    last = [row["diversity"] for row in sampler.history_[1] if np.isfinite(row["diversity"])][-1]
    assert 0.3 < last < 2


def test_outliers_are_clipped_with_a_warning_at_the_users_line(waves):
    X, y = waves[0].copy(), waves[1]
    X[47, 5] = 1e6
    sampler = get_sampler("dcgan", on_failure="warn", max_epochs=2, random_state=0)
    with pytest.warns(GenerationWarning) as caught:
        X_resampled, _ = sampler.fit_resample(X, y)
    first = caught[0]
    assert "1 of 15 series have values far beyond" in str(first.message)
    assert {warning.filename for warning in caught} == {__file__}
    assert X_resampled[60:].max() < 2
    plain = GANBATSSampler.from_preset("ecg-mit", hidden_size=8, max_epochs=2, random_state=0)
    with pytest.warns(GenerationWarning) as caught:  # as in the paper: the range of all values
        X_resampled, _ = plain.fit_resample(X, y)
    assert not any("far beyond" in str(warning.message) for warning in caught)
    assert X_resampled[60:].max() > 100

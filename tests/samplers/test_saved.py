"""A loaded sampler is the same as the saved one."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from imblearn.over_sampling import SMOTE
from numpy.lib.stride_tricks import sliding_window_view
from safetensors import safe_open
from scipy.spatial.distance import cdist
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.neighbors import NearestNeighbors

from ganbats_sampler import (
    FlatSampler,
    GANBATSSampler,
    GenerationWarning,
    HerdedSampler,
    RandomTransformSampler,
    RecombinationSampler,
    WGANGPSampler,
    load_sampler,
)
from ganbats_sampler.adversarial import AdversarialLoss
from ganbats_sampler.adversarial.losses import logistic_discriminator, logit_accuracy
from ganbats_sampler.adversarial.recipes import PAPER, RECIPES, STABLE
from ganbats_sampler.model_selection import UpTo
from ganbats_sampler.recombination import Arc
from ganbats_sampler.samplers import get_sampler_names
from ganbats_sampler.transforms import Jitter, WindowWarp
from tests.conftest import CLASSES, quick_sampler

pytestmark = [
    # briefly trained networks fail the checks, and are used nevertheless
    pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning"),
    pytest.mark.filterwarnings("ignore::ganbats_sampler.FilterWarning"),
]


@pytest.fixture
def data():
    """Series of three classes and two channels."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(34, 2, 16)), np.repeat(["a", "b", "c"], [11, 9, 14])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sampler.safetensors"


def my_function(series, rng):
    return series


def check_equal(loaded, sampler, seeds=(0, None, None)):
    """Check that attributes, parameters and generated series are the same."""
    assert type(loaded) is type(sampler) and repr(loaded) == repr(sampler)
    assert vars(loaded).keys() == vars(sampler).keys()
    assert repr(loaded.get_params()) == repr(sampler.get_params())
    for name in ("outcomes_", "history_", "sampling_strategy_", "n_dropped_", "chosen_from_"):
        np.testing.assert_equal(getattr(loaded, name, None), getattr(sampler, name, None))
    np.testing.assert_array_equal(loaded.synthetic_mask_, sampler.synthetic_mask_)
    np.testing.assert_array_equal(loaded.parent_indices_, sampler.parent_indices_)
    for label in sampler._classes:
        for seed in seeds:
            expected = sampler.generate(4, label, random_state=seed)
            found = loaded.generate(4, label, random_state=seed)
            np.testing.assert_array_equal(found, expected)
            assert found.dtype == expected.dtype


@pytest.mark.parametrize(
    ("name", "drop"),
    [
        *((name, None) for name in CLASSES),
        ("window_warp", "copies"),
        ("herded", "copies"),
        ("wgan", "copies"),
    ],
)
def test_every_class_of_samplers(name, drop, data, path):
    sampler = quick_sampler(name, drop=drop)
    if name == "herded":
        sampler.set_params(n_kernels=20)
    X_resampled, _ = sampler.fit_resample(*data)
    sampler.generate(1, "a")  # the sequence has begun
    before = torch.get_rng_state()
    loaded = load_sampler(sampler.save(path))
    assert torch.equal(torch.get_rng_state(), before)
    check_equal(loaded, sampler)
    again = loaded.save(path.with_name("again.safetensors")).read_bytes()
    assert again == sampler.save(path).read_bytes()
    np.testing.assert_array_equal(clone(loaded).fit_resample(*data)[0], X_resampled)


@pytest.mark.parametrize("name", [n for n in get_sampler_names() if n not in CLASSES])
def test_every_other_name(name, data, path):
    sampler = quick_sampler(name)
    if name == "kmeans_smote":
        sampler.set_params(sampler__cluster_balance_threshold=0.0)
    sampler.set_params(sampling_strategy={"a": 12}).fit_resample(*data)
    check_equal(load_sampler(sampler.save(path)), sampler, seeds=[None])


@pytest.mark.parametrize("drop", ["misplaced", "both"])
def test_filters(drop, waves, path):
    sampler = RecombinationSampler(drop=drop, random_state=0)
    sampler.fit_resample(*waves)
    check_equal(load_sampler(sampler.save(path)), sampler)


def test_a_report_is_the_same(waves, path):
    sampler = RandomTransformSampler(random_state=0)
    sampler.fit_resample(*waves)
    report = load_sampler(sampler.save(path)).quality_report(n_samples=20)
    assert str(report) == str(sampler.quality_report(n_samples=20))


def test_another_process(data, tmp_path):
    expected = {}
    for name in ("ganbats", "herded"):
        sampler = quick_sampler(name)
        sampler.fit_resample(*data)
        sampler.save(tmp_path / f"{name}.safetensors")
        expected[name] = np.stack([sampler.generate(3, "a") for _ in range(2)])
    code = f"""
import numpy as np
from ganbats_sampler import load_sampler
for name in ("ganbats", "herded"):
    loaded = load_sampler({str(tmp_path)!r} + f"/{{name}}.safetensors")
    np.save({str(tmp_path)!r} + f"/{{name}}.npy", [loaded.generate(3, "a") for _ in range(2)])
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    for name, series in expected.items():
        np.testing.assert_array_equal(np.load(tmp_path / f"{name}.npy"), series)


@pytest.mark.parametrize(
    "labels",
    [
        ["a", "b"],
        ["ä\ud800", ""],
        [0, 1],
        [False, True],
        [0.0, -1.0],
        np.array([0, 7], dtype=np.int8),
        np.array(["a", "b"], dtype=object),
        np.array(["1970", "x"], dtype="U9"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["window_warp", "smote"])
def test_labels_of_every_type(labels, name, path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(21, 6)), np.asarray(labels)[np.repeat([0, 1], [14, 7])]
    sampler = quick_sampler(name)
    sampler.fit_resample(X, y)
    loaded = load_sampler(sampler.save(path))
    check_equal(loaded, sampler)
    assert list(map(type, loaded._classes)) == list(map(type, sampler._classes))
    found, expected = list(loaded.sampling_strategy_), list(sampler.sampling_strategy_)
    assert list(map(type, found)) == list(map(type, expected))


@pytest.mark.parametrize("dtype", [bool, "i2", "u1", "u8", "f2", "f4", ">f8", "g"])
def test_series_of_every_type(dtype, path):
    X = (10 * np.random.default_rng(0).random(size=(21, 2, 6))).astype(dtype)
    sampler = RandomTransformSampler(random_state=0)
    sampler.fit_resample(X, np.repeat([0, 1], [14, 7]))
    check_equal(load_sampler(sampler.save(path)), sampler)


def test_a_frame(waves, path):
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame(waves[0], columns=[f"step {i}" for i in range(24)])
    sampler = RandomTransformSampler(random_state=0)
    sampler.fit_resample(X, pandas.Series(waves[1]))
    loaded = load_sampler(sampler.save(path))
    check_equal(loaded, sampler)
    np.testing.assert_array_equal(loaded.feature_names_in_, X.columns)


@pytest.mark.parametrize(
    "sampler",
    [
        RandomTransformSampler(sampling_strategy=UpTo(0.9)),
        RandomTransformSampler(sampling_strategy={"abnormal": np.int64(20)}),
        RandomTransformSampler(transforms=["jitter", Jitter(sigma=1), WindowWarp(factors=(2,))]),
        RandomTransformSampler(transforms=np.array(["jitter", "scaling"])),
        RecombinationSampler(method=Arc(n_neighbors=3), transforms=(Jitter(),)),
        FlatSampler(SMOTE(k_neighbors=NearestNeighbors(n_neighbors=4))),
        HerdedSampler(["arc", ("mine", SMOTE()), RandomTransformSampler()], n_kernels=20),
        HerdedSampler([("a", "arc"), ("gan", quick_sampler("dcgan"))], n_kernels=20),
    ],
    ids=repr,
)
def test_parameters_that_are_objects(sampler, waves, path):
    sampler.fit_resample(*waves)
    loaded = load_sampler(sampler.save(path))
    check_equal(loaded, sampler)


def test_a_random_state_continues(waves, path):
    sampler = RandomTransformSampler(random_state=np.random.RandomState(3))
    sampler.fit_resample(*waves)
    loaded = load_sampler(sampler.save(path))
    np.testing.assert_array_equal(*(one.fit_resample(*waves)[0] for one in (loaded, sampler)))


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipes_by_name_and_as_objects(recipe, waves, path, quick):
    by_name = GANBATSSampler(**quick, recipe=recipe)
    as_object = clone(by_name).set_params(recipe=replace(RECIPES[recipe], min_class_size=3))
    for sampler in (by_name, as_object):
        sampler.fit_resample(*waves)
        loaded = load_sampler(sampler.save(path))
        check_equal(loaded, sampler)
        assert loaded.nets_["abnormal"].loss == RECIPES[recipe].loss
    assert loaded.recipe == as_object.recipe


def test_nets_that_are_shared_stay_shared_and_can_be_trained_anew(data, path):
    sampler = quick_sampler("cgan")
    sampler.fit_resample(*data)
    loaded = load_sampler(sampler.save(path))
    net = loaded.nets_["a"]
    assert net is loaded.nets_["b"] is loaded._classes["a"].generator.trained.net
    assert not hasattr(net, "discriminator_") and "[initialized]" in repr(net)
    series = data[0].astype(np.float32)
    net.fit(series, np.arange(34) % 3)  # starts anew
    assert len(net.history) == net.max_epochs


@pytest.mark.parametrize("constrain", ["whole", "both"])
def test_whole_numbers_and_a_folder_of_checkpoints(constrain, waves, path, tmp_path):
    X, y = np.rint(10 * waves[0]), waves[1]
    sampler = quick_sampler("dcgan", constrain=constrain, checkpoint=tmp_path / "states")
    sampler.fit_resample(X, y)
    for real_series in (True, False):
        loaded = load_sampler(sampler.save(path, real_series=real_series))
        made = loaded.generate(20, "abnormal", random_state=0)
        np.testing.assert_array_equal(made, sampler.generate(20, "abnormal", random_state=0))
        np.testing.assert_array_equal(made, np.rint(made))
        assert loaded.checkpoint == str(tmp_path / "states")


def test_the_fallback(waves, path):
    sampler = GANBATSSampler(recipe=replace(STABLE, min_class_size=50), random_state=0)
    sampler.fit_resample(*waves)
    loaded = load_sampler(sampler.save(path))
    check_equal(loaded, sampler)
    assert loaded.outcomes_["abnormal"].status == "fallback" and loaded.nets_ == {}


@pytest.mark.filterwarnings("error")
def test_a_net_that_was_trained_on_a_gpu(waves, path):
    with pytest.warns(GenerationWarning):
        sampler = quick_sampler("ganbats", device="cpu").set_params(device="auto")
        sampler.fit_resample(*waves)
    sampler.device = "cuda:7"
    sampler.nets_["abnormal"].device = "cuda:7"
    sampler.save(path)
    with pytest.warns(UserWarning, match="trained on 'cuda:7', .* not available here") as caught:
        loaded = load_sampler(path)
    assert len(caught) == 1 and caught[0].filename == __file__
    assert loaded.device == "cuda:7" and loaded.nets_["abnormal"].device == "cpu"
    explicit = load_sampler(path, device="cpu")
    np.testing.assert_array_equal(explicit.generate(3, "abnormal"), loaded.generate(3, "abnormal"))
    with pytest.raises(ValueError, match="^device='tpu' cannot be used here"):
        load_sampler(path, device="tpu")


class TestWithoutRealSeries:
    @staticmethod
    def count_real(path, X, sampler):
        """Count the channels of real series that are in a tensor of the file, scaled or not."""
        scalers = [of.generator.trained.space.scaler for of in sampler._classes.values()]
        scaled = [X, *(scaler.transform(scaler.clip(X)) for scaler in scalers)]
        known = np.concatenate(scaled).reshape(-1, X.shape[2])
        found = np.zeros(len(known), dtype=bool)
        with safe_open(path, framework="np") as file:
            for name in file.keys():  # noqa: SIM118
                flat = file.get_tensor(name).ravel().astype(np.float64)
                if len(flat) >= X.shape[2]:
                    windows = sliding_window_view(flat, X.shape[2])
                    found |= (cdist(known, windows) < 1e-3).any(axis=1)
        return found.sum()

    @pytest.mark.parametrize("name", ["ganbats_series", "cgan", "wgan_gp"])
    def test_the_file_has_no_real_series(self, name, path):
        rng = np.random.default_rng(0)
        X, y = rng.normal(size=(44, 2, 16)), np.repeat(["a", "b"], [24, 20])
        sampler = quick_sampler(name, validation_fraction=0.5)
        sampler.fit_resample(X, y)
        assert self.count_real(sampler.save(path), X, sampler) >= 20
        assert self.count_real(sampler.save(path, real_series=False), X, sampler) == 0
        loaded = load_sampler(path)
        assert sampler._classes["b"].real is not None and loaded._classes["b"].real is None
        np.testing.assert_array_equal(loaded.generate(4, "b"), sampler.generate(4, "b"))
        with pytest.raises(ValueError, match="real series of class 'b' were not saved"):
            loaded.quality_report()
        check_equal(load_sampler(loaded.save(path)), loaded)

    @pytest.mark.parametrize("name", ["window_warp", "arc", "herded", "smote", "aeon_smote"])
    def test_samplers_that_need_real_series_are_refused(self, name, waves, path):
        sampler = quick_sampler(name)
        sampler.fit_resample(*waves)
        with pytest.raises(ValueError, match=f"'abnormal' of this {type(sampler).__name__}"):
            sampler.save(path, real_series=False)
        assert not path.exists()

    def test_the_fallback_and_filters_are_refused(self, waves, path):
        small = GANBATSSampler(recipe=replace(STABLE, min_class_size=50), random_state=0)
        for sampler in (small, quick_sampler("dcgan", drop="copies")):
            sampler.fit_resample(*waves)
            with pytest.raises(ValueError, match="'abnormal' .* that needs real series"):
                sampler.save(path, real_series=False)


class TestCannotBeSaved:
    @pytest.mark.parametrize(
        ("sampler", "message"),
        [
            (
                RandomTransformSampler(transforms=my_function),
                r"RandomTransformSampler\.transforms cannot .*test_saved\.my_function,",
            ),
            (RandomTransformSampler(transforms=["jitter", my_function]), r"transforms\[1\]"),
            (RecombinationSampler(method=lambda a, b, n, rng: a[:1].repeat(n, 0)), "lambda"),
            (FlatSampler(type("Mine", (SMOTE,), {})()), r"sampler cannot .*Mine"),
            (type("Own", (RandomTransformSampler,), {})(), "Own cannot be saved"),
        ],
    )
    def test_an_error_names_the_users_own_part(self, sampler, message, waves, path):
        path.write_bytes(b"before")
        sampler.fit_resample(*waves)
        with pytest.raises(TypeError, match=message) as caught:
            sampler.save(path)
        assert "pickle and skops can" in str(caught.value)
        assert path.read_bytes() == b"before"

    def test_an_error_names_the_users_own_loss(self, waves, path, quick):
        def my_loss(real, fake):
            return -fake.mean()

        loss = AdversarialLoss(logistic_discriminator, my_loss, logit_accuracy)
        sampler = WGANGPSampler(**quick, recipe=replace(PAPER, loss=loss))
        sampler.fit_resample(*waves)
        with pytest.raises(TypeError, match=r"recipe\.loss\.generator cannot be saved: .*my_loss"):
            sampler.save(path)

    def test_a_parameter_that_is_no_longer_valid(self, waves, path):
        sampler = RandomTransformSampler()
        sampler.fit_resample(*waves)
        sampler.drop = "everything"
        with pytest.raises(ValueError, match="'drop' parameter"):
            sampler.save(path)

    def test_a_sampler_that_is_not_fitted(self, path):
        with pytest.raises(NotFittedError, match="call fit_resample first"):
            RandomTransformSampler().save(path)

    def test_a_wrong_ending_and_an_impossible_path(self, waves, tmp_path):
        sampler = RandomTransformSampler()
        sampler.fit_resample(*waves)
        with pytest.raises(ValueError, match=r"ends in \.safetensors"):
            sampler.save(tmp_path / "sampler.pickle")
        (tmp_path / "file").touch()
        with pytest.raises(OSError, match="cannot be written"):
            sampler.save(tmp_path / "file" / "a.safetensors")

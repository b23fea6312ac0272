"""An interrupted fit resumes, and gives the same result as an uninterrupted one."""

import errno
import os
import runpy
import subprocess
import sys
import time
import warnings

import numpy as np
import pytest
import torch
from torch.nn import functional

from ganbats_sampler.adversarial import AdversarialLoss, AdversarialNet, Recipe, checkpoints
from tests.conftest import quick_sampler

GANS = ["ganbats", "ganbats_conditional", "cgan", "dcgan", "wgan", "wgan_gp"]


@pytest.fixture(autouse=True)
def every_epoch(monkeypatch):
    """Write the state after every epoch, however long that takes."""
    monkeypatch.setattr(checkpoints, "MAX_SHARE", 1.0)


@pytest.fixture
def data(waves):
    X, y = waves
    y = y.astype(object)
    y[:12] = "noisy"
    return X, y.astype(str)


def stop_after(monkeypatch, n_steps, error=KeyboardInterrupt):
    """Stop training after `n_steps` steps; return a list that has one item for each step."""
    steps, step = [], AdversarialNet.train_step

    def counted(self, batches, **options):
        if len(steps) == n_steps:
            raise error
        steps.append(1)
        return step(self, batches, **options)

    monkeypatch.setattr(AdversarialNet, "train_step", counted)
    return steps


def fit_in_two_parts(sampler, data, monkeypatch, n_steps):
    """Stop a fit, fit again, and return the rows and the number of steps of the second part."""
    with monkeypatch.context() as patch:
        stop_after(patch, n_steps)
        with pytest.raises(KeyboardInterrupt):
            sampler.fit_resample(*data)
    with monkeypatch.context() as patch:
        steps = stop_after(patch, np.inf)
        return sampler.fit_resample(*data)[0], len(steps)


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
class TestResuming:
    @pytest.mark.parametrize(
        ("name", "options"),
        [(name, {}) for name in GANS]
        + [
            ("ganbats", {"recipe": "paper", "recipe__halve_lr_every": 2}),
            ("dcgan", {"validation_fraction": 0.7, "max_epochs": 40}),
            ("dcgan", {"on_failure": "fallback"}),
        ],
    )
    def test_rows_and_history_equal_those_of_an_uninterrupted_fit(
        self, name, options, data, tmp_path, monkeypatch
    ):
        options = {"max_epochs": 5, "batch_size": 5, **options}
        options |= {"hidden_size": 4} if "ganbats" in name else {"hidden_size": 2}
        with monkeypatch.context() as patch:
            all_steps = stop_after(patch, np.inf)
            whole = quick_sampler(name, **options)
            rows, _ = whole.fit_resample(*data)
        sampler = quick_sampler(name, checkpoint=tmp_path / "states", **options)
        # in the middle of an epoch, of the second class if each class has a network
        n_steps = len(all_steps) * 2 // 3
        again, n_more = fit_in_two_parts(sampler, data, monkeypatch, n_steps)
        np.testing.assert_array_equal(again, rows)
        assert n_more < len(all_steps) - n_steps + 20
        np.testing.assert_equal(sampler.history_, whole.history_)
        np.testing.assert_array_equal(
            sampler.generate(3, "abnormal", random_state=1),
            whole.generate(3, "abnormal", random_state=1),
        )
        assert not list((tmp_path / "states").iterdir())

    @pytest.mark.parametrize(
        "change", [{"lr": 2e-3}, {"random_state": 1}, {"hidden_size": 6}, {"data": 1}]
    )
    def test_a_checkpoint_of_another_training_is_not_used(
        self, change, data, tmp_path, monkeypatch
    ):
        options = {"max_epochs": 4, "checkpoint": tmp_path}
        with monkeypatch.context() as patch:
            stop_after(patch, 3)
            with pytest.raises(KeyboardInterrupt):
                quick_sampler("ganbats", **options).fit_resample(*data)
        X, y = data
        X = X + change.pop("data", 0)
        steps = stop_after(monkeypatch, np.inf)
        rows, _ = quick_sampler("ganbats", **{**options, **change}).fit_resample(X, y)
        n_all = len(steps)
        whole, _ = quick_sampler("ganbats", max_epochs=4, **change).fit_resample(X, y)
        assert len(steps) == 2 * n_all
        np.testing.assert_array_equal(rows, whole)

    def test_no_real_series_is_in_the_file(self, data, tmp_path, monkeypatch):
        sampler = quick_sampler("ganbats", validation_fraction=0.7, checkpoint=tmp_path)
        sampler.set_params(max_epochs=9)
        stop_after(monkeypatch, 8)
        with pytest.raises(KeyboardInterrupt):
            sampler.fit_resample(*data)
        (path,) = tmp_path.glob("*.checkpoint")
        state = torch.load(
            checkpoints.io.BytesIO(path.read_bytes()[checkpoints.CHECKSUM_SIZE :]),
            weights_only=True,
        )
        assert set(state) == {"parts", "rng", "fooling", "n_updates", "rows", "callbacks"}
        kept = {name for callback in state["callbacks"] for name in callback}
        assert kept == {"next_evaluation_", "least_", "best_weights_", "n_worse_"}


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
class TestFaults:
    @pytest.mark.parametrize("damage", ["flipped", "cut", "empty"])
    def test_a_damaged_file_is_reported_and_training_starts_anew(
        self, damage, data, tmp_path, monkeypatch
    ):
        options = {"max_epochs": 4}
        rows, _ = quick_sampler("ganbats", **options).fit_resample(*data)
        sampler = quick_sampler("ganbats", checkpoint=tmp_path, **options)
        with monkeypatch.context() as patch:
            stop_after(patch, 3)
            with pytest.raises(KeyboardInterrupt):
                sampler.fit_resample(*data)
        (path,) = tmp_path.iterdir()
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        ends = {"flipped": len(content), "cut": len(content) // 3, "empty": 0}
        path.write_bytes(content[: ends[damage]])
        with pytest.warns(UserWarning, match=f"{path.name} is damaged: training starts anew"):
            again, _ = sampler.fit_resample(*data)
        np.testing.assert_array_equal(again, rows)

    def test_training_continues_on_a_full_disk_with_one_warning(self, data, tmp_path, monkeypatch):
        rows, _ = quick_sampler("ganbats", max_epochs=4).fit_resample(*data)

        def full(path, content):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(checkpoints, "write_file", full)
        sampler = quick_sampler("ganbats", max_epochs=4, checkpoint=tmp_path)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            again, _ = sampler.fit_resample(*data)
        np.testing.assert_array_equal(again, rows)
        about_disk = [str(w.message) for w in caught if "No space left" in str(w.message)]
        assert len(about_disk) == 2  # one for each class
        assert about_disk[0].startswith("Training continues without a checkpoint")

    def test_an_unwritable_folder_is_refused_before_training(self, data, tmp_path, monkeypatch):
        steps = stop_after(monkeypatch, 0)
        (tmp_path / "file").write_text("")
        with pytest.raises(OSError, match="cannot be written"):
            quick_sampler("ganbats", checkpoint=tmp_path / "file").fit_resample(*data)
        assert not steps

    @pytest.mark.parametrize("seed", [None, np.random.RandomState(0)])
    def test_a_random_state_other_than_an_int_is_refused(self, seed, data, tmp_path):
        sampler = quick_sampler("wgan", checkpoint=tmp_path, random_state=seed)
        with pytest.raises(ValueError, match="Set random_state to an int"):
            sampler.fit_resample(*data)

    def test_a_recipe_that_cannot_be_pickled_is_refused(self, data, tmp_path):
        loss = AdversarialLoss(
            lambda real, fake: functional.softplus(fake - real).mean(),
            lambda real, fake: functional.softplus(-fake).mean(),
            lambda real, fake: (real > 0).float().mean(),
        )
        sampler = quick_sampler("ganbats", checkpoint=tmp_path, recipe=Recipe(loss=loss))
        with pytest.raises(ValueError, match="at the top of a module, or use checkpoint=None"):
            sampler.fit_resample(*data)


FIT = """
import sys
import numpy as np
from ganbats_sampler import GANBATSSampler

def fit(folder):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(90, 24)).cumsum(1), np.repeat([0, 1, 2], [60, 15, 15])
    sampler = GANBATSSampler(
        hidden_size=4, max_epochs=100, on_failure="warn", checkpoint=folder, random_state=0,
        n_jobs=2 if folder else None,
    )
    return sampler.fit_resample(X, y)[0]

if __name__ == "__main__":
    np.save(sys.argv[1], fit(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_a_killed_process_leaves_no_worker_and_resumes(tmp_path):
    script, states = tmp_path / "fit.py", tmp_path / "states"
    script.write_text(FIT)
    command = [sys.executable, "-W", "ignore", str(script), str(tmp_path / "rows.npy"), str(states)]
    process = subprocess.Popen(command)
    while len(list(states.glob("*-0.checkpoint"))) < 2:
        assert process.poll() is None, "the process ended before it could be killed"
        time.sleep(0.02)
    workers = _children(process.pid)
    process.kill()
    process.wait()
    assert workers
    deadline = time.monotonic() + 30
    while any(_runs(pid) for pid in workers):
        assert time.monotonic() < deadline, "workers still run without their parent"
        time.sleep(0.05)
    subprocess.run(command, check=True)
    whole = runpy.run_path(str(script))["fit"](None)
    np.testing.assert_array_equal(np.load(tmp_path / "rows.npy"), whole)


def _children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return [int(child) for child in found.split()]


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return not status.stdout.startswith("Z") and bool(status.stdout)

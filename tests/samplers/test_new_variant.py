"""A new GAN needs one small file and one line that registers it."""

import sys
from collections import Counter

import numpy as np
import pytest

from ganbats_sampler.samplers import get_sampler, registry

VARIANT = '''
"""LSGAN: least-squares losses."""

from dataclasses import replace

from ganbats_sampler.adversarial.losses import AdversarialLoss, logit_accuracy
from ganbats_sampler.adversarial.recipes import DCGAN
from ganbats_sampler.samplers.convolutional import BaseClasswiseSampler
from ganbats_sampler.samplers.registry import register


def discriminator(real, fake):
    """Mao, X. et al. (2017), eq. 9, with a = -1 and b = 1."""
    return ((real - 1).square().mean() + (fake + 1).square().mean()) / 2


def generator(real, fake):
    """Mao, X. et al. (2017), eq. 9, with c = 0."""
    return fake.square().mean() / 2


LEAST_SQUARES = AdversarialLoss(discriminator, generator, logit_accuracy)


class LSGANSampler(BaseClasswiseSampler):
    """Over-sample time series with LSGAN."""

    _published = replace(DCGAN, loss=LEAST_SQUARES)


register("lsgan", LSGANSampler)
'''


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_a_new_gan_needs_one_file_and_one_line(tmp_path, monkeypatch, waves):
    assert VARIANT.count("\n") <= 60
    (tmp_path / "lsgan_variant.py").write_text(VARIANT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_FACTORIES", dict(registry._FACTORIES))
    import lsgan_variant

    monkeypatch.delitem(sys.modules, "lsgan_variant")  # the next test imports it anew
    sampler = get_sampler("lsgan", max_epochs=2, on_failure="warn", random_state=0)
    X_resampled, y_resampled = sampler.fit_resample(*waves)
    assert np.isfinite(X_resampled).all() and Counter(y_resampled)["abnormal"] == 45
    assert sampler.nets_["abnormal"].loss == lsgan_variant.LEAST_SQUARES
    assert sampler.get_params()["recipe__lr"] == 2e-4 and "recipe" in repr(
        sampler.set_params(recipe__lr=1e-3)
    )

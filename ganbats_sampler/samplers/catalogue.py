"""The registration of every sampler under its name."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Any

from imblearn.over_sampling import (
    ADASYN,
    SMOTE,
    BorderlineSMOTE,
    KMeansSMOTE,
    RandomOverSampler,
)

from ganbats_sampler.recombination import RECOMBINATIONS
from ganbats_sampler.samplers.adapters import AeonSampler, FlatSampler
from ganbats_sampler.samplers.cluster_adasyn import ClusterADASYN
from ganbats_sampler.samplers.herded import HerdedSampler
from ganbats_sampler.samplers.random_transform import RandomTransformSampler
from ganbats_sampler.samplers.recombination import RecombinationSampler
from ganbats_sampler.samplers.registry import register
from ganbats_sampler.transforms import TRANSFORMS


def _network(name: str, *args: Any, **parameters: Any) -> Any:
    """Make a new sampler with networks. PyTorch is imported only now."""
    make = attrgetter(name)(import_module("ganbats_sampler.samplers"))
    return make(*args, **parameters)


def _flat(sampler: type, **parameters: Any) -> FlatSampler:
    """Wrap a new over-sampler of imbalanced-learn."""
    return FlatSampler(sampler(), **parameters)


def _from_aeon(name: str, **parameters: Any) -> AeonSampler:
    """Wrap a new over-sampler of aeon."""
    try:
        from aeon.transformations.collection import imbalance
    except ImportError as error:
        raise ImportError('This sampler needs aeon: pip install "ganbats-sampler[data]"') from error
    return AeonSampler(getattr(imbalance, name)(), **parameters)


register("ganbats", partial(_network, "GANBATSSampler"))
register("ganbats_series", partial(_network, "GANBATSSampler", space="series"))
register("ganbats_paper", partial(_network, "GANBATSSampler.from_preset", "ecg-mit"))
register("flow_matching", partial(_network, "FlowMatchingSampler"))
register("cgan", partial(_network, "CGANSampler"))
register("dcgan", partial(_network, "DCGANSampler"))
register("wgan", partial(_network, "WGANSampler"))
register("wgan_gp", partial(_network, "WGANGPSampler"))
for _name in TRANSFORMS:
    register(_name, partial(RandomTransformSampler, transforms=_name))
for _name in RECOMBINATIONS:  # with the time warp that is RecombinationSampler's default
    register(_name, partial(RecombinationSampler, method=_name))
register("unwarped_arc", partial(RecombinationSampler, method="arc", transforms=None))
register("herded", HerdedSampler)
register("random_over_sampler", partial(_flat, RandomOverSampler))
register("smote", partial(_flat, SMOTE))
register("borderline_smote", partial(_flat, BorderlineSMOTE))
register("adasyn", partial(_flat, ADASYN))
register("kmeans_smote", partial(_flat, KMeansSMOTE))
register("cluster_adasyn", partial(_flat, ClusterADASYN))
for _name in ("ADASYN", "SMOTE", "ESMOTE", "OHIT"):
    register(f"aeon_{_name.lower()}", partial(_from_aeon, _name), needs_aeon=True)

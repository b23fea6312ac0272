"""The over-samplers. Those that train networks are imported when they are first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import ganbats_sampler.samplers.catalogue  # noqa: F401  (registers every sampler by its name)
from ganbats_sampler.generators.filtered import FilterWarning
from ganbats_sampler.generators.outcomes import Outcome
from ganbats_sampler.samplers.adapters import AeonSampler, FlatSampler
from ganbats_sampler.samplers.cluster_adasyn import ClusterADASYN
from ganbats_sampler.samplers.cost import CostEstimate
from ganbats_sampler.samplers.herded import HerdedSampler
from ganbats_sampler.samplers.random_transform import RandomTransformSampler
from ganbats_sampler.samplers.recombination import RecombinationSampler
from ganbats_sampler.samplers.registry import get_sampler, get_sampler_names
from ganbats_sampler.samplers.saved import load_sampler

if TYPE_CHECKING:
    from ganbats_sampler.samplers.cgan import CGANSampler
    from ganbats_sampler.samplers.dcgan import DCGANSampler
    from ganbats_sampler.samplers.flow_matching import FlowMatchingSampler
    from ganbats_sampler.samplers.ganbats import PRESETS, GANBATSSampler
    from ganbats_sampler.samplers.network import GenerationWarning
    from ganbats_sampler.samplers.wgan import WGANSampler
    from ganbats_sampler.samplers.wgan_gp import WGANGPSampler

__all__ = [
    "PRESETS",
    "AeonSampler",
    "CGANSampler",
    "ClusterADASYN",
    "CostEstimate",
    "DCGANSampler",
    "FilterWarning",
    "FlatSampler",
    "FlowMatchingSampler",
    "GANBATSSampler",
    "GenerationWarning",
    "HerdedSampler",
    "Outcome",
    "RandomTransformSampler",
    "RecombinationSampler",
    "WGANGPSampler",
    "WGANSampler",
    "get_sampler",
    "get_sampler_names",
    "load_sampler",
]

#: The module of each name that needs PyTorch.
_NETWORKS = {
    "CGANSampler": "cgan",
    "DCGANSampler": "dcgan",
    "FlowMatchingSampler": "flow_matching",
    "GANBATSSampler": "ganbats",
    "GenerationWarning": "network",
    "PRESETS": "ganbats",
    "WGANGPSampler": "wgan_gp",
    "WGANSampler": "wgan",
}


def __getattr__(name: str) -> Any:
    if name in _NETWORKS:
        return getattr(import_module(f"ganbats_sampler.samplers.{_NETWORKS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_NETWORKS})

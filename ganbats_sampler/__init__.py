"""Over-sampling of minority classes of time series, with imbalanced-learn's ``fit_resample``.

Names are imported when they are first used, so that the metrics and the help of the command line
do not load PyTorch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganbats_sampler.report import QualityReport as QualityReport
    from ganbats_sampler.report import quality_report as quality_report
    from ganbats_sampler.samplers import AeonSampler as AeonSampler
    from ganbats_sampler.samplers import CGANSampler as CGANSampler
    from ganbats_sampler.samplers import DCGANSampler as DCGANSampler
    from ganbats_sampler.samplers import FilterWarning as FilterWarning
    from ganbats_sampler.samplers import FlatSampler as FlatSampler
    from ganbats_sampler.samplers import FlowMatchingSampler as FlowMatchingSampler
    from ganbats_sampler.samplers import GANBATSSampler as GANBATSSampler
    from ganbats_sampler.samplers import GenerationWarning as GenerationWarning
    from ganbats_sampler.samplers import HerdedSampler as HerdedSampler
    from ganbats_sampler.samplers import RandomTransformSampler as RandomTransformSampler
    from ganbats_sampler.samplers import RecombinationSampler as RecombinationSampler
    from ganbats_sampler.samplers import WGANGPSampler as WGANGPSampler
    from ganbats_sampler.samplers import WGANSampler as WGANSampler
    from ganbats_sampler.samplers import load_sampler as load_sampler

__version__ = "0.1.0.dev0"

_HOME = {"QualityReport": "report", "quality_report": "report"} | dict.fromkeys(
    (
        "AeonSampler",
        "CGANSampler",
        "DCGANSampler",
        "FilterWarning",
        "FlatSampler",
        "FlowMatchingSampler",
        "GANBATSSampler",
        "GenerationWarning",
        "HerdedSampler",
        "RandomTransformSampler",
        "RecombinationSampler",
        "WGANGPSampler",
        "WGANSampler",
        "load_sampler",
    ),
    "samplers",
)
_SUBPACKAGES = (
    "adversarial",
    "benchmark",
    "datasets",
    "flow_matching",
    "metrics",
    "model_selection",
    "generators",
    "networks",
    "plotting",
    "recombination",
    "report",
    "samplers",
    "saving",
    "transforms",
)

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"ganbats_sampler.{_HOME[name]}"), name)
    if name in _SUBPACKAGES:
        return import_module(f"ganbats_sampler.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_SUBPACKAGES})

"""How good synthetic series are. Nothing here needs PyTorch."""

from ganbats_sampler.metrics.dtw import dtw, dtw_matrix
from ganbats_sampler.metrics.floor import FlooredScore, beside_floor
from ganbats_sampler.metrics.prd import prd
from ganbats_sampler.metrics.spread import spread_ratio

__all__ = ["FlooredScore", "beside_floor", "dtw", "dtw_matrix", "prd", "spread_ratio"]

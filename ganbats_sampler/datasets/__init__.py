"""Real monitoring data: ``load_*`` reads published files, ``fetch_*`` downloads them first."""

from ganbats_sampler.datasets.cwru import fetch_cwru, load_cwru
from ganbats_sampler.datasets.cwru_table import CWRU_12K
from ganbats_sampler.datasets.mitbih import MITBIH_DS1, MITBIH_DS2, fetch_mitbih, load_mitbih
from ganbats_sampler.datasets.nasa_battery import fetch_nasa_battery, load_nasa_battery
from ganbats_sampler.datasets.paderborn import load_paderborn
from ganbats_sampler.datasets.ucr import fetch_ucr, load_ucr
from ganbats_sampler.datasets.xjtu_sy import load_xjtu_sy

__all__ = [
    "CWRU_12K",
    "MITBIH_DS1",
    "MITBIH_DS2",
    "fetch_cwru",
    "fetch_mitbih",
    "fetch_nasa_battery",
    "fetch_ucr",
    "load_cwru",
    "load_mitbih",
    "load_nasa_battery",
    "load_paderborn",
    "load_ucr",
    "load_xjtu_sy",
]

"""Real monitoring data: ``load_*`` reads published files, ``fetch_*`` downloads them first."""

from ganbats_sampler.datasets.mitbih import MITBIH_DS1, MITBIH_DS2, fetch_mitbih, load_mitbih

__all__ = ["MITBIH_DS1", "MITBIH_DS2", "fetch_mitbih", "load_mitbih"]

"""NASA's battery files: the discharges among their cycles."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ganbats_sampler.datasets.matfiles import field, read_mat, vector

CHANNELS = {"Voltage_measured": "V", "Current_measured": "A", "Temperature_measured": "degC"}
LOADED = 0.3  #: A; more than this flows while the load is on


class Discharge(NamedTuple):
    """One discharge of one cell.

    Parameters
    ----------
    battery : str
        Of which cell.
    cycle : int
        Which discharge of the cell, from 0.
    time : ndarray of shape (n_timepoints,)
        In s.
    series : ndarray of shape (n_channels, n_timepoints)
        Voltage, current and temperature.
    ambient : float
        In degC.
    capacity : float
        In Ah; NaN if the file has none.
    """

    battery: str
    cycle: int
    time: np.ndarray
    series: np.ndarray
    ambient: float
    capacity: float

    @property
    def amperes(self) -> float:
        """The current under load, in A; NaN if no load was put on."""
        current = -self.series[1]
        loaded = current[current > LOADED]
        return float(np.median(loaded)) if len(loaded) else np.nan

    @property
    def condition(self) -> str:
        """Ambient temperature and current, as "24C-2A"."""
        return f"{self.ambient:.0f}C-{round(self.amperes)}A"


def read_battery(path: Path) -> list[Discharge]:
    """Read the discharges of one cell, in their order.

    Parameters
    ----------
    path : Path
        The cell's file, such as ``B0005.mat``.

    Raises
    ------
    ValueError
        If the file is damaged, or not one of NASA's.
    """
    battery = path.stem
    content = read_mat(path)
    if battery not in content:
        raise ValueError(
            f"{path} holds the variables {sorted(content)} and not {battery!r}: it is another kind "
            "of file, or was renamed."
        )
    cycles = np.ravel(field(path, content[battery], "cycle", battery))
    discharges: list[Discharge] = []
    for i, cycle in enumerate(cycles):
        kind = field(path, cycle, "type", f"cycle {i}")
        if np.ravel(kind).tolist() == ["discharge"]:
            discharges.append(_read_discharge(path, cycle, i, len(discharges)))
    if not discharges:
        raise ValueError(f"{path} holds no discharge among its {len(cycles)} cycles.")
    return discharges


def _read_discharge(path: Path, cycle: np.ndarray, i: int, number: int) -> Discharge:
    where = f"cycle {i}"
    content = field(path, cycle, "data", where)
    fields = {name: field(path, content, name, f"{where}, data") for name in (*CHANNELS, "Time")}
    if not any(np.size(values) for values in fields.values()):  # nothing was measured
        measured = [np.empty(0)] * len(fields)
    else:
        measured = [vector(path, fields[name], f"{where}, {name}") for name in fields]
    if len({len(series) for series in measured}) > 1:
        lengths = [len(series) for series in measured]
        raise ValueError(f"{path}: the series of {where} have unequal lengths {lengths}.")
    if (np.diff(measured[-1]) < 0).any():
        raise ValueError(f"{path}: the time of {where} runs backwards.")
    capacity = np.ravel(field(path, content, "Capacity", f"{where}, data"))
    ambient = vector(path, field(path, cycle, "ambient_temperature", where), f"{where}, ambient")
    return Discharge(
        battery=path.stem,
        cycle=number,
        time=measured[-1],
        series=np.array(measured[:-1]),
        ambient=float(ambient[0]),
        capacity=float(capacity[0]) if capacity.size else np.nan,
    )

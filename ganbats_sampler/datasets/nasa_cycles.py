"""Read the discharges in NASA's battery files, which also hold other cycles."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ganbats_sampler.datasets.matfiles import field, read_variable, vector

CHANNELS = {"Voltage_measured": "V", "Current_measured": "A", "Temperature_measured": "degC"}
LOADED = 0.3  #: in A: a higher current means that the load is on
MIN_SWITCHES = 4  #: a load with at least this many switches is a square wave
MIN_POINTS_PER_LEVEL = 4  #: a square wave with fewer points per level is sampled too coarsely
#: Possible ranges of the channels, of the ambient temperature (degC) and of the capacity (Ah).
POSSIBLE = {
    "voltage": (-0.5, 5),
    "current": (-10, 10),
    "temperature": (-30, 100),
    "ambient temperature": (-30, 100),
    "capacity": (0, 3),
}


class Discharge(NamedTuple):
    """One discharge of one cell."""

    battery: str
    cycle: int  #: index among the discharges of the cell, from 0
    time: np.ndarray  #: in s
    series: np.ndarray  #: voltage, current and temperature, (3, n_timepoints)
    ambient: float  #: ambient temperature in degC
    capacity: float  #: in Ah; NaN if the file has none

    @property
    def amperes(self) -> float:
        """The current under load in A; NaN if there was no load.

        It is the median of the values above half of the highest value, because a square wave may
        have a low level.
        """
        current = -self.series[1]
        loaded = current[current > max(LOADED, current.max(initial=0) / 2)]
        return float(np.median(loaded)) if len(loaded) else np.nan

    @property
    def points_per_level(self) -> float:
        """The mean number of points between two switches of the load.

        A switch is a step of more than half the current under load, between the first and the last
        point under load. The number is infinite if the load is not a square wave.
        """
        loaded = np.flatnonzero(-self.series[1] > LOADED)
        current = self.series[1][loaded[0] : loaded[-1] + 1] if len(loaded) else np.empty(0)
        n_switches = int((np.abs(np.diff(current)) > self.amperes / 2).sum())
        return len(current) / (n_switches + 1) if n_switches >= MIN_SWITCHES else np.inf

    @property
    def condition(self) -> str:
        """Ambient temperature, current and form of the load, like "24C-2A" or "24C-4A-square"."""
        form = "" if self.points_per_level == np.inf else "-square"
        return f"{self.ambient:.0f}C-{round(self.amperes)}A{form}"

    @property
    def impossible(self) -> list[str]:
        """The names of the quantities that have impossible values in this discharge."""
        measured = (*self.series, np.array([self.ambient]), np.array([self.capacity]))
        wrong = [
            name
            for (name, (least, most)), values in zip(POSSIBLE.items(), measured, strict=True)
            if (values < least).any() or (values > most).any()  # a missing capacity is NaN
        ]
        return wrong + ["time"] * bool((np.diff(self.time) <= 0).any())


def read_battery(path: Path) -> list[Discharge]:
    """Read the discharges of one cell, in order, from a file such as ``B0005.mat``."""
    cycles = np.ravel(field(path, read_variable(path), "cycle", path.stem))
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

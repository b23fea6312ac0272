"""The contents of the numbered files of Case Western Reserve University's bearing data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class CWRURecording(NamedTuple):
    """The contents of a numbered file.

    Parameters
    ----------
    fault : str
        "normal", "inner", "ball" or "outer".
    size : int
        The diameter of the fault in thousandths of an inch, or 0 without a fault.
    load : int
        The load of the motor in horsepower.
    position : int
        The position of a fault in the outer race, as on a clock face: 3, 6 or 12. The load zone
        is at 6. It is 0 for all other recordings.
    """

    fault: str
    size: int
    load: int
    position: int = 0

    @property
    def bearing(self) -> str:
        """The name of the bearing, such as "outer-7-6", which is the same at all four loads."""
        return "-".join(str(x) for x in (self.fault, self.size, self.position) if x)


def _loads(
    numbers: Iterable[int], fault: str, size: int, position: int = 0
) -> dict[int, CWRURecording]:
    """Return the recordings of one bearing at loads of 0, 1, 2 and 3 hp, by number."""
    return {n: CWRURecording(fault, size, load, position) for load, n in enumerate(numbers)}


#: The normal recordings, and the 12 kHz recordings with a fault at the drive end, by number.
CWRU_12K = {
    **_loads(range(97, 101), "normal", 0),
    **_loads(range(105, 109), "inner", 7),
    **_loads(range(169, 173), "inner", 14),
    **_loads(range(209, 213), "inner", 21),
    **_loads(range(3001, 3005), "inner", 28),
    **_loads(range(118, 122), "ball", 7),
    **_loads(range(185, 189), "ball", 14),
    **_loads(range(222, 226), "ball", 21),
    **_loads(range(3005, 3009), "ball", 28),
    **_loads(range(130, 134), "outer", 7, 6),
    **_loads(range(197, 201), "outer", 14, 6),
    **_loads(range(234, 238), "outer", 21, 6),
    **_loads(range(144, 148), "outer", 7, 3),
    **_loads(range(246, 250), "outer", 21, 3),
    **_loads((156, 158, 159, 160), "outer", 7, 12),
    **_loads(range(258, 262), "outer", 21, 12),
}

#: The number in a file's variable names, by the number in its file name, if the two differ.
NUMBER_WITHIN = {**{3001 + i: 56 + i for i in range(4)}, **{3005 + i: 48 + i for i in range(4)}}

NUMBERED = re.compile(r"(?:.*[_ -])?0*(\d+)")
NAMED = re.compile(
    r"(?:.*[_ -])?(?:(?P<fault>IR|B|OR)(?P<size>\d{3})(?:[@_-]?(?P<position>3|6|12))?|normal)"
    r"[_-](?P<load>[0-3])",
    re.IGNORECASE,
)
FAULT_OF = {"IR": "inner", "B": "ball", "OR": "outer", "": "normal"}
NUMBER_OF = {recording: number for number, recording in CWRU_12K.items()}


def number_of(stem: str) -> int | None:
    """Return the number of the recording with a file name (without its ending), or None.

    Examples
    --------
    >>> [number_of(stem) for stem in ("105", "12k_Drive_End_IR007_0_105", "IR007_0", "notes")]
    [105, 105, 105, None]
    """
    if (match := NUMBERED.fullmatch(stem)) and int(match[1]) in CWRU_12K:
        return int(match[1])
    if match := NAMED.fullmatch(stem):
        fault = FAULT_OF[(match["fault"] or "").upper()]
        size, position, load = (int(match[name] or 0) for name in ("size", "position", "load"))
        return NUMBER_OF.get(CWRURecording(fault, size, load, position))
    return None

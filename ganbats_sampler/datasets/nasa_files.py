"""Find NASA's battery files anywhere below a folder."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from ganbats_sampler.datasets.files import are_copies, find_mat_files
from ganbats_sampler.datasets.parameters import chosen
from ganbats_sampler.warn import warn

#: The numbers of the cells that NASA published.
CELLS = (5, 6, 7, 18, *range(25, 35), 36, *range(38, 57))
NAME = re.compile(r"B\d{4}")


def find_batteries(folder: Path, batteries: str | Iterable[str]) -> list[Path]:
    """Find one file for each cell; raise a FileNotFoundError if one is missing or still in a zip.

    If files of one cell differ, the first is returned with a warning.
    """
    found = find_mat_files(folder, _name_of)
    known = sorted({*(f"B{number:04d}" for number in CELLS), *found})
    wanted = chosen("batteries", batteries, known, {"all": sorted(found)})
    missing = [name for name in wanted if name not in found]
    zips = sorted(str(path) for path in folder.rglob("*.zip"))
    in_zips = [name for path in zips for name in _names_in(path) if name not in found]
    if isinstance(batteries, str) and batteries == "all":
        missing = in_zips
    if missing or not wanted:
        raise FileNotFoundError(
            f"{folder} lacks the .mat files of {missing or 'all cells'}; it has {sorted(found)}. "
            + (f"Unpack the zips there, and the zips in them: {zips}. " if zips else "")
            + "fetch_nasa_battery() downloads and unpacks the data set."
        )
    differing = [
        str(path) for name in wanted if not are_copies(found[name]) for path in found[name]
    ]
    if differing:
        warn(
            f"{differing} hold different discharges under one name; the first file of each cell is "
            "read. Remove those that you do not want.",
            UserWarning,
        )
    return [found[name][0] for name in wanted]


def _name_of(stem: str) -> str | None:
    return stem if NAME.fullmatch(stem) else None


def _names_in(archive: str) -> list[str]:
    """Return the names of the cells with files in a zip."""
    try:
        with zipfile.ZipFile(archive) as content:
            members = [Path(name) for name in content.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        return []
    return [one.stem for one in members if one.suffix == ".mat" and _name_of(one.stem)]

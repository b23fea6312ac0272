"""Find the files of a data set by name, anywhere below its folder, and compare copies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar

CHUNK = 1 << 16

Name = TypeVar("Name", bound=Hashable)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def find_mat_files(folder: Path, name_of: Callable[[str], Name | None]) -> dict[Name, list[Path]]:
    """Find the MATLAB files in a folder and its subfolders, by the result of `name_of`.

    `name_of` receives a file name without its ending, and returns what the file holds, such as the
    number of a recording. It returns None for files that are not of the data set.
    """
    found: dict[Name, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        name = name_of(path.stem) if path.suffix.lower() == ".mat" else None
        if name is not None and path.is_file():
            found.setdefault(name, []).append(path)
    return found


def are_copies(paths: list[Path]) -> bool:
    """Return whether all files have the same content."""
    return len(paths) == 1 or len({sha256_of(path) for path in paths}) == 1


def only_one(paths: list[Path]) -> Path:
    """Return the first of several paths; raise a ValueError unless they are copies of one file."""
    if not are_copies(paths):
        raise ValueError(
            f"{[str(path) for path in paths]} are the same recording by name, but differ in "
            "content. Remove those that are not the publisher's."
        )
    return paths[0]

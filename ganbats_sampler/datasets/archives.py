"""Unpack downloaded archives without trusting their content."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from ganbats_sampler.datasets.download import DownloadError, open_part

#: The first bytes of the end record of a zip, and its size without the archive's comment.
END, END_BYTES = b"PK\x05\x06", 22


def unpack_zip(
    archive: Path, folder: Path, *, endings: tuple[str, ...], max_bytes: int
) -> list[Path]:
    """Unpack the files of a zip and of its inner zips, and return their paths.

    Only files whose names have one of the `endings` are unpacked. An inner zip is unpacked into a
    folder of its name, but zips inside it are ignored. A file has a temporary name until it is
    complete. `max_bytes` limits the total size, so that a small archive cannot fill the disk.

    Raises
    ------
    DownloadError
        If the archive is damaged, unpacks to more than `max_bytes`, or has links or names that lead
        out of `folder`.
    """
    paths: list[Path] = []
    try:
        _unpack(archive, folder, (*endings, ".zip"), max_bytes, paths)
    except Exception as error:  # zipfile and its decompressors raise exceptions of many kinds
        number = getattr(error, "errno", None)
        if isinstance(error, DownloadError) or number not in (None, errno.EINVAL):
            raise  # the error itself says what is wrong, such as a full disk
        raise DownloadError(
            f"{archive} cannot be unpacked ({error}): it is cut short, damaged, or not a zip. "
            "Remove it and fetch it again."
        ) from error
    return paths


def _unpack(
    archive: Path, folder: Path, endings: tuple[str, ...], left: int, paths: list[Path]
) -> int:
    """Unpack one zip, and return how many bytes may still be written."""
    inner_endings = tuple(ending for ending in endings if ending != ".zip")
    with zipfile.ZipFile(archive) as content:
        _check_end(archive, len(content.comment))
        for member in content.infolist():
            if not member.filename.lower().endswith(endings):
                continue
            path = _safe_path(archive, folder, member)
            left -= member.file_size
            if left < 0:
                raise DownloadError(
                    f"{archive}: {member.filename!r} and the files before it unpack to more than "
                    "is allowed; this is not the expected archive, and it was not unpacked further."
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + ".part")
            # zipfile yields at most file_size bytes, and verifies the checksum at the end
            with content.open(member) as source, open_part(part) as file:
                shutil.copyfileobj(source, file)
            part.replace(path)
            if path.suffix.lower() == ".zip":
                left = _unpack(path, path.with_suffix(""), inner_endings, left, paths)
                path.unlink()
            else:
                paths.append(path)
    return left


def _check_end(archive: Path, n_comment: int) -> None:
    """Check that the archive ends with its end record.

    If a zip of zips is cut short, zipfile may find the end record of an inner zip instead.
    """
    with archive.open("rb") as file:
        file.seek(-END_BYTES - n_comment, os.SEEK_END)
        if file.read(len(END)) != END:
            raise zipfile.BadZipFile("its directory is not at its end")


def _safe_path(archive: Path, folder: Path, member: zipfile.ZipInfo) -> Path:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if name.is_absolute() or ".." in name.parts or ":" in member.filename or is_link:
        raise DownloadError(
            f"{archive}: {member.filename!r} is a link or leads out of the folder; this is not the "
            "expected archive, and it was not unpacked further."
        )
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):  # a link that is already there
        raise DownloadError(f"{archive}: {member.filename!r} would be written outside {folder}.")
    return path

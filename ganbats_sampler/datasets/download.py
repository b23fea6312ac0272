"""Download files: resume interrupted downloads, verify checksums, and explain errors."""

from __future__ import annotations

import errno
import http.client
import os
import re
import stat
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from tqdm.auto import tqdm

from ganbats_sampler.datasets.files import CHUNK, sha256_of

#: The errors of a write for which there is no space.
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)
#: A line of the output of sha256sum: the checksum, an optional binary mark, and the name.
CHECKSUM_LINE = re.compile(r"^([0-9a-fA-F]{64})[ \t]+\*?(?:\./)?(\S.*?)[ \t\r]*$", re.MULTILINE)
TIMEOUT_S = 30


class DownloadError(OSError):
    """A file could not be downloaded, or is not the expected one."""


class ChecksumError(DownloadError):
    """A downloaded file does not have the expected checksum."""


def data_folder(data_home: str | os.PathLike[str] | None, name: str) -> Path:
    """Return the folder of a data set, which is in `data_home` or in the user's default folder.

    The default folder is the value of the environment variable ``GANBATS_SAMPLER_DATA``, or
    ``ganbats-sampler`` in the user's cache folder.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = data_home or os.environ.get("GANBATS_SAMPLER_DATA") or Path(cache) / "ganbats-sampler"
    return Path(home).expanduser() / name


def open_part(part: Path, *, resume: bool = False) -> BinaryIO:
    """Open a part file for writing, and refuse to follow a link in its place.

    An old part file is removed, or continued if `resume` is true.
    """
    if not resume:
        part.unlink(missing_ok=True)
    return open(part, "ab" if resume else "xb", opener=_open_no_link)


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _resumable_bytes(part: Path) -> int:
    """Return the size of a part file in bytes, or 0 if it is missing or a link."""
    try:
        status = part.lstat()
    except FileNotFoundError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 else 0


def write_checksums(record: Path, folder: Path, paths: Iterable[Path]) -> None:
    """Write the SHA-256 checksums of files, one per line, with their paths relative to `folder`."""
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    write_text(record, "".join(lines))


def read_checksums(record: Path) -> dict[str, str]:
    """Read the SHA-256 checksums in a file, by name; return none if the file does not exist."""
    text = record.read_text(errors="replace") if record.exists() else ""
    return {name: checksum.lower() for checksum, name in CHECKSUM_LINE.findall(text)}


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step, so that nobody can read it half written."""
    part = path.with_name(path.name + ".part")
    with open_part(part) as file:
        file.write(text.encode())
    part.replace(path)


def download(
    url: str,
    path: Path,
    sha256: str | None = None,
    *,
    label: str | None = None,
    starts_with: bytes = b"",
    sum_from: str = "its publisher",
) -> None:
    """Download a file, unless it already exists with the expected checksum.

    The file is named ``<path>.part`` until it is complete and its checksum is right. So an
    interrupted download continues where it stopped, and `path` is never incomplete.

    Parameters
    ----------
    url : str
        The address of the file.
    path : Path
        The path of the downloaded file.
    sha256 : str or None
        The expected SHA-256 checksum. If None, it is not verified.
    label : str or None
        The text beside the progress bar. If None, there is no bar.
    starts_with : bytes
        The expected first bytes of the file, which an error page does not have.
    sum_from : str
        The source of `sha256`, for the error message.

    Raises
    ------
    DownloadError
        If the download fails, or the server does not have the file or sends another one.
    """
    if is_complete(path, sha256):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    have = _resumable_bytes(part)
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            # a server that ignores the range sends the file from its start
            content_range = response.headers.get("Content-Range", "")
            resumed = have > 0 and content_range.startswith(f"bytes {have}-")
            expected = int(response.headers.get("Content-Length", -1))
            with open_part(part, resume=resumed) as file:
                start = file.tell()
                _copy(response, file, expected, label)
                if expected not in (-1, file.tell() - start):
                    raise ConnectionError("the connection broke")
    except urllib.error.HTTPError as error:
        if error.code != 416:  # 416: nothing is left to send, so the part file is complete
            raise DownloadError(
                f"{url}: the server answers {error.code} {error.reason}."
            ) from error
    except (OSError, http.client.HTTPException) as error:
        is_full = getattr(error, "errno", None) in DISK_IS_FULL
        raise DownloadError(
            f"{url} could not be downloaded ({getattr(error, 'reason', error)}). "
            f"{'Free some space.' if is_full else 'Are you offline?'} "
            f"The part that arrived is kept in {part}; call again to continue."
        ) from error
    if sha256 is not None and (actual := sha256_of(part)) != sha256.lower():
        part.unlink()
        raise ChecksumError(
            f"{url}: the downloaded file has SHA-256 {actual}, but {sum_from} says {sha256}. It "
            "was removed; call again, and if it happens again, do not use the file."
        )
    with part.open("rb") as file:
        beginning = file.read(len(starts_with))
    if beginning != starts_with:
        part.unlink()
        raise DownloadError(
            f"{url}: the downloaded file begins with {beginning!r}, not {starts_with!r}, so it is "
            "another file, perhaps an error page of a proxy. It was removed; call again."
        )
    part.replace(path)


def _copy(
    response: http.client.HTTPResponse, file: BinaryIO, expected: int, label: str | None
) -> None:
    """Append the response to `file`, with a progress bar if `label` is given."""
    have = file.tell()
    total = have + expected if expected >= 0 else None
    bar = tqdm(
        desc=label, total=total, initial=have, unit="B", unit_scale=True, disable=label is None
    )
    with bar:
        while chunk := response.read(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))


def download_published(base_url: str, folder: Path, names: list[str], label: str) -> None:
    """Download files with published SHA-256 checksums, and show a progress bar.

    The publisher's list, ``SHA256SUMS.txt``, is kept in `folder`. It is downloaded again if it
    lacks one of `names`, or if a downloaded file does not match it.
    """
    record = folder / "SHA256SUMS.txt"
    for is_new in (False, True):
        if is_new:
            record.unlink(missing_ok=True)
        download(base_url + record.name, record)
        sums = read_checksums(record)
        if not set(names) <= set(sums):
            continue  # an old list, or a page that a proxy sent in its place
        missing = [name for name in names if not is_complete(folder / name, sums[name])]
        try:
            for name in tqdm(missing, desc=label, unit="file", disable=not missing):
                download(base_url + name, folder / name, sums[name])
            return
        except ChecksumError:
            if is_new:
                raise
    record.unlink()
    raise DownloadError(
        f"{base_url}{record.name} does not list {[name for name in names if name not in sums]}: "
        "the server has no such files, or a proxy answers in its place."
    )


def download_recorded(
    base_url: str,
    folder: Path,
    names: list[str],
    label: str,
    *,
    checksums: Mapping[str, str] | None = None,
    starts_with: bytes = b"",
) -> None:
    """Download files without published checksums, and compare them with their first download.

    The checksum of each file is recorded in ``SHA256SUMS.txt`` when it is first downloaded. If the
    file no longer matches it, it is downloaded again. If the server then sends a different file, it
    is refused. The first download is verified only for files in `checksums`, which maps names to
    SHA-256 checksums.
    """
    record = folder / "SHA256SUMS.txt"
    recorded = read_checksums(record)
    known = {**recorded, **(checksums or {})}
    missing = [n for n in names if n not in known or not is_complete(folder / n, known[n])]
    for name in tqdm(missing, desc=label, unit="file", disable=not missing):
        path = folder / name
        sum_from = (
            "checksums="
            if name in (checksums or {})
            else f"{record}, which records its first download,"
        )
        download(base_url + name, path, known.get(name), starts_with=starts_with, sum_from=sum_from)
        if name not in known:
            recorded[name] = sha256_of(path)
            write_text(record, "".join(f"{sha}  {file}\n" for file, sha in recorded.items()))


def is_complete(path: Path, sha256: str | None) -> bool:
    """Return whether a file exists and has the checksum `sha256`, if that is given."""
    return path.exists() and (sha256 is None or sha256_of(path) == sha256.lower())

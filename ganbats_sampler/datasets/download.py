"""Downloads that resume, are checked, and say clearly why they failed."""

from __future__ import annotations

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

#: A line of sha256sum's output: the sum, then the name, which may be marked as binary.
CHECKSUM_LINE = re.compile(r"^([0-9a-fA-F]{64})[ \t]+\*?(?:\./)?(\S.*?)[ \t\r]*$", re.MULTILINE)
TIMEOUT_S = 30


class DownloadError(OSError):
    """A file could not be downloaded, or is not what its publisher says it is."""


class ChecksumError(DownloadError):
    """A file that arrived does not hash to what it should."""


def data_folder(data_home: str | os.PathLike | None, name: str) -> Path:
    """Choose where a data set is kept: in `data_home`, or else the folder that the user has set."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = data_home or os.environ.get("GANBATS_SAMPLER_DATA") or Path(cache) / "ganbats-sampler"
    return Path(home).expanduser() / name


def open_part(part: Path, *, resume: bool = False) -> BinaryIO:
    """Open a file that is being written, and never one that a link in its place leads to.

    What lies there is removed, unless it is to be continued.
    """
    if not resume:
        part.unlink(missing_ok=True)
    return open(part, "ab" if resume else "xb", opener=_open_no_link)


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _resumable_bytes(part: Path) -> int:
    """Count the bytes of a part file; 0 if there is none, or it is shared through a link."""
    try:
        status = part.lstat()
    except FileNotFoundError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 else 0


def write_checksums(record: Path, folder: Path, paths: Iterable[Path]) -> None:
    """Record what files hash to, by their paths within a folder, one a line."""
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    write_text(record, "".join(lines))


def read_checksums(record: Path) -> dict[str, str]:
    """Read a list of SHA-256 sums, by name; it is empty if there is no list."""
    text = record.read_text(errors="replace") if record.exists() else ""
    return {name: checksum.lower() for checksum, name in CHECKSUM_LINE.findall(text)}


def write_text(path: Path, text: str) -> None:
    """Write a text file, which is never seen half written."""
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
    """Download a file, unless it is there already.

    What arrives is kept in ``<path>.part`` until it is complete and its checksum is right, so a
    download that was cut off goes on where it stopped, and `path` is never half a file. It is a
    DownloadError if the server cannot be reached, has no such file, or sends another one.

    Parameters
    ----------
    sha256 : str or None
        The checksum of the file.
    label : str or None
        Shown beside a bar of the bytes that have arrived; None for no bar.
    starts_with : bytes
        The first bytes of the content, so that no error page is taken for the file.
    sum_from : str
        Who says `sha256`, for the error.
    """
    if is_complete(path, sha256):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    have = _resumable_bytes(part)
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            # else the server sends the file from its start
            content_range = response.headers.get("Content-Range", "")
            resumed = have > 0 and content_range.startswith(f"bytes {have}-")
            expected = int(response.headers.get("Content-Length", -1))
            with open_part(part, resume=resumed) as file:
                start = file.tell()
                _copy(response, file, expected, label)
                if expected not in (-1, file.tell() - start):
                    raise ConnectionError("the connection broke")
    except urllib.error.HTTPError as error:
        if error.code != 416:  # 416: there is nothing left to send, the part is complete
            raise DownloadError(
                f"{url}: the server answers {error.code} {error.reason}."
            ) from error
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(
            f"{url} could not be reached ({getattr(error, 'reason', error)}). Are you offline? "
            f"What has arrived is kept in {part}; call again to go on."
        ) from error
    if sha256 is not None and (actual := sha256_of(part)) != sha256.lower():
        part.unlink()
        raise ChecksumError(
            f"{url}: the file that arrived has SHA-256 {actual}, {sum_from} says {sha256}. It "
            "was removed; call again, and if it happens again, do not use the file."
        )
    with part.open("rb") as file:
        beginning = file.read(len(starts_with))
    if beginning != starts_with:
        part.unlink()
        raise DownloadError(
            f"{url}: what arrived begins with {beginning!r}, not {starts_with!r}, so it is another "
            "file, perhaps a page that something between here and the server sent. It was removed."
        )
    part.replace(path)


def _copy(
    response: http.client.HTTPResponse, file: BinaryIO, expected: int, label: str | None
) -> None:
    """Write what arrives to the end of `file`."""
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
    """Download files whose publisher keeps their SHA-256 sums beside them, with a bar.

    The publisher's list, ``SHA256SUMS.txt``, is kept in `folder`. It is fetched anew if it lacks
    one of `names`, or if a file that arrives does not agree with it.
    """
    record = folder / "SHA256SUMS.txt"
    for is_new in (False, True):
        if is_new:
            record.unlink(missing_ok=True)
        download(base_url + record.name, record)
        sums = read_checksums(record)
        if not set(names) <= set(sums):
            continue  # a stale list, or a page that was sent in its place
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
        "there are no such files, or something between here and the server answers in its place."
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
    """Download files whose publisher gives no checksums, and hold them to their first arrival.

    What each file hashes to when it first arrives is recorded in ``SHA256SUMS.txt``, so that a file
    that changes or decays afterwards is noticed and fetched anew, and one that the server sends
    differently is refused. This says nothing of the first arrival: `checksums` does, by name, for
    the files whose SHA-256 is known from elsewhere.
    """
    record = folder / "SHA256SUMS.txt"
    recorded = read_checksums(record)
    known = {**recorded, **(checksums or {})}
    missing = [n for n in names if n not in known or not is_complete(folder / n, known[n])]
    for name in tqdm(missing, desc=label, unit="file", disable=not missing):
        path = folder / name
        sum_from = (
            "what you gave" if name in (checksums or {}) else f"its first arrival, in {record},"
        )
        download(base_url + name, path, known.get(name), starts_with=starts_with, sum_from=sum_from)
        if name not in known:
            recorded[name] = sha256_of(path)
            write_text(record, "".join(f"{sha}  {file}\n" for file, sha in recorded.items()))


def is_complete(path: Path, sha256: str | None) -> bool:
    """Tell whether a file is there and hashes to what it must, if that is known."""
    return path.exists() and (sha256 is None or sha256_of(path) == sha256.lower())

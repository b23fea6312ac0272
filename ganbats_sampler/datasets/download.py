"""Downloads that resume, are checked, and say clearly why they failed."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from tqdm.auto import tqdm

CHUNK = 1 << 16
#: A line of sha256sum's output: the sum, then the name, which may be marked as binary.
CHECKSUM_LINE = re.compile(r"^([0-9a-fA-F]{64})[ \t]+\*?(?:\./)?(\S+)[ \t\r]*$", re.MULTILINE)
TIMEOUT_S = 30


class DownloadError(OSError):
    """A file could not be downloaded, or is not what its publisher says it is."""


def data_folder(data_home: str | os.PathLike | None, name: str) -> Path:
    """Choose where a data set is kept: `data_home`, or the user's cache.

    Parameters
    ----------
    data_home : path-like or None
        None for the environment variable ``GANBATS_SAMPLER_DATA``, or else
        ``ganbats-sampler`` in the user's cache folder.
    name : str
        Of the data set's folder.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = data_home or os.environ.get("GANBATS_SAMPLER_DATA") or Path(cache) / "ganbats-sampler"
    return Path(home).expanduser() / name


def sha256_of(path: Path) -> str:
    """Hash a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


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
    download that was cut off goes on where it stopped, and `path` is never half a file.

    Parameters
    ----------
    url : str
        Where from.
    path : Path
        Where to; its folder is made.
    sha256 : str or None
        What it must hash to.
    label : str or None
        Shown beside a bar of the bytes that have arrived; None for no bar.
    starts_with : bytes
        What its content must begin with, so that no error page is taken for the file.
    sum_from : str
        Who says `sha256`, for the error.

    Raises
    ------
    DownloadError
        If the server cannot be reached, has no such file, or sends another one.
    """
    if _is_complete(path, sha256):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            # else the server sends the file from its start
            resumed = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            expected = int(response.headers.get("Content-Length", -1))
            with part.open("ab" if resumed else "wb") as file:
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
    if sha256 is not None and (actual := sha256_of(part)) != sha256:
        part.unlink()
        raise DownloadError(
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


def _copy(response: http.client.HTTPResponse, file: BinaryIO, expected: int, label: str | None):
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


def published_checksums(base_url: str, folder: Path, names: list[str]) -> dict[str, str]:
    """Read the SHA-256 sums that a publisher keeps beside its files, in ``SHA256SUMS.txt``.

    The list is kept in `folder`, and fetched anew if it lacks one of `names`.

    Raises
    ------
    DownloadError
        If the publisher's list lacks one of `names`.
    """
    path = folder / "SHA256SUMS.txt"
    for _ in range(2):
        download(base_url + path.name, path)
        text = path.read_text(errors="replace")
        sums = {name: checksum.lower() for checksum, name in CHECKSUM_LINE.findall(text)}
        unknown = [name for name in names if name not in sums]
        if not unknown:
            return sums
        path.unlink()  # a stale list, or a page that was sent in its place
    raise DownloadError(
        f"{base_url}{path.name} does not list {unknown}: there are no such files, or something "
        "between here and the server answers in its place."
    )


def download_all(base_url: str, folder: Path, checksums: Mapping[str, str], label: str) -> None:
    """Download the files of `checksums`, name to SHA-256, with a bar if there are any to fetch."""
    missing = [name for name, sha in checksums.items() if not _is_complete(folder / name, sha)]
    for name in tqdm(missing, desc=label, unit="file", disable=not missing):
        download(base_url + name, folder / name, checksums[name])


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
    differently is refused. This says nothing of the first arrival: `checksums` does.

    Parameters
    ----------
    base_url : str
        Where the files lie.
    folder : Path
        Where to keep them.
    names : list of str
        Of the files.
    label : str
        Shown beside the bar.
    checksums : mapping of str to str, default=None
        SHA-256 by name, of those files where it is known from elsewhere.
    starts_with : bytes
        What each must begin with.

    Raises
    ------
    DownloadError
        If a file cannot be had, or is another one than at its first arrival.
    """
    record = folder / "SHA256SUMS.txt"
    text = record.read_text() if record.exists() else ""
    known = {name: checksum for checksum, name in CHECKSUM_LINE.findall(text)}
    known.update(checksums or {})
    missing = [n for n in names if n not in known or not _is_complete(folder / n, known[n])]
    for name in tqdm(missing, desc=label, unit="file", disable=not missing):
        path = folder / name
        sum_from = (
            "what you gave" if name in (checksums or {}) else f"its first arrival, in {record},"
        )
        download(base_url + name, path, known.get(name), starts_with=starts_with, sum_from=sum_from)
        if name not in known:
            with record.open("a") as file:
                file.write(f"{sha256_of(path)}  {name}\n")


def _is_complete(path: Path, sha256: str | None) -> bool:
    return path.exists() and (sha256 is None or sha256_of(path) == sha256)

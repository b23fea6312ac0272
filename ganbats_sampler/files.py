"""Files that are written whole or not at all, and files that one process at a time writes to."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from ganbats_sampler.warn import warn

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def check_destination(path: str | os.PathLike, suffixes: Iterable[str] = ()) -> Path:
    """Check that a file can be written, and make its folder.

    Call it before long work whose result the file is to hold. What the file holds is left alone.
    It is an OSError if the file cannot be written, and a ValueError if its name ends in none of the
    `suffixes`, such as ".html", in any case; without suffixes it may have any ending.
    """
    path, suffixes = Path(path).expanduser(), tuple(suffixes)
    if suffixes and path.suffix.lower() not in suffixes:
        what = f"suffix {path.suffix!r} is not supported" if path.suffix else "name has no suffix"
        raise ValueError(f"{path}: the {what}. Choose a name that ends in {' or '.join(suffixes)}.")
    with _explained(path):
        if path.parent.exists() and not path.parent.is_dir():
            raise NotADirectoryError("its folder is a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        target = _target(path)
        part = _part_of(target)
        part.open("xb").close()
        part.unlink()
    return path


def write_file(path: str | os.PathLike, content: str | bytes, suffixes: Iterable[str] = ()) -> Path:
    """Write a file whole: until it is complete, what was there before stays.

    The content, of which text is in UTF-8, goes to a file beside it, which then takes its place.
    The path is checked by :func:`check_destination`.
    """
    path = check_destination(path, suffixes)
    with _explained(path):
        target = _target(path)
        part = _part_of(target)
        try:
            with part.open("xb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, part)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    return path


def append(path: Path, content: bytes, start: int) -> None:
    """Write to a file from a position on, and cut off what was there after it.

    It is on disk when this returns. If it cannot be written whole, no part of it stays.
    """
    with _explained(path), path.open("ab", buffering=0) as file:
        file.truncate(start)
        try:
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(start)
            raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes and threads that call this from writing to a file.

    The lock is one of the operating system on a file beside it, ``<path>.lock``. It ends with this
    process at the latest, also if that is killed; a lock file that is left over locks nothing. It
    is a BlockingIOError if another process or thread has the lock.
    """
    with _explained(path):
        target = _target(path)
    lock = target.with_name(f"{target.name}.lock")
    own = os.getpid(), lock
    with _guard:
        if own in _held:  # a lock of the system is one of a process
            raise _busy(path, f"another thread of this process ({own[0]})")
        with _explained(path):
            file = _open_locked(path, lock)
        _held.add(own)
    try:
        yield
    finally:
        with _guard:
            _held.discard(own)
            if sys.platform != "win32":  # there a file that is open cannot be removed
                lock.unlink(missing_ok=True)
            file.close()


_guard = threading.Lock()
_held: set[tuple[int, Path]] = set()


def _open_locked(path: Path, lock: Path) -> FileIO:
    """Open a lock file and lock it."""
    while True:
        file = lock.open("a+b", buffering=0)
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            holder = file.read(200).decode(errors="replace")
            file.close()
            raise _busy(path, holder or "another process") from None
        except OSError as error:
            warn(
                f"{lock} cannot be locked here ({error.strerror}): take care that nothing else "
                f"writes to {path} at the same time.",
                UserWarning,
            )
            return file
        if sys.platform == "win32" or _is_in_place(file, lock):
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
            return file
        file.close()  # the one before has removed it in between


def _is_in_place(file: FileIO, path: Path) -> bool:
    """Say whether an open file is the one that its path names."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: FileIO) -> None:
    """Lock a file of ours, or raise a BlockingIOError or PermissionError if another has it."""
    if sys.platform == "win32":
        file.seek(2**30)  # beyond what is read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _busy(path: Path, holder: str) -> BlockingIOError:
    return BlockingIOError(
        f"{path} is being written to by {holder}. Wait until it has ended, or name another file."
    )


def _target(path: Path) -> Path:
    """Follow links to the file that is written, and refuse what no file can take the place of."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        what = "folder" if target.is_dir() else "device"
        raise OSError(f"it is a {what}, not a file")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError("it is read-only")
    return target


def _part_of(target: Path) -> Path:
    """Name a new file beside another one."""
    return target.with_name(f".{secrets.token_hex(8)}.part")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say of an error that a file could not be written, and that nothing is lost."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        why = error.strerror or str(error)
        explained = type(error)(
            f"{path} cannot be written ({why}); what it held before is unchanged. Check its folder "
            "and the space there, or name another file."
        )
        explained.errno = error.errno
        raise explained from error

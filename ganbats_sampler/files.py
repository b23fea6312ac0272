"""Write files whole or not at all, and lock files against other writers."""

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


def check_destination(path: str | os.PathLike[str], suffixes: Iterable[str] = ()) -> Path:
    """Check that a file can be written, create its folder, and return its path.

    Call it before a long computation whose result is written to the file. An existing file is not
    changed.

    Parameters
    ----------
    path : path-like
        The path of the file.
    suffixes : iterable of str
        The suffixes that the name may have, in lower case, such as ".html". Case is ignored in the
        name. If empty, any name is allowed.

    Raises
    ------
    OSError
        If the file cannot be written.
    ValueError
        If the name has none of the `suffixes`.
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


def write_file(
    path: str | os.PathLike[str], content: str | bytes, suffixes: Iterable[str] = ()
) -> Path:
    """Write a file whole, and return its path; the old content stays until the new is complete.

    The content is written to a temporary file beside it, which then replaces it. Text is encoded in
    UTF-8. :func:`check_destination` checks the path, and describes the parameters and errors.
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
    """Cut a file to `start` bytes, and append content to it.

    The content is on disk when this function returns. If it cannot be written whole, none of it
    stays in the file.
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
    """Lock a file against other processes and threads that call this function.

    The operating system locks a file beside it, ``<path>.lock``. It releases the lock when this
    process ends, even if the process is killed. So a leftover lock file locks nothing. If files
    cannot be locked there, a warning is given and nothing is locked.

    Raises
    ------
    BlockingIOError
        If another process or thread has the lock.
    """
    with _explained(path):
        target = _target(path)
    lock = target.with_name(f"{target.name}.lock")
    own = os.getpid(), lock
    with _guard:
        if own in _held:  # the system's lock does not separate threads of one process
            raise _busy(path, f"another thread of this process ({own[0]})")
        with _explained(path):
            file = _open_locked(path, lock)
        _held.add(own)
    try:
        yield
    finally:
        with _guard:
            _held.discard(own)
            if sys.platform != "win32":  # Windows cannot remove an open file
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
                f"{lock} cannot be locked here ({error.strerror}): make sure that nothing else "
                f"writes to {path} at the same time.",
                UserWarning,
            )
            return file
        if sys.platform == "win32" or _is_in_place(file, lock):
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
            return file
        file.close()  # the previous process removed the lock file before it was locked here


def _is_in_place(file: FileIO, path: Path) -> bool:
    """Return whether an open file is still the one at its path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: FileIO) -> None:
    """Lock an open file; raise a BlockingIOError or PermissionError if it is locked already."""
    if sys.platform == "win32":
        file.seek(2**30)  # beyond the text that other processes read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _busy(path: Path, holder: str) -> BlockingIOError:
    return BlockingIOError(
        f"{path} is being written to by {holder}. Wait until it has ended, or name another file."
    )


def _target(path: Path) -> Path:
    """Return the file that a path leads to; raise an OSError if it cannot be replaced."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        what = "folder" if target.is_dir() else "device"
        raise OSError(f"it is a {what}, not a file")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError("it is read-only")
    return target


def _part_of(target: Path) -> Path:
    """Return a new random name for a temporary file beside `target`."""
    return target.with_name(f".{secrets.token_hex(8)}.part")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Add the path to an OSError, and say that the file is unchanged."""
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

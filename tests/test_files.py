"""Files are written whole or not at all, and only one process at a time writes to a file."""

import errno
import os
import signal
import subprocess
import sys
import threading

import pytest

from ganbats_sampler import files
from ganbats_sampler.files import append, check_destination, locked, write_file


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_is_replaced_without_leftovers(tmp_path):
    path = tmp_path / "new" / "page.html"
    assert write_file(path, "Rätsch") == path
    path.chmod(0o640)
    write_file(str(path), b"two")
    assert path.read_bytes() == b"two" and path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)
    write_file(link, "after")
    assert link.is_symlink() and target.read_text() == "after"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_write_keeps_the_old_content(tmp_path, monkeypatch, failing):
    path = write_file(tmp_path / "page.html", "before")
    monkeypatch.setattr(os, failing, full_disk)
    with pytest.raises(OSError, match="page.html cannot be written .No space left") as raised:
        write_file(path, "after")
    assert raised.value.errno == errno.ENOSPC
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", ["folder", "file/below", "device"])
@pytest.mark.parametrize("use", [check_destination, lambda path: write_file(path, "x")])
def test_a_path_that_cannot_be_a_file_is_explained(tmp_path, make, use):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("before")
    (tmp_path / "device").symlink_to(os.devnull)
    with pytest.raises(OSError, match=f"{make} cannot be written .it"):
        use(tmp_path / make)
    assert (tmp_path / "file").read_text() == "before"


def test_a_read_only_file_is_not_replaced(tmp_path, monkeypatch):
    path = write_file(tmp_path / "page.html", "before")
    monkeypatch.setattr(os, "access", lambda *_: False)  # for root every file is writable
    with pytest.raises(PermissionError, match="it is read-only"):
        write_file(path, "after")
    assert path.read_text() == "before"


@pytest.mark.parametrize("name", ["r.pdf", "r.png", "r", "r.html.gz", ".html"])
def test_other_suffixes_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match=r"suffix.* Choose a name that ends in .html or .htm"):
        write_file(tmp_path / name, "x", (".html", ".htm"))
    assert not list(tmp_path.iterdir())
    assert write_file(tmp_path / "R.HTML", "x", (".html", ".htm")).exists()


@pytest.mark.parametrize("failing", ["write", "fsync"])
def test_a_failed_append_keeps_the_old_rows(tmp_path, monkeypatch, failing):
    path = tmp_path / "rows"
    path.write_bytes(b"one\ntw")
    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="No space left"):
            append(path, b"two\n", start=4)
    else:
        limited = (
            "import resource, sys; from pathlib import Path\n"
            "from ganbats_sampler.files import append\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "append(Path(sys.argv[1]), b'x' * 2000, start=4)"
        )
        done = subprocess.run([sys.executable, "-c", limited, path], capture_output=True, text=True)
        assert "rows cannot be written (File too large)" in done.stderr
    assert path.read_bytes() == b"one\n"
    monkeypatch.undo()
    append(path, b"two\n", start=4)
    assert path.read_bytes() == b"one\ntwo\n"


HOLD = """
import sys, time; from pathlib import Path
from ganbats_sampler.files import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


def test_a_lock_excludes_other_processes_and_ends_with_its_own(tmp_path):
    path = tmp_path / "runs.csv"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(BlockingIOError, match=f"runs.csv .* by process {holder.pid} on .*Wait"):
            locked(path).__enter__()
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    assert (tmp_path / "runs.csv.lock").exists()  # a leftover file that locks nothing
    with locked(path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_lock_excludes_other_threads_and_links_to_the_file(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "runs.csv")
    errors = []

    def enter():
        try:
            with locked(link):
                pass
        except BlockingIOError as error:
            errors.append(str(error))

    with locked(tmp_path / "runs.csv"):
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
    assert len(errors) == 1 and "another thread" in errors[0]
    enter()
    assert len(errors) == 1


def test_a_forked_child_does_not_keep_the_lock(tmp_path):
    killed = "import os; os.fork() and os.kill(os.getpid(), 9); time.sleep(20)"
    code = HOLD.replace("time.sleep(60)", killed)
    holder = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "runs.csv"], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "locked\n"
    holder.wait(30)  # the child sleeps on
    with locked(tmp_path / "runs.csv"):
        holder.stdout.close()


def test_a_file_system_without_locks_gives_a_warning(tmp_path, monkeypatch):
    def unsupported(_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(files, "_lock", unsupported)
    with pytest.warns(UserWarning, match="cannot be locked here .No locks available"):
        with locked(tmp_path / "runs.csv"):
            pass


def test_a_lock_file_that_was_just_removed_is_created_again(tmp_path, monkeypatch):
    lock, lock_file, calls = tmp_path / "runs.csv.lock", files._lock, []

    def lock_too_late(file):
        calls.append(file)
        if len(calls) == 1:
            lock.unlink()  # as the previous process does when it ends
        lock_file(file)

    monkeypatch.setattr(files, "_lock", lock_too_late)
    with locked(tmp_path / "runs.csv"):
        assert lock.exists() and len(calls) == 2

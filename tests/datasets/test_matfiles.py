"""MATLAB files: intact files are read as by scipy, and damaged ones never crash the process."""

import random
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat

from ganbats_sampler.datasets import matfiles
from ganbats_sampler.datasets.matfiles import read_mat

VARIABLES = {
    "numbers": np.arange(6.0).reshape(2, 3),
    "cube": np.zeros((2, 2, 2), dtype=np.float32),
    "short": np.int16([1, 2, 3]),
    "complex": np.array([1 + 2j]),
    "logical": np.array([True, False]),
    "text": "grün",
    "no_text": "",
    "texts": np.array(["", "ab"]),
    "empty": np.empty((0, 0)),
    "cells": np.array([["x", 1.5]], dtype=object),
    "struct": {"f": 1, "g": {"h": "t", "i": [1, 2]}, "j": []},
    "bare": {},
}
#: Code that reads each file of a folder with limited memory, in a process that may crash.
READ_ALL = """
import sys
from pathlib import Path
from ganbats_sampler.datasets.matfiles import read_mat
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
except ImportError:
    pass
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_mat(path)
    except ValueError as error:
        assert str(path) in str(error), error
print("done")
"""


def are_same(mine, theirs):
    if mine.dtype != theirs.dtype or mine.shape != theirs.shape:
        return False
    if mine.dtype.names:
        return all(are_same(mine[name], theirs[name]) for name in mine.dtype.names)
    if mine.dtype == object:
        pairs = zip(mine.ravel(), theirs.ravel(), strict=True)
        return all(a is b or are_same(a, b) for a, b in pairs)
    return np.array_equal(mine, theirs, equal_nan=mine.dtype.kind in "fc")


def assert_read_as_scipy_does(path):
    expected = {name: x for name, x in loadmat(path).items() if not name.startswith("__")}
    actual = read_mat(path)
    assert list(actual) == list(expected)
    assert all(are_same(actual[name], expected[name]) for name in expected)


@pytest.mark.parametrize("compressed", [False, True])
def test_an_intact_file_is_read_as_by_scipy(tmp_path, compressed):
    savemat(tmp_path / "a.mat", VARIABLES, do_compression=compressed)
    assert_read_as_scipy_does(tmp_path / "a.mat")


def variable(array_class, content, dimensions=(1, 2), name=b"x", order="<"):
    """Make the bytes of a variable; `content` has the elements after its name."""

    def element(kind, data):
        return struct.pack(order + "II", kind, len(data)) + data + bytes(-len(data) % 8)

    body = element(6, struct.pack(order + "II", array_class, 0))
    body += element(5, struct.pack(f"{order}{len(dimensions)}i", *dimensions))
    body += element(1, name) + b"".join(element(*part) for part in content)
    return element(14, body)


def mat_file(*variables, order="<"):
    end = b"\x00\x01IM" if order == "<" else b"\x01\x00MI"
    return b"MATLAB 5.0 MAT-file".ljust(116) + bytes(8) + end + b"".join(variables)


def doubles(*values, order="<"):
    return (9, struct.pack(f"{order}{len(values)}d", *values))


def test_a_big_endian_file(tmp_path):
    whole = variable(6, [doubles(1.0, 2.0, order=">")], order=">")
    (tmp_path / "a.mat").write_bytes(mat_file(whole, order=">"))
    assert read_mat(tmp_path / "a.mat")["x"].tolist() == [[1.0, 2.0]]
    assert_read_as_scipy_does(tmp_path / "a.mat")


X = variable(6, [doubles(1.0, 2.0)])
FIELDS = [(5, struct.pack("<i", 4)), (1, b"abc\x00")]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no header of MATLAB 5"),
        (b"<html>" * 50, "no header of MATLAB 5"),
        (mat_file(X[:-8]), "extends beyond the end of the file"),
        (mat_file(X, b"\x0e\x00\x00"), "it is cut short"),
        (mat_file(X, X), "a variable has the name b'x'"),
        (mat_file(variable(6, [doubles(1.0)])), "8 bytes of type 9 hold 2 numbers"),
        (mat_file(variable(6, [(8, bytes(16))])), "16 bytes of type 8 hold 2 numbers"),
        (mat_file(variable(6, [(77, bytes(16))])), "16 bytes of type 77 hold 2 numbers"),
        (mat_file(variable(6, [doubles()], (0, 1 << 30))), None),
        (mat_file(variable(6, [doubles(1.0, 2.0)], (-1, -2))), r"has the dimensions \(-1, -2\)"),
        (mat_file(variable(6, [doubles(1.0)], (1,) * 40)), "has the dimensions"),
        (mat_file(variable(4, [(4, b"")], (1, 1 << 30))), "hold 1073741824 characters"),
        (mat_file(variable(4, [(9, bytes(16))])), "16 bytes of type 9 hold 2 characters"),
        (mat_file(variable(1, [], (1 << 15, 1 << 15))), "0 bytes hold 1073741824 arrays"),
        (mat_file(variable(2, FIELDS, (1 << 15, 1 << 15))), "hold 1073741824 arrays"),
        (mat_file(variable(2, [(5, bytes(4)), FIELDS[1]])), "names of fields have 0 bytes"),
        (mat_file(variable(2, [(5, struct.pack("<i", -4)), FIELDS[1]])), "fields have -4 bytes"),
        (mat_file(variable(2, [FIELDS[0], (1, b"")], (1 << 15, 1 << 15))), "bytes hold 0 arrays"),
        (mat_file(variable(5, [])), "an array of class 5, which is not supported"),
        (mat_file(variable(17, [])), "an array of class 17, which is not supported"),
        (mat_file(variable(6, [doubles(1.0, 2.0), doubles()])), "longer or shorter"),
        (mat_file(struct.pack("<II", 15, 7) + b"no zlib"), "decompressing"),
    ],
)
def test_impossible_sizes_and_types(tmp_path, content, match):
    path = tmp_path / "a.mat"
    path.write_bytes(content)
    if match is None:
        assert read_mat(path)["x"].size == 0
        return
    with pytest.raises(ValueError, match=rf"a\.mat cannot be read as a MATLAB file .*{match}"):
        read_mat(path)


def test_arrays_that_are_nested_too_deeply(tmp_path):
    inner = variable(6, [doubles(1.0, 2.0)], name=b"")
    for _ in range(2000):
        body = variable(1, [], (1, 1), name=b"")[8:] + inner
        inner = struct.pack("<II", 14, len(body)) + body
    (tmp_path / "a.mat").write_bytes(mat_file(inner))
    with pytest.raises(ValueError, match=r"a\.mat cannot be read"):
        read_mat(tmp_path / "a.mat")


def test_files_above_the_size_limit_are_refused(tmp_path, monkeypatch):
    packed = zlib.compress(variable(6, [doubles(*range(100))], (1, 100)))
    (tmp_path / "a.mat").write_bytes(mat_file(struct.pack("<II", 15, len(packed)) + packed))
    assert read_mat(tmp_path / "a.mat")["x"].shape == (1, 100)
    monkeypatch.setattr(matfiles, "MAX_BYTES", 700)
    with pytest.raises(ValueError, match=r"a\.mat .*too large"):
        read_mat(tmp_path / "a.mat")
    monkeypatch.setattr(matfiles, "MAX_BYTES", 200)
    with pytest.raises(ValueError, match=r"a\.mat .*more than 200 bytes"):
        read_mat(tmp_path / "a.mat")


@pytest.mark.parametrize("offset", [0, 512])
def test_a_matlab_7_3_file_is_not_reported_as_damaged(tmp_path, offset):
    (tmp_path / "a.mat").write_bytes(bytes(offset) + b"\x89HDF\r\n\x1a\n" + bytes(2000))
    with pytest.raises(
        ValueError, match=r"a\.mat is a MATLAB 7\.3 file \(HDF5\).* '-v7'"
    ) as raised:
        read_mat(tmp_path / "a.mat")
    assert "damaged" not in str(raised.value)


def read_damaged(folder, content, positions, rng, cuts=()):
    """Read files with one changed byte, and truncated files, in another process."""
    folder.mkdir()
    for number, position in enumerate(positions):
        damaged = bytearray(content)
        damaged[position] = rng.choice([0, 1, 127, 128, 255, rng.randrange(256)])
        (folder / f"changed{number}.mat").write_bytes(damaged)
    for cut in cuts:
        (folder / f"cut{cut}.mat").write_bytes(content[:cut])
    command = [sys.executable, "-c", READ_ALL, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout == "done\n", run.stderr[-2000:]


@pytest.mark.parametrize("compressed", [False, True])
def test_changed_bytes_and_truncation_never_crash(tmp_path, compressed):
    savemat(tmp_path / "a.mat", VARIABLES, do_compression=compressed)
    content = (tmp_path / "a.mat").read_bytes()
    positions = list(range(100, len(content))) * 2
    cuts = range(0, len(content), 7)
    read_damaged(tmp_path / "damaged", content, positions, random.Random(0), cuts)


@pytest.mark.data
@pytest.mark.slow
def test_damaged_published_files_never_crash(real_data, tmp_path):
    with zipfile.ZipFile(real_data / "cwru_benchmark.zip") as archive:
        bearing = archive.read("cwru/3001.mat")
    rng = random.Random(0)
    positions = [*range(100, 200), *(rng.randrange(len(bearing)) for _ in range(20))]
    read_damaged(tmp_path / "cwru", bearing, positions, rng, [100, 150, 5000])
    battery = (real_data / "B0025.mat").read_bytes()
    positions = [*range(120, 160), *(rng.randrange(len(battery)) for _ in range(20))]
    read_damaged(tmp_path / "nasa", battery, positions, rng, [100, 150, 5000])


@pytest.mark.data
def test_published_files_are_read_as_by_scipy(real_data, tmp_path):
    assert_read_as_scipy_does(real_data / "B0025.mat")
    with zipfile.ZipFile(real_data / "cwru_benchmark.zip") as archive:
        assert_read_as_scipy_does(Path(archive.extract("cwru/118.mat", tmp_path)))

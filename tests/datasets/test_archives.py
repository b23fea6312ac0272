"""Archives are unpacked into their folder only, and damaged or unsafe ones are refused."""

import errno
import io
import stat
import zipfile

import pytest

from ganbats_sampler.datasets.archives import unpack_zip
from ganbats_sampler.datasets.download import DownloadError


def zipped(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unpack(tmp_path, content, max_bytes=10_000):
    archive = tmp_path / "archive.zip"
    archive.write_bytes(content)
    return unpack_zip(archive, tmp_path / "out", endings=(".mat",), max_bytes=max_bytes)


def files_in(tmp_path):
    return {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}


def test_nested_zips_are_unpacked_one_level_deep(tmp_path):
    inner = zipped({"B.mat": b"b", "README.txt": b"no", "deeper.zip": zipped({"C.mat": b"c"})})
    paths = unpack(tmp_path, zipped({"A.MAT": b"a", "sets/1. Aging.zip": inner}))
    assert [path.read_bytes() for path in paths] == [b"a", b"b"]
    expected = {"out/A.MAT", "out/sets/1. Aging/B.mat"}
    assert files_in(tmp_path) - {"archive.zip"} == expected


@pytest.mark.parametrize("name", ["../evil.mat", "a/../../evil.mat", "/evil.mat", "C:\\evil.mat"])
def test_names_outside_the_folder_are_refused(tmp_path, name):
    with pytest.raises(DownloadError, match="leads out of the folder"):
        unpack(tmp_path, zipped({name: b"evil"}))
    assert files_in(tmp_path) == {"archive.zip"}


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo("link.mat")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DownloadError, match="'link.mat' is a link"):
        unpack(tmp_path, zipped({link: b"/etc/passwd"}))


def test_an_existing_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DownloadError, match="would be written outside"):
        unpack(tmp_path, zipped({"a/b.mat": b"evil"}))
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("nested", [False, True])
def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path, nested):
    content = zipped({"big.mat": b"\0" * 20_000})
    with pytest.raises(DownloadError, match="'big.mat' .*more than is allowed"):
        unpack(tmp_path, zipped({"in.zip": content}) if nested else content)
    assert not list(tmp_path.rglob("big.mat*"))


METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflated": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_compression_method(tmp_path, method):
    content = zipped({"A.mat": bytes(range(256)) * 4}, method)
    assert unpack(tmp_path, content)[0].read_bytes() == bytes(range(256)) * 4
    for position in range(0, len(content), 3):
        damaged = bytearray(content)
        damaged[position] ^= 0x55
        try:
            unpack(tmp_path, damaged)
        except DownloadError as error:
            assert "archive.zip" in str(error)


def test_a_link_in_place_of_a_part_file_is_not_followed(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "out" / "A.mat.part").symlink_to(tmp_path / "precious")
    assert unpack(tmp_path, zipped({"A.mat": b"a"}))[0].read_bytes() == b"a"
    assert (tmp_path / "precious").read_bytes() == b"precious"


@pytest.mark.parametrize("cut", [1, 10, 60, 100])
def test_a_truncated_zip_is_not_mistaken_for_its_inner_zip(tmp_path, cut):
    inner = zipped({"A.mat": b"a"})
    content = zipped({"1.zip": inner, "2.zip": inner}, zipfile.ZIP_STORED)
    with pytest.raises(DownloadError, match=r"archive\.zip cannot be unpacked"):
        unpack(tmp_path, content[:-cut])


def test_a_full_disk_is_not_reported_as_a_damaged_archive(tmp_path, monkeypatch):
    def refuse(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", refuse)
    with pytest.raises(OSError, match="No space left") as raised:
        unpack(tmp_path, zipped({"A.mat": b"a"}))
    assert not isinstance(raised.value, DownloadError)


@pytest.mark.parametrize("damage", ["cut", "page", "bit"])
def test_a_damaged_archive_is_named(tmp_path, damage):
    content = zipped({"A.mat": bytes(range(256)) * 4})
    content = {
        "cut": content[:-30],
        "page": b"<html>please log in</html>",
        "bit": content[:60] + bytes([content[60] ^ 1]) + content[61:],
    }[damage]
    with pytest.raises(DownloadError, match=r"archive\.zip cannot be unpacked"):
        unpack(tmp_path, content)
    assert not list(tmp_path.rglob("A.mat"))

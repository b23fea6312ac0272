"""Unpacking: what is wanted comes out, and nothing gets where it should not."""

import io
import stat
import zipfile

import pytest

from ganbats_sampler.datasets.archives import unpack_zip
from ganbats_sampler.datasets.download import DownloadError


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unpack(tmp_path, content, max_bytes=10_000):
    archive = tmp_path / "archive.zip"
    archive.write_bytes(content)
    return unpack_zip(archive, tmp_path / "out", endings=(".mat",), max_bytes=max_bytes)


def files_in(tmp_path):
    return {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}


def test_a_zip_of_zips(tmp_path):
    inner = zipped({"B.mat": b"b", "README.txt": b"no", "deeper.zip": zipped({"C.mat": b"c"})})
    paths = unpack(tmp_path, zipped({"A.MAT": b"a", "sets/1. Aging.zip": inner}))
    assert [path.read_bytes() for path in paths] == [b"a", b"b"]
    expected = {"out/A.MAT", "out/sets/1. Aging/B.mat"}
    assert files_in(tmp_path) - {"archive.zip"} == expected


@pytest.mark.parametrize("name", ["../evil.mat", "a/../../evil.mat", "/evil.mat", "C:\\evil.mat"])
def test_names_that_lead_out_are_refused(tmp_path, name):
    with pytest.raises(DownloadError, match="leads out of the folder"):
        unpack(tmp_path, zipped({name: b"evil"}))
    assert files_in(tmp_path) == {"archive.zip"}


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo("link.mat")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DownloadError, match="'link.mat' is a link"):
        unpack(tmp_path, zipped({link: b"/etc/passwd"}))


def test_a_link_that_is_there_already_is_not_followed(tmp_path):
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

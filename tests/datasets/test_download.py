"""Downloads, from a server on this machine."""

import errno
import hashlib
import os

import pytest

from ganbats_sampler.datasets import fetch_mitbih
from ganbats_sampler.datasets.download import (
    DownloadError,
    data_folder,
    download,
    download_recorded,
    read_checksums,
)
from tests.datasets.conftest import CONTENT
from tests.datasets.test_mitbih import write_record


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_downloaded_once(server, tmp_path):
    path = tmp_path / "new" / "file"
    for _ in range(2):
        download(server.url + "file", path, sha256(CONTENT))
    assert path.read_bytes() == CONTENT
    assert len(server.requests) == 1


@pytest.mark.parametrize("resumes", [True, False])
def test_an_interrupted_download_continues(server, tmp_path, resumes):
    path = tmp_path / "file"
    (tmp_path / "file.part").write_bytes(CONTENT[:1000])
    server.resumes = resumes
    download(server.url + "file", path, sha256(CONTENT))
    assert path.read_bytes() == CONTENT
    assert server.requests == [("/file", "bytes=1000-")]
    assert not (tmp_path / "file.part").exists()


def test_a_broken_connection_keeps_the_part_that_arrived(server, tmp_path):
    path = tmp_path / "file"
    server.cut_after = 100_000
    with pytest.raises(DownloadError, match="call again to continue"):
        download(server.url + "file", path, sha256(CONTENT))
    assert not path.exists()
    server.cut_after = None
    download(server.url + "file", path, sha256(CONTENT))
    assert path.read_bytes() == CONTENT
    assert server.requests[1] == ("/file", "bytes=100000-")


def test_a_full_disk_is_not_taken_for_a_lack_of_network(server, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ganbats_sampler.datasets.download._copy", fail)
    with pytest.raises(DownloadError, match="No space left.*Free some space.*call again"):
        download(server.url + "file", tmp_path / "file", sha256(CONTENT))


def test_a_complete_part_file_is_used(server, tmp_path):
    (tmp_path / "file.part").write_bytes(CONTENT)
    download(server.url + "file", tmp_path / "file", sha256(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize("link", [os.symlink, os.link])
@pytest.mark.parametrize("server_resumes", [True, False])
def test_a_link_in_place_of_a_part_file_is_not_followed(server, tmp_path, link, server_resumes):
    server.resumes = server_resumes
    precious = tmp_path / "precious"
    precious.write_bytes(CONTENT[:1000])
    link(precious, tmp_path / "file.part")
    download(server.url + "file", tmp_path / "file", sha256(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert precious.read_bytes() == CONTENT[:1000]
    assert not (tmp_path / "file").is_symlink()


def test_a_broken_link_in_place_of_a_part_file_is_not_followed(server, tmp_path):
    (tmp_path / "file.part").symlink_to(tmp_path / "elsewhere")
    download(server.url + "file", tmp_path / "file", sha256(CONTENT))
    assert not (tmp_path / "elsewhere").exists()


def test_links_in_place_of_checksum_files_are_not_followed(server, tmp_path):
    (tmp_path / "new").mkdir()
    precious = tmp_path / "precious"
    precious.write_text("text")
    for name in ("SHA256SUMS.txt", "SHA256SUMS.txt.part"):
        (tmp_path / "new" / name).symlink_to(precious)
    download_recorded(server.url, tmp_path / "new", ["file"], "files")
    assert precious.read_text() == "text"
    assert read_checksums(tmp_path / "new" / "SHA256SUMS.txt") == {"file": sha256(CONTENT)}


def test_a_file_with_another_checksum_is_refused(server, tmp_path):
    with pytest.raises(DownloadError, match="SHA-256"):
        download(server.url + "file", tmp_path / "file", sha256(b"other"))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_replaced(server, tmp_path):
    (tmp_path / "file").write_bytes(b"damaged")
    download(server.url + "file", tmp_path / "file", sha256(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_file_that_the_server_lacks(server, tmp_path):
    with pytest.raises(DownloadError, match="404"):
        download(server.url + "nothing", tmp_path / "file")


def test_no_connection(tmp_path):
    with pytest.raises(DownloadError, match="Are you offline"):
        download("http://127.0.0.1:9/file", tmp_path / "file")


def test_the_data_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("GANBATS_SAMPLER_DATA", raising=False)
    assert data_folder(None, "mitdb") == tmp_path / "cache" / "ganbats-sampler" / "mitdb"
    monkeypatch.setenv("GANBATS_SAMPLER_DATA", str(tmp_path / "data"))
    assert data_folder(None, "mitdb") == tmp_path / "data" / "mitdb"
    assert data_folder(tmp_path / "own", "mitdb") == tmp_path / "own" / "mitdb"


class TestFetchMITBIH:
    @pytest.fixture
    def published(self, server, tmp_path):
        folder = tmp_path / "published"
        folder.mkdir()
        for record in (101, 106):
            write_record(folder, record)
        server.files = {f"/{path.name}": path.read_bytes() for path in folder.iterdir()}
        lines = [f"{sha256(content)} {name[1:]}" for name, content in server.files.items()]
        server.files["/SHA256SUMS.txt"] = "\n".join(lines).encode()
        return server

    def fetch(self, server, tmp_path, **options):
        return fetch_mitbih(data_home=tmp_path / "home", base_url=server.url, **options)

    def test_it_downloads_once(self, published, tmp_path):
        for _ in range(2):
            beats = self.fetch(published, tmp_path, records=[101], window=64)
        assert beats.data.shape == (3, 1, 64)
        names = [name for name, _ in published.requests]
        assert names == ["/SHA256SUMS.txt", "/101.dat", "/101.hea", "/101.atr"]

    def test_only_missing_records_are_downloaded(self, published, tmp_path):
        self.fetch(published, tmp_path, records=[101])
        published.requests.clear()
        beats = self.fetch(published, tmp_path, records=[101, 106])
        assert set(beats.groups) == {101, 106}
        assert {name for name, _ in published.requests} == {"/106.dat", "/106.hea", "/106.atr"}

    def test_an_unknown_or_unpublished_record(self, published, tmp_path):
        with pytest.raises(ValueError, match=r"records=\[999\] was given; choose from \['DS1'"):
            self.fetch(published, tmp_path, records=[999])
        with pytest.raises(DownloadError, match=r"does not list \['100.dat'"):
            self.fetch(published, tmp_path, records=[100])

    def test_a_login_page_instead_of_the_checksums_is_not_kept(self, published, tmp_path):
        sums = published.files["/SHA256SUMS.txt"]
        published.files["/SHA256SUMS.txt"] = b"<html>please log in</html>"
        with pytest.raises(DownloadError, match="answers in its place"):
            self.fetch(published, tmp_path, records=[101])
        published.files["/SHA256SUMS.txt"] = sums
        assert len(self.fetch(published, tmp_path, records=[101]).target)

    def test_a_damaged_checksum_file_is_downloaded_again(self, published, tmp_path):
        self.fetch(published, tmp_path, records=[101])
        record = tmp_path / "home" / "mitdb" / "SHA256SUMS.txt"
        record.write_text(record.read_text().replace(sha256(published.files["/101.dat"]), "0" * 64))
        assert len(self.fetch(published, tmp_path, records=[101]).target)
        assert record.read_bytes() == published.files["/SHA256SUMS.txt"]

    def test_other_formats_of_the_checksum_file(self, published, tmp_path):
        lines = published.files["/SHA256SUMS.txt"].decode().splitlines()
        forms = ["", *(line.replace(" ", " *./") + " " for line in lines), "and a remark"]
        published.files["/SHA256SUMS.txt"] = "\r\n".join(forms).encode()
        assert len(self.fetch(published, tmp_path, records=[101]).target)

    def test_a_base_url_without_a_final_slash(self, published, tmp_path):
        published.url = published.url.rstrip("/")
        assert len(self.fetch(published, tmp_path, records=[101]).target)

    def test_a_file_that_does_not_match_its_checksum(self, published, tmp_path):
        published.files["/101.dat"] = b"not the record"
        with pytest.raises(DownloadError, match=r"101\.dat.*SHA-256"):
            self.fetch(published, tmp_path, records=[101])

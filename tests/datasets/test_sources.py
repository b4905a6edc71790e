"""Finding and downloading files, from a server on this machine."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aecore.datasets.mnist import Mnist
from aecore.datasets.sources import RemoteFile, cache, download, find
from aecore.errors import Cancelled, LabError
from tests.datasets.idx_maker import write_set

CONTENT = bytes(range(256)) * 2000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.path == "/broken" else content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.files = {"/good": CONTENT, "/broken": CONTENT, "/other": CONTENT[::-1]}
        running.url = f"http://127.0.0.1:{running.server_address[1]}"
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def remote(url, content=CONTENT):
    return RemoteFile(url, hashlib.sha256(content).hexdigest(), len(content))


def left(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_downloads_a_file_and_tells_how_far_it_is(server, capfd):
    shares = []
    download([remote(f"{server.url}/good")], "set", shares.append)
    assert (cache() / "set" / "good").read_bytes() == CONTENT
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1 and len(shares) > 4
    assert find("set/good") == cache() / "set" / "good"
    assert capfd.readouterr() == ("", "")


def test_does_not_download_again_what_is_there(server):
    download([remote(f"{server.url}/good")], "set", lambda share: None)
    server.files.clear()
    download([remote(f"{server.url}/good")], "set", lambda share: None)


def test_several_files_share_one_progress(server):
    shares = []
    files = [remote(f"{server.url}/good"), remote(f"{server.url}/other", CONTENT[::-1])]
    download(files, "set", shares.append)
    assert shares == sorted(shares) and 0.5 in shares and left(cache()) == ["good", "other"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("other", "not the file that was expected"),
        ("broken", "the connection broke off"),
        ("missing", "the server answered 404"),
    ],
)
def test_a_failed_download_says_why_and_leaves_nothing(server, home, path, sentence):
    with pytest.raises(LabError, match=sentence):
        download([remote(f"{server.url}/{path}")], "set", lambda share: None)
    assert left(home) == []


def test_a_cancelled_download_leaves_nothing(server, home):
    def stop(share):
        if share > 0.3:
            raise Cancelled("Nobody waits for it.")

    with pytest.raises(Cancelled):
        download([remote(f"{server.url}/good")], "set", stop)
    assert left(home) == []


def test_a_refused_connection_gives_a_sentence(server, home):
    server.shutdown()
    server.server_close()
    with pytest.raises(LabError, match=r"no connection.*Check the network.*put the file into"):
        download([remote(f"{server.url}/good")], "set", lambda share: None)
    assert left(home) == []


def test_a_disk_that_refuses_gives_a_sentence(server, home):
    home.mkdir()
    (home / "data").write_text("in the way")
    with pytest.raises(LabError, match="could not be written"):
        download([remote(f"{server.url}/good")], "set", lambda share: None)


def test_a_downloaded_set_is_used_before_the_sample(server, tmp_path, monkeypatch):
    write_set(tmp_path / "mirror", 40, 20)
    contents = {path.name: path.read_bytes() for path in (tmp_path / "mirror").iterdir()}
    server.files = {f"/{name}": content for name, content in contents.items()}
    files = tuple(remote(f"{server.url}/{name}", content) for name, content in contents.items())
    monkeypatch.setattr(Mnist, "files", files)
    monkeypatch.setattr(Mnist, "sizes", (40, 20))
    assert Mnist().resolve().source == "sample"
    Mnist().fetch(lambda share: None)
    assert Mnist().resolve().to_json() == {"source": "full", "train": 40, "test": 20}


def test_finds_in_the_cache_first_then_in_the_data_folder(home, tmp_path, monkeypatch):
    local, other = tmp_path / "local", tmp_path / "other"
    monkeypatch.setenv("AECORE_DATA", str(local))
    (local / "set").mkdir(parents=True)
    for folder in (other, local / "set", home / "data" / "set"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "file").write_text("x")
        assert find("set/file", other) == folder / "file"


def test_an_empty_file_does_not_count(home):
    (home / "data").mkdir(parents=True)
    (home / "data" / "file").touch()
    assert find("file") is None

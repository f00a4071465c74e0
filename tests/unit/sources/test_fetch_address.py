"""A file at an address, from a server that is slow, busy, broken, elsewhere or lies: all of it comes, or nothing."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse, Refusal, Told
from schemas.origin import Origin
from sources.kit.fetching import address, server
from sources.kit.fetching.declared import Http, Periods
from sources.kit.fetching.fetched import Fetched, Nothing
from tests.servers import web as servers
from tests.servers.web import Handler, Web

BODY = b"day,n\n2024-01-05,3\n"
SECRETS = {"portal": "QZ-TOKEN", "path": "QZ/PATH"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PAUSE", 0.01)


class Fetcher:
    """Fetches from a server into a folder."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder = folder
        self.web = web

    def __call__(
        self, path: str, known: Origin | None = None, period: str | None = None, **declared: Any
    ) -> Fetched | Nothing:
        http = Http(address=self.web.address + path, **{"timeout": 5, "attempts": 3, **declared})
        return address.fetch("probe", http, period, SECRETS.__getitem__, known, self.folder)

    def file(self, path: str, known: Origin | None = None, **declared: Any) -> Fetched:
        found = self(path, known, **declared)
        assert isinstance(found, Fetched)
        assert [p.name for p in self.folder.iterdir()] == [found.path.name], "nothing else is left"
        return found

    def fails(self, path: str, **declared: Any) -> Told:
        """What is told of a fetch that fails; no file under its name is left."""
        with pytest.raises(Told) as told:
            self(path, **declared)
        assert [p.name for p in self.folder.iterdir() if not p.name.startswith(".")] == []
        assert self.web.address in told.value.where
        assert told.value.how
        return told.value


@pytest.fixture
def fetch(tmp_path: Path, web: Web) -> Fetcher:
    (tmp_path / "fetched").mkdir()
    return Fetcher(tmp_path / "fetched", web)


@pytest.fixture
def elsewhere() -> Iterator[Web]:
    """A server that has another name."""
    with servers.serving("localhost") as server:
        yield server


def test_a_file_comes_with_its_name_and_is_readable_by_its_owner_alone(fetch: Fetcher) -> None:
    fetch.web.answers["/data/robos%202024.csv"] = lambda h, _: h.send(BODY, ETag='"a"')
    found = fetch.file("/data/robos%202024.csv?sheet=1")
    assert found.path.name == "robos 2024.csv"
    assert found.path.read_bytes() == BODY
    assert found.path.stat().st_mode & 0o077 == 0
    assert found.origin.place == f"{fetch.web.address}/data/robos%202024.csv?sheet=1"
    assert found.origin.etag == '"a"'


def test_an_unchanged_file_is_not_sent_again(fetch: Fetcher) -> None:
    changed = "Tue, 02 Jan 2024 10:00:00 GMT"

    def answer(handler: Handler, _: int) -> None:
        if handler.headers["If-None-Match"] == '"a"' and handler.headers["If-Modified-Since"] == changed:
            handler.send_response(304)
            handler.end_headers()
        else:
            handler.send(BODY, ETag='"a"', Last_Modified=changed)

    fetch.web.answers["/x.csv"] = answer
    first = fetch.file("/x.csv")
    assert fetch("/x.csv", first.origin) is Nothing.new
    assert isinstance(fetch("/x.csv"), Fetched)
    other = fetch("/x.csv", first.origin, headers={"Accept-Language": "es"})
    assert isinstance(other, Fetched), "another question is no repetition"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (None, "export"),
        ("robos_{year}-{month}.csv", "robos_2024-03.csv"),
        ("robos_{year}__ed{modified}.csv", "robos_2024__ed2024-01-02.csv"),
    ],
)
def test_a_name_may_be_declared(name: str | None, wanted: str, fetch: Fetcher) -> None:
    changed = "Tue, 02 Jan 2024 10:00:00 GMT"
    fetch.web.answers["/export"] = lambda h, _: h.send(BODY, Last_Modified=changed)
    periods = {"from": "2024-03"}
    found = fetch("/export?y={year}&m={month}", period="2024-03", name=name, periods=periods)
    assert isinstance(found, Fetched)
    assert found.path.name == wanted
    assert fetch.web.asked[0].path == "/export?y=2024&m=03"
    assert found.origin.place.endswith("/export?y=2024&m=03")


def test_a_date_that_the_server_does_not_say_is_not_made_up(fetch: Fetcher) -> None:
    fetch.web.answers["/x"] = lambda h, _: h.send(BODY)
    assert fetch.fails("/x", name="{modified}.csv").code == "no_edition"


def test_a_busy_server_is_asked_again(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, n: h.send(b"busy", status=500) if n < 3 else h.send(BODY)
    assert fetch.file("/x.csv").path.read_bytes() == BODY
    assert fetch.web.times("/x.csv") == 3


def test_a_server_that_stays_broken_is_given_up(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"QZ secret error page", status=503)
    told = fetch.fails("/x.csv")
    assert isinstance(told, Misuse)
    assert "busy or broken (status 503)" in told.text()
    assert fetch.web.times("/x.csv") == 3


def test_the_servers_wish_to_wait_is_honoured(fetch: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    fetch.web.answers["/x.csv"] = lambda h, n: (
        h.send(b"", status=429, Retry_After="7") if n == 1 else h.send(BODY)
    )
    assert fetch.file("/x.csv").path.read_bytes() == BODY
    assert 7 in slept
    (fetch.folder / "x.csv").unlink()
    fetch.web.answers["/y.csv"] = lambda h, _: h.send(b"", status=429, Retry_After="1800")
    assert "it asks to come back in 1,800 seconds" in fetch.fails("/y.csv").text()
    assert fetch.web.times("/y.csv") == 1, "nor is it asked before"


@pytest.mark.parametrize("kind", ["closed", "short"])
def test_a_body_that_breaks_off_is_asked_for_anew(kind: str, fetch: Fetcher) -> None:
    lie = len(BODY) + 5

    def answer(handler: Handler, n: int) -> None:
        if n < 3:
            handler.send(BODY[:9], length=lie if kind == "short" else len(BODY))
        else:
            handler.send(BODY)

    fetch.web.answers["/x.csv"] = answer
    assert fetch.file("/x.csv").path.read_bytes() == BODY
    fetch.web.answers["/y.csv"] = lambda h, _: h.send(BODY, length=lie)
    (fetch.folder / "x.csv").unlink()
    told = fetch.fails("/y.csv")
    assert "breaks off again and again" in told.text()
    assert fetch.web.times("/y.csv") == 3


def test_a_chunked_body_that_breaks_off_is_noticed(fetch: Fetcher) -> None:
    def answer(handler: Handler, n: int) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(BODY), BODY))
        if n == 2:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    fetch.web.answers["/x.csv"] = answer
    assert fetch.file("/x.csv").path.read_bytes() == BODY
    assert fetch.web.times("/x.csv") == 2


def test_a_server_that_says_nothing_is_not_waited_for(fetch: Fetcher) -> None:
    waiting = threading.Event()

    def answer(_: Handler, __: int) -> None:
        waiting.wait(20)

    fetch.web.answers["/x.csv"] = answer
    told = fetch.fails("/x.csv", timeout=0.2, attempts=2)
    waiting.set()
    assert isinstance(told, Misuse)
    assert "it does not answer in time" in told.text()
    assert fetch.web.times("/x.csv") == 2


def test_a_server_that_drips_is_given_up_in_time(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.drip(b"x" * 1000, 0.05)
    assert "takes longer than 0.5 seconds" in fetch.fails("/x.csv", within=0.5).text()


def test_a_body_without_end_is_cut_off(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.endless(b"x" * 100_000)
    told = fetch.fails("/x.csv", largest_mb=1)
    assert isinstance(told, Refusal)
    assert "larger than 1 MB" in told.text()


def test_a_file_that_says_that_it_is_too_large_is_not_read(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"x", length=2_000_001)
    assert fetch.fails("/x.csv", largest_mb=2).code == "too_large"
    assert fetch.web.times("/x.csv") == 1


def test_a_packed_body_is_unpacked_within_its_limit(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(gzip.compress(BODY), Content_Encoding="gzip")
    assert fetch.file("/x.csv").path.read_bytes() == BODY
    bomb = gzip.compress(b"0" * 5_000_000)
    fetch.web.answers["/bomb.csv"] = lambda h, _: h.send(bomb, Content_Encoding="gzip")
    (fetch.folder / "x.csv").unlink()
    assert fetch.fails("/bomb.csv", largest_mb=1).code == "too_large"


@pytest.mark.parametrize("kept", [0, 9, 20_000, -1])
def test_a_packed_body_without_its_end_is_asked_for_again_and_refused(kept: int, fetch: Fetcher) -> None:
    body = b"".join(b"2024-01-05,%d\n" % n for n in range(20_000))
    packed = gzip.compress(body)

    def answer(handler: Handler, n: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(packed if n == 3 else packed[:kept])
        handler.close_connection = True

    fetch.web.answers["/x.csv"] = answer
    assert fetch.file("/x.csv").path.read_bytes() == body
    (fetch.folder / "x.csv").unlink()
    assert fetch.web.times("/x.csv") == 3
    fetch.web.answers["/y.csv"] = lambda handler, _: answer(handler, 1)
    assert "breaks off again and again" in fetch.fails("/y.csv").text()
    assert fetch.web.times("/y.csv") == 3


def test_a_body_packed_in_several_parts_is_whole(fetch: Fetcher) -> None:
    parts = gzip.compress(BODY) + gzip.compress(BODY) + b"\0" * 512
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(parts, Content_Encoding="gzip")
    assert fetch.file("/x.csv").path.read_bytes() == BODY * 2


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
def test_a_body_packed_otherwise_is_not_taken_for_the_file(encoding: str, fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(BODY, Content_Encoding=encoding)
    assert fetch.fails("/x.csv").code == "encoding"


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf"])
def test_an_empty_body_is_told_with_its_address(body: bytes, fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(body)
    told = fetch.fails("/x.csv")
    assert (told.code, told.where) == ("empty_file", f"{fetch.web.address}/x.csv")
    assert "the file is empty" in told.what


def test_an_error_page_is_no_file(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"<html>sign in", "text/html; charset=utf-8")
    told = fetch.fails("/x.csv")
    assert isinstance(told, Refusal)
    assert "a web page (text/html) in place of the file" in told.text()


def test_a_declared_content_type_is_required(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(BODY, "application/Octet-Stream")
    told = fetch.fails("/x.csv", content_type=["text/csv"])
    assert "something else (application/octet-stream)" in told.text()
    assert "add application/octet-stream to content_type" in told.how
    found = fetch.file("/x.csv", content_type=["text/csv", "application/octet-stream"])
    assert found.path.read_bytes() == BODY


@pytest.mark.parametrize(
    ("status", "says"), [(404, "nothing at the address"), (401, "does not let us in"), (418, "status 418")]
)
def test_what_a_server_refuses_is_told(status: int, says: str, fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"QZ", status=status)
    told = fetch.fails("/x.csv")
    assert isinstance(told, Misuse)
    assert says in told.text()
    assert "QZ" not in told.text()


def test_a_period_that_is_not_there_yet_is_no_fault(fetch: Fetcher) -> None:
    found = fetch("/{year}.csv", period="2024", periods={"from": 2023})
    assert found is Nothing.there


def test_a_server_that_is_not_there_is_told(fetch: Fetcher) -> None:
    for host, says in (
        ("127.0.0.1:1", "nothing answers there"),
        ("nowhere.invalid", "its name is not known"),
    ):
        with pytest.raises(Misuse) as told:
            http = Http(address=f"http://{host}/x", attempts=2)
            address.fetch("probe", http, None, SECRETS.__getitem__, None, fetch.folder)
        assert says in told.value.text()


def test_a_redirect_on_the_same_host_is_followed(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"", status=302, Location="/y.csv?z=1")
    fetch.web.answers["/y.csv"] = lambda h, _: h.send(BODY)
    found = fetch.file("/x.csv")
    assert (found.path.name, found.path.read_bytes()) == ("x.csv", BODY)


def test_a_redirect_to_another_host_must_be_declared(fetch: Fetcher, elsewhere: Web) -> None:
    elsewhere.answers["/y.csv"] = lambda h, _: h.send(BODY)
    there = f"{elsewhere.address}/y.csv?token=QZ"
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"", status=301, Location=there)
    with_secret: dict[str, Any] = {"secret_headers": {"Authorization": "portal"}}
    told = fetch.fails("/x.csv", **with_secret)
    assert "to another host, localhost" in told.text()
    assert "redirects: [localhost]" in told.how
    assert "QZ" not in told.text()
    assert elsewhere.asked == []
    found = fetch.file("/x.csv", redirects=["localhost"], **with_secret)
    assert found.path.read_bytes() == BODY
    assert "Authorization" not in elsewhere.asked[0].headers, "a secret goes to no other host"
    assert fetch.web.asked[0].headers["Authorization"] == "QZ-TOKEN"


def test_redirects_in_a_circle_end(fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"", status=302, Location="/y.csv")
    fetch.web.answers["/y.csv"] = lambda h, _: h.send(b"", status=307, Location="/x.csv")
    assert "from one address to the next" in fetch.fails("/x.csv").text()


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "", "http://127.0.0.1:port/x", "http://[x"]
)
def test_a_redirect_to_no_address_is_not_followed(location: str, fetch: Fetcher) -> None:
    fetch.web.answers["/x.csv"] = lambda h, _: h.send(b"", status=302, Location=location)
    assert fetch.fails("/x.csv").code in ("redirect", "unreachable")


def test_secrets_are_sent_and_never_told(
    fetch: Fetcher, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    fetch.web.answers["/QZ%2FPATH/x.csv"] = lambda h, n: (
        h.send(b"", status=500) if n < 2 else h.send(BODY[:3], length=9) if n < 3 else h.send(BODY)
    )
    path = "/{secret:path}/x.csv?key={secret:portal}"
    found = fetch.file(path, secret_headers={"X-Api-Key": "portal"})
    assert fetch.web.asked[-1].headers["X-Api-Key"] == "QZ-TOKEN"
    assert fetch.web.asked[-1].path == "/QZ%2FPATH/x.csv?key=QZ-TOKEN"
    assert "QZ" not in f"{found.origin} {found.path.name}"
    told = fetch_fails_with_secrets(fetch, path)
    said = f"{told.text()} {caplog.text} {capfd.readouterr()}"
    assert "QZ" not in said
    assert "{secret:path}" in told.where


def fetch_fails_with_secrets(fetch: Fetcher, path: str) -> Told:
    fetch.web.answers.clear()
    for left in fetch.folder.iterdir():
        left.unlink()
    return fetch.fails(path, secret_headers={"X-Api-Key": "portal"})


def test_a_secret_that_cannot_be_sent_is_told_by_its_name(fetch: Fetcher) -> None:
    http = Http(address=fetch.web.address, secret_headers={"X-Key": "portal"})
    with pytest.raises(Misuse, match="the secret portal cannot be sent") as told:
        address.fetch("probe", http, None, lambda _: "QZ\nX-Evil: 1", None, fetch.folder)
    assert "QZ" not in told.value.text()


DAY = dt.date(2024, 3, 15)


@pytest.mark.parametrize(
    ("declared", "loaded", "wanted"),
    [
        ({"from": "2023-11"}, [], ["2023-11", "2023-12", "2024-01", "2024-02"]),
        ({"from": "2023-11", "recheck": 1}, ["2023-11", "2024-01", "2024-02"], ["2023-12", "2024-02"]),
        ({"from": "2023-11", "recheck": 0}, ["2023-11", "2023-12", "2024-01", "2024-02"], []),
        ({"from": "2023-11", "until": "2023-12"}, [], ["2023-11", "2023-12"]),
        ({"from": 2021, "recheck": 1}, ["2021", "2022", "2023"], ["2023"]),
        ({"from": "2024-03"}, [], []),
    ],
)
def test_periods_that_are_asked_for(declared: Any, loaded: list[str], wanted: list[str]) -> None:
    assert address.wanted(Periods.model_validate(declared), loaded, DAY) == wanted

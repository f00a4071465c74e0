"""Paged JSON as one file: however pages are found, all records come, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from schemas.errors import Refusal, Told
from sources.kit.fetching import address, server
from sources.kit.fetching.declared import Http
from sources.kit.fetching.fetched import Fetched
from tests.servers import web as servers
from tests.servers.web import Handler, Web

RECORDS = [{"id": n, "código": f"00{n}", "tasa": 1.5} for n in range(7)]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PAUSE", 0.01)


def asked(handler: Handler, name: str, default: str = "") -> str:
    return parse_qs(urlsplit(handler.path).query).get(name, [default])[0]


def send(handler: Handler, document: Any) -> None:
    handler.send(json.dumps(document, ensure_ascii=False).encode(), "application/json")


def fetch(folder: Path, web: Web, path: str, pages: dict[str, Any], **declared: Any) -> Fetched:
    said = {"address": web.address + path, "pages": pages, "attempts": 2, "timeout": 5, **declared}
    http = Http.model_validate(said)
    found = address.fetch("probe", http, None, lambda name: f"QZ-{name}", None, folder)
    assert isinstance(found, Fetched)
    return found


def fails(folder: Path, web: Web, path: str, pages: dict[str, Any], **declared: Any) -> Told:
    with pytest.raises(Told) as told:
        fetch(folder, web, path, pages, **declared)
    assert [p.name for p in folder.iterdir() if not p.name.startswith(".")] == []
    assert "QZ" not in told.value.text()
    return told.value


def records(found: Fetched) -> list[Any]:
    return [json.loads(line) for line in found.path.read_text(encoding="utf-8").splitlines()]


def test_pages_by_link(tmp_path: Path, web: Web) -> None:
    def answer(handler: Handler, _: int) -> None:
        at = int(asked(handler, "at", "0"))
        following = (
            {"next": f"?at={at + 3}&key={asked(handler, 'key')}"} if at + 3 < len(RECORDS) else {"next": None}
        )
        send(handler, {"data": {"items": RECORDS[at : at + 3]}, "links": following})

    web.answers["/api/robos"] = answer
    found = fetch(
        tmp_path, web, "/api/robos?key={secret:api}", {"records": "data.items", "next": "links.next"}
    )
    assert found.path.name == "robos"
    assert records(found) == RECORDS
    assert web.times("/api/robos") == 3
    assert web.asked[-1].path.endswith("key=QZ-api")
    assert "código" in found.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("end", ["empty", "gone"])
def test_pages_by_number(end: str, tmp_path: Path, web: Web) -> None:
    def answer(handler: Handler, _: int) -> None:
        at = int(asked(handler, "offset"))
        if at >= len(RECORDS) and end == "gone":
            handler.send(b"{}", "application/json", status=404)
        else:
            send(handler, RECORDS[at : at + 3])

    web.answers["/"] = answer
    number = {"parameter": "offset", "first": 0, "step": 3}
    found = fetch(tmp_path, web, "/?limit=3", {"number": number})
    assert found.path.name == "probe.ndjson"
    assert records(found) == RECORDS
    assert [urlsplit(a.path).query for a in web.asked][:2] == ["limit=3&offset=0", "limit=3&offset=3"]


def test_pages_by_cursor(tmp_path: Path, web: Web) -> None:
    def answer(handler: Handler, _: int) -> None:
        at = int(asked(handler, "after", "0"))
        send(
            handler,
            {
                "rows": RECORDS[at : at + 4],
                "meta": {"cursor": at + 4 if at + 4 < len(RECORDS) else "", "n": len(RECORDS)},
            },
        )

    web.answers["/x"] = answer
    pages = {"records": "rows", "cursor": {"parameter": "after", "from": "meta.cursor"}, "total": "meta.n"}
    assert records(fetch(tmp_path, web, "/x", pages, name="rows.ndjson")) == RECORDS


def test_the_same_pages_are_the_same_bytes(tmp_path: Path, web: Web) -> None:
    web.answers["/x"] = lambda h, n: send(h, RECORDS if asked(h, "p") == "1" else [])
    first = fetch(tmp_path, web, "/x", {"number": {"parameter": "p"}}).path.read_bytes()
    assert fetch(tmp_path, web, "/x", {"number": {"parameter": "p"}}).path.read_bytes() == first


def test_a_page_that_breaks_off_is_asked_for_anew(tmp_path: Path, web: Web) -> None:
    def answer(handler: Handler, n: int) -> None:
        if n == 2:
            handler.send(b'[{"id": 1', "application/json", length=500)
        else:
            send(handler, RECORDS[:2] if asked(handler, "p") == "1" else RECORDS[2:4] if n == 3 else [])

    web.answers["/x"] = answer
    assert records(fetch(tmp_path, web, "/x", {"number": {"parameter": "p"}})) == RECORDS[:4]


NUMBER = {"number": {"parameter": "p"}}


@pytest.mark.parametrize(
    ("third", "says"),
    [
        (b'[{"id": 3}, {"id"', "the page is no JSON"),
        (b'[{"id": NaN}]', "the page is no JSON"),
        (b"\xff\xfe", "the page is no JSON"),
        (b'{"error": "QZ"}', "the page is no list of records"),
        (b'[{"id": 3}, 4]', "record 2 is no object with keys"),
    ],
)
def test_a_broken_third_page_is_told_and_nothing_is_kept(
    third: bytes, says: str, tmp_path: Path, web: Web
) -> None:
    web.answers["/x"] = lambda h, n: h.send(
        third if n == 3 else b'[{"id": %d}]' % n if n < 5 else b"[]", "application/json"
    )
    told = fails(tmp_path, web, "/x", NUMBER)
    assert isinstance(told, Refusal)
    assert says in told.text()
    assert told.where.endswith("/x, page 3")


def test_a_web_page_in_place_of_a_page_is_told(tmp_path: Path, web: Web) -> None:
    web.answers["/x"] = lambda h, n: h.send(b"<html>", "text/html") if n == 2 else send(h, RECORDS)
    assert "a web page" in fails(tmp_path, web, "/x", NUMBER).text()


@pytest.mark.parametrize(
    "pages",
    [NUMBER, {"next": "next", "records": "r"}, {"cursor": {"parameter": "c", "from": "c"}, "records": "r"}],
)
def test_pages_in_a_circle_end(pages: dict[str, Any], tmp_path: Path, web: Web) -> None:
    """A server that does not know the parameter sends the first page for ever."""
    document = RECORDS if "number" in pages else {"r": RECORDS, "next": "/x?again=1", "c": "same"}
    web.answers["/x"] = lambda h, _: send(h, document)
    told = fails(tmp_path, web, "/x", pages)
    assert told.code == "page_loop"
    assert web.times("/x") < 5


def test_another_number_of_records_than_the_server_says_is_refused(tmp_path: Path, web: Web) -> None:
    web.answers["/x"] = lambda h, n: send(h, {"r": RECORDS if n == 1 else [], "n": "8"})
    told = fails(tmp_path, web, "/x", {**NUMBER, "records": "r", "total": "n"})
    assert "the server says that there are 8 records, and 7 came" in told.text()


def test_no_record_is_no_report_of_zero(tmp_path: Path, web: Web) -> None:
    web.answers["/x"] = lambda h, _: send(h, [])
    assert fails(tmp_path, web, "/x", NUMBER).code == "no_rows"


def test_pages_without_end_are_cut_off(tmp_path: Path, web: Web) -> None:
    web.answers["/x"] = lambda h, n: send(h, [{"id": n, "text": "x" * 300_000}])
    assert fails(tmp_path, web, "/x", NUMBER, largest_mb=1).code == "too_large"


def test_a_next_page_on_another_host_must_be_declared(tmp_path: Path, web: Web) -> None:
    web.answers["/x"] = lambda h, _: send(h, {"r": RECORDS, "next": "http://other.example/QZ"})
    told = fails(tmp_path, web, "/x", {"records": "r", "next": "next"})
    assert "to another host, other.example" in told.text()


def test_a_pass_goes_to_no_other_host(tmp_path: Path, web: Web) -> None:
    with servers.serving("localhost") as elsewhere:
        elsewhere.answers["/y"] = lambda h, _: send(h, {"r": RECORDS[3:], "next": None})
        web.answers["/x"] = lambda h, _: send(h, {"r": RECORDS[:3], "next": f"{elsewhere.address}/y"})
        pages = {"records": "r", "next": "next"}
        secret = {"secret_headers": {"Authorization": "api"}, "redirects": ["localhost"]}
        assert records(fetch(tmp_path, web, "/x", pages, **secret)) == RECORDS
    assert web.asked[0].headers["Authorization"] == "QZ-api"
    assert "Authorization" not in elsewhere.asked[0].headers


def test_a_first_page_that_is_not_there_is_told(tmp_path: Path, web: Web) -> None:
    assert fails(tmp_path, web, "/nothing", NUMBER).code == "no_address"

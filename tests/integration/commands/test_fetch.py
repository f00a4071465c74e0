"""Sources that are fetched, on the command line: what is new is taken in, and nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.commands import fetched, state
from tests.integration.commands.fetched import COURTS, MARK, PORTAL, Courts
from tests.integration.commands.home import Home
from tests.servers.web import Handler, Web
from tests.unit.sources import desk

BODY = b"day,n\n2024-01-05,3\n2024-02-06,4\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fetched.home(tmp_path)


@pytest.fixture
def courts(tmp_path: Path) -> Courts:
    return fetched.courts(tmp_path)


def sources(home: Home) -> Path:
    assert home.sources is not None
    return home.sources


def test_a_run_fetches_and_with_nothing_new_does_nothing(home: Home, courts: Courts) -> None:
    fetched.declare_courts(sources(home), watermark=MARK)
    done = home.run("run", extra=courts.environment)
    assert f"{COURTS}__all__to_2024-04-01-100059.parquet" in done.stdout
    assert fetched.events(home) == {"2024-01": 20, "2024-02": 20, "2024-03": 20}
    before = state.tables(home)
    again = home.run("run", extra=courts.environment)
    assert again.stdout == f"{COURTS}: nothing new (database courts)\n"
    assert again.stderr.count(": ") <= 2, "one step, and no complaint"
    assert state.tables(home) == before
    assert home.batches() == 1
    assert home.run("run", "--no-fetch").stdout == "(nothing)\n"
    assert (
        json.loads(home.run("run", "--json", extra=courts.environment).stdout)[0]["status"] == "nothing_new"
    )


def test_a_row_that_changes_in_place_replaces_its_slice_and_history_stays(home: Home, courts: Courts) -> None:
    fetched.declare_courts(sources(home), watermark=MARK)
    home.run("run", extra=courts.environment)
    courts.execute(
        "UPDATE incidents SET n = 5, changed = '2024-05-01 00:00:00' WHERE id = 1",
        "INSERT INTO incidents VALUES (60, '2024-06-01', 1, '2024-05-02 00:00:00')",
    )
    home.run("ingest", COURTS, extra=courts.environment)
    assert fetched.events(home) == {"2024-01": 20, "2024-02": 24, "2024-03": 20, "2024-06": 1}
    assert home.value("SELECT sum(count)::INT FROM core.incident_as_of(1)") == 60
    assert fetched.watermarks(home) == [
        (None, "2024-04-01 10:00:59", "loaded"),
        ("2024-04-01 10:00:59", "2024-05-02 00:00:00", "loaded"),
    ]
    assert home.value("SELECT rows_delivered FROM meta.delivery WHERE delivery_id = 2") == 41, (
        "a month each for what is changed, what is new, and the greatest value of before"
    )
    shown = home.run("delivery", "show", "2").stdout
    assert "database courts  2024-04-01 10:00:59  2024-05-02 00:00:00" in shown
    assert "absent" not in shown, "slices without a change are not missing"


def test_a_refused_delivery_does_not_move_the_watermark(home: Home, courts: Courts) -> None:
    fetched.declare_courts(sources(home), watermark=MARK)
    home.run("run", extra=courts.environment)
    courts.execute(
        "DELETE FROM incidents WHERE id % 3 = 0 AND id > 3",
        "UPDATE incidents SET changed = '2024-05-01' WHERE id = 0",
    )
    for _ in range(2):
        done = home.run("run", status=1, extra=courts.environment)
        assert "refused" in done.stderr
    assert fetched.watermarks(home)[1:] == [("2024-04-01 10:00:59", "2024-05-01", "refused")]
    assert fetched.events(home)["2024-01"] == 20
    home.run("ingest", COURTS, "--accept-drop", extra=courts.environment)
    assert fetched.events(home)["2024-01"] == 2
    assert "nothing new" in home.run("run", extra=courts.environment).stdout


def test_everything_may_be_asked_for_again(home: Home, courts: Courts) -> None:
    """What is deleted, or moves to another month, is seen by a whole fetch alone."""
    fetched.declare_courts(sources(home), watermark=MARK)
    home.run("run", extra=courts.environment)
    courts.execute("UPDATE incidents SET day = '2024-03-30' WHERE id = 0")
    assert "nothing new" in home.run("ingest", COURTS, extra=courts.environment).stdout
    home.run("ingest", COURTS, "--whole", extra=courts.environment)
    assert fetched.events(home) == {"2024-01": 19, "2024-02": 20, "2024-03": 21}
    assert "nothing new" in home.run("ingest", COURTS, "--whole", extra=courts.environment).stdout


def test_a_state_that_comes_back_is_taken_in_anew(home: Home, courts: Courts) -> None:
    """Without a watermark the file is the whole table: the same bytes after others are no repetition."""
    fetched.declare_courts(sources(home))
    for n in (1, 2, 1):
        courts.execute(f"UPDATE incidents SET n = {n} WHERE id = 0")
        home.run("run", extra=courts.environment)
        assert fetched.events(home)["2024-01"] == 19 + n
        assert "nothing new" in home.run("run", extra=courts.environment).stdout
    assert home.value("SELECT count(*) FROM meta.delivery") == 3
    assert home.value("SELECT count(*) FROM meta.repetition") == 0


def test_what_cannot_be_reached_is_one_message_and_stops_nobody_else(
    home: Home, courts: Courts, tmp_path: Path
) -> None:
    fetched.declare_courts(sources(home))
    fetched.declare_portal(sources(home), "http://127.0.0.1:1/x.csv")
    done = home.run("run", status=2, extra=courts.environment | {"NO_PROXY": "*"})
    assert done.stderr.count("siprev: ") == 1
    assert (
        "http://127.0.0.1:1/x.csv blocked: the address cannot be fetched: nothing answers there"
        in done.stderr
    )
    assert fetched.events(home) == {"2024-01": 20, "2024-02": 20, "2024-03": 20}
    own = tmp_path / "by hand.csv"
    own.write_bytes(BODY)
    home.put(PORTAL, own)
    home.run("run", status=2, extra={"NO_PROXY": "*"})
    assert fetched.events(home) == {"2024-01": 23, "2024-02": 24, "2024-03": 20}, "its inbox is taken in"


def test_a_secret_that_is_missing_is_told_with_its_cure(home: Home) -> None:
    fetched.declare_courts(sources(home))
    for command in (["run"], ["ingest", COURTS], ["source", "check", COURTS]):
        done = home.run(*command, status=2)
        assert "the secret courts is not kept anywhere" in done.stderr
        assert "environment variable SIPREV_SECRET_COURTS" in done.stderr
        assert "  mend:  set the variable, or write a line" in done.stderr


def test_a_source_that_is_not_fetched_needs_a_file(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    for command in (["ingest", "xaa_areas"], ["source", "check", "xaa_areas"]):
        done = home.run(*command, status=2)
        assert "no FILE is named" in done.stderr
    assert not home.path.exists()


def test_a_check_fetches_and_keeps_nothing(tmp_path: Path, courts: Courts, web: Web) -> None:
    home = Home(tmp_path / "new", tmp_path / "sources")
    sources(home).mkdir()
    fetched.declare_courts(sources(home), watermark=MARK)
    web.answers["/x.csv"] = lambda h, _: h.send(BODY)
    fetched.declare_portal(sources(home), f"{web.address}/x.csv")
    told = home.run("source", "check", COURTS, extra=courts.environment).stdout
    assert f"{COURTS}__all__to_2024-04-01-100059.parquet as {COURTS}" in told
    assert home.json("source", "check", PORTAL)["records_made"] == 2
    assert [p for p in home.path.rglob("*") if p.is_file()] == []


def test_an_unchanged_file_of_a_server_is_not_sent_again(home: Home, web: Web) -> None:
    def answer(handler: Handler, _: int) -> None:
        if handler.headers["If-None-Match"] == '"a"':
            handler.send_response(304)
            handler.end_headers()
        else:
            handler.send(BODY, ETag='"a"')

    web.answers["/x.csv"] = answer
    fetched.declare_portal(sources(home), f"{web.address}/x.csv")
    home.run("run")
    assert fetched.events(home) == {"2024-01": 3, "2024-02": 4}
    assert home.run("run").stdout == f"{PORTAL}: nothing new ({web.address}/x.csv)\n"
    assert "If-None-Match" not in web.asked[0].headers
    assert web.asked[1].headers["If-None-Match"] == '"a"'
    web.answers["/x.csv"] = lambda h, _: h.send(BODY, ETag='"b"')
    assert "nothing new" in home.run("run").stdout, "the same bytes under another mark"
    assert home.batches() == 1


def test_a_refused_file_of_a_server_is_told_again_until_it_changes(home: Home, web: Web) -> None:
    """A notice that calls itself a table is refused by what it is, and recorded."""

    def answer(handler: Handler, n: int) -> None:
        if handler.headers["If-None-Match"] == '"page"' and n < 4:
            handler.send_response(304)
            handler.end_headers()
        elif n < 4:
            handler.send(b"<!DOCTYPE html><p>Please sign in", ETag='"page"')
        else:
            handler.send(BODY, ETag='"a"')

    web.answers["/x.csv"] = answer
    fetched.declare_portal(sources(home), f"{web.address}/x.csv")
    first = home.run("run", status=1)
    assert "x.csv refused" in first.stderr
    before = state.tables(home)
    again = home.run("run", status=1)
    assert "these bytes were refused before, as delivery 1" in again.stderr
    assert web.asked[1].headers["If-None-Match"] == '"page"'
    assert state.tables(home) == before
    assert home.json("ingest", PORTAL, status=1)[0]["status"] == "refused"
    assert home.json("run")[0]["status"] == "loaded"


def test_a_web_page_that_says_so_is_not_even_landed(home: Home, web: Web) -> None:
    web.answers["/x.csv"] = lambda h, _: h.send(b"<html>", "text/html")
    fetched.declare_portal(sources(home), f"{web.address}/x.csv")
    assert "the server sends a web page (text/html)" in home.run("run", status=1).stderr
    assert list((home.path / "landing").iterdir()) == []


def test_periods_are_deliveries_of_their_own(home: Home, web: Web) -> None:
    for month in (1, 2):
        body = f"day,n\n2024-{month:02}-05,{month}\n".encode()
        web.answers[f"/2024/{month:02}.csv"] = lambda h, _, body=body: h.send(body)  # type: ignore[misc]
    periods = {"from": "2024-01", "until": "2024-03", "recheck": 1}
    fetched.declare_portal(sources(home), f"{web.address}/{{year}}/{{month}}.csv", periods=periods)
    done = home.run("run")
    assert f"{PORTAL}: not there yet ({web.address}/2024/03.csv)" in done.stdout
    assert fetched.events(home) == {"2024-01": 1, "2024-02": 2}
    web.answers["/2024/03.csv"] = lambda h, _: h.send(b"day,n\n2024-03-01,3\n")
    web.asked.clear()
    home.run("run")
    assert fetched.events(home) == {"2024-01": 1, "2024-02": 2, "2024-03": 3}
    assert [a.path for a in web.asked] == ["/2024/03.csv"], (
        "what was loaded is asked for again as recheck says"
    )
    web.asked.clear()
    assert home.run("ingest", PORTAL, "--whole").stdout.count("nothing new") == 3
    assert len(web.asked) == 3
    gone = "http://127.0.0.1:1/{year}/{month}.csv"
    fetched.declare_portal(sources(home), gone, periods=periods)
    told = home.run("run", status=2).stderr
    assert told.count("siprev: ") == 1, "one message, not one for each period"


def test_pages_are_taken_in_as_one_file(home: Home, web: Web) -> None:
    pages = {
        "1": [{"day": "2024-01-05", "n": 2}, {"day": "2024-01-06", "n": 3}],
        "2": [{"day": "2024-02-06", "n": 4}],
    }
    web.answers["/api"] = lambda h, _: h.send(
        json.dumps(pages.get(h.path[-1], [])).encode(), "application/json"
    )
    layout = {"file": {"format": "ndjson"}}

    fetched.declare_portal(
        sources(home),
        f"{web.address}/api",
        layout=desk.layout(**layout),
        name="incidents.ndjson",
        pages={"number": {"parameter": "page"}},
    )
    home.run("run")
    assert fetched.events(home) == {"2024-01": 5, "2024-02": 4}
    assert home.value("SELECT rows_delivered FROM meta.delivery") == 3


def test_a_corrected_declaration_reads_refused_bytes_again(home: Home, web: Web) -> None:
    web.answers["/x.csv"] = lambda h, _: h.send(BODY.replace(b"n\n", b"cases\n", 1), ETag='"a"')
    fetched.declare_portal(sources(home), f"{web.address}/x.csv")
    home.run("run", status=1)

    mended = desk.layout(
        columns={"open": ["day", "cases"]}, map={**desk.MAP, "count": {"parse": "integer", "from": "cases"}}
    )
    fetched.declare_portal(sources(home), f"{web.address}/x.csv", layout=mended)
    home.run("run")
    assert "If-None-Match" not in web.asked[-1].headers, "the bytes themselves are needed"
    assert fetched.events(home) == {"2024-01": 3, "2024-02": 4}

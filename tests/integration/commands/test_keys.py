"""The master keys on the command line: what needs one, what it protects, and how it is changed.

A real change is killed on the way; nobody ever sees hashes of two keys side by side.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sources.kit import landing, sealing
from tests.integration.commands import files, state
from tests.integration.commands.home import UNFORESEEN, Home
from tests.integration.commands.keyed import YEARS, Keyed, expected, hashes, own_file
from tests.integration.commands.test_kill import assert_healthy, kill_when

MADE_FROM_IDENTIFIERS = "case_ref, incident_ref, record_key"
#: Of a fact everything that a change of the key must leave alone.
FACTS = (
    f"SELECT * EXCLUDE (slice_version, batch_id, {MADE_FROM_IDENTIFIERS}) FROM core.person_role ORDER BY ALL"
)


@pytest.fixture(scope="module")
def made(seed: Home, tmp_path_factory: pytest.TempPathFactory) -> Keyed:
    folder = tmp_path_factory.mktemp("keyed")
    home = Home(seed.copy(folder / "var").path, files.outside(folder, demo=False))
    keyed = Keyed(home, folder / "keys")
    keyed.run("key", "new", keyed.keys)
    keyed.run("ingest", "own_police", *(own_file(folder, year) for year in YEARS))
    return keyed


@pytest.fixture
def keyed(made: Keyed, tmp_path: Path) -> Keyed:
    home = made.home.copy(tmp_path / "var")
    keys = tmp_path / "keys"
    keys.touch(mode=0o600)
    keys.write_bytes(made.keys.read_bytes())
    return Keyed(home, keys)


def asked_and_done(keyed: Keyed) -> str:
    keyed.run("key", "new", keyed.keys)
    keyed.run("key", "rotate", actor="ana")
    return keyed.run("key", "rotate", actor="eva")


def assert_changed(keyed: Keyed, facts: list[dict[str, object]], folder: Path) -> None:
    """Everything current is under the second key, and nothing else is different."""
    found = hashes(keyed.home)
    assert set(found) == {2}
    assert len(found[2]) > files.ROWS
    assert found[2] <= expected(keyed, 2, folder)
    assert keyed.home.rows(FACTS) == facts
    assert {sealing.version_of(sealing.key_path(path)) for path in keyed.landed} == {2}
    assert_healthy(keyed.home)


def test_landed_bytes_are_sealed_and_open_data_are_not(made: Keyed) -> None:
    assert len(made.landed) == 2
    for path in made.landed:
        assert sealing.is_sealed(path)
        assert path.stat().st_mode & 0o777 == sealing.key_path(path).stat().st_mode & 0o777 == 0o600
    assert not sealing.is_sealed(next((made.home.path / "landing" / "xaa_areas").iterdir()))
    told = made.run("doctor")
    assert "3 open, 2 sealed" in told


def test_the_name_of_a_sealed_file_tells_nothing_of_its_bytes(made: Keyed, tmp_path: Path) -> None:
    """Whoever sees the name, or the hash in the snapshot, cannot try what a small file may hold."""
    plain = {hashlib.sha256(own_file(tmp_path, year).read_bytes()).hexdigest() for year in YEARS}
    names = {path.name for path in made.landed}
    told = {
        row["sha256"]
        for row in made.home.rows("SELECT sha256 FROM meta.delivery WHERE source_id = 'own_police'")
    }
    assert names == told
    assert not names & plain


def test_the_same_bytes_are_known_again(keyed: Keyed, tmp_path: Path) -> None:
    before = state.before_and_after(keyed.home)
    assert "repeated" in keyed.run("ingest", "own_police", own_file(tmp_path, 2021))
    assert state.tables(keyed.home, besides={"meta.batch", "meta.delivery", "meta.repetition"}) == {
        name: digest for name, digest in before.items() if name != "meta.repetition"
    }
    assert len(keyed.landed) == 2


def test_a_change_of_the_key_changes_hashes_and_nothing_else(keyed: Keyed, tmp_path: Path) -> None:
    home = keyed.home
    facts, first = home.rows(FACTS), hashes(home)
    assert set(first) == {1}
    assert first[1] <= expected(keyed, 1, tmp_path)
    as_of = "SELECT md5(string_agg(r::VARCHAR, '|' ORDER BY r::VARCHAR)) AS digest FROM core.person_role AS r"
    before = home.json("query", as_of)
    batch = home.batches()
    waiting = home.json("status")["waiting"]
    keyed.run("key", "new", keyed.keys)

    asked = keyed.run("key", "rotate", actor="ana")
    assert "asked for" in asked and "second person" in asked
    assert hashes(home) == first
    assert "ana asked for this change and cannot also do it" in keyed.run(
        "key", "rotate", actor="ana", status=2
    )
    assert hashes(home) == first
    done = keyed.run("key", "rotate", actor="eva")
    assert_changed(keyed, facts, tmp_path)

    assert home.json("query", as_of) != before, "references are other numbers"
    assert home.json("query", as_of, "--as-of", str(batch)) == before, "an earlier batch answers as it did"
    assert home.json("status")["waiting"] == waiting, "the same records under other hashes are no news"
    events = home.rows("SELECT event, key_version, actor FROM meta.key_event ORDER BY batch_id, happened_at")
    assert [tuple(row.values()) for row in events] == [
        ("first_used", 1, "ana"),
        ("rotation_asked", 2, "ana"),
        ("rotated", 2, "eva"),
        ("rotation_completed", 2, "eva"),
    ]
    history = home.rows(
        "SELECT key_version, valid_to IS NULL AS holds FROM core.person_role_history "
        "WHERE source_id = 'own_police' GROUP BY ALL ORDER BY 1"
    )
    assert [tuple(row.values()) for row in history] == [(1, False), (2, True)]
    for key in keyed.ring:
        assert key.secret.hex() not in asked + done
    shown = home.json("delivery", "show", "4")["slices_by_period"][0]
    assert (shown["slices"], shown["current"], shown["never_current"]) == (1, 1, 0)


def test_after_a_change_the_new_key_is_enough_and_the_old_one_useless(keyed: Keyed, tmp_path: Path) -> None:
    asked_and_done(keyed)
    both = keyed.keys.read_text(encoding="ascii")
    old, new = (line for line in both.splitlines() if not line.startswith("#"))
    keyed.keys.write_text(old, encoding="ascii")
    told = keyed.run("ingest", "own_police", own_file(tmp_path, 2022), status=2)
    assert "the master key of version 2" in told and "not at hand" in told
    assert "not at hand" in keyed.run("doctor", status=1)
    keyed.keys.write_text(new, encoding="ascii")
    keyed.run("doctor")
    keyed.run("ingest", "own_police", own_file(tmp_path, 2022))
    assert set(hashes(keyed.home)) == {2}
    assert "repeated" in keyed.run("ingest", "own_police", own_file(tmp_path, 2021))
    assert "no newer key" in keyed.run("key", "rotate", status=2)


def test_a_change_needs_the_old_key_and_a_new_one(keyed: Keyed) -> None:
    before = state.tables(keyed.home)
    assert "no newer key" in keyed.run("key", "rotate", status=2)
    only_old = keyed.keys.read_text(encoding="ascii")
    keyed.run("key", "new", keyed.keys)
    lines = keyed.keys.read_text(encoding="ascii").splitlines()
    keyed.keys.write_text(lines[-1], encoding="ascii")
    told = keyed.run("key", "rotate", status=2)
    assert "the master key of version 1" in told and "not at hand" in told
    other = only_old.splitlines()[-1].partition(":")[2][::-1]
    keyed.keys.write_text(f"1:{other}\n{lines[-1]}", encoding="ascii")
    assert "another key than the one at hand" in keyed.run("key", "rotate", status=2)
    assert state.tables(keyed.home) == before


def test_another_key_of_the_same_version_is_noticed(keyed: Keyed, tmp_path: Path) -> None:
    keyed.keys.write_text("1:" + "ab" * 32, encoding="ascii")
    before = state.tables(keyed.home)
    told = keyed.run("ingest", "own_police", own_file(tmp_path, 2022), status=2)
    assert "another key" in told and "ab" * 32 not in told
    assert state.tables(keyed.home) == before
    assert len(keyed.landed) == 2
    keyed.run("doctor", status=1)


def test_a_version_that_was_asked_for_belongs_to_its_key(keyed: Keyed) -> None:
    one = keyed.keys.read_text(encoding="ascii")
    keyed.run("key", "new", keyed.keys)
    keyed.run("key", "rotate")
    keyed.keys.write_text(one + "2:" + "cd" * 32, encoding="ascii")
    assert "version 2 was given to another key" in keyed.run("key", "rotate", status=2, actor="eva")
    keyed.keys.write_text(one + "3:" + "cd" * 32, encoding="ascii")
    keyed.run("key", "rotate")
    keyed.run("key", "rotate", actor="eva")
    assert set(hashes(keyed.home)) == {3}


def test_a_change_that_is_killed_while_it_hashes_is_completed(keyed: Keyed, tmp_path: Path) -> None:
    home, facts = keyed.home, keyed.home.rows(FACTS)
    keyed.run("key", "new", keyed.keys)
    keyed.run("key", "rotate")
    before, first = state.tables(home), hashes(home)
    for moment in _moments(home.path):
        process = home.start(
            "key", "rotate", extra={"SIPREV_KEY_FILE": str(keyed.keys), "SIPREV_ACTOR": "eva"}
        )
        assert kill_when(process, home.path, moment), "the kill came in time"
        assert state.tables(home) == before, "readers see nothing of it"
        # the writer's file: whatever was copied holds nowhere yet
        assert hashes(home) == first
    keyed.run("ingest", "own_police", own_file(tmp_path, 2022))
    assert set(hashes(home)) == {1}, "work goes on under the old key"
    keyed.run("key", "rotate", actor="eva")
    assert set(hashes(home)) == {2}
    own = home.rows(f"SELECT * FROM ({FACTS}) WHERE occurrence_date < DATE '2022-01-01' ORDER BY ALL")
    assert own == [row for row in facts if str(row["occurrence_date"]) < "2022-01-01"]
    assert_healthy(home)


def _moments(home: Path) -> list[Callable[[Path], bool]]:
    """When the first copy is written to the restricted file, and when at least one is in the main file."""
    log = home / "restricted.duckdb.wal"

    def writing(_: Path) -> bool:
        return log.exists() and log.stat().st_size > 0

    def copied(_: Path) -> bool:
        main = home / "warehouse.duckdb.wal"
        return main.exists() and main.stat().st_size > 20_000

    return [writing, copied]


def test_a_change_that_is_killed_while_it_seals_is_completed(keyed: Keyed, tmp_path: Path) -> None:
    """Many files, so that the kill comes between two of them."""
    facts, (old,) = keyed.home.rows(FACTS), tuple(keyed.ring)
    small = tmp_path / "small"
    for n in range(300):
        small.write_text(f"refused {n}", encoding="ascii")
        landing.land(
            small, keyed.home.path / "landing", "own_police", landing.Safe(keyed.ring, old, tmp_path)
        ).close()
    keyed.run("key", "new", keyed.keys)
    keyed.run("key", "rotate")
    first = keyed.landed[0]
    written = sealing.key_path(first).stat().st_mtime_ns
    process = keyed.home.start(
        "key", "rotate", extra={"SIPREV_KEY_FILE": str(keyed.keys), "SIPREV_ACTOR": "eva"}
    )
    assert kill_when(
        process, keyed.home.path, lambda _: sealing.key_path(first).stat().st_mtime_ns != written
    )
    versions = [sealing.version_of(sealing.key_path(path)) for path in keyed.landed]
    assert set(versions) == {1, 2}
    for path in keyed.landed:
        assert sealing.read_key(path, keyed.ring).secret, "with both keys every file can be opened"
    assert "sealed by another key than the one in use" in keyed.run("doctor", status=1)
    keyed.run("key", "rotate", actor="ana")
    assert_changed(keyed, facts, tmp_path)
    assert keyed.home.value("SELECT count(*) FROM meta.key_event WHERE event = 'rotated'") == 1


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (damage, "the landed file is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "the landed file is damaged"),
        (Path.unlink, "the landed file is missing"),
        (sealing.destroy_key, "the key of the landed bytes was destroyed"),
    ],
    ids=["changed", "cut", "missing", "destroyed"],
)
def test_landed_bytes_that_are_lost_stop_the_change_until_a_person_says_so(
    keyed: Keyed, spoil: Callable[[Path], object], told: str
) -> None:
    facts = keyed.home.rows(FACTS)
    lost = keyed.landed[0]
    number = keyed.home.value(f"SELECT delivery_id FROM meta.delivery WHERE sha256 = '{lost.name}'")
    spoil(lost)
    keyed.run("key", "new", keyed.keys)
    keyed.run("key", "rotate")
    before = hashes(keyed.home)
    said = keyed.run("key", "rotate", actor="eva", status=1)
    assert told in said and f"delivery {number}" in said and "--unlink-lost" in said
    assert hashes(keyed.home) == before
    keyed.run("key", "rotate", "--unlink-lost", actor="eva")
    assert set(hashes(keyed.home)) == {2}
    assert keyed.home.rows(FACTS) == facts
    linked = keyed.home.rows(
        f"SELECT DISTINCT case_ref IS NULL AS unlinked, record_key IS NULL AS keyless FROM core.person_role "
        f"WHERE delivery_id = {number}"
    )
    assert linked == [{"unlinked": True, "keyless": True}]
    (row,) = keyed.home.rows("SELECT slices, slices_unlinked FROM meta.key_event WHERE event = 'rotated'")
    assert row["slices"] == 24 and row["slices_unlinked"] == 12


def test_a_declaration_that_reads_other_rows_stops_the_change(keyed: Keyed, tmp_path: Path) -> None:
    assert keyed.home.sources is not None
    path = keyed.home.sources / "own_police" / "source.yml"
    kept = path.read_text(encoding="utf-8")
    keyed.run("key", "new", keyed.keys)
    keyed.run("key", "rotate")
    before = hashes(keyed.home)
    try:
        moved = kept.replace(
            "occurrence_date: {parse: date, from: FECHA_HECHO",
            "occurrence_date: {parse: date, from: FECHA_DENUNCIA",
        )
        assert moved != kept
        path.write_text(moved, encoding="utf-8")
        said = keyed.run("key", "rotate", actor="eva", status=1)
    finally:
        path.write_text(kept, encoding="utf-8")
    assert "gives other records than were loaded" in said
    assert hashes(keyed.home) == before


def test_files_that_lay_open_are_sealed(keyed: Keyed, tmp_path: Path) -> None:
    """A source whose columns were declared open and are restricted now."""
    loose = tmp_path / "loose.csv"
    loose.write_bytes(b"CANARIO")
    open_ = landing.land(loose, keyed.home.path / "landing", "own_police")
    assert "1 landed files of own_police are not sealed" in keyed.run("doctor", status=1)
    assert "own_police" in keyed.run("key", "seal")
    assert sealing.is_sealed(open_.path) and b"CANARIO" not in open_.path.read_bytes()
    safe = landing.Safe(keyed.ring, None, tmp_path)
    again = landing.reopen(keyed.home.path / "landing", "own_police", open_.sha256, "loose.csv", safe)
    assert again.path.read_bytes() == b"CANARIO"
    again.close()
    keyed.run("doctor")


def test_a_key_beside_the_data_is_refused(keyed: Keyed) -> None:
    inside = keyed.home.path / "keys"
    assert "protects nothing" in keyed.run("key", "new", inside, status=2)
    assert not inside.exists()


@pytest.mark.parametrize("place", ["SIPREV_KEY_FILE", "SIPREV_MASTER_KEY"])
def test_the_key_is_seen_in_no_list_of_processes_and_in_no_file(
    keyed: Keyed, tmp_path: Path, place: str
) -> None:
    (key,) = tuple(keyed.ring)
    value = str(keyed.keys) if place == "SIPREV_KEY_FILE" else f"1:{key.secret.hex()}"
    process = keyed.home.start("ingest", "own_police", own_file(tmp_path, 2022), extra={place: value})
    lines = []
    while process.poll() is None:
        lines.append(_command_line(process.pid))
        time.sleep(0.01)
    said = "".join(process.communicate())
    assert process.returncode == 0 and any(lines)
    shown = [key.secret.hex(), key.derive("person").hex(), key.derive("landing").hex()]
    for secret in shown:
        assert secret not in said + "".join(lines)
    everything = {p: p.read_bytes() for p in keyed.home.path.rglob("*") if p.is_file()}
    for held in (key.secret, key.derive("person"), key.derive("landing")):
        assert not [
            p for p, content in everything.items() if held in content or held.hex().encode() in content
        ]


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@pytest.mark.parametrize("extra", [{"SIPREV_KEY_FILE": "/nowhere"}, {"SIPREV_MASTER_KEY": "ab" * 31}])
def test_whoever_queries_needs_no_key_file(made: Keyed, extra: Mapping[str, str]) -> None:
    done = made.home.run(
        "query", "SELECT 1 AS one", status=0 if "SIPREV_KEY_FILE" in extra else 2, extra=extra
    )
    assert not any(words in done.stderr for words in UNFORESEEN)
    assert "ab" * 31 not in done.stderr

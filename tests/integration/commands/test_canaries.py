"""G8, with a key: no planted value of an identifier or restricted column is left anywhere, not even in the landing.

One unique value for every declared column goes through real ingestion on the command line and through Dagster: in
rows that load, are quarantined, doubled, unreadable, in files that are refused, repeated, corrected, read while the
process is killed or stumbles. Then everything that was said and everything that was left is searched.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import settings as settings_module
from pipelines.orchestration import rounds
from pipelines.steps import ui
from sources.kit import keyring, sealing
from tests.integration.commands import canary, files, traces
from tests.integration.commands.canary import NUMBERS, SOURCE, STEMS
from tests.integration.commands.files import Samples
from tests.integration.commands.home import Home, environment
from warehouse.home import Home as Folder

pytestmark = pytest.mark.slow

#: A defect that prints values, in the middle of a load.
STUMBLING = """
import sys
from pipelines.steps import ingest
import duckdb
def stumble(warehouse, *arguments, **options):
    {what}
ingest.loading.load = stumble
from pipelines.cli import main
main()
"""
#: What ``pipelines.definitions`` says, of the planted source and those that it refers to.
SOME_SOURCES = f"""
from pipelines import settings
from pipelines.orchestration.build import build_definitions
from sources.kit import discovery
told = settings.read()
chosen = [discovery.load(name, told.sources) for name in ("{SOURCE}", "xaa_areas", "xaa_population")]
defs = build_definitions(told, chosen)
"""
STUMBLES = {
    "database": "duckdb.sql(\"SELECT 'qznombre 9'::INTEGER\").fetchall()",
    "own": "float('qznombre 9')",
    "staged": "warehouse.connection.execute(\"SELECT error(string_agg(raw, '')) FROM staged_raw\").fetchall()",
}


@dataclass
class Searched:
    """A home in which everything has happened, the folder for temporary files, and what was said."""

    home: Home
    keys: Path
    temporary: Path
    said: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What every process is told."""
        return {"SIPREV_KEY_FILE": str(self.keys), "TMPDIR": str(self.temporary)}

    def run(self, *arguments: str | Path, status: int = 0) -> None:
        """Run a command and keep what it says."""
        done = self.home.run(*arguments, status=status, extra=self.environment)
        self.said.append(done.stdout + done.stderr)

    def code(self, text: str, *arguments: str | Path) -> None:
        """Run the command line in a process of its own, with something changed in it."""
        done = subprocess.run(
            [sys.executable, "-c", text, *self.home.command(*arguments)[1:]],
            env=environment(self.environment),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 1, done.stderr
        self.said.append(done.stdout + done.stderr)

    def kill(self, moment: Callable[[Path], bool], *arguments: str | Path) -> None:
        """Start a command and kill it when a file shows how far it has come."""
        process = self.home.start(*arguments, extra=self.environment)
        while process.poll() is None and not moment(self.home.path):
            time.sleep(0.0005)
        process.kill()
        self.said.append("".join(process.communicate()))
        assert process.returncode == -signal.SIGKILL


def _landed(home: Path) -> int:
    return len(list((home / "landing" / SOURCE).glob("*.key")))


@pytest.fixture(scope="module")
def searched(seed: Home, samples: Samples, tmp_path_factory: pytest.TempPathFactory) -> Searched:
    folder = tmp_path_factory.mktemp("canary")
    (folder / "tmp").mkdir()
    home = Home(seed.copy(folder / "var").path, canary.declare(folder))
    made = Searched(home, folder / "keys", folder / "tmp")
    keyring.add_new(made.keys)
    given = canary.write(folder, files.read(samples.police))
    _on_the_command_line(made, given)
    _through_dagster(made, given)
    made.run("run", status=1)
    made.run("export", "sample")
    made.run("indicators", "explain", "homicide_rate_police", "XAA", "2022", "--lines", "50")
    return made


def _on_the_command_line(made: Searched, given: canary.Deliveries) -> None:
    made.run("source", "check", SOURCE, given.loaded)
    for what in STUMBLES.values():
        made.code(STUMBLING.format(what=what), "ingest", SOURCE, given.loaded)
    made.kill(lambda home: _landed(home) > 0, "ingest", SOURCE, given.loaded)
    made.kill(_restricted_is_written, "ingest", SOURCE, given.loaded)
    made.run("ingest", SOURCE, given.loaded)
    made.run("ingest", SOURCE, given.loaded)
    made.run("ingest", SOURCE, *given.refused.values(), status=1)
    made.run("source", "check", canary.LINES, given.keyed, status=1)
    made.run("ingest", canary.LINES, given.keyed, status=1)
    for command in (
        "quarantine list",
        "quarantine list --codes",
        "delivery list",
        "delivery show 4",
        "status",
        "doctor",
    ):
        made.run(*command.split())


def _restricted_is_written(home: Path) -> bool:
    log = home / "restricted.duckdb.wal"
    return log.exists() and log.stat().st_size > 0


def _through_dagster(made: Searched, given: canary.Deliveries) -> None:
    """A round with Dagster's own storage in the home folder: a correction, and files that are refused."""
    names = {"a": given.corrected, **{name: given.refused[name] for name in ("utf8", "cut", "renamed")}}
    for name, path in names.items():
        made.home.put(SOURCE, path)
        inbox = made.home.path / "inbox" / SOURCE
        (inbox / path.name).rename(inbox / f"{name}_{path.name}")
    told = settings_module.child_environment(
        settings_module.read(
            {
                "SIPREV_HOME": str(made.home.path),
                "SIPREV_SOURCES": str(made.home.sources),
                "SIPREV_KEY_FILE": str(made.keys),
            }
        ),
        {
            "DAGSTER_HOME": str(ui.prepare(Folder(made.home.path))),
            "PYTHONWARNINGS": "ignore",
            **made.environment,
        },
    )
    (made.home.path.parent / "some_sources.py").write_text(SOME_SOURCES, encoding="utf-8")
    tags = json.dumps({"dagster/partition": rounds.month_of(datetime.now(UTC))})
    job = [
        "job",
        "execute",
        "-f",
        str(made.home.path.parent / "some_sources.py"),
        "-j",
        "monthly",
        "--tags",
        tags,
    ]
    done = subprocess.run(
        [sys.executable, "-m", "dagster", *job],
        env=told,
        cwd=ui.ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    made.said.append(done.stdout + done.stderr)
    assert "canary_police" in made.said[-1]


def test_everything_happened_that_was_to_happen(searched: Searched) -> None:
    deliveries = searched.home.rows(
        f"SELECT status, refusal_code, records_loaded, rows_unreadable, records_quarantined, records_excluded "
        f"FROM meta.delivery WHERE source_id = '{SOURCE}' ORDER BY delivery_id"
    )
    first, *others = deliveries
    assert first["status"] == "loaded"
    assert (first["rows_unreadable"], first["records_excluded"]) == (1, 1)
    assert first["records_loaded"] > 300 and first["records_quarantined"] >= 5
    wrong = searched.home.rows(
        "SELECT severity, n_broken FROM meta.rule_result WHERE rule_code = 'person_hmac.check_digit' AND n_broken > 0 "
        f"AND delivery_id = (SELECT min(delivery_id) FROM meta.delivery WHERE source_id = '{SOURCE}')"
    )
    assert wrong == [{"severity": "warn", "n_broken": 2}], "counted, and loaded all the same"
    codes = {row["refusal_code"] for row in others if row["status"] == "refused"}
    assert {
        "all_bad",
        "header_drift",
        "quote_never_closed",
        "nul_bytes",
        "wrong_encoding",
        "slice_shrank",
    } <= codes
    (keyed,) = searched.home.rows(
        f"SELECT refusal_code FROM meta.delivery WHERE source_id = '{canary.LINES}' AND status = 'refused'"
    )
    assert keyed["refusal_code"] == "header_drift"
    assert any("a key of record 1" in text for text in searched.said)
    assert [row for row in others if row["status"] == "loaded"], "the correction came through Dagster"
    stumbled = [text for text in searched.said if "defect of the software" in text]
    assert len(stumbled) == len(STUMBLES)
    runs = [path for path in (searched.home.path / "dagster").rglob("*.db") if path.is_file()]
    assert runs and any("canary_police" in text for text in _texts_of(runs))


def _texts_of(paths: list[Path]) -> list[str]:
    return [path.read_bytes().decode("latin-1") for path in paths]


def test_the_search_finds_what_is_there(searched: Searched, tmp_path: Path) -> None:
    found, _ = traces.in_folder(searched.home.path, [canary.LOADED, canary.QUARANTINED], besides=("inbox",))
    assert canary.LOADED in found["warehouse.duckdb"]
    assert canary.QUARANTINED in found["restricted.duckdb"]
    assert canary.QUARANTINED in "".join(searched.said)
    inbox, n = traces.in_folder(searched.home.path / "inbox" / SOURCE, STEMS)
    assert n == len(inbox) == 4 and all(set(stems) == set(STEMS) for stems in inbox.values())
    for encoding in ("utf-16-le", "utf-16-be", "latin-1"):
        (tmp_path / encoding).write_bytes("x QZNOMBRE Ñ".encode(encoding))
    with duckdb.connect(tmp_path / "a.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 'qzced ' || (i % 7) AS x FROM range(100000) AS r(i)")
        connection.execute("COPY t TO '" + str(tmp_path / "a.parquet") + "' (COMPRESSION zstd)")
    found, _ = traces.in_folder(tmp_path, STEMS)
    assert {*found} == {"utf-16-le", "utf-16-be", "latin-1", "a.duckdb", "a.parquet"}


@pytest.fixture(scope="module")
def found(searched: Searched) -> dict[str, set[str]]:
    """Planted values by the file of the home that holds them; of coordinates the first digits."""
    values = [*STEMS, *(n[:8] for n in NUMBERS)]
    found, n = traces.in_folder(searched.home.path, values, besides=("inbox",))
    assert n > 30
    return found


@pytest.mark.parametrize("stem", STEMS)
def test_a_planted_value_is_found_nowhere(searched: Searched, found: dict[str, set[str]], stem: str) -> None:
    """Every database, log, report, Dagster record, snapshot, export and temporary file; the landing is sealed."""
    assert {path for path, values in found.items() if stem in values} == set()
    assert traces.in_folder(searched.temporary, [stem])[0] == {}
    assert not traces.in_bytes("\n".join(searched.said).encode(), [stem])


def test_coordinates_are_in_the_restricted_file_alone(searched: Searched, found: dict[str, set[str]]) -> None:
    assert {path for path, values in found.items() if values & {n[:8] for n in NUMBERS}} == {
        "restricted.duckdb"
    }
    for path in searched.home.path.rglob("*"):
        if path.is_file() and path.relative_to(searched.home.path).parts[0] not in (
            "inbox",
            "restricted.duckdb",
        ):
            content = path.read_bytes()
            assert not [
                n for n in NUMBERS for form in traces.packed(n) if form in content and len(form) == 8
            ], path
    assert not [n for n in NUMBERS if n[:8] in "\n".join(searched.said)]


def test_the_landing_is_sealed_and_opens_with_the_key_alone(searched: Searched) -> None:
    landed = [p for p in (searched.home.path / "landing" / SOURCE).iterdir() if p.suffix != ".key"]
    assert len(landed) >= 9
    ring = keyring.read_file(searched.keys)
    held = set()
    for path in landed:
        assert sealing.is_sealed(path)
        content = b"".join(sealing.opened(path, sealing.read_key(path, ring)))
        held |= traces.in_bytes(content, STEMS)
    assert held == set(STEMS)


def test_no_plain_hash_of_a_value_is_kept(searched: Searched) -> None:
    """What anybody could compute from a guessed value and look for."""
    with duckdb.connect() as connection:
        plain = [
            row
            for n in (100, 101, 401)
            for value in canary.planted(n).values()
            for row in connection.execute(
                "SELECT unnest([md5($v), sha256($v), md5(upper(trim($v))), sha256(upper(trim($v)))])",
                {"v": value},
            ).fetchall()
        ]
    assert len(plain) > 100
    kept: set[str] = set()
    for path in searched.home.path.rglob("*"):
        if path.is_file() and path.relative_to(searched.home.path).parts[0] != "inbox":
            kept |= set(traces.hexadecimal_in(path))
    assert len(kept) > 100, "hashes are found"
    assert kept & {h for (h,) in plain} == set()

"""G8 for what is fetched: the value of a secret is in no message, log, table, snapshot or record of Dagster.

A database and a server that ask for secrets are fetched from on the command line and through Dagster, with success,
with a wrong secret, while the server fails, and in a process that stumbles over a defect of its own.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import settings as settings_module
from pipelines.orchestration import rounds
from pipelines.steps import ui
from tests.integration.commands import fetched, traces
from tests.integration.commands.fetched import COURTS, PORTAL
from tests.integration.commands.home import Home, environment
from tests.servers import web as servers
from tests.servers.postgres import Postgres
from tests.servers.web import Handler
from warehouse.home import Home as Folder

pytestmark = pytest.mark.slow

#: Part of the password of the test's PostgreSQL, and of the secrets of the web server.
SECRETS = ("QZPASSWORD", "QZWRONG", "QZHEADER", "QZPATH")
BODY = b"day,n\n2024-01-05,3\n"

STUMBLING = """
import sys
from sources.kit.fetching import parts, server
import requests, psycopg
def stumble(*arguments, **options):
    {what}
parts.write = stumble
server.Requests._copy = stumble
from pipelines.cli import main
main()
"""
STUMBLES = (
    "requests.get('http://127.0.0.1:1/QZPATH?key=QZHEADER')",
    "psycopg.connect('postgresql://siprev_reader:QZPASSWORD@127.0.0.1:1/x')",
)


@dataclass
class Searched:
    """A home in which everything has happened, and what was said."""

    home: Home
    secrets: Path
    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str, status: int = 0, **extra: str) -> None:
        """Run a command and keep what it says."""
        given = {"SIPREV_SECRET_FILE": str(self.secrets), "NO_PROXY": "*", **extra}
        done = self.home.run(*arguments, status=status, extra=given)
        self.said.append(done.stdout + done.stderr)

    def code(self, text: str, *arguments: str) -> None:
        """Run the command line in a process of its own, with something changed in it."""
        done = subprocess.run(
            [sys.executable, "-c", text, *self.home.command(*arguments)[1:]],
            env=environment({"SIPREV_SECRET_FILE": str(self.secrets), "NO_PROXY": "*"}),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 1, done.stderr
        self.said.append(done.stdout + done.stderr)

    def through_dagster(self) -> None:
        """A round with Dagster's own storage in the home folder."""
        given = {
            "SIPREV_HOME": str(self.home.path),
            "SIPREV_SOURCES": str(self.home.sources),
            "SIPREV_SECRET_FILE": str(self.secrets),
        }
        told = settings_module.child_environment(
            settings_module.read(given),
            {
                "DAGSTER_HOME": str(ui.prepare(Folder(self.home.path))),
                "PYTHONWARNINGS": "ignore",
                "NO_PROXY": "*",
            },
        )
        chosen = " or ".join(f'key:"deliveries/{name}"' for name in (COURTS, PORTAL))
        month = rounds.month_of(datetime.now(UTC))
        job = [
            "asset",
            "materialize",
            "-m",
            "pipelines.definitions",
            "--select",
            chosen,
            "--partition",
            month,
        ]
        done = subprocess.run(
            [sys.executable, "-m", "dagster", *job],
            env=told,
            cwd=ui.ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        self.said.append(done.stdout + done.stderr)
        assert COURTS in self.said[-1]


def _answer(handler: Handler, _: int) -> None:
    if handler.headers["Authorization"] == "Bearer QZHEADER":
        handler.send(BODY, ETag='"a"')
    else:
        handler.send(b"who are you", status=401)


@pytest.fixture(scope="module")
def searched(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Searched:
    folder = tmp_path_factory.mktemp("secrets")
    courts = postgres.new_database("secret_courts")
    courts.execute(
        "CREATE TABLE incidents AS SELECT i AS id, date '2024-01-01' + i AS day, 1 AS n, now() AS changed "
        "FROM generate_series(1, 20) AS i"
    )
    made = Searched(fetched.home(folder), folder / "siprev.secrets")
    assert made.home.sources is not None
    fetched.declare_courts(made.home.sources, watermark=fetched.MARK)

    def know(**secrets: str) -> None:
        made.secrets.write_text("".join(f"{k}: {v}\n" for k, v in secrets.items()), encoding="utf-8")
        made.secrets.chmod(0o600)

    right = {"courts": courts.address, "token": "Bearer QZHEADER", "path": "QZPATH"}
    with servers.serving() as web:
        fetched.declare_portal(
            made.home.sources,
            f"{web.address}/{{secret:path}}/x.csv?key={{secret:path}}",
            secret_headers={"Authorization": "token"},
            attempts=2,
        )
        web.answers["/QZPATH/x.csv"] = lambda h, _: h.send(b"", status=500)
        know(**right)
        for what in STUMBLES:
            made.code(STUMBLING.format(what=what), "ingest", COURTS)
        made.run("run", status=2)
        web.answers["/QZPATH/x.csv"] = _answer
        know(**right | {"courts": courts.address.replace("QZPASSWORD", "QZWRONG"), "token": "QZWRONG"})
        made.run("run", status=2)
        made.through_dagster()
        know(**right)
        for what in STUMBLES:
            made.code(STUMBLING.format(what=what), "ingest", PORTAL)
        made.run("source", "check", PORTAL)
        made.run("run")
        made.run("run")
        courts.execute("UPDATE incidents SET changed = now(), n = 2 WHERE id = 3")
        made.through_dagster()
        web.answers.clear()
        made.run("ingest", PORTAL, status=2)
    for command in (
        "delivery list",
        "delivery show 1",
        "status",
        "source show court_rows --json",
        "export sample",
    ):
        made.run(*command.split())
    made.run("doctor")
    return made


def test_everything_happened_that_was_to_happen(searched: Searched) -> None:
    said = "\n".join(searched.said)
    for words in (
        "defect of the software",
        "does not accept the user or the password",
        "does not let us in (status 401)",
        "busy or broken (status 500)",
        "nothing at the address (status 404)",
        "nothing new (database courts)",
    ):
        assert words in said, words
    assert [status for *_, status in fetched.watermarks(searched.home)] == ["loaded"] * 3
    places = {row["place"] for row in searched.home.rows("SELECT place FROM meta.origin")}
    assert "database courts" in places
    assert any(place.endswith("/{secret:path}/x.csv?key={secret:path}") for place in places)
    records = [p for p in (searched.home.path / "dagster").rglob("*.db") if p.is_file()]
    assert any(b"database courts" in path.read_bytes() for path in records), "Dagster tells of it"


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_nowhere(searched: Searched, secret: str) -> None:
    found, n = traces.in_folder(searched.home.path, [secret])
    assert n > 20
    assert found == {}
    assert not traces.in_bytes("\n".join(searched.said).encode(), [secret])


def test_the_search_would_find_one(searched: Searched, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(searched.secrets.read_bytes())
    assert traces.in_folder(tmp_path, SECRETS)[0]["copy"] == {"QZPASSWORD", "QZHEADER", "QZPATH"}

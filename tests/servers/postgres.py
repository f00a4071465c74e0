"""A PostgreSQL server of the machine's own binaries, in a folder and on a port of its own.

PostgreSQL refuses to run as root: then it runs as a user without rights, which is why its folder lies directly in the
folder for temporary files, where that user can go.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

USER, PASSWORD = "siprev_reader", "p@ss:w/ord QZPASSWORD"
#: The password as an address has it.
QUOTED = "p%40ss%3Aw%2Ford%20QZPASSWORD"
_DEBIAN = "/usr/lib/postgresql"
_UNPRIVILEGED = ("postgres", "nobody")
_SECONDS = 60


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    database: str = "postgres"

    @property
    def address(self) -> str:
        """Its SQLAlchemy URL, password included."""
        return f"postgresql+psycopg://{USER}:{QUOTED}@127.0.0.1:{self.port}/{self.database}"

    def connect(self) -> psycopg.Connection:
        """A connection of the test's own that commits each statement."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            dbname=self.database,
            autocommit=True,
        )

    def execute(self, *statements: str) -> None:
        """Run statements."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new_database(self, name: str) -> Postgres:
        """An empty database of the same server."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        return replace(self, database=name)


def lacking() -> str | None:
    """Why no server can be started here; None if one can."""
    if _binary("postgres") is None or _binary("initdb") is None:
        return f"PostgreSQL is not installed (neither on the path nor under {_DEBIAN})"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or _user() is None):
        return "PostgreSQL refuses to run as root, and there is no setpriv or no user without rights"
    return None


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """A server for as long as the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="siprev-postgres-"))
    try:
        data, secret = folder / "data", folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        _give_away(folder, secret)
        _made(data, secret)
        port = _free_port()
        options = [
            f"-p{port}", "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={folder}", "-cfsync=off",
            "-cmax_connections=20",
        ]  # fmt: skip
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*_as_nobody(), str(_binary("postgres")), "-D", str(data), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )
        try:
            yield _ready(Postgres(port), server, folder / "log")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(_SECONDS)
    finally:
        shutil.rmtree(folder)


def _binary(name: str) -> Path | None:
    if found := shutil.which(name):
        return Path(found).resolve()
    newest = sorted(Path(_DEBIAN).glob(f"*/bin/{name}"), key=lambda p: float(p.parts[-3]))
    return newest[-1] if newest else None


def _user() -> pwd.struct_passwd | None:
    for name in _UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _as_nobody() -> list[str]:
    """The words before a command that make it run without root's rights."""
    user = _user()
    if os.geteuid() != 0 or user is None:
        return []
    who = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *who, "--pdeathsig=TERM", "--"]


def _give_away(*paths: Path) -> None:
    user = _user()
    if os.geteuid() == 0 and user is not None:
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def _made(data: Path, secret: Path) -> None:
    subprocess.run(
        [
            *_as_nobody(), str(_binary("initdb")), "-D", str(data), "-U", USER, "--auth=scram-sha-256",
            f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=data.parent,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _ready(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> Postgres:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            server.connect().close()
            return server
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))

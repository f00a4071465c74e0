"""Dagster's web page and daemon on a home folder, as child processes that end with this one.

Dagster keeps its records in the home folder's ``dagster/``. Before it starts, runs whose process is gone are marked
as failed, so that they hold no place in the queue of writers.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from pipelines import settings as settings_module
from pipelines.progress import Progress
from pipelines.settings import Settings
from schemas.errors import Misuse
from warehouse.home import FILE_MODE, Home

#: The folder that holds the packages, and the settings of Dagster.
ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = "dagster.yaml"

_POLL_SECONDS = 0.5
#: How long Dagster may take to end by itself; a run that is under way then is killed, which it survives.
_GRACE_SECONDS = 20.0


class _Lines:
    """Progress as lines on standard error."""

    def say(self, line: str) -> None:
        """One line."""
        sys.stderr.write(f"siprev: {line}\n")
        sys.stderr.flush()

    @contextlib.contextmanager
    def step(self, line: str) -> Iterator[None]:
        """A step, announced."""
        self.say(line)
        yield


def serve(settings: Settings, host: str, port: int, *, progress: Progress | None = None) -> int:
    """Serve Dagster's page and run its daemon until interrupted (Ctrl-C, or the signal TERM).

    Args:
        settings: Home folder, actor and bounds; the child processes read the same.
        host: Address to listen on.
        port: Port to listen on.
        progress: Who is told the address and what is going on.

    Returns:
        0 after an interruption; 1 where Dagster ended by itself.

    Raises:
        Misuse: The address cannot be used, Dagster is already running on this home folder, or a declaration of a
            source, indicator or partner does not load.
    """
    progress = progress or _Lines()
    folder = prepare(Home(settings.home.resolve()))
    environment = settings_module.child_environment(settings, {"DAGSTER_HOME": str(folder)})
    with _alone(folder) as lock, _stoppable():
        _require_free(host, port)
        _look_first(settings, folder, progress)
        child = _start(host, port, environment, folder, lock)
        try:
            progress.say("Dagster is starting; this takes about a quarter of a minute")
            _wait_until_ready(child, f"http://{_reachable(host)}:{port}", progress)
            child.wait()
            progress.say(
                f"Dagster has ended by itself (exit status {child.returncode}); its messages are above"
            )
        except KeyboardInterrupt:
            progress.say("ending Dagster")
            return 0
        finally:
            _end(child)
    return 1


def prepare(home: Home) -> Path:
    """Make the folder in which Dagster keeps its records, with its settings unless they are there already.

    Raises:
        Misuse: The settings are missing where this software is installed.
    """
    home.create()
    target = home.dagster / CONFIGURATION
    if not target.exists():
        shipped = ROOT / CONFIGURATION
        if not shipped.is_file():
            raise Misuse(
                f"{CONFIGURATION} is missing",
                where=str(shipped),
                how="run from a complete checkout of the software",
                code="no_dagster_settings",
            )
        shutil.copyfile(shipped, target)
        target.chmod(FILE_MODE)
    return home.dagster


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Hold the folder's lock; Dagster's first process inherits it, so that it is held as long as that one lives."""
    descriptor = os.open(folder / "ui.lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            raise Misuse(
                f"Dagster is already running on this home folder{f' ({told})' if told else ''}",
                where=str(folder.parent),
                how="use the page that it serves, or end it first",
                code="ui_running",
            ) from None
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let TERM and HUP end the work as Ctrl-C does, and Ctrl-C too where a shell had switched it off.

    A child started meanwhile has the usual handling of these signals: what is set to a function here is reset in it.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        raise Misuse(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            how="name another port with --port, or end the program that uses it",
            code="port_taken",
        ) from None


def _look_first(settings: Settings, folder: Path, progress: Progress) -> None:
    """Stop where the definitions do not load, which Dagster would only show on its page; end runs that are dead."""
    # Dagster takes a second to import, which only this command should pay
    from pipelines.orchestration import build, processes

    build.build_definitions(settings)
    for run in processes.end_dead_runs_of(folder):
        progress.say(f"run {run} had lost its process and is marked as failed; run it again to complete it")


def _start(
    host: str, port: int, environment: dict[str, str], folder: Path, lock: int
) -> subprocess.Popen[bytes]:
    """Start Dagster in a group of processes of its own, which can be ended as a whole."""
    command = [
        # the other command that it recommends comes with a package that is not needed here
        *(sys.executable, "-W", "ignore:Function `dev_command`", "-m", "dagster", "dev"),
        *("--module-name", "pipelines.definitions", "--working-directory", str(ROOT)),
        *("--host", host, "--port", str(port), "--log-level", "warning"),
    ]
    child = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        start_new_session=True,
        pass_fds=[lock],
        stdin=subprocess.DEVNULL,
    )
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"http://{_reachable(host)}:{port}, process {child.pid}".encode(), 0)
    return child


def _reachable(host: str) -> str:
    """The name by which a browser on this machine finds a server that listens on an address."""
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104


def _wait_until_ready(child: subprocess.Popen[bytes], address: str, progress: Progress) -> None:
    """Wait until the page answers or the process has ended."""
    # a proxy of the environment has no business between this process and its child
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while child.poll() is None:
        try:
            with opener.open(f"{address}/server_info", timeout=2):
                progress.say(f"Dagster's page: {address} (Ctrl-C ends it)")
                return
        except (urllib.error.URLError, OSError):
            time.sleep(_POLL_SECONDS)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child, and whatever it leaves behind of its group."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(_GRACE_SECONDS)
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:
            break
        time.sleep(1)
    child.wait()

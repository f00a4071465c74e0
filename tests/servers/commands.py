"""``siprev`` for tests that run many commands: each in a process of its own, which need not import everything first.

A server process has imported the command line and read the code lists; for each command it forks a child, which gets
the environment, the words and files for its output, and ends as ``siprev`` ends. What a fork cannot change (language,
time zone, Python's own settings) makes ``run`` start the command itself instead.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).parent / "siprev"

Done = subprocess.CompletedProcess[str]

#: Beginnings of names in the environment that only take effect when a process starts.
_AT_START = ("LANG", "LC_", "PYTHON", "TZ", "LD_", "MALLOC_")


def run(arguments: Sequence[str | Path], environment: Mapping[str, str], timeout: float = 300) -> Done:
    """Run ``siprev`` with these words and this environment, and keep what it prints.

    Raises:
        subprocess.TimeoutExpired: It takes longer; it is killed.
    """
    words = list(map(str, arguments))
    if _at_start(environment) != _at_start(os.environ):
        return subprocess.run(
            [str(COMMAND), *words],
            env=dict(environment),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=timeout,
        )
    return _server().run(words, environment, timeout)


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    # whether compiled modules are kept makes no difference to a process that has imported them
    return {k: v for k, v in environment.items() if k.startswith(_AT_START) and "DONTWRITE" not in k}


class _Server:
    """The client's side of a server process; one command at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if "DONTWRITE" not in k},
            encoding="utf-8",
        )

    def run(self, words: list[str], environment: Mapping[str, str], timeout: float) -> Done:
        with tempfile.TemporaryDirectory(prefix="siprev-said-") as folder:
            files = [Path(folder) / name for name in ("stdout", "stderr")]
            request = {"words": words, "environment": dict(environment), "folder": str(Path.cwd())}
            pid = int(self._ask(request | {"files": list(map(str, files))}))
            assert self._process.stdout
            if not select.select([self._process.stdout], [], [], timeout)[0]:
                os.kill(pid, signal.SIGKILL)
                self._answer()
                raise subprocess.TimeoutExpired(words, timeout)
            status = int(self._answer())
            said = [path.read_text(encoding="utf-8") for path in files]
        return subprocess.CompletedProcess([str(COMMAND), *words], status, *said)

    def _ask(self, request: dict[str, Any]) -> str:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout
        answer = self._process.stdout.readline()
        assert answer, "the server of commands has ended"
        return answer

    def close(self) -> None:
        """Let the server end."""
        self._process.communicate()


_servers = threading.local()


def _server() -> _Server:
    """The server of this thread, started when it is first needed."""
    if not hasattr(_servers, "one"):
        _servers.one = _Server()
        atexit.register(_servers.one.close)
    server: _Server = _servers.one
    return server


def serve() -> None:
    """Fork a child for each request on standard input; its number and then its exit status are the answer."""
    _import_everything()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for line in iter(requests.readline, ""):
        pid = os.fork()
        if pid == 0:
            requests.close()
            answers.close()
            _become(json.loads(line))
        answers.write(f"{pid}\n")
        answers.flush()
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        answers.flush()


def _import_everything() -> None:
    import gc

    import duckdb

    import pipelines.cli.app
    import pipelines.cli.told  # noqa: F401
    from schemas import codelists, record_type

    for name in codelists.names():
        codelists.load(name)
    for name in record_type.names():
        record_type.load(name)
    duckdb.default_connection().close()  # with the thread that an import starts
    assert len([*Path("/proc/self/task").iterdir()]) == 1, "a process with threads cannot be forked safely"
    gc.freeze()


def _become(request: dict[str, Any]) -> None:
    """Be the command that is asked for, to its end."""
    for number, path in enumerate(request["files"], start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["siprev", *request["words"]]
    from pipelines.cli import main

    status = 1
    try:
        main()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001 - what Python itself prints at the end of a process
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()

"""Running the blocks of a document as a reader would: from the top of the project, in a copy of a demonstration.

Every document gets a folder of its own that looks like the top of the project: the packages, ``docs/examples``, and
``var`` as ``siprev demo`` left it. The indicators are a copy, so that the how-to on indicators can add one. Commands
of make are only looked at (``make -n``): they would set up the environment in which this very test runs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.docs.documents import ROOT, Block, blocks, shown

#: What a document's folder has of the project.
LINKED = ("pipelines", "exports", "warehouse", "schemas", "sources", "README.md", "Makefile")
COPIED = ("indicators", "docs/examples")

_SIPREV = """#!/bin/sh
PYTHONPATH={folder} exec {python} -c 'import sys; from pipelines.cli import main; del sys.argv[0]; main()' "$0" "$@"
"""
#: What progress says on standard error: a step with its seconds.
_TIMED = re.compile(r".*: \d+\.\d s$")


@dataclass(frozen=True)
class Ran:
    """What a command printed, as a document shows it."""

    status: int
    output: str


class Reader:
    """Somebody who follows one document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        command = folder / ".venv" / "bin" / "siprev"
        command.parent.mkdir(parents=True)
        command.write_text(_SIPREV.format(folder=folder, python=sys.executable), encoding="utf-8")
        command.chmod(0o755)

    @classmethod
    def of(cls, demonstration: Path, folder: Path) -> Reader:
        """A reader who has run the demonstration."""
        reader = cls(folder)
        shutil.copytree(demonstration / "var", folder / "var")
        return reader

    def demonstrate(self) -> Ran:
        """Do as ``make run`` does in a shell that knows nothing of ``.venv``."""
        return self._run([".venv/bin/siprev", "demo"], activated=False)

    def command(self, command: str) -> Ran:
        """Run a line or several of bash; the first that fails ends them."""
        checked = re.sub(r"^make\b(.*)$", rf"make -n -C {ROOT}\1 >/dev/null", command, flags=re.MULTILINE)
        return self._run(["bash", "-euo", "pipefail", "-c", checked])

    def python(self, program: str) -> Ran:
        """Run a Python program."""
        return self._run([sys.executable, "-c", program])

    def query(self, statement: str) -> Ran:
        """Ask the snapshot."""
        return self._run([str(self.folder / ".venv" / "bin" / "siprev"), "query", statement])

    def _run(self, command: list[str], *, activated: bool = True) -> Ran:
        bin_folders = f"{self.folder / '.venv' / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}"
        foreign = ("SIPREV_", "PYTHON", "DAGSTER_", "MAKE")
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(foreign)},
            "PATH": (bin_folders if activated else "") + os.environ["PATH"],
            "SIPREV_ACTOR": "ana",
            "COLUMNS": "100",
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        told = (
            [line for line in done.stderr.splitlines() if not _TIMED.fullmatch(line)]
            if done.returncode
            else []
        )
        output = done.stdout + "".join(f"{line}\n" for line in told)
        return Ran(done.returncode, output.replace(f"{self.folder}/", ""))

    def follow(self, block: Block) -> Ran:
        """Run a block in the way of its language."""
        match block.language:
            case "sql":
                return self.query(block.text)
            case "python":
                return self.python(block.text)
            case _:
                return self.command(block.text)


@dataclass(frozen=True)
class Followed:
    """What came of following a document: what went wrong, and what its output blocks should show."""

    problems: list[str]
    outputs: dict[int, str]


def follow(document: Path, reader: Reader, demonstrated: str) -> Followed:
    """Run all blocks of a document in order and hold what they print against what it shows.

    Args:
        document: The document.
        reader: Who follows it.
        demonstrated: What the demonstration printed.
    """
    problems: list[str] = []
    outputs: dict[int, str] = {}
    last = Ran(0, "")
    for block in blocks(document):
        if block.language in ("bash", "sh", "sql", "python") and "not run" not in block.directives:
            last = reader.follow(block)
            if last.status != int(block.directives.get("exit", "0")):
                problems.append(f"{block.place}: exit status {last.status}\n{last.output}")
        elif "output" in block.directives:
            directive = block.directives["output"]
            printed = demonstrated if directive.startswith("of demo") else last.output
            outputs[block.line] = shown(printed, directive)
            if outputs[block.line] != block.text:
                problems.append(f"{block.place}: shows something else than\n{outputs[block.line]}")
    return Followed(problems, outputs)

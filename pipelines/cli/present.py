"""How results are shown: a table for people, JSON for programs, and lines that say what is going on."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    match value:
        case decimal.Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dt.datetime() | dt.date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set():
            return [plain(v) for v in value]
        case _:
            return value


def as_json(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n")


def text(value: Any) -> str:
    """A value as a table shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float() | decimal.Decimal():
            return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value):,}"
        case list() | tuple():
            return ", ".join(text(v) for v in value)
        case dt.datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case _:
            return str(value)


def table(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None, *, title: str = ""
) -> None:
    """Print rows as a table; years and codes are text and are not given separators."""
    names = list(columns or (rows[0] if rows else ()))
    if title:
        sys.stdout.write(f"\n{title}\n")
    if not rows:
        sys.stdout.write("(nothing)\n")
        return
    cells = [[text(row.get(n)) for n in names] for row in rows]
    numeric = [all(isinstance(r.get(n), int | float | decimal.Decimal | None) for r in rows) for n in names]
    widths = [max(len(n), *(len(row[i]) for row in cells)) for i, n in enumerate(names)]
    for row in [names, ["-" * w for w in widths], *cells]:
        line = "  ".join(
            c.rjust(w) if right else c.ljust(w) for c, w, right in zip(row, widths, numeric, strict=True)
        )
        sys.stdout.write(line.rstrip() + "\n")


def show(
    rows: Sequence[Mapping[str, Any]], *, json_wanted: bool, columns: Sequence[str] | None = None
) -> None:
    """Print rows as a table, or as JSON where it is wanted."""
    if json_wanted:
        as_json(list(rows))
    else:
        table(rows, columns)


class Progress:
    """Lines on standard error that say what is being done and how long it took."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()

    def say(self, line: str) -> None:
        """One line."""
        if not self._quiet:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    @contextmanager
    def step(self, line: str) -> Iterator[None]:
        """A step that may take long: shown when it starts on a terminal, and with its seconds when it ends."""
        started = time.monotonic()
        if self._terminal and not self._quiet:
            sys.stderr.write(f"{line} ...")
            sys.stderr.flush()
        yield
        seconds = time.monotonic() - started
        if not self._quiet:
            start = "\r" if self._terminal else ""
            sys.stderr.write(f"{start}{line}: {seconds:.1f} s\n")
            sys.stderr.flush()

"""How results are shown: a table for people, JSON for programs, and lines that say what is going on."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

#: From here on not every whole number is a float, so that digits would be made up.
_EXACT = 1e15


def plain(value: Any) -> Any:
    """A value as JSON holds it; a whole number has no decimals, whatever its type is."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            whole = abs(value) < _EXACT and value.is_integer()
            return int(value) if whole else value if math.isfinite(value) else None
        case decimal.Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set():
            return [plain(v) for v in value]
        case _:
            return str(value)


def as_json(value: Any) -> None:
    """Print a value as JSON."""
    utf8((json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n").encode())


def utf8(content: bytes) -> None:
    """Print what a program will read: UTF-8, whatever the terminal's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


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


def exactly(value: Any) -> str:
    """A value as it is, not rounded and without separators."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str] | None = None,
    *,
    title: str = "",
    exact: bool = False,
) -> None:
    """Print rows as a table.

    Args:
        rows: The rows.
        columns: Which columns, in which order; those of the first row without it.
        title: Line above the table.
        exact: Show values as they are; otherwise numbers are rounded to two decimals and given separators.
    """
    names = list(columns or (rows[0] if rows else ()))
    if title:
        sys.stdout.write(f"\n{title}\n")
    if not rows:
        sys.stdout.write("(nothing)\n")
        return
    shown = exactly if exact else text
    cells = [[shown(row.get(n)) for n in names] for row in rows]
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

"""The second part of the provider's program: reading, pseudonyms, report and command line.

It runs in Python 3.8 and later on any system, with nothing but the standard library, and never shows a value of a
file. ``assemble`` puts it behind the kinds of identifiers and the words.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.kit.kinds import KINDS, normal, valid
from sources.kit.pseudonymise.words import README, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a key of a provider begins with, so that it is never taken for a national key, nor that for it.
KEY_MARK = "siprev-provider-key:1:"
_KEY = re.compile(re.escape(KEY_MARK) + "([0-9a-f]{64})")
#: Rows that are searched for the header.
HEADER_SEARCH = 60
#: The first line of a file that Excel wrote, which names the separator.
_SEPARATOR = re.compile("sep=.", re.IGNORECASE)


class Stop(Exception):
    """The work ends; a person is told why, and no value of the file."""

    def __init__(self, word: str, status: int = 1, **values: Any) -> None:
        super().__init__(word)
        self.word = word
        self.status = status
        self.values = values

    def told(self, language: str) -> str:
        """What a person is told."""
        return WORDS[language][self.word].format(**self.values)


def new_key(path: Path) -> None:
    """Make a random key in a file that must not exist yet, for its owner alone."""
    try:
        descriptor = os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Stop("key_exists", 2, path=path) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(KEY_MARK + secrets.token_bytes(32).hex() + "\n")


def read_key(path: Path) -> bytes:
    """The key of the provider."""
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        raise Stop("key_missing", 2, path=path) from None
    found = _KEY.fullmatch(text)
    if found is None:
        raise Stop("key_wrong", 2, path=path)
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Stop("key_open", 2, path=path)
    return bytes.fromhex(found[1])


class Identifier:
    """One column with identifiers: its pseudonyms, and what came of its values."""

    def __init__(self, key: bytes, kind: str, unknown: list[str]) -> None:
        """Begin with a column; each kind has a key of its own."""
        self.kind = kind
        self.unknown = frozenset(unknown)
        own = hmac.new(key, ("siprev:pseudonym:" + kind).encode(), hashlib.sha256).digest()
        self._begun = hmac.new(own, digestmod=hashlib.sha256)
        self.counts = {
            "pseudonymised": 0,
            "empty": 0,
            "unknown": 0,
            "not_of_this_kind": 0,
            "check_digit_wrong": 0,
        }

    def replaced(self, value: str) -> str:
        """The pseudonym of a value; nothing for what is empty, unknown or no identifier of this kind."""
        if value.strip() in self.unknown:
            self.counts["unknown"] += 1
            return ""
        form = normal(self.kind, value)
        if form is None:
            self.counts["not_of_this_kind" if value.strip() else "empty"] += 1
            return ""
        self.counts["pseudonymised"] += 1
        self.counts["check_digit_wrong"] += not valid(self.kind, form)
        made = self._begun.copy()
        made.update(form.encode())
        return made.hexdigest()


class Table:
    """A file that is being read: its form, the rows above the header, and its columns."""

    def __init__(self, path: Path, layouts: list[dict[str, Any]]) -> None:
        """Find the layout that the file has."""
        self.path = path
        csv.field_size_limit(1 << 24)
        found = [(layout, self._head(layout)) for layout in layouts]
        fitting = [(la, head) for la, head in found if head and set(_names(la, head[1])) == set(_columns(la))]
        if not fitting:
            # the one that lacks least is the one that was meant
            seen = [(la, _names(la, head[1]) if head else []) for la, head in found]
            layout, names = min(seen, key=lambda one: sum(c not in one[1] for c in _columns(one[0])))
            raise Stop(
                "columns",
                missing=", ".join(c for c in _columns(layout) if c not in names) or "-",
                more=sum(1 for n in names if n not in _columns(layout)),
            )
        self.layout, (self.above, self.header) = fitting[0]
        if len(set(self.header)) < len(self.header):
            raise Stop("columns_twice")

    def _head(self, layout: dict[str, Any]) -> tuple[list[list[str]], list[str]] | None:
        """The rows above the header and the header, if this is its layout."""
        above: list[list[str]] = []
        with suppress(UnicodeError, csv.Error):
            for row in self._rows(layout):
                wanted = layout["header"]
                if not above and _SEPARATOR.fullmatch(layout["delimiter"].join(row)):
                    above.append(row)
                    continue
                if wanted is None or set(wanted) <= set(_names(layout, row)):
                    return above, row
                above.append(row)
                if len(above) > HEADER_SEARCH:
                    return None
        return None

    def _rows(self, layout: dict[str, Any]) -> Iterator[list[str]]:
        with self.path.open(encoding=layout["encoding"], newline="") as file:
            yield from csv.reader(map(_without_end_mark, file), **_dialect(layout), strict=True)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each row after the header."""
        try:
            for number, row in enumerate(self._rows(self.layout), start=1):
                if number <= len(self.above) + 1 or not row:
                    continue
                if len(row) != len(self.header):
                    raise Stop("fields", row=number, found=len(row), wanted=len(self.header))
                yield number, row
        except UnicodeError:
            raise Stop("encoding", encoding=self.layout["encoding"]) from None
        except csv.Error:
            raise Stop("quotes") from None


def _without_end_mark(line: str) -> str:
    """A line without the sign that old systems put behind the last one (Ctrl-Z)."""
    bare = line.rstrip("\x1a")
    return "" if "\x1a" in line and not bare.strip("\x1a\r\n") else bare


def _dialect(layout: dict[str, Any]) -> dict[str, Any]:
    quote = layout["quote"]
    return {
        "delimiter": layout["delimiter"],
        "quotechar": quote or None,
        "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    }


def _names(layout: dict[str, Any], row: list[str]) -> list[str]:
    return [name.strip() if layout["trimmed"] else name for name in row]


def _columns(layout: dict[str, Any]) -> list[str]:
    return [*layout["open"], *layout["identifier"], *layout["restricted"]]


def pseudonymise(source: dict[str, Any], path: Path, output: Path, key: bytes) -> dict[str, Any]:
    """Write the file with pseudonyms instead of identifiers and without its restricted columns.

    Returns:
        The report: counts and hashes, no value.
    """
    table = Table(path, source["layouts"])
    layout = table.layout
    names = _names(layout, table.header)
    kept = [i for i, name in enumerate(names) if name not in layout["restricted"]]
    columns = {
        i: Identifier(key, **layout["identifier"][name])
        for i, name in enumerate(names)
        if name in layout["identifier"]
    }
    encoding = "utf-8" if layout["encoding"] == "utf-8-sig" else layout["encoding"]
    unfinished, rows = output.with_name(output.name + ".part"), 0
    try:
        with unfinished.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n", **_dialect(layout))
            # above the header every cell stays where it is: titles and dates of edition are read there
            writer.writerows([*table.above, [table.header[i] for i in kept]])
            for _, row in table.rows():
                writer.writerow([columns[i].replaced(row[i]) if i in columns else row[i] for i in kept])
                rows += 1
        unfinished.replace(output)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return {
        "source": source["source"],
        "layout": layout["id"],
        "file": path.name,
        "written": output.name,
        "sha256": _sha256(output),
        "rows": rows,
        "columns_kept": len(kept),
        "columns_dropped": sorted(layout["restricted"]),
        "identifiers": {names[i]: {"kind": c.kind, **c.counts} for i, c in sorted(columns.items())},
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


def told(report: dict[str, Any], language: str) -> str:
    """The report for a person."""
    words = WORDS[language]
    lines = [words["done"].format(**report)]
    if report["columns_dropped"]:
        lines.append(words["dropped"].format(columns=", ".join(report["columns_dropped"])))
    for name, counts in report["identifiers"].items():
        kind = counts["kind"]
        title = words.get("kind_" + kind) or KINDS[kind].title
        lines.append(words["column"].format(column=name, title=title, **counts))
    return "\n".join(lines)


def run(source: dict[str, Any], path: Path, output: Path | None, key: Path) -> dict[str, Any]:
    """Pseudonymise a file and write the report beside the result.

    Returns:
        The report.
    """
    if not path.is_file():
        raise Stop("no_file", 2, path=path)
    target = output or path.with_name(path.stem + ".pseudonyms" + path.suffix)
    if target.exists() and target.resolve() == path.resolve():
        raise Stop("same_file", 2, path=path)
    report = pseudonymise(source, path, target, read_key(key))
    with target.with_name(target.name + ".report.json").open("w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
        file.write("\n")
    return report


def main(source: dict[str, Any], arguments: list[str] | None = None) -> int:
    """Run the program; the exit status: 0 done, 1 the file stopped it, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    words = WORDS[source["language"]]
    parser = argparse.ArgumentParser(prog="siprev_pseudonymise.py", description=words["description"])
    parser.add_argument("file", nargs="?", type=Path, help=words["help_file"])
    parser.add_argument("-o", "--output", type=Path, help=words["help_output"])
    parser.add_argument("--key", type=Path, default=Path("siprev_provider.key"), help=words["help_key"])
    parser.add_argument("--new-key", action="store_true", help=words["help_new_key"])
    parser.add_argument("--readme", action="store_true", help=words["help_readme"])
    given = parser.parse_args(arguments)
    try:
        if given.readme:
            sys.stdout.write("\n\n".join(README[language] for language in ("es", "pt", "en")) + "\n")
        elif given.new_key:
            new_key(given.key)
            sys.stdout.write(words["key_made"].format(path=given.key) + "\n")
        elif given.file is None:
            parser.print_help()
            return 2
        else:
            report = run(source, given.file, given.output, given.key)
            sys.stdout.write(told(report, source["language"]) + "\n")
    except Stop as stop:
        sys.stderr.write(stop.told(source["language"]) + "\n")
        return stop.status
    return 0

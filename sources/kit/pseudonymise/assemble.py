"""The provider's program as one file, with the columns of one source built in."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any, cast

from schemas.errors import Misuse
from sources.kit import kinds
from sources.kit.discovery import Source
from sources.kit.forms import CsvForm
from sources.kit.pseudonymise import program, words
from sources.kit.specification import Join, Languages, Layout
from sources.kit.tables import Table
from sources.kit.words import Hmac

_HEAD = '''#!/usr/bin/env python3
"""Pseudonymise a file of the source {source} before it is sent; see --readme (es, pt, en).

Made by siprev; needs Python 3.8 or later and nothing else. Do not edit it: ask for a new one.
"""
'''
_FOOT = """

#: What was agreed on about the source.
SOURCE = json.loads({declared!r})

if __name__ == "__main__":
    sys.exit(main(SOURCE))
"""


def declared(source: Source, language: Languages) -> dict[str, Any]:
    """What the program has to know of a source.

    Raises:
        Misuse: The source has no identifiers and no restricted columns, its files are not plain CSV, or the
            declarations of its joined tables do not go together.
    """
    if not source.specification.holds_personal_data:
        raise Misuse(
            f"{source.id} declares no identifiers and no restricted columns: there is nothing to pseudonymise",
            where=str(source.folder / "source.yml"),
            how="send its files as they are, or declare the columns",
            code="nothing_to_pseudonymise",
        )
    layouts = [
        layout for layout in source.specification.layouts if all(_is_plain(t) for t in _tables(layout))
    ]
    if not layouts:
        raise Misuse(
            f"{source.id} does not come as CSV with one header row and nothing below the table (joined tables too), "
            "and the program reads nothing else",
            where=str(source.folder / "source.yml"),
            how="agree with the provider on CSV and declare a layout for it",
            code="not_csv",
        )
    for layout in layouts:
        _require_same_pseudonyms(source, layout)
    tables = [described for layout in layouts for described in _described(layout)]
    _require_told_apart(source, tables)
    return {"source": source.id, "language": language, "layouts": tables}


def _tables(layout: Layout) -> list[Table]:
    """The leading table of a layout and the joined ones: the provider has a file for each."""
    return [layout, *layout.join]


def _is_plain(table: Table) -> bool:
    """Whether a program of the standard library alone can read a table."""
    form = table.file
    # a member of an archive is a file by itself where tables are joined
    packed = form.member is not None and isinstance(table, Layout) and not table.join
    if not isinstance(form, CsvForm) or form.footer or form.short_rows or form.formula_text or packed:
        return False
    return form.header is None or (form.header.rows == 1 and not form.header.unnamed)


def _require_same_pseudonyms(source: Source, layout: Layout) -> None:
    """Hold that what two tables are joined by is still equal when both are pseudonymised.

    Raises:
        Misuse: A column is an identifier in one of them alone, or of two kinds.
    """
    kinds = layout.every.identifier
    for join in layout.join:
        for ours, theirs in join.pairs.items():
            one, other = kinds.get(ours), join.columns.identifier.get(theirs)
            if one != other:
                raise Misuse(
                    f"{ours} ({one or 'open'}) is joined with {join.called(theirs)} ({other or 'open'}): pseudonyms of "
                    "two kinds are never equal, and the tables would fall apart",
                    where=f"{source.folder / 'source.yml'}, layout {layout.id}",
                    how="declare both columns as identifiers of one kind, or both as open",
                    code="joined_by_two_kinds",
                )


def _require_told_apart(source: Source, tables: list[dict[str, Any]]) -> None:
    """Hold that the columns of a file tell how it is pseudonymised.

    Raises:
        Misuse: Two tables have the same columns and treat them otherwise.
    """
    seen: dict[frozenset[str], dict[str, Any]] = {}
    for table in tables:
        columns = frozenset([*table["open"], *table["identifier"], *table["restricted"]])
        before = seen.setdefault(columns, table)
        if any(before[how] != table[how] for how in ("identifier", "restricted")):
            raise Misuse(
                f"two tables have the same columns and other identifiers or restricted ones: {before['id']} and "
                f"{table['id']}",
                where=str(source.folder / "source.yml"),
                how="declare the columns of both alike: the program knows a file by its columns alone",
                code="tables_alike",
            )


def _described(layout: Layout) -> Iterator[dict[str, Any]]:
    """What the program has to know of each table of a layout."""
    unknown = {v.hmac: v.unknown for v in layout.map.values() if isinstance(v, Hmac)}
    for table in _tables(layout):
        form = cast(CsvForm, table.file)
        called = table.called if isinstance(table, Join) else str
        yield {
            "id": f"{layout.id}.{table.name}" if isinstance(table, Join) else layout.id,
            "encoding": "utf-8-sig" if form.encoding == "utf-8" else form.encoding,
            "delimiter": form.delimiter,
            "quote": form.quote,
            "header": form.header.contains if form.header else None,
            "trimmed": table.names == "trimmed",
            "open": table.columns.open,
            "identifier": {
                name: {"kind": kind, "unknown": unknown.get(called(name), [])}
                for name, kind in table.columns.identifier.items()
            },
            "restricted": table.columns.restricted,
        }


def assemble(source: Source, language: Languages) -> str:
    """The whole program.

    Raises:
        Misuse: As ``declared``.
    """
    parts = [_body(module) for module in (kinds, words, program)]
    imports = sorted({line for lines, _ in parts for line in lines})
    text = json.dumps(declared(source, language), ensure_ascii=True, sort_keys=True)
    head = (
        _HEAD.format(source=source.id)
        + "\nfrom __future__ import annotations\n\n"
        + "\n".join(imports)
        + "\n\n"
    )
    return head + "\n\n".join(body for _, body in parts) + _FOOT.format(declared=text)


def _body(module: ModuleType) -> tuple[list[str], str]:
    """Imports of the standard library of a module, and its text without docstring and imports."""
    text = inspect.getsource(module)
    lines = text.splitlines()
    tree = ast.parse(text)
    imports = []
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and node is tree.body[0]
        if docstring or isinstance(node, ast.Import | ast.ImportFrom):
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            of_ours = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
                "sources",
                "__future__",
            )
            if not docstring and not of_ours:
                imports += [ast.unparse(node)]
            lines[first:last] = [""] * (last - first)
    return imports, "\n".join(lines).strip() + "\n"

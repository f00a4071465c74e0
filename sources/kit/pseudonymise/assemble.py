"""The provider's program as one file, with the columns of one source built in."""

from __future__ import annotations

import ast
import inspect
import json
from types import ModuleType
from typing import Any

from schemas.errors import Misuse
from sources.kit import kinds
from sources.kit.discovery import Source
from sources.kit.forms import CsvForm
from sources.kit.pseudonymise import program, words
from sources.kit.specification import Languages, Layout
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
        Misuse: The source has no identifiers and no restricted columns, or its files are not plain CSV.
    """
    plain = [(layout, _plain(layout)) for layout in source.specification.layouts]
    layouts = [_layout(layout, form) for layout, form in plain if form is not None]
    if not source.specification.holds_personal_data:
        raise Misuse(
            f"{source.id} declares no identifiers and no restricted columns: there is nothing to pseudonymise",
            where=str(source.folder / "source.yml"),
            how="send its files as they are, or declare the columns",
            code="nothing_to_pseudonymise",
        )
    if not layouts:
        raise Misuse(
            f"{source.id} does not come as CSV with one header row and nothing below the table, and the program reads "
            "nothing else",
            where=str(source.folder / "source.yml"),
            how="agree with the provider on CSV and declare a layout for it",
            code="not_csv",
        )
    return {"source": source.id, "language": language, "layouts": layouts}


def _plain(layout: Layout) -> CsvForm | None:
    """How a layout is read, where a program of the standard library alone can read it; else None."""
    form = layout.file
    if (
        not isinstance(form, CsvForm)
        or form.footer
        or form.short_rows
        or form.formula_text
        or form.member
        or layout.join
    ):
        return None
    return form if form.header is None or (form.header.rows == 1 and not form.header.unnamed) else None


def _layout(layout: Layout, form: CsvForm) -> dict[str, Any]:
    unknown = {v.hmac: v.unknown for v in layout.map.values() if isinstance(v, Hmac)}
    return {
        "id": layout.id,
        "encoding": "utf-8-sig" if form.encoding == "utf-8" else form.encoding,
        "delimiter": form.delimiter,
        "quote": form.quote,
        "header": form.header.contains if form.header else None,
        "trimmed": layout.names == "trimmed",
        "open": layout.columns.open,
        "identifier": {
            name: {"kind": kind, "unknown": unknown.get(name, [])}
            for name, kind in layout.columns.identifier.items()
        },
        "restricted": layout.columns.restricted,
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

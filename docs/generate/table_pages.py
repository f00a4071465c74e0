"""The page of the warehouse: every table, view and macro of the snapshot with its columns."""

from __future__ import annotations

from itertools import groupby

from docs.generate.markdown import code, page, table
from warehouse import ddl
from warehouse.declared import Macro, Table, View

#: Schemas in the words of a reader; one without words shows its name alone.
_SCHEMAS = {
    "meta": "what was delivered, when, by whom, with what result, and which slices hold",
    "ref": "code lists and areas",
    "core": "the facts, one set of objects for every record type",
    "quarantine": "records that broke a rule",
    "indicator": "indicator values, the contract for everyone downstream",
}

#: Objects whose columns are those of the view that is named like them without the ending.
_REPEATED, _ENDINGS = ("core", "indicator"), ("_row", "_history", "_dense")

_INTRODUCTION = """\
What a snapshot holds. `DESCRIBE core.incident` shows the columns of one table, and every table and column carries this
text as a COMMENT. A view without ending shows what is current, `*_history` every version with its batches,
`*_as_of(batch)` an earlier state. Columns of type `ENUM:list` hold the codes of a [code list](en/code-lists.md)."""


def rendered() -> str:
    """The page."""
    structure = ddl.structure()
    objects: list[Table | View | Macro] = [*structure.tables, *structure.views]
    parts: list[str] = []
    for schema, inside in groupby(sorted(objects, key=_place), key=lambda o: o.schema):
        parts.append(f"## Schema {schema}" + (f": {_SCHEMAS[schema]}" if schema in _SCHEMAS else ""))
        for found in inside:
            parts += _described(found)
    return page("Tables of the warehouse", _INTRODUCTION, *parts)


def _place(found: Table | View | Macro) -> tuple[str, str]:
    return found.schema, found.name


def _described(found: Table | View | Macro) -> list[str]:
    if isinstance(found, Macro):
        return [f"### {found.schema}.{found.name}({', '.join(found.parameters)})", f"{found.comment}."]
    if found.schema in _REPEATED and found.name.endswith(_ENDINGS):
        return [f"### {found.schema}.{found.name}", f"{found.comment}."]
    rows = [(code(c.name), code(c.sql_type), c.comment) for c in found.columns]
    return [
        f"### {found.schema}.{found.name}",
        f"{found.comment}.",
        table(["Column", "Type", "Meaning"], rows),
    ]

"""Schema ``ref``: code lists and areas, with the batches in which each entry held."""

from __future__ import annotations

from warehouse.declared import Column, Macro, Table, View, columns_of, path

_VALIDITY = (
    Column("from_batch", "INTEGER", "First batch in which the entry holds", required=True),
    Column("to_batch", "INTEGER", "First batch in which it no longer holds; NULL while it holds"),
)

_CODE = (
    Column(
        "list",
        "VARCHAR",
        "Name of the code list; the ENUM type of its codes is ref.code_<list>",
        required=True,
    ),
    Column("code", "VARCHAR", "Code", required=True),
    Column("parent", "VARCHAR", "Code of the class that contains it"),
    Column("label_es", "VARCHAR", "Label in Spanish"),
    Column("label_en", "VARCHAR", "Label in English"),
    Column("label_pt", "VARCHAR", "Label in Portuguese"),
    Column("valid_from", "DATE", "First day on which the code is in use; NULL where the list does not say"),
    Column("valid_to", "DATE", "Last day on which the code is in use; NULL while it is"),
    Column("evidence", "VARCHAR", "official, secondary or needs_review: where code and meaning come from"),
    Column("position", "INTEGER", "Place in the list", required=True),
)

CODE_ROW = Table(
    "ref", "code_row", "Codes of all lists, in every version with its batches", (*_CODE, *_VALIDITY)
)

_AREA = (
    Column(
        "area_code",
        "VARCHAR",
        "Published code: ISO alpha-3, or that, a hyphen and the statistics office's code",
        required=True,
    ),
    Column("area_level", "ENUM:area_level", "Level in the hierarchy", required=True),
    Column("parent_code", "VARCHAR", "Code of the area that contains it"),
    Column("country", "VARCHAR", "Country, ISO 3166-1 alpha-3"),
    Column("name_es", "VARCHAR", "Name in Spanish, or the official name"),
    Column("name_en", "VARCHAR", "Name in English, or the official name"),
    Column("name_pt", "VARCHAR", "Name in Portuguese, or the official name"),
    Column("boundary_version", "VARCHAR", "Version of the territorial division"),
    Column(
        "valid_from", "DATE", "First day on which the area exists in this form; NULL where it is not told"
    ),
    Column("valid_to", "DATE", "Last day on which it exists in this form; NULL while it does"),
    Column("evidence", "VARCHAR", "official, secondary or needs_review: where code and name come from"),
)

AREA_ROW = Table(
    "ref",
    "area_row",
    "Areas of the reference lists that come with the system, in every version with its batches",
    (*_AREA, *_VALIDITY),
)

_SOURCE = Column("source_id", "VARCHAR", "Source that delivered the area; NULL for the reference lists")

TABLES = (CODE_ROW, AREA_ROW)


def _areas(condition: str, delivered: str) -> str:
    """Delivered areas, and those of the reference lists that no source has delivered in the same division."""
    return f"""
        WITH delivered AS (
            SELECT area_code, area_level, parent_code, split_part(area_code, '-', 1) AS country,
                name AS name_es, name AS name_en, name AS name_pt, boundary_version, valid_from, valid_to,
                'official' AS evidence, source_id
            FROM {delivered}
        )
        SELECT {columns_of(_AREA, "r")}, NULL::VARCHAR AS source_id
        FROM {AREA_ROW.path} AS r
        ANTI JOIN delivered AS d
            ON d.area_code = r.area_code AND d.boundary_version IS NOT DISTINCT FROM r.boundary_version
        WHERE {condition}
        UNION ALL
        SELECT {columns_of((*_AREA, _SOURCE), "d")} FROM delivered AS d
    """


def _codes(condition: str) -> str:
    return f"SELECT {columns_of(_CODE, 'r')} FROM {CODE_ROW.path} AS r WHERE {condition}"


_NOW = "r.to_batch IS NULL"
_THEN = "r.from_batch <= as_of AND (r.to_batch IS NULL OR r.to_batch > as_of)"

VIEWS = (
    View(
        "ref",
        "code",
        "Codes and labels of all code lists, as they are now",
        tuple(c.optional() for c in _CODE),
        _codes(_NOW),
    ),
    View(
        "ref",
        "area",
        "Areas as they are known now: those that sources delivered, and the reference lists",
        tuple(c.optional() for c in (*_AREA, _SOURCE)),
        _areas(_NOW, path("core", "area")),
    ),
)

MACROS = (
    Macro("ref", "code_as_of", "Codes and labels of all code lists as of a batch", ("as_of",), _codes(_THEN)),
    Macro(
        "ref",
        "area_as_of",
        "Areas as they were known as of a batch",
        ("as_of",),
        _areas(_THEN, f"{path('core', 'area_as_of')}(as_of)"),
    ),
)

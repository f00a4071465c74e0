"""Schema ``ref``: code lists, areas, groups of countries and standard populations, with the batches of each entry."""

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
    Column("successor", "VARCHAR", "Code to use after valid_to; NULL where there is none"),
    Column("evidence", "VARCHAR", "official, secondary or needs_review: where code and meaning come from"),
    Column("note", "VARCHAR", "For people: where the entry comes from, why a code ended"),
    Column("position", "INTEGER", "Place in the list", required=True),
)

CODE_ROW = Table(
    "ref",
    "code_row",
    "Codes of all lists, in every version with its batches; a code with two meanings in time has two rows",
    (*_CODE, *_VALIDITY),
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

_MEMBERSHIP = (
    Column("group_code", "VARCHAR", "Group of countries, a code of ref.area", required=True),
    Column("member_code", "VARCHAR", "Country, ISO 3166-1 alpha-3", required=True),
    Column("valid_from", "DATE", "First day of the status; NULL where it has no beginning"),
    Column("valid_to", "DATE", "Last day of the status; NULL while it holds"),
    Column("status", "ENUM:membership_status", "member, or suspended", required=True),
    Column("evidence", "VARCHAR", "official, secondary or needs_review: where the dates come from"),
    Column("note", "VARCHAR", "For people: what the dates are, and what is not confirmed"),
)

MEMBERSHIP_ROW = Table(
    "ref",
    "membership_row",
    "Members of groups of countries in time, in every version with its batches",
    (*_MEMBERSHIP, *_VALIDITY),
)

_STANDARD = (
    Column("standard", "ENUM:standard_population", "Standard population", required=True),
    Column("age_from", "INTEGER", "First completed year of the age group", required=True),
    Column("age_to", "INTEGER", "Last completed year; NULL in the oldest, open-ended group"),
    Column("weight", "DECIMAL(12, 3)", "Weight as its author gives it, in the author's unit", required=True),
)

STANDARD_ROW = Table(
    "ref",
    "standard_population_row",
    "Weights of standard populations, in every version with its batches",
    (*_STANDARD, *_VALIDITY),
)

#: The share is computed here, so that nobody divides by a round number that the weights do not add up to.
_SHARE = Column(
    "share", "DOUBLE", "Weight divided by the sum of the standard's weights: the shares add up to 1"
)

TABLES = (CODE_ROW, AREA_ROW, MEMBERSHIP_ROW, STANDARD_ROW)


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
    """One row for each code, so that joining labels doubles nothing: of several meanings the last."""
    return f"""
        SELECT {columns_of(_CODE, "r")} FROM {CODE_ROW.path} AS r WHERE {condition}
        QUALIFY row_number() OVER (PARTITION BY r.list, r.code ORDER BY r.valid_from DESC NULLS LAST) = 1
    """


def _memberships(condition: str) -> str:
    return f"SELECT {columns_of(_MEMBERSHIP, 'r')} FROM {MEMBERSHIP_ROW.path} AS r WHERE {condition}"


def _standards(condition: str) -> str:
    return f"""
        SELECT {columns_of(_STANDARD, "r")},
            r.weight::DOUBLE / sum(r.weight) OVER (PARTITION BY r.standard)::DOUBLE AS share
        FROM {STANDARD_ROW.path} AS r WHERE {condition}
    """


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
    View(
        "ref",
        "membership",
        "Which countries belong to which group, and since when",
        tuple(c.optional() for c in _MEMBERSHIP),
        _memberships(_NOW),
    ),
    View(
        "ref",
        "standard_population",
        "Standard populations: weights as given and shares that add up to 1",
        tuple(c.optional() for c in (*_STANDARD, _SHARE)),
        _standards(_NOW),
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
    Macro(
        "ref",
        "membership_as_of",
        "Which countries belonged to which group, as it was known as of a batch",
        ("as_of",),
        _memberships(_THEN),
    ),
    Macro(
        "ref",
        "standard_population_as_of",
        "Standard populations as of a batch",
        ("as_of",),
        _standards(_THEN),
    ),
)

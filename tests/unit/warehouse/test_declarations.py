"""Everything in the two files is declared once and described; the contract's columns are all there."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from schemas import codelists, record_type
from tests.integration.warehouse.staged import utc
from warehouse import ddl, structure
from warehouse.declarations import facts, indicator
from warehouse.declared import held

#: Columns of indicator.value that others rely on, in the words of the design.
CONTRACT = (
    "indicator",
    "indicator_version",
    "ref_area",
    "area_level",
    "boundary_version",
    "freq",
    "time_period",
    "sex",
    "age",
    "mechanism",
    "relationship",
    "context",
    "urbanisation",
    "ethnicity",
    "migration",
    "institution",
    "offence",
    "form",
    "place_basis",
    "date_basis",
    "source_type",
    "population_source",
    "estimate_type",
    "obs_value",
    "numerator",
    "denominator",
    "numerator_unit",
    "denominator_unit",
    "ci_lower",
    "ci_upper",
    "ci_method",
    "ci_meaning",
    "std_error",
    "sample_size",
    "effective_sample_size",
    "coverage",
    "population_covered",
    "areas_reporting",
    "areas_expected",
    "unknown_share",
    "quality",
    "quality_reason",
    "obs_status",
    "revision_status",
    "series_break",
    "comparability",
    "validated_by",
    "cutoff_date",
    "conf_status",
    "unit_measure",
    "unit_mult",
    "decimals",
    "source",
    "comment",
    "catalogue_version",
    "vintage",
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Both files in memory."""
    with duckdb.connect() as made:
        made.execute("ATTACH ':memory:' AS restricted")
        structure.bring_into_line(made, ddl.structure(), structure.declared_codes(), utc(2024, 1, 1))
        yield made


@pytest.mark.parametrize("kind", ["duckdb_tables", "duckdb_views", "duckdb_columns"])
def test_everything_has_a_description(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    ours = "schema_name IN ('meta', 'ref', 'core', 'quarantine', 'indicator', 'mart') AND NOT internal"
    total = connection.execute(f"SELECT count(*) FROM {kind}() WHERE {ours}").fetchone()
    assert total is not None
    assert total[0] > 10
    bare = connection.execute(f"FROM {kind}() WHERE {ours} AND coalesce(comment, '') = ''").fetchall()
    assert bare == []


def test_every_macro_has_a_description(connection: duckdb.DuckDBPyConnection) -> None:
    macros = connection.execute(
        "SELECT schema_name || '.' || function_name, comment FROM duckdb_functions()"
        " WHERE ends_with(function_name, '_as_of')"
    ).fetchall()
    kinds = [f"{name}{which}" for name in record_type.names() for which in ("", "_replaced")]
    expected = {f"core.{kind}_as_of" for kind in kinds} | {
        "meta.report_status_as_of",
        *(f"meta.coverage_{by}_as_of" for by in ("month", "provider", "unit", "area", "span")),
        "meta.rule_state_as_of",
        "meta.scorecard_as_of",
        "meta.ticket_as_of",
        "quarantine.current_as_of",
        "quarantine.record_as_of",
        "quarantine.unreadable_as_of",
        "indicator.value_as_of",
        "indicator.value_dense_as_of",
        "ref.code_as_of",
        "ref.area_as_of",
        "ref.membership_as_of",
        "ref.standard_population_as_of",
    }
    assert {name for name, _ in macros} == expected
    assert all(comment for _, comment in macros)


def test_views_have_the_declared_columns(connection: duckdb.DuckDBPyConnection) -> None:
    views = [v for v in ddl.structure().views if hasattr(v, "columns")]
    assert len(views) > 10
    for view in views:
        found = [row[0] for row in connection.execute(f"DESCRIBE {view.path}").fetchall()]
        assert found == [c.name for c in view.columns], view.path


@pytest.mark.parametrize("relation", ["indicator.value", "indicator.value_dense"])
def test_the_contract_of_indicator_values(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    described = connection.execute(f"DESCRIBE {relation}").fetchall()
    assert [row[0] for row in described] == list(CONTRACT)
    stored = {c.name: c for c in (*indicator.KEY, *indicator.VALUES)}
    enums = {row[0] for row in described if row[1].startswith("ENUM")}
    assert enums == {name for name, column in stored.items() if column.codelist}


def test_every_list_is_a_type(connection: duckdb.DuckDBPyConnection) -> None:
    types = connection.execute(
        "SELECT type_name, labels FROM duckdb_types() WHERE schema_name = 'ref' AND logical_type = 'ENUM'"
    ).fetchall()
    assert dict(types) == {f"code_{n}": list(codelists.load(n).codes) for n in codelists.names()}


@pytest.mark.parametrize("name", record_type.names())
def test_restricted_fields_are_in_the_restricted_file_only(
    connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    kind = record_type.load(name)
    main = {row[0] for row in connection.execute(f"DESCRIBE core.{name}_row").fetchall()}
    shown = {row[0] for row in connection.execute(f"DESCRIBE core.{name}").fetchall()}
    assert not (main | shown) & {f.name for f in kind.tier("restricted")}
    assert {f.name for f in kind.tier("open")} <= shown
    restricted = facts.restricted_table(kind)
    assert (restricted is None) == (not kind.tier("restricted"))
    if restricted:
        hidden = {row[0] for row in connection.execute(f"DESCRIBE {restricted.path}").fetchall()}
        assert hidden == {"slice_version", "row_number", "row_part"}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "seen_as_of"),
    [(1, None, [1, 2, 3]), (2, None, [2, 3]), (1, 2, [1]), (1, 3, [1, 2]), (2, 2, [])],
)
def test_when_a_row_holds(valid_from: int, valid_to: int | None, seen_as_of: list[int]) -> None:
    end = "NULL" if valid_to is None else str(valid_to)
    query = f"FROM (SELECT {valid_from} AS valid_from, {end}::INTEGER AS valid_to) AS r WHERE {{}}"
    seen = [b for b in (1, 2, 3) if duckdb.execute(query.format(held("r", str(b)))).fetchall()]
    assert seen == seen_as_of

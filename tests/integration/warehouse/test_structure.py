"""The files are brought into line with the declarations, and nothing in them is lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from schemas import record_type
from schemas.errors import Misuse
from schemas.record_type import Field
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record
from warehouse import ddl, migrations, reference, structure
from warehouse.database import Warehouse
from warehouse.declarations.reference import CODE_ROW
from warehouse.home import Home
from warehouse.migrations import Migration

JAN = staged.months(1)[0]
NOW = staged.utc(2024, 1, 1)


def loaded(home: Home, template: Home) -> None:
    """A warehouse with one record."""
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered([Record(JAN, fields={"sex": "F"})]))


def test_opening_again_changes_nothing(home: Home, template: Home) -> None:
    loaded(home, template)
    before = home.warehouse.read_bytes()
    with staged.open_warehouse(home) as warehouse:
        assert not structure.bring_into_line(
            warehouse.connection, ddl.structure(), structure.declared_codes(), NOW
        )
    assert home.warehouse.read_bytes() == before


def test_a_list_that_gains_a_code_is_widened(home: Home, template: Home) -> None:
    loaded(home, template)
    codes = dict(structure.declared_codes())
    codes["sex"] = ("NEW", *codes["sex"])
    with Warehouse.open(home, "test", codes=codes) as warehouse:
        connection = warehouse.connection
        assert connection.execute("SELECT sex FROM core.person_role").fetchall() == [("F",)]
        staged.ingest(warehouse, Delivered([Record(JAN, fields={"sex": "NEW"})]))
        assert connection.execute("SELECT sex FROM core.person_role").fetchall() == [("NEW",)]
        assert connection.execute("SELECT sex FROM core.person_role_as_of(1)").fetchall() == [("F",)]
        described = connection.execute(
            "SELECT table_name FROM duckdb_columns()"
            " WHERE column_name = 'sex' AND schema_name = 'core' AND comment IS NULL"
        ).fetchall()
        assert described == []
    with staged.open_warehouse(home) as warehouse:
        # a code that a list loses stays a value of the type: history has it
        assert warehouse.connection.execute("SELECT sex FROM core.person_role").fetchall() == [("NEW",)]


def test_a_field_that_is_added_becomes_a_column(home: Home, template: Home) -> None:
    loaded(home, template)
    known = {name: record_type.load(name) for name in record_type.names()}
    added = Field("weather", "VARCHAR", "", "open", False, {"es": "Tiempo", "en": "Weather", "pt": "Tempo"})
    wider = replace(known["person_role"], fields=(*known["person_role"].fields, added))
    with Warehouse.open(home, "test", record_types={**known, "person_role": wider}.values()) as warehouse:
        rows = warehouse.connection.execute("SELECT sex, weather FROM core.person_role").fetchall()
        assert rows == [("F", None)]
        comment = warehouse.connection.execute(
            "SELECT DISTINCT comment FROM duckdb_columns() WHERE column_name = 'weather'"
        ).fetchall()
        assert comment == [("Weather",)]


def test_migrations_are_applied_once_and_in_order(home: Home, template: Home) -> None:
    loaded(home, template)
    steps = (
        Migration(3, "third", ("UPDATE meta.batch SET kind = kind || '-3'",)),
        Migration(2, "second", ("UPDATE meta.batch SET kind = kind || '-2'",)),
    )
    with staged.open_warehouse(home) as warehouse:
        for _ in range(2):
            structure.bring_into_line(
                warehouse.connection, ddl.structure(), structure.declared_codes(), NOW, steps
            )
        connection = warehouse.connection
        assert connection.execute("SELECT kind FROM meta.batch").fetchall() == [("ingest-2-3",)]
        assert connection.execute("SELECT version FROM meta.schema_version ORDER BY 1").fetchall() == [
            (1,),
            (2,),
            (3,),
        ]


def test_a_migration_that_fails_leaves_the_file_as_it_was(home: Home, template: Home) -> None:
    loaded(home, template)
    steps = (Migration(2, "fails", ("UPDATE meta.batch SET kind = 'x'", "SELECT * FROM nothing")),)
    with staged.open_warehouse(home) as warehouse:
        with pytest.raises(duckdb.CatalogException):
            structure.bring_into_line(
                warehouse.connection, ddl.structure(), structure.declared_codes(), NOW, steps
            )
        assert warehouse.connection.execute("SELECT kind FROM meta.batch").fetchall() == [("ingest",)]
        assert migrations.version(warehouse.connection) == 1


def test_a_newer_file_is_left_alone(home: Home, template: Home) -> None:
    loaded(home, template)
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("INSERT INTO meta.schema_version VALUES (99, now()::TIMESTAMP)")
    before = home.warehouse.read_bytes()
    with pytest.raises(Misuse, match="later version") as refused:
        staged.open_warehouse(home)
    assert refused.value.exit_status == 2
    assert home.warehouse.read_bytes() == before


@pytest.mark.parametrize("lost", ["restricted.duckdb", "warehouse.duckdb"])
def test_a_lost_file_is_not_made_anew(home: Home, template: Home, lost: str) -> None:
    loaded(home, template)
    (home.path / lost).unlink()
    with pytest.raises(Misuse, match=f"{lost} is missing"):
        staged.open_warehouse(home)
    assert not (home.path / lost).exists()


def test_a_first_opening_that_was_cut_off_is_repeated(home: Home) -> None:
    home.create()
    duckdb.connect(home.warehouse).close()
    with staged.open_warehouse(home) as warehouse:
        assert warehouse.last_batch() == 0
    assert home.restricted.is_file()


def test_code_lists_have_a_history(warehouse: Warehouse) -> None:
    def entries(label: str) -> reference.Rows:
        return [("sex", "F", None, label, label, label, None, date(2024, 1, 1), None, "official", "why", 1)]

    def bring(rows: reference.Rows) -> None:
        reference.bring_into_line(warehouse.connection, [("code lists", CODE_ROW, lambda: rows)])

    staged.ingest(warehouse, Delivered([Record(JAN)]))
    bring(entries("before"))
    bring(entries("before"))
    staged.ingest(warehouse, Delivered([Record(JAN)]))
    bring(entries("after"))
    staged.ingest(warehouse, Delivered([Record(JAN)]))
    labels = {
        b: warehouse.connection.execute(f"SELECT label_en FROM ref.code_as_of({b})").fetchall()
        for b in (1, 2, 3)
    }
    assert len(labels[1]) > 100
    assert (labels[2], labels[3]) == ([("before",)], [("after",)])
    assert warehouse.connection.execute("SELECT label_en FROM ref.code").fetchall() == [("after",)]
    assert warehouse.scalar("SELECT count(*) FROM ref.code_row WHERE label_en IN ('before', 'after')") == 2


def test_a_code_with_two_meanings_is_one_row_with_the_last(warehouse: Warehouse) -> None:
    """Whoever joins labels by list and code must not double anything."""
    old, new = date(2010, 12, 31), date(2011, 1, 1)
    rows: reference.Rows = [
        ("sex", "F", None, "new", "new", "new", new, None, None, "official", None, 1),
        ("sex", "F", None, "old", "old", "old", None, old, None, "official", "used again", 2),
    ]
    reference.bring_into_line(warehouse.connection, [("code lists", CODE_ROW, lambda: rows)])
    shown = warehouse.connection.execute("SELECT label_en, valid_from FROM ref.code").fetchall()
    assert shown == [("new", new)]
    assert warehouse.scalar("SELECT count(*) FROM ref.code_row WHERE to_batch IS NULL") == 2


def test_a_file_from_before_successors_and_notes_gets_them_under_their_names(
    home: Home, template: Home
) -> None:
    """Columns that came later stand at the end of an older file; entries are put in by name."""
    loaded(home, template)
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("DROP VIEW ref.code; DROP MACRO TABLE ref.code_as_of")
        for column in ("successor", "note"):
            connection.execute(f"ALTER TABLE ref.code_row DROP COLUMN {column}")
        connection.execute("DELETE FROM meta.fingerprint")
    with staged.open_warehouse(home, template) as warehouse:
        found = warehouse.connection.execute(
            "SELECT evidence, note, successor FROM ref.code WHERE list = 'country' AND code = 'XBB'"
        ).fetchall()
        columns = [row[0] for row in warehouse.connection.execute("DESCRIBE ref.code_row").fetchall()]
    assert found == [("secondary", "Made up: from the range that ISO 3166-1 leaves to users", None)]
    assert columns[-2:] == ["successor", "note"]


def test_groups_and_standard_populations_are_always_there(home: Home, template: Home) -> None:
    with staged.open_warehouse(home, template) as warehouse:
        groups = warehouse.connection.execute(
            "SELECT group_code, count(*) FROM ref.membership"
            " WHERE status = 'member' AND DATE '2026-01-01' BETWEEN coalesce(valid_from, DATE '0001-01-01')"
            " AND coalesce(valid_to, DATE '9999-12-31') GROUP BY 1 ORDER BY 1"
        ).fetchall()
        named = warehouse.connection.execute(
            "SELECT area_code, country, boundary_version FROM ref.area WHERE area_level = 'group' ORDER BY 1"
        ).fetchall()
        shares = warehouse.connection.execute(
            "SELECT standard::VARCHAR, sum(weight), round(sum(share), 12), count(*)"
            " FROM ref.standard_population GROUP BY 1 ORDER BY 1"
        ).fetchall()
        first_shares = warehouse.connection.execute(
            "SELECT share FROM ref.standard_population WHERE age_from = 0 ORDER BY standard::VARCHAR"
        ).fetchall()
    assert groups == [("G-CAN", 4), ("G-LAC", 52), ("G-MERCOSUR", 5), ("G-SICA", 8), ("G-XSAMPLE", 3)]
    assert named == [(group, None, None) for group, _ in groups]
    assert shares == [("SEGI", 100_000, 1, 18), ("WHO_2000_2025", Decimal("100.035"), 1, 21)]
    assert first_shares[0] == (0.12,)
    assert first_shares[1][0] == pytest.approx(8.86 / 100.035)


def test_reference_areas_are_always_there(home: Home, template: Home, tmp_path: Path) -> None:
    with staged.open_warehouse(home, template) as warehouse:
        found = warehouse.connection.execute(
            "SELECT country, count(*) FROM ref.area WHERE area_level = 'first_level' GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert {"BRA": 27, "COL": 33, "MEX": 32}.items() <= dict(found).items()

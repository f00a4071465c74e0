"""Indicator values: only changes are written, history answers, and complete reports imply zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.integration.warehouse import staged
from warehouse import batch as batches
from warehouse import indicator_store, reading, sources
from warehouse.database import Warehouse
from warehouse.declarations.indicator import DENOMINATOR, KEY, VALUES
from warehouse.declared import VALIDITY
from warehouse.indicator_store import CELLS, DENOMINATORS, Written
from warehouse.literals import Value, rows

Cell = Mapping[str, Value]

COMMON: Cell = {
    "indicator": "homicide_rate",
    "indicator_version": 1,
    "ref_area": "XAA-01",
    "area_level": "first_level",
    "boundary_version": "1",
    "freq": "A",
    "time_period": "2023",
    **dict.fromkeys(
        (
            "sex",
            "age",
            "mechanism",
            "relationship",
            "context",
            "urbanisation",
            "ethnicity",
            "migration",
            "institution",
        ),
        "_T",
    ),
    "offence": "_T",
    "form": "_T",
    "place_basis": "occurrence",
    "date_basis": "occurrence",
    "source_type": "police",
    "population_source": "national",
    "estimate_type": "registered",
    "obs_value": 10.0,
    "numerator": 100.0,
    "denominator": 1000000.0,
    "numerator_unit": "victim",
    "denominator_unit": "person",
    "source": "xaa_police",
    "catalogue_version": "c1",
}


def write(
    warehouse: Warehouse,
    cells: Sequence[Cell],
    denominators: Sequence[Cell] = (),
    indicators: Sequence[str] = ("homicide_rate",),
) -> Written:
    """Write cells as a batch of its own."""
    given = {CELLS: (*KEY, *VALUES), DENOMINATORS: [c for c in DENOMINATOR.columns if c not in VALIDITY]}
    for table, columns in given.items():
        listed = ", ".join(f'"{c.name}" {c.sql_type}' for c in columns)
        warehouse.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({listed})")
        own: Cell = {} if table == CELLS else {"source_id": "xaa_police", "coverage": 1.0, "obs_value": None}
        values = [
            [{**COMMON, **own, **cell}.get(c.name) for c in columns]
            for cell in (cells if table == CELLS else denominators)
        ]
        if values:
            warehouse.connection.execute(f"INSERT INTO {table} VALUES {rows(values)}")
    batch = batches.begin(warehouse, "compute", "somebody")
    written = indicator_store.write_cells(warehouse, batch, indicators)
    batches.commit(warehouse, batch)
    return written


def values(warehouse: Warehouse, relation: str = "indicator.value") -> dict[tuple[str, str], object]:
    found = warehouse.connection.execute(
        f"SELECT ref_area, time_period, obs_value FROM {relation}"
    ).fetchall()
    assert len(found) == len({row[:2] for row in found})
    return {(area, period): value for area, period, value in found}


def test_only_changed_cells_are_written(warehouse: Warehouse) -> None:
    first: list[Cell] = [{"time_period": "2022"}, {"time_period": "2023"}, {"ref_area": "XAA-02"}]
    assert write(warehouse, first) == Written(3, 0, 0, 0, 0)
    assert write(warehouse, first) == Written(0, 0, 3, 0, 0)
    assert warehouse.last_batch() == 1  # nothing was written, so there was no second batch
    changed: list[Cell] = [
        {"time_period": "2022"},
        {"time_period": "2023", "obs_value": 11.0},
        {"ref_area": "XAA-03"},
    ]
    assert write(warehouse, changed) == Written(2, 2, 1, 0, 0)
    assert values(warehouse) == {("XAA-01", "2022"): 10.0, ("XAA-01", "2023"): 11.0, ("XAA-03", "2023"): 10.0}
    assert values(warehouse, "indicator.value_as_of(1)") == {
        ("XAA-01", "2022"): 10.0,
        ("XAA-01", "2023"): 10.0,
        ("XAA-02", "2023"): 10.0,
    }
    vintages = warehouse.connection.execute(
        "SELECT time_period, vintage FROM indicator.value ORDER BY ALL"
    ).fetchall()
    assert vintages == [("2022", 1), ("2023", 2), ("2023", 2)]


def test_a_value_that_becomes_missing_is_a_change(warehouse: Warehouse) -> None:
    write(warehouse, [{}])
    assert write(warehouse, [{"obs_value": None, "obs_status": "O", "comment": "incomplete"}]).begun == 1
    assert values(warehouse) == {("XAA-01", "2023"): None}
    assert write(warehouse, [{"obs_value": None, "obs_status": "O", "comment": "incomplete"}]).unchanged == 1


def test_another_catalogue_alone_is_no_change(warehouse: Warehouse) -> None:
    write(warehouse, [{}])
    assert not write(warehouse, [{"catalogue_version": "c2"}]).changed


def test_other_indicators_are_left_alone(warehouse: Warehouse) -> None:
    both: list[Cell] = [{}, {"indicator": "robbery_rate"}]
    write(warehouse, both, indicators=("homicide_rate", "robbery_rate"))
    assert write(warehouse, [], indicators=("robbery_rate",)) == Written(0, 1, 0, 0, 0)
    left = warehouse.connection.execute("SELECT indicator FROM indicator.value").fetchall()
    assert left == [("homicide_rate",)]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([{}, {"obs_value": 3.0}], "twice"),
        ([{"boundary_version": None}, {"boundary_version": None}], "twice"),
    ],
)
def test_a_cell_given_twice_is_a_defect(warehouse: Warehouse, cells: list[Cell], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write(warehouse, cells)
    assert warehouse.scalar("SELECT count(*) FROM indicator.value_history") == 0


def test_a_table_that_does_not_fit_is_a_defect(warehouse: Warehouse) -> None:
    batch = batches.begin(warehouse, "compute", "somebody")
    warehouse.connection.execute(f"CREATE TEMP TABLE {CELLS} AS SELECT 'x' AS indicator")
    with pytest.raises(ValueError, match="lacks a part of the key"):
        indicator_store.write_cells(warehouse, batch, ["x"])


def dense(warehouse: Warehouse, relation: str = "indicator.value_dense") -> list[tuple[object, ...]]:
    return warehouse.connection.execute(
        f"SELECT ref_area, time_period, mechanism, obs_value, numerator, denominator FROM {relation} ORDER BY ALL"
    ).fetchall()


def register(warehouse: Warehouse) -> None:
    with warehouse.transaction():
        sources.register(warehouse, batches.begin(warehouse, "ingest", "somebody"), staged.source())


def test_a_complete_report_implies_zeros(warehouse: Warehouse) -> None:
    register(warehouse)
    cells: list[Cell] = [
        {},
        {"mechanism": "firearm", "obs_value": 6.0},
        {"ref_area": "XAA-02", "obs_value": None},
    ]
    complete: list[Cell] = [
        {},
        {"ref_area": "XAA-03", "denominator": 500.0, "ci_upper": 7.4, "ci_method": "exact_poisson"},
    ]
    write(warehouse, cells, complete)
    assert dense(warehouse) == [
        ("XAA-01", "2023", "_T", 10.0, 100.0, 1000000.0),
        ("XAA-01", "2023", "firearm", 6.0, 100.0, 1000000.0),
        ("XAA-02", "2023", "_T", None, 100.0, 1000000.0),
        ("XAA-03", "2023", "_T", 0.0, 0.0, 500.0),
        ("XAA-03", "2023", "firearm", 0.0, 0.0, 500.0),
    ]
    (zero, _) = reading.rows(
        warehouse.connection, "FROM indicator.value_dense WHERE ref_area = 'XAA-03' ORDER BY ALL"
    )
    told = {
        k: zero[k]
        for k in ("ci_upper", "ci_method", "coverage", "numerator_unit", "source", "obs_status", "vintage")
    }
    assert told == {
        "ci_upper": 7.4,
        "ci_method": "exact_poisson",
        "coverage": 1.0,
        "numerator_unit": "victim",
        "source": "xaa_police",
        "obs_status": "A",
        "vintage": 2,
    }
    assert dense(warehouse, "indicator.value_dense_as_of(1)") == []
    assert dense(warehouse, "indicator.value_dense_as_of(2)") == dense(warehouse)


def test_a_zero_that_is_filled_is_no_zero_any_more(warehouse: Warehouse) -> None:
    register(warehouse)
    write(warehouse, [{}], [{"ref_area": "XAA-02"}])
    assert (
        write(warehouse, [{}, {"ref_area": "XAA-02", "obs_value": 3.0}], [{"ref_area": "XAA-02"}]).begun == 1
    )
    assert values(warehouse, "indicator.value_dense") == {("XAA-01", "2023"): 10.0, ("XAA-02", "2023"): 3.0}
    assert values(warehouse, "indicator.value_dense_as_of(2)") == {
        ("XAA-01", "2023"): 10.0,
        ("XAA-02", "2023"): 0.0,
    }


def test_a_country_does_not_lend_its_breakdowns_to_another(warehouse: Warehouse) -> None:
    register(warehouse)
    cells: list[Cell] = [{}, {"mechanism": "firearm"}, {"ref_area": "XBB-01"}]
    write(warehouse, cells, [{"ref_area": "XBB-02"}])
    assert [row[2] for row in dense(warehouse) if row[0] == "XBB-02"] == ["_T"]


def test_no_rate_without_a_denominator(warehouse: Warehouse) -> None:
    register(warehouse)
    write(warehouse, [{}], [{"ref_area": "XAA-02", "denominator": None}])
    assert ("XAA-02", "2023", "_T", None, 0.0, None) in dense(warehouse)

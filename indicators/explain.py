"""From a value back to what it was made of: filter, records, figures, reports, deliveries, files and positions.

The account is made with the same SQL as the value, and its parts must add up to the value's: if they do not, it
stops instead of telling something near the truth. Identifiers of persons and cases are not part of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from indicators import ages, catalogue, coverage, cube, filters, inputs
from indicators.catalogue import Catalogue
from indicators.definition import DIMENSIONS, Indicator
from indicators.explanation import Coverage, Delivery, Denominator, Explanation, Numerator, Position, number
from indicators.inputs import Seen, Source
from indicators.methods import denominators
from schemas import sql
from schemas.errors import Misuse, Refusal
from warehouse.declarations.indicator import KEY
from warehouse.reading import rows

#: Codes by which a value may be asked for, beside indicator, area and period.
_ASKED = ("indicator", "ref_area", "time_period")
_MOST_REPORTS = 20


def explain(
    connection: duckdb.DuckDBPyConnection,
    indicator: str,
    area: str,
    period: str,
    codes: Mapping[str, str] | None = None,
    *,
    as_of: int | None = None,
    lines: int = 5,
    defined: Catalogue | None = None,
) -> Explanation:
    """Account for one value.

    Args:
        connection: The warehouse or a snapshot; only temporary tables are written.
        indicator: The indicator.
        area: Code of the area.
        period: The period, for example ``2019`` or ``2019-03``.
        codes: Codes of other columns of the key, for example ``{"sex": "F"}``; dimensions not named are totals.
        as_of: Batch as of which the value is asked for; the current one without it.
        lines: How many positions of records to give.
        defined: The catalogue, if not the system's own.

    Raises:
        Misuse: There is no such indicator, column or value, or more than one value fits.
        Refusal: The records do not add up to the value.
    """
    known = (defined or catalogue.load()).get(indicator)
    seen = Seen(as_of)
    cell = _cell(connection, known, {"ref_area": area, "time_period": period}, codes or {}, seen)
    if cell["indicator_version"] != known.version:
        raise Misuse(
            f"the value was computed by version {cell['indicator_version']} of {indicator}, "
            f"the catalogue has version {known.version}",
            where=f"{indicator} {area} {period}",
            how="compute the indicator again, or explain with the software of that time",
            code="other_version",
        )
    source = _source(connection, cell, seen)
    numerator, state = _adding_up(connection, known, source, cell, seen, lines)
    inputs.areas(connection, state)
    return Explanation(
        cell=cell,
        name=known.name.en,
        formula=_formula(known, cell),
        numerator=numerator,
        denominator=_denominator(connection, known, source, cell, state),
        coverage=_coverage(connection, source, cell, state),
        facts_as_of=state.as_of,
        notes=_notes(connection, source, state),
    )


def _adding_up(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    source: Source,
    cell: Mapping[str, Any],
    seen: Seen,
    lines: int,
) -> tuple[Numerator, Seen]:
    """The records of the cell, and the state of the facts in which they are its records.

    A value may be behind facts that came after it; then the facts of its own batch account for it.

    Raises:
        Refusal: The records add up to another count in both.
    """
    counted: list[int] = []
    for state in (seen, Seen(cell["vintage"])):
        numerator = _numerator(connection, indicator, source, cell, state, lines)
        counted.append(sum(d.events or 0 for d in numerator.deliveries))
        if counted[-1] == (cell["numerator"] or 0):
            return numerator, state
    raise Refusal(
        f"the records add up to {counted[0]}, the value's numerator is {cell['numerator']}",
        where=f"{indicator.id} {cell['ref_area']} {cell['time_period']}",
        how="compute the indicator again; if that does not mend it, this is a defect of the software",
        code="does_not_add_up",
    )


def _cell(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    place_and_period: Mapping[str, str],
    codes: Mapping[str, str],
    seen: Seen,
) -> dict[str, Any]:
    """The one cell that is asked for; a zero that a complete report implies is a cell too."""
    names = [c.name for c in KEY]
    if unknown := [name for name in codes if name not in names or name in _ASKED]:
        raise Misuse(
            f"a value has no breakdown {unknown[0]!r}",
            how=f"use one of: {', '.join(n for n in names if n not in _ASKED)}",
            code="unknown_breakdown",
        )
    totals: dict[str, str] = dict.fromkeys(DIMENSIONS, ages.TOTAL)
    wanted = {"indicator": indicator.id, **totals, **place_and_period, **codes}
    where = " AND ".join(f"{sql.name(name)}::VARCHAR = {sql.text(code)}" for name, code in wanted.items())
    asked = " ".join([indicator.id, *place_and_period.values(), *(f"{k}={v}" for k, v in codes.items())])
    for relation in (seen.values, seen.dense_values):
        found = rows(connection, f"SELECT * FROM {relation} WHERE {where} ORDER BY ALL LIMIT 3")
        if len(found) > 1:
            differing = [n for n in names if found[0][n] != found[1][n]]
            raise Misuse(
                f"more than one value fits: {asked}",
                how="add " + ", ".join(f"{n}={found[0][n]} or {n}={found[1][n]}" for n in differing),
                code="value_ambiguous",
            )
        if found:
            return found[0]
    raise _not_there(connection, wanted, asked, seen)


def _not_there(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], asked: str, seen: Seen
) -> Misuse:
    """Which part of a key it is that no value has: the indicator, the area, the period or the breakdown."""
    indicator, area, period = (wanted[name] for name in _ASKED)
    of_indicator = f"{seen.dense_values} WHERE indicator = {sql.text(indicator)}"
    of_area = f"{of_indicator} AND ref_area = {sql.text(area)}"
    of_period = f"{of_area} AND time_period = {sql.text(period)}"
    others = [n for n in (c.name for c in KEY) if n not in _ASKED and n in (*DIMENSIONS, *wanted)]

    def has(relation: str) -> bool:
        return bool(rows(connection, f"SELECT 1 FROM {relation} LIMIT 1"))

    if not has(of_indicator):
        found, how = "it has no value yet", "siprev run computes it as soon as its sources are loaded"
    elif not has(of_area):
        codes = rows(connection, f"SELECT DISTINCT ref_area AS code FROM {of_indicator} ORDER BY ALL LIMIT 9")
        found = f"it has no value for the area {area}"
        how = f"areas that it has: {_listed([row['code'] for row in codes])}"
    elif not has(of_period):
        (ends,) = rows(connection, f"SELECT min(time_period) AS low, max(time_period) AS high FROM {of_area}")
        found = f"it has no value for the period {period} in {area}"
        how = f"the periods there lie between {ends['low']} and {ends['high']}"
    else:
        codes = rows(
            connection,
            f"SELECT DISTINCT name || '=' || code AS code FROM (UNPIVOT (SELECT "
            f"{', '.join(f'{sql.name(n)}::VARCHAR AS {sql.name(n)}' for n in others)} FROM {of_period}) "
            f"ON {', '.join(map(sql.name, others))} INTO NAME name VALUE code) "
            f"WHERE code <> {sql.text(ages.TOTAL)} ORDER BY ALL LIMIT 9",
        )
        found = f"it has no value with that breakdown for {period} in {area}"
        how = f"breakdowns that it has there: {_listed([row['code'] for row in codes])}"
    return Misuse(f"there is no value {asked}: {found}", where=indicator, how=how, code="unknown_value")


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes[:8]) + (" and more" if len(codes) > 8 else "") if codes else "none"


def _source(connection: duckdb.DuckDBPyConnection, cell: Mapping[str, Any], seen: Seen) -> Source:
    """The source of the cell's facts, with the bases that the cell has."""
    for state in (seen, Seen(cell["vintage"])):
        for source in inputs.sources(connection, state):
            if source.id == cell["source"]:
                return replace(source, place_basis=cell["place_basis"], date_basis=cell["date_basis"])
    raise Refusal(
        f"the source {cell['source']} of the value has no facts",
        where=f"{cell['indicator']} {cell['ref_area']} {cell['time_period']}",
        how="compute the indicator again",
        code="does_not_add_up",
    )


def numerator_condition(indicator: Indicator, source: Source, cell: Mapping[str, Any], seen: Seen) -> str:
    """SQL condition over the facts ``f`` of the records that a cell counts."""
    tests = [
        f"source_id = {sql.text(source.id)}",
        filters.numerator_sql(indicator),
        cube.counted_sql(source, seen),
    ]
    if cell["area_level"] != "country":
        tests.append(f"{cube.place(source, cell['area_level'])} = {sql.text(cell['ref_area'])}")
    if cell["freq"] == "A":
        tests.append(f"year({cube.date_column(source)}) = {int(cell['time_period'])}")
    else:
        tests.append(f"{cube.month_sql(source)} = DATE '{cell['time_period']}-01'")
    for dimension in DIMENSIONS:
        code = cell[dimension]
        if code != ages.TOTAL:
            accepted = ages.inside(code) if dimension == "age" else [code]
            tests.append(f"{cube.dimension_sql(source, dimension)} IN ({sql.texts(accepted)})")
    return " AND ".join(f"({test})" for test in tests)


def _numerator(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    source: Source,
    cell: Mapping[str, Any],
    seen: Seen,
    lines: int,
) -> Numerator:
    condition = numerator_condition(indicator, source, cell, seen)
    counted = f'FROM {seen.facts(source.record_type)} AS f WHERE "count" > 0 AND {condition}'
    summed = connection.execute(
        f'SELECT delivery_id, sum("count")::BIGINT, count(*) {counted} GROUP BY delivery_id ORDER BY delivery_id'
    ).fetchall()
    first = connection.execute(
        f'SELECT delivery_id, row_number, row_part, "count" {counted} '
        f"ORDER BY delivery_id, row_number, row_part LIMIT {int(lines)}"
    ).fetchall()
    events = {delivery: n for delivery, n, _ in summed}
    return Numerator(
        value=cell["numerator"],
        unit=cell["numerator_unit"],
        tests=filters.numerator_words(indicator),
        query=f'SELECT sum("count") {counted}',
        deliveries=_deliveries(connection, events),
        n_records=sum(records for _, _, records in summed),
        first=[Position(*row) for row in first],
    )


def _denominator(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    source: Source,
    cell: Mapping[str, Any],
    seen: Seen,
) -> Denominator:
    year = int(cell["time_period"][:4])
    by_detail = cell["sex"] != ages.TOTAL or cell["age"] != ages.TOTAL
    scope = denominators.Scope(year, year, cell["area_level"] == "municipality", by_detail)
    denominators.build(connection, scope, seen)
    population = inputs.population_sources(inputs.sources(connection, seen)).get(source.country)
    key = {n: cell[n] for n in ("ref_area", "freq", "time_period", "sex", "age")} | {
        "population_source": population
    }
    where = " AND ".join(f"{name} = {sql.text(code)}" for name, code in key.items() if code is not None)
    found = rows(connection, f"SELECT * FROM denominator_cell WHERE {where}") if population else []
    if not found or cell["denominator"] is None:
        unit = indicator.denominator.counting_unit
        return Denominator(cell["denominator"], unit, population, None, None, [], None, False, [])
    d = found[0]
    if d["denominator"] != cell["denominator"]:
        raise Refusal(
            f"the population figures give {d['denominator']}, the value's denominator is {cell['denominator']}",
            where=f"{cell['indicator']} {cell['ref_area']} {cell['time_period']}",
            how="compute the indicator again; if that does not mend it, this is a defect of the software",
            code="does_not_add_up",
        )
    figures = [(d[f"date_{x}"], d[f"count_{x}"]) for x in ("a", "b") if d[f"date_{x}"] is not None]
    return Denominator(
        value=d["denominator"],
        unit=cell["denominator_unit"],
        source_id=population,
        vintage=d["vintage"],
        rule=d["method"],
        figures=figures,
        share=d["share"],
        estimated=d["estimated"],
        deliveries=_deliveries(connection, dict.fromkeys(_figure_deliveries(connection, d, seen))),
    )


def _figure_deliveries(connection: duckdb.DuckDBPyConnection, d: Mapping[str, Any], seen: Seen) -> list[int]:
    """Deliveries of the figures that a denominator was made from."""
    dates = ", ".join(f"DATE '{d[name]}'" for name in ("date_a", "date_b") if d[name] is not None)
    found = connection.execute(
        f"""
        SELECT DISTINCT delivery_id FROM {seen.facts("population")}
        WHERE source_id = {sql.text(d["population_source"])} AND vintage = {sql.text(d["vintage"])}
            AND reference_date IN ({dates}) ORDER BY ALL
        """
    ).fetchall()
    return [row[0] for row in found]


def _deliveries(connection: duckdb.DuckDBPyConnection, events: Mapping[int, int | None]) -> list[Delivery]:
    if not events:
        return []
    found = rows(
        connection,
        f"""
        SELECT delivery_id, source_id, file_name, sha256, edition_date, batch_id FROM meta.delivery
        WHERE delivery_id IN ({", ".join(str(int(d)) for d in events)}) ORDER BY delivery_id
        """,
    )
    return [Delivery(**row, events=events[row["delivery_id"]]) for row in found]


def _coverage(
    connection: duckdb.DuckDBPyConnection, source: Source, cell: Mapping[str, Any], seen: Seen
) -> Coverage | None:
    coverage.build(connection, [source], seen)
    area = cell["ref_area"]
    if cell["area_level"] == "municipality":
        area = _first_level(connection, source, area, seen)
    key = f"freq = {sql.text(cell['freq'])} AND time_period = {sql.text(cell['time_period'])}"
    found = rows(
        connection,
        "SELECT owed, received, in_part, areas_expected, areas_reporting FROM coverage_cell "
        f"WHERE ref_area = {sql.text(area)} AND {key}",
    )
    if not found:
        return None
    of_area = "" if cell["area_level"] == "country" else f" AND first_level = {sql.text(area)}"
    missing = connection.execute(
        f"""
        SELECT first_level || ' ' || strftime(month, '%Y-%m') || CASE WHEN started THEN format(
            ', received in part: {{}} records, {{}} in quarantine', n_records, n_quarantined) ELSE '' END
        FROM report_owed
        WHERE NOT complete AND strftime(month, '%Y-%m') LIKE {sql.text(cell["time_period"] + "%")}{of_area}
        ORDER BY month, first_level LIMIT {_MOST_REPORTS}
        """
    ).fetchall()
    return Coverage(**found[0], not_received=[row[0] for row in missing])


def _first_level(connection: duckdb.DuckDBPyConnection, source: Source, area: str, seen: Seen) -> str:
    """The first-level area of a municipality, as the facts have it."""
    found = connection.execute(
        f"SELECT min({cube.place(source, 'first_level')}) FROM {seen.facts(source.record_type)} "
        f"WHERE {cube.place(source, 'municipality')} = {sql.text(area)}"
    ).fetchone()
    return str(found[0]) if found else area


def _formula(indicator: Indicator, cell: Mapping[str, Any]) -> str:
    if cell["obs_value"] is None:
        return "none"
    parts = number(cell["numerator"]), number(cell["denominator"]), indicator.multiplier
    return f"{parts[0]} / {parts[1]} x {parts[2]} = {number(cell['obs_value'])}"


def _notes(connection: duckdb.DuckDBPyConnection, source: Source, seen: Seen) -> dict[str, str]:
    found = connection.execute(
        f"SELECT declares FROM meta.source AS s WHERE source_id = {sql.text(source.id)} AND {seen.holds('s')}"
    ).fetchone()
    notes = json.loads(found[0]).get("notes") if found else None
    return {str(name): str(note) for name, note in (notes or {}).items()}

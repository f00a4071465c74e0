"""What an indicator is computed from: the sources that have facts, and where the warehouse shows them.

Belongs here: names of the warehouse's relations as seen now or as of a batch, and what each source declares about
its facts (place and date that its reports are about, breakdowns that it supports).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from indicators import policy
from indicators.definition import DIMENSIONS, Dimension
from schemas.errors import Misuse
from schemas.reference import SEVERAL_COUNTRIES

POPULATION = "population"


@dataclass(frozen=True)
class Seen:
    """The warehouse as it is now, or as it was after a batch."""

    as_of: int | None = None

    def facts(self, record_type: str) -> str:
        """Relation of the facts of a record type."""
        return self._relation(f"core.{record_type}")

    def replaced(self, record_type: str) -> str:
        """Relation of the facts of a record type in whose place others stand."""
        return self._relation(f"core.{record_type}_replaced")

    @property
    def values(self) -> str:
        """Relation of the indicator values."""
        return self._relation("indicator.value")

    @property
    def dense_values(self) -> str:
        """Relation of the indicator values with the zeros that complete reports imply."""
        return self._relation("indicator.value_dense")

    @property
    def reports(self) -> str:
        """Relation of the reports received and missing."""
        return self._relation("meta.report_status")

    @property
    def areas(self) -> str:
        """Relation of the areas."""
        return self._relation('"ref".area')

    def holds(self, alias: str) -> str:
        """SQL condition: the row of a table with ``valid_from`` and ``valid_to`` (batches) is the one to see."""
        if self.as_of is None:
            return f"({alias}.valid_to IS NULL)"
        return (
            f"({alias}.valid_from <= {self.as_of} AND ({alias}.valid_to IS NULL OR {alias}.valid_to > {self.as_of})"
            f" AND {alias}.valid_from IS DISTINCT FROM {alias}.valid_to)"
        )

    def _relation(self, name: str) -> str:
        return name if self.as_of is None else f"{name}_as_of({self.as_of})"


NOW = Seen()


@dataclass(frozen=True)
class Source:
    """A source of facts, with what it declares about them."""

    id: str
    country: str
    record_type: str
    source_type: str
    place_basis: str
    date_basis: str
    breakdowns: tuple[Dimension, ...]


def sources(connection: duckdb.DuckDBPyConnection, seen: Seen = NOW) -> list[Source]:
    """Sources that have facts, in alphabetical order.

    Raises:
        Misuse: A source says nothing of the place or date that its reports are about.
    """
    found = connection.execute(
        f"""
        SELECT s.source_id, s.country, s.record_type, s.source_type, s.declares
        FROM meta.source AS s
        WHERE {seen.holds("s")} AND EXISTS (
            FROM meta.slice_version AS v WHERE v.source_id = s.source_id AND v.n_records > 0 AND {seen.holds("v")}
        )
        ORDER BY s.source_id
        """
    ).fetchall()
    return [_source(*row) for row in found]


def _source(id_: str, country: str, record_type: str, source_type: str, declares: str) -> Source:
    delivers = json.loads(declares).get("delivers") or {}
    try:
        place, date = delivers["place_basis"], delivers["date_basis"]
    except KeyError as error:
        raise Misuse(
            f"source {id_} does not declare {error.args[0]}",
            where=f"the declaration of source {id_}, section delivers",
            how="say which place and which date of a record its reports are about",
            code="source_without_basis",
        ) from None
    breakdowns = tuple(d for d in DIMENSIONS if d in delivers.get("breakdowns", []))
    return Source(id_, country, record_type, source_type, place, date, breakdowns)


def areas(connection: duckdb.DuckDBPyConnection, seen: Seen = NOW) -> None:
    """Make the temporary tables ``area_known`` (every version of every area) and ``area_shown`` (one per code)."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE area_known AS
        SELECT area_code, area_level::VARCHAR AS area_level, country, boundary_version, valid_from, valid_to
        FROM {seen.areas}
        """
    )
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE area_shown AS
        SELECT DISTINCT ON (area_code) area_code, boundary_version FROM area_known
        ORDER BY area_code, valid_to DESC NULLS FIRST, valid_from DESC NULLS LAST, boundary_version DESC NULLS LAST
        """
    )


def cutoffs(connection: duckdb.DuckDBPyConnection, seen: Seen = NOW) -> None:
    """Make the temporary table ``cutoff_known``: the latest cut-off date declared, by source, frequency and period.

    A delivery that declares none counts with its edition, or else with the last day that it reports about.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE cutoff_known AS
        WITH slice AS (
            SELECT v.source_id, v.period, coalesce(d.cutoff_date, d.edition_date, d.period_end) AS cutoff_date,
                coalesce(json_extract_string(s.declares, '$.delivers.slice.period'), 'month') = 'year' AS yearly
            FROM meta.slice_version AS v
            JOIN meta.delivery AS d USING (delivery_id)
            JOIN meta.source AS s ON s.source_id = v.source_id AND {seen.holds("s")}
            WHERE {seen.holds("v")}
        ), month AS (
            SELECT source_id, cutoff_date,
                unnest(CASE WHEN yearly THEN generate_series(period, period + INTERVAL 11 MONTH, INTERVAL 1 MONTH)
                            ELSE [period::TIMESTAMP] END)::DATE AS month
            FROM slice
        )
        SELECT source_id, CASE WHEN GROUPING(month) = 1 THEN 'A' ELSE 'M' END AS freq,
            CASE WHEN GROUPING(month) = 1 THEN y::VARCHAR ELSE strftime(month, '%Y-%m') END AS time_period,
            max(cutoff_date) AS cutoff_date
        FROM (SELECT *, year(month) AS y FROM month)
        GROUP BY GROUPING SETS ((source_id, y), (source_id, y, month))
        """
    )


def population_sources(known: Sequence[Source]) -> dict[str, str]:
    """The population source of each country; figures of several countries, as the UN's, are none of them.

    Raises:
        Misuse: A country has two and no order is declared.
    """
    order = policy.precedence()
    found: dict[str, Source] = {}
    for source in known:
        if source.record_type != POPULATION or source.country == SEVERAL_COUNTRIES:
            continue
        other = found.setdefault(source.country, source)
        if other is source:
            continue
        ranks = {s.id: order.rank(s.country, POPULATION, s.id) for s in (source, other)}
        if None in ranks.values():
            raise Misuse(
                f"{other.id} and {source.id} both give a population of {source.country}",
                where=str(policy.PRECEDENCE),
                how="declare there which of the two comes first, or withdraw one",
                code="sources_collide",
            )
        found[source.country] = min((source, other), key=lambda s: ranks[s.id] or 0)
    return {country: source.id for country, source in found.items()}

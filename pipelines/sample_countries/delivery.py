"""One delivery of a sample country: its good records, the bad ones after them, its file, and what must come of it.

The bad records stand at the end of a file, one for each fault (so many as the scale), and two for a fault of a pair:
of records that share a key both are bad, of those that share a case the second (``twin`` 1) is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.faults import Fault, kinds
from pipelines.sample_countries.plan import KEY_REPEATED, literal
from pipelines.sample_countries.records import Records
from pipelines.sample_countries.spelling import misspellings, written
from pipelines.sample_countries.truth import Amount, DeliveryTruth
from pipelines.sample_countries.writing.form import Form, write
from schemas import record_type
from schemas.record_type import RecordType

TABLE = "planned"


@dataclass(frozen=True)
class Delivery:
    """A file of a provider.

    Args:
        source: The source that takes it.
        file: Name of the file.
        edition: Date of its edition.
        records: What its records say.
        form: Format of the file.
        columns: The fields that it tells, in the order of its columns; all of the records where it is empty.
        rows: Number of good records where they are drawn.
        period: First and last day that it covers.
        key: Header of the column with the number of the record; without it no record has a key.
        number: SQL for the text of that number, over ``number``.
        headers: Headers of this provider, where they are not those of the country.
        extra: Further columns of the file that no field tells, with their SQL.
        known_by: A date of the records: those after the edition are not in the file yet.
        series: What its draws are made from; files of one series are editions of the same records.
        left_out: Misspellings that are not planted here.
        grows: Whether the scale multiplies the rows.
    """

    source: str
    file: str
    edition: date
    records: Records
    form: Form
    columns: Sequence[str] = ()
    rows: int = 0
    period: tuple[date, date] | None = None
    key: str = ""
    number: str = "number::VARCHAR"
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    known_by: str = ""
    series: str = ""
    left_out: Sequence[str] = ()
    grows: bool = True

    @cached_property
    def kind(self) -> RecordType:
        """The record type."""
        return record_type.load(self.records.record_type)

    @property
    def told(self) -> tuple[str, ...]:
        """The fields that it tells, in the order of its columns."""
        return tuple(self.columns) or self.records.columns

    def titles(self, country: Country) -> dict[str, str]:
        """The header of each field."""
        return {name: self.headers.get(name) or country.words.header(name) for name in self.told}

    def faults(self, country: Country) -> tuple[Fault, ...]:
        """All faults that are planted, in the order of their rows."""
        found = [
            *misspellings(self.kind, self.told, self.titles(country), country.words),
            *self.records.faults,
            *self._of_the_key(self.titles(country)),
        ]
        kept = [fault for fault in found if fault.name not in self.left_out]
        return tuple(
            Fault(
                f.name,
                f.changes,
                tuple(sorted({*f.rules, *self.records.consequences.get(f.name, ())})),
                f.fields,
                f.warns,
                f.repeats,
            )
            for f in kept
        )

    def _of_the_key(self, titles: Mapping[str, str]) -> Iterator[Fault]:
        if self.key:
            if self.key not in titles.values():
                yield Fault("key_missing", {self.key: "NULL"}, ("key.missing",))
            yield Fault("key_repeated", {}, (KEY_REPEATED,), repeats="key")
            yield Fault("row_repeated", {}, (), repeats="same")


def plan(connection: duckdb.DuckDBPyConnection, delivery: Delivery, country: Country, scale: int = 1) -> None:
    """Make the table of the planned records: all fields, ``kind`` (index of the fault) and ``status``."""
    faults = delivery.faults(country)
    records = delivery.records
    selected = f"({_numbered(delivery, faults, scale)})"
    if records.base:
        selected = f"{selected} JOIN ({records.base}) USING (j)"
    told = set(records.given)
    for layer in records.layers:
        again = ", ".join(f"{sql} AS {name}" for name, sql in layer.items() if name in told)
        new = "".join(f", {sql} AS {name}" for name, sql in layer.items() if name not in told)
        selected = f"(SELECT * {f'REPLACE ({again})' if again else ''} {new} FROM {selected})"
        told |= layer.keys()
    changed = _cases(faults, "fields")
    replaced = f"REPLACE ({changed})" if changed else ""
    good = [f"({records.where})"] if records.where else []
    good += [f"{delivery.known_by} <= DATE '{delivery.edition}'"] if delivery.known_by else []
    known = f"WHERE bad OR ({' AND '.join(good)})" if good else ""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {TABLE} AS
        SELECT * {replaced}, CASE WHEN kind IN {kinds(faults, repeats="same")} THEN 'repeated'
                WHEN kind IN {kinds(faults, repeats="case")} AND twin = 0 THEN 'loaded'
                WHEN kind IN ({", ".join(str(k) for k, f in enumerate(faults) if f.rules) or "NULL"}) THEN 'quarantined'
                ELSE 'loaded' END AS status
        FROM {selected} {known} ORDER BY i
    """)


def written_rows(delivery: Delivery, country: Country) -> str:
    """The planned records in the words of the country, as a query whose columns are all text."""
    titles, names = delivery.titles(country), delivery.records.names
    columns = {delivery.key: delivery.number} if delivery.key and delivery.key not in titles.values() else {}
    columns |= {titles[n]: written(delivery.kind.by_name[n], country.words, names) for n in delivery.told}
    columns |= delivery.extra
    told = ", ".join(f'{sql} AS "{header}"' for header, sql in columns.items())
    spoilt = _cases(delivery.faults(country), "changes")
    replaced = f"REPLACE ({spoilt})" if spoilt else ""
    return f"SELECT * EXCLUDE (i, kind) {replaced} FROM (SELECT i, kind, {told} FROM {TABLE}) ORDER BY i"


def write_file(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, country: Country, path: Path
) -> None:
    """Write the planned records as the provider sends them."""
    titles = delivery.titles(country)
    typed = {titles[n]: delivery.kind.by_name[n].sql_type for n in delivery.told}
    path.parent.mkdir(parents=True, exist_ok=True)
    write(connection, written_rows(delivery, country), path, delivery.form, typed)


def truth(connection: duckdb.DuckDBPyConnection, delivery: Delivery, country: Country) -> DeliveryTruth:
    """What must come of the planned file."""
    faults = delivery.faults(country)
    counted = connection.execute(f"SELECT status, kind, count(*) FROM {TABLE} GROUP BY ALL").fetchall()
    statuses: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    for status, kind, n in counted:
        statuses[status] += n
        for rule in faults[kind].rules if status == "quarantined" else ():
            rules[rule] += n
        for rule in faults[kind].warns if kind is not None else ():
            warnings[rule] += n
    delivered = sum(statuses.values())
    period = delivery.period
    return DeliveryTruth(
        source_id=delivery.source,
        file=delivery.file,
        edition_date=delivery.edition.isoformat(),
        period_start=period[0].isoformat() if period else None,
        period_end=period[1].isoformat() if period else None,
        rows_delivered=delivered,
        rows_unreadable=0,
        rows_excluded={},
        rows_mapped=delivered,
        records_made=delivered,
        records_loaded=statuses["loaded"],
        records_quarantined=statuses["quarantined"],
        records_excluded={"repeated": statuses["repeated"]} if statuses["repeated"] else {},
        rules=dict(sorted(rules.items())),
        warnings=dict(sorted(warnings.items())),
        raised=tuple(sorted(delivery.records.raised)),
        record_type=delivery.records.record_type,
        amounts=_amounts(connection, delivery),
    )


def _amounts(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> tuple[Amount, ...]:
    """The sums of the loaded records by first-level area, month and class."""
    records = delivery.records
    area = f"{records.place}_first_level" if records.place else "NULL"
    rows = connection.execute(
        f"""SELECT {area} AS area, strftime({records.date_field}, '%Y-%m') AS month, {records.by or "NULL"} AS class,
            sum(({records.amount})::DECIMAL(18, 4))::DOUBLE AS amount
        FROM {TABLE} WHERE status = 'loaded' GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return tuple((area, month, code, amount) for area, month, code, amount in rows)


def _numbered(delivery: Delivery, faults: Sequence[Fault], scale: int) -> str:
    """SQL of the rows: ``i`` from 0, ``j`` the row whose values they have, ``number`` of the key, ``kind``."""
    size = delivery.records.size
    good = size or delivery.rows * (scale if delivery.grows else 1)
    bad = [
        (k, twin) for k, f in enumerate(faults) for twin in range(2 if f.repeats in ("key", "case") else 1)
    ]
    n_bad = len(bad) * (1 if size else scale)
    same = [k for k, f in enumerate(faults) if f.repeats == "same"]
    at = f"[1 + (i - {good}) % {max(1, len(bad))}]"
    kind = f"CASE WHEN i >= {good} THEN ({[k for k, _ in bad] or [0]}){at} END"
    twin = f"coalesce(({[t for _, t in bad] or [0]}){at}, 0)"
    repeated = f"coalesce(kind IN ({', '.join(map(str, same)) or 'NULL'}), false)"
    # a row that is there once more is the first; of listed rows the bad ones are like the good ones
    j = f"CASE WHEN {repeated} THEN 0 ELSE i {f'% {size}' if size else ''} END"
    return f"""
        SELECT i, kind, {literal(delivery.series or f"{delivery.source}/{delivery.file}")} AS seed, {j} AS j,
            CASE WHEN {repeated} THEN {j} WHEN kind IN {kinds(faults, repeats="key")} THEN i - twin
                 ELSE i END AS number,
            twin, i - twin AS first_twin, i >= {good} AND NOT {repeated} AS bad
        FROM (
            SELECT i, {kind} AS kind, CASE WHEN i >= {good} THEN {twin} ELSE 0 END AS twin
            FROM range({good + n_bad}) AS rows(i)
        )"""


def _cases(faults: Sequence[Fault], what: str) -> str:
    """The REPLACE list that spoils the rows whose ``kind`` is not NULL."""
    cases: dict[str, str] = {}
    for kind, fault in enumerate(faults):
        for column, value in getattr(fault, what).items():
            cases[column] = cases.get(column, "CASE kind") + f" WHEN {kind} THEN {value}"
    return ", ".join(f'{case} ELSE "{column}" END AS "{column}"' for column, case in cases.items())

"""The report of a delivery whose records are staged: which rules are broken, where, and in which columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import record_type, sql, staging
from schemas.errors import Refusal
from schemas.masks import Mask
from schemas.rules import explain
from schemas.staging import StagedDelivery
from schemas.templates.words import Language
from sources.kit.discovery import Source
from sources.kit.feedback import columns, positions, refusals, telling, words
from sources.kit.feedback.positions import Places
from sources.kit.feedback.report import Code, Outcome, Position, Problem, Report, Rows, Severity, Total
from sources.kit.landing import Landed
from sources.kit.readers.json_file import pointer
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout

#: Positions and unknown codes that are listed of a problem.
PLACES, CODES = 10, 20
#: Difference up to which a stated total is the sum.
NEARLY = 1e-6
#: Characters of a value that are shown.
LONGEST = 80

#: Number and part of a row, by which a record is found.
_Record = tuple[int, int]


def refused(source: Source, file: str, sha256: str, refusal: Refusal, language: Language) -> Report:
    """The report of a file that was not read."""
    return Report(
        **_head(source, file, sha256, language),
        outcome="refused",
        refused=refusals.told(refusal, language),
    )


def collected(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    staged: StagedDelivery,
    landed: Landed,
    work: Workspace,
    language: Language,
) -> Report:
    """The report of a delivery.

    Args:
        connection: Holds the staging tables.
        source: The declared source.
        staged: The facts of the delivery.
        landed: The file, in which positions are looked up.
        work: Where copies are made.
        language: Language of the texts.
    """
    layout = next(la for la in source.specification.layouts if la.id == staged.layout)
    return _Collecting(connection, source, staged, layout, language).report(landed, work)


def _head(source: Source, file: str, sha256: str, language: Language) -> dict[str, Any]:
    declared = source.specification
    return {
        "source": source.id,
        "title": declared.title[language],
        "provider": declared.agreement.owner,
        "file": file,
        "sha256": sha256,
        "language": language,
    }


@dataclass
class _Collecting:
    """One delivery on its way to a report."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    staged: StagedDelivery
    layout: Layout
    language: Language

    def report(self, landed: Landed, work: Workspace) -> Report:
        rows = self._rows()
        mask = Mask(len(self.staged.rules))
        broken = list(self._broken(mask))
        found = {code: self._first(code, mask, bit, marks) for code, _, bit, marks in broken}
        unreadable = self._unreadable()
        wanted = {number for records in found.values() for number, _ in records} | set(unreadable)
        places = positions.of(landed, self.layout, wanted, work)
        raw = self._raw([record for records in found.values() for record in records])
        problems = [
            self._problem(
                code, marks, n, rows.records, self._positions(code, found[code], places, raw), bit, mask
            )
            for code, n, bit, marks in broken
        ]
        problems += self._of_whole(rows.records) + self._of_totals()
        if unreadable:
            problems.append(self._problem_of_rows(unreadable, rows, places))
        problems.sort(key=lambda p: (p.severity == "warning", -p.records, p.id))
        return Report(
            **_head(self.source, landed.name, landed.sha256.partition(".")[0], self.language),
            outcome=_outcome(rows, problems),
            edition=str(self.staged.edition_date or ""),
            period=[str(self.staged.period_start), str(self.staged.period_end)]
            if self.staged.period_start
            else [],
            rows=rows,
            totals=[Total(name=t.name, stated=t.expected, found=t.found) for t in self.staged.control_totals],
            problems=problems,
        )

    def _rows(self) -> Rows:
        counted = self.connection.execute(
            f"""SELECT count(*) FILTER (exclusion IS NULL AND NOT bad), count(*) FILTER (exclusion IS NULL AND bad),
            count(*) FILTER (exclusion IS NOT NULL) FROM {staging.TABLE}"""
        ).fetchone() or (0, 0, 0)
        return Rows(
            delivered=self.staged.rows_delivered,
            unreadable=self.staged.rows_unreadable,
            left_out=dict(self.staged.row_exclusions),
            records=self.staged.records_made,
            good=counted[0],
            quarantined=counted[1],
            excluded=counted[2],
            equal=self.staged.repeated_rows,
        )

    def _broken(self, mask: Mask) -> Iterator[tuple[str, int, int, str]]:
        """Code, number of records, bit and column of marks of every rule that a record breaks."""
        marks = ["warned" if rule.severity == "warn" else "broken" for rule in self.staged.rules]
        counts = ", ".join(
            f"count(*) FILTER (exclusion IS NULL AND {mask.has(column, bit)})"
            for bit, column in enumerate(marks)
        )
        found = self.connection.execute(f"SELECT {counts or '0'} FROM {staging.TABLE}").fetchone() or ()
        for bit, (rule, n) in enumerate(zip(self.staged.rules, found, strict=False)):
            if n:
                yield rule.code, int(n), bit, marks[bit]

    def _first(self, code: str, mask: Mask, bit: int, marks: str) -> list[_Record]:
        """The first records that break a rule; of a row with several only one, unless the rule is about its values."""
        unpivot = self.layout.rows.unpivot
        of_values = unpivot is not None and not set(self._columns(code)).isdisjoint(unpivot.values)
        part = "row_part" if of_values else "min(row_part) AS row_part"
        grouped = "" if of_values else "GROUP BY row_number"
        rows = self.connection.execute(
            f"""SELECT row_number, {part} FROM {staging.TABLE}
            WHERE exclusion IS NULL AND {mask.has(marks, bit)} {grouped} ORDER BY ALL LIMIT {PLACES}"""
        ).fetchall()
        return [(int(number), int(part)) for number, part in rows]

    def _unreadable(self) -> list[int]:
        rows = self.connection.execute(
            f"SELECT row_number FROM {staging.UNREADABLE} ORDER BY ALL LIMIT {PLACES}"
        ).fetchall()
        return [int(number) for (number,) in rows]

    def _raw(self, records: Sequence[_Record]) -> dict[_Record, Mapping[str, str | None]]:
        """The open raw values of records; of those that only warn none are kept."""
        if not records:
            return {}
        wanted = ", ".join(f"({number}, {part})" for number, part in sorted(set(records)))
        rows = self.connection.execute(
            f"""SELECT row_number, row_part, raw FROM {staging.RAW}
            WHERE (row_number, row_part) IN ({wanted})"""
        ).fetchall()
        return {(int(number), int(part)): json.loads(raw) for number, part, raw in rows}

    def _columns(self, code: str) -> tuple[str, ...]:
        kind = record_type.load(self.staged.record_type)
        return columns.of_rule(code, kind, self.source.specification, self.layout)

    def _positions(
        self,
        code: str,
        records: Sequence[_Record],
        places: Places,
        raw: Mapping[_Record, Mapping[str, str | None]],
    ) -> list[Position]:
        named = self._columns(code)
        unpivot = self.layout.rows.unpivot
        side_by_side = list(unpivot.values) if unpivot else []
        opened = set(self.layout.every.open)
        found = []
        for number, part in records:
            own = side_by_side[part - 1] if 0 < part <= len(side_by_side) else None
            here = [name for name in named if name not in side_by_side or name == own]
            values = raw.get((number, part), {})
            shown = {n: _cut(values.get(n)) for n in here if n in opened and n in values}
            if unpivot and own in here and unpivot.value in values:
                shown[str(own)] = _cut(values[unpivot.value])
            found.append(
                Position(
                    record=number,
                    place=places.place,
                    number=places.numbers.get(number, number),
                    sheet=places.sheet,
                    columns=here,
                    values=shown,
                )
            )
        return found

    def _problem(
        self, code: str, marks: str, n: int, records: int, at: list[Position], bit: int, mask: Mask
    ) -> Problem:
        named = self._columns(code)
        message, mend = telling.texts(
            code, named, self.language, self.layout, record_type.load(self.staged.record_type)
        )
        severity: Severity = "warning" if marks == "warned" else "quarantine"
        unknown = code.endswith(".unknown_code") and marks == "broken"
        return Problem(
            id=self._id(code, named),
            rule=code,
            severity=severity,
            columns=list(named),
            records=n,
            share=round(n / records, 6) if records else 0.0,
            message=message,
            mend=mend,
            positions=at,
            codes=self._codes(named, bit, mask) if unknown else [],
        )

    def _id(self, code: str, named: Sequence[str]) -> str:
        """Source, rule and columns: what stays the same from one delivery to the next."""
        return ":".join([self.source.id, code, "+".join(named)]) if named else f"{self.source.id}:{code}"

    def _codes(self, named: Sequence[str], bit: int, mask: Mask) -> list[Code]:
        """What stands in the columns of the records whose code is unknown, most frequent first."""
        opened = [name for name in named if name in self.layout.columns.open]
        if not opened or len(opened) < len(named):
            return []
        parts = [f"json_extract_string(raw, {sql.text(pointer([name]))})" for name in opened]
        value = parts[0] if len(parts) == 1 else f"concat_ws(' | ', {', '.join(parts)})"
        rows = self.connection.execute(
            f"""SELECT {value} AS value, count(*) AS n FROM {staging.RAW}
            SEMI JOIN (SELECT row_number, row_part FROM {staging.TABLE}
                WHERE exclusion IS NULL AND {mask.has("broken", bit)}) USING (row_number, row_part)
            GROUP BY value ORDER BY n DESC, value LIMIT {CODES}"""
        ).fetchall()
        return [Code(value=_cut(value) or "", records=int(n)) for value, n in rows]

    def _of_whole(self, records: int) -> list[Problem]:
        """What rules on the whole delivery found."""
        found = []
        for finding in self.staged.findings:
            if finding.raised:
                named = self._columns(finding.code)
                message, mend = telling.texts(
                    finding.code, named, self.language, self.layout, record_type.load(self.staged.record_type)
                )
                found.append(
                    Problem(
                        id=self._id(finding.code, named),
                        rule=finding.code,
                        severity="warning",
                        columns=list(named),
                        records=finding.n_broken,
                        share=round(finding.n_broken / records, 6) if records else 0.0,
                        message=message,
                        mend=mend,
                    )
                )
        return found

    def _of_totals(self) -> list[Problem]:
        return [
            Problem(
                id=f"{self.source.id}:control_total:{total.name}",
                rule="control_total",
                severity="refusal",
                columns=[],
                records=0,
                share=0.0,
                message=f"{words.word('total_differs', self.language)} ("
                + words.word(
                    "stated",
                    self.language,
                    stated=words.number(total.expected, self.language),
                    found=words.number(total.found, self.language),
                )
                + ")",
                mend=words.word("total_mend", self.language),
            )
            for total in self.staged.control_totals
            if abs(total.expected - total.found) > NEARLY
        ]

    def _problem_of_rows(self, unreadable: Sequence[int], rows: Rows, places: Places) -> Problem:
        message, mend = explain("row.unreadable", self.language)
        at = [
            Position(record=n, place=places.place, number=places.numbers.get(n, n), sheet=places.sheet)
            for n in unreadable
        ]
        return Problem(
            id=f"{self.source.id}:row.unreadable",
            rule="row.unreadable",
            severity="quarantine",
            columns=[],
            records=rows.unreadable,
            share=round(rows.unreadable / rows.delivered, 6) if rows.delivered else 0.0,
            message=message,
            mend=mend,
            positions=at,
        )


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST else value[:LONGEST] + "…"


def _outcome(rows: Rows, problems: Sequence[Problem]) -> Outcome:
    if any(problem.severity == "refusal" for problem in problems):
        return "refused"
    if not rows.good and (rows.quarantined or not rows.delivered):
        return "nothing_accepted"
    return "accepted_in_part" if rows.quarantined or rows.unreadable else "accepted"

"""The query of one layout, put together: typed fields, broken rules, slice and cell of a record."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import compile as judged_sql
from schemas import sql
from schemas.staging import LEADING, StagedRule
from sources.kit.mapping import fields, identity, judging, rows
from sources.kit.mapping import key as keys
from sources.kit.mapping.given import NAME, VALUE, Given
from sources.kit.raw_text import clean
from sources.kit.staged import ROW_HASH, Columns, CompiledMapping, selecting
from sources.kit.staged_types import sql_type


class Compiler:
    """Builds the query of one layout; made for one delivery and thrown away."""

    def __init__(self, given: Given) -> None:
        """Prepare the compilation."""
        self.given = given
        self.raw, self.kind, self.scan = given.raw, given.kind, given.scan
        self.fields = fields.Fields()
        self.hashes: dict[str, str] = {}

    def compile(self) -> CompiledMapping:
        """The whole query.

        Raises:
            Misuse: A table is missing or does not fit.
        """
        key = keys.key(self.given)
        self.fields = fields.fields(self.given, key)
        self.hashes = {**self.fields.hashes, **key.hashes}
        conditions, rules = judging.rules(self.given, self.fields)
        columns = self._columns(conditions, rules, key)
        repeated = len(rules) if self.given.specification.key else None
        if repeated is not None:
            rules.append(StagedRule("key.repeated", "row"))
        return CompiledMapping(
            columns.base(self._mapped()),
            columns,
            tuple(rules),
            repeated,
            key.hashed,
            self._place_and_time(rules),
            self._raw_json(),
            None
            if self.scan
            else rows.records(self.given, self.fields.shares.most if self.fields.shares else 1),
        )

    def _place_and_time(self, rules: Sequence[StagedRule]) -> int:
        about = (f"{self.given.date_field}.", f"{self.place_field}.", "date.outside_period")
        return sum(1 << bit for bit, rule in enumerate(rules) if rule.code.startswith(about))

    @property
    def place_field(self) -> str | None:
        """The first-level area about which the source reports."""
        named = f"{self.given.specification.delivers.place_basis}_first_level"
        return named if named in self.fields.all else None

    def _mapped(self) -> str:
        """Records with their typed fields.

        What does not depend on value columns side by side is computed once a raw row, before they are turned
        into records.
        """
        late = {
            n
            for n, verb in self.given.layout.map.items()
            if {NAME, VALUE} & set(map(self.given.column, (*verb.reads, *verb.tests)))
        }
        follow = ("_source_code", "_precision")
        late |= {n for n in self.fields.all if any(n.removesuffix(ending) in late for ending in follow)}
        values = {n: j.value for n, j in self.fields.all.items()}
        shared = self.given.shared_out
        last = self.fields.parts | self.fields.later | ({shared} if shared else set())
        early = {n: v for n, v in values.items() if n not in late and n not in last}
        raw = identity.with_normal_forms(self.given, rows.rows(self.given))
        raw = selecting(selecting(raw, self.hashes), early)
        records = selecting(
            rows.unpivoted(self.given, raw), {n: values[n] for n in values if n in late - last}
        )
        records = selecting(records, {n: values[n] for n in values if n in self.fields.later and n != shared})
        if self.fields.shares:
            records = rows.shared_out(self.given, records, self.fields.shares)
        return selecting(records, {n: values[n] for n in values if n in self.fields.parts})

    def _columns(self, conditions: list[str], rules: list[StagedRule], key: keys.KeySql) -> Columns:
        """What of a record is stored, and what the view adds."""
        marks = {
            severity: judged_sql.mask(
                [
                    c if rule.severity == severity else "false"
                    for c, rule in zip(conditions, rules, strict=True)
                ]
            )
            for severity in {rule.severity for rule in rules}
        }
        stored, following = self._leading(marks, key.number)
        added = {} if self.given.parts else {"row_part": "0::USMALLINT"}
        parts: dict[str, str] = {}
        kept: dict[str, str] = {}
        if self.scan:
            kept = {self.raw.columns[c]: self.raw.columns[c] for c in self.given.layout.columns.open}
            if not self.given.specification.key:
                kept[ROW_HASH] = f"hash({', '.join(self.raw.columns.values())})"
        if self.given.layout.rows.earlier:
            kept[keys.EARLIER] = keys.EARLIER
        hashed = key.hashed or ""
        for field in self.kind.fields:
            name = field.name
            value = self.fields.all.get(name)
            if value is None:
                added[name] = f"NULL::{sql_type(field)}"
            elif name in self.fields.constant or (self.scan and name.endswith("_source_code")):
                added[name] = value.value
            elif name in self.fields.parts:
                parts[name] = value.value
            elif name == hashed.replace("_hmac", "_ref") and not self.given.parts:
                added[name] = "record_key"
            else:
                stored[name] = sql.name(name)
        names = (*(n for n, _ in LEADING), *(f.name for f in self.kind.fields))
        return Columns(stored, kept, added, parts, following, names)

    def _leading(self, marks: dict[str, str], key: str) -> tuple[dict[str, str], dict[str, str]]:
        """The columns before the fields: those that are stored, and those that follow from other columns."""
        delivers = self.given.specification.delivers
        # what only annuls earlier records needs no date
        date_field = self.given.date_field if self.given.date_field in self.fields.all else "NULL::DATE"
        unpivot = self.given.layout.rows.unpivot
        exclusion = "NULL::VARCHAR"
        broken, warned = marks.get("row", "0::UBIGINT"), marks.get("warn")
        if unpivot:
            blank = f"{clean(VALUE)} IS NULL"
            exclusion = f"CASE WHEN {blank} THEN {sql.text(unpivot.blank)} END"
        if by_date := rows.excluded_by_date(self.given):
            exclusion = f"coalesce({exclusion}, {by_date})" if unpivot else by_date
        if unpivot or by_date:
            judged = f"CASE WHEN {exclusion} IS NULL THEN {{}} ELSE 0::UBIGINT END"
            broken, warned = judged.format(broken), judged.format(warned) if warned else None
        period = delivers.slice.period
        start = "NULL::DATE" if period == "all" else f"date_trunc('{period}', {date_field})::DATE"
        month = "slice_period" if period == "month" else f"date_trunc('month', {date_field})::DATE"
        place = self.place_field
        reports = place if delivers.cells != "none" else None
        stored = {} if self.scan else {"row_number": "row_number"}
        stored |= {"row_part": "row_part"} if self.given.parts else {}
        stored |= {"exclusion": exclusion, "broken": broken, "slice_period": start}
        following = {
            "warned": "0::UBIGINT",
            "slice_area": (place if delivers.slice.area else None) or "NULL::VARCHAR",
            "cell_area": reports or "NULL::VARCHAR",
            "cell_month": month if reports else "NULL::DATE",
            "events": 'coalesce("count", 0)::DOUBLE' if "count" in self.fields.all else "1::DOUBLE",
        }
        if self.given.layout.rows.earlier:
            # a row about an earlier record reports about no area and month, and is in a slice of its own
            elsewhere = {
                "slice_area": sql.text(self.given.slice_of_earlier),
                "cell_area": "NULL",
                "cell_month": "NULL",
            }
            following |= {
                name: f"CASE WHEN {keys.EARLIER} THEN {value} ELSE {following[name]} END"
                for name, value in elsewhere.items()
            }
            stored["slice_period"] = f"CASE WHEN NOT {keys.EARLIER} THEN {start} END"
        (stored if self.given.specification.key else following)["record_key"] = key
        if warned:
            del following["warned"]
            stored["warned"] = warned
        return stored, following

    def _raw_json(self) -> str:
        """The open raw values of a record; of value columns side by side only the record's own."""
        unpivot = self.given.layout.rows.unpivot
        values = set(unpivot.values) if unpivot else set()
        pairs = [
            f"{sql.text(name)}, {self.raw.columns[name]}"
            for name in self.given.layout.columns.open
            if name not in values
        ]
        if unpivot:
            pairs += [f"{sql.text(unpivot.name)}, {NAME}", f"{sql.text(unpivot.value)}, {VALUE}"]
        return f"json_object({', '.join(pairs)})::VARCHAR"

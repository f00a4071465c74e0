"""A layout's mapping as one SQL query over the raw rows: typed fields, broken rules, slice and cell of a record.

The query has three levels, so that nothing is computed twice: raw rows with the hashes of identifiers, the typed
fields, and what is judged over them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from schemas import compile as compiler
from schemas import record_type, sql
from schemas.compile import Judged
from schemas.record_type import Field
from schemas.rules import Rule
from schemas.staging import LEADING, StagedRule
from sources.kit import identifiers, verbs
from sources.kit.readers import raw as raw_rows
from sources.kit.readers.raw import Raw
from sources.kit.specification import Exclude, Layout, Specification
from sources.kit.staged import ROW_HASH, Columns, CompiledMapping, selecting
from sources.kit.staged_types import sql_type
from sources.kit.words import AnyVerb, Fixed, Hmac, Parse, ParseYear, ParseYearMonth, PartOf, Recode

#: Bounds of what a record can be about where neither period nor edition says.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)

#: Amounts of this size and above, and what is no number, are not added up; a rule refuses them.
ADDED_UP = 1e15

PRECISION = {Parse: "day", ParseYearMonth: "month", ParseYear: "year"}


class Compiler:
    """Builds the query of one layout; made for one delivery and thrown away."""

    def __init__(
        self,
        specification: Specification,
        layout: Layout,
        folder: Path,
        raw: Raw,
        period: tuple[dt.date, dt.date] | None,
        areas: Sequence[str],
        edition: dt.date | None = None,
        scan: str | None = None,
    ) -> None:
        """Prepare the compilation.

        Args:
            specification: The source's declaration.
            layout: The layout of the delivery.
            folder: The source's folder, where its tables are.
            raw: The file, read or (with ``scan``) about to be read.
            period: What the delivery covers.
            areas: Known first-level areas of the country.
            edition: Edition of the delivery; without a period nothing is about a later day.
            scan: SQL of the raw rows, where they are not in a table but read, mapped and judged in one pass.
        """
        self.specification = specification
        self.layout = layout
        self.raw = raw
        self.period = period
        self.areas = areas
        self.edition = edition
        self.scan = scan
        self.kind = record_type.load(specification.record_type)
        self.context = verbs.Context(folder, self._column, sql_type)
        self.hashes: dict[str, str] = {}
        self.parts: dict[str, Judged] = {}
        self.constant: set[str] = set()
        self.fields: dict[str, Judged] = {}

    def compile(self) -> CompiledMapping:
        """The whole query."""
        self._map()
        self._defaults()
        key = self._key()
        conditions, rules = self._rules()
        columns = self._columns(conditions, key)
        repeated = len(rules) if self.specification.key else None
        if repeated is not None:
            rules.append(StagedRule("key.repeated", "row"))
        return CompiledMapping(
            columns.base(self._mapped()),
            columns,
            tuple(rules),
            repeated,
            self._hashed_key(),
            self._place_and_time(rules),
            self._raw_json(),
            None if self.scan else self.records(),
        )

    def _place_and_time(self, rules: Sequence[StagedRule]) -> int:
        about = (f"{self.date_field}.", f"{self.place_field}.", "date.outside_period")
        return sum(1 << bit for bit, rule in enumerate(rules) if rule.code.startswith(about))

    def _mapped(self) -> str:
        """Records with their typed fields.

        What does not depend on value columns side by side is computed once a raw row, before they are turned
        into records.
        """
        late = {
            n
            for n, verb in self.layout.map.items()
            if {"u_name", "u_value"} & set(map(self._column, verb.reads))
        }
        late |= {n for n in self.fields if n.removesuffix("_source_code") in late}
        values = {n: j.value for n, j in self.fields.items()}
        early = {n: v for n, v in values.items() if n not in late and n not in self.parts}
        rows = selecting(selecting(self._rows(), self.hashes), early)
        records = selecting(self._unpivoted(rows), {n: values[n] for n in late if n not in self.parts})
        return selecting(records, {n: values[n] for n in self.parts})

    def records(self) -> str:
        """Raw rows as records, not mapped."""
        return self._unpivoted(self._rows())

    def _rows(self) -> str:
        """Raw rows that are not left out as a whole, with their record numbers."""
        if self.scan:
            return self.scan
        reason = self.excluded()
        kept = "" if reason.startswith("NULL") else f" WHERE {reason} IS NULL"
        return f"SELECT {self.raw.row_number()} AS row_number, * FROM {raw_rows.TABLE}{kept}"

    def _unpivoted(self, rows: str) -> str:
        """Value columns side by side turned into one record each."""
        unpivot = self.layout.rows.unpivot
        if unpivot is None:
            return f"SELECT 0::USMALLINT AS row_part, * FROM ({rows})"
        values = ", ".join(
            f"{{part: {i}, name: {sql.text(value)}, value: {self.raw.columns[header]}}}"
            for i, (header, value) in enumerate(unpivot.values.items(), start=1)
        )
        return f"""SELECT unpivoted.part::USMALLINT AS row_part, unpivoted.name AS u_name,
                unpivoted.value AS u_value, * EXCLUDE (unpivoted)
            FROM (SELECT unnest([{values}]) AS unpivoted, * FROM ({rows}))"""

    def excluded(self) -> str:
        """SQL for the reason under which a raw row is left out; NULL for a row that makes records."""
        tests = [f"WHEN {self._fits(e)} THEN {sql.text(e.reason)}" for e in self.layout.rows.exclude]
        blank = " AND ".join(f"{verbs.clean(c)} IS NULL" for c in self.raw.columns.values())
        if self.layout.file.format == "workbook":
            tests.append(f"WHEN {blank} THEN 'blank_row'")
        return f"CASE {' '.join(tests)} END" if tests else "NULL::VARCHAR"

    def excluding(self) -> Iterator[tuple[Exclude, str]]:
        """Each declared exclusion with SQL that is true for the rows that it takes: the first that fits decides."""
        before: list[str] = []
        for exclude in self.layout.rows.exclude:
            fits = self._fits(exclude)
            yield exclude, " AND ".join([fits, *(f"NOT {b}" for b in before)])
            before.append(fits)

    def _fits(self, exclude: Exclude) -> str:
        values = [verbs.clean(self._column(c)) for c in exclude.reads]
        if exclude.blank:
            return f"({' AND '.join(f'{v} IS NULL' for v in values)})"
        value = f"lower({values[0]})"
        if exclude.starts_with is not None:
            return f"coalesce(starts_with({value}, lower({sql.text(exclude.starts_with)})), false)"
        declared = exclude.among if exclude.among is not None else [exclude.equals or ""]
        wanted = ", ".join(f"lower({sql.text(text.strip())})" for text in declared)
        return f"coalesce({value} IN ({wanted}), false)"

    def _column(self, name: str) -> str:
        unpivot = self.layout.rows.unpivot
        if unpivot and name == unpivot.name:
            return "u_name"
        if unpivot and name == unpivot.value:
            return "u_value"
        return self.raw.columns[name]

    def _map(self) -> None:
        for name, verb in self.layout.map.items():
            field = self.kind.by_name[name]
            judged = verbs.compiled(field, verb, self.context)
            if isinstance(verb, Hmac):
                alias = f"h_{name.removesuffix('_hmac')}"
                self.hashes[alias] = verbs.hmac_of(name, verb, self._column(verb.hmac))
                judged = Judged(f"unhex({alias})", judged.given)
                reference = f"{name.removesuffix('_hmac')}_ref"
                if reference in self.kind.by_name:
                    self.fields[reference] = Judged(identifiers.reference(alias), "false")
            if isinstance(verb, PartOf):
                self.parts[name] = judged
            if isinstance(verb, Fixed):
                self.constant.add(name)
            self.fields[name] = judged

    def _defaults(self) -> None:
        """Fields that follow from others where the declaration is silent."""
        mapped = set(self.layout.map)
        fixed = {"record_status": "provisional", "count": "1"}
        for field in self.kind.fields:
            name = field.name
            if name in self.fields:
                continue
            if name in fixed:
                self._same_for_all(field, fixed[name])
            elif name.endswith("_country") and any(
                f"{name.removesuffix('_country')}_{level}" in mapped
                for level in ("first_level", "municipality")
            ):
                self._same_for_all(field, self.specification.country)
            elif name.endswith("_date_precision") and (
                verb := self.layout.map.get(name.removesuffix("_precision"))
            ):
                self._same_for_all(field, PRECISION.get(type(verb), "day"))
            elif name.endswith("_source_code"):
                told = self.kind.by_name.get(name.removesuffix("_source_code"))
                if told and self._keeps_source_code(told):
                    self.fields[name] = Judged(self._source_code(told, self.layout.map[told.name]), "false")

    def _same_for_all(self, field: Field, value: str) -> None:
        self.fields[field.name] = Judged(f"{sql.text(value)}::{sql_type(field)}", "true")
        self.constant.add(field.name)

    def _keeps_source_code(self, field: Field) -> bool:
        """Whether a record keeps what the source wrote: of an area only where a table gave it another code."""
        verb = self.layout.map.get(field.name)
        if verb is None or not verb.reads:
            return False
        return isinstance(verb, Recode) or not field.is_area

    def _source_code(self, field: Field, verb: AnyVerb) -> str:
        """The raw values that a verb reads, joined."""
        known: list[list[str]] = [[] for _ in verb.reads]
        if isinstance(verb, Recode):
            labels = [n.split(verbs.UNIT_SEPARATOR) for n in verbs.labels(field, verb, self.context.folder)]
            known = [[values[i] for values in labels] for i, _ in enumerate(verb.reads)]
        values = [verbs.clean(self._column(c), k) for c, k in zip(verb.reads, known, strict=True)]
        return values[0] if len(values) == 1 else f"concat_ws(' | ', {', '.join(values)})"

    def _columns(self, conditions: list[str], key: str) -> Columns:
        """What of a record is stored, and what the view adds."""
        stored, following = self._leading(conditions, key)
        added = {} if self.layout.rows.unpivot else {"row_part": "0::USMALLINT"}
        parts: dict[str, str] = {}
        kept: dict[str, str] = {}
        if self.scan:
            kept = {self.raw.columns[c]: self.raw.columns[c] for c in self.layout.columns.open}
            if not self.specification.key:
                kept[ROW_HASH] = f"hash({', '.join(self.raw.columns.values())})"
        hashed = self._hashed_key() or ""
        for field in self.kind.fields:
            name = field.name
            if name not in self.fields:
                added[name] = f"NULL::{sql_type(field)}"
            elif name in self.constant or (self.scan and name.endswith("_source_code")):
                added[name] = self.fields[name].value
            elif name in self.parts:
                parts[name] = self.fields[name].value
            elif name == hashed.replace("_hmac", "_ref") and not self.layout.rows.unpivot:
                added[name] = "record_key"
            else:
                stored[name] = sql.name(name)
        names = (*(n for n, _ in LEADING), *(f.name for f in self.kind.fields))
        return Columns(stored, kept, added, parts, following, names)

    def _rules(self) -> tuple[list[str], list[StagedRule]]:
        judged = {n: Judged(sql.name(n), j.given) for n, j in self.fields.items()}
        conditions, rules = [], []
        for rule in self.kind.rules:
            if not set(rule.fields) <= set(judged) or self._cannot_break(rule):
                continue
            conditions.append(compiler.broken(self._with_form(rule), judged))
            rules.append(StagedRule(rule.code, rule.severity))
        if self.specification.key:
            conditions.append("(NOT key_given)")
            rules.append(StagedRule("key.missing", "row"))
        for name in self.fields:
            if name.endswith("_first_level") and self.areas:
                own = f"starts_with({name}, {sql.text(self.specification.country + '-')})"
                conditions.append(f"coalesce({own} AND {name} NOT IN ({sql.texts(self.areas)}), false)")
                rules.append(StagedRule(f"{name}.unknown_code", "row"))
        if bounds := self._bounds():
            outside = f"{self.date_field} NOT BETWEEN DATE '{bounds[0]}' AND DATE '{bounds[1]}'"
            conditions.append(f"coalesce({outside}, false)")
            rules.append(StagedRule("date.outside_period", "row"))
        return conditions, rules

    def _bounds(self) -> tuple[dt.date, dt.date] | None:
        """First and last day that a record can be about: the delivery's period, else what its edition can know.

        Projections are about the future, and lists have no such date.
        """
        if self.period or self.specification.delivers.cells == "none":
            return self.period
        return EARLIEST, self.edition or LATEST

    def _cannot_break(self, rule: Rule) -> bool:
        verbs_read = [self.layout.map.get(name) for name in rule.fields]
        return all(isinstance(v, Fixed) or (v is None) for v in verbs_read)

    def _with_form(self, rule: Rule) -> Rule:
        """A form that the declaration states for a field takes the place of the general one."""
        form = getattr(self.layout.map.get(rule.fields[0]), "form", None)
        if rule.kind != "form" or not form:
            return rule
        return Rule(rule.code, rule.kind, rule.severity, rule.fields, {"pattern": f"^(?:{form})$"})

    @property
    def date_field(self) -> str:
        """The date by which the source's records are put into periods."""
        named = f"{self.specification.delivers.date_basis}_date"
        return named if named in self.kind.by_name else self.kind.date_field

    @property
    def place_field(self) -> str | None:
        """The first-level area about which the source reports."""
        named = f"{self.specification.delivers.place_basis}_first_level"
        return named if named in self.fields else None

    def _leading(self, conditions: list[str], key: str) -> tuple[dict[str, str], dict[str, str]]:
        """The columns before the fields: those that are stored, and those that follow from other columns."""
        delivers = self.specification.delivers
        unpivot = self.layout.rows.unpivot
        exclusion = "NULL::VARCHAR"
        broken = compiler.mask(conditions)
        if unpivot:
            blank = f"{verbs.clean('u_value')} IS NULL"
            exclusion = f"CASE WHEN {blank} THEN {sql.text(unpivot.blank)} END"
            broken = f"CASE WHEN {blank} THEN 0::UBIGINT ELSE {broken} END"
        period = delivers.slice.period
        start = "NULL::DATE" if period == "all" else f"date_trunc('{period}', {self.date_field})::DATE"
        month = "slice_period" if period == "month" else f"date_trunc('month', {self.date_field})::DATE"
        place = self.place_field
        reports = place if delivers.cells != "none" else None
        stored = {} if self.scan else {"row_number": "row_number"}
        stored |= {"row_part": "row_part"} if unpivot else {}
        stored |= {"exclusion": exclusion, "broken": broken, "slice_period": start}
        following = {
            "warned": "0::UBIGINT",
            "slice_area": (place if delivers.slice.area else None) or "NULL::VARCHAR",
            "cell_area": reports or "NULL::VARCHAR",
            "cell_month": month if reports else "NULL::DATE",
            "events": self._events(),
        }
        (stored if self.specification.key else following)["record_key"] = key
        return stored, following

    def _events(self) -> str:
        """What the record adds to the account: its amount, as far as it is a number that can be added up."""
        amount = self.kind.amount
        if amount is None or amount not in self.fields:
            return "1::DOUBLE"
        value = f"{sql.name(amount)}::DOUBLE"
        if self.kind.by_name[amount].sql_type == "DOUBLE":
            value = f"CASE WHEN abs({value}) < {ADDED_UP} THEN {value} END"
        return f"coalesce({value}, 0)"

    def _key(self) -> str:
        key = self.specification.key
        if key is None:
            return "row_number * 1000 + row_part" if self.layout.rows.unpivot else "row_number"
        columns = [self._column(c) for c in key.columns]
        own = [c for c in columns if c not in ("u_name", "u_value")]
        joined = verbs.joined_key(own, trimmed=True)
        if set(key.columns) & set(self.layout.columns.identifier):
            hashed = self._hashed_key()
            alias = f"h_{hashed.removesuffix('_hmac')}" if hashed else "h_key"
            if not hashed:
                self.hashes[alias] = identifiers.hmac_hex("key", joined)
            number = identifiers.reference(alias)
        else:
            self.hashes["h_key"] = f"(md5_number_lower({joined}) >> 1)::BIGINT"
            number = "h_key"
        if self.layout.rows.unpivot:
            number = f"xor({number}, row_part::BIGINT)"
        self.hashes["key_given"] = " AND ".join(f"{verbs.clean(c)} IS NOT NULL" for c in own)
        return f"CASE WHEN key_given THEN {number} END"

    def _hashed_key(self) -> str | None:
        """The field that already holds the hash of a key of one identifier column."""
        key = self.specification.key
        for name, verb in self.layout.map.items():
            if key and isinstance(verb, Hmac) and key.columns == [verb.hmac]:
                return name
        return None

    def _raw_json(self) -> str:
        """The open raw values of a record; of value columns side by side only the record's own."""
        unpivot = self.layout.rows.unpivot
        values = set(unpivot.values) if unpivot else set()
        pairs = [
            f"{sql.text(name)}, {self.raw.columns[name]}"
            for name in self.layout.columns.open
            if name not in values
        ]
        if unpivot:
            pairs += [f"{sql.text(unpivot.name)}, u_name", f"{sql.text(unpivot.value)}, u_value"]
        return f"json_object({', '.join(pairs)})::VARCHAR"

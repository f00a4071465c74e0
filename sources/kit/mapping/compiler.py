"""The query of one layout, put together: typed fields, broken rules, slice and cell of a record."""

from __future__ import annotations

from schemas import sql
from schemas.staging import LEADING
from sources.kit import identifiers
from sources.kit.mapping import fields, identity, judging, rows
from sources.kit.mapping import key as keys
from sources.kit.mapping.given import NAME, VALUE, Given
from sources.kit.mapping.judging import Judging
from sources.kit.staged import ROW_HASH, Columns, CompiledMapping, selecting
from sources.kit.staged_types import sql_type

PERSON_REFERENCE, PERSON_HASH = "person_ref", "person_hmac"
#: Amounts of this size and above, and what is no number, are not added up; a rule refuses them.
ADDED_UP = 1e15


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
        judged = judging.judging(self.given, self.fields)
        columns = self._columns(judged, key)
        return CompiledMapping(
            columns.base(self._mapped()),
            columns,
            judged,
            frozenset(self.fields.all),
            key.hashed,
            judged.about((f"{self.given.date_field}.", f"{self.place_field}.", "date.outside_period")),
            self._raw_json(),
            None
            if self.scan
            else rows.records(self.given, self.fields.shares.most if self.fields.shares else 1),
        )

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

    def _columns(self, judged: Judging, key: keys.KeySql) -> Columns:
        """What of a record is stored, and what the view adds."""
        stored, following = self._leading(judged, key.number)
        added = {} if self.given.parts else {"row_part": "0::USMALLINT"}
        parts: dict[str, str] = {}
        kept: dict[str, str] = {}
        if self.scan:
            kept = {self.raw.columns[c]: self.raw.columns[c] for c in self.given.layout.every.open}
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
            elif name == PERSON_REFERENCE:
                # written once, to the restricted file, and read by nothing before
                added[name] = identifiers.reference(f"hex({PERSON_HASH})")
            else:
                stored[name] = sql.name(name)
        names = (*(n for n, _ in LEADING), *(f.name for f in self.kind.fields))
        return Columns(stored, kept, added, parts, following, names)

    def _leading(self, judged: Judging, key: str) -> tuple[dict[str, str], dict[str, str]]:
        """The columns before the fields: those that are stored, and those that follow from other columns."""
        delivers = self.given.specification.delivers
        # what only annuls earlier records needs no date
        date_field = self.given.date_field if self.given.date_field in self.fields.all else "NULL::DATE"
        unpivot = self.given.layout.rows.unpivot
        exclusion = "NULL::VARCHAR"
        marks = {"broken": judged.marked("row"), "warned": judged.marked("warn")}
        none = judged.mask.none
        if unpivot:
            exclusion = rows.blank_value(self.given, unpivot)
        if by_date := rows.excluded_by_date(self.given):
            exclusion = f"coalesce({exclusion}, {by_date})" if unpivot else by_date
        if unpivot or by_date:
            marks = {
                n: f"CASE WHEN {exclusion} IS NOT NULL THEN {none} ELSE {m} END" for n, m in marks.items()
            }
        period = delivers.slice.period
        start = "NULL::DATE" if period == "all" else f"date_trunc('{period}', {date_field})::DATE"
        month = "slice_period" if period == "month" else f"date_trunc('month', {date_field})::DATE"
        place = self.place_field
        reports = place if delivers.cells != "none" else None
        stored = {} if self.scan else {"row_number": "row_number"}
        stored |= {"row_part": "row_part"} if self.given.parts else {}
        stored |= {"exclusion": exclusion, "broken": marks["broken"], "slice_period": start}
        following = {
            "bad": f"broken <> {none}",
            "slice_area": (place if delivers.slice.area else None) or "NULL::VARCHAR",
            "cell_area": reports or "NULL::VARCHAR",
            "cell_month": month if reports else "NULL::DATE",
            "events": self._events(),
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
        warns = any(judged.rules[bit].severity == "warn" for bit in judged.conditions)
        (stored if warns else following)["warned"] = marks["warned"] if warns else none
        (stored if self.given.specification.key else following)["record_key"] = key
        return stored, following

    def _events(self) -> str:
        """What the record adds to the account: its amount, as far as it is a number that can be added up."""
        amount = self.kind.amount
        if amount is None or amount not in self.fields.all:
            return "1::DOUBLE"
        value = f"{sql.name(amount)}::DOUBLE"
        if self.kind.by_name[amount].sql_type == "DOUBLE":
            value = f"CASE WHEN abs({value}) < {ADDED_UP} THEN {value} END"
        return f"coalesce({value}, 0)"

    def _raw_json(self) -> str:
        """The open raw values of a record; of value columns side by side only the record's own."""
        unpivot = self.given.layout.rows.unpivot
        values = set(unpivot.values) if unpivot else set()
        pairs = [
            f"{sql.text(name)}, {self.raw.columns[name]}"
            for name in self.given.layout.every.open
            if name not in values
        ]
        pairs += [f"{sql.text(name)}, {self.given.column(name)}" for name in self.given.layout.stated]
        if unpivot:
            pairs += [f"{sql.text(unpivot.name)}, {NAME}", f"{sql.text(unpivot.value)}, {VALUE}"]
        return f"json_object({', '.join(pairs)})::VARCHAR"

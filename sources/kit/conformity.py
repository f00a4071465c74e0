"""A declaration held against the record type that it delivers: what does not fit is told before any file is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path

from schemas import codelists, declaration, record_type
from schemas.errors import Misuse, meant, offer
from schemas.record_type import Field, RecordType
from sources.kit import recoding
from sources.kit.specification import Layout, Specification
from sources.kit.words import (
    AnyVerb,
    Combine,
    Copy,
    Fixed,
    Hmac,
    Parse,
    ParseYear,
    ParseYearMonth,
    PartOf,
    Recode,
)

INTEGERS = frozenset(
    {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT"}
)
TEXT = frozenset({"VARCHAR", "ENUM"})

#: Fields that ``mapping`` fills where the declaration is silent.
DEFAULTED = frozenset({"record_status", "count"})

Place = tuple[str | int, ...]


def invalid(path: Path, place: Place, what: str, how: str) -> Misuse:
    """The refusal of a declaration, with the line of a place in it."""
    line = declaration.line_of(path.read_text(encoding="utf-8"), place)
    return Misuse(what, where=f"{path}:{line}", how=how, code="declaration_invalid")


def check(path: Path, specification: Specification) -> None:
    """Check a declaration whose record type exists.

    Raises:
        Misuse: With file, line and cure.
    """
    kind = record_type.load(specification.record_type)
    _check_delivers(path, specification, kind)
    for index, layout in enumerate(specification.layouts):
        checked = _Layout(path, specification, kind, layout, ("layouts", index))
        checked.check_rows()
        for name in layout.map:
            checked.check_field(name)
        checked.check_whole()


def takes(verb: AnyVerb) -> frozenset[str]:
    """The SQL types of the fields that a verb can fill without guessing."""
    match verb:
        case Fixed():
            return INTEGERS | TEXT | {"DATE", "DOUBLE"}
        case PartOf():
            return frozenset({"VARCHAR"})
        case Copy() | Combine() | Recode():
            return INTEGERS | TEXT
        case Hmac():
            return frozenset({"BLOB"})
        case ParseYear() | ParseYearMonth():
            return frozenset({"DATE"})
        case Parse():
            whole = INTEGERS | {"DOUBLE"}
            return {"date": frozenset({"DATE"}), "decimal": frozenset({"DOUBLE"})}.get(verb.parse, whole)


def _check_delivers(path: Path, specification: Specification, kind: RecordType) -> None:
    delivers = specification.delivers
    if f"{delivers.date_basis}_date" not in kind.by_name and delivers.date_basis != kind.date_field:
        dates = [f.name.removesuffix("_date") for f in kind.fields if f.sql_type == "DATE"]
        what = f"{kind.name} has no date {delivers.date_basis!r}"
        raise invalid(path, ("delivers", "date_basis"), what, offer(delivers.date_basis, dates))
    places = codelists.load("place_basis").codes
    if delivers.place_basis not in places:
        what = f"unknown place basis {delivers.place_basis!r}"
        raise invalid(path, ("delivers", "place_basis"), what, offer(delivers.place_basis, places))
    for index, name in enumerate(delivers.breakdowns):
        for layout in specification.layouts:
            if not {name, f"{name}_years", f"{name}_from"} & set(layout.map):
                raise invalid(
                    path,
                    ("delivers", "breakdowns", index),
                    f"breakdown by {name!r}, which layout {layout.id} does not map",
                    "map the field, or leave it out of the breakdowns",
                )


class _Layout:
    """Checks one layout."""

    def __init__(
        self, path: Path, specification: Specification, kind: RecordType, layout: Layout, place: Place
    ) -> None:
        self.path = path
        self.specification = specification
        self.kind = kind
        self.layout = layout
        self.place = place
        unpivot = layout.rows.unpivot
        self.made = {unpivot.name, unpivot.value} if unpivot else set()
        self.open = set(layout.columns.open)

    def _refuse(self, place: Place, what: str, how: str) -> Misuse:
        return invalid(self.path, (*self.place, *place), what, how)

    def check_rows(self) -> None:
        """Rows that are left out and value columns side by side read open columns of the file."""
        for index, exclude in enumerate(self.layout.rows.exclude):
            reads = [*exclude.reads, *([exclude.control_total] if exclude.control_total else [])]
            self._require(("rows", "exclude", index), reads, self.open, "exclude")
        unpivot = self.layout.rows.unpivot
        if unpivot is None:
            return
        self._require(("rows", "unpivot"), list(unpivot.values), self.open, "unpivot")
        hidden = sorted(self.made & (set(self.layout.columns.all) - set(unpivot.values)))
        if hidden:
            raise self._refuse(
                ("rows", "unpivot"),
                f"unpivot makes a column {hidden[0]!r}, which the file already has",
                "give name and value names that the file does not have",
            )

    def check_field(self, name: str) -> None:
        """One mapped field: it exists, its verb can fill it and reads what it may."""
        place: Place = ("map", name)
        field = self.kind.by_name.get(name)
        if field is None:
            how = offer(name, self.kind.by_name)
            raise self._refuse(place, f"{self.kind.name} has no field {name!r}", how)
        verb = self.layout.map[name]
        sql_type = "ENUM" if field.codelist else field.sql_type
        if sql_type not in takes(verb):
            raise self._refuse(
                place,
                f"{name} is of type {sql_type}, which {_called(verb)} does not fill",
                "use parse for dates and numbers, hmac for the hash of an identifier, copy or recode for text",
            )
        allowed = self.open | self.made
        if isinstance(verb, Hmac):
            allowed = set(self.layout.columns.identifier)
        elif field.tier == "restricted":
            allowed |= set(self.layout.columns.restricted)
        self._require(place, verb.reads, allowed, "the verb")
        self._check_values(place, field, verb)

    def _check_values(self, place: Place, field: Field, verb: AnyVerb) -> None:
        if isinstance(verb, Fixed):
            self._check_value((*place, "fixed"), field, verb.fixed)
        if isinstance(verb, Copy | Combine) and verb.default is not None:
            self._check_value((*place, "default"), field, verb.default)
        if isinstance(verb, Recode):
            try:
                recoding.recoding(field, verb, self.path.parent)
            except Misuse as error:
                if verb.table is not None:
                    raise
                wrong = [label for label, code in (verb.codes or {}).items() if repr(code) in error.what]
                raise self._refuse((*place, "codes", *wrong[:1]), error.what, error.how) from None
        if isinstance(verb, PartOf):
            whole = self.layout.map.get(verb.part_of)
            of = self.kind.by_name.get(verb.part_of)
            if whole is None or of is None or isinstance(whole, PartOf) or of.sql_type != "VARCHAR":
                raise self._refuse(
                    place,
                    f"{field.name} is a part of {verb.part_of!r}, which is no mapped field of text",
                    "name a field that this layout maps by another verb",
                )
        judged = {rule.fields[0] for rule in self.kind.rules if rule.kind == "form"}
        if getattr(verb, "form", None) and field.name not in judged:
            raise self._refuse(
                place,
                f"the form of {field.name} is not judged",
                f"leave form out; it holds for {', '.join(sorted(judged))}",
            )

    def _check_value(self, place: Place, field: Field, value: str | int) -> None:
        """A value that the declaration itself gives to a field."""
        written = declaration.written(self.path.read_text(encoding="utf-8"), (*self.place, *place))
        if isinstance(value, int) and written not in (None, str(value)):
            what = f"{field.name}: {written} has no quotes, and YAML reads it as the number {value}"
            raise self._refuse(place, what, f'write it in quotes: "{written}"')
        if _fits(str(value), field):
            return
        if field.codelist:
            what = f"{field.name}: {str(value)!r} is no code of the list {field.codelist}"
            raise self._refuse(place, what, offer(str(value), codelists.load(field.codelist).codes))
        what = f"{field.name}: {str(value)!r} is no value of type {field.sql_type}"
        raise self._refuse(place, what, "correct the value")

    def check_whole(self) -> None:
        """The layout as a whole: key, required fields, and what slices and cells are made of."""
        if self.specification.key:
            usable = self.open | self.made | set(self.layout.columns.identifier)
            lacking = [c for c in self.specification.key.columns if c not in usable]
            if lacking:
                raise invalid(
                    self.path,
                    ("key",),
                    f"the key reads {lacking[0]!r}, which is no open or identifier column of layout {self.layout.id}",
                    "declare the column; a restricted column cannot be part of a key",
                )
        mapped = set(self.layout.map)
        for field in self.kind.fields:
            if field.required and field.name not in mapped and not _defaulted(field.name, mapped):
                raise self._refuse(
                    ("map",),
                    f"the layout {self.layout.id} does not map {field.name}, which {self.kind.name} requires",
                    f"add {field.name}: {{fixed: ...}} or another verb",
                )
        delivers = self.specification.delivers
        date = f"{delivers.date_basis}_date"
        first_level = f"{delivers.place_basis}_first_level"
        needed = [date if date in self.kind.by_name else self.kind.date_field]
        needed += [first_level] if delivers.cells != "none" or delivers.slice.area else []
        for name in needed:
            if name not in mapped:
                raise self._refuse(
                    ("map",),
                    f"the layout {self.layout.id} does not map {name}, which puts its records into slices and cells",
                    f"map {name}, or correct place_basis and date_basis under delivers",
                )

    def _require(self, place: Place, columns: Sequence[str], usable: Collection[str], verb: str) -> None:
        for column in columns:
            if column in usable:
                continue
            what = f"{verb} reads {column!r}, which is not among the columns that it may use"
            if column not in (*self.layout.columns.all, *self.made):
                how = offer(column, usable) if meant(column, usable) else "declare the column under columns"
            elif column in self.layout.columns.identifier:
                how = "the column is declared as identifier: only hmac and key read it"
            elif column in self.layout.columns.restricted:
                how = "the column is declared as restricted: nothing but parse of coordinates reads it"
            else:
                how = "the column is declared as open: hmac reads identifier columns"
            raise self._refuse(place, what, how)


def _called(verb: AnyVerb) -> str:
    if isinstance(verb, Parse | ParseYear | ParseYearMonth):
        return f"parse: {verb.parse}"
    return "part_of" if isinstance(verb, PartOf) else type(verb).__name__.lower()


def _defaulted(name: str, mapped: Collection[str]) -> bool:
    """Whether ``mapping`` fills a field that is not mapped."""
    place = name.removesuffix("_country")
    return name in DEFAULTED or (
        name.endswith("_country") and not {f"{place}_first_level", f"{place}_municipality"}.isdisjoint(mapped)
    )


def _fits(value: str, field: Field) -> bool:
    """Whether a fixed value can be one of the field."""
    if field.codelist:
        return value in codelists.load(field.codelist).codes
    try:
        match field.sql_type:
            case "DATE":
                dt.date.fromisoformat(value)
            case "DOUBLE":
                float(value)
            case "VARCHAR":
                return bool(value.strip())
            case _:
                int(value)
    except ValueError:
        return False
    return True

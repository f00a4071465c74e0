"""A declaration held against the record type that it delivers: what does not fit is told before any file is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from schemas import codelists, declaration, record_type
from schemas.errors import Misuse, meant, offer
from schemas.record_type import Field, RecordType
from sources.kit import fillable, recoding, strictness
from sources.kit.mapping import hierarchy
from sources.kit.mapping.given import date_field, shared_out
from sources.kit.mapping.key import REPLACES, columns_of, hashed_in, is_hashed
from sources.kit.specification import Layout, Specification
from sources.kit.words import AnyVerb, Combine, Copy, FirstOf, Fixed, Hmac, KeyOf, PartOf, Recode
from sources.kit.words.rows import PREFIX, Earlier

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
    _check_one_key(path, specification)
    for place, what, how in strictness.faults(kind, specification.rules):
        raise invalid(path, ("rules", *place), what, how)
    for index, layout in enumerate(specification.layouts):
        checked = _Layout(path, specification, kind, layout, ("layouts", index))
        checked.check_joins()
        checked.check_rows()
        checked.check_earlier()
        for name in layout.map:
            checked.check_field(name)
        checked.check_whole()


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


def _check_one_key(path: Path, specification: Specification) -> None:
    """The key of all layouts is made in one way, or a record would have another key in each."""
    made = [(hashed_in(specification, la), is_hashed(specification, la)) for la in specification.layouts]
    for index, (field, hashed) in enumerate(made):
        if hashed != made[0][1]:
            what = "the columns of the key are identifiers in one layout and open in another"
            raise invalid(path, ("layouts", index, "columns"), what, "declare them alike in every layout")
        if field != made[0][0]:
            wanted = next(name for name, _ in made if name)
            raise invalid(
                path,
                ("layouts", index if made[0][0] else 0, "map"),
                f"one layout maps {wanted}, of which the key is made, and another does not",
                f"map {wanted} by hmac in every layout",
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
        self.made |= set(layout.stated)
        self.open = set(layout.every.open)

    def _refuse(self, place: Place, what: str, how: str) -> Misuse:
        return invalid(self.path, (*self.place, *place), what, how)

    def check_joins(self) -> None:
        """Joined tables are found by columns that both sides have and that may be compared."""
        before = {*self.layout.columns.open, *self.layout.columns.identifier}
        for index, join in enumerate(self.layout.join):
            place: Place = ("join", index)
            own = {*join.columns.open, *join.columns.identifier}
            for ours, theirs in join.pairs.items():
                for column, usable, of in (
                    (ours, before, "what stands before it"),
                    (theirs, own, "its columns"),
                ):
                    if column not in usable:
                        what = f"the table {join.name} is found by {column!r}, which is not among {of}"
                        how = "name an open or identifier column, or write keys as {our column: its column}"
                        raise self._refuse((*place, "keys"), what, how)
            before |= {join.called(column) for column in own}

    def check_rows(self) -> None:
        """Rows that are left out and value columns side by side read open columns of the file."""
        for index, exclude in enumerate(self.layout.rows.exclude):
            place: Place = ("rows", "exclude", index)
            self._require(place, exclude.reads, self.open, "exclude")
            if exclude.parents is not None and exclude.parents != PREFIX:
                self._check_hierarchy((*place, "parents"), exclude.parents)
            dates = [
                n
                for n in self.layout.map
                if n in self.kind.by_name and self.kind.by_name[n].sql_type == "DATE"
            ]
            if exclude.date is not None and exclude.date not in dates:
                what = f"exclude tests {exclude.date!r}, which is no date of this map"
                raise self._refuse((*place, "date"), what, f"use one of: {', '.join(dates)}")
        unpivot = self.layout.rows.unpivot
        if unpivot is None:
            return
        total = [unpivot.total] if unpivot.total else []
        self._require(("rows", "unpivot"), [*unpivot.values, *total], self.open, "unpivot")
        hidden = sorted(self.made & (set(self.layout.every.all) - set(unpivot.values)))
        if hidden:
            raise self._refuse(
                ("rows", "unpivot"),
                f"unpivot makes a column {hidden[0]!r}, which the file already has",
                "give name and value names that the file does not have",
            )

    def check_earlier(self) -> None:
        """Rows that speak of earlier records name them by the source's key and say what they do to them."""
        earlier, mapped = self.layout.rows.earlier, self.layout.map.get(REPLACES)
        key = self.specification.key
        if earlier is None and not isinstance(mapped, KeyOf):
            return
        place: Place = ("rows", "earlier") if earlier is not None else ("map", REPLACES)
        if key is None:
            what = "earlier records are named by the source's key, and the source declares none"
            raise self._refuse(place, what, "add key, with the columns of the number that the provider gives")
        columns = (earlier.key or key.columns) if earlier is not None else (mapped.reads if mapped else [])
        if len(columns) != len(key.columns):
            what = f"the source's key has {len(key.columns)} columns ({', '.join(key.columns)})"
            raise self._refuse(place, what, "name as many columns, in the same order")
        usable = self.open | set(self.layout.every.identifier)
        self._require(place, columns, usable, "the key of an earlier record")
        if self.layout.rows.unpivot or shared_out(self.layout, self.path.parent):
            what = "a row of this layout makes several records, and a key names one"
            raise self._refuse(place, what, "give such rows a layout of their own")
        if earlier is not None:
            self._check_statements(place, earlier)

    def _check_statements(self, place: Place, earlier: Earlier) -> None:
        self._require((*place, "when"), earlier.reads, self.open, "earlier")
        if not {REPLACES, "record_status"} <= set(self.kind.by_name):
            what = f"a record of type {self.kind.name} cannot say which one it replaces"
            raise self._refuse(place, what, "take earlier out")
        if "record_status" not in self.layout.map:
            what = "what becomes of the earlier record is not said"
            how = "map record_status to annulled and reclassified, with recode or fixed"
            raise self._refuse(place, what, how)
        if REPLACES in self.layout.map:
            what = f"earlier names the record that is replaced, and so does {REPLACES}"
            raise self._refuse(place, what, f"take {REPLACES} out of the map")
        if not (self.specification.edition or self.specification.period):
            what = "a later file that speaks of other records would take the place of this one"
            raise self._refuse(place, what, "declare edition or period, which tells the files apart")

    @property
    def only_annuls(self) -> bool:
        """Whether all rows annul earlier records: then they need to say no more than which."""
        earlier, status = self.layout.rows.earlier, self.layout.map.get("record_status")
        return bool(earlier and not earlier.when and isinstance(status, Fixed) and status.fixed == "annulled")

    def _check_hierarchy(self, place: Place, parents: str) -> None:
        try:
            hierarchy.pairs(parents, self.path.parent)
        except Misuse as error:
            if parents.endswith(".csv"):
                raise
            raise self._refuse(place, error.what, error.how) from None

    def check_field(self, name: str) -> None:
        """One mapped field: it exists, its verbs can fill it and read what they may."""
        field = self.kind.by_name.get(name)
        if field is None:
            raise self._refuse(
                ("map", name), f"{self.kind.name} has no field {name!r}", offer(name, self.kind.by_name)
            )
        mapped = self.layout.map[name]
        if isinstance(mapped, FirstOf):
            for place, verb in enumerate(mapped.root):
                self._check_verb(("map", name, place), field, verb)
                if getattr(verb, "form", None):
                    how = "leave form out, or map the field by one verb"
                    raise self._refuse(
                        ("map", name, place), f"{name}: in a list of verbs no form is judged", how
                    )
        else:
            self._check_verb(("map", name), field, mapped)

    def _check_verb(self, place: Place, field: Field, verb: AnyVerb) -> None:
        if not fillable.fills(verb, field):
            kind = f"a code of the list {field.codelist}" if field.codelist else f"of type {field.sql_type}"
            raise self._refuse(
                place,
                f"{field.name} is {kind}, which {fillable.called(verb)} does not fill",
                "use parse for dates and numbers, hmac for the hash of an identifier, copy or recode for text",
            )
        allowed = self.open | self.made
        self._require((*place, "when"), verb.tests, self.open | self.made, "when")
        if isinstance(verb, KeyOf):
            return  # its columns are held against the key, which may have identifiers
        if isinstance(verb, Hmac):
            allowed = set(self.layout.every.identifier)
        elif field.tier == "restricted":
            allowed |= set(self.layout.every.restricted)
        self._require(place, verb.reads, allowed, "the verb")
        if verb.when and isinstance(verb, Hmac | PartOf):
            how = "take when out; the columns that it reads may be empty"
            raise self._refuse((*place, "when"), f"{fillable.called(verb)} holds for all records", how)
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
            self._check_shares(place, field, verb)
        if isinstance(verb, PartOf):
            self._check_part(place, field, verb)
        judged = {rule.fields[0] for rule in self.kind.rules if rule.kind == "form"}
        if getattr(verb, "form", None) and field.name not in judged:
            raise self._refuse(
                place,
                f"the form of {field.name} is not judged",
                f"leave form out; it holds for {', '.join(sorted(judged))}",
            )

    def _check_value(self, place: Place, field: Field, value: str | int) -> None:
        """A value that the declaration itself gives to a field."""
        if isinstance(value, int):
            written = declaration.written(self.path.read_text(encoding="utf-8"), (*self.place, *place))
            if written not in (None, str(value)):
                what = f"{field.name}: {written} has no quotes, and YAML reads it as the number {value}"
                raise self._refuse(place, what, f'write it in quotes: "{written}"')
        if fillable.holds(field, str(value)):
            return
        if field.codelist:
            what = f"{field.name}: {str(value)!r} is no code of the list {field.codelist}"
            raise self._refuse(place, what, offer(str(value), codelists.load(field.codelist).codes))
        what = f"{field.name}: {str(value)!r} is no value of type {field.sql_type}"
        raise self._refuse(place, what, "correct the value")

    def _check_shares(self, place: Place, field: Field, verb: Recode) -> None:
        """Labels that several codes share need a count that can be divided."""
        table = recoding.table(verb, self.path.parent)
        if table is None or not table.divided:
            return
        first = table.divided[0]
        what = f"{verb.table} shares {first.shown()} out among several codes, and"
        count = self.layout.map.get("count")
        if count is None or (isinstance(count, Fixed) and not count.when):
            raise Misuse(
                f"{what} each record of this source is one event, which cannot be divided",
                where=f"{table.path}:{first.line}",
                how="give the label one code; unmapped where its class cannot be told",
                code="table_shares_events",
            )
        if place != ("map", field.name):
            raise self._refuse(
                place, f"{what} stands in a list of verbs", "map the field by this table alone"
            )
        other = shared_out(self.layout, self.path.parent)
        if other != field.name:
            how = f"give the labels of one of the two fields ({other}, {field.name}) one code each"
            raise self._refuse(place, f"{what} another table of the layout does so too", how)

    def _check_part(self, place: Place, field: Field, verb: PartOf) -> None:
        whole = self.layout.map.get(verb.part_of)
        of = self.kind.by_name.get(verb.part_of)
        if whole is None or of is None or isinstance(whole, PartOf) or of.sql_type != "VARCHAR":
            raise self._refuse(
                place,
                f"{field.name} is a part of {verb.part_of!r}, which is no mapped field of text",
                "name a field that this layout maps by another verb",
            )

    def check_whole(self) -> None:
        """The layout as a whole: key, required fields, and what slices and cells are made of."""
        usable = self.open | self.made | set(self.layout.every.identifier)
        lacking = [c for c in columns_of(self.specification, self.layout) if c not in usable]
        if lacking:
            raise invalid(
                self.path,
                ("key",),
                f"the key reads {lacking[0]!r}, which is no open or identifier column of layout {self.layout.id}",
                "declare the column; a restricted column cannot be part of a key",
            )
        if self.only_annuls:
            return
        mapped = set(self.layout.map)
        for field in self.kind.fields:
            if field.required and field.name not in mapped and not _defaulted(field.name, mapped):
                raise self._refuse(
                    ("map",),
                    f"the layout {self.layout.id} does not map {field.name}, which {self.kind.name} requires",
                    f"add {field.name}: {{fixed: ...}} or another verb",
                )
        delivers = self.specification.delivers
        first_level = f"{delivers.place_basis}_first_level"
        needed = [date_field(self.specification)]
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
            if column not in (*self.layout.every.all, *self.made):
                how = offer(column, usable) if meant(column, usable) else "declare the column under columns"
            elif column in self.layout.every.identifier:
                how = "the column is declared as identifier: only hmac and key read it"
            elif column in self.layout.every.restricted:
                how = "the column is declared as restricted: nothing but parse of coordinates reads it"
            else:
                how = "the column is declared as open: hmac reads identifier columns"
            raise self._refuse(place, what, how)


def _defaulted(name: str, mapped: Collection[str]) -> bool:
    """Whether ``mapping`` fills a field that is not mapped."""
    place = name.removesuffix("_country")
    return name in DEFAULTED or (
        name.endswith("_country") and not {f"{place}_first_level", f"{place}_municipality"}.isdisjoint(mapped)
    )

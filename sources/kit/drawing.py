"""The mapping of a source as a picture: which columns become which fields by which verb, and what is left over.

Belongs here: what there is to draw, as plain data. How it is drawn is the command line's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from schemas import record_type
from schemas.record_type import Field, RecordType
from sources.kit import correspondence, recoding
from sources.kit.conditions import Condition
from sources.kit.discovery import Source
from sources.kit.mapping import fields, key
from sources.kit.mapping.given import Given
from sources.kit.readers.raw import Raw
from sources.kit.specification import Join, Layout
from sources.kit.words import AnyMapping, AnyVerb, FirstOf, Recode
from sources.kit.words.rows import Exclude


@dataclass(frozen=True)
class Arrow:
    """One field and what it is made of.

    Args:
        columns: The raw columns that are read; none where the value is fixed.
        verb: The verb with its words, as a person would say it.
        field: The field.
        type: Its type, or its code list.
        required: Whether a record without it is quarantined.
    """

    columns: tuple[str, ...]
    verb: str
    field: str
    type: str
    required: bool


@dataclass(frozen=True)
class Codes:
    """Labels of the source that are translated.

    Args:
        field: The field.
        table: Where the labels stand.
        labels: How many there are.
        codes: How many codes they become.
        unmapped: How many are known and have no class yet.
        status: ``official`` or ``draft``, of a table.
        dated: Whether the code of a label depends on the date of the record.
    """

    field: str
    table: str
    labels: int
    codes: int
    unmapped: int
    status: str
    dated: bool


@dataclass(frozen=True)
class Drawn:
    """One layout.

    Args:
        id: Its name.
        file: How the file is read.
        joined: How each further table is found.
        stated: Columns that the file says once for all its rows, and where.
        left_out: Reason and test of the rows that are no records, in their order.
        unpivot: How value columns side by side become records; empty where none do.
        earlier: Which rows speak of earlier records; empty where none do.
        arrows: What is mapped, in the order of the record type.
        codes: What is recoded.
        by_itself: Fields that the system fills, with their value where it is one for all.
        not_used: Columns that nothing reads, by how they are declared.
        not_mapped: Fields that stay empty.
    """

    id: str
    file: str
    joined: tuple[str, ...]
    stated: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    unpivot: str
    earlier: str
    arrows: tuple[Arrow, ...]
    codes: tuple[Codes, ...]
    by_itself: Mapping[str, str]
    not_used: Mapping[str, tuple[str, ...]]
    not_mapped: tuple[str, ...]


def drawn(source: Source) -> tuple[Drawn, ...]:
    """What there is to draw of a source, one picture for each layout.

    Raises:
        Misuse: A table is missing or does not fit.
    """
    kind = record_type.load(source.specification.record_type)
    return tuple(_layout(source, layout, kind) for layout in source.specification.layouts)


def _layout(source: Source, layout: Layout, kind: RecordType) -> Drawn:
    mapped = layout.map
    by_itself = _by_itself(source, layout, kind)
    unpivot = layout.rows.unpivot
    return Drawn(
        layout.id,
        _words(layout.file),
        tuple(_joined(join) for join in layout.join),
        tuple(f"{name} from {of.source}: {of.pattern}" for name, of in layout.stated.items()),
        tuple((e.reason, _test(e)) for e in layout.rows.exclude),
        f"{len(unpivot.values)} value columns become {unpivot.name} and {unpivot.value}" if unpivot else "",
        _earlier(source, layout),
        tuple(
            Arrow(tuple(mapped[f.name].reads), said(mapped[f.name]), f.name, _type(f), f.required)
            for f in kind.fields
            if f.name in mapped
        ),
        tuple(_codes(source, layout, kind)),
        by_itself,
        _not_used(source, layout),
        tuple(f.name for f in kind.fields if f.name not in mapped and f.name not in by_itself),
    )


def _type(field: Field) -> str:
    return f"code of {field.codelist}" if field.codelist else field.sql_type


def said(mapped: AnyMapping) -> str:
    """A verb with its words, or several of which the first that fits decides."""
    return "; else ".join(_said(verb) for verb in _verbs(mapped))


def _verbs(mapped: AnyMapping) -> list[AnyVerb]:
    return mapped.root if isinstance(mapped, FirstOf) else [mapped]


def _said(verb: AnyVerb) -> str:
    """A verb with those of its words that differ from what holds without them."""
    words = {
        k: v
        for k, v in verb.model_dump(by_alias=True, exclude_defaults=True).items()
        if k not in ("from", "codes")
    }
    name = next(
        (
            k
            for k in ("parse", "recode", "fixed", "copy", "combine", "part_of", "hmac", "key_of")
            if k in words
        ),
        "",
    )
    about = words.pop(name, None)
    first = (
        f"parse {about}" if name == "parse" else f"{name} {about}" if name in ("fixed", "part_of") else name
    )
    return ", ".join([first, *(f"{k} {_value(v)}" for k, v in words.items())])


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(_value(v) for v in value)
    if isinstance(value, dict):
        return " ".join(f"{k} {_value(v)}" for k, v in value.items())
    bare = isinstance(value, str) and not any(c.isalnum() or c in "%*" for c in value)
    return repr(value) if bare else str(value)


def _words(part: BaseModel) -> str:
    said_of = part.model_dump(by_alias=True, exclude_unset=True)
    return ", ".join(f"{k} {_value(v)}" for k, v in said_of.items())


def _test(tested: Exclude | Condition) -> str:
    words = tested.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    words.pop("reason", None)
    column = _value(words.pop("column", None) or words.pop("date"))
    total = words.pop("control_total", None)
    blank = words.pop("blank", None)
    tests = [] if blank is None else ["is blank" if blank else "is not blank"]
    test = ", ".join([*tests, *(f"{k.replace('_', ' ')} {_value(v)}" for k, v in words.items())])
    return f"{column} {test}" + (f"; states the total of {total}" if total else "")


def _joined(join: Join) -> str:
    keys = ", ".join(f"{ours} = {theirs}" for ours, theirs in join.pairs.items())
    return f"{join.name} where {keys} ({_words(join.file)}); without it: {join.missing}"


def _earlier(source: Source, layout: Layout) -> str:
    earlier = layout.rows.earlier
    if earlier is None:
        return ""
    key = earlier.key or (source.specification.key.columns if source.specification.key else [])
    tests = " and ".join(_test(condition) for condition in earlier.when) or "all rows"
    return f"rows about the earlier record with the key {' + '.join(key)}: {tests}"


def _codes(source: Source, layout: Layout, kind: RecordType) -> Iterator[Codes]:
    for name, mapped in layout.map.items():
        for verb in (v for v in _verbs(mapped) if isinstance(v, Recode)):
            told = recoding.recoding(kind.by_name[name], verb, source.folder)
            counted = Counter(code for label in told.labels for code in told.codes_of(label))
            unmapped = counted.pop("unmapped", 0)
            status = ""
            if verb.table:
                table = correspondence.read(source.folder / verb.table, verb.reads)
                status = "official" if table.official else "draft"
            where = verb.table or "source.yml"
            yield Codes(name, where, len(told.labels), len(counted), unmapped, status, told.dated)


def _by_itself(source: Source, layout: Layout, kind: RecordType) -> dict[str, str]:
    """The fields that the compilation adds to those that are mapped."""
    columns = {c: c for c in layout.every.all}
    given = Given(source.specification, layout, source.folder, Raw(columns, 0, (), ()), None, ())
    made = fields.fields(given, key.key(given))
    added = [f.name for f in kind.fields if f.name in made.all and f.name not in layout.map]
    return {n: made.all[n].value.split("'")[1] if n in made.constant else "" for n in added}


def _not_used(source: Source, layout: Layout) -> dict[str, tuple[str, ...]]:
    used = {c for mapped in layout.map.values() for c in (*mapped.reads, *mapped.tests)}
    used |= {c for e in layout.rows.exclude for c in e.reads}
    earlier = layout.rows.earlier
    used |= {*earlier.reads, *earlier.key} if earlier else set()
    for join in layout.join:
        used |= {*join.pairs, *(join.called(theirs) for theirs in join.pairs.values())}
    used |= set(source.specification.key.columns if source.specification.key else ())
    if unpivot := layout.rows.unpivot:
        used |= {*unpivot.values, *([unpivot.total] if unpivot.total else [])}
    left = {
        tier: tuple(c for c in getattr(layout.every, tier) if c not in used)
        for tier in ("open", "identifier", "restricted")
    }
    return {tier: names for tier, names in left.items() if names}

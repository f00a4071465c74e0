"""JSON: a list of records, alone or under a path of keys, or one record a line (NDJSON). Read by DuckDB.

A record is an object. Its keys are the columns, in any order and number: a record without a key has nothing there. A
key of an object within the record is called with a point, ``victim.sex``; a list stays JSON text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.forms import JsonForm, NdjsonForm
from sources.kit.landing import BYTE_ORDER_MARK, Bytes, Landed
from sources.kit.readers import header as header_rules
from sources.kit.readers import json_path, kind, lines
from sources.kit.readers import text as text_files
from sources.kit.readers.relation import FAULTS, OpenedRelation
from sources.kit.readers.text import Text
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

#: Keys that are not declared whose records are looked for.
LOOKED = 20
#: Largest record that is read, in bytes.
LARGEST = 1 << 24


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a JSON text."""
    return kind.known(seen) is None


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRelation:
    """Look at the keys of all records.

    Raises:
        Refusal: The document is broken, has no such list, or its keys have drifted.
    """
    form = cast(JsonForm | NdjsonForm, table.file)
    kind.require(landed.seen, form.format, "a JSON file", landed.name)
    text_files.check(landed, form.encoding, lines=isinstance(form, NdjsonForm))
    text = text_files.opened(landed, form.encoding, work, direct=("utf-8",))
    text.ready()
    unreadable: tuple[tuple[int, int], ...] = ()
    with duckdb.connect() as connection:
        if isinstance(form, JsonForm):
            relation = _list(text, form, work)
        else:
            relation = f"(SELECT line AS json FROM {lines.scan(text)} WHERE {_OBJECT})"
            unreadable = work.once(
                (landed.sha256, "unreadable"), lambda: lines.unreadable(connection, text, _OBJECT)
            )
        paths = _keys(connection, relation, table.columns.all, landed.name)
        hidden = _hidden(connection, relation, paths, table)
    places = header_rules.positions(list(paths), table, landed.name, hidden)
    pointers = list(paths.values())
    columns = {name: f"c{place}" for name, place in places.items()}
    wanted = sql.texts(pointers[place] for place in places.values())
    values = ", ".join(f"{_text(f'v[{i}]')} AS {c}" for i, c in enumerate(columns.values(), start=1))
    scan = f"(SELECT {values} FROM (SELECT json_extract(json, [{wanted}])::VARCHAR[] AS v FROM {relation}))"
    return OpenedRelation(columns, scan, "a JSON file", landed.name, unreadable)


def names(landed: Landed, table: Table, work: Workspace, deep: int) -> tuple[str, ...]:
    """Every key of the records; those of objects within a record are called with points.

    Args:
        landed: The file.
        table: How it is read.
        work: Where copies are made.
        deep: How many objects within objects are looked into.

    Raises:
        Refusal: The document is broken, or has no such list.
    """
    form = cast(JsonForm | NdjsonForm, table.file)
    text = text_files.opened(landed, form.encoding, work, direct=("utf-8",))
    text.ready()
    with duckdb.connect() as connection:
        if isinstance(form, JsonForm):
            relation = _list(text, form, work)
        else:
            relation = f"(SELECT line AS json FROM {lines.scan(text)} WHERE {_OBJECT})"
        looked: list[str] = []
        for _ in range(deep):
            found = list(_keys(connection, relation, looked, landed.name))
            inside = _objects(connection, relation, [key for key in found if "." not in key or looked])
            if not inside:
                break
            # a name within the object, whatever it is, says that it is looked into
            looked += [f"{key}.?" for key in inside]
        return tuple(_keys(connection, relation, looked, landed.name))


def _objects(connection: duckdb.DuckDBPyConnection, relation: str, keys: Sequence[str]) -> list[str]:
    """The keys under which every record that has them has an object."""
    kinds = ", ".join(f"list(DISTINCT json_type(json, {_quoted_pointer(key)}))" for key in keys)
    found = _one(connection, f"SELECT {kinds} FROM {relation}") if keys else ()
    return [
        k for k, types in zip(keys, found, strict=True) if set(types or ()) - {"NULL", None} == {"OBJECT"}
    ]


#: SQL that is true for a line that is a record.
_OBJECT = "starts_with(ltrim(line), '{') AND json_valid(line)"


def _text(value: str) -> str:
    """SQL for a JSON value as a person reads it: a text without its quotes, a whole number without .0."""
    unquoted = f"CASE WHEN contains({value}, '\\') THEN {value}->>'$' ELSE {value}[2:-2] END"
    return (
        f"CASE WHEN starts_with({value}, '\"') THEN {unquoted} WHEN {value} = 'null' THEN NULL "
        f"WHEN ends_with({value}, '.0') THEN {value}[:-3] ELSE {value} END"
    )


def _list(text: Text, form: JsonForm, work: Workspace) -> str:
    """SQL of the records of a list as column ``json``.

    Raises:
        Refusal: The document is no list and no path is declared, or there is no list under it, or it is cut.
    """
    name = text.landed.name
    path = text.path
    if keys := form.records:
        path = work.once(
            (text.landed.sha256, text.declared, *keys),
            lambda: json_path.cut(text.path, keys, work.path(), name),
        )
    with path.open("rb") as handle:
        start = handle.read(4096).removeprefix(BYTE_ORDER_MARK).lstrip()[:1]
        handle.seek(max(0, path.stat().st_size - 4096))
        end = handle.read().rstrip()[-1:]
    if start != b"[":
        raise Refusal(
            "the file is no list of records",
            where=name,
            how="declare file: records, the keys that lead to the list; or format: ndjson if each line is a record"
            if start == b"{"
            else "check that it is JSON, and which format it has if not",
            code="no_records_path",
        )
    if end != b"]":
        raise json_path.cut_off(name)
    return f"read_json_objects({sql.text(str(path))}, format='array', maximum_object_size={LARGEST})"


def _keys(
    connection: duckdb.DuckDBPyConnection, relation: str, declared: Sequence[str], name: str
) -> dict[str, str]:
    """Every key of the records, called with points, and its JSON pointer.

    Objects within a record are looked into only where a declared column names something within them.

    Raises:
        Refusal: A record is no object, or the document is broken.
    """
    parents = _parents(declared)
    within = "".join(f", json_type(json, {p}), json_keys(json, {p})" for p in map(_quoted_pointer, parents))
    found: dict[str, str] = {}
    try:
        forms = connection.execute(
            f"SELECT DISTINCT json_type(json), json_keys(json){within} FROM {relation}"
        )
        listed = sorted(forms.fetchall(), key=str)
        if not listed:
            raise _empty(name)
        for kind_of, keys, *rest in listed:
            if kind_of != "OBJECT":
                raise _no_object(connection, relation, "", name)
            inner = dict(zip(parents, zip(rest[::2], rest[1::2], strict=True), strict=True))
            found |= {key: pointer([key]) for key in keys if key not in inner}
            for parent, (kind_within, keys_within) in inner.items():
                if kind_within not in (None, "NULL", "OBJECT"):
                    raise _no_object(connection, relation, parent, name)
                named = {f"{parent}.{key}": pointer([*parent.split("."), key]) for key in keys_within or ()}
                found |= {key: place for key, place in named.items() if key not in inner}
    except FAULTS as error:
        raise _broken(error, name) from None
    return found


def _hidden(
    connection: duckdb.DuckDBPyConnection, relation: str, paths: Mapping[str, str], table: Table
) -> dict[str, str]:
    """Keys that are not declared and may be values, such as names of persons, and the record in which each is first.

    A key may be shown where it is one word that looks like no value and stands in at least half of the records.
    """
    declared = set(table.columns.all)
    strange = [key for key in paths if key.strip() not in declared and key not in declared]
    if not strange:
        return {}
    looked = strange[:LOOKED]
    kinds = f"json_type(json, [{sql.texts(paths[key] for key in looked)}])"
    counts = ", ".join(
        f"count(*) FILTER (k[{i}] IS NOT NULL), min(n) FILTER (k[{i}] IS NOT NULL)"
        for i in range(1, len(looked) + 1)
    )
    numbered = f"SELECT row_number() OVER () AS n, {kinds} AS k FROM {relation}"
    total, *found = _one(connection, f"SELECT count(*), {counts} FROM ({numbered})")
    told = {
        key: str(first)
        for key, times, first in zip(looked, found[::2], found[1::2], strict=True)
        if not (header_rules.looks_like_a_name(key) and 2 * times >= total)
    }
    return told | dict.fromkeys(strange[LOOKED:], "not looked for")


def _empty(name: str) -> Refusal:
    how = "ask the provider to send it again"
    return Refusal("the file has no records", where=name, how=how, code="empty_file")


def _parents(declared: Sequence[str]) -> list[str]:
    """The objects within a record in which declared columns lie: of a.b.c these are a and a.b."""
    parts = [name.split(".") for name in declared]
    return list(dict.fromkeys(".".join(p[:n]) for p in parts for n in range(1, len(p))))


def pointer(keys: Sequence[str]) -> str:
    """JSON pointer (RFC 6901) to what stands under some keys."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def _quoted_pointer(name: str) -> str:
    return sql.text(pointer(name.split(".")))


def _no_object(connection: duckdb.DuckDBPyConnection, relation: str, key: str, name: str) -> Refusal:
    """The refusal of a list in which a record, or what stands under a key of it, is no object."""
    value = f"json_type(json{', ' + _quoted_pointer(key) if key else ''})"
    allowed = "'OBJECT', 'NULL'" if key else "'OBJECT'"
    first = _one(
        connection,
        f"SELECT min(n) FROM (SELECT row_number() OVER () AS n, {value} AS kind FROM {relation}) "
        f"WHERE kind NOT IN ({allowed})",
    )[0]
    what = (
        f"{key!r} is no object with keys, as the declared columns have it" if key else "a record is no object"
    )
    return Refusal(
        what,
        where=f"{name}, record {first}",
        how="each record must give its values by name: {...}; ask the provider for them in one form",
        code="ragged_json",
    )


def _broken(error: duckdb.Error, name: str) -> Refusal:
    """The refusal of a broken document; DuckDB's own message may print a value."""
    place = re.search(r"record/value (\d+)", str(error))
    if "maximum_object_size" in str(error):
        what, how = (
            f"a record is larger than {LARGEST:,} bytes",
            "check file: records: is it the list of records?",
        )
    else:
        what, how = "the JSON is not well formed", "the file is damaged or was changed by hand; get it again"
    return Refusal(
        what, where=f"{name}, record {place[1]}" if place else name, how=how, code="broken_structure"
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()

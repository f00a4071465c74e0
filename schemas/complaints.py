"""What is told of a declaration that does not fit its model: for each mistake the line, the key and the cure.

Belongs here: turning pydantic's errors into words for people who write YAML and not Python.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, RootModel, Tag, ValidationError

from schemas import meanings, yaml_text
from schemas.errors import Misuse, meant, offer
from schemas.yaml_text import Place, Spot

#: Further mistakes that a message lists beside the first.
SHOWN = 9

#: How YAML reads a text without quotes, by the Python type that comes of it.
_READ_AS = {"bool": "a truth value", "date": "a date", "datetime": "a date", "float": "a number"}


@dataclass(frozen=True)
class Complaint:
    """One mistake: its line and place, what is wrong, and the cure."""

    line: int
    place: str
    what: str
    how: str


def unfit(path: Path, text: str, model: type[BaseModel], error: ValidationError) -> Misuse:
    """The refusal of a declaration: all that is wrong at once, each with its line, so that one round mends it."""
    first, *others = _complaints(text, model, error.errors(include_url=False))
    what = f"{first.place}: {first.what}"
    for other in others[:SHOWN]:
        what += f"; line {other.line}, {other.place}: {other.what} ({other.how})"
    if len(others) > SHOWN:
        what += f"; and {len(others) - SHOWN} more"
    return Misuse(what, where=f"{path}:{first.line}", how=first.how, code="declaration_invalid")


def _complaints(text: str, model: type[BaseModel], errors: Sequence[Any]) -> list[Complaint]:
    """The mistakes, each place once: an unknown key that stands for a missing one is one mistake."""
    found: dict[Place, Complaint] = {}
    spelled: set[Place] = set()
    for error in sorted(errors, key=lambda e: str(e["type"]) == "missing"):
        spot = yaml_text.spot(text, (*error["loc"], *error.get("ctx", {}).get("at", ())))
        place, key = spot.parts, str(error["loc"][-1]) if error["loc"] else ""
        if error["type"] == "extra_forbidden":
            spelled |= {(*place[:-1], known) for known in meant(key, _keys(model, error["loc"][:-1]))}
        if error["type"] == "missing":
            place = (*place, key)
        if place not in spelled:
            what, how = _worded(model, error, spot)
            found.setdefault(place, Complaint(spot.line, _named(text, spot.parts), what, how))
    return list(found.values())


def _named(text: str, parts: Place) -> str:
    """A place as people say it: an entry of a list by its ``id`` or ``reason``, else by its number from 1."""
    said = ""
    for depth, part in enumerate(parts, start=1):
        if isinstance(part, str):
            said += f".{part}" if said else part
            continue
        node = yaml_text.spot(text, parts[:depth]).node
        names = node.value if isinstance(node, yaml.MappingNode) else []
        name = next((v.value for k, v in names if k.value in ("id", "reason")), None)
        said += f"[{name}]" if isinstance(name, str) else f"[{part + 1}]"
    return said or "the declaration"


def _worded(model: type[BaseModel], error: Any, spot: Spot) -> tuple[str, str]:
    """What is wrong, and the cure."""
    key = str(error["loc"][-1]) if error["loc"] else ""
    match str(error["type"]):
        case "extra_forbidden":
            return _unknown_key(model, error["loc"][:-1], key)
        case "missing":
            meaning = _meaning(model, error["loc"])
            return f"the key {key!r} is missing", f'add "{key}: ..."' + (f" ({meaning})" if meaning else "")
        case "literal_error":
            allowed = _literals(model, error["loc"])
            return f"{error['input']!r} is no possible value", offer(str(error["input"]), allowed)
        case "string_type":
            return _no_text(error["input"], spot)
        case "list_type" | "tuple_type":
            return "a list is expected", "write it in square brackets: [A, B]"
        case "model_type" | "dict_type" | "model_attributes_type":
            return _no_keys(model, error["loc"])
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{_shown(error['input'])} is no whole number", "write a whole number, without quotes"
        case "string_pattern_mismatch":
            meaning = _meaning(model, error["loc"])
            what = f"{_shown(error['input'])} does not have the form {error['ctx']['pattern']}"
            return what, f"write {meaning}" if meaning else "correct the value"
        case "bool_type" | "bool_parsing":
            return f"{_shown(error['input'])} is no truth value", "write true or false"
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return (
                f"{_shown(error['input'])} is no date",
                "write year, month and day, without quotes: 2024-12-31",
            )
        case _:
            return _told_by_model(model, error)


def _told_by_model(model: type[BaseModel], error: Any) -> tuple[str, str]:
    """A mistake that a model tells in its own words, "what is wrong; the cure"."""
    keys = _keys(model, error["loc"])
    given = error["input"] if isinstance(error["input"], dict) else {}
    for key in given:
        if keys and key not in keys and meant(key, keys):
            return f"unknown key {key!r}", offer(key, keys)
    what, _, how = str(error["msg"]).removeprefix("Value error, ").partition("; ")
    return what, how or "correct this part of the declaration"


def _unknown_key(model: type[BaseModel], place: Place, key: str) -> tuple[str, str]:
    known = _keys(model, place)
    what = f"unknown key {key!r}"
    if meant(key, known):
        return what, offer(key, known)
    inside = [
        name
        for owner in _models(model, place)
        for name, field in owner.model_fields.items()
        if key in _keys(owner, (name,)) or key in {k for m in _models(field.annotation, (0,)) for k in _of(m)}
    ]
    if inside:
        return what, f"it belongs under {inside[0]}: indent it below that key"
    outside = [place[:i] for i in range(len(place)) if key in _keys(model, place[:i])]
    if outside:
        above = ".".join(str(p) for p in outside[-1]) or "the keys at the left edge"
        return what, f"it belongs to {above}: check its indentation"
    return what, f"remove the key, or {offer(key, known)}"


def _no_text(value: object, spot: Spot) -> tuple[str, str]:
    """A value that should be text: quotes are missing, or the value is."""
    raw = spot.node.value if isinstance(spot.node, yaml.ScalarNode) else None
    if value is None:
        return "it has no value", "write a value after the colon, or remove the key"
    if raw is None:
        return "a text is expected here", "write one value after the colon, not a list or further keys"
    read = f"the number {value}" if isinstance(value, int) and not isinstance(value, bool) else ""
    read = read or _READ_AS.get(type(value).__name__, "something else")
    return f"{raw} has no quotes, and YAML reads it as {read}", f'write it in quotes: "{raw}"'


def _no_keys(model: type[BaseModel], place: Place) -> tuple[str, str]:
    keys = _keys(model, place)
    if not place:
        first = ", ".join(keys[:3])
        return (
            "keys with values are expected, each on a line of its own from the left edge on",
            f'begin the file with "key: value" and no dash before it; the first keys are {first}',
        )
    if not keys:
        return "keys with values are expected below it", 'write "key: value" below it, indented'
    return "keys with values are expected below it", f"indent below it: {', '.join(keys)}"


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str | int | float) else "this"


def _meaning(model: type[BaseModel], place: Place) -> str:
    """What a key means, in the words of its model, beginning small as part of a sentence."""
    texts = (meanings.of_keys(owner).get(str(place[-1])) for owner in _models(model, place[:-1]))
    text = next((t for t in texts if t), "")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _literals(model: type[BaseModel], place: Place) -> list[str]:
    """The words that a place can hold."""
    kinds = (kind for kind in _kinds(model, place) if get_origin(kind) is Literal)
    return list(dict.fromkeys(str(a) for kind in kinds for a in get_args(kind)))


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    """The keys that a place can have."""
    return list(dict.fromkeys(key for found in _models(model, place) for key in _of(found)))


def _of(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(kind: Any, place: Place) -> list[type[BaseModel]]:
    found = (k for k in _kinds(kind, place) if isinstance(k, type) and issubclass(k, BaseModel))
    return list(dict.fromkeys(found))


def _kinds(kind: Any, place: Place) -> Iterator[Any]:
    """The types that a place of a model can have; names of a union's members may be among its parts."""
    for tag, member in _members(kind):
        if not place:
            yield member
            continue
        part, rest = place[0], place[1:]
        origin = get_origin(member)
        if isinstance(member, type) and issubclass(member, RootModel) and isinstance(part, int):
            yield from _kinds(member.model_fields["root"].annotation, place)
        elif isinstance(member, type) and issubclass(member, BaseModel):
            for name, field in member.model_fields.items():
                if part in (field.alias or name, name):
                    yield from _kinds(field.annotation, rest)
            if part == tag or part == member.__name__ or part in _discriminators(member):
                yield from _kinds(member, rest)
        elif origin in (list, tuple) and isinstance(part, int):
            yield from _kinds(get_args(member)[0], rest)
        elif origin is dict:
            of_key = rest == ("[key]",)
            yield from _kinds(get_args(member)[0 if of_key else 1], () if of_key else rest)
        elif isinstance(part, str):
            # the name of a member that is no model, such as list[str]
            yield from _kinds(member, rest)


def _members(kind: Any, tag: str = "") -> Iterator[tuple[str, Any]]:
    """The members of a type, which may be a union, each with its tag."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *metadata = get_args(kind)
        tag = next((m.tag for m in metadata if isinstance(m, Tag)), tag)
        yield from _members(inner, tag)
    elif origin in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _members(member, tag)
    else:
        yield tag, kind


def _discriminators(model: type[BaseModel]) -> set[str]:
    """The words of a model's literal fields: pydantic names a union's member by one of them."""
    return {
        str(a)
        for field in model.model_fields.values()
        if get_origin(field.annotation) is Literal
        for a in get_args(field.annotation)
    }

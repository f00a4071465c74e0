"""Reading a declaration (YAML) into a strict model, with file and line in every complaint."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import Misuse


class Declared(BaseModel):
    """Base of all declared models: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Model = TypeVar("Model", bound=BaseModel)

#: Further mistakes that a message lists beside the first.
SHOWN = 9


class _Loader(yaml.CSafeLoader):
    """Plain YAML, except that a key given twice is an error instead of the last one winning."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _constructed(loader, key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key is no plain text", problem_mark=key_node.start_mark)
        if key in seen:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is given twice", problem_mark=key_node.start_mark
            )
        seen[key] = _constructed(loader, value_node)
    return seen


def _constructed(loader: _Loader, node: yaml.Node) -> Any:
    try:
        return loader.construct_object(node, deep=True)
    except ValueError as error:
        # what looks like a date or a number to YAML and is none, such as 2024-02-30
        raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from error


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: Path, model: type[Model]) -> Model:
    """Read a declaration.

    Raises:
        Misuse: The file is missing, is no YAML, or does not fit the model; the message has file, line and cure.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(
            f"the declaration cannot be read: {error.__class__.__name__}",
            where=str(path),
            how="save it as UTF-8 text at this place",
            code="declaration_unreadable",
        ) from error
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with one constructor replaced
    except yaml.YAMLError as error:
        raise _malformed(path, text, error) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _unfit(path, text, error) from error


def _malformed(path: Path, text: str, error: yaml.YAMLError) -> Misuse:
    problem, line = str(error), 1
    if isinstance(error, yaml.MarkedYAMLError):
        problem = error.problem or problem
        line = error.problem_mark.line + 1 if error.problem_mark else 1
    elif isinstance(error, yaml.reader.ReaderError):
        problem = "it holds a character that YAML does not allow"
        line = text.count("\n", 0, error.position) + 1
    return Misuse(
        f"the declaration is no valid YAML: {problem}",
        where=f"{path}:{line}",
        how="check indentation, colons and quotes at this line",
        code="declaration_malformed",
    )


def _unfit(path: Path, text: str, error: ValidationError) -> Misuse:
    """All that is wrong at once, each with its line, so that one round mends it."""
    first, *others = error.errors()
    what = f"{_place(first)}: {first['msg']}"
    for other in others[:SHOWN]:
        what += f"; line {line_of(text, other['loc'])}, {_place(other)}: {other['msg']}"
    if len(others) > SHOWN:
        what += f"; and {len(others) - SHOWN} more"
    return Misuse(
        what, where=f"{path}:{line_of(text, first['loc'])}", how=_cure(first), code="declaration_invalid"
    )


def _place(error: Any) -> str:
    return ".".join(str(part) for part in error["loc"]) or "the declaration"


def line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Line (from 1) of a place in a YAML text; of the nearest enclosing place where it does not exist."""
    return _deepest(yaml.compose(text, Loader=yaml.CSafeLoader), location, 1)[1]


def _deepest(node: yaml.Node | None, location: tuple[int | str, ...], line: int) -> tuple[int, int]:
    """How many parts of the place were found, and the line of the last.

    A part may be the name of a union's member, which pydantic adds to the place and the text does not have, even
    where the text has a key of that name: the reading that finds more parts is right.
    """
    if not location:
        return 0, line
    part, rest = location[0], location[1:]
    inner: tuple[yaml.Node, yaml.Node] | None = None
    if isinstance(node, yaml.MappingNode):
        inner = next(((k, v) for k, v in node.value if k.value == str(part)), None)
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        inner = (node.value[part], node.value[part])
    left_out = _deepest(node, rest, line) if isinstance(part, str) else (0, line)
    if inner is None:
        return left_out
    found, where = _deepest(inner[1], rest, inner[0].start_mark.line + 1)
    cannot_hold = bool(rest) and found == 0 and not isinstance(inner[1], yaml.MappingNode)
    return left_out if left_out[0] > found + 1 - cannot_hold else (found + 1, where)


def _cure(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "remove the key, or correct its spelling"
        case "missing":
            return "add this key"
        case "literal_error":
            return f"use one of {error['ctx']['expected']}"
        case "string_type":
            return "write it in quotes: YAML reads it as a number, a date or a truth value"
        case _:
            return "correct the value; docs/how-to shows a complete declaration"

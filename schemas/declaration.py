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


class _Loader(yaml.CSafeLoader):
    """Plain YAML, except that a key given twice is an error instead of the last one winning."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
        if key in seen:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is given twice", problem_mark=key_node.start_mark
            )
        seen[key] = loader.construct_object(value_node, deep=True)  # type: ignore[no-untyped-call]
    return seen


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
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Misuse(
            f"the declaration is no valid YAML: {error.problem}",
            where=f"{path}:{line}",
            how="check indentation, colons and quotes at this line",
            code="declaration_malformed",
        ) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        location = ".".join(str(part) for part in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise Misuse(
            f"{location or 'the declaration'}: {first['msg']}{more}",
            where=f"{path}:{line_of(text, first['loc'])}",
            how=_cure(first),
            code="declaration_invalid",
        ) from error


def line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Line (from 1) of a place in a YAML text; of the nearest enclosing place where it does not exist."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(part)]
            if not found:
                continue  # names of union members, which pydantic adds to the place
            line = found[0][0].start_mark.line + 1
            node = found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _cure(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "remove the key, or correct its spelling"
        case "missing":
            return "add this key"
        case "literal_error":
            return f"use one of {error['ctx']['expected']}"
        case _:
            return "correct the value; docs/how-to shows a complete declaration"

"""A declared model as a JSON Schema from which editors complete keys and explain them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, RootModel

from schemas import codelists, meanings
from schemas.declaration import Declared

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def of(model: type[Declared], title: str) -> dict[str, Any]:
    """The JSON Schema of a declared model, each key with its meaning.

    Args:
        model: The model of a whole file.
        title: What the file is called.
    """
    made: dict[str, Any] = model.model_json_schema(by_alias=True)
    parts: dict[str, Any] = made.pop("$defs", {})
    made = {
        "$schema": DRAFT,
        "title": title,
        **{k: v for k, v in made.items() if k != "title"},
        "$defs": parts,
    }
    for declared in declared_models(model):
        part = made if declared is model else parts.get(declared.__name__)
        if part is None:
            continue
        part["description"] = meanings.of(declared)
        if issubclass(declared, RootModel):
            continue  # a list, which has no keys
        for key, meaning in meanings.of_keys(declared).items():
            part["properties"][key]["description"] = meaning
    _drop_titles(parts)
    _drop_titles(made.get("properties", {}))
    return made


def codes(name: str) -> dict[str, Any]:
    """A code list with its labels, as one may stand in a declaration."""
    entries = codelists.load(name).by_code.values()
    return {"oneOf": [{"const": e.code, "description": e.label("en")} for e in entries]}


def declared_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all models inside it, each once."""
    waiting: list[Any] = [model]
    seen: set[Any] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, BaseModel):
            if found in seen:
                continue
            seen.add(found)
            yield found
            waiting += [f.annotation for f in found.model_fields.values()]
        else:
            waiting += [a for a in get_args(found) if a is not None]


def _drop_titles(part: Any) -> None:
    """Take away the titles that pydantic makes of names: they say nothing."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        for inner in part.values():
            _drop_titles(inner)
    elif isinstance(part, list):
        for inner in part:
            _drop_titles(inner)

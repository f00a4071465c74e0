"""Reading a declaration (YAML) into a strict model, with file and line in every complaint."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas import complaints, yaml_text
from schemas.yaml_text import Place


class Declared(BaseModel):
    """Base of all declared models: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, model: type[Model]) -> Model:
    """Read a declaration.

    Raises:
        Misuse: The file is missing, is no YAML, or does not fit the model; the message has file, line and cure.
    """
    text, data = yaml_text.read(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise complaints.unfit(path, text, model, error) from error


def written(text: str, place: Place) -> str | None:
    """The characters of a single value as they stand in the text; None where the place has none."""
    found = yaml_text.spot(text, place)
    return found.node.value if found.parts == place and isinstance(found.node, yaml.ScalarNode) else None


def line_of(text: str, place: Place) -> int:
    """Line (from 1) of a place in a YAML text; of the nearest enclosing place where it does not exist."""
    return yaml_text.spot(text, place).line

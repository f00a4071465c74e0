"""What the keys of a declaration mean: the text below an attribute of a declared model.

One text serves who reads the code, the JSON Schema that editors complete from, and the message about a missing key.
It is read from the module's source when it is asked for, so that loading a declaration costs nothing more.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def of_keys(model: type[BaseModel]) -> dict[str, str]:
    """The meaning of each key of a model that has one, by the name that is written in YAML."""
    found: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        # what pydantic makes itself, such as the model of a list, has no text of ours
        if issubclass(owner, BaseModel) and owner.__qualname__.isidentifier() and owner is not BaseModel:
            found |= _attributes(owner)
    fields = model.model_fields
    return {fields[name].alias or name: text for name, text in found.items() if name in fields}


def of(model: type[BaseModel]) -> str:
    """What a model is, in the first sentence of its description."""
    return _line(inspect.getdoc(model) or "").partition(". ")[0].rstrip(".").replace("``", "`")


def _attributes(model: type[BaseModel]) -> dict[str, str]:
    """Texts that stand directly below an attribute."""
    inside = ast.parse(inspect.getsource(model)).body[0]
    body = inside.body if isinstance(inside, ast.ClassDef) else []
    found: dict[str, str] = {}
    for statement, below in pairwise(body):
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
            continue
        match below:
            case ast.Expr(value=ast.Constant(value=str(text))):
                found[statement.target.id] = _line(text).rstrip(".")
    return found


def _line(text: str) -> str:
    return " ".join(text.split())

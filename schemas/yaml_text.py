"""YAML as people write it: read strictly, with what is told of a text that is no YAML, and places found in it.

Stricter than YAML: a key given twice is an error. Kinder than YAML: a key is always the text that stands there, so
that a code such as ``01`` or ``NO`` on the left of a colon keeps its letters and zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import Misuse

Place = tuple[int | str, ...]


class _Loader(yaml.CSafeLoader):
    """Plain YAML, except for its keys."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key is no plain text", problem_mark=key_node.start_mark)
        key = str(key_node.value)
        if key in seen:
            problem = f"the key {key!r} is given twice, first in line {lines[key]}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
        lines[key] = key_node.start_mark.line + 1
        seen[key] = _constructed(loader, value_node)
    return seen


def _constructed(loader: _Loader, node: yaml.Node) -> Any:
    try:
        return loader.construct_object(node, deep=True)
    except ValueError as error:
        # what looks like a date or a number to YAML and is none, such as 2024-02-30
        raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from error


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> tuple[str, Any]:
    """The text of a file and what it says.

    Raises:
        Misuse: The file is missing, empty, is no UTF-8 or is no YAML; with file, line and cure.
    """
    text = _text(path)
    try:
        said = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with other keys
    except yaml.YAMLError as error:
        raise _malformed(path, text, error) from error
    if said is None:
        raise Misuse(
            "the declaration is empty",
            where=str(path),
            how="put back what stood in it from a copy, or take the file or its folder away and make it anew",
            code="declaration_empty",
        )
    _require_straight_quotes(path, text)
    return text, said


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misuse(
            f"the declaration cannot be read: {error.__class__.__name__}",
            where=str(path),
            how="put it at this place, and give your account the right to read it",
            code="declaration_unreadable",
        ) from error
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Misuse(
            f"the declaration is not in UTF-8: byte {error.start + 1:,} of the file is no letter in it",
            where=f"{path}:{line}",
            how='save it as UTF-8 (in the editor under "Save as", "Encoding"): letters with accents stay as they are',
            code="declaration_unreadable",
        ) from error


#: Quotes as word processors write them; to YAML they are letters.
_CURLY = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b"


def _require_straight_quotes(path: Path, text: str) -> None:
    """Refuse a text that begins with a curly quote and has no straight ones around it.

    Raises:
        Misuse: The quote would be a part of the text; with file, line and cure.
    """
    if not any(quote in text for quote in _CURLY):
        return
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.ScalarToken) and token.plain and token.value[0] in _CURLY:
            raise Misuse(
                f"the text {token.value!r} begins with a curly quote, which YAML takes for a letter of it",
                where=f"{path}:{token.start_mark.line + 1}",
                how="write straight quotes around the text; if the curly one is part of it, straight ones around both",
                code="declaration_malformed",
            )


#: What PyYAML says, what is told instead, and the cure; the first that fits.
_KNOWN = (
    (
        "is given twice",
        "",
        "keep one of the two",
    ),
    (
        "mapping values are not allowed",
        "the line is indented more than the line above it, which has a value already",
        "start keys that belong together in one column",
    ),
    (
        "could not find expected ':'",
        "this line or the one above is no key with a value",
        'write "key: value", with a colon and a space',
    ),
    (
        "did not find expected key",
        "the line does not fit the lines above it",
        "start keys that belong together in one column, and put a text that holds quotes wholly in quotes",
    ),
    (
        "did not find expected '-' indicator",
        "the line does not fit the list above it",
        "start the entries of a list in one column, each with a dash and a space",
    ),
    (
        "did not find expected ',' or",
        "a bracket is not closed, or a comma is missing",
        "close the bracket in the same line, and put a comma between two entries",
    ),
    (
        "unexpected end of stream",
        "a quote is opened and never closed",
        "close the quote; a quote inside quotes is written twice",
    ),
    (
        "unknown escape character",
        "a backslash stands in double quotes",
        "put patterns in single quotes: '...'",
    ),
    (
        "found undefined alias",
        "a text begins with *, which has a meaning in YAML",
        "put the text in quotes",
    ),
    (
        "did not find expected alphabetic",
        "a text begins with * or &, which have a meaning in YAML",
        "put the text in quotes",
    ),
    (
        "cannot start any token",
        "a text begins with a character that has a meaning in YAML",
        "put the text in quotes",
    ),
)


def _malformed(path: Path, text: str, error: yaml.YAMLError) -> Misuse:
    problem, line, cure = str(error), 1, "check indentation, colons and quotes at this line"
    if isinstance(error, yaml.MarkedYAMLError):
        problem = error.problem or problem
        mark = error.problem_mark
        if "unexpected end of stream" in problem:
            mark = error.context_mark or mark
        line = mark.line + 1 if mark else 1
    elif isinstance(error, yaml.reader.ReaderError):
        problem = "it holds a character that YAML does not allow"
        line = text.count("\n", 0, error.position) + 1
    problem, cure = _worded(problem, (text.splitlines()[line - 1 : line] or [""])[0], cure)
    return Misuse(
        f"the declaration is no valid YAML: {problem}",
        where=f"{path}:{line}",
        how=cure,
        code="declaration_malformed",
    )


def _worded(problem: str, line: str, cure: str) -> tuple[str, str]:
    """What is wrong in words that need no knowledge of YAML, and the cure."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "the line begins with a tab", "indent with spaces: two for each level"
    if "mapping values are not allowed" in problem and line.count(": ") > 1:
        return "a text holds a colon and has no quotes", 'put the text after the first colon in quotes: "..."'
    return next(
        ((instead or problem, mend) for says, instead, mend in _KNOWN if says in problem), (problem, cure)
    )


@dataclass(frozen=True)
class Spot:
    """Where a place is in a text.

    Args:
        line: Its line, from 1; of the nearest enclosing place where it does not exist.
        parts: The parts of the place that the text has.
        node: The value there, None where the text is empty.
    """

    line: int
    parts: Place
    node: yaml.Node | None


def spot(text: str, place: Place) -> Spot:
    """Find a place in a YAML text.

    A part may be the name of a union's member, which pydantic adds to the place and the text does not have, even
    where the text has a key of that name: the reading that finds more parts is right.
    """
    return _deepest(_composed(text), place, 1)


@lru_cache(maxsize=1)
def _composed(text: str) -> yaml.Node | None:
    """The nodes of a text; whoever asks for one place in it often asks for others."""
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _deepest(node: yaml.Node | None, place: Place, line: int) -> Spot:
    here = Spot(line, (), node)
    if not place:
        return here
    part, rest = place[0], place[1:]
    inner: tuple[yaml.Node, yaml.Node] | None = None
    if isinstance(node, yaml.MappingNode):
        inner = next(((k, v) for k, v in node.value if k.value == str(part)), None)
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        inner = (node.value[part], node.value[part])
    left_out = _deepest(node, rest, line) if isinstance(part, str) else here
    if inner is None:
        return left_out
    found = _deepest(inner[1], rest, inner[0].start_mark.line + 1)
    cannot_hold = bool(rest) and not found.parts and not isinstance(inner[1], yaml.MappingNode)
    if len(left_out.parts) > len(found.parts) + 1 - cannot_hold:
        return left_out
    return Spot(found.line, (part, *found.parts), found.node)

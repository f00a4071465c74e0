"""Where in a JSON document the list of records stands, found without holding the document in memory."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from schemas.errors import Refusal
from sources.kit.landing import owner_only

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]', re.DOTALL)
#: Within the list only brackets count, and texts, which may hold some.
_BRACKET = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_CHUNK = 1 << 22


def cut(document: Path, path: Sequence[str], copy: Path, where: str) -> Path:
    """Write the list that stands under a path of keys to a file of its own, and give that.

    Raises:
        Refusal: There is no such key, what stands there is no list, or the list does not end.
    """
    with document.open("rb") as handle:
        # not closed by hand: the pattern that looks through it may still hold it when something is refused
        data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    start, end = _place(data, path, where)
    with open(copy, "wb", opener=owner_only) as stored:
        for at in range(start, end, _CHUNK):
            stored.write(data[at : min(at + _CHUNK, end)])
    return copy


def _place(data: mmap.mmap, path: Sequence[str], where: str) -> tuple[int, int]:
    """First byte of the list and the byte after its last."""
    tokens = _TOKEN.finditer(data)
    # how many brackets are open, and how many keys of the path lie behind
    depth = behind = 0
    text = b""
    expected = False
    for token in tokens:
        sign = token.group()
        here = depth == behind + 1
        if sign.startswith(b'"'):
            text = sign if here else b""
        elif sign == b":":
            expected = here and json.loads(text) == path[behind]
        elif sign == b",":
            expected = False
        elif sign in (b"{", b"["):
            last = behind + 1 == len(path)
            if expected and last and sign == b"[":
                return token.start(), _end(_BRACKET.finditer(data, token.end()), where)
            if expected and (last or sign == b"["):
                break
            behind += expected
            expected = False
            depth += 1
        else:
            depth -= 1
            if depth <= behind:
                break
    raise Refusal(
        f"there is no list of records under {'.'.join(path)!r}",
        where=where,
        how="correct file: records in source.yml: the keys that lead to the list, with points between them",
        code="no_records_path",
    )


def _end(tokens: Iterator[re.Match[bytes]], where: str) -> int:
    depth = 1
    for token in tokens:
        sign = token.group()
        if sign in (b"[", b"{"):
            depth += 1
        elif sign in (b"]", b"}"):
            depth -= 1
            if not depth:
                return token.end()
    raise cut_off(where)


def cut_off(where: str) -> Refusal:
    """The refusal of a document that ends in the middle."""
    return Refusal(
        "the JSON document is cut: its list of records does not end",
        where=where,
        how="the transfer was interrupted; get the file again",
        code="last_line_cut",
    )

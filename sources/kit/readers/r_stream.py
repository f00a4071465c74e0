"""The values of an R data file: R's own serialisation in its binary forms, versions 2 and 3.

Vectors of numbers are taken as they lie, texts one by one with equal ones shared: a hundred times as fast as building
an object for each value. Functions, environments and the like are passed over, so that a table can stand beside them.
The form is described in "R Internals", section "Serialization Formats".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Types that stand for a value by themselves.
_ALONE: Final = frozenset({241, 242, 250, 251, 252, 253, 254})
_REFERENCE, _PERSISTENT, _PACKAGE, _NAMESPACE, _ALTERNATIVE = 255, 247, 248, 249, 238
_SYMBOL, _PAIRS, _ENVIRONMENT, _TEXT, _TEXTS, _LISTS, _CODE = 1, 2, 4, 9, 16, (19, 20), 21
#: Pairs of a first and a rest, with the attributes before them: lists, calls, functions, promises.
_DOTTED: Final = frozenset({2, 3, 5, 6, 17})
_WITH_ATTRIBUTES: Final = frozenset({239, 240})
_CALLS: Final = frozenset({6, 2, 239, 240, 243, 244})
_DEFINED_CALL, _KNOWN_CALL = 244, 243
_NUMBERS: Final = {10: "i4", 13: "i4", 14: "f8", 15: "c16", 24: "u1"}
_LATIN_1, _UTF_8 = 1 << 2, 1 << 3

#: The order of bytes by the sign of the form: XDR, or that of the usual machine.
_ORDERS: Final = {b"X\n": ">", b"B\n": "<"}

#: How an integer or a truth value is missing.
MISSING: Final = -(2**31)


class Unreadable(Exception):
    """The bytes are no such serialisation, or end too early."""


@dataclass(frozen=True)
class Vector:
    """A vector with its attributes.

    Args:
        kind: R's type: 10 truth values, 13 integers, 14 numbers, 16 texts, 19 a list of values.
        values: An array of numbers, or a list of texts or values.
        attributes: By name.
    """

    kind: int
    values: Any
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """The texts of an attribute."""
        value = self.attributes.get(name)
        return [t or "" for t in value.values] if isinstance(value, Vector) and value.kind == _TEXTS else []


@dataclass(frozen=True)
class Symbol:
    """A name."""

    name: str


Pairs = list[tuple[str | None, Any]]


def read(data: Any, start: int = 0) -> Any:
    """The value of a serialisation.

    Args:
        data: Its bytes, or a file mapped into memory.
        start: Where it begins: at the sign of its form.

    Returns:
        A Vector, pairs of names and values, or None for anything else.

    Raises:
        Unreadable: It is no such serialisation, or it is cut.
    """
    try:
        return _Stream(data, start).value()
    except (
        struct.error,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise Unreadable(str(type(error))) from None


class _Stream:
    def __init__(self, data: Any, start: int) -> None:
        if (order := _ORDERS.get(data[start : start + 2])) is None:
            raise Unreadable("form")
        self.order, self.data, self.at = order, data, start + 2
        self.references: list[Any] = []
        self.shared: dict[bytes, str] = {}
        version = self._int()
        self.at += 8
        if version == 3:
            encoding = self._int()
            self.at += encoding
        elif version != 2:
            raise Unreadable("version")

    def _int(self) -> int:
        (number,) = struct.unpack_from(f"{self.order}i", self.data, self.at)
        self.at += 4
        return int(number)

    def _length(self) -> int:
        length = self._int()
        if length == -1:
            length = (self._int() << 32) + (self._int() & 0xFFFFFFFF)
        if length < 0 or length > len(self.data):
            raise Unreadable("length")
        return length

    def value(self) -> Any:
        """The next value."""
        flags = self._int()
        kind, attributed = flags & 0xFF, bool(flags & 0x200)
        if kind in _ALONE:
            return None
        if kind in _NUMBERS or kind in (_TEXTS, *_LISTS):
            values = self._values(kind)
            return Vector(kind, values, self._named(self.value()) if attributed else {})
        if kind in _DOTTED:
            return self._pairs(flags)
        if kind == _TEXT:
            self.at -= 4
            text = self._texts(1)[0]
            if attributed:
                self.value()
            return text
        if kind == _SYMBOL:
            symbol = Symbol(self.value() or "")
            self.references.append(symbol)
            return symbol
        if kind == _REFERENCE:
            return self.references[(flags >> 8 or self._int()) - 1]
        if kind == _ALTERNATIVE:
            return self._alternative()
        return self._other(kind, attributed)

    def _values(self, kind: int) -> Any:
        import numpy as np

        length = self._length()
        if kind == _TEXTS:
            return self._texts(length)
        if kind in _LISTS:
            return [self.value() for _ in range(length)]
        taken = np.frombuffer(self.data, self.order + _NUMBERS[kind], length, self.at)
        self.at += taken.nbytes
        return taken.astype(taken.dtype.newbyteorder("="))

    def _texts(self, count: int) -> list[str | None]:
        """Texts that follow each other; None is missing."""
        data, at, shared = self.data, self.at, self.shared
        head = struct.Struct(f"{self.order}ii").unpack_from
        texts: list[str | None] = [None] * count
        for place in range(count):
            flags, length = head(data, at)
            at += 8
            if flags & 0xFF != _TEXT:
                raise Unreadable("text")
            if length < 0:
                continue
            raw = data[at : at + length]
            at += length
            text = shared.get(raw)
            if text is None:
                if len(raw) < length:
                    raise Unreadable("cut")
                text = shared[raw] = _decoded(raw, flags >> 12)
            texts[place] = text
        self.at = at
        return texts

    def _pairs(self, flags: int) -> Pairs:
        pairs: Pairs = []
        while True:
            if flags & 0x200:
                self.value()
            tag = self.value() if flags & 0x400 else None
            pairs.append((tag.name if isinstance(tag, Symbol) else None, self.value()))
            (flags,) = struct.unpack_from(f"{self.order}i", self.data, self.at)
            if flags & 0xFF not in _DOTTED:
                rest = self.value()
                return pairs if rest is None else [*pairs, (None, rest)]
            self.at += 4

    def _named(self, pairs: Any) -> dict[str, Any]:
        return {name: value for name, value in pairs or () if name}

    def _alternative(self) -> Any:
        """A vector that R keeps in a shorter form: a sequence, one in a wrapper, numbers that are to become text."""
        import numpy as np

        (_, named), *_ = self.value()
        state, attributes = self.value(), self._named(self.value())
        form = named.name
        if form in ("compact_intseq", "compact_realseq"):
            count, first, step = (float(n) for n in state.values)
            kind = 13 if form == "compact_intseq" else 14
            numbers = first + step * np.arange(int(count))
            return Vector(kind, numbers.astype("i4" if kind == 13 else "f8"), attributes)
        if form.startswith("wrap_"):
            inner = state.values[0] if isinstance(state, Vector) else state[0][1]
            return Vector(inner.kind, inner.values, {**inner.attributes, **attributes})
        if form == "deferred_string":
            return Vector(_TEXTS, _as_texts(state[0][1]), attributes)
        return None

    def _other(self, kind: int, attributed: bool) -> None:
        """Pass over a value that no table is made of."""
        if kind == _ENVIRONMENT:
            self.at += 4
            self.references.append(None)
            for _ in range(4):
                self.value()
            return
        if kind in (_PERSISTENT, _PACKAGE, _NAMESPACE):
            self.at += 4
            self._texts(self._length())
            self.references.append(None)
            return
        if kind in (7, 8):  # functions of R itself, by name
            length = self._length()
            self.at += length
            return
        if kind == _CODE:
            self._code([None] * self._length())
        elif kind in (22, 23):  # pointers and weak references
            self.references.append(None)
            if kind == 22:
                self.value()
                self.value()
        elif kind != 25:  # an object of class S4 is its attributes
            raise Unreadable(f"type {kind}")
        if attributed:
            self.value()

    def _code(self, calls: list[Any]) -> None:
        """Pass over compiled code: its instructions and its constants."""
        self.value()
        for _ in range(self._length()):
            kind = self._int()
            if kind == _CODE:
                self._code(calls)
            elif kind in _CALLS:
                self._call(kind)
            else:
                self.value()

    def _call(self, kind: int) -> None:
        """Pass over a call in compiled code: a list whose first may be a list, and so on."""
        while kind in _CALLS:
            if kind == _KNOWN_CALL:
                self.at += 4
                return
            if kind == _DEFINED_CALL:
                self.at += 4
                kind = self._int()
            if kind in _WITH_ATTRIBUTES:
                self.value()
            self.value()
            self._call(self._int())
            kind = self._int()
        self.value()


def _decoded(raw: bytes, signs: int) -> str:
    if signs & _LATIN_1:
        return raw.decode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:  # of the system that wrote it
        return raw.decode("utf-8" if signs & _UTF_8 else "cp1252", errors="replace")


def _as_texts(numbers: Vector) -> list[str | None]:
    """Numbers as R writes them as text."""
    if numbers.kind == 13:
        return [None if n == MISSING else str(n) for n in numbers.values.tolist()]
    return [None if n != n else str(int(n)) if n.is_integer() else repr(n) for n in numbers.values.tolist()]

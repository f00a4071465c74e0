"""The only place where values become SQL text: quoting of names, texts and lists."""

from __future__ import annotations

from collections.abc import Iterable


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted text literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """A comma-separated list of text literals."""
    return ", ".join(text(v) for v in values)


def enum(codes: Iterable[str]) -> str:
    """An ENUM type with these values in this order."""
    return f"ENUM({texts(codes)})"

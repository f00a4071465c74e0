"""A partner and what it receives, as ``exports/partners/<id>.yml`` declares it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from schemas import declaration
from schemas.declaration import Declared
from schemas.errors import Misuse

FOLDER = Path(__file__).parent / "partners"


class Partner(Declared):
    """One recipient of exports.

    ``tier`` says whether the agreement with the sources' owners makes it a recipient of research or public data;
    ``countries`` are ISO 3166-1 alpha-3 codes, or all.
    """

    id: str
    title: dict[Literal["es", "en", "pt"], str]
    contact: str
    tier: Literal["research", "public"]
    countries: Literal["all"] | list[str]
    formats: list[Literal["csv"]]


def names() -> tuple[str, ...]:
    """All declared partners."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


def load(partner_id: str) -> Partner:
    """Load a partner.

    Raises:
        Misuse: It is not declared, or its declaration does not load.
    """
    if partner_id not in names():
        raise Misuse(
            f"unknown partner {partner_id!r}",
            how=f"use one of: {', '.join(names())}; or declare it in exports/partners",
            code="unknown_partner",
        )
    return declaration.load(FOLDER / f"{partner_id}.yml", Partner)

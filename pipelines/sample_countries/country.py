"""What a sample country is: its territory, its penal code, and the words in which its providers write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.sample_countries.drawing import below
from pipelines.sample_countries.plan import element
from pipelines.sample_countries.words import Words


@dataclass(frozen=True)
class Place:
    """A place in which people live, at the lowest level that all providers report by.

    Args:
        first_level: Code of its first-level area, without the country's.
        municipality: Code of its municipality, without the country's; empty where the country has none.
        name: What it is called.
        thousands: Inhabitants in 2022, in thousands.
    """

    first_level: str
    municipality: str
    name: str
    thousands: int


@dataclass(frozen=True)
class Offence:
    """An offence of a penal code.

    Args:
        label: As the country's police and courts write it.
        iccs: Its class.
        weight: How often it comes, in relation to the others.
        note: Why it has that class, where that is not plain.
    """

    label: str
    iccs: str
    weight: int
    note: str = ""


@dataclass(frozen=True)
class Country:
    """A sample country.

    Args:
        code: From the range of ISO 3166-1 that is left to users.
        name: What it is called in its own language.
        version: Boundary version of its codes.
        first_levels: Names of the first-level areas by their codes.
        places: The places in which people live.
        offences: Its penal code.
        words: How its providers write.
        currency: ISO 4217.
    """

    code: str
    name: str
    version: str
    first_levels: Mapping[str, str]
    places: Sequence[Place]
    offences: Sequence[Offence]
    words: Words
    currency: str

    @property
    def municipal(self) -> bool:
        """Whether its providers report by municipality."""
        return bool(self.places[0].municipality)

    def placed(self, role: str, name: str = "") -> dict[str, str]:
        """SQL for the area of a role of a place: large places come more often, one in a hundred is not known.

        Args:
            role: A code of ``place_basis``.
            name: Name of the draw; the role's by default. Two roles with one name are in the same place.
        """
        drawn = [n for n, place in enumerate(self.places) for _ in range(max(1, place.thousands // 10))]
        position = element(drawn, below(name or role, len(drawn)))
        fields = {
            f"{role}_first_level": element([f"{self.code}-{p.first_level}" for p in self.places], position)
        }
        if self.municipal:
            known = element([f"{self.code}-{p.municipality}" for p in self.places], position)
            draw, at, by = (name or role).partition("@")
            fields[f"{role}_municipality"] = (
                f"CASE WHEN {below(f'{draw}.known{at}{by}', 100)} > 0 THEN {known} END"
            )
        return fields

    def offence(self, name: str, *classes: str) -> dict[str, str]:
        """SQL for the class and the label of an offence, of those that begin like one of ``classes``.

        The label is the field ``offence``, which is written in place of the class.
        """
        chosen = [o for o in self.offences if not classes or o.iccs.startswith(classes)]
        drawn = [n for n, offence in enumerate(chosen) for _ in range(offence.weight)]
        position = element(drawn, below(name, len(drawn)))
        return {
            "iccs": element([o.iccs for o in chosen], position),
            "offence": element([o.label for o in chosen], position),
        }

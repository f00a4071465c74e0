"""Reference data that are always there: areas, groups of countries, standard populations.

Belongs here: facts about the world that no source of a country delivers. Areas below the first level, and every area
of a sample country, come with a delivery of record type ``area``.
"""

from __future__ import annotations

from schemas.reference.area import SEVERAL_COUNTRIES, ReferenceArea, areas
from schemas.reference.membership import Membership, members, memberships
from schemas.reference.standard_populations import AgeWeight, standard_population

__all__ = [
    "SEVERAL_COUNTRIES",
    "AgeWeight",
    "Membership",
    "ReferenceArea",
    "areas",
    "members",
    "memberships",
    "standard_population",
]

"""Where: one trait for each role of a place, all in the territorial division of ``boundary_version``."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, degrees, field
from schemas.model import Model, place


class Placed(Model):
    """The version in which all area codes of a record are."""

    boundary_version: str = field(
        "Versión de la división territorial de los códigos de área",
        "Version of the territorial division of the area codes",
        "Versão da divisão territorial dos códigos de área",
    )


@place("occurrence")
class OccurrencePlace(Placed):
    """Where the event happened."""


@place("injury")
class InjuryPlace(Placed):
    """Where the person was injured."""


@place("death")
class DeathPlace(Placed):
    """Where the person died."""


@place("residence")
class ResidencePlace(Placed):
    """Where the person usually lives."""


@place("registration")
class RegistrationPlace(Placed):
    """Where it was registered."""


@place("detection")
class DetectionPlace(Placed):
    """Where the victim was found."""


@place("jurisdiction")
class JurisdictionPlace(Placed):
    """The territory of the authority that acts."""


class Urbanised(Model):
    """Urban or rural."""

    urbanisation: str = coded("Urbano o rural", "Urban or rural", "Urbano ou rural", codes="urbanisation")


class Coordinates(Model):
    """A point, which only the writer may read, and how good it is."""

    geocode_method: str = coded(
        "Origen de las coordenadas",
        "Origin of the coordinates",
        "Origem das coordenadas",
        codes="geocode_method",
    )
    geocode_precision: pl.Float64 = field(
        "Radio dentro del cual está el lugar",
        "Radius within which the place is",
        "Raio dentro do qual está o lugar",
        unit="metres",
        ge=0,
    )
    longitude: pl.Float64 = degrees(
        "Longitud, WGS 84", "Longitude, WGS 84", "Longitude, WGS 84", 180, tier="restricted"
    )
    latitude: pl.Float64 = degrees(
        "Latitud, WGS 84", "Latitude, WGS 84", "Latitude, WGS 84", 90, tier="restricted"
    )

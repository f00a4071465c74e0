"""Facility: a place of an institution and what it can take in on a date."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key
from schemas.model import about, dated
from schemas.traits.person import Aged, Sexed
from schemas.traits.place import Coordinates, JurisdictionPlace, Urbanised
from schemas.traits.record import Counted


@dated("reference", "a que se refiere", "to which it refers", "a que se refere", required=True)
class Facility(Counted, Sexed, Aged, JurisdictionPlace, Urbanised, Coordinates):
    """Grain: one facility on a date, or one published aggregate of facilities; sex and age are those it serves."""

    facility_code: str = key("del establecimiento", "the facility", "do estabelecimento")
    name: str = field("Nombre", "Name", "Nome")
    facility_type: str = coded(
        "Tipo de establecimiento",
        "Type of facility",
        "Tipo de estabelecimento",
        codes="facility_type",
        required=True,
    )
    institution: str = coded(
        "Institución a la que pertenece",
        "Institution to which it belongs",
        "Instituição à qual pertence",
        codes="institution",
    )
    justice_system: str = coded(
        "Sistema de justicia", "Justice system", "Sistema de justiça", codes="justice_system"
    )
    capacity: pl.Int32 = field(
        "Capacidad oficial", "Official capacity", "Capacidade oficial", unit="places", ge=0
    )
    opened_date: pl.Date = field("Fecha de apertura", "Date of opening", "Data de abertura")
    closed_date: pl.Date = field("Fecha de cierre", "Date of closing", "Data de fechamento")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Establecimiento",
                "Un establecimiento en una fecha, o un agregado publicado de establecimientos",
            ),
            en=("Facility", "One facility on a date, or one published aggregate of facilities"),
            pt=(
                "Estabelecimento",
                "Um estabelecimento em uma data, ou um agregado publicado de estabelecimentos",
            ),
            date_field="reference_date",
            amount="count",
        )

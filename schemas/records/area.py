"""Area: a part of the territory below the country, as a source delivers it."""

from __future__ import annotations

import polars as pl

from schemas.fields import code_of_area, coded, degrees, field
from schemas.model import about
from schemas.traits.place import Urbanised
from schemas.traits.record import Record


class Area(Record, Urbanised):
    """Grain: one area in one version of the territorial division."""

    area_code: str = code_of_area(
        "Código publicado del área", "Published code of the area", "Código publicado da área"
    )
    area_level: str = coded("Nivel", "Level", "Nível", codes="area_level", required=True, recoded=False)
    parent_code: str = code_of_area(
        "Código del área que la contiene", "Code of the area that contains it", "Código da área que a contém"
    )
    name: str = field("Nombre oficial", "Official name", "Nome oficial", required=True)
    boundary_version: str = field(
        "Versión de la división territorial",
        "Version of the territorial division",
        "Versão da divisão territorial",
        required=True,
    )
    valid_from: pl.Date = field("Vigente desde", "Valid from", "Vigente desde", required=True)
    valid_to: pl.Date = field(
        "Vigente hasta; vacía si sigue vigente",
        "Valid to; empty while it holds",
        "Vigente até; vazia enquanto vigora",
    )
    surface: pl.Float64 = field("Superficie", "Surface", "Superfície", unit="square kilometres", ge=0)
    inhabitants: pl.Int64 = field(
        "Habitantes, si la fuente los da con el área",
        "Inhabitants, where the source gives them with the area",
        "Habitantes, se a fonte os informa com a área",
        unit="persons",
        ge=0,
    )
    centre_longitude: pl.Float64 = degrees(
        "Longitud de un punto interior, WGS 84",
        "Longitude of a point inside, WGS 84",
        "Longitude de um ponto interior, WGS 84",
        180,
    )
    centre_latitude: pl.Float64 = degrees(
        "Latitud de un punto interior, WGS 84",
        "Latitude of a point inside, WGS 84",
        "Latitude de um ponto interior, WGS 84",
        90,
    )
    geometry: str = field(
        "Contorno en WGS 84, como texto WKT",
        "Outline in WGS 84, as WKT text",
        "Contorno em WGS 84, como texto WKT",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Área", "Un área en una versión de la división territorial"),
            en=("Area", "One area in one version of the territorial division"),
            pt=("Área", "Uma área em uma versão da divisão territorial"),
            date_field="valid_from",
            amount=None,
        )

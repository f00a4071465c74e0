"""Area: a part of the territory below the country, as a source delivers it."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import coded, field


class Area(pa.DataFrameModel):
    """Grain: one area in one version of the territorial division."""

    area_code: str = field(
        "Código publicado del área",
        "Published code of the area",
        "Código publicado da área",
        sql="VARCHAR",
        required=True,
        str_matches=r"^[A-Z]{3}(-[0-9A-Z]+)?$",
    )
    area_level: str = coded("Nivel", "Level", "Nível", codes="area_level", required=True)
    parent_code: str = field(
        "Código del área que la contiene",
        "Code of the area that contains it",
        "Código da área que a contém",
        sql="VARCHAR",
        required=True,
        str_matches=r"^[A-Z]{3}(-[0-9A-Z]+)?$",
    )
    name: str = field("Nombre oficial", "Official name", "Nome oficial", sql="VARCHAR", required=True)
    boundary_version: str = field(
        "Versión de la división territorial",
        "Version of the territorial division",
        "Versão da divisão territorial",
        sql="VARCHAR",
        required=True,
    )
    valid_from: pl.Date = field("Vigente desde", "Valid from", "Vigente desde", sql="DATE", required=True)
    valid_to: pl.Date = field(
        "Vigente hasta; vacía si sigue vigente",
        "Valid to; empty while it holds",
        "Vigente até; vazia enquanto vigora",
        sql="DATE",
    )

    class Config:
        """Title and grain in the words of the dictionary."""

        name = "area"
        title = "Area"
        description = "One area in one version of the territorial division"
        metadata = {
            "date_field": "valid_from",
            "title": {"es": "Área", "pt": "Área"},
            "grain": {
                "es": "un área en una versión de la división territorial",
                "pt": "uma área em uma versão da divisão territorial",
            },
        }

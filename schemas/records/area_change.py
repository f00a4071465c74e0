"""Area change: what became of an area from one version of the territorial division to the next."""

from __future__ import annotations

import polars as pl

from schemas.fields import code_of_area, coded, field, year
from schemas.model import about
from schemas.traits.record import Record


class AreaChange(Record):
    """Grain: one pair of an area before and an area after a change, with the share of the first that the second got."""

    from_code: str = code_of_area(
        "Código del área anterior", "Code of the area before", "Código da área anterior"
    )
    from_version: str = field("División anterior", "Division before", "Divisão anterior", required=True)
    to_code: str = code_of_area(
        "Código del área posterior", "Code of the area after", "Código da área posterior"
    )
    to_version: str = field("División posterior", "Division after", "Divisão posterior", required=True)
    change_date: pl.Date = field("Fecha del cambio", "Date of the change", "Data da mudança", required=True)
    change_kind: str = coded(
        "Tipo de cambio", "Kind of change", "Tipo de mudança", codes="area_change_kind", required=True
    )
    share: pl.Float64 = field(
        "Parte del área anterior que pasó a la posterior",
        "Share of the area before that went to the area after",
        "Parte da área anterior que passou à posterior",
        unit="share of 1",
        required=True,
        in_range={"min_value": 0, "max_value": 1},
    )
    weight_basis: str = coded(
        "En qué se basa la parte",
        "What the share is based on",
        "Em que se baseia a parte",
        codes="weight_basis",
        required=True,
        recoded=False,
    )
    weight_year: pl.Int16 = year(
        "Año de la base de la parte", "Year of what the share is based on", "Ano da base da parte"
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Cambio de un área",
                "Un par de área anterior y posterior a un cambio, con la parte que pasó",
            ),
            en=(
                "Area change",
                "One pair of an area before and an area after a change, with the share that passed",
            ),
            pt=(
                "Mudança de uma área",
                "Um par de área anterior e posterior a uma mudança, com a parte que passou",
            ),
            date_field="change_date",
            amount=None,
        )

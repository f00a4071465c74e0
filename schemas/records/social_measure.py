"""Social measure: a figure on an area and period that says something of risk or protection."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field
from schemas.model import about, dated
from schemas.traits.person import Aged, Groups, Sexed
from schemas.traits.place import ResidencePlace, Urbanised
from schemas.traits.record import Published, Record, Uncertain, sample_size, unit_measure


@dated("reference", "a que se refiere", "to which it refers", "a que se refere", required=True, until=True)
class SocialMeasure(Record, Published, Uncertain, Sexed, Aged, Groups, Urbanised, ResidencePlace):
    """Grain: one published value of one measure for an area, a period and a group of persons."""

    measure: str = coded("Medida", "Measure", "Medida", codes="social_measure", required=True)
    education_level: str = coded(
        "Nivel educativo del que trata la medida",
        "Level of education that the measure is about",
        "Nível de ensino de que trata a medida",
        codes="education",
    )
    numerator: pl.Float64 = field("Numerador", "Numerator", "Numerador", ge=0)
    denominator: pl.Float64 = field("Denominador", "Denominator", "Denominador", ge=0)
    value: pl.Float64 = field(
        "Valor, en su unidad; vacío si se publica solo el numerador",
        "Value, in its unit; empty where only the numerator is published",
        "Valor, em sua unidade; vazio se só o numerador é publicado",
    )
    unit_measure: str = unit_measure()
    sample_size: pl.Int64 = sample_size()
    factor_kind: str = coded(
        "Factor de riesgo o de protección",
        "Risk or protective factor",
        "Fator de risco ou de proteção",
        codes="factor_kind",
        required=True,
        recoded=False,
    )
    factor_level: str = coded(
        "Nivel del factor",
        "Level of the factor",
        "Nível do fator",
        codes="factor_level",
        required=True,
        recoded=False,
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Medida social",
                "Un valor publicado de una medida social para un área, un periodo y un grupo de personas",
            ),
            en=(
                "Social measure",
                "One published value of one social measure for an area, a period and a group of persons",
            ),
            pt=(
                "Medida social",
                "Um valor publicado de uma medida social para uma área, um período e um grupo de pessoas",
            ),
            date_field="reference_date",
            amount=None,
        )

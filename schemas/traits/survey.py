"""What the records of a survey share: which survey, which weight, which place in the design."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key, year
from schemas.model import Model
from schemas.traits.record import Record


class SurveyKey(Model):
    """The survey and its edition."""

    survey_code: str = key("de la encuesta", "the survey", "da pesquisa", required=True)
    edition: str = field("Edición", "Edition", "Edição", required=True)
    label_year: pl.Int16 = year(
        "Año con que se publica la edición",
        "Year under which the edition is published",
        "Ano com que se publica a edição",
        required=True,
        first=1980,
    )
    reference_date: pl.Date = field(
        "Primer día del periodo por el que se pregunta",
        "First day of the period asked about",
        "Primeiro dia do período da pergunta",
        required=True,
    )


class Sampled(Record, SurveyKey):
    """A unit of a sample: its weight and its place in the design."""

    weight: pl.Float64 = field(
        "Peso: unidades de la población que el registro representa",
        "Weight: units of the population for which the record stands",
        "Peso: unidades da população que o registro representa",
        unit="units of the population",
        required=True,
        in_range={"min_value": 0, "max_value": 1e9, "include_min": False},
    )
    stratum: str = field(
        "Estrato del diseño muestral", "Stratum of the sample design", "Estrato do desenho amostral"
    )
    psu: str = field(
        "Unidad primaria de muestreo",
        "Primary sampling unit",
        "Unidade primária de amostragem",
    )
    household_key: str = key(
        "del hogar en la encuesta", "the household in the survey", "do domicílio na pesquisa"
    )


class Socioeconomic(Model):
    """Socioeconomic position of the household."""

    socioeconomic_group: str = coded(
        "Estrato socioeconómico", "Socioeconomic group", "Estrato socioeconômico", codes="socioeconomic_group"
    )
    wealth_quintile: pl.UInt8 = field(
        "Quintil de ingreso o riqueza, 1 el más pobre",
        "Quintile of income or wealth, 1 the poorest",
        "Quintil de renda ou riqueza, 1 o mais pobre",
        unit="quintile",
        in_range={"min_value": 1, "max_value": 5},
    )

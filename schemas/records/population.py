"""Population: persons by area, date, sex and age, as the statistics office publishes them."""

from __future__ import annotations

import polars as pl

from schemas.fields import age, coded
from schemas.model import about, place
from schemas.traits.person import Groups
from schemas.traits.place import Placed, Urbanised
from schemas.traits.record import CountedLarge, Published, figure_date, population_kind


@place("residence", required=True)
class Population(CountedLarge, Published, Groups, Urbanised, Placed):
    """Grain: one published figure of persons for an area, a date, a sex (``_T`` both), an age group and other groups.

    A group that a figure is not broken down by is empty or ``_T``.
    """

    reference_date: pl.Date = figure_date()
    sex: str = coded(
        "Sexo; _T para ambos",
        "Sex; _T for both",
        "Sexo; _T para ambos",
        codes="sex",
        required=True,
        recoded=False,
    )
    age_from: pl.Int16 = age(
        "Primera edad del grupo; vacía para todas las edades",
        "First age of the group; empty for all ages",
        "Primeira idade do grupo; vazia para todas as idades",
    )
    age_to: pl.Int16 = age(
        "Última edad del grupo de la fuente; vacía en un grupo abierto",
        "Last age of the source's group; empty in an open-ended group",
        "Última idade do grupo da fonte; vazia em um grupo aberto",
    )
    population_kind: str = population_kind()
    population_source: str = coded(
        "Fuente: oficina nacional o Naciones Unidas",
        "Source: national office or United Nations",
        "Fonte: instituto nacional ou Nações Unidas",
        codes="population_source",
        recoded=False,
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Población",
                "Una cifra publicada de personas de un área, una fecha, un sexo, un grupo de edad y otros grupos",
            ),
            en=(
                "Population",
                "One published figure of persons for an area, a date, a sex, an age group and other groups",
            ),
            pt=(
                "População",
                "Um número publicado de pessoas de uma área, uma data, um sexo, uma faixa etária e outros grupos",
            ),
            date_field="reference_date",
            amount="count",
        )

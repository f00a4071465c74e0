"""Households: households or dwellings by area and date."""

from __future__ import annotations

import polars as pl

from schemas.fields import yes_no
from schemas.model import about, place
from schemas.traits.place import Placed, Urbanised
from schemas.traits.record import CountedLarge, Published, figure_date, population_kind


@place("residence", required=True)
class Households(CountedLarge, Published, Urbanised, Placed):
    """Grain: one published figure of households or dwellings (``counting_unit`` says which) for an area and a date."""

    reference_date: pl.Date = figure_date()
    with_vehicle: str = yes_no(
        "Con vehículo propio; vacío si la cifra no lo distingue",
        "Owning a vehicle; empty where the figure does not tell them apart",
        "Com veículo próprio; vazio se o número não distingue",
    )
    population_kind: str = population_kind()

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Hogares", "Una cifra publicada de hogares o viviendas de un área en una fecha"),
            en=("Households", "One published figure of households or dwellings for an area and a date"),
            pt=("Domicílios", "Um número publicado de domicílios ou moradias de uma área em uma data"),
            date_field="reference_date",
            amount="count",
        )

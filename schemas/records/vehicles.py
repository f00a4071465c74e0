"""Vehicles: registered vehicles by area, date and class."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded
from schemas.model import about, place
from schemas.traits.place import Placed
from schemas.traits.record import CountedLarge, Published, figure_date


@place("registration", required=True)
class Vehicles(CountedLarge, Published, Placed):
    """Grain: one published figure of registered vehicles for an area, a date and a class (``_T`` all)."""

    reference_date: pl.Date = figure_date()
    vehicle_class: str = coded(
        "Clase de vehículo; _T para todas",
        "Vehicle class; _T for all",
        "Classe de veículo; _T para todas",
        codes="vehicle_class",
        required=True,
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Vehículos",
                "Una cifra publicada de vehículos registrados de un área, una fecha y una clase",
            ),
            en=("Vehicles", "One published figure of registered vehicles for an area, a date and a class"),
            pt=("Veículos", "Um número publicado de veículos registrados de uma área, uma data e uma classe"),
            date_field="reference_date",
            amount="count",
        )

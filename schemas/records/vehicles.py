"""Vehicles: registered vehicles by area, date and class."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field
from schemas.model import place
from schemas.traits.place import Placed
from schemas.traits.record import CountedLarge, Published


@place("registration", required=True)
class Vehicles(CountedLarge, Published, Placed):
    """Grain: one published figure of registered vehicles for an area, a date and a class (``_T`` all)."""

    reference_date: pl.Date = field(
        "Fecha a la que se refiere la cifra",
        "Date to which the figure refers",
        "Data a que se refere o número",
        required=True,
    )
    vehicle_class: str = coded(
        "Clase de vehículo; _T para todas",
        "Vehicle class; _T for all",
        "Classe de veículo; _T para todas",
        codes="vehicle_class",
        required=True,
    )

    class Config:
        """Title and grain in the words of the dictionary."""

        name = "vehicles"
        title = "Vehicles"
        description = "One published figure of registered vehicles for an area, a date and a class"
        metadata = {"date_field": "reference_date", "amount": "count"}

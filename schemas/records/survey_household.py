"""Survey household: a household of a sample."""

from __future__ import annotations

import polars as pl

from schemas.fields import field
from schemas.model import about
from schemas.traits.answers import HouseholdCrimes, answer
from schemas.traits.place import ResidencePlace, Urbanised
from schemas.traits.survey import Sampled, Socioeconomic


class SurveyHousehold(Sampled, Socioeconomic, Urbanised, ResidencePlace, HouseholdCrimes):
    """Grain: one household of the sample of one edition."""

    owns_vehicle: str = answer("Tiene vehículo", "Owns a vehicle", "Tem veículo")
    n_vehicles: pl.Int16 = field(
        "Vehículos del hogar", "Vehicles of the household", "Veículos do domicílio", unit="vehicles", ge=0
    )
    n_motorcycles: pl.Int16 = field(
        "Motocicletas del hogar",
        "Motorcycles of the household",
        "Motocicletas do domicílio",
        unit="vehicles",
        ge=0,
    )
    n_members: pl.Int16 = field(
        "Personas del hogar", "Members of the household", "Pessoas do domicílio", unit="persons", ge=1
    )
    any_member_victim: str = answer(
        "Alguien del hogar fue víctima de un delito",
        "Any member was the victim of a crime",
        "Alguém do domicílio foi vítima de um crime",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Hogar de una encuesta", "Un hogar de la muestra de una edición de una encuesta"),
            en=("Survey household", "One household of the sample of one edition of a survey"),
            pt=("Domicílio de uma pesquisa", "Um domicílio da amostra de uma edição de uma pesquisa"),
            date_field="reference_date",
            amount="weight",
        )

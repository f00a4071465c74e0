"""Birth: a live birth and the age of the mother."""

from __future__ import annotations

import polars as pl

from schemas.fields import age, coded
from schemas.model import about, dated
from schemas.traits.event import CaseReference, Registered
from schemas.traits.person import Groups, Schooled
from schemas.traits.place import OccurrencePlace, RegistrationPlace, ResidencePlace, Urbanised
from schemas.traits.record import Counted


@dated("occurrence", "del nacimiento", "of the birth", "do nascimento", required=True)
class Birth(
    Counted,
    Groups,
    Schooled,
    ResidencePlace,
    OccurrencePlace,
    RegistrationPlace,
    Urbanised,
    Registered,
    CaseReference,
):
    """Grain: one live birth, or one published aggregate of live births; age, groups and residence are the mother's."""

    age_years: pl.Int16 = age(
        "Edad de la madre en años cumplidos",
        "Age of the mother in completed years",
        "Idade da mãe em anos completos",
    )
    age_from: pl.Int16 = age(
        "Primera edad de la madre en el grupo de la fuente",
        "First age of the mother in the source's group",
        "Primeira idade da mãe na faixa da fonte",
    )
    age_to: pl.Int16 = age(
        "Última edad de la madre en el grupo de la fuente; vacía en un grupo abierto",
        "Last age of the mother in the source's group; empty in an open-ended group",
        "Última idade da mãe na faixa da fonte; vazia em um grupo aberto",
    )
    child_sex: str = coded("Sexo de la niña o niño", "Sex of the child", "Sexo da criança", codes="sex")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Nacimiento", "Un nacido vivo, o un agregado publicado de nacidos vivos"),
            en=("Birth", "One live birth, or one published aggregate of live births"),
            pt=("Nascimento", "Um nascido vivo, ou um agregado publicado de nascidos vivos"),
            date_field="occurrence_date",
            amount="count",
        )

"""Programme activity: what a programme did, for how many, and how many stayed."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, yes_no
from schemas.model import about, dated
from schemas.traits.person import Aged, Groups, Sexed
from schemas.traits.place import JurisdictionPlace
from schemas.traits.programme import ProgrammeKey
from schemas.traits.record import Record


@dated("start", "de inicio", "of the start", "de início", required=True)
class ProgrammeActivity(Record, ProgrammeKey, Sexed, Aged, Groups, JurisdictionPlace):
    """Grain: one activity of one programme in one period, area and group of persons; different persons are counted."""

    activity_type: str = coded(
        "Tipo de actividad", "Type of activity", "Tipo de atividade", codes="activity_type", required=True
    )
    end_date: pl.Date = field("Fecha de fin", "Date of the end", "Data de fim")
    dose_planned: pl.Float64 = field(
        "Dosis prevista por persona",
        "Dose planned for each person",
        "Dose prevista por pessoa",
        unit="dose units",
        ge=0,
    )
    dose_delivered: pl.Float64 = field(
        "Dosis recibida por persona, en promedio",
        "Dose received by each person, on average",
        "Dose recebida por pessoa, em média",
        unit="dose units",
        ge=0,
    )
    dose_unit: str = coded(
        "Unidad de la dosis", "Unit of the dose", "Unidade da dose", codes="dose_unit", recoded=False
    )
    enrolled: pl.Int32 = field(
        "Personas inscritas", "Persons enrolled", "Pessoas inscritas", unit="persons", ge=0
    )
    reached: pl.Int32 = field(
        "Personas distintas alcanzadas",
        "Different persons reached",
        "Pessoas diferentes alcançadas",
        unit="persons",
        required=True,
        ge=0,
    )
    completed: pl.Int32 = field(
        "Personas que terminaron", "Persons who completed", "Pessoas que concluíram", unit="persons", ge=0
    )
    dropped_out: pl.Int32 = field(
        "Personas que abandonaron", "Persons who dropped out", "Pessoas que abandonaram", unit="persons", ge=0
    )
    in_target_group: str = yes_no(
        "Las personas son de la población destinataria",
        "The persons belong to the target group",
        "As pessoas são da população destinatária",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Actividad de un programa",
                "Una actividad de un programa en un periodo, un área y un grupo de personas",
            ),
            en=(
                "Programme activity",
                "One activity of one programme in one period, area and group of persons",
            ),
            pt=(
                "Atividade de um programa",
                "Uma atividade de um programa em um período, uma área e um grupo de pessoas",
            ),
            date_field="start_date",
            amount="reached",
        )

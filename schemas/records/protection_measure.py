"""Protection measure: a step in the life of an order that protects a person."""

from __future__ import annotations

import polars as pl

from schemas.fields import age, coded, field
from schemas.model import about, dated
from schemas.traits.victim import Victim


@dated("step", "del estado de la medida", "of the step of the order", "da etapa da medida", required=True)
@dated("requested", "de la solicitud", "of the request", "da solicitação")
class ProtectionMeasure(Victim):
    """Grain: one step (requested, granted, refused, breached, ended) of one order, or one published aggregate.

    The person is the protected one; the steps of one order share ``case_ref``.
    """

    protection_step: str = coded(
        "Estado de la medida", "Step of the order", "Etapa da medida", codes="protection_step", required=True
    )
    protection_type: str = coded(
        "Tipo de medida de protección",
        "Type of protection order",
        "Tipo de medida protetiva",
        codes="protection_type",
    )
    decided_by: str = coded(
        "Institución que decidió",
        "Institution that decided",
        "Instituição que decidiu",
        codes="institution",
        recoded=False,
    )
    valid_until: pl.Date = field(
        "Último día de vigencia de la medida",
        "Last day on which the order holds",
        "Último dia de vigência da medida",
    )
    aggressor_sex: str = coded(
        "Sexo de la persona agresora", "Sex of the aggressor", "Sexo da pessoa agressora", codes="sex"
    )
    aggressor_age_years: pl.Int16 = age(
        "Edad de la persona agresora en años cumplidos",
        "Age of the aggressor in completed years",
        "Idade da pessoa agressora em anos completos",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Medida de protección", "Un estado de una medida de protección, o un agregado publicado"),
            en=(
                "Protection measure",
                "One step of one protection order, or one published aggregate of steps",
            ),
            pt=("Medida protetiva", "Uma etapa de uma medida protetiva, ou um agregado publicado"),
            date_field="step_date",
            amount="count",
        )

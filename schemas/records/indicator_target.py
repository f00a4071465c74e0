"""Indicator target: what a plan wants an indicator to reach."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key
from schemas.model import about, place
from schemas.traits.person import Aged, Sexed
from schemas.traits.place import Placed
from schemas.traits.record import Record


@place("jurisdiction", required=True)
class IndicatorTarget(Record, Sexed, Aged, Placed):
    """Grain: one target of one indicator for an area, a group of persons and a date, in one document."""

    indicator: str = field(
        "Identificador del indicador en el catálogo",
        "Identifier of the indicator in the catalogue",
        "Identificador do indicador no catálogo",
        required=True,
    )
    baseline_value: pl.Float64 = field(
        "Valor de la línea de base", "Baseline value", "Valor da linha de base"
    )
    baseline_date: pl.Date = field(
        "Fecha de la línea de base", "Date of the baseline", "Data da linha de base"
    )
    target_value: pl.Float64 = field("Valor de la meta", "Target value", "Valor da meta", required=True)
    target_date: pl.Date = field("Fecha de la meta", "Date of the target", "Data da meta", required=True)
    direction: str = coded(
        "Sentido deseado", "Desired direction", "Direção desejada", codes="direction", recoded=False
    )
    unit_measure: str = coded(
        "Unidad de los valores",
        "Unit of the values",
        "Unidade dos valores",
        codes="unit_measure",
        required=True,
        recoded=False,
    )
    companion: str = field(
        "Indicador de encuesta que acompaña a la meta de un registro",
        "Survey indicator that accompanies the target of a record-based one",
        "Indicador de pesquisa que acompanha a meta de um registro",
    )
    programme_code: str = key("del programa o plan", "the programme or plan", "do programa ou plano")
    responsible: str = field("Institución responsable", "Institution responsible", "Instituição responsável")
    document: str = field(
        "Documento que fija la meta",
        "Document that sets the target",
        "Documento que fixa a meta",
        required=True,
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Meta de un indicador",
                "Una meta de un indicador para un área, un grupo de personas y una fecha",
            ),
            en=("Indicator target", "One target of one indicator for an area, a group of persons and a date"),
            pt=(
                "Meta de um indicador",
                "Uma meta de um indicador para uma área, um grupo de pessoas e uma data",
            ),
            date_field="target_date",
            amount=None,
        )

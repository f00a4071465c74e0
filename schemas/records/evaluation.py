"""Evaluation: what a study found about a programme."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key, yes_no
from schemas.model import about
from schemas.traits.event import Offence
from schemas.traits.place import JurisdictionPlace
from schemas.traits.programme import ProgrammeKey
from schemas.traits.record import Money, Record, Uncertain


class Evaluation(Record, ProgrammeKey, Offence, Uncertain, Money, JurisdictionPlace):
    """Grain: one outcome of one evaluation of one programme; the amount is the cost of the programme evaluated."""

    evaluation_code: str = key("de la evaluación", "the evaluation", "da avaliação", required=True)
    title: str = field("Título", "Title", "Título", required=True)
    design: str = coded("Diseño", "Design", "Desenho", codes="evaluation_design", required=True)
    scientific_scale: pl.UInt8 = field(
        "Nivel en la escala científica de Maryland",
        "Level on the Maryland scientific methods scale",
        "Nível na escala científica de Maryland",
        unit="level 1 to 5",
        in_range={"min_value": 1, "max_value": 5},
    )
    protocol_date: pl.Date = field(
        "Fecha del protocolo registrado",
        "Date of the registered protocol",
        "Data do protocolo registrado",
        required=True,
    )
    result_date: pl.Date = field("Fecha del resultado", "Date of the result", "Data do resultado")
    outcome_measured: str = field(
        "Resultado medido: indicador del catálogo, o su descripción",
        "Outcome measured: indicator of the catalogue, or its description",
        "Resultado medido: indicador do catálogo, ou sua descrição",
        required=True,
    )
    effect_measure: str = coded(
        "Medida del efecto", "Measure of effect", "Medida do efeito", codes="effect_measure", recoded=False
    )
    effect: pl.Float64 = field("Efecto", "Effect", "Efeito")
    p_value: pl.Float64 = field("Valor p", "p-value", "Valor p", in_range={"min_value": 0, "max_value": 1})
    sample_size: pl.Int64 = field(
        "Unidades estudiadas", "Units studied", "Unidades estudadas", unit="units", ge=0
    )
    follow_up_months: pl.Int16 = field(
        "Meses de seguimiento", "Months of follow-up", "Meses de acompanhamento", unit="months", ge=0
    )
    displacement: str = coded(
        "Desplazamiento a áreas colindantes",
        "Displacement to neighbouring areas",
        "Deslocamento a áreas vizinhas",
        codes="displacement",
        recoded=False,
    )
    verdict: str = coded("Conclusión", "Verdict", "Conclusão", codes="verdict", required=True)
    benefit_cost_ratio: pl.Float64 = field(
        "Beneficio por unidad de costo",
        "Benefit for each unit of cost",
        "Benefício por unidade de custo",
        unit="ratio",
    )
    evaluation_cost: pl.Float64 = field(
        "Costo de la evaluación", "Cost of the evaluation", "Custo da avaliação", unit="currency", ge=0
    )
    evaluator: str = field("Institución que evalúa", "Institution that evaluates", "Instituição que avalia")
    independent: str = yes_no(
        "Independiente de quien ejecuta", "Independent of who implements", "Independente de quem executa"
    )
    document: str = field("Documento o dirección", "Document or address", "Documento ou endereço")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Evaluación", "Un resultado de una evaluación de un programa"),
            en=("Evaluation", "One outcome of one evaluation of one programme"),
            pt=("Avaliação", "Um resultado de uma avaliação de um programa"),
            date_field="protocol_date",
            amount=None,
        )

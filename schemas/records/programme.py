"""Programme: a policy, plan, programme or project of prevention."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, yes_no
from schemas.model import about, place
from schemas.traits.event import Offence
from schemas.traits.person import Aged, Sexed
from schemas.traits.place import Placed
from schemas.traits.programme import Prevention, ProgrammeKey
from schemas.traits.record import Record


@place("jurisdiction", required=True)
class Programme(Record, ProgrammeKey, Prevention, Offence, Sexed, Aged, Placed):
    """Grain: one programme; sex and ages are those of the persons it is for, the offence the one to prevent."""

    name: str = field("Nombre", "Name", "Nome", required=True)
    programme_kind: str = coded(
        "Política, plan, programa o proyecto",
        "Policy, plan, programme or project",
        "Política, plano, programa ou projeto",
        codes="programme_kind",
        required=True,
    )
    part_of_code: str = field(
        "Clave del plan o programa del que es parte",
        "Code of the plan or programme that it is part of",
        "Código do plano ou programa de que é parte",
    )
    responsible: str = field(
        "Institución responsable", "Institution responsible", "Instituição responsável", required=True
    )
    institution: str = coded(
        "Tipo de institución responsable",
        "Kind of institution responsible",
        "Tipo de instituição responsável",
        codes="institution",
    )
    problem: str = field("Problema que atiende", "Problem that it addresses", "Problema que enfrenta")
    theory_of_change: str = field("Teoría del cambio", "Theory of change", "Teoria da mudança")
    outcome_indicator: str = field(
        "Indicador del catálogo que debe cambiar",
        "Indicator of the catalogue that is to change",
        "Indicador do catálogo que deve mudar",
    )
    start_date: pl.Date = field("Inicio", "Start", "Início", required=True)
    end_date: pl.Date = field("Fin; vacía si sigue", "End; empty while it goes on", "Fim; vazia se continua")
    fund_source: str = coded(
        "Origen de los fondos", "Source of funds", "Fonte dos recursos", codes="fund_source"
    )
    multi_year_budget: str = yes_no(
        "Con presupuesto plurianual", "With a budget of several years", "Com orçamento plurianual"
    )
    evaluation_budget: str = yes_no(
        "Con renglón de presupuesto para evaluación",
        "With a budget line for evaluation",
        "Com linha de orçamento para avaliação",
    )
    document: str = field("Documento o dirección", "Document or address", "Documento ou endereço")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Programa", "Una política, plan, programa o proyecto de prevención"),
            en=("Programme", "One policy, plan, programme or project of prevention"),
            pt=("Programa", "Uma política, plano, programa ou projeto de prevenção"),
            date_field="start_date",
            amount=None,
        )

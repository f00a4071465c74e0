"""Resource: staff, budget or equipment of an institution."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key, year
from schemas.model import about, dated
from schemas.traits.person import Sexed
from schemas.traits.place import JurisdictionPlace
from schemas.traits.record import CountedLarge, Money


@dated("reference", "a que se refiere", "to which it refers", "a que se refere", required=True)
class Resource(CountedLarge, Sexed, Money, JurisdictionPlace):
    """Grain: one published figure of an institution: staff by sex and function, a budget line, equipment."""

    institution: str = coded("Institución", "Institution", "Instituição", codes="institution", required=True)
    resource_type: str = coded(
        "Tipo de recurso", "Type of resource", "Tipo de recurso", codes="resource_type", required=True
    )
    staff_function: str = coded("Función", "Function", "Função", codes="staff_function")
    budget_phase: str = coded(
        "Momento del presupuesto", "Phase of the budget", "Fase do orçamento", codes="budget_phase"
    )
    spend_purpose: str = coded(
        "Destino del gasto", "Purpose of the spending", "Finalidade do gasto", codes="spend_purpose"
    )
    fiscal_year: pl.Int16 = year("Año fiscal", "Fiscal year", "Ano fiscal")
    description: str = field("Descripción del recurso", "Description of the resource", "Descrição do recurso")
    facility_code: str = key("del establecimiento", "the facility", "do estabelecimento")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Recurso", "Una cifra publicada de personal, presupuesto o equipo de una institución"),
            en=("Resource", "One published figure of staff, budget or equipment of an institution"),
            pt=("Recurso", "Um número publicado de pessoal, orçamento ou equipamento de uma instituição"),
            date_field="reference_date",
            amount="count",
        )

"""Programme budget: money of a programme in one phase of a fiscal year."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, currency_code, field, money, year
from schemas.model import about
from schemas.traits.place import JurisdictionPlace
from schemas.traits.programme import ProgrammeKey
from schemas.traits.record import Money, Record


class ProgrammeBudget(Record, ProgrammeKey, Money, JurisdictionPlace):
    """Grain: one amount of one programme, phase, fiscal year, source of funds and purpose."""

    amount: pl.Float64 = money("Importe", "Amount", "Valor", required=True)
    currency: str = currency_code("Moneda", "Currency", "Moeda", required=True)
    budget_phase: str = coded(
        "Momento del presupuesto",
        "Phase of the budget",
        "Fase do orçamento",
        codes="budget_phase",
        required=True,
    )
    fiscal_year: pl.Int16 = year("Año fiscal", "Fiscal year", "Ano fiscal", required=True)
    reference_date: pl.Date = field(
        "Fecha a la que se refiere el importe",
        "Date to which the amount refers",
        "Data a que se refere o valor",
        required=True,
    )
    fund_source: str = coded(
        "Origen de los fondos", "Source of funds", "Fonte dos recursos", codes="fund_source"
    )
    spend_purpose: str = coded(
        "Destino del gasto", "Purpose of the spending", "Finalidade do gasto", codes="spend_purpose"
    )
    budget_line: str = field("Renglón del presupuesto", "Budget line", "Linha do orçamento")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Presupuesto de un programa",
                "Un importe de un programa, momento, año fiscal, origen y destino",
            ),
            en=(
                "Programme budget",
                "One amount of one programme, phase, fiscal year, source of funds and purpose",
            ),
            pt=("Orçamento de um programa", "Um valor de um programa, fase, ano fiscal, fonte e finalidade"),
            date_field="reference_date",
            amount="amount",
        )

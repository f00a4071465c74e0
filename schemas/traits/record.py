"""What every record carries beside its origin, which the warehouse adds."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.fields import coded, currency_code, field, money, year
from schemas.model import Model


class Record(Model):
    """Status of a record, and the one that it replaces."""

    record_status: str = coded(
        "Estado del registro",
        "Status of the record",
        "Situação do registro",
        codes="record_status",
        recoded=False,
    )
    replaces_key: pl.Int64 = field(
        "Clave del registro al que sustituye",
        "Key of the record that this one replaces",
        "Chave do registro que este substitui",
    )


class InUnits(Record):
    """What is counted."""

    counting_unit: str = coded(
        "Unidad de conteo",
        "Counting unit",
        "Unidade de contagem",
        codes="counting_unit",
        required=True,
        recoded=False,
    )


def _count() -> Any:
    return field(
        "Número de unidades de conteo del registro",
        "Number of counting units in the record",
        "Número de unidades de contagem no registro",
        unit="counting units",
        required=True,
        ge=0,
    )


class Counted(InUnits):
    """How many: 1 in a single record, more in an aggregate that a source publishes."""

    count: pl.Int32 = _count()


class CountedLarge(InUnits):
    """How many, where one record may speak of more than two thousand million."""

    count: pl.Int64 = _count()


def figure_date() -> Any:
    """Declare the date of a published figure."""
    return field(
        "Fecha a la que se refiere la cifra",
        "Date to which the figure refers",
        "Data a que se refere o número",
        required=True,
    )


def population_kind() -> Any:
    """Declare how a figure of a population came about."""
    return coded(
        "Censo, estimación, proyección o registro",
        "Census, estimate, projection or register",
        "Censo, estimativa, projeção ou registro",
        codes="population_kind",
        recoded=False,
    )


def unit_measure() -> Any:
    """Declare the unit of a published value."""
    return coded(
        "Unidad del valor",
        "Unit of the value",
        "Unidade do valor",
        codes="unit_measure",
        required=True,
        recoded=False,
    )


def sample_size() -> Any:
    """Declare how many were observed for a published value."""
    return field(
        "Observaciones de la muestra",
        "Observations in the sample",
        "Observações da amostra",
        unit="observations",
        ge=0,
    )


class Published(Model):
    """Who produced a figure, in which edition."""

    producer: str = field(
        "Institución que produce la cifra",
        "Institution that produces the figure",
        "Instituição que produz o número",
        required=True,
    )
    vintage: str = field(
        "Edición o versión de la cifra",
        "Vintage or edition of the figure",
        "Edição ou versão do número",
        required=True,
    )


class Uncertain(Model):
    """Uncertainty of a figure, as its producer states it."""

    standard_error: pl.Float64 = field(
        "Error estándar, en la unidad del valor",
        "Standard error, in the unit of the value",
        "Erro padrão, na unidade do valor",
        ge=0,
    )
    ci_lower: pl.Float64 = field(
        "Límite inferior del intervalo de confianza",
        "Lower limit of the confidence interval",
        "Limite inferior do intervalo de confiança",
    )
    ci_upper: pl.Float64 = field(
        "Límite superior del intervalo de confianza",
        "Upper limit of the confidence interval",
        "Limite superior do intervalo de confiança",
    )
    confidence_level: pl.Float64 = field(
        "Nivel de confianza del intervalo",
        "Confidence level of the interval",
        "Nível de confiança do intervalo",
        unit="percent",
        in_range={"min_value": 50, "max_value": 100},
    )


class Money(Model):
    """An amount of money."""

    amount: pl.Float64 = money("Importe", "Amount", "Valor")
    currency: str = currency_code("Moneda", "Currency", "Moeda")
    price_year: pl.Int16 = year(
        "Año de los precios, si son constantes",
        "Year of the prices, where they are constant",
        "Ano dos preços, quando constantes",
    )

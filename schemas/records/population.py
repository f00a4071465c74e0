"""Population: persons by area, date, sex and age, as the statistics office publishes them."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import boundary_version, coded, field, first_level, municipality


class Population(pa.DataFrameModel):
    """Grain: one published figure of persons for an area, a date, a sex (``_T`` both) and an age group."""

    record_status: str = coded(
        "Estado del registro", "Status of the record", "Situação do registro", codes="record_status"
    )
    counting_unit: str = coded(
        "Unidad de conteo", "Counting unit", "Unidade de contagem", codes="counting_unit", required=True
    )
    count: pl.Int64 = field(
        "Número de personas",
        "Number of persons",
        "Número de pessoas",
        sql="BIGINT",
        unit="persons",
        required=True,
        ge=0,
    )
    residence_country: str = coded(
        "País de residencia", "Country of residence", "País de residência", codes="country", required=True
    )
    residence_first_level: str = first_level("de residencia", "of residence", "de residência")
    residence_municipality: str = municipality("de residencia", "of residence", "de residência")
    boundary_version: str = boundary_version()
    reference_date: pl.Date = field(
        "Fecha a la que se refiere la cifra",
        "Date to which the figure refers",
        "Data a que se refere o número",
        sql="DATE",
        required=True,
    )
    sex: str = coded(
        "Sexo; _T para ambos", "Sex; _T for both", "Sexo; _T para ambos", codes="sex", required=True
    )
    age_from: pl.Int16 = field(
        "Primera edad del grupo; vacía para todas las edades",
        "First age of the group; empty for all ages",
        "Primeira idade do grupo; vazia para todas as idades",
        sql="SMALLINT",
        unit="years",
        in_range={"min_value": 0, "max_value": 110},
    )
    age_to: pl.Int16 = field(
        "Última edad del grupo de la fuente; vacía en un grupo abierto",
        "Last age of the source's group; empty in an open-ended group",
        "Última idade do grupo da fonte; vazia em um grupo aberto",
        sql="SMALLINT",
        unit="years",
        in_range={"min_value": 0, "max_value": 110},
    )
    vintage: str = field(
        "Añada de la estimación o proyección",
        "Vintage of the estimate or projection",
        "Safra da estimativa ou projeção",
        sql="VARCHAR",
        required=True,
    )
    producer: str = field(
        "Institución que produce la cifra",
        "Institution that produces the figure",
        "Instituição que produz o número",
        sql="VARCHAR",
        required=True,
    )

    class Config:
        """Title and grain in the words of the dictionary."""

        name = "population"
        title = "Population"
        description = "One published figure of persons for an area, a date, a sex and an age group"
        metadata = {
            "date_field": "reference_date",
            "title": {"es": "Población", "pt": "População"},
            "grain": {
                "es": "las personas de un área, una fecha, un sexo y un grupo de edad",
                "pt": "as pessoas de uma área, uma data, um sexo e uma faixa etária",
            },
        }

"""Death: a registered death by underlying cause, or a published aggregate of deaths."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import boundary_version, coded, field, first_level, hmac, municipality, source_code


class Death(pa.DataFrameModel):
    """Grain: one registered death, or one published aggregate of deaths in the range of causes that a source states."""

    record_status: str = coded(
        "Estado del registro", "Status of the record", "Situação do registro", codes="record_status"
    )
    replaces_key: pl.Int64 = field(
        "Clave del registro al que sustituye",
        "Key of the record that this one replaces",
        "Chave do registro que este substitui",
        sql="BIGINT",
    )
    counting_unit: str = coded(
        "Unidad de conteo", "Counting unit", "Unidade de contagem", codes="counting_unit", required=True
    )
    count: pl.Int32 = field(
        "Número de unidades de conteo del registro",
        "Number of counting units in the record",
        "Número de unidades de contagem no registro",
        sql="INTEGER",
        unit="counting units",
        required=True,
        ge=0,
    )
    cause_from: str = field(
        "Causa básica, CIE-10 sin punto; en un agregado, la primera de su intervalo",
        "Underlying cause, ICD-10 without dot; in an aggregate the first of its range",
        "Causa básica, CID-10 sem ponto; em um agregado, a primeira do intervalo",
        sql="VARCHAR",
        required=True,
        str_matches=r"^[A-Z][0-9]{2}[0-9X]?$",
    )
    cause_to: str = field(
        "Última causa del intervalo; igual a la primera en una muerte individual",
        "Last cause of the range; equal to the first in a single death",
        "Última causa do intervalo; igual à primeira em uma morte individual",
        sql="VARCHAR",
        str_matches=r"^[A-Z][0-9]{2}[0-9X]?$",
    )
    cause_from_source_code: str = source_code("cause_from")

    sex: str = coded("Sexo", "Sex", "Sexo", codes="sex")
    sex_source_code: str = source_code("sex")
    age_years: pl.Int16 = field(
        "Edad en años cumplidos",
        "Age in completed years",
        "Idade em anos completos",
        sql="SMALLINT",
        unit="years",
        in_range={"min_value": 0, "max_value": 110},
    )
    age_from: pl.Int16 = field(
        "Primera edad del grupo de la fuente",
        "First age of the source's group",
        "Primeira idade do grupo da fonte",
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
    residence_country: str = coded(
        "País de residencia habitual",
        "Country of usual residence",
        "País de residência habitual",
        codes="country",
    )
    residence_first_level: str = first_level(
        "de residencia habitual", "of usual residence", "de residência habitual"
    )
    residence_municipality: str = municipality(
        "de residencia habitual", "of usual residence", "de residência habitual"
    )
    death_country: str = coded("País de la muerte", "Country of death", "País da morte", codes="country")
    death_first_level: str = first_level("de la muerte", "of death", "da morte")
    death_municipality: str = municipality("de la muerte", "of death", "da morte")
    injury_country: str = coded("País de la lesión", "Country of injury", "País da lesão", codes="country")
    injury_first_level: str = first_level("de la lesión", "of injury", "da lesão")
    injury_municipality: str = municipality("de la lesión", "of injury", "da lesão")
    boundary_version: str = boundary_version()
    occurrence_date: pl.Date = field(
        "Fecha de la muerte; el primer día si solo se conoce el mes o el año",
        "Date of death; the first day where only month or year is known",
        "Data da morte; o primeiro dia quando só se conhece o mês ou o ano",
        sql="DATE",
        required=True,
    )
    occurrence_date_precision: str = coded(
        "Precisión de la fecha de la muerte",
        "Precision of the date of death",
        "Precisão da data da morte",
        codes="date_precision",
    )
    registration_date: pl.Date = field(
        "Fecha del registro de la muerte",
        "Date on which the death was registered",
        "Data do registro da morte",
        sql="DATE",
    )
    place_type: str = coded(
        "Tipo de lugar de la lesión",
        "Type of place of the injury",
        "Tipo de lugar da lesão",
        codes="place_type",
    )
    place_type_source_code: str = source_code("place_type")

    case_ref: pl.Int64 = field(
        "Referencia del expediente, sin significado fuera del almacén",
        "Reference of the case, without meaning outside the warehouse",
        "Referência do processo, sem significado fora do armazém",
        sql="BIGINT",
    )
    case_hmac: pl.Binary = hmac("el certificado", "the certificate number", "a declaração")
    person_hmac: pl.Binary = hmac("la persona", "the person's identifier", "a pessoa")

    class Config:
        """Title and grain in the words of the dictionary."""

        name = "death"
        title = "Death"
        description = "One registered death, or one published aggregate of deaths"
        metadata = {
            "date_field": "occurrence_date",
            "title": {"es": "Defunción", "pt": "Óbito"},
            "grain": {
                "es": "una defunción, o un agregado de defunciones",
                "pt": "um óbito, ou um agregado de óbitos",
            },
        }

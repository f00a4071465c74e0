"""Incident: a recorded event, or an aggregate of events that a source publishes."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import boundary_version, coded, field, first_level, hmac, municipality, source_code


class Incident(pa.DataFrameModel):
    """Grain: one recorded event, or one published aggregate of events (``count`` carries how many)."""

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

    event_class: str = coded(
        "Clase de hecho", "Class of event", "Classe de fato", codes="event_class", required=True
    )
    iccs: str = coded(
        "Delito según la ICCS (el de mayor detalle conocido)",
        "Offence by ICCS, the most detailed class known",
        "Crime segundo a ICCS, a classe mais detalhada conhecida",
        codes="iccs",
    )
    iccs_source_code: str = source_code("iccs")
    completion: str = coded(
        "Consumado o tentativa", "Completed or attempted", "Consumado ou tentativa", codes="completion"
    )
    mechanism: str = coded("Mecanismo o arma", "Mechanism or weapon", "Mecanismo ou arma", codes="mechanism")
    mechanism_source_code: str = source_code("mechanism")
    place_type: str = coded("Tipo de lugar", "Type of place", "Tipo de lugar", codes="place_type")
    place_type_source_code: str = source_code("place_type")
    context: str = coded(
        "Contexto situacional", "Situational context", "Contexto situacional", codes="context"
    )
    context_source_code: str = source_code("context")
    urbanisation: str = coded("Urbano o rural", "Urban or rural", "Urbano ou rural", codes="urbanisation")
    urbanisation_source_code: str = source_code("urbanisation")
    occurrence_country: str = coded("País del hecho", "Country of the event", "País do fato", codes="country")
    occurrence_first_level: str = first_level("del hecho", "of the event", "do fato")
    occurrence_municipality: str = municipality("del hecho", "of the event", "do fato")
    boundary_version: str = boundary_version()
    occurrence_date: pl.Date = field(
        "Fecha del hecho; el primer día si solo se conoce el mes o el año",
        "Date of the event; the first day where only month or year is known",
        "Data do fato; o primeiro dia quando só se conhece o mês ou o ano",
        sql="DATE",
        required=True,
    )
    occurrence_date_precision: str = coded(
        "Precisión de la fecha del hecho",
        "Precision of the date of the event",
        "Precisão da data do fato",
        codes="date_precision",
    )
    occurrence_hour: pl.UInt8 = field(
        "Hora del hecho", "Hour of the event", "Hora do fato", sql="UTINYINT", unit="hour of day", le=23
    )
    report_date: pl.Date = field(
        "Fecha de la denuncia o del registro del hecho",
        "Date on which the event was reported or recorded",
        "Data da denúncia ou do registro do fato",
        sql="DATE",
    )
    n_victims: pl.Int32 = field(
        "Número de víctimas del hecho",
        "Number of victims of the event",
        "Número de vítimas do fato",
        sql="INTEGER",
        unit="victims",
        ge=0,
    )

    case_ref: pl.Int64 = field(
        "Referencia del expediente, sin significado fuera del almacén",
        "Reference of the case, without meaning outside the warehouse",
        "Referência do processo, sem significado fora do armazém",
        sql="BIGINT",
    )
    incident_ref: pl.Int64 = field(
        "Referencia del hecho, sin significado fuera del almacén",
        "Reference of the incident, without meaning outside the warehouse",
        "Referência do fato, sem significado fora do armazém",
        sql="BIGINT",
    )
    case_hmac: pl.Binary = hmac("el expediente", "the case number", "o processo")
    incident_hmac: pl.Binary = hmac("el hecho", "the incident number", "o fato")

    longitude: pl.Float64 = field(
        "Longitud, WGS 84",
        "Longitude, WGS 84",
        "Longitude, WGS 84",
        sql="DOUBLE",
        unit="degrees",
        tier="restricted",
        in_range={"min_value": -180, "max_value": 180},
    )
    latitude: pl.Float64 = field(
        "Latitud, WGS 84",
        "Latitude, WGS 84",
        "Latitude, WGS 84",
        sql="DOUBLE",
        unit="degrees",
        tier="restricted",
        in_range={"min_value": -90, "max_value": 90},
    )

    class Config:
        """Title and grain in the words of the dictionary."""

        name = "incident"
        title = "Incident"
        description = "One recorded event, or one published aggregate of events"
        metadata = {
            "date_field": "occurrence_date",
            "title": {"es": "Hecho", "pt": "Fato"},
            "grain": {
                "es": "un hecho registrado, o un agregado de hechos ya publicado",
                "pt": "um fato registrado, ou um agregado de fatos já publicado",
            },
        }

"""Person in a role: a victim, suspect or offender of an incident or case."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import boundary_version, coded, field, first_level, hmac, municipality, source_code


class PersonRole(pa.DataFrameModel):
    """Grain: one person in one role in one event, or one published aggregate of such persons.

    In a victims-level source without an event key the row carries its event's class, offence, mechanism, place
    type and context itself; no incident is invented.
    """

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
    role: str = coded(
        "Papel de la persona", "Role of the person", "Papel da pessoa", codes="role", required=True
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
    relationship: str = coded(
        "Relación de la víctima con el autor",
        "Relationship of the victim to the offender",
        "Relação da vítima com o autor",
        codes="relationship",
    )
    relationship_source_code: str = source_code("relationship")

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
    person_hmac: pl.Binary = hmac("la persona", "the person's identifier", "a pessoa")

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

        name = "person_role"
        title = "Person in a role"
        description = "One person in one role in one event, or one published aggregate of such persons"
        metadata = {
            "date_field": "occurrence_date",
            "title": {"es": "Persona en un hecho o caso", "pt": "Pessoa em um fato ou caso"},
            "grain": {
                "es": "una persona en un papel (víctima, sospechosa, autora) de un hecho o caso, o un agregado",
                "pt": "uma pessoa em um papel (vítima, suspeita, autora) de um fato ou caso, ou um agregado",
            },
        }

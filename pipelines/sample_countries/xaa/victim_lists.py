"""The plan of the sample country's police files: what the police write, how often, which code it means, the faults.

The declared source (``sources/xaa_police_victims``) is a second, independent statement of the same; a test holds
the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.sample_countries.faults import STRAY, Fault

Group = Literal["killing", "femicide", "sexual", "robbery", "other"]


@dataclass(frozen=True)
class Offence:
    """An offence as the police write it, how often (in 200 rows), and its ICCS class."""

    label: str
    attempt: Literal["SI", "NO"]
    weight: int
    group: Group
    iccs: str


OFFENCES: tuple[Offence, ...] = (
    Offence("HOMICIDIO DOLOSO", "NO", 4, "killing", "0101"),
    Offence("FEMINICIDIO", "NO", 1, "femicide", "0101"),
    Offence("HOMICIDIO DOLOSO", "SI", 3, "killing", "0102"),
    Offence("FEMINICIDIO", "SI", 1, "femicide", "0102"),
    Offence("HOMICIDIO CULPOSO", "NO", 6, "other", "01032"),
    Offence("LESIONES DOLOSAS", "NO", 36, "other", "02011"),
    Offence("AMENAZAS", "NO", 24, "other", "02012"),
    Offence("VIOLENCIA FAMILIAR", "NO", 24, "other", "0201"),
    Offence("SECUESTRO", "NO", 1, "other", "020221"),
    Offence("EXTORSIÓN", "NO", 5, "other", "02051"),
    Offence("EXTORSIÓN", "SI", 3, "other", "02051"),
    Offence("VIOLACIÓN", "NO", 4, "sexual", "03011"),
    Offence("VIOLACIÓN", "SI", 1, "sexual", "03011"),
    Offence("ABUSO SEXUAL", "NO", 7, "sexual", "03012"),
    Offence("ROBO A TRANSEÚNTE", "NO", 28, "robbery", "040111"),
    Offence("ROBO A TRANSEÚNTE", "SI", 2, "robbery", "040111"),
    Offence("ROBO DE VEHÍCULO CON VIOLENCIA", "NO", 8, "robbery", "040121"),
    Offence("HURTO", "NO", 26, "other", "0502"),
    Offence("HURTO DE VEHÍCULO", "NO", 10, "other", "050211"),
    Offence("DAÑO EN BIENES", "NO", 4, "other", "0504"),
    Offence("OTROS DELITOS", "NO", 2, "other", "unmapped"),
)
INTENTIONAL_HOMICIDE = tuple(n for n, offence in enumerate(OFFENCES) if offence.iccs == "0101")

SEXES = {"Hombre": "M", "Mujer": "F", "No identificado": "_U", "": "_U"}
MECHANISMS = {
    "ARMA DE FUEGO": "firearm",
    "ARMA BLANCA": "sharp",
    "OBJETO CONTUNDENTE": "blunt",
    "ASFIXIA": "strangulation",
    "FUERZA FÍSICA": "bodily_force",
    "OTRO": "other",
    "SIN DATO": "_U",
}
RELATIONSHIPS = {
    "PAREJA": "partner",
    "EXPAREJA": "former_partner",
    "OTRO FAMILIAR": "family",
    "CONOCIDO": "known",
    "DESCONOCIDO": "stranger",
    "SE IGNORA": "_U",
}
CONTEXTS = {
    "RIÑA": "other_interpersonal",
    "INTRAFAMILIAR": "partner_or_family",
    "PANDILLAS": "gang",
    "ROBO": "other_crime",
    "OTRO": "other",
    "SE DESCONOCE": "_U",
}
ZONES = {"URBANA": "urban", "RURAL": "rural", "NO ESPECIFICADA": "_U"}
PLACES = ("VÍA PÚBLICA", "VIVIENDA", "COMERCIO", "TRANSPORTE", "ESCUELA", "OTRO", "SIN DATO")

#: How often (in so many draws) each context, zone and place comes.
CONTEXT_WEIGHTS = (3, 4, 3, 4, 2, 4)
ZONE_WEIGHTS = (6, 3, 1)
PLACE_WEIGHTS = (7, 6, 2, 2, 1, 1, 1)

#: Sex in 100 rows, mechanism in 20 rows and relationship in 20 rows, as positions in the lists above, by group.
SEX_WEIGHTS: dict[Group, tuple[int, ...]] = {
    "killing": (86, 10, 3, 1),
    "femicide": (0, 100, 0, 0),
    "sexual": (14, 82, 3, 1),
    "robbery": (58, 38, 3, 1),
    "other": (49, 47, 3, 1),
}
MECHANISM_WEIGHTS: dict[Group, tuple[int, ...]] = {
    "killing": (12, 4, 1, 1, 0, 1, 1),
    "femicide": (5, 6, 2, 5, 0, 1, 1),
    "sexual": (1, 3, 0, 1, 12, 1, 2),
    "robbery": (7, 5, 1, 0, 5, 0, 2),
    "other": (2, 3, 4, 0, 7, 1, 3),
}
RELATIONSHIP_WEIGHTS: dict[Group, tuple[int, ...]] = {
    "killing": (0, 0, 1, 5, 8, 6),
    "femicide": (8, 6, 2, 2, 0, 2),
    "sexual": (2, 2, 5, 6, 3, 2),
    "robbery": (0, 0, 0, 1, 16, 3),
    "other": (3, 2, 2, 5, 4, 4),
}
#: Youngest age, and divisor of a draw's square, by group: killings hit the young, assaults every age.
AGES: dict[Group, tuple[int, int]] = {
    "killing": (14, 15_000),
    "femicide": (12, 16_000),
    "sexual": (5, 20_000),
    "robbery": (14, 16_000),
    "other": (0, 11_000),
}

#: The first-level area follows from the municipality, and is in no list when that is malformed.
FIRST_LEVEL_UNKNOWN = "occurrence_first_level.unknown_code"

FAULTS: tuple[Fault, ...] = (
    Fault(
        "date_impossible",
        {"FECHA_HECHO": "'31/02/' || substr(FECHA_HECHO, 7)"},
        ("occurrence_date.unreadable",),
    ),
    Fault("date_text", {"FECHA_HECHO": "'SIN FECHA'"}, ("occurrence_date.unreadable",)),
    Fault("date_other_form", {"FECHA_HECHO": "'2021-03-04'"}, ("occurrence_date.unreadable",)),
    Fault("date_missing", {"FECHA_HECHO": "NULL"}, ("occurrence_date.missing",)),
    Fault(
        "date_future",
        {"FECHA_HECHO": "'15/06/2031'", "FECHA_DENUNCIA": "'15/06/2021'"},
        ("date.outside_period", "report_date.before_occurrence"),
    ),
    Fault("date_before_period", {"FECHA_HECHO": "'31/12/2019'"}, ("date.outside_period",)),
    Fault("report_before", {"FECHA_DENUNCIA": "'01/01/2019'"}, ("report_date.before_occurrence",)),
    Fault("report_unreadable", {"FECHA_DENUNCIA": "'00/00/0000'"}, ("report_date.unreadable",)),
    Fault("hour_range", {"HORA_HECHO": "'25:10'"}, ("occurrence_hour.range",)),
    Fault("hour_text", {"HORA_HECHO": "'NOCHE'"}, ("occurrence_hour.unreadable",)),
    Fault("area_zero_lost", {"CVE_MUN": "'1001'"}, (FIRST_LEVEL_UNKNOWN, "occurrence_municipality.form")),
    Fault(
        "area_unknown_first_level",
        {"CVE_MUN": "'07001'"},
        (FIRST_LEVEL_UNKNOWN, "occurrence_municipality.form"),
    ),
    Fault(
        "area_text",
        {"CVE_MUN": "'N/D'"},
        ("occurrence_first_level.form", FIRST_LEVEL_UNKNOWN, "occurrence_municipality.form"),
    ),
    Fault("offence_unknown", {"DELITO": "'HOMICIDIO DOLOZO'"}, ("iccs.unknown_code",)),
    Fault("attempt_unknown", {"TENTATIVA": "'TAL VEZ'"}, ("completion.unknown_code", "iccs.unknown_code")),
    Fault("sex_unknown", {"SEXO": "'X'"}, ("sex.unknown_code",)),
    Fault("mechanism_unknown", {"MEDIO": "'VENENO'"}, ("mechanism.unknown_code",)),
    Fault("place_unknown", {"LUGAR": "'LUNA'"}, ("place_type.unknown_code",)),
    Fault("context_unknown", {"CONTEXTO": "'APUESTA'"}, ("context.unknown_code",)),
    Fault("zone_unknown", {"ZONA": "'MIXTA'"}, ("urbanisation.unknown_code",)),
    Fault("relationship_unknown", {"RELACION": "'SUEGRA'"}, ("relationship.unknown_code",)),
    Fault("age_text", {"EDAD": "'N/D'"}, ("age_years.unreadable",)),
    Fault("age_high", {"EDAD": "'111'"}, ("age_years.range",)),
    Fault("age_999", {"EDAD": "'999'"}, ("age_years.range",)),
    Fault("age_negative", {"EDAD": "'-1'"}, ("age_years.range",)),
    Fault("longitude_range", {"LON": "'-181.5'"}, ("longitude.range",)),
    Fault("longitude_text", {"LON": "'x'"}, ("longitude.unreadable",)),
    Fault("latitude_range", {"LAT": "'91.5'"}, ("latitude.range",)),
    Fault("coordinates_swapped", {"LON": "'12.4'", "LAT": "'-97.25'"}, ("latitude.range",)),
    Fault("key_missing", {"FOLIO": "NULL"}, ("key.missing",)),
    Fault("key_repeated", {}, ("key.repeated",), repeats="key"),
    Fault("row_repeated", {}, (), repeats="same"),
    Fault(
        "several_at_once",
        {"DELITO": "'OTRO'", "EDAD": "'200'", "MEDIO": "'RAYO'"},
        ("age_years.range", "iccs.unknown_code", "mechanism.unknown_code"),
    ),
    Fault("coordinates_zero", {"LON": "'0'", "LAT": "'0'"}),
    Fault("stray_delimiter", {"NACIONALIDAD": f"'XAA' || {STRAY} || 'XAA'"}, unreadable=True),
)

#: Faults that the provider has repaired in the corrected edition.
REPAIRED = ("date_text", "sex_unknown")

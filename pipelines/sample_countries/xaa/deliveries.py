"""What XAA delivers beside its core: commas and semicolons, Latin-1 and UTF-8, as each institution has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.sample_countries import subjects
from pipelines.sample_countries.delivery import Delivery
from pipelines.sample_countries.domains import evidence, places, police, programmes, social, surveys
from pipelines.sample_countries.domains.sampling import Design, strata_of
from pipelines.sample_countries.records import Value
from pipelines.sample_countries.subjects import File, Subject
from pipelines.sample_countries.writing.form import Form
from pipelines.sample_countries.xaa.interventions import PROGRAMMES
from pipelines.sample_countries.xaa.land import XAA

FIRST, LAST = 2021, 2023
YEARS = range(FIRST, LAST + 1)
EDITION, SURVEYED = date(2024, 3, 15), date(2024, 9, 30)
OFFICE = "Instituto de Estadística del País de muestra"

LATIN = Form("csv", encoding="latin-1", line_break="\r\n")
PLAIN = Form("csv")
SEMICOLON = Form("csv", delimiter=";")

DESIGN = Design(
    code="ENVI",
    edition="2023",
    year=2023,
    strata=strata_of(XAA, urban_only=False, base_share=70),
    clusters=12,
    of_cluster=8,
    prevalence={"victim_robbery": 90, "victim_theft": 130, "victim_fraud": 60},
    spread=300,
    base_age=(18, 97),
    sexes={"M": 48, "F": 52},
)

_CASE = {"EXPEDIENTE": "'E' || case_number"}
_ORDER = {"ORDEN": "'O' || order_number"}
_PHONE = {"TELEFONO": "'55' || lpad((number * 7919 % 100000000)::VARCHAR, 8, '0')"}
_CLOTHES = {"SEÑAS": "'Vestía prendas de color ' || (number % 9)"}

FILES: dict[str, File] = {
    "area_groups": File("grupos", PLAIN),
    "population_un": File("poblacion_onu", PLAIN),
    "households": File("hogares", SEMICOLON),
    "vehicles": File("vehiculos", LATIN),
    "facilities": File("establecimientos", LATIN),
    "staff": File("personal", PLAIN),
    "budgets": File("presupuesto", SEMICOLON),
    "victim_services": File("asistencias", LATIN, "FOLIO", "'A' || lpad(number::VARCHAR, 7, '0')", _PHONE),
    "driver_tests": File("alcoholemia", PLAIN),
    "emergency_calls": File("llamadas", SEMICOLON, "LLAMADA", "'L-' || number"),
    "police_suspects": File("detenidos", LATIN, "BOLETA", "'B' || lpad(number::VARCHAR, 7, '0')"),
    "missing_persons": File("desaparecidos", LATIN, "REPORTE", "'R-' || number", _CLOTHES),
    "prosecution_cases": File("actuaciones", LATIN, "ACTUACION", "'C' || number", _CASE),
    "court_cases": File("causas", SEMICOLON, "CAUSA", "'J' || number", _CASE),
    "protection_measures": File("medidas", LATIN, "MEDIDA", "'M' || number", _ORDER),
    "prison_population": File("internos", PLAIN),
    "prison_movements": File("movimientos", SEMICOLON, "MOVIMIENTO", "'MV' || number"),
    "injuries": File("lesiones", LATIN, "ATENCION", "'U' || number"),
    "births": File("nacimientos", SEMICOLON, "ACTA", "'N' || lpad(number::VARCHAR, 8, '0')"),
    "survey": File("envi_2023", PLAIN),
    "survey_households": File("envi_2023_viviendas", PLAIN),
    "survey_persons": File("envi_2023_personas", PLAIN),
    "survey_incidents": File("envi_2023_delitos", PLAIN),
    "programmes": File("programas", PLAIN),
    "programme_areas": File("programas_areas", PLAIN),
    "programme_budgets": File("programas_presupuesto", PLAIN),
    "programme_activities": File("programas_actividades", PLAIN),
    "evaluations": File("evaluaciones", PLAIN),
    "practices": File("practicas", PLAIN),
    "targets": File("metas", PLAIN),
    "social_measures": File("medidas_sociales", LATIN),
    "estimated_deaths": File("muertes_estimadas", PLAIN),
    "published_rates": File("tasas_publicadas", PLAIN),
}

_COAST: tuple[dict[str, Value], ...] = tuple(
    {
        "group_code": "G-XAACOSTA",
        "name_es": "Municipios de la costa",
        "name_en": "Municipalities of the coast",
        "name_pt": "Municípios da costa",
        "member": f"XAA-{code}",
        "boundary_version": "XAA-2020",
        "valid_from": date(2021, 1, 1),
        "valid_to": date(2022, 12, 31) if code == "02004" else None,
    }
    for code in ("02001", "02002", "02003", "02004")
)


def deliveries() -> Sequence[Delivery]:
    """All deliveries, in the order in which they can refer to each other."""
    told = {
        "area_groups": Subject(places.area_groups(_COAST)),
        "population_un": Subject(places.population_of_the_un(XAA, range(2020, 2025))),
        **subjects.everywhere(XAA, FIRST, LAST, OFFICE),
        "emergency_calls": Subject(police.calls(XAA, FIRST, LAST), 1500, (FIRST, LAST)),
        "police_suspects": Subject(police.persons(XAA, FIRST, LAST, "suspect"), 900, (FIRST, LAST)),
        **_survey(),
        **_programmes(),
        "estimated_deaths": Subject(social.estimated_deaths(XAA, YEARS, OFFICE, "2024")),
        "published_rates": Subject(social.published(XAA, YEARS, "Observatorio del País de muestra", "2024")),
    }
    return subjects.deliveries(XAA, EDITION, told, FILES)


def _survey() -> dict[str, Subject]:
    domains = ("national", "subnational", "urbanisation", "sex", "age")
    told: dict[str, Value] = {
        "survey_coverage": "national",
        "base_sex": "_T",
        "respondent_rule": "random_adult",
        "survey_mode": "face_to_face",
        "dedicated_to_violence": "no",
        **{f"representative_{domain}": "yes" for domain in domains},
        "representative_municipal": "no",
    }
    edition = surveys.editions([(DESIGN, "Encuesta de victimización", OFFICE, told)])
    sampled = {
        "survey_households": surveys.households(DESIGN),
        "survey_persons": surveys.persons(DESIGN),
        "survey_incidents": surveys.incidents(DESIGN, XAA.currency),
    }
    return {
        "survey": Subject(edition, edition=SURVEYED),
        **{
            name: Subject(records, DESIGN.sample, edition=SURVEYED, series=DESIGN.series, grows=False)
            for name, records in sampled.items()
        },
    }


def _programmes() -> dict[str, Subject]:
    registry = "Registro de buenas prácticas del País de muestra"
    records = {
        "programmes": programmes.programmes(PROGRAMMES),
        "programme_areas": programmes.areas(PROGRAMMES, XAA),
        "programme_budgets": programmes.budgets(PROGRAMMES, XAA, YEARS),
        "programme_activities": programmes.activities(PROGRAMMES, XAA, YEARS),
        "evaluations": evidence.evaluations(PROGRAMMES, XAA),
        "practices": evidence.practices(PROGRAMMES, registry),
        "targets": evidence.targets(PROGRAMMES, "Plan de prevención 2022-2026"),
    }
    return {name: Subject(told) for name, told in records.items()}

"""The deliveries of XAA beside its core: semicolons and commas, Latin-1 and UTF-8, as each institution has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.sample_countries.delivery import Delivery
from pipelines.sample_countries.domains import (
    evidence,
    health,
    justice,
    places,
    police,
    prisons,
    programmes,
    resources,
    social,
    surveys,
)
from pipelines.sample_countries.domains.sampling import Design, strata_of
from pipelines.sample_countries.records import Value
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

_GROUPS: tuple[dict[str, Value], ...] = tuple(
    {
        "group_code": "G-XAACOSTA",
        "name_es": "Municipios de la costa",
        "name_en": "Municipalities of the coast",
        "name_pt": "Municípios da costa",
        "member": f"XAA-{code}",
        "boundary_version": "XAA-2020",
        "valid_from": date(2021, 1, 1),
        "valid_to": None if code != "02004" else date(2022, 12, 31),
    }
    for code in ("02001", "02002", "02003", "02004")
)


def _period(first: int = FIRST, last: int = LAST) -> tuple[date, date]:
    return date(first, 1, 1), date(last, 12, 31)


def _file(stem: str, *, years: bool = True) -> str:
    """Name of a file: what it is about, the years, and the date of the edition."""
    return f"{stem}{f'_{FIRST}-{LAST}' if years else ''}__ed{EDITION.isoformat()}.csv"


def _about(stem: str, *, years: bool = True) -> tuple[str, date]:
    return _file(stem, years=years), EDITION


def deliveries() -> Sequence[Delivery]:
    """All deliveries, in the order in which they can refer to each other."""
    return (
        *_people(),
        *_means(),
        *_police(),
        *_justice(),
        *_health(),
        *_surveys(),
        *_programmes(),
        *_figures(),
    )


def _people() -> Sequence[Delivery]:
    return (
        Delivery("xaa_area_groups", *_about("grupos", years=False), places.area_groups(_GROUPS), PLAIN),
        Delivery(
            "xaa_population_un",
            *_about("poblacion_onu", years=False),
            places.population_of_the_un(XAA, range(2020, 2025)),
            PLAIN,
        ),
        Delivery(
            "xaa_households", *_about("hogares"), places.households(XAA, YEARS, "XAA-2024", OFFICE), SEMICOLON
        ),
        Delivery(
            "xaa_vehicles", *_about("vehiculos"), places.vehicles(XAA, YEARS, "XAA-2024", OFFICE), LATIN
        ),
    )


def _means() -> Sequence[Delivery]:
    return (
        Delivery("xaa_facilities", *_about("establecimientos"), resources.facilities(XAA, YEARS), LATIN),
        Delivery("xaa_staff", *_about("personal"), resources.staff(XAA, YEARS), PLAIN),
        Delivery("xaa_budgets", *_about("presupuesto"), resources.budgets(XAA, YEARS), SEMICOLON),
        Delivery(
            "xaa_victim_services",
            *_about("asistencias"),
            resources.services(XAA, FIRST, LAST),
            LATIN,
            rows=900,
            period=_period(),
            key="FOLIO",
            number="'A' || lpad(number::VARCHAR, 7, '0')",
            extra={"TELEFONO": "'55' || lpad((number * 7919 % 100000000)::VARCHAR, 8, '0')"},
        ),
    )


def _police() -> Sequence[Delivery]:
    return (
        Delivery(
            "xaa_driver_tests",
            *_about("alcoholemia"),
            police.driver_tests(XAA, FIRST, LAST),
            PLAIN,
            rows=700,
            period=_period(),
        ),
        Delivery(
            "xaa_emergency_calls",
            *_about("llamadas"),
            police.calls(XAA, FIRST, LAST),
            SEMICOLON,
            rows=1500,
            period=_period(),
            key="LLAMADA",
            number="'L-' || number",
        ),
        Delivery(
            "xaa_police_suspects",
            *_about("detenidos"),
            police.persons(XAA, FIRST, LAST, "suspect"),
            LATIN,
            rows=900,
            period=_period(),
            key="BOLETA",
            number="'B' || lpad(number::VARCHAR, 7, '0')",
        ),
        Delivery(
            "xaa_missing_persons",
            *_about("desaparecidos"),
            police.missing(XAA, FIRST, LAST),
            LATIN,
            rows=600,
            period=_period(),
            key="REPORTE",
            number="'R-' || number",
            extra={"SEÑAS": "'Vestía prendas de color ' || (number % 9)"},
        ),
    )


#: The number of the case, which identifies it.
_CASE = {"EXPEDIENTE": "'E' || case_number"}


def _justice() -> Sequence[Delivery]:
    return (
        Delivery(
            "xaa_prosecution_cases",
            *_about("actuaciones"),
            justice.prosecution(XAA, FIRST, LAST),
            LATIN,
            rows=800,
            period=_period(),
            key="ACTUACION",
            number="'C' || number",
            extra=_CASE,
        ),
        Delivery(
            "xaa_court_cases",
            *_about("causas"),
            justice.courts(XAA, FIRST, LAST),
            SEMICOLON,
            rows=1000,
            period=_period(),
            key="CAUSA",
            number="'J' || number",
            extra=_CASE,
        ),
        Delivery(
            "xaa_protection_measures",
            *_about("medidas"),
            justice.protection(XAA, FIRST, LAST),
            LATIN,
            rows=800,
            period=_period(),
            key="MEDIDA",
            number="'M' || number",
            extra={"ORDEN": "'O' || order_number"},
        ),
        Delivery(
            "xaa_prison_population",
            *_about("internos"),
            prisons.held(XAA, YEARS),
            PLAIN,
            rows=500,
            period=_period(),
        ),
        Delivery(
            "xaa_prison_movements",
            *_about("movimientos"),
            prisons.movements(XAA, FIRST, LAST),
            SEMICOLON,
            rows=700,
            period=_period(),
            key="MOVIMIENTO",
            number="'MV' || number",
        ),
    )


def _health() -> Sequence[Delivery]:
    return (
        Delivery(
            "xaa_injuries",
            *_about("lesiones"),
            health.injuries(XAA, FIRST, LAST),
            LATIN,
            rows=1200,
            period=_period(),
            key="ATENCION",
            number="'U' || number",
        ),
        Delivery(
            "xaa_births",
            *_about("nacimientos"),
            health.births(XAA, FIRST, LAST),
            SEMICOLON,
            rows=1200,
            period=_period(),
            key="ACTA",
            number="'N' || lpad(number::VARCHAR, 8, '0')",
        ),
    )


def _surveys() -> Sequence[Delivery]:
    told: dict[str, Value] = {
        "survey_coverage": "national",
        "base_sex": "_T",
        "respondent_rule": "random_adult",
        "survey_mode": "face_to_face",
        "dedicated_to_violence": "no",
        **{
            f"representative_{domain}": "yes"
            for domain in ("national", "subnational", "urbanisation", "sex", "age")
        },
        "representative_municipal": "no",
    }
    return (
        Delivery(
            "xaa_survey",
            "envi_2023__ed2024-09-30.csv",
            SURVEYED,
            surveys.survey(DESIGN, "Encuesta de victimización", OFFICE, told),
            PLAIN,
        ),
        *(
            Delivery(
                f"xaa_survey_{name}",
                f"envi_2023_{stem}__ed2024-09-30.csv",
                SURVEYED,
                records,
                PLAIN,
                rows=DESIGN.sample,
                series=DESIGN.series,
                grows=False,
            )
            for name, stem, records in (
                ("households", "viviendas", surveys.households(DESIGN)),
                ("persons", "personas", surveys.persons(DESIGN)),
                ("incidents", "delitos", surveys.incidents(DESIGN, XAA.currency)),
            )
        ),
    )


def _programmes() -> Sequence[Delivery]:
    about = {
        "programmes": ("programas", programmes.programmes(PROGRAMMES)),
        "programme_areas": ("programas_areas", programmes.areas(PROGRAMMES, XAA)),
        "programme_budgets": ("programas_presupuesto", programmes.budgets(PROGRAMMES, XAA, YEARS)),
        "programme_activities": ("programas_actividades", programmes.activities(PROGRAMMES, XAA, YEARS)),
        "evaluations": ("evaluaciones", evidence.evaluations(PROGRAMMES, XAA)),
        "practices": (
            "practicas",
            evidence.practices(PROGRAMMES, "Registro de buenas prácticas del País de muestra"),
        ),
        "targets": ("metas", evidence.targets(PROGRAMMES, "Plan de prevención 2022-2026")),
    }
    return tuple(
        Delivery(f"xaa_{name}", *_about(stem, years=False), records, PLAIN)
        for name, (stem, records) in about.items()
    )


def _figures() -> Sequence[Delivery]:
    return (
        Delivery(
            "xaa_social_measures",
            *_about("medidas_sociales"),
            social.measures(XAA, YEARS, OFFICE, "2024"),
            LATIN,
        ),
        Delivery(
            "xaa_estimated_deaths",
            *_about("muertes_estimadas"),
            social.estimated_deaths(XAA, YEARS, OFFICE, "2024"),
            PLAIN,
        ),
        Delivery(
            "xaa_published_rates",
            *_about("tasas_publicadas"),
            social.published(XAA, YEARS, "Observatorio del País de muestra", "2024"),
            PLAIN,
        ),
    )

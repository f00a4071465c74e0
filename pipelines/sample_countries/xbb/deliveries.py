"""What XBB delivers: spreadsheets with title rows and a note, some as Office Open XML and some as OpenDocument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipelines.sample_countries import subjects
from pipelines.sample_countries.delivery import Delivery
from pipelines.sample_countries.domains import health, places, police, surveys
from pipelines.sample_countries.domains.sampling import Design, strata_of
from pipelines.sample_countries.drawing import below
from pipelines.sample_countries.records import Records, Value
from pipelines.sample_countries.subjects import File, Subject
from pipelines.sample_countries.writing.form import Form
from pipelines.sample_countries.xbb import land
from pipelines.sample_countries.xbb.land import XBB

FIRST, LAST = 2021, 2023
EDITION, SURVEYED = date(2024, 2, 29), date(2024, 10, 31)
OFFICE = "Instituto de Estatística do País de amostra B"
#: Years of death, and the editions in which each comes: so many months and days after the year has ended.
DEATHS, REVISED = range(2019, 2024), ((1, 2, 28), (1, 8, 31), (2, 6, 30))

XLSX = Form("xlsx", titles=("PAÍS DE AMOSTRA B", "Dados inventados"), notes=("Fonte: instituição inventada",))
ODS = Form("ods", titles=("PAÍS DE AMOSTRA B",), notes=("Fonte: instituição inventada",))

DESIGN = Design(
    code="PNV",
    edition="2023",
    year=2023,
    strata=strata_of(XBB, urban_only=True, base_share=75),
    clusters=16,
    of_cluster=10,
    prevalence={"victim_robbery": 110, "victim_theft": 150, "victim_fraud": 80},
    spread=250,
    base_age=(15, 97),
    sexes={"M": 47, "F": 53},
)

_CASE = {"Processo": "'P' || case_number"}
_ORDER = {"Processo": "'P' || order_number"}

FILES: dict[str, File] = {
    "areas": File("areas", XLSX),
    "area_changes": File("mudancas", ODS),
    "area_groups": File("regioes", ODS),
    "population": File("populacao", XLSX),
    "households": File("domicilios", ODS),
    "vehicles": File("frota", XLSX),
    "facilities": File("estabelecimentos", ODS),
    "staff": File("pessoal", XLSX),
    "budgets": File("orcamento", ODS),
    "victim_services": File("atendimentos", XLSX, "Nº atendimento", "'A' || number"),
    "driver_tests": File("lei_seca", ODS),
    "police_cases": File("ocorrencias", XLSX, "Boletim", "'BO-' || lpad(number::VARCHAR, 7, '0')"),
    "missing_persons": File("desaparecidos", ODS, "Registro", "'D' || number"),
    "prosecution_cases": File("inqueritos", XLSX, "Nº ato", "'I' || number", _CASE),
    "court_cases": File("processos", ODS, "Nº ato", "'J' || number", _CASE),
    "protection_measures": File("medidas_protetivas", XLSX, "Nº medida", "'M' || number", _ORDER),
    "prison_population": File("presos", ODS),
    "prison_movements": File("movimentacao", XLSX, "Nº movimento", "'MV' || number"),
    "deaths": File("obitos", XLSX, "Declaração", "'DO' || lpad(number::VARCHAR, 8, '0')"),
    "injuries": File("lesoes", ODS, "Nº ficha", "'F' || number"),
    "births": File("nascimentos", XLSX, "Declaração", "'DN' || lpad(number::VARCHAR, 8, '0')"),
    "survey": File("pnv_2023", ODS),
    "survey_households": File("pnv_2023_domicilios", XLSX),
    "survey_persons": File("pnv_2023_pessoas", XLSX),
    "survey_incidents": File("pnv_2023_crimes", ODS),
    "social_measures": File("indicadores_sociais", XLSX),
}

_METROPOLIS: tuple[dict[str, Value], ...] = tuple(
    {
        "group_code": "G-XBBSERRA",
        "name_es": "Región metropolitana de la Sierra",
        "name_en": "Metropolitan region of the Serra",
        "name_pt": "Região metropolitana da Serra",
        "member": f"XBB-{code}",
        "boundary_version": land.AFTER,
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
    }
    for code in ("01001", "01002", "01003")
)


def deliveries() -> Sequence[Delivery]:
    """All deliveries, in the order in which they can refer to each other."""
    told = {
        "areas": Subject(places.areas(land.areas())),
        "area_changes": Subject(places.area_changes(land.changes())),
        "area_groups": Subject(places.area_groups(_METROPOLIS)),
        "population": Subject(places.population(XBB, range(2019, 2025), "XBB-2024", OFFICE)),
        **subjects.everywhere(XBB, FIRST, LAST, OFFICE),
        "police_cases": Subject(_cases(), 1800, (FIRST, LAST)),
        **_survey(),
    }
    return [*subjects.deliveries(XBB, EDITION, told, FILES), *_deaths()]


def _cases() -> Records:
    """Cases of the police, at the municipality and district of their day."""
    events = police.events(XBB, FIRST, LAST)
    cases = " ".join(
        f"WHEN 'XBB-{code}' THEN occurrence_municipality || lpad((1 + {below('district', n)})::VARCHAR, 3, '0')"
        for code, n in land.DISTRICTS.items()
    )
    of_the_day = {
        **land.as_it_was("occurrence", "occurrence_date"),
        "occurrence_declared_area": f"CASE occurrence_municipality {cases} END",
    }
    return replace(events, layers=(*events.layers, of_the_day))


def _deaths() -> list[Delivery]:
    """The deaths of each year in three editions, with those that were registered by then."""
    found = []
    for year in DEATHS:
        subject = Subject(health.deaths(XBB, year), 900, (year, year), known_by="registration_date")
        dates = [date(year + years, month, day) for years, month, day in REVISED]
        found += subjects.editions(XBB, "deaths", subject, FILES["deaths"], dates)
    return found


def _survey() -> dict[str, Subject]:
    told: dict[str, Value] = {
        "survey_coverage": "urban",
        "base_sex": "_T",
        "respondent_rule": "random_adult",
        "survey_mode": "telephone",
        "dedicated_to_violence": "no",
        **{f"representative_{domain}": "yes" for domain in ("national", "subnational", "sex", "age")},
        **{f"representative_{domain}": "no" for domain in ("urbanisation", "municipal")},
    }
    sampled = {
        "survey_households": surveys.households(DESIGN),
        "survey_persons": surveys.persons(DESIGN),
        "survey_incidents": surveys.incidents(DESIGN, XBB.currency),
    }
    edition = surveys.editions([(DESIGN, "Pesquisa nacional de vitimização", OFFICE, told)])
    return {
        "survey": Subject(edition, edition=SURVEYED),
        **{
            name: Subject(records, DESIGN.sample, edition=SURVEYED, series=DESIGN.series, grows=False)
            for name, records in sampled.items()
        },
    }

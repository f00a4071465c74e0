"""What XCC delivers: the tables of one database, exported one file a table.

The same tables stand in a SQLite file beside the truth (``writing.database``): a source that declares ``fetch`` reads
them there, and nothing else of its declaration changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.sample_countries import subjects
from pipelines.sample_countries.delivery import Delivery
from pipelines.sample_countries.domains import health, places, police, social, surveys, violence
from pipelines.sample_countries.domains.sampling import Design, strata_of
from pipelines.sample_countries.records import Value
from pipelines.sample_countries.subjects import File, Subject
from pipelines.sample_countries.writing.form import Form
from pipelines.sample_countries.xcc import land
from pipelines.sample_countries.xcc.land import XCC

FIRST, LAST = 2021, 2023
YEARS = range(FIRST, LAST + 1)
EDITION, SURVEYED = date(2024, 4, 30), date(2024, 11, 30)
OFFICE = "Statistics Bureau of Sample country C"

PARQUET, CSV, NDJSON = Form("parquet"), Form("csv"), Form("ndjson")

WOMEN = Design(
    code="WHS",
    edition="2023",
    year=2023,
    strata=strata_of(XCC, urban_only=False, base_share=34),
    clusters=10,
    of_cluster=8,
    prevalence={"partner_violence_physical_12m": 70, "non_partner_sexual_12m": 20},
    spread=300,
    base_age=(15, 64),
    sexes={"F": 1},
)
CHILDREN = Design(
    code="CHS",
    edition="2023",
    year=2023,
    strata=strata_of(XCC, urban_only=False, base_share=22),
    clusters=8,
    of_cluster=8,
    prevalence={"discipline_physical": 310},
    spread=200,
    base_age=(1, 14),
    sexes={"M": 51, "F": 49},
)

_CASE = {"CaseNumber": "'K' || case_number"}
_ORDER = {"CaseNumber": "'K' || order_number"}

FILES: dict[str, File] = {
    "areas": File("area", CSV),
    "population": File("population", PARQUET),
    "households": File("household_count", CSV),
    "vehicles": File("vehicle_count", PARQUET),
    "facilities": File("facility", NDJSON),
    "staff": File("staff", PARQUET),
    "budgets": File("budget", CSV),
    "victim_services": File("assistance", PARQUET, "AssistanceId"),
    "driver_tests": File("breath_test", NDJSON),
    "offences": File("offence", PARQUET, "OffenceId"),
    "police_suspects": File("suspect", NDJSON, "SuspectId"),
    "missing_persons": File("missing_report", PARQUET, "ReportId"),
    "prosecution_cases": File("prosecution_step", PARQUET, "StepId", extra=_CASE),
    "court_cases": File("court_step", NDJSON, "StepId", extra=_CASE),
    "protection_measures": File("protection_order", PARQUET, "StepId", extra=_ORDER),
    "prison_population": File("prison_census", CSV),
    "prison_movements": File("prison_movement", PARQUET, "MovementId"),
    "deaths": File("death", PARQUET, "DeathId"),
    "injuries": File("emergency_visit", PARQUET, "VisitId"),
    "births": File("birth", PARQUET, "BirthId"),
    "surveys": File("survey_edition", CSV),
    "women_survey": File("women_interview", PARQUET),
    "children_survey": File("children_interview", PARQUET),
    "social_measures": File("social_indicator", CSV),
    "estimated_deaths": File("modelled_death", CSV),
    "published_rates": File("published_rate", NDJSON),
}


def deliveries() -> Sequence[Delivery]:
    """All deliveries, in the order in which they can refer to each other."""
    span = (FIRST, LAST)
    told = {
        "areas": Subject(places.areas(land.areas())),
        "population": Subject(places.population(XCC, range(2020, 2025), "XCC-2024", OFFICE)),
        **subjects.everywhere(XCC, FIRST, LAST, OFFICE),
        "offences": Subject(police.events(XCC, FIRST, LAST), 1800, span),
        "police_suspects": Subject(police.persons(XCC, FIRST, LAST, "suspect"), 800, span),
        "deaths": Subject(health.deaths(XCC, LAST), 1200, (LAST, LAST), known_by="registration_date"),
        **_surveys(),
        "estimated_deaths": Subject(social.estimated_deaths(XCC, YEARS, OFFICE, "2024")),
        "published_rates": Subject(social.published(XCC, YEARS, "Regional Observatory (made up)", "2024")),
    }
    return subjects.deliveries(XCC, EDITION, told, FILES)


def _surveys() -> dict[str, Subject]:
    domains = ("national", "subnational", "urbanisation", "age")
    told: dict[str, Value] = {
        "survey_coverage": "national",
        "survey_mode": "face_to_face",
        "dedicated_to_violence": "yes",
        **{f"representative_{domain}": "yes" for domain in domains},
        "representative_municipal": "no",
    }
    women: dict[str, Value] = {
        **told,
        "base_sex": "F",
        "respondent_rule": "random_adult",
        "representative_sex": "no",
    }
    children: dict[str, Value] = {
        **told,
        "base_sex": "_T",
        "respondent_rule": "caregiver",
        "representative_sex": "yes",
    }
    editions = surveys.editions(
        (
            (WOMEN, "Women's health and safety survey", OFFICE, women),
            (CHILDREN, "Survey of children", OFFICE, children),
        )
    )
    return {
        "surveys": Subject(editions, edition=SURVEYED),
        "women_survey": Subject(
            violence.violence_against_women(WOMEN),
            WOMEN.sample,
            edition=SURVEYED,
            series=WOMEN.series,
            grows=False,
        ),
        "children_survey": Subject(
            violence.children(CHILDREN),
            CHILDREN.sample,
            edition=SURVEYED,
            series=CHILDREN.series,
            grows=False,
        ),
    }

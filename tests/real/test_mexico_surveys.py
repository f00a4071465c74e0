"""Mexico: microdata of the urban security survey, three quarters of three joined tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

TABLES = ("cb", "cs", "viv")
#: By month: persons, persons of the list who were not selected, dwellings without an interview.
QUARTERS = {"01": (2_025, 5_311, 311), "03": (2_040, 5_406, 296), "04": (2_024, 5_408, 312)}


@pytest.fixture(scope="module")
def ensu(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """The three quarters of 2015 that were published as open data."""
    home = replace(new_home(), key="ab" * 32)
    indices = [real("mx-ensu-2015", f"q{q}", f"0_indice_tablas_ensu{q}2015.csv") for q in QUARTERS]
    home.run("ingest", "mx_ensu_ediciones", *indices)
    for quarter in QUARTERS:
        names = [f"conjunto_de_datos_{table}_ensu_{quarter}_2015" for table in TABLES]
        files = [
            real("mx-ensu-2015", f"q{quarter}", name, "conjunto_de_datos", f"{name}.csv") for name in names
        ]
        home.run("ingest", "mx_ensu", *files)
    return home


def test_every_person_finds_the_list_and_the_dwelling(ensu: Home) -> None:
    account = """
        SELECT rows_delivered, records_loaded, records_quarantined,
            abs(events_made - events_loaded)::DOUBLE AS lost
        FROM meta.delivery WHERE source_id = 'mx_ensu' ORDER BY delivery_id
    """
    assert [tuple(row.values()) for row in ensu.query(account)] == [
        (persons, persons, 0, 0) for persons, _, _ in QUARTERS.values()
    ]
    unused = """
        SELECT max(rows_unused) FILTER (name = 'person') AS persons,
            max(rows_unused) FILTER (name = 'dwelling') AS dwellings
        FROM meta.part GROUP BY delivery_id ORDER BY delivery_id
    """
    assert [tuple(row.values()) for row in ensu.query(unused)] == [tuple(q[1:]) for q in QUARTERS.values()]


def test_adults_who_feel_that_their_city_is_unsafe(ensu: Home) -> None:
    """As INEGI publishes it: of all adults, who do not know included; 68.0 % in September 2015."""
    share = """
        SELECT reference_date::VARCHAR AS month,
            100 * sum(weight) FILTER (insecure_municipal = 'yes') / sum(weight) AS unsafe
        FROM core.survey_person GROUP BY 1 ORDER BY 1
    """
    found = {row["month"]: round(row["unsafe"], 1) for row in ensu.query(share)}
    assert found == {"2015-03-01": 67.9, "2015-09-01": 68.0, "2015-12-01": 67.7}


def test_design_of_each_quarter(ensu: Home) -> None:
    """Strata of city and EDIS, primary units within one stratum, and five strata of March with a single unit."""
    design = """
        WITH unit AS (SELECT DISTINCT edition, stratum, psu FROM core.survey_person),
        stratum AS (SELECT edition, stratum, count(*) AS n FROM unit GROUP BY ALL)
        SELECT edition, count(*)::INTEGER AS strata, sum(n)::INTEGER AS units,
            count(*) FILTER (n = 1)::INTEGER AS single,
            (SELECT count(DISTINCT psu) FROM unit AS u WHERE u.edition = stratum.edition)::INTEGER AS distinct_units
        FROM stratum GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in ensu.query(design)] == [
        ("0315", 92, 583, 5, 583),
        ("0915", 90, 581, 0, 581),
        ("1215", 90, 583, 0, 583),
    ]


def test_every_quarter_has_its_edition(ensu: Home) -> None:
    """By code and edition, with the days of the interviews within its month."""
    editions = """
        SELECT s.edition, s.reference_end::VARCHAR AS until, s.survey_coverage::VARCHAR AS coverage,
            count(*)::INTEGER AS persons,
            count(*) FILTER (p.interview_date BETWEEN s.reference_date AND s.reference_end)::INTEGER AS within
        FROM core.survey AS s JOIN core.survey_person AS p USING (survey_code, edition) GROUP BY ALL ORDER BY 1
    """
    assert [tuple(row.values()) for row in ensu.query(editions)] == [
        ("0315", "2015-03-31", "cities", 2_025, 2_025),
        ("0915", "2015-09-30", "cities", 2_040, 2_040),
        ("1215", "2015-12-31", "cities", 2_024, 2_024),
    ]
    alone = "SELECT sum(n_broken)::INTEGER FROM meta.rule_result WHERE rule_code = 'survey_code.not_loaded'"
    assert ensu.value(alone) == 0


def test_weights_cities_and_ages(ensu: Home) -> None:
    people = """
        SELECT sum(weight)::BIGINT AS adults, count(DISTINCT residence_declared_area)::INTEGER AS cities,
            min(age_years) AS youngest, count(*) FILTER (sex IN ('M', 'F'))::INTEGER AS sexed,
            count(*) FILTER (interview_date IS NULL)::INTEGER AS undated
        FROM core.survey_person GROUP BY edition ORDER BY edition
    """
    assert [tuple(row.values()) for row in ensu.query(people)] == [
        (36_091_081, 32, 18, 2_025, 0),
        (35_994_710, 32, 18, 2_040, 0),
        (35_808_079, 32, 18, 2_024, 0),
    ]


def test_free_text_is_sealed_and_kept_nowhere_else(ensu: Home) -> None:
    """Words of an answer in March are in no file of the home folder, with what was landed among them."""
    written = b"".join(p.read_bytes() for p in ensu.path.rglob("*") if p.is_file())
    assert len(written) > 1_000_000
    assert b"COLOCARON CERRADURAS" not in written

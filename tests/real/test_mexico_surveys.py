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


@pytest.fixture(scope="module")
def envipe(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Figures that the victimisation survey publishes: four editions in one table, the dark figure of fourteen."""
    home = new_home()
    home.run("ingest", "mx_envipe_prevalencia", real("mx-envipe-prevalencia", "envipe2011-2014.xlsx"))
    books = [
        real("mx-envipe-tabulados", f"III_denuncia_delito_{year}_est.xlsx") for year in range(2012, 2026)
    ]
    home.run("ingest", "mx_envipe_cifra_negra", *books)
    return home


def test_every_published_figure_is_loaded(envipe: Home) -> None:
    account = """
        SELECT source_id, count(*)::INTEGER AS files, sum(records_made)::INTEGER AS made,
            sum(records_loaded)::INTEGER AS loaded FROM meta.delivery GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in envipe.query(account)] == [
        ("mx_envipe_cifra_negra", 14, 14 * 33, 14 * 33),
        ("mx_envipe_prevalencia", 1, 12 * 33, 12 * 33),
    ]


def test_prevalence_and_incidence_of_2013(envipe: Home) -> None:
    """Per 100,000 adults of the nation; the survey is that of 2014."""
    nation = """
        SELECT indicator, round(value)::INTEGER AS value, unit_measure::VARCHAR AS unit, vintage
        FROM core.published_indicator
        WHERE source_id = 'mx_envipe_prevalencia' AND occurrence_first_level IS NULL
            AND (vintage = 'ENVIPE 2014') ORDER BY 1
    """
    assert [tuple(row.values()) for row in envipe.query(nation)] == [
        ("perceived_insecurity_subnational", 73, "PT", "ENVIPE 2014"),
        ("victimisation_incidence", 41_563, "PER_100000_POP", "ENVIPE 2014"),
        ("victimisation_prevalence", 28_224, "PER_100000_POP", "ENVIPE 2014"),
    ]


DARK_FIGURE = """
    SELECT year(reference_date) AS year, value, numerator::BIGINT AS dark, denominator::BIGINT AS crimes
    FROM core.published_indicator WHERE indicator = 'dark_figure' AND occurrence_first_level IS NULL ORDER BY 1
"""


def test_dark_figure_of_2019(envipe: Home) -> None:
    """27,970,092 of 30,273,237 crimes, 92.4 %; and each share is that of its parts."""
    years = {row["year"]: row for row in envipe.query(DARK_FIGURE)}
    assert sorted(years) == list(range(2011, 2025))
    assert (years[2019]["dark"], years[2019]["crimes"]) == (27_970_092, 30_273_237)
    assert round(years[2019]["value"], 1) == 92.4
    off = "SELECT max(abs(value - 100 * numerator / denominator)) FROM core.published_indicator WHERE denominator > 0"
    assert envipe.value(off) < 1e-6


def test_crimes_of_no_state_are_those_of_the_footnotes(envipe: Home) -> None:
    """What the nation has beyond its states is printed under the tables."""
    beyond = """
        SELECT year(reference_date) AS year,
            (2 * sum(denominator) FILTER (occurrence_first_level IS NULL) - sum(denominator))::INTEGER AS n
        FROM core.published_indicator WHERE indicator = 'dark_figure' GROUP BY 1 ORDER BY 1
    """
    found = {row["year"]: row["n"] for row in envipe.query(beyond)}
    assert (found[2011], found[2012], found[2019]) == (28_365, 20_825, 55_348)
    assert all(0 <= n < 60_000 for n in found.values())


def test_the_text_file_says_what_the_workbook_says(envipe: Home, real: RealFile) -> None:
    """Mac Roman with carriage returns: as many records, equal to the decimals that it has."""
    figures = """
        SELECT sum(value) AS total, count(*)::INTEGER AS n FROM core.published_indicator
        WHERE source_id = 'mx_envipe_prevalencia'
    """
    (book,) = envipe.query(figures)
    envipe.run("ingest", "mx_envipe_prevalencia", real("mx-envipe-prevalencia", "envipe2011-2014.csv"))
    (text,) = envipe.query(figures)
    assert text["n"] == book["n"] == 396
    assert text["total"] == pytest.approx(book["total"], rel=1e-8)

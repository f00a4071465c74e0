"""Territorial divisions of Mexico, Colombia and Brazil: the official lists as deliveries."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook

from schemas import reference
from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

CATALOGUE = ("mx-ref-inegi-catalogos", "geo.codes.csv")
DIVISION = ("co-dane-defunciones-2019", "Divipola_CE_.xlsx")
REGISTER = ("br-datasus-ibge", "CADMUN.csv")


@pytest.fixture(scope="module")
def areas(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """The three lists in one warehouse."""
    home = new_home()
    home.run("ingest", "mx_inegi_areas", real(*CATALOGUE))
    home.run("ingest", "co_dane_areas", real(*DIVISION))
    home.run("ingest", "br_ibge_areas", real(*REGISTER))
    return home


def test_municipalities_of_each_country(areas: Home) -> None:
    found = areas.query(
        """
        SELECT country, boundary_version, count(*)::BIGINT AS n, count(DISTINCT parent_code)::BIGINT AS parents
        FROM ref.area WHERE area_level = 'municipality' GROUP BY ALL ORDER BY 1
        """
    )
    assert found == [
        {"country": "BRA", "boundary_version": "BRA-2005", "n": 5_564, "parents": 27},
        {"country": "COL", "boundary_version": "COL-2022", "n": 1_122, "parents": 33},
        {"country": "MEX", "boundary_version": "MEX-2011", "n": 2_457, "parents": 32},
    ]


def test_nothing_is_in_quarantine_and_what_is_left_out_is_counted(areas: Home) -> None:
    quarantined = "SELECT sum(records_quarantined)::BIGINT FROM meta.delivery"
    assert areas.value(quarantined) == 0
    excluded = areas.query("SELECT reason, sum(n)::BIGINT AS n FROM meta.exclusion GROUP BY 1 ORDER BY 1")
    assert {row["reason"]: row["n"] for row in excluded} == {
        "district_of_oaxaca": 30,
        "entity": 36,
        "extinct": 1,
        "no_longer_in_divipola": 1,
        "transferred_to_tocantins": 60,
        "unknown_municipality": 27,
        "unspecified": 36,
    }


def test_every_municipality_lies_in_an_area_of_the_first_level(areas: Home) -> None:
    orphans = """
        SELECT count(*) FROM ref.area AS a
        WHERE a.area_level = 'municipality' AND (
            a.parent_code NOT IN (SELECT area_code FROM ref.area WHERE area_level = 'first_level')
            OR NOT starts_with(a.area_code, a.parent_code))
    """
    assert areas.value(orphans) == 0


def test_the_sheet_that_is_read_is_divipola_as_printed(areas: Home, real: RealFile) -> None:
    """Both sheets of the workbook name the same 1,122 areas."""
    book = CalamineWorkbook.from_path(str(real(*DIVISION)))
    printed = {
        f"COL-{row[2]}": row[3]
        for row in book.get_sheet_by_name("Hoja3").to_python(skip_empty_area=False)[2:]
    }
    loaded = areas.query("SELECT area_code, name FROM core.area WHERE starts_with(area_code, 'COL-')")
    assert {row["area_code"]: row["name"] for row in loaded} == printed


def test_departments_of_divipola_are_the_reference_list(real: RealFile) -> None:
    book = CalamineWorkbook.from_path(str(real(*DIVISION)))
    printed = {
        f"COL-{row[0]}" for row in book.get_sheet_by_name("Hoja3").to_python(skip_empty_area=False)[2:]
    }
    assert printed == {a.area_code for a in reference.areas() if a.parent_code == "COL"}


def test_states_of_mexico_are_the_reference_list(real: RealFile) -> None:
    """The catalogue is from before 2016: the ninth had another name."""
    with real(*CATALOGUE).open(encoding="utf-8", newline="") as handle:
        named = {
            f"MEX-{row['CVE_ENT']}": row["NOMBRE"]
            for row in csv.DictReader(handle)
            if row["CVE_MUN"] == "000" and row["CVE_ENT"] <= "32"
        }
    ours = {a.area_code: a.name_es for a in reference.areas() if a.parent_code == "MEX"}
    assert {c: (ours[c], named[c]) for c in ours if ours[c] != named[c]} == {
        "MEX-09": ("Ciudad de México", "Distrito Federal")
    }


def test_units_of_brazil_are_those_of_the_register_and_of_the_police(real: RealFile) -> None:
    """Codes by the municipalities, names by the capital that the register marks."""
    with real(*REGISTER).open(encoding="utf-8", newline="") as handle:
        register = [row for row in csv.DictReader(handle) if row["SITUACAO"] == "ATIVO"]
    ours = {a.area_code: a.name_pt for a in reference.areas() if a.parent_code == "BRA"}
    assert {f"BRA-{row['UFCOD']}" for row in register} == set(ours)
    capitals = {f"BRA-{row['UFCOD']}": row["MUNNOME"] for row in register if row["CAPITAL"] == "S"}
    assert len(capitals) == 27
    known = {
        "BRA-11": ("Rondônia", "Porto Velho"),
        "BRA-15": ("Pará", "Belém"),
        "BRA-16": ("Amapá", "Macapá"),
        "BRA-17": ("Tocantins", "Palmas"),
        "BRA-23": ("Ceará", "Fortaleza"),
        "BRA-29": ("Bahia", "Salvador"),
        "BRA-35": ("São Paulo", "São Paulo"),
        "BRA-43": ("Rio Grande do Sul", "Porto Alegre"),
        "BRA-50": ("Mato Grosso do Sul", "Campo Grande"),
        "BRA-51": ("Mato Grosso", "Cuiabá"),
        "BRA-53": ("Distrito Federal", "Brasília"),
    }
    assert {c: (ours[c], capitals[c]) for c in known} == known


def test_the_population_of_colombia_is_of_the_division_before(areas: Home, real: RealFile) -> None:
    """The projections of the census of 2018 have Mapiripana apart and do not have Nuevo Belén de Bajirá."""
    areas.run("ingest", "co_dane_poblacion", real("co-dane-poblacion", "poblacion_2018_2023.xlsx"))
    differing = """
        SELECT coalesce(p.area, a.area) AS area, p.area IS NOT NULL AS has_population
        FROM (SELECT DISTINCT residence_municipality AS area FROM core.population) AS p
        FULL JOIN (SELECT area_code AS area FROM core.area WHERE starts_with(area_code, 'COL-')) AS a USING (area)
        WHERE p.area IS NULL OR a.area IS NULL ORDER BY 1
    """
    assert areas.query(differing) == [
        {"area": "COL-27493", "has_population": False},
        {"area": "COL-94663", "has_population": True},
    ]


def test_the_population_of_mexico_has_eighteen_newer_municipalities(areas: Home, real: RealFile) -> None:
    areas.run("ingest", "mx_conapo_poblacion", real("mx-conapo-poblacion", "poblacion.csv"))
    newer = """
        SELECT DISTINCT residence_municipality AS area FROM core.population
        WHERE starts_with(residence_municipality, 'MEX-')
            AND residence_municipality NOT IN (SELECT area_code FROM ref.area) ORDER BY 1
    """
    found = [row["area"] for row in areas.query(newer)]
    assert len(found) == 18
    assert {"MEX-02006", "MEX-23011"} <= set(found)

"""Brazil: the police base of 2023, read by seven sources, against published figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

BASE = ("br-sinesp-vde", "BancoVDE 2023.csv.xz")
ROWS = 691_032
#: Rows left out, and records made, loaded and left out of each source.
ACCOUNTS = {
    "br_sinesp_a_esclarecer": (623_507, 202_575, 171_551, 31_024),
    "br_sinesp_agentes": (685_200, 17_496, 14_199, 3_297),
    "br_sinesp_desaparecidos": (690_060, 2_916, 2_900, 16),
    "br_sinesp_estupro": (690_384, 1_944, 1_652, 292),
    "br_sinesp_mortes": (555_921, 405_333, 404_250, 1_083),
    "br_sinesp_ocorrencias": (685_590, 5_442, 5_442, 0),
    "br_sinesp_vde": (312_688, 1_135_032, 1_134_417, 615),
}
#: Labels of the base with their published totals of 2023.
LABELS = {
    ("person_role", "br_sinesp_vde", "iccs_source_code"): {
        "Homicídio doloso": 37_359,
        "Feminicídio": 1_451,
        "Roubo seguido de morte (latrocínio)": 981,
        "Lesão corporal seguida de morte": 605,
        "Tentativa de homicídio": 36_966,
        "Tentativa de feminicídio": 2_207,
    },
    ("person_role", "br_sinesp_mortes", "event_class"): {
        "road_death": 23_923,
        "suicide": 16_452,
        "state_agent_intervention": 6_398,
    },
    ("person_role", "br_sinesp_a_esclarecer", "event_class"): {"death_to_clarify": 13_552},
    ("person_role", "br_sinesp_estupro", "iccs_source_code"): {
        "Estupro": 39_218,
        "Estupro de vulnerável": 47_474,
    },
    ("person_role", "br_sinesp_agentes", "event_class"): {"offence": 184, "suicide": 166},
    ("incident", "br_sinesp_ocorrencias", "iccs_source_code"): {
        "Furto de veículo": 221_168,
        "Roubo de veículo": 135_544,
        "Roubo de carga": 11_807,
        "Roubo a instituição financeira": 129,
        "Tráfico de drogas": 181_596,
        "Arma de Fogo Apreendida": 105_101,
        "Atendimento pré-hospitalar": 1_019_510,
        "Busca e salvamento": 514_122,
        "Combate a incêndios": 281_417,
    },
    ("missing_person", "br_sinesp_desaparecidos", "sex"): {"F": 26_781, "M": 50_279, "_U": 754},
}


@pytest.fixture(scope="module")
def police(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """The one file taken in by its seven sources, and indicators."""
    home = new_home()
    home.run("ingest", "br_ibge_areas", real("br-datasus-ibge", "CADMUN.csv"))
    for source in ACCOUNTS:
        home.run("ingest", source, real(*BASE))
    home.run("indicators", "compute")
    return home


def test_the_account_of_each_source(police: Home) -> None:
    account = """
        SELECT source_id, rows_delivered, rows_unreadable, rows_excluded, records_made, records_loaded,
            records_quarantined, records_excluded
        FROM meta.delivery WHERE source_id <> 'br_ibge_areas' ORDER BY source_id
    """
    for row in police.query(account):
        left_out, made, loaded, excluded = ACCOUNTS[row["source_id"]]
        assert list(row.values())[1:] == [ROWS, 0, left_out, made, loaded, 0, excluded], row["source_id"]


@pytest.mark.parametrize(("record", "source", "by"), LABELS, ids=[source for _, source, _ in LABELS])
def test_published_totals(police: Home, record: str, source: str, by: str) -> None:
    found = f"""
        SELECT {by}::VARCHAR AS label, sum(count)::BIGINT AS n FROM core.{record}
        WHERE source_id = '{source}' GROUP BY 1
    """
    assert {row["label"]: row["n"] for row in police.query(found)} == LABELS[record, source, by]


def test_homicide_is_four_events_and_no_others(police: Home) -> None:
    """Neither attempts nor deaths by State agents, to be clarified, or of State agents counted once more."""
    homicides = """
        SELECT source_id, sum(count)::BIGINT AS n FROM core.person_role WHERE iccs = '0101' GROUP BY 1
    """
    assert police.query(homicides) == [{"source_id": "br_sinesp_vde", "n": 37_359 + 1_451 + 981 + 605}]
    (cell,) = police.query(
        """
        SELECT numerator::BIGINT AS n, denominator, areas_reporting, areas_expected FROM indicator.value
        WHERE indicator = 'homicide_rate_police' AND ref_area = 'BRA' AND time_period = '2023'
            AND sex = '_T' AND age = '_T' AND mechanism = '_T' AND relationship = '_T'
        """
    )
    assert (cell["n"], cell["denominator"]) == (40_396, None)
    assert (cell["areas_reporting"], cell["areas_expected"]) == (27, 27)


def test_femicide_is_no_part_of_homicide_here(police: Home) -> None:
    """Months in which a municipality has more women among femicides than among homicides, outside Brasília."""
    apart = """
        WITH women AS (
            SELECT occurrence_municipality AS area, occurrence_date AS month, femicide_legal AS legal,
                sum(count) AS n
            FROM core.person_role
            WHERE source_id = 'br_sinesp_vde' AND sex = 'F' AND occurrence_municipality <> 'BRA-5300108'
                AND iccs_source_code IN ('Feminicídio', 'Homicídio doloso')
            GROUP BY ALL
        )
        SELECT count(*) FROM women AS f JOIN women AS h USING (area, month)
        WHERE f.legal = 'yes' AND h.legal = 'no' AND f.n > h.n
    """
    assert police.value(apart) == 1_014


def test_no_rate_of_robbery_from_vehicles_cargo_and_banks(police: Home) -> None:
    assert police.value("SELECT count(*) FROM indicator.value WHERE indicator = 'robbery_rate'") == 0


def test_every_name_has_a_code(police: Home) -> None:
    """All municipalities of 2023; six are younger than the list of areas."""
    names = """
        SELECT count(DISTINCT occurrence_municipality)::BIGINT AS codes,
            count(*) FILTER (occurrence_municipality IS NULL
                AND NOT ends_with(occurrence_municipality_source_code, 'NÃO INFORMADO'))::BIGINT AS without
        FROM core.person_role WHERE source_id = 'br_sinesp_vde'
    """
    assert police.query(names) == [{"codes": 5_570, "without": 0}]
    younger = """
        SELECT count(DISTINCT occurrence_municipality) FROM core.person_role
        WHERE occurrence_municipality NOT IN (SELECT area_code FROM ref.area)
    """
    assert police.value(younger) == 6
    elsewhere = """
        SELECT count(*) FROM core.person_role WHERE NOT starts_with(occurrence_municipality, occurrence_first_level)
    """
    assert police.value(elsewhere) == 0


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ("br_sinesp_vde", {"received": 324}),
        ("br_sinesp_mortes", {"received": 323, "partial": 1}),
        ("br_sinesp_a_esclarecer", {"received": 312, "missing": 12}),
        ("br_sinesp_estupro", {"received": 227, "partial": 97}),
        ("br_sinesp_desaparecidos", {"received": 321, "partial": 3}),
        ("br_sinesp_ocorrencias", {"received": 324}),
    ],
)
def test_what_states_did_not_report_is_no_zero(police: Home, source: str, cells: dict[str, int]) -> None:
    found = f"""
        SELECT status::VARCHAR AS status, count(*)::BIGINT AS n FROM meta.report_status
        WHERE source_id = '{source}' GROUP BY 1
    """
    assert {row["status"]: row["n"] for row in police.query(found)} == cells


def test_minas_gerais_reports_no_deaths_to_be_clarified(police: Home) -> None:
    missing = """
        SELECT DISTINCT area FROM meta.report_status WHERE source_id = 'br_sinesp_a_esclarecer' AND status = 'missing'
    """
    assert police.query(missing) == [{"area": "BRA-31"}]
    homicides = """
        SELECT sum(count)::BIGINT FROM core.person_role
        WHERE source_id = 'br_sinesp_vde' AND iccs = '0101' AND occurrence_first_level = 'BRA-31'
    """
    assert police.value(homicides) == 2_903

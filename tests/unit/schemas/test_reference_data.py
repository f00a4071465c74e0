"""Countries and their codes, reference areas, groups of countries, standard populations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from schemas import codelists, reference
from schemas.errors import Misuse
from schemas.reference import area, membership, standard_populations

MADE_UP = ("XAA", "XBB", "XCC")


def test_countries() -> None:
    countries = codelists.load("country")
    assert len(countries.codes) == 249 + 3
    assert countries.codes[-3:] == MADE_UP
    assert {countries.entry(c).evidence for c in MADE_UP} == {"secondary"}
    assert all("inventados" in countries.entry(c).label_es for c in MADE_UP)
    assert (countries.entry("DEU").label_es, countries.entry("DEU").label_pt) == ("Alemania", "Alemanha")


def test_crosswalk_keeps_leading_zeros_and_says_what_has_no_m49_code() -> None:
    rows = {row["code"]: row for row in codelists.table("country_crosswalk")}
    assert tuple(rows) == codelists.load("country").codes
    assert (rows["ARG"]["alpha2"], rows["ARG"]["numeric"], rows["ARG"]["m49"]) == ("AR", "032", "032")
    assert (rows["MEX"]["m49"], rows["MEX"]["m49_region"]) == ("484", "013")
    for column, missing in (("alpha2", set()), ("numeric", set(MADE_UP)), ("m49", {"TWN", *MADE_UP})):
        assert {code for code, row in rows.items() if not row[column]} == missing
        given = [row[column] for row in rows.values() if row[column]]
        assert len(given) == len(set(given))
    assert all(row["m49"] in ("", row["numeric"]) for row in rows.values())
    assert all(len(row["numeric"]) == 3 for row in rows.values() if row["numeric"])
    # the ISO range that is left to users
    assert {rows[c]["alpha2"] for c in MADE_UP} == {"XA", "XB", "XC"}


def test_every_country_lies_in_a_region_of_m49_but_antarctica_and_taiwan() -> None:
    regions = codelists.load("m49_region")
    rows = codelists.table("country_crosswalk")
    assert {r["code"] for r in rows if not r["m49_region"]} == {"ATA", "TWN", *MADE_UP}
    assert all(not regions.children(r["m49_region"]) for r in rows if r["m49_region"])
    assert set(regions.descends("001")) == set(regions.codes)
    assert regions.children("419") == ("029", "013", "005")


def test_reference_areas() -> None:
    found = {a.area_code: a for a in reference.areas()}
    assert len(found) == 252 + 32 + 33 + 27 + 5
    assert (
        tuple(a.area_code for a in found.values() if a.area_level == "country")
        == codelists.load("country").codes
    )
    first_level = {
        country: [a for a in found.values() if a.parent_code == country] for country in ("MEX", "COL", "BRA")
    }
    assert {c: len(inside) for c, inside in first_level.items()} == {"MEX": 32, "COL": 33, "BRA": 27}
    assert [a.area_code for a in first_level["MEX"]] == [f"MEX-{n:02d}" for n in range(1, 33)]
    assert {a.boundary_version for a in first_level["MEX"]} == {"MEX-1974"}
    assert {a.boundary_version for a in first_level["COL"]} == {"COL-1991"}
    assert {a.boundary_version for a in first_level["BRA"]} == {"BRA-1989"}
    assert found["MEX-05"].name_es == "Coahuila de Zaragoza"
    assert found["COL-05"].name_es == "Antioquia"
    assert found["COL-11"].name_es == "Bogotá, D.C."
    assert found["BRA-53"].name_pt == "Distrito Federal"
    assert found["BRA-35"].name_pt == "São Paulo"
    assert not [a for a in found.values() if a.parent_code in MADE_UP]
    for a in found.values():
        assert a.area_code.startswith(a.country)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("MEX-01,first_level,MEX,MEX,a,a,a,MEX-1974,,,official", "parent 'MEX'"),
        ("MEX,country,,MEX,a,a,,ISO-3166-1,,,official", "lacks a name"),
        ("MEX,county,,MEX,a,a,a,ISO-3166-1,,,official", "'county' is no level"),
        ("MXX,country,,MXX,a,a,a,ISO-3166-1,,,official", "'MXX' is no country"),
        ("G-X,country,,MEX,a,a,a,,,,official", "'G-X' at level 'country'"),
        ("X,group,,,a,a,a,,,,official", "'X' at level 'group'"),
        ("G-X,group,,MEX,a,a,a,,,,official", "'MEX' is no country"),
        ("MEX,country,,MEX,a,a,a,ISO-3166-1,,,sure", "evidence is 'sure'"),
        ("MEX,country,,MEX,a,a,a,ISO-3166-1,2001-01-01,2000-01-01,official", "ends"),
    ],
)
def test_a_malformed_area_is_refused_with_file_and_line(tmp_path: Path, row: str, what: str) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(",".join(area.HEADER) + f"\n{row}\n", "utf-8")
    with pytest.raises(Misuse, match=what) as caught:
        area.read(path)
    assert caught.value.where == f"{path}:2"
    assert caught.value.how


# --- groups of countries


@pytest.mark.parametrize(
    ("group", "on", "joined"),
    [
        ("G-CAN", date(1969, 5, 25), ""),
        ("G-CAN", date(1970, 1, 1), "BOL CHL COL ECU PER"),
        ("G-CAN", date(1980, 1, 1), "BOL COL ECU PER VEN"),
        ("G-CAN", date(2026, 1, 1), "BOL COL ECU PER"),
        ("G-SICA", date(1999, 12, 31), "CRI GTM HND NIC PAN SLV"),
        ("G-SICA", date(2010, 1, 1), "BLZ CRI GTM HND NIC PAN SLV"),
        ("G-SICA", date(2026, 1, 1), "BLZ CRI DOM GTM HND NIC PAN SLV"),
        ("G-MERCOSUR", date(2012, 1, 1), "ARG BRA PRY URY"),
        ("G-MERCOSUR", date(2012, 7, 1), "ARG BRA URY"),
        ("G-MERCOSUR", date(2015, 1, 1), "ARG BRA PRY URY VEN"),
        ("G-MERCOSUR", date(2020, 1, 1), "ARG BRA PRY URY"),
        ("G-MERCOSUR", date(2026, 1, 1), "ARG BOL BRA PRY URY"),
        ("G-XSAMPLE", date(2026, 1, 1), "XAA XBB XCC"),
    ],
)
def test_members_of_a_group_on_a_day(group: str, on: date, joined: str) -> None:
    assert sorted(reference.members(group, on)) == joined.split()


def test_latin_america_and_the_caribbean_is_region_419_of_m49() -> None:
    members = reference.members("G-LAC", date(2026, 1, 1))
    assert members == reference.members("G-LAC", date(1950, 1, 1))
    assert len(members) == 28 + 8 + 16
    assert {"MEX", "PRI", "GUF", "CUW"} <= set(members)
    assert not {"USA", "CAN", "BMU", "ESP"} & set(members)


def test_what_is_not_certain_about_a_membership_says_what() -> None:
    for m in reference.memberships():
        assert m.evidence in codelists.EVIDENCE
        assert m.note
        assert m.evidence != "needs_review" or "confirmed" in m.note
    uncertain = {
        (m.group_code, m.member_code) for m in reference.memberships() if m.evidence == "needs_review"
    }
    assert ("G-MERCOSUR", "VEN") in uncertain


GOOD = "G-CAN,BOL,1969-05-26,2000-12-31,member,secondary,"


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ("G-NONE,BOL,,,member,secondary,", 2, "'G-NONE' is no group"),
        ("G-CAN,MEX-01,,,member,secondary,", 2, "'MEX-01' is no country"),
        ("G-CAN,BOL,,,observer,secondary,", 2, "'observer' is no status"),
        ("G-CAN,BOL,,,member,sure,", 2, "evidence is 'sure'"),
        ("G-CAN,BOL,1/2/1969,,member,secondary,", 2, "no date"),
        (f"{GOOD}\nG-CAN,BOL,2000-12-31,,suspended,secondary,", 3, "two statuses .* on 2000-12-31"),
        (f"{GOOD}\nG-CAN,BOL,,,suspended,secondary,", 2, "two statuses"),
    ],
)
def test_a_malformed_membership_is_refused_with_file_and_line(
    tmp_path: Path, rows: str, line: int, what: str
) -> None:
    path = tmp_path / "memberships.csv"
    path.write_text(",".join(membership.HEADER) + f"\n{rows}\n", "utf-8")
    with pytest.raises(Misuse, match=what) as caught:
        membership.read(path)
    assert caught.value.where == f"{path}:{line}"


# --- standard populations


def test_the_weights_of_who_are_given_as_published_and_used_by_their_sum() -> None:
    who = reference.standard_population("WHO_2000_2025")
    assert sum(g.weight for g in who) == Decimal("100.035")
    assert sum(g.share for g in who) == 1
    assert (who[0].weight, who[3].weight) == (Decimal("8.86"), Decimal("8.47"))
    per_million = [round(g.share * 1_000_000) for g in who]
    assert per_million[:4] == [88_569, 86_870, 85_970, 84_670]
    assert per_million[-4:] == [4_398, 1_499, 400, 50]
    over_85 = sum(g.weight for g in who if g.age_from >= 85)
    assert over_85 == Decimal("0.635")
    assert [(g.age_from, g.age_to) for g in who] == [(n, n + 4) for n in range(0, 100, 5)] + [(100, None)]


def test_the_weights_of_segi() -> None:
    segi = reference.standard_population("SEGI")
    assert sum(g.weight for g in segi) == 100_000
    assert (segi[0].share, segi[-1].share) == (Decimal("0.12"), Decimal("0.005"))
    assert (segi[-1].age_from, segi[-1].age_to) == (85, None)


def test_every_standard_has_weights() -> None:
    for standard in codelists.load("standard_population").codes:
        assert reference.standard_population(standard)
    with pytest.raises(Misuse, match="'ESP'"):
        reference.standard_population("ESP")


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ("ESP,0,,1", ":2", "'ESP' is no standard"),
        ("SEGI,1,,1", ":2", "starts at '1'"),
        ("SEGI,0,4,1\nSEGI,6,,1", ":3", "starts at '6'"),
        ("SEGI,0,,1\nSEGI,5,,1", ":3", "starts at '5'"),
        ("SEGI,0,x,1", ":2", "ends at 'x'"),
        ("SEGI,0,,8,86", ":2", "5 fields"),
        ("SEGI,0,,nan", ":2", "'nan' is no weight"),
        ("SEGI,0,,0", ":2", "'0' is no weight"),
        ("SEGI,0,4,1", "", "oldest age group ends at 4"),
    ],
)
def test_malformed_weights_are_refused_with_file_and_line(
    tmp_path: Path, rows: str, where: str, what: str
) -> None:
    path = tmp_path / "standard_populations.csv"
    path.write_text(",".join(standard_populations.HEADER) + f"\n{rows}\n", "utf-8")
    with pytest.raises(Misuse, match=what) as caught:
        standard_populations.read(path)
    assert caught.value.where == f"{path}{where}"

"""Code lists and reference areas: what they must hold, and how a malformed list is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schemas import codelists, reference
from schemas.errors import Misuse

HEAD = ",".join(codelists.HEADER)
GOOD = f"{HEAD}\nA,,a,a,a,2020-01-01,,official\nB,A,b,b,b,,,secondary\n"


def groups_of(cause: str) -> set[str]:
    """Groups of causes that a code belongs to."""
    return {
        row["group"]
        for row in codelists.table("icd10_group_ranges")
        if codelists.in_range(cause, row["cause_from"], row["cause_to"])
    }


def mechanisms_of(cause: str) -> list[tuple[str, str]]:
    """Mechanism and intent of a code, one pair for each range that holds it."""
    return [
        (row["mechanism"], row["intent"])
        for row in codelists.table("icd10_mechanism_ranges")
        if codelists.in_range(cause, row["cause_from"], row["cause_to"])
    ]


def stems(first: str, last: str) -> list[str]:
    """All three-character codes from one to the other."""
    every = [f"{letter}{number:02d}" for letter in "VWXY" for number in range(100)]
    return [c for c in every if first <= c <= last]


# --- every list


@pytest.mark.parametrize("name", codelists.names())
def test_every_list_loads_with_a_title_and_plain_labels(name: str) -> None:
    listed = codelists.load(name)
    assert listed.title != name
    assert listed.title_es and listed.title_pt and listed.authority
    for e in listed.entries:
        for label in (e.label_es, e.label_en, e.label_pt):
            assert label == label.strip()
            assert label[0].isupper() or not label[0].isalpha()


def test_files_are_utf8_with_unix_line_ends_and_no_byte_order_mark() -> None:
    for path in [*codelists.FOLDER.rglob("*.csv"), reference.AREAS]:
        raw = path.read_bytes()
        assert b"\r" not in raw, path
        assert not raw.startswith(b"\xef\xbb\xbf"), path
        assert raw.endswith(b"\n"), path
        raw.decode("utf-8")


def test_a_title_belongs_to_a_list() -> None:
    assert sorted(row["name"] for row in codelists.table("titles")) == list(codelists.names())


def test_lists_of_the_contract_are_there() -> None:
    needed = (
        "age_band area_level ci_meaning ci_method completion conf_status context counting_unit country "
        "date_basis date_precision estimate_type event_class freq icd10_group iccs mechanism obs_status "
        "place_basis place_type population_source quality record_status relationship report_status "
        "revision_status role sex source_type unit_measure urbanisation"
    )
    assert set(needed.split()) <= set(codelists.names())


@pytest.mark.parametrize(
    "name",
    [
        "sex",
        "age_band",
        "mechanism",
        "relationship",
        "context",
        "urbanisation",
        "ethnicity",
        "migration",
        "form",
    ],
)
def test_a_dimension_has_total_and_unknown(name: str) -> None:
    listed = codelists.load(name)
    assert listed.codes[0] == "_T"
    assert "_U" in listed
    assert set(listed.descends("_T")) == set(listed.codes)


def test_all_lists_load_in_50_ms_without_heavy_imports() -> None:
    script = (
        "import sys, time; from schemas import codelists; best = 9.0\n"
        "for _ in range(5):\n"
        "    codelists.load.cache_clear(); codelists.table.cache_clear(); start = time.perf_counter()\n"
        "    for name in codelists.names(): codelists.load(name)\n"
        "    best = min(best, time.perf_counter() - start)\n"
        "assert not {'pandas', 'polars', 'pandera', 'duckdb'} & set(sys.modules)\n"
        "print(best)\n"
    )
    root = Path(codelists.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True
    )
    assert float(done.stdout) < 0.05


# --- countries and areas


def test_countries() -> None:
    countries = codelists.load("country")
    assert len(countries.codes) == 249 + 1
    assert countries.codes[-1] == "XAA"
    assert countries.entry("XAA").evidence == "secondary"
    assert (countries.entry("DEU").label_es, countries.entry("DEU").label_pt) == ("Alemania", "Alemanha")


def test_crosswalk_keeps_leading_zeros_and_says_what_has_no_m49_code() -> None:
    rows = {row["code"]: row for row in codelists.table("country_crosswalk")}
    assert tuple(rows) == codelists.load("country").codes
    assert (rows["ARG"]["alpha2"], rows["ARG"]["m49"]) == ("AR", "032")
    assert rows["MEX"]["m49"] == "484"
    assert len({row["alpha2"] for row in rows.values()}) == 250
    assert {code for code, row in rows.items() if not row["m49"]} == {"TWN", "XAA"}
    assert all(len(row["m49"]) == 3 for row in rows.values() if row["m49"])


def test_reference_areas() -> None:
    areas = {a.area_code: a for a in reference.areas()}
    assert len(areas) == 250 + 32 + 33
    assert (
        tuple(a.area_code for a in areas.values() if a.area_level == "country")
        == codelists.load("country").codes
    )
    mexico = [a for a in areas.values() if a.parent_code == "MEX"]
    colombia = [a for a in areas.values() if a.parent_code == "COL"]
    assert (len(mexico), len(colombia)) == (32, 33)
    assert [a.area_code for a in mexico] == [f"MEX-{n:02d}" for n in range(1, 33)]
    assert areas["MEX-05"].name_es == "Coahuila de Zaragoza"
    assert areas["COL-05"].name_es == "Antioquia"
    assert areas["COL-11"].name_es == "Bogotá, D.C."
    assert {a.boundary_version for a in mexico} == {"MEX-1974"}
    assert {a.boundary_version for a in colombia} == {"COL-1991"}
    assert not [a for a in areas.values() if a.parent_code == "XAA"]
    for a in areas.values():
        assert a.area_code.startswith(a.country)
        assert a.name_es and a.name_en and a.name_pt
        assert a.evidence in codelists.EVIDENCE


def test_a_reference_area_without_its_parent_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    row = "MEX-01,first_level,MEX,MEX,a,a,a,MEX-1974,,,official"
    path.write_text(",".join(reference.HEADER) + f"\n{row}\n", "utf-8")
    with pytest.raises(Misuse) as caught:
        reference.read(path)
    assert caught.value.where == f"{path}:2"


# --- ICCS


def test_iccs_has_every_class_with_its_leading_zero() -> None:
    iccs = codelists.load("iccs")
    assert len(iccs.codes) == 11 + 309 + 1
    assert iccs.codes[-1] == "unmapped"
    assert iccs.entry("unmapped").parent == ""
    classes = iccs.codes[:-1]
    assert all(c.isdigit() and len(c) in (2, 4, 5, 6) and "01" <= c[:2] <= "11" for c in classes)
    assert {"0101", "0401", "02051", "020221", "010321", "1101", "110131"} <= set(classes)
    assert "101" not in iccs
    assert {c for c in classes if iccs.entry(c).evidence != "official"} == {"01049", "0909"}


def test_iccs_parent_is_the_prefix() -> None:
    for e in codelists.load("iccs").entries[:-1]:
        expected = "" if len(e.code) == 2 else e.code[:2] if len(e.code) == 4 else e.code[:-1]
        assert e.parent == expected, e.code


def test_iccs_labels() -> None:
    iccs = codelists.load("iccs")
    robbery = iccs.entry("0401")
    assert (robbery.label_es, robbery.label_en, robbery.label_pt) == ("Robo", "Robbery", "Roubo")
    assert iccs.entry("0502").label_es == "Hurto"
    assert iccs.entry("02051").label_es == "Extorsión o chantaje"


def test_children_and_everything_below() -> None:
    iccs = codelists.load("iccs")
    assert iccs.children("0401") == ("04011", "04012", "04013", "04014", "04019")
    assert iccs.children("0101") == ()
    assert iccs.descends("0101") == ("0101",)
    assert iccs.descends("0401") == tuple(c for c in iccs.codes if c.startswith("0401"))
    assert "unmapped" not in iccs.descends("01")
    with pytest.raises(Misuse, match="'401'"):
        iccs.descends("401")


# --- ages


def test_age_bands_nest_and_leave_no_age_out() -> None:
    limits = {row["code"]: row for row in codelists.table("age_band_limits")}
    bands = codelists.load("age_band")
    assert tuple(limits) == bands.codes
    leaves = [c for c in bands.codes if not c.startswith("_") and not bands.children(c)]
    expected = 0
    for code in leaves:
        assert int(limits[code]["age_from"]) == expected
        expected = int(limits[code]["age_to"] or 999) + 1
    youth = [limits[c] for c in bands.children("Y15T29")]
    assert (youth[0]["age_from"], youth[-1]["age_to"]) == ("15", "29")


# --- ICD-10


@pytest.mark.parametrize(
    ("cause", "inside", "outside"),
    [
        ("Y871", "assault", "self_harm"),
        ("X85", "assault", "undetermined"),
        ("Y099", "assault", "undetermined"),
        ("X954", "firearm", "legal_intervention"),
        ("X849", "self_harm", "assault"),
        ("Y100", "undetermined", "assault"),
        ("X599", "unspecified_external", "assault"),
        ("Y350", "legal_intervention", "assault"),
        ("Y350", "firearm", "war"),
        ("Y35", "legal_intervention", "firearm"),
        ("V877", "road_traffic_who", "road_traffic_gbd"),
        ("V877", "road_traffic_cdc", "assault"),
        ("V05", "land_transport_paho", "road_traffic_who"),
        ("V820", "land_transport_paho", "road_traffic_who"),
        ("R99", "ill_defined", "external"),
    ],
)
def test_groups_of_causes(cause: str, inside: str, outside: str) -> None:
    assert inside in groups_of(cause)
    assert outside not in groups_of(cause)


def test_homicide_is_x85_to_y09_and_y871_only() -> None:
    homicide = {c for c in stems("V01", "Y98") if "assault" in groups_of(c)}
    assert homicide == set(stems("X85", "Y09"))
    assert {f"Y87{n}" for n in range(10) if "assault" in groups_of(f"Y87{n}")} == {"Y871"}
    assert "assault" not in groups_of("Y87")


def test_ranges_are_well_formed_and_name_known_codes() -> None:
    group_rows = codelists.table("icd10_group_ranges")
    mechanism_rows = codelists.table("icd10_mechanism_ranges")
    for row in [*group_rows, *mechanism_rows]:
        first, last = row["cause_from"], row["cause_to"]
        assert len(first) == len(last) in (3, 4)
        assert first <= last
        # a range of subcategories across categories would take whole categories in
        assert len(first) == 3 or first[:3] == last[:3]
    assert {row["group"] for row in group_rows} == set(codelists.load("icd10_group").codes)
    assert {row["evidence"] for row in group_rows} <= set(codelists.EVIDENCE)
    assert {row["mechanism"] for row in mechanism_rows} <= set(codelists.load("mechanism").codes)
    assert {row["intent"] for row in mechanism_rows} == set(codelists.load("intent").codes)


def test_each_intentional_or_undetermined_cause_has_one_mechanism_and_its_intent() -> None:
    for cause in stems("X60", "Y34"):
        found = mechanisms_of(cause)
        assert len(found) == 1, cause
        assert found[0][1] in groups_of(cause)
    assert mechanisms_of("X954") == [("firearm", "assault")]
    assert mechanisms_of("Y354") == [("sharp", "legal_intervention")]
    assert mechanisms_of("Y871") == []


def test_no_cause_has_two_mechanisms() -> None:
    assert all(len(mechanisms_of(cause)) <= 1 for cause in stems("V01", "Y98"))


def test_firearm_deaths_are_the_firearm_row_over_all_intents() -> None:
    every = [*stems("V01", "Y98"), *(f"Y35{n}" for n in range(8))]
    by_mechanism = {c for c in every if any(mechanism == "firearm" for mechanism, _ in mechanisms_of(c))}
    assert by_mechanism == {c for c in every if "firearm" in groups_of(c)}


# --- malformed lists


def test_a_good_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text(GOOD, "utf-8")
    listed = codelists.read(path)
    assert listed.codes == ("A", "B")
    assert listed.children("A") == ("B",)
    assert listed.title == "letters"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (GOOD + "C,X,c,c,c,,,official\n", 4, "parent 'X' of 'C'"),
        (GOOD + "A,,a,a,a,,,official\n", 4, "'A' stands twice"),
        (GOOD + "C,,c,c,c,2020-13-01,,official\n", 4, "'2020-13-01' is no date"),
        (GOOD + "C,,c,c,c,20200101,,official\n", 4, "'20200101' is no date"),
        (GOOD + "C,,c,c,c,,01/02/2020,official\n", 4, "no date"),
        (GOOD + "C,,c,c,c,2021-01-01,2020-01-01,official\n", 4, "ends"),
        (GOOD + "C,D,c,c,c,,,official\nD,C,d,d,d,,,official\n", 4, "circle: C > D > C"),
        (GOOD + "C,C,c,c,c,,,official\n", 4, "circle: C > C"),
        (GOOD + "C,,c,,c,,,official\n", 4, "lacks a label"),
        (GOOD + "C,,c,c,c,,,certain\n", 4, "evidence is 'certain'"),
        (GOOD + ",,c,c,c,,,official\n", 4, "code is empty"),
        (GOOD + " C,,c,c,c,,,official\n", 4, "spaces around it"),
        (GOOD + "C,,c,c,c,,official\n", 4, "7 fields, the header 8"),
        (GOOD + "\n", 4, "0 fields"),
        (GOOD.replace("label_pt", "label_fr"), 1, "the header is"),
        (HEAD + "\n", 1, "no codes"),
    ],
)
def test_a_malformed_list_is_refused_with_file_and_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    path = tmp_path / "letters.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Misuse, match=what) as caught:
        codelists.read(path)
    assert caught.value.where == f"{path}:{line}"
    assert caught.value.how


def test_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_bytes(GOOD.encode() + "C,,Víctima,c,c,,,official\n".encode("latin-1"))
    with pytest.raises(Misuse, match="not UTF-8") as caught:
        codelists.read(path)
    assert caught.value.where == f"{path}:4"


def test_unknown_names_say_what_there_is() -> None:
    with pytest.raises(Misuse) as caught:
        codelists.load("colour")
    assert "counting_unit" in caught.value.how
    with pytest.raises(Misuse) as caught:
        codelists.table("colour")
    assert "age_band_limits" in caught.value.how

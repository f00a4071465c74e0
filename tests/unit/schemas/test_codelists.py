"""Code lists: what they must hold, and how a malformed list is refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from schemas import codelists
from schemas.errors import Misuse

HEAD = ",".join(codelists.HEADER)
GOOD = f"{HEAD}\nA,,a,a,a,2020-01-01,,official\nB,A,b,b,b,,,secondary\n"
LONG = f"{HEAD},{','.join(codelists.EXPLAINING)}\nA,,a,a,a,2020-01-01,,official,,\nB,,b,b,b,,,secondary,,\n"


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
    for path in [*codelists.FOLDER.rglob("*.csv"), *(codelists.FOLDER.parent / "reference").glob("*.csv")]:
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


# --- ICCS


#: Classes of each section at levels 2, 3 and 4 of the classification's version 1.0.
ICCS_CLASSES = {
    "01": (8, 4, 2),
    "02": (12, 33, 27),
    "03": (3, 6, 11),
    "04": (2, 5, 7),
    "05": (5, 15, 11),
    "06": (3, 6, 13),
    "07": (5, 15, 6),
    "08": (9, 26, 3),
    "09": (8, 14, 10),
    "10": (5, 15, 2),
    "11": (3, 9, 6),
}


def test_iccs_is_complete_in_every_section_with_leading_zeros() -> None:
    iccs = codelists.load("iccs")
    assert iccs.codes[-1] == "unmapped"
    assert iccs.entry("unmapped").parent == ""
    assert iccs.entry("unmapped").evidence == "secondary"
    classes = iccs.codes[:-1]
    assert all(c.isdigit() and len(c) in (2, 4, 5, 6) for c in classes)
    assert list(classes) == sorted(classes)
    counts = {
        section: tuple(sum(c[:2] == section and len(c) == n for c in classes) for n in (4, 5, 6))
        for section in (c for c in classes if len(c) == 2)
    }
    assert counts == ICCS_CLASSES
    assert sum(map(sum, ICCS_CLASSES.values())) == 309
    assert "101" not in iccs
    # two residuals whose code one national institute writes otherwise
    doubted = {c for c in classes if iccs.entry(c).evidence != "official"}
    assert doubted == {"01049", "0909"}
    assert all(iccs.entry(c).note for c in doubted)


def test_an_iccs_code_ends_in_9_where_it_is_what_is_left_over() -> None:
    """Except 0209, the ninth of its section; every residual is the last of its siblings."""
    iccs = codelists.load("iccs")
    left_over = {c for c in iccs.codes if c.endswith("9") and len(c) > 2} - {"0209"}
    assert all("other" in iccs.entry(c).label_en.lower() for c in left_over)
    assert {e.code for e in iccs.entries if e.label_en.startswith("Other ")} <= left_over | {"11"}
    for code in left_over:
        assert iccs.children(iccs.entry(code).parent)[-1] == code


def test_every_iccs_class_has_labels_of_its_own_in_three_languages() -> None:
    """But for the residuals to which UNODC gives the words of the class above them."""
    entries = codelists.load("iccs").entries
    for language, repeated in (
        ("es", {"020299", "10099", "1109"}),
        ("en", {"020299", "10099", "1109"}),
        ("pt", {"1109"}),
    ):
        labels: dict[str, str] = {}
        for e in entries:
            if e.label(language) in labels:
                assert e.code in repeated
            labels.setdefault(e.label(language), e.code)


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


# --- malformed lists


def test_a_good_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text(GOOD, "utf-8")
    listed = codelists.read(path)
    assert listed.codes == ("A", "B")
    assert listed.children("A") == ("B",)
    assert listed.title == "letters"


def test_a_code_that_ended_says_what_to_use_instead(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    text = LONG + "C,,c,c,c,2001-01-01,2010-12-31,official,A,\nD,,d,d,d,,2012-12-31,official,,split up\n"
    path.write_text(text, "utf-8")
    listed = codelists.read(path)
    assert listed.entry("C").successor == "A"
    assert listed.entry("D").note == "split up"


def test_a_code_with_two_meanings_in_time_is_one_code(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    text = LONG + "C,,new,new,new,2011-01-01,,official,,\nC,B,old,old,old,,2010-12-31,official,,used again\n"
    path.write_text(text, "utf-8")
    listed = codelists.read(path)
    assert listed.codes == ("A", "B", "C")
    assert listed.entry("C").label_en == "new"
    assert listed.entry("C", date(2010, 12, 31)).label_en == "old"
    assert listed.children("B") == ("C",)
    with pytest.raises(Misuse, match="no code 'A' on 2019-12-31"):
        listed.entry("A", date(2019, 12, 31))


def test_a_label_that_nobody_has_confirmed_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text(GOOD + "C,,letra,letter,letra,,,needs_review\n", "utf-8")
    listed = codelists.read(path)
    found = [listed.entry("C").label(language) for language in ("es", "en", "pt")]
    assert found == ["letra (por confirmar)", "letter (to be confirmed)", "letra (a confirmar)"]
    assert listed.entry("A").label("en") == "a"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (GOOD + "C,X,c,c,c,,,official\n", 4, "parent 'X' of 'C'"),
        (GOOD + "A,,a,a,a,,,official\n", 4, "'A' stands twice"),
        (LONG + "A,,a,a,a,,2020-01-01,official,,ended\n", 4, "'A' stands twice"),
        (GOOD + "C,,c,c,c,,2020-01-01,official\n", 4, "'C' ended on 2020-01-01"),
        (LONG + "C,,c,c,c,,2020-01-01,official,,\n", 4, "'C' ended on 2020-01-01"),
        (LONG + "C,,c,c,c,,2020-01-01,official,X,\n", 4, "successor 'X' of 'C'"),
        (LONG + "C,,c,c,c,,,official,A,\n", 4, "no last day"),
        (
            LONG + "C,,c,c,c,,2020-01-01,official,D,\nD,,d,d,d,,2021-01-01,official,C,\n",
            4,
            "successors of 'C' go in a circle: C > D > C",
        ),
        (GOOD + "C,,c,c,c,2020-13-01,,official\n", 4, "'2020-13-01' or '' is no date"),
        (GOOD + "C,,c,c,c,20200101,,official\n", 4, "'20200101' or '' is no date"),
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

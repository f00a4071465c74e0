"""Correspondence tables: what they say at each time, and how one that says two things is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from schemas import codelists
from schemas.errors import Misuse
from sources.kit import correspondence, discovery
from sources.kit.words import Recode

HEAD = "DELITO,MODALIDAD,code,status,weight,valid_from,valid_to,note\n"


def read(folder: Path, text: str) -> correspondence.Correspondence:
    """A table of the columns DELITO and MODALIDAD."""
    (folder / "offences.csv").write_text(text, encoding="utf-8")
    return correspondence.read(folder / "offences.csv", ["DELITO", "MODALIDAD"])


def test_a_table_says_by_whose_word_it_is(tmp_path: Path) -> None:
    table = read(
        tmp_path, HEAD + "Robo,Con violencia,0401,official,,,,\nOtros,,unmapped,official,,,,no class yet\n"
    )
    assert table.official
    assert table.codes == ("0401", "unmapped")
    assert table.labels == (("Robo", "Con violencia"), ("Otros", ""))
    assert not table.dated
    assert not read(tmp_path, HEAD + "Robo,x,0401,official,,,,\nHurto,x,0502,draft,,,,\n").official
    # where nothing is said it is a draft
    assert not read(tmp_path, "DELITO,MODALIDAD,code\nRobo,x,0401\n").official


def test_a_class_that_changed_holds_until_the_other_begins(tmp_path: Path) -> None:
    rows = "Robo,x,0401,draft,,,2019-12-31,\nRobo,x,0501,draft,,2020-01-01,,\nHurto,x,0502,draft,,,,\n"
    table = read(tmp_path, HEAD + rows)
    assert table.dated
    robbery, theft = ("Robo", "x"), ("Hurto", "x")
    assert table.times() == [
        (None, {robbery: "0401", theft: "0502"}),
        (dt.date(2020, 1, 1), {robbery: "0501", theft: "0502"}),
    ]
    assert table.timeless() == {theft: "0502"}


def test_a_gap_in_time_is_a_time_without_the_label(tmp_path: Path) -> None:
    rows = "Robo,x,0401,draft,,2015-01-01,2015-12-31,\nRobo,x,0401,draft,,2017-01-01,,\n"
    assert read(tmp_path, HEAD + rows).times() == [
        (None, {}),
        (dt.date(2015, 1, 1), {("Robo", "x"): "0401"}),
        (dt.date(2016, 1, 1), {}),
        (dt.date(2017, 1, 1), {("Robo", "x"): "0401"}),
    ]


def test_a_label_that_is_several_codes_has_weights_that_add_up_to_one(tmp_path: Path) -> None:
    parts = "Robo,x,0401,draft,0.7,,,\nRobo,x,0501,draft,0.25,,,\nRobo,x,0502,draft,0.05,,,\n"
    table = read(tmp_path, HEAD + parts + "Hurto,x,0502,draft,1,,,\n")
    assert [(row.code, row.weight) for row in table.divided] == [
        ("0401", Decimal("0.7")),
        ("0501", Decimal("0.25")),
        ("0502", Decimal("0.05")),
    ]
    assert table.times() == [(None, {("Hurto", "x"): "0502"})]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (HEAD + "Robo,x,0401,certain,,,,\n", 2, "status is 'certain'"),
        (HEAD + "Robo,x,,draft,,,,\n", 2, "has no code"),
        (HEAD + " ,,0401,draft,,,,\n", 2, "no label"),
        (HEAD + "Robo,x,0401,draft,,2020-13-01,,\n", 2, "no date"),
        (HEAD + "Robo,x,0401,draft,,,01/02/2020,\n", 2, "no date"),
        (HEAD + "Robo,x,0401,draft,,2021-01-01,2020-01-01,\n", 2, "ends .* before it starts"),
        (HEAD + "Robo,x,0401,draft,1.2,,,\n", 2, "weight is '1.2'"),
        (HEAD + "Robo,x,0401,draft,0,,,\n", 2, "weight is '0'"),
        (HEAD + 'Robo,x,0401,draft,"0,5",,,\n', 2, "weight is '0,5'"),
        (HEAD + "Robo,x,0401,draft,NaN,,,\n", 2, "weight is 'NaN'"),
        (HEAD + "Robo,x,0401,draft,0.5,,,\nRobo,x,0501,draft,0.4,,,\n", 3, "add up to 0.9, not to 1"),
        (HEAD + "Robo,x,0401,draft,0.5,,,\n", 2, "add up to 0.5, not to 1"),
        (HEAD + "Robo,x,0401,draft,,,,\nHurto,x,0502,,,,,\nRobo,x,0501,draft,,,,\n", 4, "two codes for 'Robo"),
        (HEAD + "Robo,x,0401,draft,,,,\nRobo,x,0401,draft,,,,\n", 3, "twice for one time .first in line 2"),
        (
            HEAD + "Robo,x,0401,draft,,,2020-06-30,\nRobo,x,0501,draft,,2020-01-01,,\n",
            3,
            "two codes for 'Robo | x'",
        ),
        (HEAD + "Robo,x,0401,draft,,,\n", 2, "7 fields, the header 8"),
        ("DELITO,MODALIDAD,code,valid_form\n", 1, "'valid_form', which means nothing"),
        ("DELITO,MODALIDAD,code,code\n", 1, "two columns are called 'code'"),
        ("DELITO,code,status\n", 1, "lacks MODALIDAD"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_hold_together_is_refused(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    with pytest.raises(Misuse, match=what) as caught:
        read(tmp_path, text)
    assert caught.value.where == f"{tmp_path / 'offences.csv'}:{line}"
    assert caught.value.how


def test_all_faults_of_a_table_are_told_with_their_lines(tmp_path: Path) -> None:
    rows = (
        "Robo,x,,certain,,,,\n"  # 2: no code, and no status
        "Hurto,x,0502,draft,,,\n"  # 3: too short
        "Fraude,x,0701,draft,2,,,\n"  # 4: weight
        "Estafa,x,0701,draft,,,,\n"
        "Estafa,x,0702,draft,,,,\n"  # 6: two codes
        "Abuso,x,0301,draft,0.5,,,\n"  # 7: half a code; not told, as a line that is to be mended may hold the rest
    )
    with pytest.raises(Misuse) as caught:
        read(tmp_path, HEAD + rows)
    assert caught.value.where == f"{tmp_path / 'offences.csv'}:2"
    first, *others = caught.value.what.splitlines()
    assert first == "'Robo | x' has no code"
    assert [line.split(": ")[0].strip() for line in others] == ["line 2", "line 3", "line 4", "line 6"]
    for line, what in zip(
        others, ("status is 'certain'", "7 fields", "weight is '2'", "two codes"), strict=True
    ):
        assert what in line
        assert line.endswith(")"), "the cure is told with the fault"
    with pytest.raises(Misuse) as caught:
        read(tmp_path, "DELITO,code,code,valid_form,strange\n")
    assert len(caught.value.what.splitlines()) == 4


def test_of_many_faults_twenty_are_told_and_the_number_of_the_others(tmp_path: Path) -> None:
    with pytest.raises(Misuse) as caught:
        read(tmp_path, HEAD + "".join(f"Robo {i},x,0401,certain,,,,\n" for i in range(25)))
    lines = caught.value.what.splitlines()
    assert lines[-1].strip() == "and 5 more"
    assert len(lines) == 21
    with pytest.raises(Misuse) as caught:
        read(tmp_path, HEAD + "".join(f"Robo {i},x,0401,certain,,,,\n" for i in range(20)))
    assert "more" not in caught.value.what


def test_a_misspelt_column_is_told_by_its_right_name(tmp_path: Path) -> None:
    with pytest.raises(Misuse) as caught:
        read(tmp_path, "DELITO,MODALIDAD,code,valid_form\n")
    assert caught.value.how == "did you mean valid_from?"


def test_a_column_of_the_source_that_is_called_like_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("code,status\n1,draft\n", encoding="utf-8")
    with pytest.raises(Misuse, match="'code' is called like a column of the table"):
        correspondence.read(tmp_path / "t.csv", ["code"])


def test_no_correspondence_of_the_repository_claims_more_than_it_is() -> None:
    """Every table of ours to ICCS is a draft: no country has published one that we hold."""
    found = []
    for source in discovery.load_all():
        for layout in source.specification.layouts:
            for field, verb in layout.map.items():
                if field == "iccs" and isinstance(verb, Recode) and verb.table:
                    table = correspondence.read(source.folder / verb.table, verb.reads)
                    assert not table.official, table.path
                    found.append(table)
    assert len(found) >= 5
    for table in found:
        if table.path.name == "offences.csv":
            assert set(table.codes) <= set(codelists.load("iccs").codes)

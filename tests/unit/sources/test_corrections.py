"""``corrections.yml``: values corrected before all else, and the guard that stops when they are not needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.errors import Misuse, Refusal, Told
from sources.kit import discovery
from sources.kit.discovery import Source
from tests.unit.sources import desk

FILE = "delivery.csv"
TEXT = (
    "day,n,case,name\n2024-01-15,1,A-1,Ana Secreta\n2024-31-01,2,A-2,Luis Secreto\n2024-01-17,3,A-3,\n"
    "2024-01-17,4,,Ñandú\n2024-01-17,4,,Ñandú\n"
)
GOOD = {
    "name": "day_of_a2",
    "key": {"n": "2"},
    "column": "day",
    "old": "2024-31-01",
    "new": "2024-01-31",
    "reason": "month and day are swapped; letter 45/2024",
    "reporter": "records office",
    "date": "2024-05-02",
}
LAYOUT = desk.layout(
    columns={"open": ["day", "n"], "identifier": ["case"], "restricted": ["name"]},
    map={**desk.MAP, "count": {"parse": "integer", "from": "n"}, "case_hmac": {"hmac": "case"}},
)


def correction(**changes: Any) -> dict[str, Any]:
    """A correction with some of its keys changed; None takes one away."""
    return {k: v for k, v in {**GOOD, **changes}.items() if v is not None}


def source(
    folder: Path, *corrections: dict[str, Any], layout: dict[str, Any] = LAYOUT, **changes: Any
) -> Source:
    home = desk.declare(folder, layout, **changes)
    said = yaml.safe_dump({"corrections": list(corrections)}, sort_keys=False, allow_unicode=True)
    (home / "corrections.yml").write_text(said, encoding="utf-8")
    return discovery.read(home)


def line(error: Told) -> str:
    """The line of ``corrections.yml`` that a message names."""
    path, _, number = str(error.where).rpartition(":")
    return Path(path).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip()


def test_a_value_of_the_record_with_a_key_is_corrected(tmp_path: Path) -> None:
    made = desk.take_in(source(tmp_path, correction()), TEXT)
    days = [str(day) for (day,) in made.records("occurrence_date")]
    assert days == ["2024-01-15", "2024-01-31", "2024-01-17", "2024-01-17", "2024-01-17"]
    assert made.broken() == {}
    (applied,) = made.delivery.corrections
    assert (applied.name, applied.row_number, applied.column) == ("day_of_a2", 2, "day")
    assert (applied.old, applied.new, applied.reporter) == ("2024-31-01", "2024-01-31", "records office")
    assert made.delivery.rows_delivered == made.delivery.records_made == 5


def test_without_corrections_the_delivery_is_read_in_one_pass_and_with_them_it_gives_the_same(
    tmp_path: Path,
) -> None:
    plain = desk.take_in(desk.source(tmp_path, LAYOUT), TEXT)
    elsewhere = desk.take_in(source(tmp_path, correction(key={"n": "99"})), TEXT)
    fields = ("row_number", "occurrence_date", "count", "case_hmac", "record_key", "broken")
    assert plain.records(*fields) == elsewhere.records(*fields)
    assert elsewhere.delivery.corrections == (), "the record is in another delivery"


def test_blanks_spaces_and_several_corrections(tmp_path: Path) -> None:
    made = desk.take_in(
        source(
            tmp_path,
            correction(column="n", old="2", new=""),
            correction(name="b", key={"day": " 2024-01-15", "n": "1 "}, column="n", old="1", new="ñ 'x'"),
            correction(name="c", key={"n": "3"}, column="n", old=" 3 ", new="30"),
        ),
        TEXT.replace("15,1,", "15, 1 ,"),
    )
    assert [n for (n,) in made.records("count")] == [None, None, 30, 4, 4]
    assert made.broken()["count.unreadable"] == [1]
    assert [c.name for c in made.delivery.corrections] == ["day_of_a2", "b", "c"]


def test_identifiers_and_restricted_columns_are_corrected_and_never_shown(tmp_path: Path) -> None:
    by_case = correction(key={"case": "A-2"}, column="case", old="A-2", new="A-22")
    restricted = correction(
        name="b", key={"case": "A-1"}, column="name", old="Ana Secreta", new="Eva Secreta"
    )
    made = desk.take_in(source(tmp_path, by_case, restricted), TEXT)
    (tmp_path / "other").mkdir()
    other = desk.take_in(desk.source(tmp_path / "other", LAYOUT), TEXT.replace("A-2", "A-22"))
    assert made.records("case_hmac") == other.records("case_hmac")
    assert [(c.column, c.old, c.new) for c in made.delivery.corrections] == [
        ("case", None, None),
        ("name", None, None),
    ]


def hashed(tmp_path: Path, row: int) -> str:
    """The hash of a record, as the message tells it."""
    with pytest.raises(Misuse) as misuse:
        desk.take_in(source(tmp_path, correction(key=None, row=row, file="delivery*")), TEXT)
    assert misuse.value.code == "correction_without_hash" and line(misuse.value) == "- name: day_of_a2"
    return misuse.value.how.rpartition("row_hash: ")[2]


def test_a_record_without_a_key_is_named_by_position_and_hash(tmp_path: Path) -> None:
    told = hashed(tmp_path, 2)
    by_row = correction(key=None, row=2, row_hash=told, file="Delivery*")
    made = desk.take_in(source(tmp_path, by_row), TEXT)
    assert made.broken() == {} and made.delivery.corrections[0].row_number == 2
    # other rows came before it: the hash still names it
    moved = desk.take_in(source(tmp_path, by_row), TEXT.replace("name\n", "name\n2024-01-01,9,,\n"))
    assert moved.broken() == {} and moved.delivery.corrections[0].row_number == 3


def test_the_position_tells_equal_records_apart(tmp_path: Path) -> None:
    told = hashed(tmp_path, 5)
    assert told == hashed(tmp_path, 4)
    fourth = correction(key=None, row=5, row_hash=told, file="delivery.csv", column="n", old="4", new="40")
    made = desk.take_in(source(tmp_path, fourth), TEXT)
    assert [n for (n,) in made.records("count")] == [1, 2, 3, 4, 40]
    with pytest.raises(Refusal) as refusal:
        desk.take_in(source(tmp_path, {**fourth, "row": 2}), TEXT)
    assert refusal.value.code == "correction_ambiguous"


@pytest.mark.parametrize(
    ("changes", "text", "code", "says"),
    [
        (
            {},
            TEXT.replace("2024-31-01", "2024-01-31"),
            "correction_mended",
            "has the corrected value already",
        ),
        ({}, TEXT.replace("2024-31-01", "2024-01-30"), "correction_mended", "another value than the old one"),
        ({"key": {"n": "4"}, "old": "x"}, TEXT, "correction_ambiguous", "names 2 records"),
        ({"key": {"n": "99"}, "file": "delivery*"}, TEXT, "correction_not_found", "is not in delivery.csv"),
        (
            {"key": None, "row": 2, "row_hash": "0" * 16, "file": "*"},
            TEXT,
            "correction_not_found",
            "is not in",
        ),
        (
            {"key": {"case": "A-1"}, "column": "name", "old": "Eva Otra", "new": "Eva Secreta"},
            TEXT,
            "correction_mended",
            "another value",
        ),
    ],
)
def test_the_delivery_stops_when_the_error_is_not_there(
    tmp_path: Path, changes: dict[str, Any], text: str, code: str, says: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        desk.take_in(source(tmp_path, correction(name="other", key={"n": "99"}), correction(**changes)), text)
    assert refusal.value.code == code and says in refusal.value.what
    assert (
        "'day_of_a2'" in refusal.value.what
        and refusal.value.how
        and line(refusal.value) == "- name: day_of_a2"
    )
    assert "Secreta" not in refusal.value.text() and "A-1" not in refusal.value.text()


def test_a_position_that_the_file_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="has no record 9"):
        desk.take_in(source(tmp_path, correction(key=None, row=9, file="delivery*")), TEXT)


def test_two_corrections_of_one_value(tmp_path: Path) -> None:
    with pytest.raises(Misuse) as misuse:
        desk.take_in(
            source(tmp_path, correction(), correction(name="again", key={"case": "A-2"}, new="x")), TEXT
        )
    assert "change one value" in misuse.value.what and line(misuse.value) == "- name: again"


def test_files_and_editions_that_a_correction_does_not_concern(tmp_path: Path) -> None:
    edition = {"from": "file_name", "pattern": r"(?P<year>\d{4})-(?P<month>\d\d)"}
    elsewhere = correction(file="other*")
    ended = correction(name="b", until="2024-06-30")
    declared = source(tmp_path, elsewhere, ended, edition=edition)
    assert desk.take_in(declared, TEXT, name="x 2024-07.csv").delivery.corrections == ()
    assert [c.name for c in desk.take_in(declared, TEXT, name="x 2024-06.csv").delivery.corrections] == ["b"]
    assert declared.corrections.version("x") != declared.corrections.version("OTHER.csv")
    assert source(tmp_path, elsewhere).corrections.version("x") is None


def test_corrections_decide_what_a_delivery_means(tmp_path: Path) -> None:
    before = source(tmp_path, correction()).version
    assert source(tmp_path, correction(new="2024-01-30")).version != before
    (tmp_path / "probe" / "corrections.yml").unlink()
    assert discovery.read(tmp_path / "probe").version != before


def test_rows_that_cannot_be_read_are_counted_in_positions(tmp_path: Path) -> None:
    broken = TEXT.replace("2024-31-01", "2024-01-15,1,A-1,x,too,many\n2024-31-01")
    made = desk.take_in(source(tmp_path, correction()), broken)
    assert made.unreadable() == [2] and made.delivery.corrections[0].row_number == 3


@pytest.mark.parametrize(
    ("changes", "says", "at"),
    [
        ({"key": None}, "by its key or by its row", "- name"),
        ({"row": 2, "file": "x"}, "by its key or by its row", "- name"),
        ({"key": None, "row": 2}, "add file", "- name"),
        ({"row_hash": "0" * 16}, "take it out", "- name"),
        ({"old": "x", "new": "x "}, "one value", "- name"),
        ({"reason": ""}, "reason", "reason"),
        ({"reporter": None}, "reporter", "- name"),
        ({"date": "2024-02-30"}, "date", "date"),
        ({"row_hash": "xyz"}, "row_hash", "row_hash"),
        ({"old": 5}, "old", "old: 5"),
        ({"column": "gone"}, "no layout of the source has the column 'gone'", "column: gone"),
        ({"key": {"gone": "1"}}, "no layout of the source has the column 'gone'", "column: day"),
        ({"until": "2024-12-31"}, "the source has no edition", "until:"),
        ({"why": "x"}, "why", "why: x"),
    ],
)
def test_corrections_that_do_not_serve(tmp_path: Path, changes: dict[str, Any], says: str, at: str) -> None:
    with pytest.raises(Misuse) as misuse:
        source(tmp_path, correction(**changes))
    assert says in misuse.value.text() and misuse.value.how
    assert line(misuse.value).startswith(at)


def test_two_corrections_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="two corrections are called 'day_of_a2'"):
        source(tmp_path, correction(), correction())

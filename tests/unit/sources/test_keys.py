"""A key that the provider guarantees: equal records load once, different ones are not chosen between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit.identifiers import MasterKey
from tests.unit.sources import desk

MAP = {
    **desk.MAP,
    "count": {"parse": "integer", "from": "n"},
    "case_hmac": {"hmac": "id"},
    "person_hmac": {"hmac": "who"},
}
LAYOUT = desk.layout(
    columns={"open": ["day", "n"], "identifier": ["id", "who"]},
    map={**MAP, "role": {"fixed": "victim"}},
)
DAY = "2024-01-01"


def staged(
    folder: Path, rows: list[str], *columns: str, repeated: str = "load_once", **more: Any
) -> desk.Staged:
    declared = desk.source(
        folder,
        LAYOUT,
        record_type="person_role",
        key={"columns": list(columns) or ["id"], "repeated": repeated},
        **more,
    )
    return desk.take_in(declared, "day,n,id,who\n" + "\n".join(rows) + "\n")


def test_equal_records_load_once(tmp_path: Path) -> None:
    made = staged(
        tmp_path, [f"{DAY},1,A,x", f"{DAY},2,B,x", f"{DAY},1,A,x", f"{DAY},1, a ,X", f"{DAY},3,C,z"]
    )
    assert made.records("row_number", "exclusion") == [
        (1, None),
        (2, None),
        (3, "repeated"),
        (4, "repeated"),
        (5, None),
    ]
    assert made.broken() == {}
    assert made.delivery.repeated_rows == 0


@pytest.mark.parametrize("second", [f"{DAY},2,A,x", f"{DAY},1,A,y", "2024-01-02,1,A,x"])
def test_different_records_are_all_quarantined(tmp_path: Path, second: str) -> None:
    made = staged(tmp_path, [f"{DAY},1,A,x", f"{DAY},1,B,x", second, f"{DAY},1,A,x"])
    assert made.broken() == {"key.repeated": [1, 3, 4]}
    assert made.exclusions() == {}


def test_quarantine_all(tmp_path: Path) -> None:
    made = staged(tmp_path, [f"{DAY},1,A,x", f"{DAY},1,B,x", f"{DAY},1,A,x"], repeated="quarantine_all")
    assert made.broken() == {"key.repeated": [1, 3]}
    assert made.exclusions() == {}


def test_missing_key(tmp_path: Path) -> None:
    made = staged(tmp_path, [f"{DAY},1,,x", f"{DAY},1,,x", f"{DAY},1,  ,x", f"{DAY},1,A,x"])
    assert made.broken() == {"key.missing": [1, 2, 3]}
    assert made.records("record_key")[:3] == [(None,)] * 3


def test_a_key_of_several_columns(tmp_path: Path) -> None:
    rows = [
        f"{DAY},1,A,x",
        f"{DAY},1,A,y",
        f"{DAY},1,A,",
        f"{DAY},1,A,x",
        "2024-01-02,1,B,x",
        "2024-01-03,1,B,x",
    ]
    made = staged(tmp_path, rows, "id", "who")
    assert made.broken() == {"key.missing": [3], "key.repeated": [5, 6]}
    assert made.exclusions() == {"repeated": 1}


def test_open_keys_need_no_master_key_and_no_salt(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, desk.layout(), key={"columns": ["day", "n"]}, demo=False)
    rows = "day,n\n2024-01-01,1\n2024-01-02,1\n 2024-01-01 ,1 \n"
    one, other = (desk.take_in(declared, rows, salt=salt) for salt in (1, 2))
    assert one.records("record_key") == other.records("record_key")
    assert one.exclusions() == {"repeated": 1}
    assert len({key for (key,) in one.records("record_key")}) == 2


def test_keys_of_identifiers_depend_on_key_and_salt(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, LAYOUT, record_type="person_role", key={"columns": ["id"]}, demo=False)
    text = f"day,n,id,who\n{DAY},1,A,x\n"
    keys = {
        desk.take_in(declared, text, salt=salt, key=key).records("record_key")[0][0]
        for salt, key in ((1, desk.KEY), (2, desk.KEY), (1, MasterKey(b"z" * 32)))
    }
    assert len(keys) == 3


def test_identifiers_without_a_key(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, LAYOUT, record_type="person_role", demo=False)
    with pytest.raises(Misuse) as misuse:
        desk.take_in(declared, f"day,n,id,who\n{DAY},1,A,x\n")
    assert (misuse.value.code, misuse.value.exit_status) == ("no_master_key", 2)
    assert "SIPREV_MASTER_KEY" in misuse.value.where
    assert misuse.value.how


def test_the_demonstration_key_is_for_made_up_sources_only(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, LAYOUT, record_type="person_role", demo=True)
    made = desk.take_in(declared, f"day,n,id,who\n{DAY},1,A,x\n")
    assert made.records("case_hmac")[0][0] is not None


def test_value_columns_side_by_side_share_the_key_of_their_row(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["year", "e", "f"]},
        rows={"unpivot": {"columns": {"e": 1, "f": 2}, "name": "m", "value": "v", "blank": "not_reported"}},
        map={
            **desk.MAP,
            "occurrence_date": {"parse": "year_month", "year": "year", "month": "m"},
            "count": {"parse": "integer", "from": "v"},
        },
    )
    declared = desk.source(tmp_path, layout, key={"columns": ["year"]})
    made = desk.take_in(declared, "year,e,f\n2024,1,2\n2023,1,\n2024,1,3\n2023,1,\n")
    assert made.records("row_number", "row_part", "exclusion") == [
        *((1, 1, None), (1, 2, None), (2, 1, None), (2, 2, "not_reported")),
        *((3, 1, "repeated"), (3, 2, None), (4, 1, "repeated"), (4, 2, "not_reported")),
    ]
    assert made.broken() == {"key.repeated": [1, 3]}
    assert made.records("row_part", where="broken <> 0") == [(2,), (2,)]

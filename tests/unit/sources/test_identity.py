"""Identifiers of a delivery: one hash for all spellings, none for what can be no identifier, keys alike."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from schemas.rules import explain
from sources.kit import discovery
from sources.kit.discovery import Source
from tests.unit.sources import desk

DAY = "2024-01-15"
MAP = {**desk.MAP, "case_hmac": {"hmac": "folio"}, "incident_hmac": {"hmac": "doc"}}


def declared(folder: Path, identifier: Any, **changes: Any) -> Source:
    layout = desk.layout(
        columns={"open": ["day"], "identifier": identifier}, map={**MAP, **changes.pop("map", {})}
    )
    return desk.source(folder, layout, **changes)


def hashed(purpose: str, text: str) -> bytes:
    return hmac.digest(desk.KEY.derive(purpose), text.encode(), hashlib.sha256)


def csv(*rows: tuple[str, str]) -> str:
    return "\n".join(["day,folio,doc", *(f'{DAY},"{folio}","{doc}"' for folio, doc in rows)]) + "\n"


def test_two_spellings_have_one_hash_and_one_reference(tmp_path: Path) -> None:
    source = declared(tmp_path, {"folio": "folio", "doc": "run_cl"})
    rows = [("FGJ/0012/2024", "12.531.909-2"), (" fgj-12-2024", "12531909 2"), ("FGJ–12.2024", "012531909-2")]
    made = desk.take_in(source, csv(*rows), key=desk.KEY)
    expected = (hashed("case", "FGJ-12-2024"), hashed("incident", "125319092"))
    assert made.records("case_hmac", "incident_hmac") == [expected] * 3
    assert len(set(made.records("case_ref", "incident_ref"))) == 1
    assert made.broken() == {}


def test_what_can_be_no_identifier_of_its_kind_has_no_hash(tmp_path: Path) -> None:
    source = declared(tmp_path, {"folio": "folio", "doc": "cpf_br"})
    rows = [("", ""), ("-", "SIN DATO"), (" ", "99999999999"), ("1", "529.982.247-26")]
    made = desk.take_in(source, csv(*rows), key=desk.KEY)
    assert made.records("case_hmac") == [(None,), (None,), (None,), (hashed("case", "1"),)]
    wrong = hashed("incident", "52998224726")
    assert made.records("incident_hmac") == [(None,), (None,), (None,), (wrong,)]
    assert made.records("incident_ref")[:3] == [(None,)] * 3
    assert made.delivery.records_made == 4


def test_a_key_is_compared_in_its_normal_form(tmp_path: Path) -> None:
    rows = [("0012/2024", "1"), ("12-2024", "1"), ("13-2024", "1"), (" ", "1"), ("", "1")]
    for column, identifier in (
        ("folio", {"folio": "folio", "doc": "free"}),
        ("doc", {"folio": "free", "doc": "folio"}),
    ):
        source = declared(tmp_path, identifier, key={"columns": [column]})
        order = rows if column == "folio" else [(b, a) for a, b in rows]
        made = desk.take_in(source, csv(*order), key=desk.KEY)
        assert made.exclusions() == {"repeated": 1}
        assert made.broken() == {"key.missing": [4, 5]}


def test_a_key_of_several_columns_takes_the_normal_form_of_each(tmp_path: Path) -> None:
    source = declared(tmp_path, {"folio": "folio", "doc": "document"}, key={"columns": ["folio", "doc"]})
    made = desk.take_in(source, csv(("1-1", "a.b"), ("01/1", "AB"), ("1-1", "AC"), ("1-1", "")), key=desk.KEY)
    assert made.exclusions() == {"repeated": 1}
    assert made.broken() == {"key.missing": [4]}


def test_an_identifier_that_nothing_reads_costs_nothing(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day"], "identifier": {"folio": "free", "doc": "curp"}}, map=desk.MAP
    )
    made = desk.take_in(desk.source(tmp_path, layout), csv(("x", "y")), key=desk.KEY)
    assert made.delivery.records_made == 1
    assert made.delivery.key_version == 1


def test_rows_of_a_workbook_and_of_a_text_file_have_the_same_hashes(tmp_path: Path) -> None:
    """A spreadsheet makes numbers of documents."""
    text = declared(tmp_path, {"folio": "folio", "doc": "cpf_br"}, id="text")
    excluded = {"exclude": [{"reason": "test", "column": "day", "equals": "x"}]}
    layout = desk.layout(
        columns={"open": ["day"], "identifier": {"folio": "folio", "doc": "cpf_br"}}, map=MAP, rows=excluded
    )
    tabled = desk.source(tmp_path, layout, id="tabled")
    rows = csv(("7", "52998224725.0"), ("07", "529.982.247-25"))
    one, other = (desk.take_in(source, rows, key=desk.KEY) for source in (text, tabled))
    assert one.records("case_hmac", "incident_hmac") == other.records("case_hmac", "incident_hmac")
    assert len(set(one.records("case_hmac", "incident_hmac"))) == 1


def test_the_version_of_the_key_goes_with_the_delivery(tmp_path: Path) -> None:
    source = declared(tmp_path, ["folio", "doc"])
    assert desk.take_in(source, csv(("1", "2")), key=desk.KEY).delivery.key_version == 1
    assert desk.take_in(source, csv(("1", "2"))).delivery.key_version == 0
    assert desk.take_in(desk.source(tmp_path, id="plain"), "day,n\n").delivery.key_version is None


@pytest.mark.parametrize(
    ("identifier", "told"),
    [
        ({"folio": "follio", "doc": "free"}, "'follio' is no kind of identifier"),
        (["folio", "folio", "doc"], "declared twice: folio"),
        ({"folio": "free", "day": "free", "doc": "free"}, "declared twice: day"),
    ],
)
def test_a_wrong_declaration_is_told_with_its_line(tmp_path: Path, identifier: Any, told: str) -> None:
    with pytest.raises(Misuse) as misuse:
        declared(tmp_path, identifier)
    assert told in misuse.value.text()
    assert misuse.value.where.rpartition(":")[2].isdigit()


def test_a_list_of_identifiers_is_of_no_kind(tmp_path: Path) -> None:
    source = declared(tmp_path, ["folio", "doc"])
    (layout,) = source.specification.layouts
    assert layout.columns.identifier == {"folio": "free", "doc": "free"}
    assert discovery.read(source.folder).specification == source.specification


@pytest.mark.parametrize("severity", [None, "warn", "row"])
def test_a_wrong_check_digit_is_counted_or_quarantined(tmp_path: Path, severity: str | None) -> None:
    verb = {"hmac": "doc", "unknown": ["S/N"], **({"check_digit": severity} if severity else {})}
    source = declared(tmp_path, {"folio": "free", "doc": "cpf_br"}, map={"incident_hmac": verb})
    values = ["529.982.247-25", "529.982.247-26", "SIN DATO", "", " ", "S/N", "11111111111"]
    made = desk.take_in(source, csv(*((str(n), value) for n, value in enumerate(values))), key=desk.KEY)
    marked = made.broken() if severity == "row" else made.broken("warned")
    assert marked == {"incident_hmac.check_digit": [2, 3, 7]}
    if severity != "row":
        assert made.broken() == {}
    (rule,) = [r for r in made.delivery.rules if r.code == "incident_hmac.check_digit"]
    assert rule.severity == (severity or "warn")


@pytest.mark.parametrize("kind", ["free", "folio", "document"])
def test_what_stands_in_the_place_of_an_identifier_makes_no_person(tmp_path: Path, kind: str) -> None:
    verb = {"hmac": "doc", "unknown": ["POR DEFINIR"]}
    source = declared(tmp_path, {"folio": "free", "doc": kind}, map={"incident_hmac": verb})
    values = ["AB-12", "SIN DATO", "99999999", "XXXX", "POR DEFINIR", "", "ab-12"]
    made = desk.take_in(source, csv(*((str(n), value) for n, value in enumerate(values))), key=desk.KEY)
    hashes = [h for (h,) in made.records("incident_hmac")]
    assert hashes[0] == hashes[6] is not None
    assert hashes[1:6] == [None] * 5
    assert made.broken() == {}
    assert made.broken("warned") == {"incident_hmac.check_digit": [2, 3, 4]}


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_rule_is_explained(language: str) -> None:
    message, hint = explain("person_hmac.check_digit", language)
    assert message.startswith("person_hmac: ")
    assert hint


def test_value_columns_side_by_side_are_judged_for_their_row(tmp_path: Path) -> None:
    rows = {"unpivot": {"columns": {"a": 1, "b": 2}, "name": "k", "value": "v", "blank": "empty"}}
    layout = desk.layout(
        columns={"open": ["day", "a", "b"], "identifier": {"doc": "dui_sv"}},
        map={**desk.MAP, "case_hmac": {"hmac": "doc"}, "count": {"parse": "integer", "from": "v"}},
        rows=rows,
    )
    text = f"day,a,b,doc\n{DAY},1,2,00016297-5\n{DAY},3,,162974\n{DAY},5,6,00016297-4\n"
    made = desk.take_in(desk.source(tmp_path, layout), text, key=desk.KEY)
    assert made.broken("warned") == {"case_hmac.check_digit": [2, 3, 3]}
    assert made.exclusions() == {"empty": 1}
    assert len(set(made.records("case_hmac"))) == 2

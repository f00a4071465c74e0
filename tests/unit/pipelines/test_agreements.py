"""The register of agreements says on any day how each stands; the day is given, never taken from a clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings
from pipelines.steps import agreements, state
from schemas.errors import Misuse
from sources.kit.keyring import Keyring
from sources.kit.specification import TO_COMPLETE, Agreement
from tests.unit.sources import desk

TODAY = dt.date(2026, 11, 24)
PLAIN = desk.DECLARATION["agreement"]


def agreed(**changes: Any) -> Agreement:
    return Agreement.model_validate({**PLAIN, **changes})


@pytest.mark.parametrize(
    ("changes", "wanted", "detail"),
    [
        ({}, "ok", ""),
        ({"valid_from": "2020-01-01", "valid_until": "2030-12-31"}, "ok", ""),
        ({"valid_from": "2026-11-24"}, "ok", ""),
        ({"valid_from": "2026-11-25"}, "not begun", "begins in 1 day"),
        ({"valid_until": "2027-01-24"}, "ok", ""),
        ({"valid_until": "2027-01-23"}, "ends soon", "ends in 60 days"),
        ({"valid_until": "2026-11-25"}, "ends soon", "ends in 1 day"),
        ({"valid_until": "2026-11-24"}, "ends soon", "ends today"),
        ({"valid_until": "2026-11-23"}, "ended", "ended 1 day ago"),
        ({"valid_until": "2024-11-24"}, "ended", "ended 730 days ago"),
        ({"legal_basis": TO_COMPLETE}, "incomplete", "to be completed: legal_basis"),
        ({"recipients": {"public": [TO_COMPLETE]}}, "incomplete", "to be completed: recipients"),
        ({"recipients": {}}, "incomplete", "to be completed: recipients"),
        # what ends is told before what is lacking
        ({"licence": TO_COMPLETE, "valid_until": "2026-12-01"}, "ends soon", "ends in 7 days"),
    ],
)
def test_how_an_agreement_stands(changes: dict[str, Any], wanted: str, detail: str) -> None:
    found = agreements.standing(agreed(**changes), TODAY)
    assert (found.state, found.detail) == (wanted, detail)
    assert bool(found.cure) is (wanted != "ok")


def test_the_warning_can_come_earlier() -> None:
    ending = agreed(valid_until="2027-03-01")
    assert agreements.standing(ending, TODAY).state == "ok"
    assert agreements.standing(ending, TODAY, warned=120).state == "ends soon"


def test_an_agreement_cannot_end_before_it_begins(tmp_path: Path) -> None:
    wrong = {**PLAIN, "valid_from": dt.date(2025, 1, 1), "valid_until": dt.date(2024, 1, 1)}
    with pytest.raises(Misuse, match="the agreement ends before it begins"):
        desk.source(tmp_path, agreement=wrong)


def test_the_register_has_every_source(tmp_path: Path) -> None:
    until = dt.date(2026, 12, 31)
    sources = [
        desk.source(tmp_path),
        desk.source(
            tmp_path,
            id="ending",
            agreement={**PLAIN, "valid_until": until, "contact": "Dirección de Estadística"},
        ),
    ]
    first, second = agreements.register(sources, TODAY)
    assert (first["source"], first["state"], first["valid_until"]) == ("probe", "ok", None)
    assert first["recipients"] == ["public: everyone"]
    assert (second["source"], second["state"], second["detail"]) == ("ending", "ends soon", "ends in 37 days")
    assert (second["valid_until"], second["contact"]) == (until, "Dirección de Estadística")
    assert second["mend"] == "renew it with the owner"


def test_the_doctor_tells_agreements(tmp_path: Path) -> None:
    directory = tmp_path / "sources"
    directory.mkdir()
    for name, until in (
        ("soon", dt.date(2026, 12, 1)),
        ("over", dt.date(2026, 1, 1)),
        ("far", dt.date(2099, 1, 1)),
    ):
        desk.declare(directory, id=name, agreement={**PLAIN, "valid_until": until})
    settings = Settings(tmp_path / "var", (directory,), "ana", Keyring(), None, "1GB", 1, 0)
    found = {
        f["detail"].partition(":")[0]: f for f in state.doctor(settings, TODAY) if f["check"] == "agreement"
    }
    assert {name: f["state"] for name, f in found.items()} == {"soon": "warning", "over": "problem"}
    assert "ends in 7 days" in found["soon"]["detail"]
    assert found["over"]["cure"].startswith("renew it with the owner")
    # on another day nothing is wrong
    early = state.doctor(settings, dt.date(2025, 1, 1))
    assert {f["check"]: f["state"] for f in early}["agreements"] == "ok"

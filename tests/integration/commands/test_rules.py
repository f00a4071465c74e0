"""Rules of every scope through the command line: what they do to a delivery, and where a person reads of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.commands.files import Samples
from tests.integration.commands.home import Home
from tests.unit.sources.desk import DECLARATION

SURVEY_KEYS: dict[str, Any] = {
    "survey_code": {"fixed": "XSV"},
    "edition": {"copy": "edition"},
    "label_year": {"fixed": 2024},
    "reference_date": {"parse": "year", "from": "year"},
}


def declare(
    folder: Path, record_type: str, columns: Sequence[str], mapped: dict[str, Any], **changes: Any
) -> str:
    """Declare a source of the sample country; returns its name."""
    name = f"xaa_probe_{record_type}"
    declared = {
        "id": name,
        "title": {"es": "Prueba", "en": "Probe", "pt": "Prova"},
        "country": "XAA",
        "record_type": record_type,
        "source_type": "survey",
        "demo": True,
        "agreement": DECLARATION["agreement"],
        "delivers": {
            "slice": {"period": "year"},
            "cells": "none",
            "place_basis": "occurrence",
            "date_basis": "occurrence",
            **changes,
        },
        "layouts": [
            {"id": "plain", "file": {"format": "csv"}, "columns": {"open": list(columns)}, "map": mapped}
        ],
    }
    (folder / name).mkdir(parents=True)
    text = yaml.safe_dump(declared, sort_keys=False, allow_unicode=True)
    (folder / name / "source.yml").write_text(text, encoding="utf-8")
    return name


def write(path: Path, header: Sequence[str], lines: Sequence[str]) -> Path:
    path.write_text("\n".join([",".join(header), *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return tmp_path / "sources"


def results(home: Home, name: str) -> dict[str, tuple[Any, ...]]:
    """Scope, judged, broken and whether it was raised, of every rule of the source's last delivery."""
    rows = home.rows(
        f"""SELECT rule_code, scope, n_judged, n_broken, raised FROM meta.rule_result WHERE delivery_id =
        (SELECT max(delivery_id) FROM meta.delivery WHERE source_id = '{name}')"""
    )
    return {row["rule_code"]: tuple(list(row.values())[1:]) for row in rows}


def test_a_survey_is_held_against_its_design(tmp_path: Path, sources: Path) -> None:
    """Weights are what the account adds up; persons of an edition that nobody described are told."""
    header = ["year", "edition", "person", "weight", "after_dark"]
    mapped = {
        **SURVEY_KEYS,
        "person_key": {"copy": "person"},
        "weight": {"parse": "decimal", "from": "weight"},
        "safety_after_dark": {"copy": "after_dark"},
    }
    persons = declare(
        sources, "survey_person", header, mapped, date_basis="reference_date", place_basis="residence"
    )
    home = Home.begun(tmp_path / "var", sources)
    lines = [
        "2024,e1,a,10.505,safe",
        "2024,e1,b,20.25,never_goes_out",
        "2024,e1,c,-1,safe",
        "2024,e2,d,1.5,unsafe",
    ]
    home.run("ingest", persons, write(tmp_path / "p.csv", header, lines))
    (delivery,) = home.rows("SELECT * FROM meta.delivery")
    # each weight is rounded to cents before it is added, on both sides of the account
    assert [float(delivery[f"events_{part}"]) for part in ("made", "loaded", "quarantined")] == [
        31.26,
        32.26,
        -1.0,
    ]
    found = results(home, persons)
    assert found["weight.range"] == ("row", 4, 1, True)
    assert found["survey_code.not_loaded"] == ("reference", 3, 3, True)
    assert found["person_key.repeated"] == ("delivery", 3, 0, False)
    answers = home.rows("SELECT safety_after_dark::VARCHAR AS said FROM core.survey_person ORDER BY said")
    assert [row["said"] for row in answers] == ["never_goes_out", "safe", "unsafe"]


def test_a_rule_refuses_a_delivery_by_name(tmp_path: Path, sources: Path) -> None:
    """Shares of a split area that do not add up would lose people: nothing of the delivery is loaded."""
    header = ["from", "to", "share"]
    mapped = {
        "from_code": {"copy": "from", "prefix": "XAA-"},
        "to_code": {"copy": "to", "prefix": "XAA-"},
        "from_version": {"fixed": "2020"},
        "to_version": {"fixed": "2025"},
        "change_date": {"fixed": "2025-01-01"},
        "change_kind": {"fixed": "split"},
        "weight_basis": {"fixed": "population"},
        "share": {"parse": "decimal", "from": "share"},
    }
    changes = declare(
        sources, "area_change", header, mapped, date_basis="change_date", slice={"period": "all"}
    )
    home = Home.begun(tmp_path / "var", sources)
    wrong = write(tmp_path / "wrong.csv", header, ["01001,01001,0.6", "01001,01009,0.3", "02001,02001,1"])
    done = home.run("ingest", changes, wrong, status=1)
    assert "share.not_one: The shares of an area do not add up to 1" in done.stderr
    assert "2 of 3 records" in done.stderr
    assert home.value("SELECT count(*) FROM core.area_change") == 0
    assert home.value("SELECT refusal_code FROM meta.delivery") == "share.not_one"
    right = write(tmp_path / "right.csv", header, ["01001,01001,0.6", "01001,01009,0.4", "02001,02001,1"])
    home.run("ingest", changes, right)
    assert home.value("SELECT count(*) FROM core.area_change") == 3


def test_what_a_rule_tells_is_shown(tmp_path: Path, sources: Path, samples: Samples) -> None:
    """Heaped hours and unknown areas: the records are loaded, delivery show and status say so."""
    header = ["day", "hour", "area"]
    mapped = {
        "counting_unit": {"fixed": "offence"},
        "event_class": {"fixed": "offence"},
        "occurrence_date": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
        "occurrence_hour": {"parse": "integer", "from": "hour"},
        "occurrence_municipality": {"copy": "area", "prefix": "XAA-"},
    }
    incidents = declare(sources, "incident", header, mapped)
    home = Home.begun(tmp_path / "var", sources)
    home.run("ingest", "xaa_areas", samples.areas)
    known = home.value("SELECT min(area_code) FROM ref.area WHERE area_level = 'municipality'").removeprefix(
        "XAA-"
    )
    lines = [
        f"2024-01-{2 + i % 20:02d},{0 if i < 20 else 13},{known if i % 2 else '99999'}" for i in range(40)
    ]
    home.run("ingest", incidents, write(tmp_path / "i.csv", header, lines))
    found = results(home, incidents)
    assert found["occurrence_hour.heaped_at_midnight"] == ("delivery", 40, 20, True)
    assert found["occurrence_municipality.not_loaded"] == ("reference", 40, 20, True)
    assert home.value("SELECT count(*) FROM core.incident") == 40
    shown = json.loads(home.run("delivery", "show", "2", "--json").stdout)["rules_broken"]
    assert [(r["rule_code"], r["severity"], r["scope"], r["share"]) for r in shown] == [
        ("occurrence_hour.heaped_at_midnight", "warn", "delivery", 0.5),
        ("occurrence_municipality.not_loaded", "warn", "reference", 0.5),
    ]
    (status,) = [r for r in home.json("status")["sources"] if r["source"] == incidents]
    assert (status["quarantined"], status["warnings"]) == (0, 2)

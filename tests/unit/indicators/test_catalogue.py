"""The catalogue: discovery, and every kind of faulty definition told with file, line and cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indicators import catalogue, policy
from indicators.compute import compute
from schemas.errors import Misuse
from tests.unit.indicators.world import World

GOOD = catalogue.FOLDER / "homicide" / "homicide_rate_police.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of two definitions, to be spoilt."""
    for path in (GOOD, catalogue.FOLDER / "homicide" / "homicide_files_rate.yml"):
        target = tmp_path / "homicide" / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def spoilt(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """Replace a text of the definition; returns the file and the line of the new text."""
    path = folder / "homicide" / GOOD.name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path, text[: text.index(old)].count("\n") + 1


def test_discovery_finds_every_file_and_needs_no_list() -> None:
    found = catalogue.load()
    files = {p.stem for p in catalogue.FOLDER.rglob("*.yml")}
    assert len(files) >= 4
    assert {i.id for i in found.indicators} == files
    assert len(found.version) == 12


@pytest.mark.parametrize(
    ("old", "new", "said", "cure"),
    [
        ("field: iccs", "field: icss", "have no field 'icss'", "use one of"),
        ("field: role, in: [victim]", "field: role, in: [victims]", "no code 'victims'", "codes are text"),
        ('descends: "0101"', 'descends: "101"', "no code '101'", "leading zeros"),
        ("counting_unit: victim\n  where", "counting_unit: victims\n  where", "'victims' is not in", "use one of"),
        ("record_type: person_role", "record_type: persons", "unknown record type 'persons'", "did you mean"),
        ("unit: {A: PER_100000_POP", "unit: {A: PER_LAKH", "'PER_LAKH' is not in the code list", "use one of"),
        ("place_basis: [occurrence]", "place_basis: [injury]", "no field 'injury_first_level'", "choose"),
        ("date_basis: [occurrence]", "date_basis: [birth]", "'birth' is not in the code list date_basis", "use one of"),
        ("id: homicide_rate_police", "id: homicide_rate", "the file is homicide_rate_police.yml", "same name"),
        ("domain: homicide", "domain: violence", "the domain is 'violence'", "move"),
        ("age_years: 22", "age_year: 22", "no field 'age_year'", "spelling"),
        ("{field: role, in: [victim]}", "{field: occurrence_hour, in: ['1']}", "no code list", "use one of"),
        ("{field: role, in: [victim]}", "{field: cause, within: [assault]}", "no field 'cause'", "use one of"),
        ("{field: role, in: [victim]}", "{field: sex, within: [assault]}", "within speaks of 'cause' only", "cause"),
    ],
)  # fmt: skip
def test_a_definition_that_disagrees_with_the_schemas(
    folder: Path, old: str, new: str, said: str, cure: str
) -> None:
    path, line = spoilt(folder, old, new)
    with pytest.raises(Misuse) as told:
        catalogue.load(folder)
    assert said in told.value.what
    assert cure in told.value.how
    assert told.value.where == f"{path}:{line}"
    assert told.value.exit_status == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("method: rate", "method: median", "method"),
        ("levels: [country, first_level]", "levels: [country, village]", "levels"),
        ("breakdowns: [sex,", "breakdowns: [gender,", "breakdowns"),
        ("decimals: 2", "decimals: 2\nprecision: 3", "precision"),
        ("freq: [A, M]", "freq: [A, M, M]\nfreq: [A]", "given twice"),
        ("freq: [A, M]", "freq: [A, Q]", "freq"),
        ("owner:", "holder:", "owner"),
        ('descends: "0101"', "descends: 0101", "descends"),
        ('descends: "0101"', 'descends: "0101", in: ["0102"]', "exactly one of"),
        ("{version: 1, date:", "{version: 2, date:", "the change log ends with version 2"),
        ("unit: {A: PER_100000_POP, M: PER_100000_POP}", "unit: {A: PER_100000_POP}", "no unit is given"),
        ("regional_method: ratio_of_sums", "regional_method: mean", "regional_method"),
    ],
)
def test_a_definition_that_does_not_fit_its_model(folder: Path, old: str, new: str, said: str) -> None:
    path, _ = spoilt(folder, old, new)
    with pytest.raises(Misuse) as told:
        catalogue.load(folder)
    assert said in told.value.text()
    assert told.value.where.startswith(f"{path}:")
    assert told.value.how


def test_all_faults_of_a_file_are_told_at_once(folder: Path) -> None:
    spoilt(folder, "record_type: person_role", "record_type: incident")
    with pytest.raises(Misuse, match=r"no field 'role'; line \d+: records of type incident have no sex"):
        catalogue.load(folder)


def test_keeping_going_keeps_the_fault_and_the_others(folder: Path) -> None:
    spoilt(folder, "method: rate", "method: median")
    found = catalogue.load(folder, keep_going=True)
    assert [i.id for i in found.indicators] == ["homicide_files_rate"]
    with pytest.raises(Misuse, match="method"):
        found.get("homicide_rate_police")
    outcome = compute(World().connection, keep_going=True, defined=found)
    assert outcome.computed == ("homicide_files_rate",)
    assert list(outcome.faults) == ["homicide_rate_police"]


def test_an_unknown_indicator_is_told_even_when_keeping_going() -> None:
    with pytest.raises(Misuse, match="unknown indicator 'homicides'") as told:
        compute(World().connection, ["homicides"], keep_going=True)
    assert "homicide_rate_police" in told.value.how


def test_an_empty_catalogue_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no indicators"):
        catalogue.load(tmp_path)


def test_the_version_follows_every_byte_of_definitions_and_rules(folder: Path) -> None:
    before = catalogue.load(folder)
    spoilt(folder, "decimals: 2", "decimals: 3")
    after = catalogue.load(folder)
    assert before.version != after.version
    assert before.digests["homicide_files_rate"] == after.digests["homicide_files_rate"]
    assert before.digests["homicide_rate_police"] != after.digests["homicide_rate_police"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("country: {A: [[age, sex]]}", "order"),
        ("country: {A: [[sex], [sex]]}", "twice"),
        ("country: {Q: [[]]}", "country"),
        ("village: {A: [[]]}", "village"),
    ],
)
def test_a_faulty_cell_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, said: str) -> None:
    path = tmp_path / "cells.yml"
    path.write_text(rule, encoding="utf-8")
    monkeypatch.setattr(policy, "CELLS", path)
    with pytest.raises(Misuse, match=said) as told:
        policy.cells.__wrapped__()
    assert told.value.where == f"{path}:1"


def test_the_grading_takes_the_first_broken_rule() -> None:
    world = World()
    quality = policy.quality()
    measures = (
        "1.0 AS coverage, 0.0 AS quarantined_share, {} AS unknown_share, {} AS events, 1 AS provisional"
    )
    for unknown, events, grade in ((0, 100, "B"), (0.3, 5, "C"), ("NULL", "NULL", "B")):
        chosen = measures.format(unknown, events)
        measured = f"(SELECT {chosen}, 0 AS population_estimated)"
        ((found, reason),) = world.execute(
            f"SELECT {quality.grade_sql()}, {quality.reason_sql()} FROM {measured}"
        )
        assert found == grade
        assert reason

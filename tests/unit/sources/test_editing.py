"""The schema that editors complete from: fresh, true to what the loader accepts, and with a meaning for every key."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from indicators import catalogue
from indicators import editing as of_indicators
from indicators.definition import Indicator
from schemas import declaration_schema, meanings, record_type
from sources.kit import corrections, discovery, editing
from sources.kit.specification import Specification
from tests.docs.documents import ROOT

EXAMPLES = ROOT / "docs" / "examples" / "sources"
DECLARED = sorted([*editing.BUILT_IN.glob("*/source.yml"), *EXAMPLES.glob("*/source.yml")])
JUDGE = jsonschema.Draft202012Validator(editing.schema())


def as_an_editor_reads(path: Path) -> Any:
    """YAML as JSON: a date is a text."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(k): plain(v) for k, v in value.items()}
        if isinstance(value, list):
            return [plain(v) for v in value]
        return value.isoformat() if isinstance(value, dt.date) else value

    return plain(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_schemas_on_disk_are_fresh() -> None:
    for name, text in editing.rendered().items():
        written = (editing.BUILT_IN / name).read_text(encoding="utf-8")
        assert written == text, "run python -m sources.kit.editing"
    assert of_indicators.PATH.read_text(encoding="utf-8") == of_indicators.rendered(), (
        "run python -m indicators.editing"
    )


def test_the_schemas_are_schemas() -> None:
    for text in editing.rendered().values():
        jsonschema.Draft202012Validator.check_schema(json.loads(text))
    jsonschema.Draft202012Validator.check_schema(of_indicators.schema())


@pytest.mark.parametrize("path", DECLARED, ids=lambda p: p.parent.name)
def test_every_declared_source_fits(path: Path) -> None:
    assert [e.message for e in JUDGE.iter_errors(as_an_editor_reads(path))] == []


@pytest.mark.parametrize("path", sorted(catalogue.FOLDER.glob("*/*.yml")), ids=lambda p: p.stem)
def test_every_indicator_fits(path: Path) -> None:
    judge = jsonschema.Draft202012Validator(of_indicators.schema())
    assert [e.message for e in judge.iter_errors(as_an_editor_reads(path))] == []


def _changed(change: Any) -> dict[str, Any]:
    declared: dict[str, Any] = copy.deepcopy(
        as_an_editor_reads(EXAMPLES / "xaa_prosecution_victims" / "source.yml")
    )
    change(declared, declared["layouts"][0]["map"])
    return declared


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d, m: d.update(colour="red"), id="unknown key"),
        pytest.param(lambda d, m: d.pop("agreement"), id="missing key"),
        pytest.param(lambda d, m: d["delivers"].update(cells="whole"), id="wrong word"),
        pytest.param(lambda d, m: d.update(record_type="person"), id="record type"),
        pytest.param(lambda d, m: d.update(country="MX"), id="country"),
        pytest.param(lambda d, m: d.update(source_type="polise"), id="source type"),
        pytest.param(lambda d, m: m.update(sexo=m.pop("sex")), id="field that does not exist"),
        pytest.param(lambda d, m: m.update(sex={"recod": "SEXO"}), id="verb"),
        pytest.param(lambda d, m: m["sex"].update(code={}), id="word of a verb"),
        # a field of another record type
        pytest.param(lambda d, m: m.update(n_victims={"fixed": 1}), id="field of an incident"),
    ],
)
def test_what_the_loader_refuses_an_editor_marks(change: Any) -> None:
    assert JUDGE.is_valid(_changed(lambda d, m: None))
    assert not JUDGE.is_valid(_changed(change))


@pytest.mark.parametrize("name", record_type.names())
def test_the_fields_of_every_record_type_are_completed_with_their_meaning(name: str) -> None:
    kind = record_type.load(name)
    (then,) = (
        r["then"] for r in editing.schema()["allOf"] if r["if"]["properties"]["record_type"]["const"] == name
    )
    mapped = then["properties"]["layouts"]["items"]["properties"]["map"]
    assert mapped["propertyNames"]["enum"] == list(kind.by_name)
    assert all(f.description["en"] in mapped["properties"][f.name]["description"] for f in kind.fields)


@pytest.mark.parametrize("root", [Specification, corrections.Declaration, Indicator])
def test_every_key_has_a_meaning(root: Any) -> None:
    lacking = {
        f"{model.__name__}.{key}"
        for model in declaration_schema.declared_models(root)
        for key in ((f.alias or n) for n, f in model.model_fields.items())
        if not meanings.of_keys(model).get(key)
    }
    assert lacking == set()


def test_every_source_of_the_project_names_its_schema() -> None:
    for path in editing.BUILT_IN.glob("*/source.yml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == editing.COMMENT, path
        assert (path.parent / first.partition("$schema=")[2]).resolve() == editing.BUILT_IN / editing.NAME


CORRECTION = {
    "name": "a_wrong_day", "key": {"FOLIO": "F-1"}, "column": "FECHA", "old": "2024-02-30", "new": "2024-02-29",
    "reason": "the provider's letter", "reporter": "Dirección de Estadística", "date": "2024-05-02",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"reasons": "x"}, False),
        ({"reason": ""}, False),
        ({"row": 0}, False),
        ({"old": 5}, False),
    ],
)
def test_corrections_are_completed_and_checked(changes: dict[str, Any], fits: bool) -> None:
    judge = jsonschema.Draft202012Validator(json.loads(editing.rendered()[editing.OF_CORRECTIONS]))
    assert judge.is_valid({"corrections": [{**CORRECTION, **changes}]}) is fits


def test_the_schemas_are_written_beside_the_sources_and_are_no_source(tmp_path: Path) -> None:
    editing.write(tmp_path)
    path = tmp_path / editing.NAME
    assert json.loads(path.read_text(encoding="utf-8"))["title"] == "source.yml"
    assert {p.name for p in tmp_path.iterdir()} == {editing.NAME, editing.OF_CORRECTIONS}
    before = path.stat().st_mtime_ns
    editing.write(tmp_path)
    assert path.stat().st_mtime_ns == before
    assert set(discovery.folders([tmp_path])) == set(discovery.folders())

"""The record types: the generated form is fresh, and its SQL rejects what pandera rejects, for the same rules."""

from __future__ import annotations

import pytest

from schemas import generate, record_type
from schemas.fields import AREA_FORM

NAMES = record_type.names()

#: The record types of the design.
DESIGNED = (
    "incident person_role missing_person case_event protection_measure custody facility resource service death injury "
    "birth survey survey_household survey_person survey_incident population households vehicles social_measure "
    "programme programme_area programme_budget programme_activity evaluation practice indicator_target "
    "published_indicator area area_change area_group"
)


def test_every_record_type_of_the_design_exists() -> None:
    assert set(NAMES) == set(DESIGNED.split())


@pytest.mark.parametrize("name", NAMES)
def test_generated_form_is_fresh(name: str) -> None:
    written = (record_type.GENERATED / f"{name}.json").read_text(encoding="utf-8")
    assert written == generate.rendered(name), "run python -m schemas.generate"


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_described_in_three_languages(name: str) -> None:
    kind = record_type.load(name)
    for texts in (kind.titles, kind.grains, *(f.description for f in kind.fields)):
        assert all(texts[language].strip() for language in ("es", "en", "pt")), (name, texts)
    assert {f.tier for f in kind.fields} <= {"open", "restricted"}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_record_type_says_of_itself_is_a_field(name: str) -> None:
    kind = record_type.load(name)
    day = kind.by_name[kind.date_field]
    assert day.sql_type == "DATE"
    assert day.required
    if kind.amount:
        assert kind.by_name[kind.amount].required
        assert kind.by_name[kind.amount].sql_type in ("INTEGER", "BIGINT", "DOUBLE")


def test_what_is_personal_stays_restricted() -> None:
    for name in NAMES:
        for field in record_type.load(name).fields:
            personal = field.name.endswith("_hmac") or field.name in ("person_ref", "longitude", "latitude")
            assert (field.tier == "restricted") == personal, (name, field.name)


def test_only_codes_of_areas_are_named_like_areas() -> None:
    """Ingestion holds a field whose name ends like a level of areas against the areas that are known."""
    for name in NAMES:
        kind = record_type.load(name)
        formed = {
            r.fields[0] for r in kind.rules if r.kind == "form" and r.parameters["pattern"] == AREA_FORM
        }
        assert {f.name for f in kind.fields if f.is_area} == formed, name


def test_a_field_of_one_name_is_one_field() -> None:
    """Where several record types have a field of one name, it has one type and one list."""
    seen: dict[str, tuple[str, str]] = {}
    for name in NAMES:
        for field in record_type.load(name).fields:
            known, first = seen.setdefault(field.name, (field.sql_type, name))
            # records count in INTEGER, published figures of whole countries in BIGINT
            if field.name != "count":
                assert known == field.sql_type, (field.name, first, name)

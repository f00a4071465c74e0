"""What a rule says to a person: the field by what it is, the limits that are declared, in three languages."""

from __future__ import annotations

import re

import pytest

from schemas import record_type
from schemas.rules import explain
from schemas.rules.families import FAMILIES
from schemas.rules.limits import FORMS

TYPES = [record_type.load(name) for name in record_type.names()]


@pytest.mark.parametrize(
    ("name", "code", "es", "en", "pt"),
    [
        (
            "person_role",
            "age_years.range",
            "Edad en años cumplidos (age_years) está fuera de los límites: de 0 a 110 años",
            "age_years is outside its limits: 0 to 110 years",
            "Idade em anos completos (age_years) está fora dos limites: de 0 a 110 anos",
        ),
        (
            "incident",
            "count.range",
            "Número de unidades de conteo del registro (count) está fuera de los límites: desde 0 unidades de conteo",
            "count is outside its limits: 0 or more counting units",
            "Número de unidades de contagem no registro (count) está fora dos limites: "
            "a partir de 0 unidades de contagem",
        ),
        (
            "incident",
            "occurrence_hour.range",
            "Hora del hecho (occurrence_hour) está fuera de los límites: hasta 23",
            "occurrence_hour is outside its limits: up to 23",
            "Hora do fato (occurrence_hour) está fora dos limites: até 23",
        ),
        (
            "incident",
            "occurrence_date.range",
            "Fecha del hecho (occurrence_date) está fuera de los límites: de 1900-01-01 a 2100-12-31",
            "occurrence_date is outside its limits: 1900-01-01 to 2100-12-31",
            "Data do fato (occurrence_date) está fora dos limites: de 1900-01-01 a 2100-12-31",
        ),
        (
            "incident",
            "occurrence_first_level.form",
            "Área de primer nivel: lugar del hecho (occurrence_first_level) no tiene la forma de un código: "
            "por ejemplo XAA-01",
            "occurrence_first_level does not have the form of a code: for example XAA-01",
            "Área de primeiro nível: lugar do fato (occurrence_first_level) não tem a forma de um código: "
            "por exemplo XAA-01",
        ),
        (
            "incident",
            "occurrence_hour.heaped_at_midnight",
            "Demasiados hechos a las 00 horas: quizá 00:00 signifique hora desconocida (se tolera hasta el 10 %)",
            "Too many events in the hour after midnight: 00:00 may mean that the hour is not known "
            "(up to 10% is tolerated)",
            "Fatos demais à 0 hora: talvez 00:00 signifique hora desconhecida (tolera-se até 10 %)",
        ),
    ],
)
def test_messages_name_the_field_and_its_limits(name: str, code: str, es: str, en: str, pt: str) -> None:
    kind = record_type.load(name)
    for language, told in (("es", es), ("en", en), ("pt", pt)):
        assert explain(code, language, kind=kind)[0] == told
    # a provider reads its own columns
    if code == "age_years.range":
        assert explain(code, "es", "«EDAD»", kind)[0] == "«EDAD» está fuera de los límites: de 0 a 110 años"


def test_no_message_calls_a_field_by_its_name_alone() -> None:
    """In Spanish and Portuguese a field's name stands in brackets after what it is, and no code stands alone."""
    for kind in TYPES:
        for rule in kind.rules:
            for language in ("es", "pt"):
                message, _ = explain(rule.code, language, kind=kind)
                alone = re.sub(r"\([a-z0-9_]+\)", "", message)
                assert not re.search(r"[a-z]+_[a-z]+", alone), (kind.name, rule.code, message)


def test_every_limit_stands_in_the_message() -> None:
    for kind in TYPES:
        for rule in kind.rules:
            if rule.kind not in ("range", "bounded", "heaped"):
                continue
            wanted = (
                [100 * rule.parameters["tolerated"] or None]
                if rule.kind == "heaped"
                else [rule.parameters[end] for end in ("low", "high")]
            )
            if rule.kind == "bounded" and not any(w and w > 1 for w in wanted):
                continue  # none, or one: told in words
            for language in ("es", "en", "pt"):
                message, _ = explain(rule.code, language, kind=kind)
                for limit in (w for w in wanted if w is not None):
                    shown = f"{limit:.0f}" if isinstance(limit, float) and limit.is_integer() else str(limit)
                    assert shown in message, (rule.code, language, message)


def test_every_form_has_an_example_of_it() -> None:
    patterns = {r.parameters["pattern"] for kind in TYPES for r in kind.rules if r.kind == "form"}
    assert patterns <= set(FORMS)
    for pattern, example in FORMS.items():
        assert re.search(pattern, example), pattern


def test_a_rule_is_explained_without_its_record_type() -> None:
    assert explain("age_years.range", "es")[0].endswith("de 0 a 110 años")
    assert explain("key.missing", "pt")[0] == "Falta a chave que a fonte garante"
    with pytest.raises(KeyError):
        explain("age_years.strange", "es")
    assert all(explain(f"age_years.{family}", "es") for family in FAMILIES)

"""Rules about areas, their changes and groups."""

from __future__ import annotations

from schemas.rules.kinds import adds_up, bounded, different, same_start, unique
from schemas.rules.rule import Declared, say

_CHECK_CODE = say("Compruebe los códigos", "Check the codes", "Verifique os códigos")

RULES: tuple[Declared, ...] = (
    different(
        "parent_code.itself",
        "area_code",
        "parent_code",
        (
            say("Un área se contiene a sí misma", "An area contains itself", "Uma área contém a si mesma"),
            _CHECK_CODE,
        ),
    ),
    same_start(
        "parent_code.of_another_country",
        "area_code",
        "parent_code",
        3,
        (
            say(
                "Un área está dentro de otro país",
                "An area lies in another country",
                "Uma área está dentro de outro país",
            ),
            _CHECK_CODE,
        ),
    ),
    same_start(
        "to_code.of_another_country",
        "from_code",
        "to_code",
        3,
        (
            say(
                "Un área pasó a otro país",
                "An area went to another country",
                "Uma área passou a outro país",
            ),
            _CHECK_CODE,
        ),
    ),
    different(
        "to_version.unchanged",
        "from_version",
        "to_version",
        (
            say(
                "El cambio es de una división a la misma",
                "The change is from a division to the same one",
                "A mudança é de uma divisão à mesma",
            ),
            say(
                "Dé las versiones de antes y de después",
                "Give the versions before and after",
                "Informe as versões de antes e de depois",
            ),
        ),
    ),
    bounded(
        "share.of_whole",
        "share",
        1,
        1,
        (
            say(
                "Un área que solo cambia de código o nombre pasa entera",
                "An area that changes code or name only passes as a whole",
                "Uma área que só muda de código ou nome passa inteira",
            ),
            say("La parte es 1", "The share is 1", "A parte é 1"),
        ),
        of="change_kind",
        among=("recode", "rename", "unchanged"),
    ),
    adds_up(
        "share.not_one",
        "share",
        ("from_code", "from_version", "to_version"),
        1.0,
        0.001,
        (
            say(
                "Las partes de un área no suman 1: al convertir se perdería o duplicaría población",
                "The shares of an area do not add up to 1: converting would lose or double people",
                "As partes de uma área não somam 1: ao converter se perderia ou duplicaria população",
            ),
            say(
                "Complete las áreas a las que pasó, o corrija las partes",
                "Complete the areas to which it went, or correct the shares",
                "Complete as áreas às quais passou, ou corrija as partes",
            ),
        ),
        severity="file",
    ),
    unique(
        "area_code.repeated",
        ("area_code", "boundary_version", "valid_from"),
        (
            say(
                "Un área está más de una vez en la misma división",
                "An area is more than once in the same division",
                "Uma área está mais de uma vez na mesma divisão",
            ),
            say(
                "Deje una fila por área y versión",
                "Leave one row for each area and version",
                "Deixe uma linha por área e versão",
            ),
        ),
        only=("area",),
    ),
)

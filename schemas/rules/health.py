"""Rules about deaths and injuries: causes and what goes with them."""

from __future__ import annotations

from schemas.rules.kinds import bounded, ordered, starting
from schemas.rules.rule import Declared, say

EXTERNAL = ("V", "W", "X", "Y")
NATURE = ("S", "T")

RULES: tuple[Declared, ...] = (
    starting(
        "cause_from.nature_code",
        "cause_from",
        NATURE,
        (
            say(
                "La causa básica es un código de naturaleza de la lesión (S o T)",
                "The underlying cause is a nature-of-injury code (S or T)",
                "A causa básica é um código de natureza da lesão (S ou T)",
            ),
            say(
                "Codifique la causa externa (V01-Y98) como causa básica",
                "Code the external cause (V01-Y98) as the underlying cause",
                "Codifique a causa externa (V01-Y98) como causa básica",
            ),
        ),
        allowed=False,
    ),
    ordered(
        "cause_to.before_cause_from",
        "cause_from",
        "cause_to",
        (
            say(
                "El intervalo de causas está invertido",
                "The range of causes is reversed",
                "O intervalo de causas está invertido",
            ),
            say("Corrija el intervalo", "Correct the range", "Corrija o intervalo"),
        ),
    ),
    starting(
        "cause_from.natural_manner",
        "cause_from",
        EXTERNAL,
        (
            say(
                "Una muerte natural tiene causa externa",
                "A natural death has an external cause",
                "Uma morte natural tem causa externa",
            ),
            say(
                "Compruebe la manera de la muerte y la causa básica",
                "Check the manner of death and the underlying cause",
                "Verifique a maneira da morte e a causa básica",
            ),
        ),
        allowed=False,
        of="manner_of_death",
        among=("natural",),
        severity="warn",
    ),
    starting(
        "cause_from.violent_manner",
        "cause_from",
        EXTERNAL,
        (
            say(
                "Un homicidio, suicidio o accidente no tiene causa externa",
                "A homicide, suicide or accident has no external cause",
                "Um homicídio, suicídio ou acidente não tem causa externa",
            ),
            say(
                "Compruebe la manera de la muerte y la causa básica",
                "Check the manner of death and the underlying cause",
                "Verifique a maneira da morte e a causa básica",
            ),
        ),
        allowed=True,
        of="manner_of_death",
        among=("homicide", "suicide", "accident", "road_traffic", "legal_intervention"),
        severity="warn",
    ),
    bounded(
        "age_years.of_infant_cause",
        "age_years",
        None,
        0,
        (
            say(
                "Una causa propia del primer año de vida tiene otra edad",
                "A cause of the first year of life has another age",
                "Uma causa própria do primeiro ano de vida tem outra idade",
            ),
            say(
                "Compruebe la unidad de la edad: horas, días, meses o años",
                "Check the unit of the age: hours, days, months or years",
                "Verifique a unidade da idade: horas, dias, meses ou anos",
            ),
        ),
        of="cause_from",
        starting=("P", "R95"),
        severity="warn",
    ),
    starting(
        "nature.external_code",
        "nature",
        NATURE,
        (
            say(
                "La naturaleza de la lesión no es un código S o T",
                "The nature of the injury is no S or T code",
                "A natureza da lesão não é um código S ou T",
            ),
            say(
                "La causa externa (V01-Y98) va en su propio campo",
                "The external cause (V01-Y98) has a field of its own",
                "A causa externa (V01-Y98) vai em seu próprio campo",
            ),
        ),
        allowed=True,
    ),
    starting(
        "cause.not_external",
        "cause",
        EXTERNAL,
        (
            say(
                "La causa externa no es un código V, W, X o Y",
                "The external cause is no V, W, X or Y code",
                "A causa externa não é um código V, W, X ou Y",
            ),
            say(
                "La naturaleza de la lesión (S o T) va en su propio campo",
                "The nature of the injury (S or T) has a field of its own",
                "A natureza da lesão (S ou T) vai em seu próprio campo",
            ),
        ),
        allowed=True,
    ),
)

"""Rules about deaths and injuries: causes and what goes with them."""

from __future__ import annotations

from schemas.rules.kinds import bounded, heaped, ordered, outside_group, starting
from schemas.rules.rule import Declared, say

EXTERNAL = ("V", "W", "X", "Y")
NATURE = ("S", "T")

_INVESTIGATE = say(
    "Acuerde con la institución investigar esas defunciones: esconden homicidios, suicidios y accidentes",
    "Agree with the institution to investigate these deaths: they hide homicides, suicides and accidents",
    "Combine com a instituição investigar esses óbitos: escondem homicídios, suicídios e acidentes",
)


def _assigned(field: str) -> Declared:
    return outside_group(
        f"{field}.no_category",
        field,
        "not_assigned",
        (
            say(
                "La CIE-10 no tiene la categoría de este código (por ejemplo V07, Y99 o U99)",
                "ICD-10 does not have the category of this code (for example V07, Y99 or U99)",
                "A CID-10 não tem a categoria deste código (por exemplo V07, Y99 ou U99)",
            ),
            say(
                "Compruebe el código con la edición vigente; si es un código propio del país, recodifíquelo",
                "Check the code with the edition in force; if it is one of the country's own, recode it",
                "Verifique o código com a edição vigente; se é um código próprio do país, recodifique-o",
            ),
        ),
        severity="warn",
    )


RULES: tuple[Declared, ...] = (
    *(_assigned(field) for field in ("cause_from", "cause_to", "cause", "nature")),
    outside_group(
        "cause_from.never_underlying",
        "cause_from",
        "never_underlying",
        (
            say(
                "El código no puede ser causa básica: es un factor suplementario o un motivo de consulta",
                "The code cannot be an underlying cause: it is a supplementary factor or a reason for contact",
                "O código não pode ser causa básica: é um fator suplementar ou um motivo de consulta",
            ),
            say(
                "Pida a la institución que vuelva a seleccionar la causa básica",
                "Ask the institution to select the underlying cause again",
                "Peça à instituição que selecione de novo a causa básica",
            ),
        ),
        severity="warn",
    ),
    heaped(
        "cause_from.often_ill_defined",
        "in_group",
        ("cause_from",),
        0.10,
        (
            say(
                "Más del 10 % de las defunciones tienen una causa mal definida (R00-R99)",
                "More than 10% of the deaths have an ill-defined cause (R00-R99)",
                "Mais de 10% dos óbitos têm uma causa mal definida (R00-R99)",
            ),
            _INVESTIGATE,
        ),
        within=("", "ill_defined"),
    ),
    heaped(
        "cause_from.often_undetermined",
        "in_group",
        ("cause_from",),
        0.20,
        (
            say(
                "Más del 20 % de las causas externas no dicen la intención o el mecanismo (Y10-Y34, X59, Y89.9)",
                "More than 20% of the external causes do not say intent or mechanism (Y10-Y34, X59, Y89.9)",
                "Mais de 20% das causas externas não dizem a intenção ou o mecanismo (Y10-Y34, X59, Y89.9)",
            ),
            _INVESTIGATE,
        ),
        within=("external", "poor_quality"),
    ),
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

"""Rules about published figures: values with their parts, intervals and totals."""

from __future__ import annotations

from schemas.rules.kinds import at_least_one, bounded, ordered, parts_of_total, together, unique
from schemas.rules.rule import Declared, say

_CHECK_FIGURE = say(
    "Compruebe la cifra en la publicación",
    "Check the figure in the publication",
    "Verifique o número na publicação",
)
_CHECK_ROWS = say(
    "Compruebe si el archivo trae dos veces la misma cifra, o un desglose que no se declaró",
    "Check whether the file has the same figure twice, or a breakdown that was not declared",
    "Verifique se o arquivo traz duas vezes o mesmo número, ou uma desagregação não declarada",
)
_TWICE = say(
    "Hay más de una cifra con el mismo desglose",
    "There is more than one figure with the same breakdown",
    "Há mais de um número com a mesma desagregação",
)
_PLACE = ("residence_country", "residence_first_level", "residence_municipality", "residence_declared_area")
_EDITION = ("reference_date", "vintage", "producer")
_PERSONS = ("age_from", "age_to", "ethnicity", "migration", "disability", "urbanisation")

_VALUES = (
    at_least_one(
        "value.nothing_given",
        ("value", "numerator"),
        (
            say(
                "No hay valor ni numerador",
                "There is neither value nor numerator",
                "Não há valor nem numerador",
            ),
            _CHECK_FIGURE,
        ),
        only=("social_measure",),
    ),
    at_least_one(
        "value.missing_without_reason",
        ("value", "obs_status"),
        (
            say(
                "Falta el valor y no se dice por qué",
                "The value is missing and nothing says why",
                "Falta o valor e não se diz por quê",
            ),
            say(
                "Dé el estado de la observación: suprimida, no disponible, no aplica",
                "Give the observation status: suppressed, not available, not applicable",
                "Informe a situação da observação: suprimida, não disponível, não se aplica",
            ),
        ),
        only=("published_indicator",),
    ),
    bounded(
        "value.outside_percent",
        "value",
        0,
        100,
        (
            say(
                "Un porcentaje está fuera de 0 a 100",
                "A percentage is outside 0 to 100",
                "Uma porcentagem está fora de 0 a 100",
            ),
            say(
                "Compruebe la unidad: quizá la columna sea una tasa, o una parte de 1",
                "Check the unit: the column may be a rate, or a share of 1",
                "Verifique a unidade: talvez a coluna seja uma taxa, ou uma parte de 1",
            ),
        ),
        of="unit_measure",
        among=("PT",),
    ),
    ordered(
        "numerator.above_denominator",
        "numerator",
        "denominator",
        (
            say(
                "El numerador de un porcentaje es mayor que su denominador",
                "The numerator of a percentage is greater than its denominator",
                "O numerador de uma porcentagem é maior que seu denominador",
            ),
            _CHECK_FIGURE,
        ),
        of="unit_measure",
        among=("PT",),
    ),
)

_INTERVALS = tuple(
    ordered(
        f"{second}.below_{first}",
        first,
        second,
        (
            say(
                f"{second} es menor que {first}",
                f"{second} is less than {first}",
                f"{second} é menor que {first}",
            ),
            say(
                "Compruebe el valor y los límites de su intervalo",
                "Check the value and the limits of its interval",
                "Verifique o valor e os limites de seu intervalo",
            ),
        ),
    )
    for first, second in (
        ("ci_lower", "ci_upper"),
        ("ci_lower", "value"),
        ("value", "ci_upper"),
        ("ci_lower", "effect"),
        ("effect", "ci_upper"),
    )
)

_LIMITS = together(
    "ci_upper.without_ci_lower",
    "ci_lower",
    "ci_upper",
    (
        say(
            "El intervalo tiene un solo límite",
            "The interval has one limit only",
            "O intervalo tem só um limite",
        ),
        _CHECK_FIGURE,
    ),
    severity="warn",
)

_REPEATED = (
    unique(
        "count.repeated_population",
        (*_EDITION, *_PLACE, "sex", *_PERSONS),
        (_TWICE, _CHECK_ROWS),
        only=("population",),
    ),
    unique(
        "count.repeated_households",
        (*_EDITION, *_PLACE, "counting_unit", "urbanisation", "with_vehicle"),
        (_TWICE, _CHECK_ROWS),
        only=("households",),
    ),
    unique(
        "count.repeated_vehicles",
        (
            *_EDITION,
            "registration_country",
            "registration_first_level",
            "registration_municipality",
            "vehicle_class",
        ),
        (_TWICE, _CHECK_ROWS),
        only=("vehicles",),
    ),
    unique(
        "value.repeated_measure",
        (*_EDITION, *_PLACE, "measure", "education_level", "reference_date_to", "sex", *_PERSONS),
        (_TWICE, _CHECK_ROWS),
        only=("social_measure",),
    ),
    parts_of_total(
        "sex.total_differs",
        "sex",
        (*_EDITION, *_PLACE, *_PERSONS),
        (
            say(
                "El total de ambos sexos no es la suma de mujeres y hombres",
                "The total of both sexes is not the sum of women and men",
                "O total de ambos os sexos não é a soma de mulheres e homens",
            ),
            say(
                "Compruebe si las cifras son de la misma edición",
                "Check whether the figures are of the same edition",
                "Verifique se os números são da mesma edição",
            ),
        ),
        only=("population",),
    ),
)

_TARGETS = tuple(
    ordered(
        f"target_value.not_{direction}",
        *fields,
        (
            say(
                "La meta va en sentido contrario al deseado",
                "The target goes against the desired direction",
                "A meta vai no sentido contrário ao desejado",
            ),
            say(
                "Compruebe la línea de base, la meta y el sentido",
                "Check baseline, target and direction",
                "Verifique a linha de base, a meta e o sentido",
            ),
        ),
        of="direction",
        among=(direction,),
        severity="warn",
    )
    for direction, fields in (
        ("lower", ("target_value", "baseline_value")),
        ("higher", ("baseline_value", "target_value")),
    )
)

RULES: tuple[Declared, ...] = (*_VALUES, *_INTERVALS, _LIMITS, *_REPEATED, *_TARGETS)

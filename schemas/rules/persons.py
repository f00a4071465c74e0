"""Rules about persons: ages, relationships, and what a legal person cannot have."""

from __future__ import annotations

from schemas.rules.kinds import bounded, clash, never, ordered
from schemas.rules.rule import Declared, say

_CHECK_AGE = say(
    "Compruebe la edad y su unidad: años, meses o días",
    "Check the age and its unit: years, months or days",
    "Verifique a idade e sua unidade: anos, meses ou dias",
)
_CHECK_GROUP = say("Corrija el grupo", "Correct the group", "Corrija a faixa")

_GROUPS = (
    ordered(
        "age_to.before_age_from",
        "age_from",
        "age_to",
        (
            say(
                "El grupo de edad está invertido",
                "The age group is reversed",
                "A faixa etária está invertida",
            ),
            _CHECK_GROUP,
        ),
    ),
    ordered(
        "age_years.below_group",
        "age_from",
        "age_years",
        (
            say(
                "La edad es menor que la primera de su grupo",
                "The age is below the first of its group",
                "A idade é menor que a primeira de sua faixa",
            ),
            _CHECK_GROUP,
        ),
    ),
    ordered(
        "age_years.above_group",
        "age_years",
        "age_to",
        (
            say(
                "La edad es mayor que la última de su grupo",
                "The age is above the last of its group",
                "A idade é maior que a última de sua faixa",
            ),
            _CHECK_GROUP,
        ),
    ),
    ordered(
        "base_age_to.before_base_age_from",
        "base_age_from",
        "base_age_to",
        (
            say(
                "La base de edades está invertida",
                "The base of ages is reversed",
                "A base de idades está invertida",
            ),
            _CHECK_GROUP,
        ),
    ),
)

_UNLIKELY = (
    bounded(
        "age_years.of_partner",
        "age_years",
        10,
        None,
        (
            say(
                "Una niña o niño menor de 10 años figura con pareja o expareja",
                "A child under 10 has a partner or former partner",
                "Uma criança menor de 10 anos aparece com parceiro ou ex-parceiro íntimo",
            ),
            _CHECK_AGE,
        ),
        of="relationship",
        among=("partner_or_former", "partner", "former_partner"),
        severity="warn",
    ),
    bounded(
        "age_years.of_parent",
        "age_years",
        12,
        None,
        (
            say(
                "Una persona menor de 12 años figura como madre o padre del autor",
                "A person under 12 is the parent of the offender",
                "Uma pessoa menor de 12 anos aparece como mãe ou pai do autor",
            ),
            say(
                "Compruebe la edad, y el sentido de la relación: es la del autor con la víctima",
                "Check the age, and the direction of the relationship: who the offender is to the victim",
                "Verifique a idade, e o sentido da relação: é a do autor com a vítima",
            ),
        ),
        of="relationship",
        among=("child",),
        severity="warn",
        only=("person_role", "injury", "protection_measure", "service"),
    ),
    bounded(
        "age_years.of_suspect",
        "age_years",
        7,
        None,
        (
            say(
                "Una persona sospechosa o autora tiene menos de 7 años",
                "A suspect or offender is under 7",
                "Uma pessoa suspeita ou autora tem menos de 7 anos",
            ),
            _CHECK_AGE,
        ),
        of="role",
        among=("suspect", "offender"),
        severity="warn",
    ),
    bounded(
        "age_years.of_mother",
        "age_years",
        10,
        54,
        (
            say(
                "La edad de la madre está fuera de 10 a 54 años",
                "The mother's age is outside 10 to 54",
                "A idade da mãe está fora de 10 a 54 anos",
            ),
            _CHECK_AGE,
        ),
        severity="warn",
        only=("birth",),
    ),
    bounded(
        "age_years.of_graduate",
        "age_years",
        15,
        None,
        (
            say(
                "Una persona menor de 15 años figura con educación superior",
                "A person under 15 has tertiary education",
                "Uma pessoa menor de 15 anos aparece com ensino superior",
            ),
            _CHECK_AGE,
        ),
        of="education",
        among=("tertiary",),
        severity="warn",
    ),
    bounded(
        "age_years.of_adult_held",
        "age_years",
        12,
        None,
        (
            say(
                "Una persona menor de 12 años figura en el sistema de adultos o de adolescentes",
                "A person under 12 is in the justice system for adults or juveniles",
                "Uma pessoa menor de 12 anos aparece no sistema de adultos ou de adolescentes",
            ),
            _CHECK_AGE,
        ),
        of="justice_system",
        among=("adult", "juvenile"),
        severity="warn",
        only=("custody", "case_event"),
    ),
    bounded(
        "age_years.of_juvenile",
        "age_years",
        None,
        24,
        (
            say(
                "Una persona mayor de 24 años figura en el sistema de adolescentes",
                "A person over 24 is in the justice system for juveniles",
                "Uma pessoa maior de 24 anos aparece no sistema de adolescentes",
            ),
            _CHECK_AGE,
        ),
        of="justice_system",
        among=("juvenile",),
        severity="warn",
        only=("custody", "case_event"),
    ),
)

_LEGAL_PERSON = tuple(
    never(
        f"{field}.of_legal_person",
        field,
        "person_kind",
        ("legal", "society"),
        (
            say(
                f"No es propio de una persona jurídica: {field}",
                f"A legal person has {field}",
                f"Não é próprio de uma pessoa jurídica: {field}",
            ),
            say(
                "Compruebe si la víctima es una persona o una empresa",
                "Check whether the victim is a person or a company",
                "Verifique se a vítima é uma pessoa ou uma empresa",
            ),
        ),
        severity="warn",
    )
    for field in ("age_years", "nationality", "ethnicity")
)

_FEMICIDE = clash(
    "femicide_legal.of_man",
    "femicide_legal",
    ("yes",),
    "sex",
    ("M",),
    (
        say(
            "Un feminicidio tiene por víctima a un hombre",
            "A femicide has a man as its victim",
            "Um feminicídio tem um homem como vítima",
        ),
        say("Compruebe el sexo", "Check the sex", "Verifique o sexo"),
    ),
    severity="warn",
    only=("person_role",),
)

RULES: tuple[Declared, ...] = (*_GROUPS, *_UNLIKELY, *_LEGAL_PERSON, _FEMICIDE)

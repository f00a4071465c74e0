"""Rules about events: offences, what is counted, and places."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import codelists
from schemas.rules.kinds import among, bounded, clash, needs, never, same_start
from schemas.rules.rule import Declared, say

HOMICIDE = codelists.load("iccs").descends("0101")

_OFFENCES = (
    clash(
        "iccs.homicide_attempted",
        "iccs",
        HOMICIDE,
        "completion",
        ("attempted",),
        (
            say(
                "Una tentativa figura como homicidio consumado (ICCS 0101)",
                "An attempt has the code of intentional homicide (ICCS 0101)",
                "Uma tentativa tem o código de homicídio consumado (ICCS 0101)",
            ),
            say(
                "Codifique la tentativa de homicidio como 0102",
                "Code attempted homicide as 0102",
                "Codifique a tentativa de homicídio como 0102",
            ),
        ),
    ),
    clash(
        "iccs.attempt_completed",
        "iccs",
        ("0102",),
        "completion",
        ("completed",),
        (
            say(
                "Una tentativa de homicidio (ICCS 0102) figura como consumada",
                "An attempted homicide (ICCS 0102) is marked as completed",
                "Uma tentativa de homicídio (ICCS 0102) aparece como consumada",
            ),
            say(
                "Compruebe el delito y si se consumó",
                "Check the offence and whether it was completed",
                "Verifique o crime e se foi consumado",
            ),
        ),
        severity="warn",
    ),
    never(
        "iccs.of_no_offence",
        "iccs",
        "event_class",
        ("suicide", "death_to_clarify", "call_for_service", "roadside_test"),
        (
            say(
                "Un hecho que no es delito tiene un delito de la ICCS",
                "An event that is no offence has an offence of the ICCS",
                "Um fato que não é crime tem um crime da ICCS",
            ),
            say(
                "Compruebe la clase de hecho",
                "Check the class of event",
                "Verifique a classe de fato",
            ),
        ),
        severity="warn",
    ),
    bounded(
        "n_victims.none_in_homicide",
        "n_victims",
        1,
        None,
        (
            say(
                "Un homicidio no tiene ninguna víctima",
                "A homicide has no victim",
                "Um homicídio não tem nenhuma vítima",
            ),
            say(
                "Compruebe el número de víctimas",
                "Check the number of victims",
                "Verifique o número de vítimas",
            ),
        ),
        of="iccs",
        among=HOMICIDE,
        severity="warn",
    ),
    needs(
        "test_result.of_test",
        "test_result",
        "event_class",
        (
            say(
                "Falta el resultado de una prueba a quien conduce",
                "The result of a test of a driver is missing",
                "Falta o resultado de um teste de condutor",
            ),
            say("Complete el resultado", "Fill in the result", "Preencha o resultado"),
        ),
        among=("roadside_test",),
    ),
    clash(
        "outcome.alive_after_homicide",
        "outcome",
        ("unharmed", "injured", "released", "rescued"),
        "iccs",
        HOMICIDE,
        (
            say(
                "La víctima de un homicidio figura con vida",
                "The victim of a homicide is alive",
                "A vítima de um homicídio aparece viva",
            ),
            say(
                "Compruebe el delito: la tentativa es 0102",
                "Check the offence: an attempt is 0102",
                "Verifique o crime: a tentativa é 0102",
            ),
        ),
        severity="warn",
    ),
)

#: What the records of a type may count.
UNITS: dict[str, tuple[str, ...]] = {
    "incident": ("offence", "case", "event", "victim", "vehicle", "firearm", "test"),
    "person_role": ("victim", "suspect", "person", "death"),
    "missing_person": ("report", "person"),
    "case_event": ("case", "person", "offence", "suspect"),
    "protection_measure": ("order", "person", "case"),
    "custody": ("detainee", "person", "death"),
    "facility": ("facility",),
    "resource": ("staff", "item", "vehicle", "facility", "budget_line"),
    "service": ("assistance", "person", "case"),
    "death": ("death",),
    "injury": ("person", "case", "assistance"),
    "birth": ("birth",),
    "population": ("person",),
    "households": ("household", "dwelling"),
    "vehicles": ("vehicle",),
}


def _named(units: Sequence[str], language: str) -> str:
    entries = (codelists.load("counting_unit").entry(unit) for unit in units)
    return ", ".join(f"{entry.label(language).lower()} ({entry.code})" for entry in entries)


_UNITS = tuple(
    among(
        f"counting_unit.unfit_for_{name}",
        "counting_unit",
        units,
        (
            say(
                f"Registros de este tipo no cuentan esa unidad, sino: {_named(units, 'es')}",
                f"Records of this type do not count that unit, but: {_named(units, 'en')}",
                f"Registros deste tipo não contam essa unidade, mas: {_named(units, 'pt')}",
            ),
            say(
                "Corrija la unidad de conteo, o declare otro tipo de registro",
                "Correct the counting unit, or declare another record type",
                "Corrija a unidade de contagem, ou declare outro tipo de registro",
            ),
        ),
        only=(name,),
    )
    for name, units in UNITS.items()
)

_PLACES = tuple(
    same_start(
        f"{role}_{level}.of_another_country",
        f"{role}_{level}",
        f"{role}_country",
        3,
        (
            say(
                f"El área es de otro país: {role}_country",
                f"The area is of another country than {role}_country",
                f"A área é de outro país: {role}_country",
            ),
            say(
                "Compruebe el país y el código del área",
                "Check the country and the code of the area",
                "Verifique o país e o código da área",
            ),
        ),
    )
    for role in codelists.load("place_basis").codes
    for level in ("first_level", "municipality", "declared_area")
)

RULES: tuple[Declared, ...] = (*_OFFENCES, *_UNITS, *_PLACES)

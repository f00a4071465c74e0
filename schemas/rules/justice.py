"""Rules about proceedings, protection, custody, and the means of institutions."""

from __future__ import annotations

from schemas import codelists
from schemas.rules.kinds import clash, needs, never, ordered, sequence
from schemas.rules.rule import Declared, say

_CHECK_DATES = say(
    "Compruebe las fechas de las actuaciones del caso",
    "Check the dates of the steps of the case",
    "Verifique as datas dos atos do processo",
)
_CHECK_STEP = say("Compruebe la actuación", "Check the step", "Verifique o ato")
_CHECK_COUNTED = say(
    "Compruebe qué cuenta el registro", "Check what the record counts", "Verifique o que o registro conta"
)
_DEATHLESS = tuple(c for c in codelists.load("release_reason").codes if c not in ("death", "_U"))


def _steps(
    code: str, earlier: tuple[str, ...], later: tuple[str, ...], es: str, en: str, pt: str,
    step: str = "step", of: str = "case_event",
) -> Declared:  # fmt: skip
    texts = (say(es, en, pt), _CHECK_DATES)
    return sequence(
        code, earlier, later, texts, step=step, date="step_date", by=("case_ref", "person_ref"), only=(of,)
    )


_ORDER = (
    _steps(
        "step_date.before_opening",
        ("opened",),
        ("charged", "tried", "convicted", "acquitted", "dismissed", "sentenced", "appealed", "closed"),
        "Una actuación es anterior a la apertura del mismo caso",
        "A step is dated before the opening of the same case",
        "Um ato é anterior à abertura do mesmo processo",
    ),
    _steps(
        "step_date.before_charge",
        ("charged",),
        ("tried", "convicted", "acquitted", "sentenced"),
        "La sentencia, la condena o el juicio es anterior a la acusación",
        "Sentenced, convicted or tried before charged",
        "A sentença, a condenação ou o julgamento é anterior à acusação",
    ),
    _steps(
        "step_date.before_conviction",
        ("convicted",),
        ("sentenced",),
        "La sentencia es anterior a la condena",
        "Sentenced before convicted",
        "A sentença é anterior à condenação",
    ),
    _steps(
        "step_date.appeal_before_decision",
        ("convicted", "acquitted", "dismissed", "sentenced"),
        ("appealed",),
        "Se apela antes de la decisión",
        "Appealed before the decision",
        "Recorre-se antes da decisão",
    ),
    _steps(
        "step_date.order_before_request",
        ("requested",),
        ("granted", "refused", "breached", "ended"),
        "Un estado de la medida es anterior a su solicitud",
        "A step of the order is dated before its request",
        "Uma etapa da medida é anterior à sua solicitação",
        "protection_step",
        "protection_measure",
    ),
    _steps(
        "step_date.order_before_grant",
        ("granted",),
        ("breached", "ended"),
        "La medida se incumple o termina antes de otorgarse",
        "The order is breached or ends before it was granted",
        "A medida é descumprida ou termina antes de ser concedida",
        "protection_step",
        "protection_measure",
    ),
)

_SANCTIONS = (
    never(
        "sanction.without_conviction",
        "sanction",
        "step",
        ("opened", "formal_contact", "charged", "acquitted", "dismissed", "archived", "mediation_opened"),
        (
            say(
                "Hay sanción en una actuación que no condena",
                "There is a sanction at a step that does not convict",
                "Há sanção em um ato que não condena",
            ),
            _CHECK_STEP,
        ),
        only=("case_event",),
    ),
    needs(
        "sanction.of_sentence",
        "sanction",
        "step",
        (
            say(
                "Falta la sanción de una sentencia",
                "The sanction of a sentence is missing",
                "Falta a sanção de uma sentença",
            ),
            say("Complete la sanción", "Fill in the sanction", "Preencha a sanção"),
        ),
        among=("sentenced",),
        severity="warn",
        only=("case_event",),
    ),
    never(
        "sanction_months.of_fine",
        "sanction_months",
        "sanction",
        ("fine", "reparation", "warning"),
        (
            say(
                "Una multa, reparación o amonestación tiene duración en meses",
                "A fine, reparation or warning has a length in months",
                "Uma multa, reparação ou advertência tem duração em meses",
            ),
            say(
                "Compruebe la sanción principal",
                "Check the main sanction",
                "Verifique a sanção principal",
            ),
        ),
        severity="warn",
    ),
    never(
        "sentence_months.without_sentence",
        "sentence_months",
        "legal_status",
        ("unsentenced", "awaiting_trial", "on_trial"),
        (
            say(
                "Una persona sin sentencia tiene duración de la sentencia",
                "A person without sentence has the length of a sentence",
                "Uma pessoa sem sentença tem duração da sentença",
            ),
            say(
                "Compruebe la situación jurídica",
                "Check the legal status",
                "Verifique a situação jurídica",
            ),
        ),
        severity="warn",
    ),
)

_CUSTODY = (
    never(
        "release_reason.of_held",
        "release_reason",
        "custody_measure",
        ("held", "admission"),
        (
            say(
                "Hay motivo de egreso de quien sigue dentro o ingresa",
                "There is a reason for release of somebody who is held or admitted",
                "Há motivo de saída de quem continua preso ou entra",
            ),
            _CHECK_COUNTED,
        ),
    ),
    never(
        "manner_of_death.of_held",
        "manner_of_death",
        "custody_measure",
        ("held", "admission"),
        (
            say(
                "Hay manera de muerte de quien sigue dentro o ingresa",
                "There is a manner of death of somebody who is held or admitted",
                "Há maneira de morte de quem continua preso ou entra",
            ),
            _CHECK_COUNTED,
        ),
        only=("custody",),
    ),
    clash(
        "release_reason.of_death",
        "release_reason",
        _DEATHLESS,
        "custody_measure",
        ("death",),
        (
            say(
                "Una muerte en custodia tiene otro motivo de egreso",
                "A death in custody has another reason for release",
                "Uma morte sob custódia tem outro motivo de saída",
            ),
            say("Compruebe el motivo", "Check the reason", "Verifique o motivo"),
        ),
    ),
    ordered(
        "held_months_to.before_held_months_from",
        "held_months_from",
        "held_months_to",
        (
            say(
                "El grupo de meses está invertido",
                "The group of months is reversed",
                "A faixa de meses está invertida",
            ),
            say("Corrija el grupo", "Correct the group", "Corrija a faixa"),
        ),
    ),
    needs(
        "status_date.of_located",
        "status_date",
        "missing_status",
        (
            say(
                "Falta la fecha en que fue localizada",
                "The date on which the person was located is missing",
                "Falta a data em que a pessoa foi localizada",
            ),
            say("Complete la fecha", "Fill in the date", "Preencha a data"),
        ),
        among=("located_alive", "located_dead"),
        severity="warn",
    ),
)

_MEANS = (
    needs(
        "amount.of_budget",
        "amount",
        "resource_type",
        (
            say(
                "Falta el importe del presupuesto",
                "The amount of the budget is missing",
                "Falta o valor do orçamento",
            ),
            say("Complete el importe", "Fill in the amount", "Preencha o valor"),
        ),
        among=("budget",),
    ),
    needs(
        "currency.of_amount",
        "currency",
        "amount",
        (
            say(
                "Falta la moneda del importe",
                "The currency of the amount is missing",
                "Falta a moeda do valor",
            ),
            say("Complete la moneda", "Fill in the currency", "Preencha a moeda"),
        ),
    ),
    needs(
        "currency.of_fine",
        "currency",
        "fine_amount",
        (
            say(
                "Falta la moneda de la multa", "The currency of the fine is missing", "Falta a moeda da multa"
            ),
            say("Complete la moneda", "Fill in the currency", "Preencha a moeda"),
        ),
    ),
    needs(
        "fiscal_year.of_budget_phase",
        "fiscal_year",
        "budget_phase",
        (
            say(
                "Falta el año fiscal del presupuesto",
                "The fiscal year of the budget is missing",
                "Falta o ano fiscal do orçamento",
            ),
            say("Complete el año fiscal", "Fill in the fiscal year", "Preencha o ano fiscal"),
        ),
    ),
    needs(
        "budget_phase.of_budget",
        "budget_phase",
        "resource_type",
        (
            say(
                "Falta el momento del presupuesto: aprobado, modificado, pagado",
                "The phase of the budget is missing: approved, modified, paid",
                "Falta a fase do orçamento: aprovado, atualizado, pago",
            ),
            say("Complete el momento", "Fill in the phase", "Preencha a fase"),
        ),
        among=("budget",),
        severity="warn",
    ),
    needs(
        "staff_function.of_staff",
        "staff_function",
        "resource_type",
        (
            say(
                "Falta la función del personal",
                "The function of the staff is missing",
                "Falta a função do pessoal",
            ),
            say("Complete la función", "Fill in the function", "Preencha a função"),
        ),
        among=("staff",),
        severity="warn",
    ),
    needs(
        "capacity.of_prison",
        "capacity",
        "facility_type",
        (
            say(
                "Falta la capacidad oficial de un centro penitenciario",
                "The official capacity of a prison is missing",
                "Falta a capacidade oficial de um estabelecimento prisional",
            ),
            say("Complete la capacidad", "Fill in the capacity", "Preencha a capacidade"),
        ),
        among=("prison", "juvenile_centre"),
        severity="warn",
        only=("facility",),
    ),
    never(
        "referred_to.without_referral",
        "referred_to",
        "referred",
        ("no",),
        (
            say(
                "Hay institución de destino y no hubo remisión",
                "There is an institution referred to and no referral",
                "Há instituição de destino e não houve encaminhamento",
            ),
            say("Compruebe la remisión", "Check the referral", "Verifique o encaminhamento"),
        ),
    ),
    needs(
        "referred_to.of_referral",
        "referred_to",
        "referred",
        (
            say(
                "Falta la institución a la que se remitió",
                "The institution referred to is missing",
                "Falta a instituição para a qual foi encaminhada",
            ),
            say("Complete la institución", "Fill in the institution", "Preencha a instituição"),
        ),
        among=("yes",),
        severity="warn",
    ),
)

RULES: tuple[Declared, ...] = (*_ORDER, *_SANCTIONS, *_CUSTODY, *_MEANS)

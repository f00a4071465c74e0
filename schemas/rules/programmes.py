"""Rules about programmes, their evaluations and practices."""

from __future__ import annotations

from schemas.rules.kinds import bounded, clash, ordered, sum_at_most, unique
from schemas.rules.rule import Declared, say

_CHECK_COUNTS = say(
    "Compruebe los números: cuentan personas distintas del mismo grupo",
    "Check the numbers: they count different persons of the same group",
    "Verifique os números: contam pessoas diferentes do mesmo grupo",
)

_PARTICIPANTS = (
    ordered(
        "completed.above_enrolled",
        "completed",
        "enrolled",
        (
            say(
                "Terminaron más personas de las inscritas",
                "More persons completed than enrolled",
                "Concluíram mais pessoas do que as inscritas",
            ),
            _CHECK_COUNTS,
        ),
    ),
    ordered(
        "completed.above_reached",
        "completed",
        "reached",
        (
            say(
                "Terminaron más personas de las alcanzadas",
                "More persons completed than were reached",
                "Concluíram mais pessoas do que as alcançadas",
            ),
            _CHECK_COUNTS,
        ),
    ),
    sum_at_most(
        "enrolled.below_parts",
        ("completed", "dropped_out"),
        "enrolled",
        (
            say(
                "Terminaron o abandonaron más personas de las inscritas",
                "More persons completed or dropped out than enrolled",
                "Concluíram ou abandonaram mais pessoas do que as inscritas",
            ),
            _CHECK_COUNTS,
        ),
    ),
)

_EVALUATIONS = (
    bounded(
        "effect.negative_ratio",
        "effect",
        0,
        None,
        (
            say("Una razón es negativa", "A ratio is negative", "Uma razão é negativa"),
            say(
                "Compruebe la medida del efecto",
                "Check the measure of effect",
                "Verifique a medida do efeito",
            ),
        ),
        of="effect_measure",
        among=("rate_ratio", "odds_ratio"),
    ),
    clash(
        "verdict.without_comparison",
        "verdict",
        ("effective", "harmful"),
        "design",
        ("before_after", "process"),
        (
            say(
                "Se atribuye un efecto sin comparación",
                "An effect is attributed without a comparison",
                "Atribui-se um efeito sem comparação",
            ),
            say(
                "Sin grupo de comparación la conclusión es no concluyente",
                "Without a comparison the verdict is inconclusive",
                "Sem grupo de comparação a conclusão é inconclusiva",
            ),
        ),
        severity="warn",
    ),
    bounded(
        "n_studies.none_of_rated",
        "n_studies",
        1,
        None,
        (
            say(
                "Una práctica efectiva o prometedora no tiene ningún estudio",
                "An effective or promising practice has no study",
                "Uma prática efetiva ou promissora não tem nenhum estudo",
            ),
            say(
                "Sin estudios el nivel de evidencia es: sin evidencia suficiente",
                "Without studies the level of evidence is: unproven",
                "Sem estudos o nível de evidência é: sem evidência suficiente",
            ),
        ),
        of="evidence_level",
        among=("effective", "promising"),
        severity="warn",
    ),
)

_REPEATED = (
    unique(
        "programme_code.repeated",
        ("programme_code",),
        (
            say(
                "Dos programas tienen la misma clave",
                "Two programmes have the same code",
                "Dois programas têm o mesmo código",
            ),
            say("Corrija la clave", "Correct the code", "Corrija o código"),
        ),
        only=("programme",),
    ),
    unique(
        "amount.repeated_budget",
        (
            "programme_code",
            "budget_phase",
            "fiscal_year",
            "fund_source",
            "spend_purpose",
            "budget_line",
            "currency",
            "jurisdiction_country",
            "jurisdiction_first_level",
            "jurisdiction_municipality",
            "reference_date",
        ),
        (
            say(
                "Hay más de un importe con el mismo desglose",
                "There is more than one amount with the same breakdown",
                "Há mais de um valor com a mesma desagregação",
            ),
            say(
                "Compruebe si los importes se suman o uno corrige a otro",
                "Check whether the amounts add up or one corrects the other",
                "Verifique se os valores se somam ou um corrige o outro",
            ),
        ),
        only=("programme_budget",),
    ),
)

RULES: tuple[Declared, ...] = (*_PARTICIPANTS, *_EVALUATIONS, *_REPEATED)

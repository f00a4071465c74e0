"""Rules about dates: what cannot come before what, what a delivery cannot know yet, what lies too far apart."""

from __future__ import annotations

from schemas.rules.kinds import never, not_after_edition, ordered, within_days
from schemas.rules.rule import Declared, Text, say

CHECK_BOTH = say(
    "Compruebe ambas fechas; quizá día y mes estén invertidos",
    "Check both dates; day and month may be swapped",
    "Verifique as duas datas; dia e mês podem estar trocados",
)


def _order(first: str, second: str, code: str, es: str, en: str, pt: str, *only: str) -> Declared:
    return ordered(code, first, second, (say(es, en, pt), CHECK_BOTH), only=only)


_ORDER = (
    _order(
        "occurrence_date",
        "report_date",
        "report_date.before_occurrence",
        "La denuncia o el reporte es anterior al hecho",
        "The report is earlier than the event",
        "A denúncia ou a comunicação é anterior ao fato",
    ),
    _order(
        "occurrence_date",
        "registration_date",
        "registration_date.before_occurrence",
        "Se registró antes de ocurrir",
        "It was registered before it occurred",
        "Foi registrado antes de ocorrer",
    ),
    _order(
        "occurrence_date",
        "occurrence_date_to",
        "occurrence_date_to.before_occurrence_date",
        "El hecho termina antes de empezar",
        "The event ends before it begins",
        "O fato termina antes de começar",
    ),
    _order(
        "reference_date",
        "reference_date_to",
        "reference_date_to.before_reference_date",
        "El periodo termina antes de empezar",
        "The period ends before it begins",
        "O período termina antes de começar",
    ),
    _order(
        "injury_date",
        "occurrence_date",
        "occurrence_date.before_injury",
        "La muerte es anterior a la lesión",
        "The death is earlier than the injury",
        "A morte é anterior à lesão",
        "death",
    ),
    _order(
        "occurrence_date",
        "detection_date",
        "detection_date.before_occurrence",
        "La detección es anterior al hecho",
        "The detection is earlier than the event",
        "A detecção é anterior ao fato",
    ),
    _order(
        "occurrence_date",
        "suspect_identified_date",
        "suspect_identified_date.before_occurrence",
        "Se identificó a la persona sospechosa antes del hecho",
        "The suspect was identified before the event",
        "A pessoa suspeita foi identificada antes do fato",
    ),
    _order(
        "occurrence_date",
        "status_date",
        "status_date.before_last_seen",
        "Fue localizada antes de que se la viera por última vez",
        "Located before last seen",
        "Foi localizada antes de ser vista pela última vez",
        "missing_person",
    ),
    _order(
        "occurrence_date",
        "opened_date",
        "opened_date.before_occurrence",
        "El caso se abrió antes del hecho",
        "The case was opened before the event",
        "O caso foi aberto antes do fato",
        "case_event",
    ),
    _order(
        "occurrence_date",
        "step_date",
        "step_date.before_occurrence",
        "La actuación es anterior al hecho",
        "The step is earlier than the event",
        "O ato é anterior ao fato",
        "case_event",
    ),
    _order(
        "opened_date",
        "step_date",
        "step_date.before_opened",
        "La actuación es anterior a la apertura del caso",
        "The step is earlier than the opening of the case",
        "O ato é anterior à abertura do caso",
    ),
    _order(
        "requested_date",
        "step_date",
        "step_date.before_requested",
        "El estado de la medida es anterior a su solicitud",
        "The step of the order is earlier than its request",
        "A etapa da medida é anterior à sua solicitação",
    ),
    _order(
        "step_date",
        "valid_until",
        "valid_until.before_step",
        "La vigencia termina antes de otorgarse la medida",
        "The order expires before it was granted",
        "A vigência termina antes de a medida ser concedida",
    ),
    _order(
        "admission_date",
        "release_date",
        "release_date.before_admission",
        "El egreso es anterior al ingreso",
        "The release is earlier than the admission",
        "A saída é anterior à entrada",
    ),
    _order(
        "admission_date",
        "reference_date",
        "reference_date.before_admission",
        "Se cuenta a la persona antes de su ingreso",
        "The person is counted before the admission",
        "A pessoa é contada antes de sua entrada",
        "custody",
    ),
    ordered(
        "release_date.before_count",
        "reference_date",
        "release_date",
        (
            say(
                "Se cuenta a la persona después de su egreso",
                "The person is counted after the release",
                "A pessoa é contada depois de sua saída",
            ),
            CHECK_BOTH,
        ),
        of="custody_measure",
        among=("held",),
    ),
    _order(
        "occurrence_date",
        "attendance_date",
        "attendance_date.before_occurrence",
        "La atención es anterior a la lesión",
        "The attendance is earlier than the injury",
        "O atendimento é anterior à lesão",
    ),
    _order(
        "occurrence_date",
        "service_date",
        "service_date.before_occurrence",
        "La asistencia es anterior al hecho",
        "The assistance is earlier than the event",
        "O atendimento é anterior ao fato",
    ),
    _order(
        "service_date",
        "end_date",
        "end_date.before_service",
        "La asistencia termina antes de empezar",
        "The assistance ends before it begins",
        "O atendimento termina antes de começar",
    ),
    _order(
        "start_date",
        "end_date",
        "end_date.before_start",
        "Termina antes de empezar",
        "It ends before it begins",
        "Termina antes de começar",
    ),
    _order(
        "opened_date",
        "closed_date",
        "closed_date.before_opened",
        "El establecimiento cierra antes de abrir",
        "The facility closes before it opens",
        "O estabelecimento fecha antes de abrir",
    ),
    _order(
        "valid_from",
        "valid_to",
        "valid_to.before_valid_from",
        "La vigencia termina antes de empezar",
        "The validity ends before it begins",
        "A vigência termina antes de começar",
    ),
    _order(
        "reference_date",
        "reference_end",
        "reference_end.before_reference_date",
        "El periodo de referencia termina antes de empezar",
        "The reference period ends before it begins",
        "O período de referência termina antes de começar",
    ),
    _order(
        "fieldwork_start",
        "fieldwork_end",
        "fieldwork_end.before_start",
        "El trabajo de campo termina antes de empezar",
        "Fieldwork ends before it begins",
        "O trabalho de campo termina antes de começar",
    ),
    _order(
        "reference_date",
        "interview_date",
        "interview_date.before_reference",
        "La entrevista es anterior al periodo por el que se pregunta",
        "The interview is earlier than the period asked about",
        "A entrevista é anterior ao período da pergunta",
    ),
    _order(
        "baseline_date",
        "target_date",
        "target_date.before_baseline",
        "La meta es anterior a su línea de base",
        "The target is earlier than its baseline",
        "A meta é anterior à sua linha de base",
    ),
    _order(
        "protocol_date",
        "result_date",
        "result_date.before_protocol",
        "El resultado es anterior al protocolo",
        "The result is earlier than the protocol",
        "O resultado é anterior ao protocolo",
    ),
)

_AHEAD = (
    say(
        "La fecha es posterior a la edición de la entrega, que no puede saberla",
        "The date is after the edition of the delivery, which cannot know it",
        "A data é posterior à edição da entrega, que não pode conhecê-la",
    ),
    say(
        "Compruebe el año, y si día y mes están invertidos",
        "Check the year, and whether day and month are swapped",
        "Verifique o ano, e se dia e mês estão trocados",
    ),
)
_KNOWN = (
    "report_date",
    "registration_date",
    "detection_date",
    "suspect_identified_date",
    "status_date",
    "opened_date",
    "requested_date",
    "admission_date",
    "release_date",
    "injury_date",
    "interview_date",
    "fieldwork_end",
    "result_date",
    "occurrence_date",
    "occurrence_date_to",
    "step_date",
    "attendance_date",
    "service_date",
)

_FAR = say(
    "Compruebe el año de ambas fechas",
    "Check the year of both dates",
    "Verifique o ano das duas datas",
)


def _far(first: str, second: str, years: int, only: tuple[str, ...]) -> Declared:
    message: Text = say(
        f"{second} es más de {years} años posterior a {first}",
        f"{second} is more than {years} years after {first}",
        f"{second} é mais de {years} anos posterior a {first}",
    )
    code = f"{second}.years_after_{first.removesuffix('_date')}"
    return within_days(code, first, second, years * 366, (message, _FAR), severity="warn", only=only)


_HOUR_ALONE = never(
    "occurrence_hour.without_day",
    "occurrence_hour",
    "occurrence_date_precision",
    ("month", "year"),
    (
        say(
            "Se da la hora de un hecho cuyo día no se conoce",
            "The hour is given of an event whose day is not known",
            "Informa-se a hora de um fato cujo dia não se conhece",
        ),
        say(
            "Compruebe si la columna de la fecha perdió el día",
            "Check whether the column of the date has lost its day",
            "Verifique se a coluna da data perdeu o dia",
        ),
    ),
    severity="warn",
)

RULES: tuple[Declared, ...] = (
    *_ORDER,
    *(not_after_edition(f"{field}.after_edition", field, _AHEAD) for field in _KNOWN),
    _far("occurrence_date", "registration_date", 10, ("death", "incident", "person_role")),
    _far("occurrence_date", "report_date", 50, ("incident", "person_role", "missing_person")),
    _far("occurrence_date", "occurrence_date_to", 10, ("incident", "person_role")),
    _far("admission_date", "release_date", 60, ("custody",)),
    _far("opened_date", "step_date", 40, ("case_event",)),
    _HOUR_ALONE,
)

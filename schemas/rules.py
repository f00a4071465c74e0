"""The rules that a record is judged by: code, severity, message and what to do, in three languages.

A rule belongs to one of three groups: the field families (one rule for each check of a field, code
``<field>.<family>``), the cross-field rules of a record type, and the rules within a delivery. The families
follow from the fields; the other two are declared here. How a rule is compiled to SQL is in ``schemas.compile``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Severity = Literal["row", "warn", "file"]
Text = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule of a record type.

    Args:
        code: Stable code that reports and quarantine show.
        kind: How it is judged; a key of ``schemas.compile.CONDITIONS``.
        severity: ``row`` quarantines the record, ``warn`` counts it, ``file`` refuses the delivery.
        fields: Fields that it reads.
        parameters: Limits, codes or patterns, by name.
    """

    code: str
    kind: str
    severity: Severity
    fields: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CrossField:
    """A declared rule over several fields, for the record types that have them all."""

    rule: Rule
    message: Text
    hint: Text


def _text(es: str, en: str, pt: str) -> Text:
    return MappingProxyType({"es": es, "en": en, "pt": pt})


#: Message and hint of each field family; ``{field}`` is the field's name.
FAMILIES: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "missing": (
            _text("Falta {field}", "{field} is missing", "Falta {field}"),
            _text(
                "Complete el valor en el registro de origen",
                "Fill in the value in the record of origin",
                "Preencha o valor no registro de origem",
            ),
        ),
        "unreadable": (
            _text(
                "El valor de {field} no se puede leer",
                "The value of {field} cannot be read",
                "O valor de {field} não pode ser lido",
            ),
            _text(
                "Escríbalo en la forma declarada en source.yml (fecha, número) o declare la nueva forma",
                "Write it in the form declared in source.yml (date, number), or declare the new form",
                "Escreva-o na forma declarada em source.yml (data, número) ou declare a nova forma",
            ),
        ),
        "unknown_code": (
            _text(
                "El código de {field} no está en la lista de la fuente",
                "The code of {field} is not in the source's list",
                "O código de {field} não está na lista da fonte",
            ),
            _text(
                "Corrija el código, o añádalo a la tabla de la fuente si es nuevo",
                "Correct the code, or add it to the source's table if it is new",
                "Corrija o código, ou acrescente-o à tabela da fonte se for novo",
            ),
        ),
        "range": (
            _text(
                "{field} está fuera de los límites",
                "{field} is outside its limits",
                "{field} está fora dos limites",
            ),
            _text(
                "Compruebe el valor y su unidad",
                "Check the value and its unit",
                "Verifique o valor e sua unidade",
            ),
        ),
        "check_digit": (
            _text(
                "{field}: el documento no es de su clase o su dígito verificador es incorrecto",
                "{field}: the document is none of its kind, or its check digit is wrong",
                "{field}: o documento não é do seu tipo ou o dígito verificador está errado",
            ),
            _text(
                "Compruebe el documento en el registro de origen; si no se conoce, déjelo vacío",
                "Check the document in the record of origin; if it is not known, leave it empty",
                "Verifique o documento no registro de origem; se não é conhecido, deixe-o vazio",
            ),
        ),
        "form": (
            _text(
                "{field} no tiene la forma de un código",
                "{field} does not have the form of a code",
                "{field} não tem a forma de um código",
            ),
            _text(
                "Compruebe los ceros a la izquierda y la longitud",
                "Check leading zeros and length",
                "Verifique os zeros à esquerda e o comprimento",
            ),
        ),
    }
)

CROSS_FIELD: tuple[CrossField, ...] = (
    CrossField(
        Rule(
            "report_date.before_occurrence",
            "not_before",
            "row",
            ("occurrence_date", "report_date"),
            {"earlier": "occurrence_date", "later": "report_date"},
        ),
        _text(
            "La denuncia es anterior al hecho",
            "The report is earlier than the event",
            "A denúncia é anterior ao fato",
        ),
        _text(
            "Compruebe ambas fechas; quizá día y mes estén invertidos",
            "Check both dates; day and month may be swapped",
            "Verifique as duas datas; dia e mês podem estar trocados",
        ),
    ),
    CrossField(
        Rule(
            "registration_date.before_occurrence",
            "not_before",
            "row",
            ("occurrence_date", "registration_date"),
            {"earlier": "occurrence_date", "later": "registration_date"},
        ),
        _text(
            "La muerte se registró antes de ocurrir",
            "The death was registered before it occurred",
            "A morte foi registrada antes de ocorrer",
        ),
        _text(
            "Compruebe ambas fechas en el certificado",
            "Check both dates on the certificate",
            "Verifique as duas datas na declaração",
        ),
    ),
    CrossField(
        Rule(
            "cause_from.nature_code",
            "not_starting_with",
            "row",
            ("cause_from",),
            {"field": "cause_from", "prefixes": ["S", "T"]},
        ),
        _text(
            "La causa básica es un código de naturaleza de la lesión (S o T)",
            "The underlying cause is a nature-of-injury code (S or T)",
            "A causa básica é um código de natureza da lesão (S ou T)",
        ),
        _text(
            "Codifique la causa externa (V01-Y98) como causa básica",
            "Code the external cause (V01-Y98) as the underlying cause",
            "Codifique a causa externa (V01-Y98) como causa básica",
        ),
    ),
    CrossField(
        Rule(
            "cause_to.before_cause_from",
            "not_before",
            "row",
            ("cause_from", "cause_to"),
            {"earlier": "cause_from", "later": "cause_to"},
        ),
        _text(
            "El intervalo de causas está invertido",
            "The range of causes is reversed",
            "O intervalo de causas está invertido",
        ),
        _text("Corrija el intervalo", "Correct the range", "Corrija o intervalo"),
    ),
    CrossField(
        Rule(
            "age_to.before_age_from",
            "not_before",
            "row",
            ("age_from", "age_to"),
            {"earlier": "age_from", "later": "age_to"},
        ),
        _text(
            "El grupo de edad está invertido", "The age group is reversed", "A faixa etária está invertida"
        ),
        _text("Corrija el grupo", "Correct the group", "Corrija a faixa"),
    ),
)

#: Rules that need the whole delivery; the reading of a delivery judges them.
DELIVERY: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "key.missing": (
            _text(
                "Falta la clave que la fuente garantiza",
                "The key that the source guarantees is missing",
                "Falta a chave que a fonte garante",
            ),
            _text("Complete la clave", "Fill in the key", "Preencha a chave"),
        ),
        "key.repeated": (
            _text(
                "Varios registros distintos comparten la clave",
                "Different records share one key",
                "Registros diferentes compartilham a chave",
            ),
            _text(
                "Decida cuál vale y envíe el archivo corregido",
                "Decide which one holds and send a corrected file",
                "Decida qual vale e envie o arquivo corrigido",
            ),
        ),
        "date.outside_period": (
            _text(
                "La fecha está fuera del periodo de la entrega",
                "The date is outside the period of the delivery",
                "A data está fora do período da entrega",
            ),
            _text(
                "Compruebe la fecha, o envíe el registro en la entrega de su periodo",
                "Check the date, or send the record in the delivery of its period",
                "Verifique a data, ou envie o registro na entrega de seu período",
            ),
        ),
        "earlier.key_missing": (
            _text(
                "La fila habla de un registro anterior y no dice de cuál",
                "The row speaks of an earlier record and does not say of which",
                "A linha fala de um registro anterior e não diz de qual",
            ),
            _text(
                "Complete la clave del registro anterior",
                "Fill in the key of the earlier record",
                "Preencha a chave do registro anterior",
            ),
        ),
        "earlier.not_found": (
            _text(
                "No hay ningún registro con la clave que la fila anula o reclasifica",
                "There is no record with the key that the row annuls or reclassifies",
                "Não há registro com a chave que a linha anula ou reclassifica",
            ),
            _text(
                "Compruebe el número; el registro puede venir en una entrega que falta",
                "Check the number; the record may be in a delivery that is missing",
                "Verifique o número; o registro pode estar em uma entrega que falta",
            ),
        ),
        "earlier.status": (
            _text(
                "La fila habla de un registro anterior y no lo anula ni lo reclasifica",
                "The row speaks of an earlier record and neither annuls nor reclassifies it",
                "A linha fala de um registro anterior e não o anula nem o reclassifica",
            ),
            _text(
                "Recodifique su estado como annulled o reclassified en record_status",
                "Recode its status as annulled or reclassified in record_status",
                "Recodifique sua situação como annulled ou reclassified em record_status",
            ),
        ),
        "row.unreadable": (
            _text(
                "La fila no se puede dividir en sus columnas",
                "The row cannot be split into its columns",
                "A linha não pode ser dividida em suas colunas",
            ),
            _text(
                "Compruebe comillas y separadores de la fila",
                "Check the quotes and separators of the row",
                "Verifique as aspas e os separadores da linha",
            ),
        ),
    }
)


def explain(code: str, language: str = "es") -> tuple[str, str]:
    """Message and hint of a rule code, in one of es, en, pt.

    Raises:
        KeyError: The code belongs to no declared rule.
    """
    for crossing in CROSS_FIELD:
        if crossing.rule.code == code:
            return crossing.message[language], crossing.hint[language]
    if code in DELIVERY:
        message, hint = DELIVERY[code]
        return message[language], hint[language]
    name, _, family = code.rpartition(".")
    message, hint = FAMILIES[family]
    return message[language].format(field=name), hint[language]

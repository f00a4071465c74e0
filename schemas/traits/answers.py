"""The questions that a survey asks once for each thing of a list, as columns with regular names.

For the crimes: ``victim_<crime>``, ``times_<crime>`` and ``reported_<crime>``, over the harmonised list of crimes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from schemas.codelists import Code
from schemas.fields import coded, field
from schemas.model import Model, per_code

#: The greatest number of times that an answer may give; a survey codes more as this.
TIMES_CAP = 97


def answer(es: str, en: str, pt: str, codes: str = "answer") -> Any:
    """A question with a closed list of answers; how a survey coded them is in the source's tables."""
    return coded(es, en, pt, codes=codes, recoded=False)


def each(es: str, en: str, pt: str, codes: str = "answer") -> Callable[[Code], Any]:
    """A question that is asked once for each code of a list; its text ends with the code's label."""
    return lambda entry: answer(*entry.after(es, en, pt), codes)


def _times(entry: Code) -> Any:
    es, en, pt = entry.after("Veces", "Times", "Vezes")
    return field(
        f"{es}; {TIMES_CAP} son ese número o más",
        f"{en}; {TIMES_CAP} is that many or more",
        f"{pt}; {TIMES_CAP} são esse número ou mais",
        unit="times",
        in_range={"min_value": 0, "max_value": TIMES_CAP},
    )


_VICTIM = each("Víctima", "Victim", "Vítima")
_REPORTED = each("Denunció ante la autoridad", "Reported to the authority", "Denunciou à autoridade")


def crimes(below: str) -> Any:
    """The questions about each crime below a code of the list ``survey_crime``."""

    def decorate(model: type[Model]) -> type[Model]:
        for pattern, declare, annotation in (
            ("victim_{code}", _VICTIM, str),
            ("times_{code}", _times, pl.Int16),
            ("reported_{code}", _REPORTED, str),
        ):
            per_code(pattern, "survey_crime", declare, below=below, annotation=annotation)(model)
        return model

    return decorate


@crimes("household_crime")
class HouseholdCrimes(Model):
    """What happened to the household in the reference period."""

    victim_any_household_crime: str = answer(
        "Víctima de algún delito contra el hogar, según la encuesta",
        "Victim of any crime against the household, as the survey states it",
        "Vítima de algum crime contra o domicílio, segundo a pesquisa",
    )


@crimes("personal_crime")
class PersonalCrimes(Model):
    """What happened to the person in the reference period."""

    victim_any_personal_crime: str = answer(
        "Víctima de algún delito contra la persona, según la encuesta",
        "Victim of any crime against the person, as the survey states it",
        "Vítima de algum crime contra a pessoa, segundo a pesquisa",
    )


def _form(when: tuple[str, str, str], by: tuple[str, str, str]) -> Any:
    def declare(entry: Code) -> Any:
        labels = (entry.label("es"), entry.label("en"), entry.label("pt"))
        return answer(*(f"{label} {who}, {time}" for label, who, time in zip(labels, by, when, strict=True)))

    return declare


_YEAR = ("en 12 meses", "in 12 months", "em 12 meses")
_LIFE = ("alguna vez", "ever", "alguma vez")
_PARTNER = ("de la pareja o expareja", "by a partner or former partner", "do parceiro ou ex-parceiro íntimo")


@per_code("partner_violence_{code}_12m", "violence_form", _form(_YEAR, _PARTNER))
@per_code("partner_violence_{code}_ever", "violence_form", _form(_LIFE, _PARTNER))
class Violence(Model):
    """What a survey dedicated to violence asks of women, of young adults, and of the carers of children."""

    non_partner_sexual_12m: str = answer(
        "Violencia sexual de quien no es su pareja, en 12 meses",
        "Sexual violence by somebody who is no partner, in 12 months",
        "Violência sexual de quem não é parceiro íntimo, em 12 meses",
    )
    non_partner_sexual_ever: str = answer(
        "Violencia sexual de quien no es su pareja, alguna vez",
        "Sexual violence by somebody who is no partner, ever",
        "Violência sexual de quem não é parceiro íntimo, alguma vez",
    )
    childhood_sexual_violence: str = answer(
        "Violencia sexual antes de los 18 años",
        "Sexual violence before the age of 18",
        "Violência sexual antes dos 18 anos",
    )
    discipline_physical: str = answer(
        "Castigo físico a la niña o niño en el último mes",
        "Physical punishment of the child in the last month",
        "Castigo físico à criança no último mês",
    )
    discipline_psychological: str = answer(
        "Agresión psicológica a la niña o niño en el último mes",
        "Psychological aggression against the child in the last month",
        "Agressão psicológica à criança no último mês",
    )
    bullied: str = answer(
        "Acoso escolar, en 12 meses",
        "Bullied at school, in 12 months",
        "Intimidação na escola, em 12 meses",
    )
    early_union: str = answer(
        "En unión antes de los 18 años", "In a union before the age of 18", "Em união antes dos 18 anos"
    )
    heavy_drinking: str = answer(
        "Consumo excesivo de alcohol en el último mes",
        "Heavy drinking in the last month",
        "Consumo excessivo de álcool no último mês",
    )


_INSECURE = each("Se siente insegura", "Feels unsafe", "Sente-se insegura")
_LIKELY = each(
    "Cree que puede ser víctima en 12 meses",
    "Thinks to become a victim within 12 months",
    "Acha que pode ser vítima em 12 meses",
)
_GIVEN_UP = each("Dejó por temor", "Gave up for fear", "Deixou por medo")
_PROTECTIVE = each("Medida de protección", "Protective measure", "Medida de proteção")
_JUSTIFIED = each(
    "Se justifica la violencia", "Violence is justified", "A violência se justifica", "agreement"
)


@per_code("insecure_{code}", "survey_territory", _INSECURE)
@per_code("risk_{code}", "survey_risk", _LIKELY)
@per_code("gave_up_{code}", "avoided_activity", _GIVEN_UP)
@per_code("protected_by_{code}", "protective_measure", _PROTECTIVE)
@per_code("justifies_{code}", "violence_situation", _JUSTIFIED)
class Perception(Model):
    """How safe persons feel, what they do about it, and what they think of violence."""

    safety_after_dark: str = answer(
        "Seguridad al caminar sola en su zona después de oscurecer",
        "Safety walking alone in the own area after dark",
        "Segurança ao andar sozinha em sua área depois de escurecer",
        "safety",
    )
    perceived_risk: str = answer(
        "Cree que puede ser víctima de un delito en 12 meses",
        "Thinks to become a victim of a crime within 12 months",
        "Acha que pode ser vítima de um crime em 12 meses",
    )
    expected_safety: str = answer(
        "Cómo cree que estará la seguridad",
        "Expected change in safety",
        "Como acha que estará a segurança",
        "expectation",
    )
    gave_up_any: str = answer(
        "Dejó alguna actividad por temor, según la encuesta",
        "Gave up any activity for fear, as the survey states it",
        "Deixou alguma atividade por medo, segundo a pesquisa",
    )
    prevention_awareness: str = answer(
        "Conoce acciones de prevención en su zona",
        "Knows of prevention in the own area",
        "Conhece ações de prevenção em sua área",
    )
    prevention_participation: str = answer(
        "Participa en acciones de prevención", "Takes part in prevention", "Participa de ações de prevenção"
    )
    community_organisation: str = answer(
        "Los vecinos se organizan frente a la delincuencia",
        "Neighbours organise against crime",
        "Os vizinhos se organizam diante da criminalidade",
    )
    social_trust: str = answer(
        "Confianza en la mayoría de las personas",
        "Trust in most people",
        "Confiança na maioria das pessoas",
        "trust",
    )


_TRUST = each("Confianza", "Trust", "Confiança", "trust")
_CONTACT = each("Contacto en 12 meses", "Contact in 12 months", "Contato em 12 meses")
_BRIBED = each(
    "Pagó o le pidieron un soborno", "Paid or was asked for a bribe", "Pagou ou lhe pediram suborno"
)


@per_code("trust_{code}", "institution", _TRUST)
@per_code("contact_{code}", "official_type", _CONTACT)
@per_code("bribe_{code}", "official_type", _BRIBED)
class Institutions(Model):
    """Trust in institutions, contact with officials, and bribes."""

    contact_any_official: str = answer(
        "Contacto con algún funcionario en 12 meses, según la encuesta",
        "Contact with any official in 12 months, as the survey states it",
        "Contato com algum funcionário em 12 meses, segundo a pesquisa",
    )
    bribe_asked: str = answer(
        "Le pidieron un soborno en 12 meses",
        "Was asked for a bribe in 12 months",
        "Pediram-lhe suborno em 12 meses",
    )
    bribe_paid: str = answer(
        "Pagó un soborno en 12 meses", "Paid a bribe in 12 months", "Pagou suborno em 12 meses"
    )

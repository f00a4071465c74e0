"""The questions that a survey asks once for each thing of a list, as columns with regular names.

For the crimes: ``victim_<crime>``, ``times_<crime>`` and ``reported_<crime>``, over the harmonised list of crimes.
"""

from __future__ import annotations

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


def _victim(entry: Code) -> Any:
    return answer(
        f"Víctima: {entry.label('es')}", f"Victim: {entry.label('en')}", f"Vítima: {entry.label('pt')}"
    )


def _times(entry: Code) -> Any:
    return field(
        f"Veces: {entry.label('es')}; {TIMES_CAP} son ese número o más",
        f"Times: {entry.label('en')}; {TIMES_CAP} is that many or more",
        f"Vezes: {entry.label('pt')}; {TIMES_CAP} são esse número ou mais",
        unit="times",
        in_range={"min_value": 0, "max_value": TIMES_CAP},
    )


def _reported(entry: Code) -> Any:
    return answer(
        f"Denunció ante la autoridad: {entry.label('es')}",
        f"Reported to the authority: {entry.label('en')}",
        f"Denunciou à autoridade: {entry.label('pt')}",
    )


def crimes(below: str) -> Any:
    """The questions about each crime below a code of the list ``survey_crime``."""

    def decorate(model: type[Model]) -> type[Model]:
        for pattern, declare, annotation in (
            ("victim_{code}", _victim, str),
            ("times_{code}", _times, pl.Int16),
            ("reported_{code}", _reported, str),
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
        "Acoso escolar en la escuela, en 12 meses",
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


def _insecurity(entry: Code) -> Any:
    return answer(
        f"Se siente insegura: {entry.label('es')}",
        f"Feels unsafe: {entry.label('en')}",
        f"Sente-se insegura: {entry.label('pt')}",
    )


def _likely(entry: Code) -> Any:
    return answer(
        f"Cree que puede ser víctima en 12 meses: {entry.label('es')}",
        f"Thinks to become a victim within 12 months: {entry.label('en')}",
        f"Acha que pode ser vítima em 12 meses: {entry.label('pt')}",
    )


def _given_up(entry: Code) -> Any:
    return answer(
        f"Dejó por temor: {entry.label('es')}",
        f"Gave up for fear: {entry.label('en')}",
        f"Deixou por medo: {entry.label('pt')}",
    )


def _protective(entry: Code) -> Any:
    return answer(
        f"Medida de protección: {entry.label('es')}",
        f"Protective measure: {entry.label('en')}",
        f"Medida de proteção: {entry.label('pt')}",
    )


def _justified(entry: Code) -> Any:
    return answer(
        f"Se justifica la violencia: {entry.label('es')}",
        f"Violence is justified: {entry.label('en')}",
        f"A violência se justifica: {entry.label('pt')}",
        "agreement",
    )


@per_code("insecure_{code}", "survey_territory", _insecurity)
@per_code("risk_{code}", "survey_risk", _likely)
@per_code("gave_up_{code}", "avoided_activity", _given_up)
@per_code("protected_by_{code}", "protective_measure", _protective)
@per_code("justifies_{code}", "violence_situation", _justified)
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


def _trust(entry: Code) -> Any:
    return answer(
        f"Confianza: {entry.label('es')}",
        f"Trust: {entry.label('en')}",
        f"Confiança: {entry.label('pt')}",
        "trust",
    )


def _contact(entry: Code) -> Any:
    return answer(
        f"Contacto en 12 meses: {entry.label('es')}",
        f"Contact in 12 months: {entry.label('en')}",
        f"Contato em 12 meses: {entry.label('pt')}",
    )


def _bribed(entry: Code) -> Any:
    return answer(
        f"Pagó o le pidieron un soborno: {entry.label('es')}",
        f"Paid or was asked for a bribe: {entry.label('en')}",
        f"Pagou ou lhe pediram suborno: {entry.label('pt')}",
    )


@per_code("trust_{code}", "institution", _trust)
@per_code("contact_{code}", "official_type", _contact)
@per_code("bribe_{code}", "official_type", _bribed)
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

"""Survey person: a person of a sample and the answers given."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key
from schemas.model import about
from schemas.traits.answers import Institutions, Perception, PersonalCrimes, Violence
from schemas.traits.person import Person, Schooled
from schemas.traits.place import ResidencePlace, Urbanised
from schemas.traits.survey import Sampled, Socioeconomic


class SurveyPerson(
    Sampled,
    Person,
    Schooled,
    Socioeconomic,
    Urbanised,
    ResidencePlace,
    PersonalCrimes,
    Violence,
    Perception,
    Institutions,
):
    """Grain: one person of the sample of one edition.

    In a survey of children the person is the child, whoever answers. A question that an edition does not ask is empty
    for all, one that it skips for a person is ``not_asked``.
    """

    person_key: str = key(
        "de la persona en la encuesta", "the person in the survey", "da pessoa na pesquisa", required=True
    )
    interview_date: pl.Date = field("Fecha de la entrevista", "Date of the interview", "Data da entrevista")
    partner_status: str = coded(
        "Situación de pareja", "Partner status", "Situação conjugal", codes="partner_status"
    )
    economic_status: str = coded(
        "Situación económica", "Economic activity status", "Situação econômica", codes="economic_status"
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Persona de una encuesta", "Una persona de la muestra de una edición de una encuesta"),
            en=("Survey person", "One person of the sample of one edition of a survey"),
            pt=("Pessoa de uma pesquisa", "Uma pessoa da amostra de uma edição de uma pesquisa"),
            date_field="reference_date",
            amount="weight",
        )

"""Case event: a step of a proceeding before prosecution or courts."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, currency_code, field, yes_no
from schemas.model import about, dated
from schemas.traits.event import IncidentReference, Offence, PersonReference, Registered, Relationship
from schemas.traits.person import Person
from schemas.traits.place import JurisdictionPlace, OccurrencePlace
from schemas.traits.record import Counted


@dated("step", "de la actuación", "of the step", "do ato", required=True)
@dated("opened", "de apertura del caso", "when the case was opened", "de abertura do caso")
@dated("occurrence", "del hecho", "of the event", "do fato")
class CaseEvent(
    Counted,
    Offence,
    Relationship,
    Person,
    JurisdictionPlace,
    OccurrencePlace,
    Registered,
    IncidentReference,
    PersonReference,
):
    """Grain: one step of a proceeding, of a case or of one of its persons, or one published aggregate of steps.

    The offence is the one at that step; the person is the one proceeded against.
    """

    step: str = coded("Actuación", "Step", "Ato", codes="case_step", required=True)
    instance: str = coded("Instancia", "Instance", "Instância", codes="instance")
    decided_by: str = coded(
        "Institución que decidió la actuación",
        "Institution that decided the step",
        "Instituição que decidiu o ato",
        codes="institution",
        recoded=False,
    )
    justice_system: str = coded(
        "Sistema de justicia", "Justice system", "Sistema de justiça", codes="justice_system"
    )
    person_kind: str = coded(
        "Persona natural o jurídica",
        "Natural or legal person",
        "Pessoa física ou jurídica",
        codes="person_kind",
    )
    sanction: str = coded("Sanción principal", "Main sanction", "Sanção principal", codes="sanction")
    sanction_months: pl.Float64 = field(
        "Duración de la sanción principal",
        "Length of the main sanction",
        "Duração da sanção principal",
        unit="months",
        ge=0,
    )
    sanction_life: str = yes_no(
        "Sanción de por vida o sin término",
        "Sanction for life or without end",
        "Sanção perpétua ou sem prazo",
    )
    fine_amount: pl.Float64 = field(
        "Importe de la multa", "Amount of the fine", "Valor da multa", unit="currency", ge=0
    )
    currency: str = currency_code("Moneda de la multa", "Currency of the fine", "Moeda da multa")
    femicide_legal: str = coded(
        "El delito es el tipo penal nacional de feminicidio",
        "The offence is the national legal type of femicide",
        "O crime é o tipo penal nacional de feminicídio",
        codes="yes_no",
    )
    n_pending: pl.Int32 = field(
        "Casos en trámite en la fecha, en un agregado",
        "Cases pending on the date, in an aggregate",
        "Casos em andamento na data, em um agregado",
        unit="cases",
        ge=0,
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Actuación de un caso",
                "Una actuación de un proceso, o un agregado publicado de actuaciones",
            ),
            en=("Case event", "One step of a proceeding, or one published aggregate of steps"),
            pt=("Ato de um processo", "Um ato de um processo, ou um agregado publicado de atos"),
            date_field="step_date",
            amount="count",
        )

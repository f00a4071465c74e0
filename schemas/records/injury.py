"""Injury: the first treatment of an injury in a health service."""

from __future__ import annotations

from schemas.fields import coded, field, key, yes_no
from schemas.model import about, dated
from schemas.records.death import CAUSE
from schemas.traits.event import CaseReference, Form, Mechanism, PersonReference, PlaceType, Relationship
from schemas.traits.person import Person
from schemas.traits.place import InjuryPlace, RegistrationPlace, ResidencePlace, Urbanised
from schemas.traits.record import Counted


@dated("attendance", "de la atención", "of the attendance", "do atendimento", required=True)
@dated("occurrence", "de la lesión", "of the injury", "da lesão")
class Injury(
    Counted,
    Mechanism,
    PlaceType,
    Relationship,
    Form,
    Urbanised,
    Person,
    InjuryPlace,
    ResidencePlace,
    RegistrationPlace,
    CaseReference,
    PersonReference,
):
    """Grain: one attendance of one injured person, or one published aggregate; first attendances are told apart.

    The place of registration is that of the health service.
    """

    intent: str = coded("Intencionalidad", "Intent", "Intencionalidade", codes="intent", required=True)
    cause: str = field(
        "Causa externa, CIE-10 sin punto",
        "External cause, ICD-10 without dot",
        "Causa externa, CID-10 sem ponto",
        str_matches=CAUSE,
    )
    nature: str = field(
        "Naturaleza de la lesión, CIE-10 sin punto (S o T)",
        "Nature of the injury, ICD-10 without dot (S or T)",
        "Natureza da lesão, CID-10 sem ponto (S ou T)",
        str_matches=CAUSE,
    )
    visit_order: str = coded(
        "Primera atención o subsecuente",
        "First attendance or a later one",
        "Primeiro atendimento ou subsequente",
        codes="visit_order",
    )
    injury_outcome: str = coded("Desenlace", "Outcome", "Desfecho", codes="injury_outcome")
    surveillance: str = coded(
        "Vigilancia universal o centinela",
        "Universal or sentinel surveillance",
        "Vigilância universal ou sentinela",
        codes="surveillance",
        required=True,
        recoded=False,
    )
    road_user: str = coded("Usuario de la vía", "Road user", "Usuário da via", codes="road_user")
    intoxicated: str = yes_no(
        "Bajo efectos de alcohol o drogas",
        "Under the influence of alcohol or drugs",
        "Sob efeito de álcool ou drogas",
    )
    facility_code: str = key("del establecimiento", "the facility", "do estabelecimento")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Lesión atendida",
                "Una atención de una persona lesionada, o un agregado publicado de atenciones",
            ),
            en=("Injury", "One attendance of one injured person, or one published aggregate of attendances"),
            pt=(
                "Lesão atendida",
                "Um atendimento de uma pessoa lesionada, ou um agregado publicado de atendimentos",
            ),
            date_field="attendance_date",
            amount="count",
        )

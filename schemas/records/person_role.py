"""Person in a role: a victim, suspect or offender of an incident or case."""

from __future__ import annotations

from schemas.codelists import Code
from schemas.fields import coded, yes_no
from schemas.model import about, per_code
from schemas.traits.event import (
    Channel,
    Detected,
    Event,
    IncidentReference,
    Occurred,
    PersonReference,
    Registered,
    Reported,
)
from schemas.traits.person import Person, Schooled
from schemas.traits.place import Coordinates, DetectionPlace, OccurrencePlace, ResidencePlace
from schemas.traits.record import Counted


def _characteristic(entry: Code) -> object:
    return yes_no(
        *entry.after("Feminicidio, característica", "Femicide, characteristic", "Feminicídio, característica")
    )


@per_code("femicide_{code}", "femicide_characteristic", _characteristic)
class PersonRole(
    Counted,
    Event,
    Channel,
    Person,
    Schooled,
    OccurrencePlace,
    DetectionPlace,
    ResidencePlace,
    Occurred,
    Reported,
    Registered,
    Detected,
    IncidentReference,
    PersonReference,
    Coordinates,
):
    """Grain: one person in one role in one event, or one published aggregate of such persons.

    In a victims-level source without an event key the row carries its event's class, offence, mechanism, place
    type and context itself; no incident is invented.
    """

    role: str = coded(
        "Papel de la persona",
        "Role of the person",
        "Papel da pessoa",
        codes="role",
        required=True,
        recoded=False,
    )
    person_kind: str = coded(
        "Persona natural o jurídica",
        "Natural or legal person",
        "Pessoa física ou jurídica",
        codes="person_kind",
    )
    outcome: str = coded(
        "Qué fue de la víctima", "What became of the victim", "O que foi da vítima", codes="victim_outcome"
    )
    economic_status: str = coded(
        "Situación económica de la persona",
        "Economic activity status of the person",
        "Situação econômica da pessoa",
        codes="economic_status",
    )
    intoxicated: str = yes_no(
        "Bajo efectos de alcohol o drogas",
        "Under the influence of alcohol or drugs",
        "Sob efeito de álcool ou drogas",
    )
    recidivist: str = yes_no(
        "Con antecedentes por otro delito",
        "With an earlier offence on record",
        "Com antecedentes por outro crime",
    )
    road_user: str = coded("Usuario de la vía", "Road user", "Usuário da via", codes="road_user")
    own_institution: str = coded(
        "Institución del Estado a la que pertenece la persona",
        "State institution to which the person belongs",
        "Instituição do Estado à qual a pessoa pertence",
        codes="institution",
    )
    own_duty_status: str = coded(
        "Servicio de la persona que es agente del Estado",
        "Duty status of the person who is a State agent",
        "Serviço da pessoa que é agente do Estado",
        codes="duty_status",
    )
    femicide_legal: str = coded(
        "Registrada bajo el tipo penal nacional de feminicidio",
        "Recorded under the national legal type of femicide",
        "Registrada sob o tipo penal nacional de feminicídio",
        codes="yes_no",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Persona en un hecho o caso",
                "Una persona en un papel (víctima, sospechosa, autora) de un hecho o caso, o un agregado",
            ),
            en=(
                "Person in a role",
                "One person in one role in one event, or one published aggregate of such persons",
            ),
            pt=(
                "Pessoa em um fato ou caso",
                "Uma pessoa em um papel (vítima, suspeita, autora) de um fato ou caso, ou um agregado",
            ),
            date_field="occurrence_date",
            amount="count",
        )

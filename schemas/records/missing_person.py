"""Missing person: the report of a person whose whereabouts are unknown."""

from __future__ import annotations

from schemas.fields import coded
from schemas.model import about, dated
from schemas.traits.event import Channel, IncidentReference, PersonReference, Registered, Reported
from schemas.traits.person import Person
from schemas.traits.place import Coordinates, OccurrencePlace, RegistrationPlace, ResidencePlace
from schemas.traits.record import Counted


@dated(
    "occurrence",
    "en que fue vista por última vez",
    "when last seen",
    "em que foi vista pela última vez",
    required=True,
)
@dated("status", "del estado", "of the status", "da situação")
class MissingPerson(
    Counted,
    Person,
    Channel,
    OccurrencePlace,
    ResidencePlace,
    RegistrationPlace,
    Reported,
    Registered,
    IncidentReference,
    PersonReference,
    Coordinates,
):
    """Grain: one report of a missing person, or one published aggregate of reports.

    The place and date of occurrence are those where and when the person was last seen.
    """

    missing_status: str = coded(
        "Estado de la persona reportada",
        "Status of the reported person",
        "Situação da pessoa desaparecida",
        codes="missing_status",
        required=True,
    )
    enforced: str = coded(
        "Desaparición forzada: con participación de agentes del Estado",
        "Enforced disappearance: with the involvement of State agents",
        "Desaparecimento forçado: com participação de agentes do Estado",
        codes="yes_no",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Persona desaparecida",
                "Un reporte de una persona desaparecida, o un agregado publicado de reportes",
            ),
            en=("Missing person", "One report of a missing person, or one published aggregate of reports"),
            pt=(
                "Pessoa desaparecida",
                "Um registro de uma pessoa desaparecida, ou um agregado publicado de registros",
            ),
            date_field="occurrence_date",
            amount="count",
        )

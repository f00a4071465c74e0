"""Death: a registered death by underlying cause, or a published aggregate of deaths."""

from __future__ import annotations

from schemas.fields import coded, field, source_code
from schemas.model import about, dated
from schemas.traits.event import CaseReference, PersonReference, PlaceType, Registered
from schemas.traits.person import Person, Schooled
from schemas.traits.place import DeathPlace, InjuryPlace, RegistrationPlace, ResidencePlace, Urbanised
from schemas.traits.record import Counted

#: A code of the international classification of diseases without its dot; X stands for a fourth character not known.
CAUSE = r"^[A-Z][0-9]{2}[0-9X]?$"


@dated("occurrence", "de la muerte", "of death", "da morte", required=True)
@dated("injury", "de la lesión", "of the injury", "da lesão")
class Death(
    Counted,
    Person,
    Schooled,
    DeathPlace,
    ResidencePlace,
    InjuryPlace,
    RegistrationPlace,
    PlaceType,
    Urbanised,
    Registered,
    CaseReference,
    PersonReference,
):
    """Grain: one registered death, or one published aggregate of deaths in the range of causes that a source states."""

    cause_from: str = field(
        "Causa básica, CIE-10 sin punto; en un agregado, la primera de su intervalo",
        "Underlying cause, ICD-10 without dot; in an aggregate the first of its range",
        "Causa básica, CID-10 sem ponto; em um agregado, a primeira do intervalo",
        required=True,
        str_matches=CAUSE,
    )
    cause_to: str = field(
        "Última causa del intervalo; igual a la primera en una muerte individual",
        "Last cause of the range; equal to the first in a single death",
        "Última causa do intervalo; igual à primeira em uma morte individual",
        str_matches=CAUSE,
    )
    cause_from_source_code: str = source_code("cause_from")
    manner_of_death: str = coded(
        "Manera de la muerte, como la dice la fuente",
        "Manner of death, as the source states it",
        "Maneira da morte, como a fonte a informa",
        codes="manner_of_death",
    )
    autopsy: str = coded("Con autopsia", "With an autopsy", "Com autópsia", codes="yes_no")
    death_place_type: str = coded(
        "Tipo de lugar de la muerte", "Type of place of death", "Tipo de lugar da morte", codes="place_type"
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Defunción", "Una defunción registrada, o un agregado publicado de defunciones"),
            en=("Death", "One registered death, or one published aggregate of deaths"),
            pt=("Óbito", "Um óbito registrado, ou um agregado publicado de óbitos"),
            date_field="occurrence_date",
            amount="count",
        )

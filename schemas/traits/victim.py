"""A person to whom something was done, as the institutions that protect and assist record it."""

from __future__ import annotations

from schemas.traits.event import CaseReference, Channel, Form, Offence, PersonReference, Relationship
from schemas.traits.person import Person
from schemas.traits.place import JurisdictionPlace, OccurrencePlace, ResidencePlace
from schemas.traits.record import Counted


class Victim(
    Counted,
    Form,
    Relationship,
    Offence,
    Channel,
    Person,
    JurisdictionPlace,
    OccurrencePlace,
    ResidencePlace,
    CaseReference,
    PersonReference,
):
    """The person, what was done by whom, where, which authority acts, and by which numbers records are joined."""

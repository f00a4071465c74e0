"""What happened, when, and by which numbers the records of one event are joined."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, hmac, reference
from schemas.model import Model, dated
from schemas.traits.place import Urbanised


class Offence(Model):
    """The offence by the international classification; the source's own code stands beside it."""

    iccs: str = coded(
        "Delito según la ICCS (el de mayor detalle conocido)",
        "Offence by ICCS, the most detailed class known",
        "Crime segundo a ICCS, a classe mais detalhada conhecida",
        codes="iccs",
    )


class PlaceType(Model):
    """Kind of place."""

    place_type: str = coded("Tipo de lugar", "Type of place", "Tipo de lugar", codes="place_type")


class Mechanism(Model):
    """By what means."""

    mechanism: str = coded("Mecanismo o arma", "Mechanism or weapon", "Mecanismo ou arma", codes="mechanism")


class Relationship(Model):
    """Who the offender is to the victim."""

    relationship: str = coded(
        "Relación de la víctima con el autor",
        "Relationship of the victim to the offender",
        "Relação da vítima com o autor",
        codes="relationship",
    )


class Form(Model):
    """In which form."""

    form: str = coded(
        "Forma de la violencia o de la explotación",
        "Form of the violence or of the exploitation",
        "Forma da violência ou da exploração",
        codes="form",
    )


class Channel(Model):
    """How it came to notice; reports through different channels are never added up."""

    channel: str = coded(
        "Vía por la que se conoció",
        "Channel through which it came to notice",
        "Via pela qual se conheceu",
        codes="channel",
    )


@dated("occurrence", "del hecho", "of the event", "do fato", required=True, until=True)
class Occurred(Model):
    """When it happened."""

    occurrence_hour: pl.UInt8 = field(
        "Hora del hecho", "Hour of the event", "Hora do fato", unit="hour of day", le=23
    )


@dated("report", "de la denuncia o del reporte", "of the report", "da denúncia ou da comunicação")
class Reported(Model):
    """When it was reported to the institution."""


@dated("registration", "del registro", "of the registration", "do registro")
class Registered(Model):
    """When the institution entered it in its register."""


@dated("detection", "de la detección", "of the detection", "da detecção")
class Detected(Model):
    """When the institution found the victim."""


class Event(Offence, Mechanism, PlaceType, Relationship, Form, Urbanised):
    """An event as records of incidents and of persons both carry it."""

    event_class: str = coded(
        "Clase de hecho",
        "Class of event",
        "Classe de fato",
        codes="event_class",
        required=True,
        recoded=False,
    )
    completion: str = coded(
        "Consumado o tentativa", "Completed or attempted", "Consumado ou tentativa", codes="completion"
    )
    context: str = coded(
        "Contexto situacional", "Situational context", "Contexto situacional", codes="context"
    )
    agent_institution: str = coded(
        "Institución del agente del Estado que intervino",
        "Institution of the State agent who intervened",
        "Instituição do agente do Estado que interveio",
        codes="institution",
    )
    agent_duty_status: str = coded(
        "Servicio del agente del Estado que intervino",
        "Duty status of the State agent who intervened",
        "Serviço do agente do Estado que interveio",
        codes="duty_status",
    )
    death_rule: str = coded(
        "Plazo en que la fuente cuenta la muerte tras el hecho",
        "Time after the event within which the source counts a death",
        "Prazo após o fato em que a fonte conta a morte",
        codes="death_rule",
    )
    vehicle_class: str = coded(
        "Clase del vehículo: el sustraído, o el de la persona en el tránsito",
        "Class of the vehicle: the stolen one, or that of the person in traffic",
        "Classe do veículo: o subtraído, ou o da pessoa no trânsito",
        codes="vehicle_class",
    )


class CaseReference(Model):
    """The case (file, proceeding, certificate) that a record belongs to."""

    case_ref: pl.Int64 = reference("del expediente", "the case", "do processo")
    case_hmac: pl.Binary = hmac("del expediente", "the case number", "do processo")


class IncidentReference(CaseReference):
    """The event that a record belongs to, and its case."""

    incident_ref: pl.Int64 = reference("del hecho", "the incident", "do fato")
    incident_hmac: pl.Binary = hmac("del hecho", "the incident number", "do fato")


class PersonReference(Model):
    """The person that a record is about; only the writer may read it."""

    person_ref: pl.Int64 = reference("de la persona", "the person", "da pessoa", tier="restricted")
    person_hmac: pl.Binary = hmac("de la persona", "the person's identifier", "da pessoa")

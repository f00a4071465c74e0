"""Incident: a recorded event, or an aggregate of events that a source publishes."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field
from schemas.model import about
from schemas.traits.event import Channel, Event, IncidentReference, Occurred, Registered, Reported
from schemas.traits.place import Coordinates, OccurrencePlace
from schemas.traits.record import Counted


class Incident(
    Counted, Event, Channel, OccurrencePlace, Occurred, Reported, Registered, IncidentReference, Coordinates
):
    """Grain: one recorded event, or one published aggregate of events (``count`` carries how many)."""

    n_victims: pl.Int32 = field(
        "Número de víctimas del hecho",
        "Number of victims of the event",
        "Número de vítimas do fato",
        unit="victims",
        ge=0,
    )
    victim_kind: str = coded(
        "La víctima es persona natural o jurídica",
        "Whether the victim is a natural or a legal person",
        "A vítima é pessoa física ou jurídica",
        codes="person_kind",
    )
    clearance: str = coded(
        "Esclarecimiento del hecho", "Clearance of the event", "Esclarecimento do fato", codes="clearance"
    )
    suspect_identified_date: pl.Date = field(
        "Fecha en que se identificó a una persona sospechosa",
        "Date on which a suspect was identified",
        "Data em que se identificou uma pessoa suspeita",
    )
    test_result: str = coded(
        "Resultado de la prueba de alcohol o drogas a quien conduce",
        "Result of the driver's test for alcohol or drugs",
        "Resultado do teste de álcool ou drogas de quem conduz",
        codes="test_result",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Hecho", "Un hecho registrado, o un agregado de hechos ya publicado"),
            en=("Incident", "One recorded event, or one published aggregate of events"),
            pt=("Fato", "Um fato registrado, ou um agregado de fatos já publicado"),
            date_field="occurrence_date",
            amount="count",
        )

"""Practice: a way of preventing that others can take up, with the evidence for it."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key
from schemas.model import about, place
from schemas.traits.event import Offence
from schemas.traits.place import Placed
from schemas.traits.programme import Prevention
from schemas.traits.record import Record


@place("jurisdiction")
class Practice(Record, Prevention, Offence, Placed):
    """Grain: one practice as one registry rates it at one review; the place is where it was applied."""

    practice_code: str = key("de la práctica", "the practice", "da prática", required=True)
    name: str = field("Nombre", "Name", "Nome", required=True)
    description: str = field("Descripción", "Description", "Descrição")
    practice_level: str = coded(
        "Nivel en que se aplicó",
        "Level at which it was applied",
        "Nível em que se aplicou",
        codes="practice_level",
        required=True,
    )
    rating_label: str = field(
        "Calificación con las palabras del registro",
        "Rating in the words of the registry",
        "Classificação com as palavras do registro",
    )
    n_studies: pl.Int16 = field(
        "Estudios en que se basa",
        "Studies on which it rests",
        "Estudos em que se baseia",
        unit="studies",
        ge=0,
    )
    conditions: str = field(
        "Condiciones para adaptarla", "Conditions for adapting it", "Condições para adaptá-la"
    )
    reviewers: str = field(
        "Instituciones que la revisaron", "Institutions that reviewed it", "Instituições que a revisaram"
    )
    n_reviewers: pl.Int16 = field(
        "Número de personas que la revisaron",
        "Number of persons who reviewed it",
        "Número de pessoas que a revisaram",
        unit="persons",
        ge=0,
    )
    review_date: pl.Date = field(
        "Fecha de la revisión", "Date of the review", "Data da revisão", required=True
    )
    registry: str = field(
        "Registro que la publica", "Registry that publishes it", "Registro que a publica", required=True
    )
    programme_code: str = key("del programa de origen", "the programme of origin", "do programa de origem")
    document: str = field("Documento o dirección", "Document or address", "Documento ou endereço")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Práctica", "Una práctica como la califica un registro en una revisión"),
            en=("Practice", "One practice as one registry rates it at one review"),
            pt=("Prática", "Uma prática como um registro a classifica em uma revisão"),
            date_field="review_date",
            amount=None,
        )

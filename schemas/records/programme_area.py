"""Programme area: a territory in which a programme works, or with which it is compared."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field
from schemas.model import about, place
from schemas.traits.place import Placed
from schemas.traits.programme import ProgrammeKey
from schemas.traits.record import Record


@place("jurisdiction", required=True)
class ProgrammeArea(Record, ProgrammeKey, Placed):
    """Grain: one area in one arm of one programme, over a time."""

    arm: str = coded(
        "Papel del área: tratada, comparación o colindante",
        "Role of the area: treated, comparison or buffer",
        "Papel da área: tratada, comparação ou limítrofe",
        codes="arm",
        required=True,
    )
    start_date: pl.Date = field("Inicio en el área", "Start in the area", "Início na área", required=True)
    end_date: pl.Date = field(
        "Fin en el área; vacía si sigue",
        "End in the area; empty while it goes on",
        "Fim na área; vazia se continua",
    )
    target_group_size: pl.Int32 = field(
        "Personas de la población destinataria en el área",
        "Persons of the target group in the area",
        "Pessoas da população destinatária na área",
        unit="persons",
        ge=0,
    )
    selection_reason: str = field(
        "Por qué se eligió el área", "Why the area was chosen", "Por que a área foi escolhida"
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Área de un programa",
                "Un área en un papel de la evaluación de un programa, durante un tiempo",
            ),
            en=("Programme area", "One area in one arm of one programme, over a time"),
            pt=("Área de um programa", "Uma área em um papel da avaliação de um programa, durante um tempo"),
            date_field="start_date",
            amount=None,
        )

"""Service: assistance given to a person."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key
from schemas.model import about, dated
from schemas.traits.victim import Victim


@dated("service", "de la asistencia", "of the assistance", "do atendimento", required=True)
@dated("occurrence", "del hecho", "of the event", "do fato")
class Service(Victim):
    """Grain: one assistance given to one person, or one published aggregate; the person is the one assisted."""

    service_type: str = coded(
        "Tipo de asistencia", "Type of assistance", "Tipo de assistência", codes="service_type", required=True
    )
    institution: str = coded(
        "Institución que asiste", "Institution that assists", "Instituição que assiste", codes="institution"
    )
    facility_code: str = key("del establecimiento", "the facility", "do estabelecimento")
    facility_type: str = coded(
        "Tipo de establecimiento", "Type of facility", "Tipo de estabelecimento", codes="facility_type"
    )
    visit_order: str = coded(
        "Primera vez o subsecuente", "First or repeated", "Primeira vez ou subsequente", codes="visit_order"
    )
    referred: str = coded(
        "Remitida a otra institución",
        "Referred to another institution",
        "Encaminhada a outra instituição",
        codes="yes_no",
    )
    referred_to: str = coded(
        "Institución a la que se remitió",
        "Institution to which it was referred",
        "Instituição para a qual foi encaminhada",
        codes="institution",
    )
    end_date: pl.Date = field("Fecha en que terminó", "Date on which it ended", "Data em que terminou")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Asistencia",
                "Una asistencia prestada a una persona, o un agregado publicado de asistencias",
            ),
            en=("Service", "One assistance given to one person, or one published aggregate of assistances"),
            pt=(
                "Atendimento",
                "Um atendimento prestado a uma pessoa, ou um agregado publicado de atendimentos",
            ),
            date_field="service_date",
            amount="count",
        )

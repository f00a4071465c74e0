"""Custody: persons deprived of liberty, on a date or as they come and go."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field, key
from schemas.model import about, dated
from schemas.traits.event import CaseReference, Offence, PersonReference
from schemas.traits.person import Person, Schooled
from schemas.traits.place import JurisdictionPlace, ResidencePlace
from schemas.traits.record import Counted


@dated(
    "reference",
    "del recuento, o del movimiento",
    "of the count, or of the movement",
    "da contagem, ou do movimento",
    required=True,
)
@dated("admission", "del ingreso", "of the admission", "da entrada")
@dated("release", "del egreso", "of the release", "da saída")
class Custody(
    Counted, Offence, Person, Schooled, JurisdictionPlace, ResidencePlace, CaseReference, PersonReference
):
    """Grain: persons held on a date (stock), or one movement or spell of a person (flow), or an aggregate of these.

    ``reference_date`` is the day of the count for persons held, and that of the movement for all others: for a spell
    the release, or the admission while it lasts.
    """

    custody_measure: str = coded(
        "Qué se cuenta",
        "What is counted",
        "O que se conta",
        codes="custody_measure",
        required=True,
        recoded=False,
    )
    justice_system: str = coded(
        "Sistema de justicia", "Justice system", "Sistema de justiça", codes="justice_system"
    )
    legal_status: str = coded("Situación jurídica", "Legal status", "Situação jurídica", codes="legal_status")
    held_months_from: pl.Int16 = field(
        "Meses de privación de libertad: los primeros del grupo de la fuente, o los cumplidos",
        "Months held: the first of the source's group, or those completed",
        "Meses de privação de liberdade: os primeiros do grupo da fonte, ou os completos",
        unit="months",
        ge=0,
    )
    held_months_to: pl.Int16 = field(
        "Últimos meses del grupo de la fuente; vacío en un grupo abierto",
        "Last months of the source's group; empty in an open-ended group",
        "Últimos meses do grupo da fonte; vazio em um grupo aberto",
        unit="months",
        ge=0,
    )
    admission_reason: str = coded(
        "Motivo del ingreso", "Reason for admission", "Motivo da entrada", codes="admission_reason"
    )
    release_reason: str = coded(
        "Motivo del egreso", "Reason for release", "Motivo da saída", codes="release_reason"
    )
    readmission: str = coded(
        "Con un ingreso anterior", "With an earlier admission", "Com uma entrada anterior", codes="yes_no"
    )
    manner_of_death: str = coded(
        "Manera de la muerte en custodia",
        "Manner of the death in custody",
        "Maneira da morte sob custódia",
        codes="manner_of_death",
    )
    sanction: str = coded(
        "Sanción que se cumple", "Sanction being served", "Sanção em cumprimento", codes="sanction"
    )
    sentence_months: pl.Float64 = field(
        "Duración de la sentencia", "Length of the sentence", "Duração da sentença", unit="months", ge=0
    )
    facility_code: str = key("del establecimiento", "the facility", "do estabelecimento")
    facility_type: str = coded(
        "Tipo de establecimiento", "Type of facility", "Tipo de estabelecimento", codes="facility_type"
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Privación de libertad",
                "Personas privadas de libertad en una fecha, o sus ingresos, egresos y estancias",
            ),
            en=(
                "Custody",
                "Persons held on a date, or movements and spells of persons held, single or as an aggregate",
            ),
            pt=(
                "Privação de liberdade",
                "Pessoas privadas de liberdade em uma data, ou suas entradas, saídas e permanências",
            ),
            date_field="reference_date",
            amount="count",
        )

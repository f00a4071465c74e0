"""Published indicator: a value that a source publishes without the records behind it."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, field
from schemas.model import about, dated, place
from schemas.traits.event import Form, Mechanism, Offence, Relationship
from schemas.traits.person import Aged, Groups, Sexed
from schemas.traits.place import Placed, Urbanised
from schemas.traits.record import Published, Record, Uncertain, sample_size, unit_measure


@place("occurrence")
@dated("reference", "a que se refiere", "to which it refers", "a que se refere", required=True, until=True)
class PublishedIndicator(
    Record,
    Published,
    Uncertain,
    Sexed,
    Aged,
    Groups,
    Urbanised,
    Offence,
    Mechanism,
    Relationship,
    Form,
    Placed,
):
    """Grain: one published value of one indicator for an area, a period and its breakdowns, in one edition.

    The place is the area to which the producer attributes the value.
    """

    indicator: str = field(
        "Indicador: identificador del catálogo, o el nombre de la fuente",
        "Indicator: identifier of the catalogue, or the source's name",
        "Indicador: identificador do catálogo, ou o nome da fonte",
        required=True,
    )
    freq: str = coded("Frecuencia", "Frequency", "Frequência", codes="freq", required=True, recoded=False)
    value: pl.Float64 = field("Valor", "Value", "Valor")
    obs_status: str = coded(
        "Estado de la observación; dice por qué falta un valor",
        "Observation status; says why a value is missing",
        "Situação da observação; diz por que falta um valor",
        codes="obs_status",
    )
    unit_measure: str = unit_measure()
    numerator: pl.Float64 = field("Numerador", "Numerator", "Numerador", ge=0)
    numerator_unit: str = coded(
        "Unidad de conteo del numerador",
        "Counting unit of the numerator",
        "Unidade de contagem do numerador",
        codes="counting_unit",
        recoded=False,
    )
    denominator: pl.Float64 = field("Denominador", "Denominator", "Denominador", ge=0)
    sample_size: pl.Int64 = sample_size()
    context: str = coded(
        "Contexto situacional", "Situational context", "Contexto situacional", codes="context"
    )
    institution: str = coded(
        "Institución de que trata",
        "Institution that it is about",
        "Instituição de que trata",
        codes="institution",
    )
    estimate_type: str = coded(
        "Tipo de estimación", "Type of estimate", "Tipo de estimativa", codes="estimate_type", recoded=False
    )
    place_basis: str = coded(
        "Lugar al que se atribuye",
        "Place of attribution",
        "Lugar de atribuição",
        codes="place_basis",
        recoded=False,
    )
    document: str = field("Documento o dirección", "Document or address", "Documento ou endereço")

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Indicador publicado",
                "Un valor publicado de un indicador para un área, un periodo y sus desgloses",
            ),
            en=(
                "Published indicator",
                "One published value of one indicator for an area, a period and its breakdowns",
            ),
            pt=(
                "Indicador publicado",
                "Um valor publicado de um indicador para uma área, um período e suas desagregações",
            ),
            date_field="reference_date",
            amount=None,
        )

"""Survey incident: a crime that a person or household of a sample tells of."""

from __future__ import annotations

import polars as pl

from schemas.fields import coded, currency_code, field, key
from schemas.model import about, dated, per_code
from schemas.traits.answers import TIMES_CAP, answer, each
from schemas.traits.event import Mechanism, Offence, PlaceType, Relationship
from schemas.traits.person import Aged, Sexed
from schemas.traits.place import OccurrencePlace, ResidencePlace, Urbanised
from schemas.traits.survey import Sampled

_REASON = each("No denunció por", "Did not report because of", "Não denunciou por")


@per_code("not_reported_{code}", "not_reported_reason", _REASON)
@dated("occurrence", "del hecho", "of the crime", "do fato")
class SurveyIncident(
    Sampled,
    Offence,
    Mechanism,
    PlaceType,
    Relationship,
    Sexed,
    Aged,
    Urbanised,
    OccurrencePlace,
    ResidencePlace,
):
    """Grain: one crime (or one series of like crimes) told in one edition, with the weight of whom it was done to.

    Sex and age are the victim's; the place of residence is where the household lives.
    """

    person_key: str = key("de la persona en la encuesta", "the person in the survey", "da pessoa na pesquisa")
    incident_key: str = key("del delito en la encuesta", "the crime in the survey", "do crime na pesquisa")
    crime_unit: str = coded(
        "A quién se hizo: persona u hogar",
        "To whom it was done: person or household",
        "A quem se fez: pessoa ou domicílio",
        codes="crime_unit",
        required=True,
        recoded=False,
    )
    survey_crime: str = coded(
        "Delito armonizado", "Harmonised crime", "Crime harmonizado", codes="survey_crime", required=True
    )
    completion: str = coded(
        "Consumado o tentativa", "Completed or attempted", "Consumado ou tentativa", codes="completion"
    )
    crime_place_scope: str = coded(
        "Dónde ocurrió respecto de la vivienda",
        "Where it happened in relation to the residence",
        "Onde ocorreu em relação à moradia",
        codes="crime_place_scope",
    )
    occurrence_hour: pl.UInt8 = field(
        "Hora del hecho", "Hour of the crime", "Hora do fato", unit="hour of day", le=23
    )
    injured: str = answer("Hubo lesiones", "Somebody was injured", "Houve lesões")
    loss_amount: pl.Float64 = field("Pérdida", "Loss", "Perda", unit="currency", ge=0)
    currency: str = currency_code("Moneda de la pérdida", "Currency of the loss", "Moeda da perda")
    reported: str = answer(
        "Se denunció; vacío o no sabe: no especificado",
        "Reported; empty or does not know: not specified",
        "Denunciou-se; vazio ou não sabe: não especificado",
    )
    reported_to: str = coded(
        "Institución ante la que se denunció",
        "Institution to which it was reported",
        "Instituição à qual se denunciou",
        codes="institution",
    )
    file_opened: str = answer(
        "Se abrió una carpeta o expediente", "An investigation file was opened", "Abriu-se um inquérito"
    )
    series: str = answer("Serie de hechos parecidos", "A series of like events", "Série de fatos semelhantes")
    times: pl.Int16 = field(
        "Hechos de la serie; 1 en uno solo",
        "Events in the series; 1 for a single one",
        "Fatos da série; 1 em um só",
        unit="events",
        in_range={"min_value": 1, "max_value": TIMES_CAP},
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=(
                "Delito contado en una encuesta",
                "Un delito, o una serie de delitos parecidos, contado en una edición de una encuesta",
            ),
            en=(
                "Survey incident",
                "One crime, or one series of like crimes, told in one edition of a survey",
            ),
            pt=(
                "Crime contado em uma pesquisa",
                "Um crime, ou uma série de crimes semelhantes, contado em uma edição de uma pesquisa",
            ),
            date_field="reference_date",
            amount="weight",
        )

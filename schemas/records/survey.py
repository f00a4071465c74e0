"""Survey: an edition of a survey and how it was made."""

from __future__ import annotations

import polars as pl

from schemas.codelists import Code
from schemas.fields import age, coded, field, yes_no
from schemas.model import about, per_code, place
from schemas.traits.place import Placed
from schemas.traits.record import Record
from schemas.traits.survey import SurveyKey


def _representative(entry: Code) -> object:
    texts = entry.after("Representativa por", "Representative by", "Representativa por")
    return yes_no(*texts, required=True)


@per_code("representative_{code}", "survey_domain", _representative)
@place("jurisdiction", required=True)
class Survey(Record, SurveyKey, Placed):
    """Grain: one edition of one survey; a domain for which it is not representative is not computed."""

    title: str = field("Título", "Title", "Título", required=True)
    producer: str = field(
        "Institución que la produce",
        "Institution that produces it",
        "Instituição que a produz",
        required=True,
    )
    reference_end: pl.Date = field(
        "Último día del periodo por el que se pregunta",
        "Last day of the period asked about",
        "Último dia do período da pergunta",
        required=True,
    )
    fieldwork_start: pl.Date = field(
        "Inicio del trabajo de campo", "Start of fieldwork", "Início do trabalho de campo"
    )
    fieldwork_end: pl.Date = field("Fin del trabajo de campo", "End of fieldwork", "Fim do trabalho de campo")
    frame: str = field("Marco muestral", "Sampling frame", "Cadastro amostral")
    survey_coverage: str = coded(
        "Territorio representado",
        "Territory represented",
        "Território representado",
        codes="survey_coverage",
        required=True,
        recoded=False,
    )
    base_age_from: pl.Int16 = age(
        "Primera edad de la base", "First age of the base", "Primeira idade da base"
    )
    base_age_to: pl.Int16 = age(
        "Última edad de la base; vacía si no tiene límite",
        "Last age of the base; empty without limit",
        "Última idade da base; vazia se não há limite",
    )
    base_sex: str = coded(
        "Sexo de la base; _T para ambos",
        "Sex of the base; _T for both",
        "Sexo da base; _T para ambos",
        codes="sex",
        required=True,
        recoded=False,
    )
    respondent_rule: str = coded(
        "Quién responde",
        "Who answers",
        "Quem responde",
        codes="respondent_rule",
        required=True,
        recoded=False,
    )
    survey_mode: str = coded(
        "Forma de la entrevista",
        "Mode of interview",
        "Modo da entrevista",
        codes="survey_mode",
        required=True,
        recoded=False,
    )
    questionnaire_version: str = field(
        "Versión del cuestionario", "Version of the questionnaire", "Versão do questionário"
    )
    response_rate: pl.Float64 = field(
        "Tasa de respuesta",
        "Response rate",
        "Taxa de resposta",
        unit="percent",
        in_range={"min_value": 0, "max_value": 100},
    )
    variance_method: str = coded(
        "Cómo se calcula el error muestral",
        "How the sampling error is computed",
        "Como se calcula o erro amostral",
        codes="variance_method",
        required=True,
        recoded=False,
    )
    n_strata: pl.Int32 = field(
        "Número de estratos", "Number of strata", "Número de estratos", unit="strata", ge=0
    )
    n_psu: pl.Int32 = field(
        "Número de unidades primarias de muestreo",
        "Number of primary sampling units",
        "Número de unidades primárias de amostragem",
        unit="primary sampling units",
        ge=0,
    )
    n_replicates: pl.Int32 = field(
        "Número de pesos replicados",
        "Number of replicate weights",
        "Número de pesos replicados",
        unit="weights",
        ge=0,
    )
    sample_persons: pl.Int32 = field(
        "Personas de la muestra", "Persons in the sample", "Pessoas da amostra", unit="persons", ge=0
    )
    sample_households: pl.Int32 = field(
        "Hogares de la muestra", "Households in the sample", "Domicílios da amostra", unit="households", ge=0
    )
    dedicated_to_violence: str = yes_no(
        "Dedicada a la violencia (no una encuesta de delitos)",
        "Dedicated to violence (not a crime survey)",
        "Dedicada à violência (não uma pesquisa de crimes)",
    )
    break_note: str = field(
        "Por qué no se compara con la edición anterior",
        "Why it cannot be compared with the edition before",
        "Por que não se compara com a edição anterior",
    )
    document: str = field(
        "Documento metodológico o dirección",
        "Methodological document or address",
        "Documento metodológico ou endereço",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Encuesta", "Una edición de una encuesta"),
            en=("Survey", "One edition of one survey"),
            pt=("Pesquisa", "Uma edição de uma pesquisa"),
            date_field="reference_date",
            amount=None,
        )

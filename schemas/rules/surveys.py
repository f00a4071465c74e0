"""Rules about surveys: answers that contradict each other, and designs that lack a part."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import codelists
from schemas.codelists import Code
from schemas.rules.kinds import among, bounded, clash, needs, never, not_all, ordered, together, unique
from schemas.rules.rule import Declared, Text, say

_CHECK = say(
    "Compruebe el salto del cuestionario y el diccionario de la encuesta",
    "Check the routing of the questionnaire and the survey's dictionary",
    "Verifique o salto do questionário e o dicionário da pesquisa",
)
_CRIMES = codelists.load("survey_crime")
HOUSEHOLD_CRIMES = _CRIMES.descends("household_crime")


def _labelled(entry: Code, es: str, en: str, pt: str) -> tuple[Text, Text]:
    return say(*entry.after(es, en, pt)), _CHECK


def _of_crime(entry: Code) -> Iterator[Declared]:
    victim, times, reported = (f"{part}_{entry.code}" for part in ("victim", "times", "reported"))
    yield bounded(
        f"{times}.of_no_victim",
        times,
        None,
        0,
        _labelled(entry, "Veces sin ser víctima", "Times without being a victim", "Vezes sem ser vítima"),
        of=victim,
        among=("no",),
    )
    yield bounded(
        f"{times}.none_of_victim",
        times,
        1,
        None,
        _labelled(entry, "Víctima ninguna vez", "A victim no times", "Vítima nenhuma vez"),
        of=victim,
        among=("yes",),
    )
    yield needs(
        f"{times}.of_victim",
        times,
        victim,
        _labelled(
            entry,
            "Víctima sin número de veces",
            "A victim without number of times",
            "Vítima sem número de vezes",
        ),
        among=("yes",),
        severity="warn",
    )
    yield clash(
        f"{reported}.of_no_victim",
        reported,
        ("yes", "no"),
        victim,
        ("no",),
        _labelled(
            entry, "Denuncia sin ser víctima", "Reporting without being a victim", "Denúncia sem ser vítima"
        ),
        severity="warn",
    )


def _of_official(entry: Code) -> Declared:
    return clash(
        f"bribe_{entry.code}.without_contact",
        f"bribe_{entry.code}",
        ("yes",),
        f"contact_{entry.code}",
        ("no",),
        _labelled(entry, "Soborno sin contacto", "A bribe without contact", "Suborno sem contato"),
        severity="warn",
    )


def _of_form(entry: Code) -> Iterator[Declared]:
    year, ever = (f"partner_violence_{entry.code}_{when}" for when in ("12m", "ever"))
    yield clash(
        f"{year}.but_never",
        year,
        ("yes",),
        ever,
        ("no",),
        _labelled(entry, "En 12 meses y nunca", "In 12 months and never", "Em 12 meses e nunca"),
    )
    for when in (year, ever):
        yield clash(
            f"{when}.without_partner",
            when,
            ("yes",),
            "partner_status",
            ("never_partnered",),
            _labelled(
                entry,
                "Sin haber tenido pareja",
                "Without ever having a partner",
                "Sem ter tido parceiro íntimo",
            ),
        )


def _entries(name: str) -> Iterator[Code]:
    yield from codelists.load(name).entries


_ANSWERS = (
    *(rule for entry in _entries("survey_crime") if entry.parent for rule in _of_crime(entry)),
    *(rule for entry in _entries("violence_form") for rule in _of_form(entry)),
    *(_of_official(entry) for entry in _entries("official_type")),
    clash(
        "non_partner_sexual_12m.but_never",
        "non_partner_sexual_12m",
        ("yes",),
        "non_partner_sexual_ever",
        ("no",),
        (say("En 12 meses y nunca", "In 12 months and never", "Em 12 meses e nunca"), _CHECK),
    ),
    bounded(
        "n_vehicles.of_none",
        "n_vehicles",
        None,
        0,
        (
            say(
                "Un hogar sin vehículo tiene vehículos",
                "A household without a vehicle has vehicles",
                "Um domicílio sem veículo tem veículos",
            ),
            _CHECK,
        ),
        of="owns_vehicle",
        among=("no",),
    ),
)

_INCIDENTS = (
    never(
        "reported_to.of_not_reported",
        "reported_to",
        "reported",
        ("no",),
        (
            say(
                "Hay institución de denuncia de un delito que no se denunció",
                "There is an institution of report for a crime that was not reported",
                "Há instituição de denúncia de um crime que não foi denunciado",
            ),
            _CHECK,
        ),
    ),
    clash(
        "file_opened.of_not_reported",
        "file_opened",
        ("yes",),
        "reported",
        ("no",),
        (
            say(
                "Se abrió carpeta de un delito que no se denunció",
                "A file was opened on a crime that was not reported",
                "Abriu-se inquérito de um crime que não foi denunciado",
            ),
            _CHECK,
        ),
        severity="warn",
    ),
    needs(
        "person_key.of_personal_crime",
        "person_key",
        "crime_unit",
        (
            say(
                "Falta la persona de un delito contra la persona",
                "The person of a crime against the person is missing",
                "Falta a pessoa de um crime contra a pessoa",
            ),
            _CHECK,
        ),
        among=("person",),
    ),
    clash(
        "survey_crime.of_another_unit",
        "survey_crime",
        HOUSEHOLD_CRIMES,
        "crime_unit",
        ("person",),
        (
            say(
                "Un delito contra el hogar tiene por unidad a la persona",
                "A crime against the household has the person as its unit",
                "Um crime contra o domicílio tem a pessoa como unidade",
            ),
            _CHECK,
        ),
        severity="warn",
    ),
    bounded(
        "times.without_series",
        "times",
        None,
        1,
        (
            say(
                "Varios hechos sin ser una serie",
                "Several events that are no series",
                "Vários fatos que não são uma série",
            ),
            _CHECK,
        ),
        of="series",
        among=("no",),
    ),
    never(
        "occurrence_municipality.abroad",
        "occurrence_municipality",
        "crime_place_scope",
        ("abroad",),
        (
            say(
                "Un delito en el extranjero tiene municipio",
                "A crime abroad has a municipality",
                "Um crime no exterior tem município",
            ),
            _CHECK,
        ),
    ),
    needs(
        "currency.of_loss",
        "currency",
        "loss_amount",
        (
            say(
                "Falta la moneda de la pérdida",
                "The currency of the loss is missing",
                "Falta a moeda da perda",
            ),
            say("Complete la moneda", "Fill in the currency", "Preencha a moeda"),
        ),
    ),
)

_DESIGN_HINT = say(
    "Pida a la institución los estratos y unidades primarias del archivo de uso público",
    "Ask the institution for the strata and primary units of the public-use file",
    "Peça à instituição os estratos e unidades primárias do arquivo de uso público",
)

_DESIGN = (
    together(
        "psu.without_stratum",
        "stratum",
        "psu",
        (
            say(
                "Falta el estrato o la unidad primaria: no se puede calcular el error muestral",
                "Stratum or primary unit is missing: the sampling error cannot be computed",
                "Falta o estrato ou a unidade primária: não se pode calcular o erro amostral",
            ),
            _DESIGN_HINT,
        ),
        severity="warn",
    ),
    not_all(
        "weight.all_one",
        "weight",
        1,
        (
            say(
                "Todos los pesos son 1: la muestra no se expande a la población",
                "All weights are 1: the sample is not expanded to the population",
                "Todos os pesos são 1: a amostra não se expande para a população",
            ),
            say(
                "Declare la columna del peso: en las encuestas hay uno por persona, por hogar y por delito",
                "Declare the column of the weight: surveys have one for persons, households and crimes",
                "Declare a coluna do peso: as pesquisas têm um por pessoa, por domicílio e por crime",
            ),
        ),
        severity="file",
    ),
    needs(
        "n_strata.of_linearised",
        "n_strata",
        "variance_method",
        (
            say(
                "Falta el número de estratos", "The number of strata is missing", "Falta o número de estratos"
            ),
            _DESIGN_HINT,
        ),
        among=("linearised",),
        severity="warn",
    ),
    among(
        "variance_method.replicates_not_held",
        "variance_method",
        [code for code in codelists.load("variance_method").codes if code != "replicates"],
        (
            say(
                "Todavía no se guardan pesos replicados: la encuesta no puede decir que el error se calcula con ellos",
                "Replicate weights are not held yet: the survey cannot say that its error is computed from them",
                "Ainda não se guardam pesos replicados: a pesquisa não pode dizer que o erro se calcula com eles",
            ),
            say(
                "Use linearised si entrega estratos y unidades primarias, o none si el error no se puede calcular",
                "Use linearised where strata and primary units are delivered, or none where no error can be computed",
                "Use linearised se entrega estratos e unidades primárias, ou none se o erro não pode ser calculado",
            ),
        ),
    ),
    needs(
        "n_replicates.of_replicates",
        "n_replicates",
        "variance_method",
        (
            say(
                "Falta el número de pesos replicados",
                "The number of replicate weights is missing",
                "Falta o número de pesos replicados",
            ),
            _DESIGN_HINT,
        ),
        among=("replicates",),
        severity="warn",
    ),
    ordered(
        "n_psu.below_strata",
        "n_strata",
        "n_psu",
        (
            say(
                "Hay menos unidades primarias que estratos",
                "There are fewer primary units than strata",
                "Há menos unidades primárias que estratos",
            ),
            _DESIGN_HINT,
        ),
    ),
    unique(
        "person_key.repeated",
        ("survey_code", "edition", "household_key", "person_key"),
        (
            say(
                "La misma persona está más de una vez en la muestra",
                "The same person is in the sample more than once",
                "A mesma pessoa está mais de uma vez na amostra",
            ),
            say(
                "Compruebe la clave de la persona y si el archivo tiene una fila por persona",
                "Check the key of the person and whether the file has one row for each person",
                "Verifique a chave da pessoa e se o arquivo tem uma linha por pessoa",
            ),
        ),
        only=("survey_person",),
    ),
    unique(
        "household_key.repeated",
        ("survey_code", "edition", "household_key"),
        (
            say(
                "El mismo hogar está más de una vez en la muestra",
                "The same household is in the sample more than once",
                "O mesmo domicílio está mais de uma vez na amostra",
            ),
            say(
                "Compruebe la clave del hogar y si el archivo tiene una fila por hogar",
                "Check the key of the household and whether the file has one row for each household",
                "Verifique a chave do domicílio e se o arquivo tem uma linha por domicílio",
            ),
        ),
        only=("survey_household",),
    ),
)

RULES: tuple[Declared, ...] = (*_ANSWERS, *_INCIDENTS, *_DESIGN)

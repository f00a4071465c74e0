"""Rules about what is loaded already: areas, and records that others speak of. They warn."""

from __future__ import annotations

from schemas import codelists
from schemas.rules.kinds import exists_in, known_area
from schemas.rules.rule import Declared, say

_AREA = (
    say(
        "El área no está entre las cargadas de su país",
        "The area is not among those loaded of its country",
        "A área não está entre as carregadas de seu país",
    ),
    say(
        "Compruebe el código, o cargue la división territorial que lo tiene",
        "Check the code, or load the territorial division that has it",
        "Verifique o código, ou carregue a divisão territorial que o tem",
    ),
)

_LATER = say(
    "Cargue primero lo que falta, o compruebe la clave",
    "Load what is missing first, or check the code",
    "Carregue primeiro o que falta, ou verifique o código",
)


def _link(
    code: str,
    fields: tuple[str, ...],
    record_type: str,
    texts: tuple[str, str, str],
    only: tuple[str, ...],
    named: tuple[str, ...] = (),
) -> Declared:
    # an edition without its survey, or money without its programme, is of no use; a victim without its incident is
    needed = record_type in ("survey", "programme")
    texts_of = (say(*texts), _LATER)
    return exists_in(code, fields, record_type, texts_of, named=named, only=only, always=needed)


_SURVEY = ("survey_code", "edition")
_NO_PROGRAMME = (
    "El programa no está cargado",
    "The programme is not loaded",
    "O programa não está carregado",
)

_LINKS = (
    _link(
        "survey_code.not_loaded",
        _SURVEY,
        "survey",
        (
            "La edición de la encuesta no está cargada: sin su diseño no se estima nada",
            "The edition of the survey is not loaded: without its design nothing is estimated",
            "A edição da pesquisa não está carregada: sem seu desenho nada é estimado",
        ),
        ("survey_household", "survey_person", "survey_incident"),
    ),
    _link(
        "household_key.not_loaded",
        (*_SURVEY, "household_key"),
        "survey_household",
        (
            "El hogar de la persona no está cargado",
            "The household of the person is not loaded",
            "O domicílio da pessoa não está carregado",
        ),
        ("survey_person",),
    ),
    _link(
        "person_key.not_loaded",
        (*_SURVEY, "household_key", "person_key"),
        "survey_person",
        (
            "La persona del delito no está cargada",
            "The person of the crime is not loaded",
            "A pessoa do crime não está carregada",
        ),
        ("survey_incident",),
    ),
    _link(
        "incident_ref.not_loaded",
        ("incident_ref",),
        "incident",
        (
            "El hecho de la persona no está cargado",
            "The incident of the person is not loaded",
            "O fato da pessoa não está carregado",
        ),
        ("person_role",),
    ),
    _link(
        "facility_code.not_loaded",
        ("facility_code",),
        "facility",
        (
            "El establecimiento no está cargado: no se conoce su capacidad",
            "The facility is not loaded: its capacity is not known",
            "O estabelecimento não está carregado: não se conhece sua capacidade",
        ),
        ("custody", "injury", "resource", "service"),
    ),
    _link(
        "programme_code.not_loaded",
        ("programme_code",),
        "programme",
        _NO_PROGRAMME,
        (
            "programme_area",
            "programme_budget",
            "programme_activity",
            "evaluation",
            "practice",
            "indicator_target",
        ),
    ),
    _link(
        "part_of_code.not_loaded",
        ("part_of_code",),
        "programme",
        _NO_PROGRAMME,
        ("programme",),
        ("programme_code",),
    ),
)

_AREAS = (
    *(
        f"{role}_{level}"
        for role in codelists.load("place_basis").codes
        for level in ("first_level", "municipality")
    ),
    "parent_code",
    "from_code",
    "to_code",
    "member_code",
)

RULES: tuple[Declared, ...] = (
    *_LINKS,
    *(known_area(f"{field}.not_loaded", field, _AREA) for field in _AREAS),
)

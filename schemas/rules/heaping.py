"""Heaping: values that stand in a delivery more often than they can be true.

A clerk who does not know the hour writes 00:00, who does not know the day writes the first, and a system that does
not know the place writes that of the station. One record cannot be judged, the share of a provider's records can.
The tolerated shares are about two to three times what is expected by chance. They are judged over the delivery of a
provider, and within each of its units (``schemas.compile_delivery.UNITS``) that has enough records.
"""

from __future__ import annotations

from schemas.rules.kinds import heaped, in_units
from schemas.rules.rule import Declared, say

_ASK = say(
    "Pregunte a la institución qué escribe cuando no se conoce el dato, y declárelo como desconocido",
    "Ask the institution what it writes where the value is not known, and declare that as unknown",
    "Pergunte à instituição o que escreve quando o dado não é conhecido, e declare-o como desconhecido",
)
_PERSONS = (
    "person_role",
    "missing_person",
    "case_event",
    "protection_measure",
    "custody",
    "service",
    "injury",
)
#: Dates of which the first of the month is judged; one in thirty is expected.
_DATES = (
    "occurrence_date",
    "report_date",
    "registration_date",
    "step_date",
    "attendance_date",
    "service_date",
    "admission_date",
    "detection_date",
)

_TIME = (
    heaped(
        "occurrence_hour.heaped_at_midnight",
        "midnight",
        ("occurrence_hour",),
        0.10,
        (
            say(
                "Demasiados hechos a las 00 horas: quizá 00:00 signifique hora desconocida",
                "Too many events in the hour after midnight: 00:00 may mean that the hour is not known",
                "Fatos demais à 0 hora: talvez 00:00 signifique hora desconhecida",
            ),
            _ASK,
        ),
    ),
    *(
        heaped(
            f"{field}.heaped_on_first",
            "first_of_month",
            (field,),
            0.10,
            (
                say(
                    f"{field}: demasiadas en el día primero del mes; quizá no se conozca el día",
                    f"Too many dates of {field} on the first of the month: the day may not be known",
                    f"{field}: demais no dia primeiro do mês; talvez o dia não seja conhecido",
                ),
                _ASK,
            ),
        )
        for field in _DATES
    ),
)

_AGES = (
    heaped(
        "age_years.heaped_at_zero",
        "among",
        ("age_years",),
        0.05,
        (
            say(
                "Demasiadas personas de 0 años: quizá 0 signifique edad desconocida",
                "Too many persons aged 0: 0 may mean that the age is not known",
                "Pessoas demais de 0 anos: talvez 0 signifique idade desconhecida",
            ),
            _ASK,
        ),
        values=(0,),
        only=_PERSONS,
    ),
    heaped(
        "age_years.heaped_at_99",
        "among",
        ("age_years",),
        0.01,
        (
            say(
                "Demasiadas personas de 98 o 99 años: quizá signifique edad desconocida",
                "Too many persons aged 98 or 99: it may mean that the age is not known",
                "Pessoas demais de 98 ou 99 anos: talvez signifique idade desconhecida",
            ),
            _ASK,
        ),
        values=(98, 99),
        only=(*_PERSONS, "death", "survey_person", "birth"),
    ),
    heaped(
        "age_years.heaped_on_tens",
        "multiple_of_ten",
        ("age_years",),
        0.20,
        (
            say(
                "Demasiadas edades terminan en 0: quizá sean estimadas",
                "Too many ages end in 0: they may be estimated",
                "Idades demais terminam em 0: talvez sejam estimadas",
            ),
            say(
                "Pregunte a la institución cómo registra la edad; prefiera la fecha de nacimiento",
                "Ask the institution how it records the age; prefer the date of birth",
                "Pergunte à instituição como registra a idade; prefira a data de nascimento",
            ),
        ),
    ),
)

_POINTS = (
    heaped(
        "longitude.heaped_at_zero",
        "at_zero",
        ("longitude", "latitude"),
        0.0,
        (
            say(
                "Hay coordenadas 0,0, que están en el mar",
                "There are coordinates 0,0, which lie in the sea",
                "Há coordenadas 0,0, que ficam no mar",
            ),
            _ASK,
        ),
        least=1,
    ),
    heaped(
        "longitude.heaped_at_one_point",
        "most_frequent",
        ("longitude", "latitude"),
        0.05,
        (
            say(
                "Demasiados hechos en un mismo punto: quizá sea el de la comisaría o el centro del municipio",
                "Too many events at one point: it may be that of the station or the centre of the municipality",
                "Fatos demais em um mesmo ponto: talvez seja o da delegacia ou o centro do município",
            ),
            say(
                "Declare el origen de las coordenadas, o quítelas de esos registros",
                "Declare the origin of the coordinates, or take them out of these records",
                "Declare a origem das coordenadas, ou retire-as desses registros",
            ),
        ),
        least=100,
    ),
    heaped(
        "longitude.heaped_at_several_points",
        "repeated",
        ("longitude", "latitude"),
        0.30,
        (
            say(
                "Demasiados hechos en puntos que se repiten: quizá sean los de comisarías o centros de municipios",
                "Too many events at points that are repeated: those of stations, or centres of municipalities, perhaps",
                "Fatos demais em pontos que se repetem: talvez sejam os de delegacias ou centros de municípios",
            ),
            say(
                "Compare con los puntos de sus comisarías; declare el origen de las coordenadas, o quítelas",
                "Compare with the points of your stations; declare the origin of the coordinates, or take them out",
                "Compare com os pontos de suas delegacias; declare a origem das coordenadas, ou retire-as",
            ),
        ),
        least=100,
    ),
    heaped(
        "longitude.half_given",
        "half_given",
        ("longitude", "latitude"),
        0.0,
        (
            say(
                "Hay registros con longitud sin latitud, o al revés",
                "There are records with longitude and no latitude, or the reverse",
                "Há registros com longitude sem latitude, ou o contrário",
            ),
            say(
                "Compruebe las columnas de las coordenadas",
                "Check the columns of the coordinates",
                "Verifique as colunas das coordenadas",
            ),
        ),
        least=1,
    ),
)

_COMPLETE = say(
    "Acuerde con la institución cómo completar el dato; el indicador lo mostrará como desconocido",
    "Agree with the institution how to complete the value; the indicator will show it as unknown",
    "Combine com a instituição como completar o dado; o indicador o mostrará como ignorado",
)


def _unknown(field: str, tolerated: float, es: str, en: str, pt: str, only: tuple[str, ...] = ()) -> Declared:
    return heaped(
        f"{field}.mostly_unknown" if tolerated > 0.3 else f"{field}.often_unknown",
        "unknown",
        (field,),
        tolerated,
        (
            say(
                f"{es} se desconoce en más del {tolerated:.0%} de los registros",
                f"{en} is not known in more than {tolerated:.0%} of the records",
                f"{pt} é ignorado em mais de {tolerated:.0%} dos registros",
            ),
            _COMPLETE,
        ),
        values=("_U",) if field in _CODED else (),
        only=only,
    )


#: Fields whose list has a code for what is not known.
_CODED = ("sex", "mechanism", "relationship", "context")
_UNKNOWN = (
    _unknown("sex", 0.05, "El sexo", "Sex", "O sexo"),
    _unknown("age_years", 0.10, "La edad", "Age", "A idade"),
    _unknown("mechanism", 0.40, "El mecanismo", "The mechanism", "O mecanismo"),
    _unknown("relationship", 0.40, "La relación con el autor", "The relationship", "A relação com o autor"),
    _unknown("context", 0.40, "El contexto", "The context", "O contexto"),
    _unknown("iccs", 0.05, "El delito", "The offence", "O crime", ("incident", "person_role", "case_event")),
    _unknown("occurrence_first_level", 0.20, "La región del hecho", "The region", "A região do fato"),
    _unknown(
        "occurrence_municipality", 0.05, "El municipio del hecho", "The municipality", "O município do fato"
    ),
    heaped(
        "cause_from.three_characters",
        "short_external_cause",
        ("cause_from",),
        0.5,
        (
            say(
                "La mayoría de las causas externas tienen tres caracteres: falta el lugar o el detalle",
                "Most external causes have three characters: place or detail is missing",
                "A maioria das causas externas tem três caracteres: falta o lugar ou o detalhe",
            ),
            say(
                "Pida a la institución la causa con cuatro caracteres",
                "Ask the institution for the cause with four characters",
                "Peça à instituição a causa com quatro caracteres",
            ),
        ),
    ),
)

#: Heaps that one office may make and a whole delivery hide.
_IN_UNITS = tuple(in_units(whole) for whole in (*_TIME, *_AGES))

RULES: tuple[Declared, ...] = (*_TIME, *_AGES, *_POINTS, *_UNKNOWN, *_IN_UNITS)

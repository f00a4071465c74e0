"""The units of fields in the three languages; a record type declares a unit in English.

A test fails for a unit that has no words here.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Unit in English: Spanish, Portuguese.
WORDS: Mapping[str, tuple[str, str]] = {
    "cases": ("casos", "casos"),
    "counting units": ("unidades de conteo", "unidades de contagem"),
    "currency": ("moneda", "moeda"),
    "degrees": ("grados", "graus"),
    "dose units": ("unidades de dosis", "unidades de dose"),
    "events": ("hechos", "fatos"),
    "hour of day": ("hora del día", "hora do dia"),
    "households": ("hogares", "domicílios"),
    "level 1 to 5": ("nivel de 1 a 5", "nível de 1 a 5"),
    "metres": ("metros", "metros"),
    "months": ("meses", "meses"),
    "observations": ("observaciones", "observações"),
    "percent": ("por ciento", "por cento"),
    "persons": ("personas", "pessoas"),
    "places": ("plazas", "vagas"),
    "primary sampling units": ("unidades primarias de muestreo", "unidades primárias de amostragem"),
    "quintile": ("quintil", "quintil"),
    "ratio": ("razón", "razão"),
    "share of 1": ("parte de 1", "parte de 1"),
    "square kilometres": ("kilómetros cuadrados", "quilômetros quadrados"),
    "strata": ("estratos", "estratos"),
    "studies": ("estudios", "estudos"),
    "times": ("veces", "vezes"),
    "units": ("unidades", "unidades"),
    "units of the population": ("unidades de la población", "unidades da população"),
    "vehicles": ("vehículos", "veículos"),
    "victims": ("víctimas", "vítimas"),
    "weights": ("pesos", "pesos"),
    "year": ("año", "ano"),
    "years": ("años", "anos"),
}

#: Units that say on what scale a number stands; a number of them is not so many of a thing.
SCALES = frozenset({"currency", "hour of day", "level 1 to 5", "quintile", "ratio", "share of 1", "year"})


def word(unit: str, language: str) -> str:
    """A unit in a language; empty for a field without one.

    Raises:
        KeyError: The unit has no words.
    """
    if not unit or language == "en":
        return unit
    return WORDS[unit][0 if language == "es" else 1]

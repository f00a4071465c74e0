"""XAA as a country: its territory, its penal code and the words of its providers."""

from __future__ import annotations

from pathlib import Path

from pipelines.sample_countries.country import Country, Offence, Place
from pipelines.sample_countries.words import Words
from pipelines.sample_countries.xaa import territory

XAA = Country(
    code=territory.COUNTRY,
    name=territory.NAME,
    version="XAA-2020",
    first_levels=territory.FIRST_LEVELS,
    places=tuple(Place(code[:2], code, name, n) for code, name, n in territory.MUNICIPALITIES),
    offences=(
        Offence("HOMICIDIO DOLOSO", "0101", 3),
        Offence("FEMINICIDIO", "0101", 1, "gender-related killing is a tag of intentional homicide and no class"),
        Offence("TENTATIVA DE HOMICIDIO", "0102", 2),
        Offence("LESIONES DOLOSAS", "02011", 14),
        Offence("AMENAZAS", "02012", 9),
        Offence("VIOLENCIA FAMILIAR", "0201", 12, "the class for serious and minor assault is not told apart"),
        Offence("SECUESTRO", "020221", 1),
        Offence("EXTORSIÓN", "02051", 4),
        Offence("VIOLACIÓN", "03011", 3),
        Offence("ABUSO SEXUAL", "03012", 4),
        Offence("ROBO A TRANSEÚNTE", "040111", 16),
        Offence("ROBO DE VEHÍCULO CON VIOLENCIA", "040121", 4),
        Offence("HURTO", "0502", 14),
        Offence("HURTO DE VEHÍCULO", "050211", 6),
        Offence("DAÑO EN BIENES", "0504", 4),
    ),
    words=Words(Path(__file__).parent, day="%d/%m/%Y", decimal=".", nonsense="¿?", no_day="31/02/2022"),
    currency="XTS",
)  # fmt: skip

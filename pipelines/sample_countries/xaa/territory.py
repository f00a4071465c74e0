"""The territory of the sample country: five first-level areas and twenty municipalities.

The country does not exist: its code XAA is from the range that ISO 3166 leaves to users.
"""

from __future__ import annotations

COUNTRY = "XAA"
NAME = "País de muestra"

#: Code of an unknown municipality.
UNKNOWN = "99999"

FIRST_LEVELS: dict[str, str] = {
    "01": "Ríoclaro",
    "02": "Costa Ámbar",
    "03": "Altiplano del Sur",
    "04": "Peñablanca",
    "05": "Islas del Alba",
}

#: Code, name, thousands of inhabitants in 2022.
MUNICIPALITIES: tuple[tuple[str, str, int], ...] = (
    ("01001", "Ciudad Ríoclaro", 430),
    ("01002", "Nuevo Horizonte", 180),
    ("01003", "San Íñigo", 90),
    ("01004", "Vado Hondo", 60),
    ("02001", "Puerto Ámbar", 310),
    ("02002", "Bahía Serena", 120),
    ("02003", "Cañaveral", 80),
    ("02004", "Dos Marías", 40),
    ("03001", "Villa Altiplano", 190),
    ("03002", "Güemes del Valle", 110),
    ("03003", "Piedra Parada", 70),
    ("03004", "Los Órganos", 40),
    ("04001", "Peñablanca", 130),
    ("04002", "Santa Águeda", 60),
    ("04003", "El Pedregal", 50),
    ("04004", "Mirasol", 30),
    ("05001", "Alba Mayor", 60),
    ("05002", "Alba Menor", 20),
    ("05003", "Isla Niña", 20),
    ("05004", "Cayo Sur", 10),
)

#: Municipalities as often as ten thousand of their inhabitants, two draws more for an unknown place.
DRAWS: tuple[str, ...] = (
    *(code for code, _, thousands in MUNICIPALITIES for _ in range(thousands // 10)),
    UNKNOWN,
    UNKNOWN,
)


def published(code: str) -> str:
    """The published code of an area."""
    return f"{COUNTRY}-{code}"

"""XBB as a country: its territory and how it changed, its penal code, and the words of its providers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pipelines.sample_countries.country import Country, Offence, Place
from pipelines.sample_countries.domains.places import area, areas_of
from pipelines.sample_countries.records import Value
from pipelines.sample_countries.words import Words

#: The day of the split, the versions before and after it, the municipality that split and the shares of its persons.
SPLIT = date(2022, 1, 1)
BEFORE, AFTER = "XBB-2018", "XBB-2022"
PARENT, PARTS = "02003", {"02006": 0.65, "02007": 0.35}
SINCE = date(2018, 1, 1)
#: Municipalities that are divided into districts of at least 5,000 inhabitants, and how many each has.
DISTRICTS = {"01001": 4, "03001": 3}

XBB = Country(
    code="XBB",
    name="País de amostra B",
    version=AFTER,
    first_levels={
        "01": "Serra Verde",
        "02": "Vale do Anil",
        "03": "Litoral Norte",
        "04": "Chapada",
        "05": "Pantanal Seco",
    },
    places=(
        Place("01", "01001", "Porto da Serra", 520),
        Place("01", "01002", "São Brás", 140),
        Place("01", "01003", "Água Boa", 70),
        Place("02", "02001", "Anil", 260),
        Place("02", "02002", "Três Pontes", 110),
        Place("02", "02006", "Vila Rosa", 65),
        Place("02", "02007", "Nova Vila Rosa", 35),
        Place("03", "03001", "Praia Grande do Norte", 330),
        Place("03", "03002", "Coração da Ilha", 90),
        Place("04", "04001", "Chapada Alta", 120),
        Place("05", "05001", "Campo Limpo", 100),
        Place("05", "05002", "Lagoa Mansa", 60),
    ),
    offences=(
        Offence("Art. 121 - Homicídio doloso", "0101", 3),
        Offence("Art. 121-A - Feminicídio", "0101", 1, "gender-related killing is a tag and no class"),
        Offence(
            "Art. 121, §5 - Latrocínio", "0101", 1, "robbery followed by death is an intentional homicide"
        ),
        Offence("Art. 121 c/c 14 - Tentativa de homicídio", "0102", 2),
        Offence("Art. 129 - Lesão corporal", "02011", 16),
        Offence("Art. 147 - Ameaça", "02012", 12),
        Offence("Art. 148 - Cárcere privado", "020222", 1),
        Offence("Art. 158 - Extorsão", "02051", 3),
        Offence("Art. 213 - Estupro", "03011", 4),
        Offence("Art. 215-A - Importunação sexual", "03012", 4),
        Offence("Art. 157 - Roubo a transeunte", "040111", 18),
        Offence("Art. 157 - Roubo de veículo", "040121", 5),
        Offence("Art. 155 - Furto", "0502", 18),
        Offence("Art. 155 - Furto de veículo", "050211", 6),
        Offence("Art. 163 - Dano", "0504", 3),
    ),
    words=Words(Path(__file__).parent, day="%Y-%m-%d", decimal=".", nonsense="#N/D", no_day="31/02/2022"),
    currency="XTS",
)


def areas() -> list[dict[str, Value]]:
    """All areas of both versions: states, municipalities, districts."""
    now = [*areas_of(XBB, SPLIT), *_districts(AFTER, SPLIT)]
    kept = [row for row in areas_of(XBB, SINCE) if row["code"] not in {f"XBB-{part}" for part in PARTS}]
    gone = area(f"XBB-{PARENT}", "municipality", "XBB-02", "Vila Rosa", BEFORE, SINCE)
    last = SPLIT - timedelta(days=1)
    then = [*({**row, "version": BEFORE} for row in (*kept, gone)), *_districts(BEFORE, SINCE)]
    return [*({**row, "valid_to": last} for row in then), *now]


def _districts(version: str, since: date) -> list[dict[str, Value]]:
    return [
        area(
            f"XBB-{code}{n:03d}",
            "declared_area",
            f"XBB-{code}",
            f"{next(p.name for p in XBB.places if p.municipality == code)}, bairro {n}",
            version,
            since,
        )
        for code, number in DISTRICTS.items()
        for n in range(1, number + 1)
    ]


def changes() -> list[dict[str, Value]]:
    """What became of the municipality that split."""
    return [
        {
            "before": f"XBB-{PARENT}",
            "after": f"XBB-{part}",
            "from_version": BEFORE,
            "to_version": AFTER,
            "change_date": SPLIT,
            "kind_of_change": "split",
            "share": share,
            "weight_basis": "population",
            "weight_year": 2022,
        }
        for part, share in PARTS.items()
    ]


def as_it_was(role: str, day: str) -> dict[str, str]:
    """SQL for a municipality and its version as they were on the day of a record.

    Args:
        role: Role of the place, a code of ``place_basis``.
        day: The field with the day.
    """
    old = ", ".join(f"'XBB-{part}'" for part in PARTS)
    municipality = f"{role}_municipality"
    return {
        municipality: f"CASE WHEN {day} < DATE '{SPLIT}' AND {municipality} IN ({old}) THEN 'XBB-{PARENT}' "
        f"ELSE {municipality} END",
        "boundary_version": f"CASE WHEN {day} < DATE '{SPLIT}' THEN '{BEFORE}' ELSE '{AFTER}' END",
    }

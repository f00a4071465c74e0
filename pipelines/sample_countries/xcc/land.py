"""XCC as a country: its parishes and communities, its penal code, and the words of its database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.sample_countries.country import Country, Offence, Place
from pipelines.sample_countries.domains.places import area, areas_of
from pipelines.sample_countries.records import Value
from pipelines.sample_countries.words import Words

SINCE = date(2019, 1, 1)
#: Communities of at least 5,000 inhabitants, which the country declares inside its largest parishes.
COMMUNITIES = {"01": ("Old Harbour", "Fort Hill", "Queensway"), "02": ("Mango Bay", "Sandside")}

XCC = Country(
    code="XCC",
    name="Sample country C",
    version="XCC-2019",
    first_levels={
        "01": "Saint Brendan",
        "02": "Saint Columba",
        "03": "Port Mary",
        "04": "Highland",
        "05": "Out Islands",
    },
    places=(
        Place("01", "", "Saint Brendan", 240),
        Place("02", "", "Saint Columba", 160),
        Place("03", "", "Port Mary", 110),
        Place("04", "", "Highland", 60),
        Place("05", "", "Out Islands", 30),
    ),
    offences=(
        Offence("MURDER", "0101", 3),
        Offence("MANSLAUGHTER (VOLUNTARY)", "0101", 1, "killing on provocation is an intentional homicide"),
        Offence("ATTEMPTED MURDER", "0102", 2),
        Offence("WOUNDING WITH INTENT", "02011", 8),
        Offence("ASSAULT OCCASIONING ACTUAL BODILY HARM", "02011", 10),
        Offence("THREATENING BEHAVIOUR", "02012", 8),
        Offence("ABDUCTION", "020221", 1),
        Offence("RAPE", "03011", 3),
        Offence("INDECENT ASSAULT", "03012", 4),
        Offence("ROBBERY", "040111", 14),
        Offence("CARJACKING", "040121", 3),
        Offence("BURGLARY", "0501", 12),
        Offence("LARCENY", "0502", 16),
        Offence("LARCENY OF A MOTOR VEHICLE", "050211", 4),
        Offence("MALICIOUS DAMAGE", "0504", 4),
    ),
    words=Words(Path(__file__).parent, day="%m/%d/%Y", decimal=".", nonsense="??", no_day="02/31/2022"),
    currency="XTS",
)


def areas() -> list[dict[str, Value]]:
    """The parishes, and the communities inside them."""
    communities = [
        area(f"XCC-{parish}{n:03d}", "declared_area", f"XCC-{parish}", name, XCC.version, SINCE)
        for parish, names in COMMUNITIES.items()
        for n, name in enumerate(names, start=1)
    ]
    return [*areas_of(XCC, SINCE), *communities]

"""Health and vital registration: deaths with a delay of registration, injuries, births."""

from __future__ import annotations

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import below, between, chance, day_of, of, soon, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records

#: Underlying causes and how often each comes.
CAUSES = {
    "X954": 9,
    "X959": 1,
    "X934": 2,
    "X999": 3,
    "X919": 1,
    "Y049": 1,
    "Y09": 1,
    "X700": 5,
    "X724": 1,
    "V031": 4,
    "V234": 6,
    "V475": 4,
    "W199": 3,
    "W74": 2,
    "X599": 2,
    "Y349": 2,
    "I219": 40,
    "E149": 26,
    "C349": 18,
    "J189": 20,
    "I64": 16,
    "K746": 10,
    "N189": 9,
    "R99": 6,
}

#: How long registration takes: upper ends in days, and how many of a hundred deaths are registered by then.
DELAYS: tuple[tuple[int, int, int], ...] = ((0, 30, 70), (31, 120, 16), (121, 330, 9), (331, 690, 5))


def _delay() -> str:
    """SQL for the days until registration; of bad records it is short, so that every edition has them."""
    draws = below("delay", 100)
    limits, cases = 0, []
    for number, (low, high, share) in enumerate(DELAYS):
        limits += share
        cases.append(f"WHEN {draws} < {limits} THEN {between(f'delay.{number}', low, high)}")
    return f"CASE WHEN bad THEN 3 {' '.join(cases)} END::INTEGER"


_OF_DEATHS: tuple[Fault, ...] = (
    Fault(
        "nature_code",
        fields={"cause_from": "'S065'", "cause_to": "'S065'", "manner_of_death": "'_U'"},
        rules=("cause_from.nature_code",),
    ),
    Fault(
        "range_reversed",
        fields={"cause_from": "'I219'", "cause_to": "'E149'", "manner_of_death": "'natural'"},
        rules=("cause_to.before_cause_from",),
    ),
    Fault(
        "natural_but_external",
        fields={"cause_from": "'X954'", "cause_to": "'X954'", "manner_of_death": "'natural'"},
        warns=("cause_from.natural_manner",),
    ),
    Fault(
        "violent_but_natural",
        fields={"cause_from": "'I219'", "cause_to": "'I219'", "manner_of_death": "'homicide'"},
        warns=("cause_from.violent_manner",),
    ),
    Fault(
        "registered_before_death",
        fields={"registration_date": "occurrence_date - 1"},
        rules=("registration_date.before_occurrence",),
    ),
    Fault(
        "registered_after_edition",
        fields={"registration_date": "DATE '2031-05-05'"},
        rules=("registration_date.after_edition",),
        warns=(),
    ),
    Fault(
        "outside_period",
        fields={"occurrence_date": "DATE '2012-06-15'", "registration_date": "DATE '2012-06-16'"},
        rules=("date.outside_period",),
    ),
)


def deaths(country: Country, year: int) -> Records:
    """Deaths of one year; an edition holds those registered by its date."""
    external = "left(cause_from, 1) IN ('V', 'W', 'X', 'Y')"
    return Records(
        "death",
        "occurrence_date",
        place="residence",
        by="cause_from",
        layers=(
            {
                **country.placed("residence"),
                "cause_from": weighted("cause", CAUSES),
                "occurrence_date": day_of("day", year, year),
                "registered_after": _delay(),
                "death_place_type": weighted(
                    "place", {"health_facility": 8, "home": 6, "street": 2, "_U": 1}
                ),
            },
            {
                "cause_to": "cause_from",
                "registration_date": "occurrence_date + registered_after",
                "sex": f"CASE WHEN {external} THEN "
                + weighted("sex", {"M": 82, "F": 16, "_U": 2})
                + " ELSE "
                + weighted("sex.2", {"M": 52, "F": 47, "_U": 1})
                + " END",
                "age_years": f"CASE WHEN {chance('unaged', 2)} THEN NULL WHEN {external} THEN {between('age', 15, 69)} "
                f"ELSE {between('age.2', 38, 97)} END",
                "manner_of_death": "CASE WHEN cause_from BETWEEN 'X85' AND 'Y099' THEN 'homicide' "
                "WHEN cause_from BETWEEN 'X60' AND 'X849' THEN 'suicide' "
                "WHEN cause_from LIKE 'V%' THEN 'road_traffic' "
                f"WHEN cause_from LIKE 'Y34%' THEN 'undetermined' WHEN {external} THEN 'accident' ELSE 'natural' END",
            },
        ),
        faults=_OF_DEATHS,
    )


_OF_INJURIES: tuple[Fault, ...] = (
    Fault(
        "outside_period",
        fields={"attendance_date": "DATE '2012-06-15'", "occurrence_date": "DATE '2012-06-14'"},
        rules=("date.outside_period",),
    ),
    Fault(
        "treated_before_injury",
        fields={"occurrence_date": "attendance_date + 2"},
        rules=("attendance_date.before_occurrence",),
    ),
    Fault(
        "injured_after_edition",
        fields={"occurrence_date": "DATE '2031-01-01'"},
        rules=("attendance_date.before_occurrence", "occurrence_date.after_edition"),
    ),
    Fault("external_as_nature", fields={"nature": "'X954'"}, rules=("nature.external_code",)),
    Fault("natural_as_cause", fields={"cause": "'I219'"}, rules=("cause.not_external",)),
    Fault(
        "child_as_parent",
        fields={
            "intent": "'assault'",
            "cause": "'X959'",
            "age_years": "9",
            "relationship": "'child'",
        },
        warns=("age_years.of_parent",),
    ),
    Fault("unknown_hospital", fields={"facility_code": "'H99'"}, warns=("facility_code.not_loaded",)),
)


def injuries(country: Country, first: int, last: int) -> Records:
    """First and later attendances of injured persons in hospitals."""
    causes = {"assault": "X959", "self_harm": "X649", "unintentional": "W199", "undetermined": "Y349"}
    cause = " ".join(f"WHEN '{intent}' THEN '{code}'" for intent, code in causes.items())
    return Records(
        "injury",
        "attendance_date",
        place="registration",
        by="intent",
        # whoever did it is asked of assaults alone
        raised=("relationship.mostly_unknown",),
        layers=(
            {
                **country.placed("registration"),
                "attendance_date": day_of("day", first, last),
                "intent": weighted(
                    "intent", {"assault": 6, "self_harm": 2, "unintentional": 11, "undetermined": 1}
                ),
                "mechanism": weighted(
                    "means",
                    {"sharp": 4, "firearm": 2, "blunt": 3, "fall": 5, "vehicle": 5, "other": 2, "_U": 1},
                ),
                "sex": weighted("sex", {"M": 62, "F": 37, "_U": 1}),
                "age_years": between("age", 1, 88),
                "relationship": weighted(
                    "known", {"partner": 2, "former_partner": 1, "friend": 2, "stranger": 4, "_U": 3}
                ),
                "visit_order": weighted("visit", {"first": 8, "repeated": 2}),
                "injury_outcome": weighted(
                    "outcome", {"treated_released": 12, "hospitalised": 5, "referred": 2, "dead": 1, "_U": 1}
                ),
                "facility_code": of("hospital", hospitals(country)),
            },
            {
                "occurrence_date": f"attendance_date - {soon('before', 12)}",
                "cause": f"CASE intent {cause} END",
                "nature": "CASE mechanism WHEN 'fall' THEN 'S720' WHEN 'vehicle' THEN 'T071' ELSE 'S211' END",
                "relationship": "CASE WHEN intent <> 'assault' THEN NULL WHEN age_years < 14 THEN 'stranger' "
                "ELSE relationship END",
            },
        ),
        faults=_OF_INJURIES,
    )


def hospitals(country: Country) -> tuple[str, ...]:
    """Codes of the hospitals: one in each first-level area."""
    return tuple(f"H{code}" for code in country.first_levels)


def births(country: Country, first: int, last: int) -> Records:
    """Live births, with the age of the mother."""
    return Records(
        "birth",
        "occurrence_date",
        place="residence",
        by="child_sex",
        layers=(
            {
                **country.placed("residence"),
                "occurrence_date": day_of("day", first, last),
                "age_years": f"({between('age', 11, 24)} + {below('age.2', 20)})",
                "child_sex": weighted("sex", {"M": 51, "F": 49}),
                "education": weighted(
                    "school",
                    {
                        "none": 1,
                        "primary": 6,
                        "lower_secondary": 7,
                        "upper_secondary": 6,
                        "tertiary": 3,
                        "_U": 1,
                    },
                ),
            },
            {
                "registration_date": f"occurrence_date + {soon('delay', 70)}",
                "education": "CASE WHEN age_years < 16 THEN 'primary' ELSE education END",
            },
        ),
        faults=(
            Fault(
                "outside_period",
                fields={"occurrence_date": "DATE '2012-06-15'", "registration_date": "DATE '2012-06-16'"},
                rules=("date.outside_period",),
            ),
            Fault(
                "registered_before_birth",
                fields={"registration_date": "occurrence_date - 1"},
                rules=("registration_date.before_occurrence",),
            ),
            Fault(
                "mother_too_old",
                fields={"age_years": "71", "education": "'primary'"},
                warns=("age_years.of_mother",),
            ),
        ),
    )

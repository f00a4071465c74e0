"""Means of institutions: facilities, staff, budgets and the assistance that is given to persons."""

from __future__ import annotations

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.domains.health import hospitals
from pipelines.sample_countries.domains.prisons import prisons
from pipelines.sample_countries.drawing import below, between, chance, day_of, of, soon, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records, Value, listed

#: Institutions with their functions and persons for each thousand inhabitants, times a hundred.
STAFF = (
    ("police", "police_officer", 260),
    ("prosecution", "prosecutor", 8),
    ("prosecution", "forensic_staff", 3),
    ("courts", "judge", 6),
    ("courts", "public_defender", 4),
    ("prisons", "prison_officer", 55),
    ("prisons", "prison_treatment", 7),
    ("prevention_body", "prevention_staff", 5),
)


def facilities(country: Country, years: range) -> Records:
    """Prisons, hospitals, shelters and police stations on 31 December, by name."""
    rows: list[dict[str, Value]] = []
    for number, (area, name) in enumerate(country.first_levels.items()):
        own = (
            (prisons(country)[number], "prison", "prisons", 300 + 250 * (number % 3)),
            (hospitals(country)[number], "health_facility", "health_service", None),
            (f"R{area}", "shelter", "prevention_body", 20 + 5 * number),
            (f"E{area}", "police_station", "police", None),
        )
        rows += [
            {
                "year": year,
                "code": code,
                "name": f"{name} {code}",
                "facility": kind,
                "owner": owner,
                "area": f"{country.code}-{area}",
                "places": places,
            }
            for year in years
            for code, kind, owner, places in own
        ]
    return Records(
        "facility",
        "reference_date",
        place="jurisdiction",
        by="facility_type",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                "facility_code": "CASE WHEN bad THEN code || 'Z' || number ELSE code END",
                "facility_type": "facility",
                "institution": "owner",
                "capacity": "places",
                "reference_date": "make_date(year, 12, 31)",
                "opened_date": f"make_date({between('opened', 1960, 2015)}::INTEGER, 3, 1)",
                "jurisdiction_first_level": "area",
            },
            {"closed_date": "NULL::DATE"},
        ),
        faults=(
            Fault(
                "closed_before_opened",
                fields={"closed_date": "opened_date - 1"},
                rules=("closed_date.before_opened",),
            ),
            Fault(
                "opened_after_edition",
                fields={"opened_date": "DATE '2031-01-01'"},
                rules=("opened_date.after_edition",),
            ),
            Fault(
                "prison_without_capacity",
                fields={"facility_type": "'prison'", "capacity": "NULL"},
                warns=("capacity.of_prison",),
            ),
        ),
    )


def staff(country: Country, years: range) -> Records:
    """Staff of the institutions by first-level area, function and sex on 31 December."""
    persons = {
        a: sum(p.thousands for p in country.places if p.first_level == a) for a in country.first_levels
    }
    rows: list[dict[str, Value]] = [
        {
            "year": year,
            "body": institution,
            "task": function,
            "gender": sex,
            "area": f"{country.code}-{area}",
            "figure": max(1, thousands * rate * share // 10_000 + year - years.start),
        }
        for year in years
        for area, thousands in persons.items()
        for institution, function, rate in STAFF
        for sex, share in (("M", 70), ("F", 30))
    ]
    return Records(
        "resource",
        "reference_date",
        place="jurisdiction",
        by="staff_function",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="count",
        layers=(
            {
                "institution": "body",
                "resource_type": "'staff'",
                "staff_function": "task",
                "sex": "gender",
                "count": "figure",
                "reference_date": "make_date(year, 12, 31)",
                "jurisdiction_first_level": "area",
            },
        ),
        faults=(
            Fault("function_missing", fields={"staff_function": "NULL"}, warns=("staff_function.of_staff",)),
        ),
    )


def budgets(country: Country, years: range) -> Records:
    """Budget of the institutions by fiscal year and phase, in the currency of the country."""
    rows: list[dict[str, Value]] = [
        {
            "year": year,
            "body": institution,
            "phase": phase,
            "money": float(million * share * 10_000 * (year - years.start + 10) // 10),
        }
        for year in years
        for institution, million in (("police", 900), ("prosecution", 210), ("courts", 260), ("prisons", 300))
        for phase, share in (("approved", 100), ("modified", 104), ("paid", 97))
    ]
    return Records(
        "resource",
        "reference_date",
        by="institution",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="count",
        layers=(
            {
                "institution": "body",
                "resource_type": "'budget'",
                "budget_phase": "phase",
                "fiscal_year": "year",
                "amount": "money",
                "currency": f"'{country.currency}'",
                "count": "1",
                "reference_date": "make_date(year, 1, 1)",
            },
        ),
        faults=(
            Fault("amount_missing", fields={"amount": "NULL"}, rules=("amount.of_budget",)),
            Fault("currency_missing", fields={"currency": "NULL"}, rules=("currency.of_amount",)),
            Fault("year_missing", fields={"fiscal_year": "NULL"}, rules=("fiscal_year.of_budget_phase",)),
            Fault("phase_missing", fields={"budget_phase": "NULL"}, warns=("budget_phase.of_budget",)),
        ),
    )


_OF_SERVICES: tuple[Fault, ...] = (
    Fault(
        "outside_period",
        fields={
            "service_date": "DATE '2012-06-15'",
            "occurrence_date": "DATE '2012-06-10'",
            "end_date": "NULL",
        },
        rules=("date.outside_period",),
    ),
    Fault(
        "before_event",
        fields={"occurrence_date": "service_date + 1"},
        rules=("service_date.before_occurrence",),
    ),
    Fault(
        "event_to_come",
        fields={"occurrence_date": "DATE '2031-01-01'"},
        rules=("occurrence_date.after_edition", "service_date.before_occurrence"),
    ),
    Fault(
        "ends_before_it_begins",
        fields={"end_date": "service_date - 1"},
        rules=("end_date.before_service",),
    ),
    Fault(
        "referred_nowhere",
        fields={"referred": "'yes'", "referred_to": "NULL"},
        warns=("referred_to.of_referral",),
    ),
    Fault(
        "referred_but_not",
        fields={"referred": "'no'", "referred_to": "'courts'"},
        rules=("referred_to.without_referral",),
    ),
    Fault("unknown_shelter", fields={"facility_code": "'R99'"}, warns=("facility_code.not_loaded",)),
)


def services(country: Country, first: int, last: int) -> Records:
    """Assistance given to victims in the shelters and by phone, first and repeated."""
    shelters = [f"R{area}" for area in country.first_levels]
    return Records(
        "service",
        "service_date",
        place="jurisdiction",
        by="service_type",
        layers=(
            {
                **country.placed("jurisdiction"),
                "service_date": day_of("day", first, last),
                "service_type": weighted(
                    "type",
                    {"legal": 5, "psychological": 7, "medical": 2, "social": 4, "shelter": 1, "helpline": 6},
                ),
                "facility_code": of("shelter", shelters),
                "visit_order": weighted("visit", {"first": 6, "repeated": 4}),
                "sex": weighted("sex", {"F": 86, "M": 13, "_U": 1}),
                "age_years": between("age", 14, 83),
                "relationship": weighted(
                    "known", {"partner": 8, "former_partner": 6, "other_relative": 3, "_U": 1}
                ),
                "referred": f"if(bad OR {chance('referred', 25)}, 'yes', 'no')",
                "days": below("days", 90),
            },
            {
                "referred_to": "CASE WHEN referred = 'yes' THEN "
                + of("to", ("prosecution", "courts", "health_service"))
                + " END",
                "occurrence_date": f"service_date - {soon('before', 60)}",
                "end_date": "CASE WHEN service_type = 'shelter' THEN service_date + days::INTEGER END",
            },
        ),
        faults=_OF_SERVICES,
    )

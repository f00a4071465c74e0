"""Police: offences and cases, drivers' tests, calls, suspects, missing persons."""

from __future__ import annotations

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import below, between, chance, day_of, of, soon, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records

#: Offences that fill the police registers of all countries, by the beginning of their class.
RECORDED = ("0101", "0102", "02", "03", "04", "05")

_BEFORE = Fault(
    "report_before_event",
    fields={"report_date": "occurrence_date - 40"},
    rules=("report_date.before_occurrence",),
)
_AFTER_EDITION = Fault(
    "report_after_edition", fields={"report_date": "DATE '2031-06-15'"}, rules=("report_date.after_edition",)
)
_OUTSIDE = Fault(
    "outside_period", fields={"occurrence_date": "DATE '2012-06-15'"}, rules=("date.outside_period",)
)


def events(country: Country, first: int, last: int) -> Records:
    """Recorded events with an offence: one record each, whatever the country counts."""
    killing = country.offence("killing", "0101")
    return Records(
        "incident",
        "occurrence_date",
        place="occurrence",
        by="iccs",
        layers=(
            {
                **country.placed("occurrence"),
                **country.offence("offence", *RECORDED),
                "occurrence_date": day_of("day", first, last),
                "occurrence_hour": below("hour", 24),
                "place_type": weighted(
                    "place", {"street": 8, "home": 6, "trade_service": 3, "other": 2, "_U": 1}
                ),
                "n_victims": weighted("victims", {"1": 9, "2": 1}) + "::INTEGER",
                "clearance": weighted("clearance", {"suspect_identified": 3, "no_suspect": 6, "_U": 1}),
                "urbanisation": weighted("zone", {"urban": 7, "rural": 3}),
            },
            {
                "report_date": f"occurrence_date + {soon('delay', 60)}",
                "mechanism": "CASE WHEN iccs LIKE '01%' OR iccs LIKE '04%' THEN "
                + weighted("weapon", {"firearm": 9, "sharp": 4, "bodily_force": 3, "other": 2, "_U": 1})
                + " ELSE "
                + weighted("means", {"bodily_force": 4, "no_weapon": 5, "other": 3, "_U": 2})
                + " END",
                "completion": "CASE WHEN iccs = '0102' THEN 'attempted' WHEN iccs LIKE '0101%' THEN 'completed' "
                f"WHEN {chance('attempt', 8)} THEN 'attempted' ELSE 'completed' END",
            },
        ),
        faults=(
            _BEFORE,
            _AFTER_EDITION,
            _OUTSIDE,
            Fault(
                "attempt_as_killing",
                fields={
                    "iccs": "'0101'",
                    "offence": killing["offence"],
                    "completion": "'attempted'",
                },
                rules=("iccs.homicide_attempted",),
            ),
            Fault(
                "killing_without_victim",
                fields={
                    "iccs": "'0101'",
                    "offence": killing["offence"],
                    "completion": "'completed'",
                    "n_victims": "0",
                },
                warns=("n_victims.none_in_homicide",),
            ),
        ),
    )


def driver_tests(country: Country, first: int, last: int) -> Records:
    """Tests of drivers for alcohol by place, day and result, as the traffic police add them up."""
    return Records(
        "incident",
        "occurrence_date",
        place="occurrence",
        by="test_result",
        amount="count",
        layers=(
            {
                **country.placed("occurrence"),
                "occurrence_date": day_of("day", first, last),
                "test_result": weighted("result", {"negative": 7, "positive": 2, "refused": 1}),
                "vehicle_class": weighted(
                    "vehicle", {"car": 6, "motorcycle": 4, "heavy_vehicle": 1, "bus": 1}
                ),
                "size": below("size", 40),
            },
            {"count": "CASE WHEN test_result = 'negative' THEN 20 + size ELSE 1 + size % 6 END"},
        ),
        faults=(
            _OUTSIDE,
            Fault("no_result", fields={"test_result": "NULL"}, rules=("test_result.of_test",)),
        ),
    )


def calls(country: Country, first: int, last: int) -> Records:
    """Calls to the emergency number: one record each, no offence."""
    return Records(
        "incident",
        "occurrence_date",
        place="occurrence",
        by="place_type",
        raised=("occurrence_hour.heaped_at_midnight",),
        layers=(
            {
                **country.placed("occurrence"),
                "occurrence_date": day_of("day", first, last),
                # a third of the calls have no hour and stand at midnight
                "occurrence_hour": f"CASE WHEN {chance('lost', 33)} THEN 0 ELSE {below('hour', 24)} END",
                "place_type": weighted(
                    "place", {"street": 6, "home": 9, "bar_nightlife": 2, "school": 1, "_U": 1}
                ),
                "channel": "'emergency_call'",
            },
        ),
        faults=(_OUTSIDE,),
    )


def persons(country: Country, first: int, last: int, role: str) -> Records:
    """Persons in a role of an event: victims or suspects."""
    victim = role == "victim"
    classes = RECORDED[:4] if victim else RECORDED
    return Records(
        "person_role",
        "occurrence_date",
        place="occurrence",
        by="iccs",
        layers=(
            {
                **country.placed("occurrence"),
                **country.offence("offence", *classes),
                "occurrence_date": day_of("day", first, last),
                "sex": weighted(
                    "sex", {"M": 55, "F": 43, "_U": 2} if victim else {"M": 88, "F": 10, "_U": 2}
                ),
                "age_years": f"CASE WHEN {chance('unaged', 96)} THEN {between('age', 14, 69)} END",
                "relationship": weighted(
                    "known",
                    {
                        "partner": 3,
                        "former_partner": 2,
                        "other_relative": 2,
                        "friend": 3,
                        "stranger": 8,
                        "_U": 2,
                    },
                ),
                "recidivist": weighted("again", {"yes": 3, "no": 6, "_U": 1}),
                "nationality": of("nation", (country.code,) * 12 + ("COL", "BRA", "MEX")),
            },
            {
                "report_date": f"occurrence_date + {soon('delay', 60)}",
                "completion": "CASE WHEN iccs = '0102' THEN 'attempted' ELSE 'completed' END",
            },
        ),
        faults=(
            _BEFORE,
            _AFTER_EDITION,
            _OUTSIDE,
            *(
                (
                    Fault(
                        "child_as_suspect",
                        fields={"age_years": "5", "relationship": "'stranger'"},
                        warns=("age_years.of_suspect",),
                    ),
                )
                if not victim
                else ()
            ),
            Fault(
                "child_with_partner",
                fields={"age_years": "8", "relationship": "'partner'"},
                warns=("age_years.of_partner",),
            ),
        ),
    )


def missing(country: Country, first: int, last: int) -> Records:
    """Reports of missing persons and what became of them."""
    return Records(
        "missing_person",
        "occurrence_date",
        place="occurrence",
        by="missing_status",
        layers=(
            {
                **country.placed("occurrence"),
                "occurrence_date": day_of("day", first, last),
                "missing_status": weighted(
                    "status", {"missing": 5, "located_alive": 12, "located_dead": 1, "_U": 1}
                ),
                "sex": weighted("sex", {"M": 48, "F": 51, "_U": 1}),
                "age_years": f"CASE WHEN {chance('unaged', 97)} THEN {between('age', 9, 78)} END",
                "enforced": weighted("enforced", {"no": 60, "yes": 1, "_U": 4}),
                "found": soon("found", 200),
            },
            {
                "report_date": f"occurrence_date + {soon('delay', 30)}",
                "status_date": "CASE WHEN missing_status LIKE 'located%' THEN occurrence_date + 1 + found % 30 END",
            },
        ),
        faults=(
            _BEFORE,
            _AFTER_EDITION,
            _OUTSIDE,
            Fault(
                "found_before_missing",
                fields={"missing_status": "'located_alive'", "status_date": "occurrence_date - 3"},
                rules=("status_date.before_last_seen",),
            ),
            Fault(
                "found_no_date",
                fields={"missing_status": "'located_dead'", "status_date": "NULL"},
                warns=("status_date.of_located",),
            ),
        ),
    )

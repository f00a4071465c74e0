"""Victimisation surveys: the edition, and the households, persons and crimes of its sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.sample_countries.domains.sampling import PLACE_IN_DESIGN, Design, drawn
from pipelines.sample_countries.drawing import between, chance, of, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records, Value, listed

#: An edition: its design, title, producer, and coverage, respondents, mode and what it is representative of.
Edition = tuple[Design, str, str, Mapping[str, Value]]


def editions(known: Sequence[Edition]) -> Records:
    """Editions of surveys and how they were made."""
    rows = [_edition(*edition) for edition in known]
    return Records(
        "survey",
        "reference_date",
        by="survey_code",
        consequences={"n_psu_range": ("n_psu.below_strata",)},
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=({"survey_code": "CASE WHEN bad THEN survey || '-' || number ELSE survey END"},),
        faults=(
            Fault(
                "reference_reversed",
                fields={"reference_end": "reference_date - 1"},
                rules=("reference_end.before_reference_date",),
            ),
            Fault(
                "fieldwork_reversed",
                fields={"fieldwork_end": "fieldwork_start - 1"},
                rules=("fieldwork_end.before_start",),
            ),
            Fault(
                "fieldwork_to_come",
                fields={"fieldwork_end": "DATE '2031-01-01'"},
                rules=("fieldwork_end.after_edition",),
            ),
            Fault("fewer_clusters_than_strata", fields={"n_psu": "1"}, rules=("n_psu.below_strata",)),
            Fault("strata_not_told", fields={"n_strata": "NULL"}, warns=("n_strata.of_linearised",)),
        ),
    )


def _edition(design: Design, title: str, producer: str, row: Mapping[str, Value]) -> dict[str, Value]:
    return {
        "title": title,
        "producer": producer,
        "survey": design.code,
        "edition": design.edition,
        "label_year": design.year,
        "reference_date": date(design.year, 1, 1),
        "reference_end": date(design.year, 12, 31),
        "fieldwork_start": date(design.year + 1, 3, 1),
        "fieldwork_end": date(design.year + 1, 4, 30),
        "base_age_from": design.base_age[0],
        "variance_method": "linearised",
        "n_strata": len(design.strata),
        "n_psu": len(design.strata) * design.clusters,
        "sample_persons": design.sample,
        "sample_households": design.sample,
        "response_rate": 81.5,
        **row,
    }


def households(design: Design) -> Records:
    """The households of the sample."""
    return Records(
        "survey_household",
        "reference_date",
        place="residence",
        by="urbanisation",
        consequences={"times_burglary_range": ("times_burglary.none_of_victim",)},
        amount="weight",
        layers=(
            *drawn(design),
            {
                "household_key": "if(bad, 'V9' || lpad(number::VARCHAR, 6, '0'), household_key)",
                "n_members": between("members", 1, 7),
                "owns_vehicle": weighted("vehicle", {"yes": 4, "no": 6}),
                "victim_burglary": f"if(bad OR {chance('burglary', 6)}, 'yes', 'no')",
            },
            {
                "n_vehicles": f"CASE WHEN owns_vehicle = 'yes' THEN {between('vehicles', 1, 3)} ELSE 0 END",
                "times_burglary": f"CASE WHEN victim_burglary = 'yes' THEN {between('times', 1, 3)} END",
                "reported_burglary": "CASE WHEN victim_burglary = 'yes' THEN "
                f"if({chance('told', 30)}, 'yes', 'no') END",
            },
        ),
        faults=(
            *PLACE_IN_DESIGN,
            Fault(
                "vehicles_of_none",
                fields={"owns_vehicle": "'no'", "n_vehicles": "2"},
                rules=("n_vehicles.of_none",),
            ),
            Fault(
                "times_of_no_victim",
                fields={"victim_burglary": "'no'", "times_burglary": "2", "reported_burglary": "NULL"},
                rules=("times_burglary.of_no_victim",),
            ),
            Fault(
                "victim_no_times",
                fields={"victim_burglary": "'yes'", "times_burglary": "0", "reported_burglary": "'no'"},
                rules=("times_burglary.none_of_victim",),
            ),
            Fault(
                "reported_by_no_victim",
                fields={"victim_burglary": "'no'", "times_burglary": "NULL", "reported_burglary": "'yes'"},
                warns=("reported_burglary.of_no_victim",),
            ),
        ),
    )


_OF_PERSONS: tuple[Fault, ...] = (
    *PLACE_IN_DESIGN,
    Fault(
        "interview_too_early",
        fields={"interview_date": "reference_date - 1"},
        rules=("interview_date.before_reference",),
    ),
    Fault(
        "interview_to_come",
        fields={"interview_date": "DATE '2031-01-01'"},
        rules=("interview_date.after_edition",),
    ),
    Fault(
        "times_of_no_victim",
        fields={"victim_robbery": "'no'", "times_robbery": "2", "reported_robbery": "NULL"},
        rules=("times_robbery.of_no_victim",),
    ),
    Fault(
        "victim_no_times",
        fields={"victim_robbery": "'yes'", "times_robbery": "0", "reported_robbery": "'no'"},
        rules=("times_robbery.none_of_victim",),
    ),
    Fault(
        "bribe_without_contact",
        fields={"contact_police": "'no'", "bribe_police": "'yes'"},
        warns=("bribe_police.without_contact",),
    ),
    Fault(
        "household_unknown",
        fields={"household_key": "'V999999'", "person_key": "'V999999-' || number"},
        warns=("household_key.not_loaded",),
    ),
)


def persons(design: Design) -> Records:
    """The persons of the sample and what they answer on crime, fear and institutions."""
    return Records(
        "survey_person",
        "reference_date",
        place="residence",
        by="victim_robbery",
        consequences={f"times_{c}_range": (f"times_{c}.none_of_victim",) for c in ("robbery", "theft")},
        amount="weight",
        layers=(
            *drawn(design),
            {
                "person_key": "household_key || if(bad, '-2', '-1')",
                "education": weighted(
                    "school",
                    {"none": 1, "primary": 5, "lower_secondary": 6, "upper_secondary": 6, "tertiary": 3},
                ),
                "times_robbery": f"CASE WHEN victim_robbery = 'yes' THEN {between('robberies', 1, 4)} END",
                "times_theft": f"CASE WHEN victim_theft = 'yes' THEN {between('thefts', 1, 5)} END",
                "reported_robbery": f"CASE WHEN victim_robbery = 'yes' THEN if({chance('told', 24)}, 'yes', 'no') END",
                "safety_after_dark": weighted(
                    "dark",
                    {
                        "very_safe": 2,
                        "safe": 6,
                        "unsafe": 7,
                        "very_unsafe": 3,
                        "never_goes_out": 3,
                        "dont_know": 1,
                    },
                ),
                "insecure_municipal": weighted("insecure", {"yes": 12, "no": 7, "dont_know": 1}),
                "trust_police": weighted(
                    "trust",
                    {"much": 2, "some": 5, "little": 7, "none": 4, "does_not_know_it": 1, "refused": 1},
                ),
                "contact_police": weighted("contact", {"yes": 2, "no": 8}),
                "justifies_own_justice": weighted(
                    "justice",
                    {"strongly_agree": 1, "agree": 4, "neither": 3, "disagree": 8, "strongly_disagree": 4},
                ),
            },
            {
                "victim_any_personal_crime": "if('yes' IN (victim_robbery, victim_theft, victim_fraud), 'yes', 'no')",
                "bribe_police": f"CASE WHEN contact_police = 'yes' THEN if({chance('bribe', 15)}, 'yes', 'no') END",
                # who has just reached the age of a degree has none yet
                "education": "CASE WHEN age_years < 18 THEN 'lower_secondary' ELSE education END",
            },
        ),
        faults=_OF_PERSONS,
    )


def incidents(design: Design, currency: str) -> Records:
    """The robberies and thefts of which the victims tell, with the weight of the person."""
    return Records(
        "survey_incident",
        "reference_date",
        place="residence",
        by="survey_crime",
        amount="weight",
        # victims are asked for the month alone
        raised=("occurrence_date.heaped_on_first",),
        where="victim_robbery = 'yes' OR victim_theft = 'yes'",
        layers=(
            *drawn(design),
            {
                "survey_crime": "if(victim_robbery = 'yes', 'robbery', 'theft')",
                "crime_unit": "'person'",
                "incident_key": "person_key || '-D1'",
                "occurrence_date": f"make_date({design.year}, {between('month', 1, 12)}::INTEGER, 1)",
                "reported": f"if(bad OR {chance('told', 24)}, 'yes', 'no')",
                "mechanism": weighted("weapon", {"firearm": 3, "sharp": 3, "no_weapon": 6, "_U": 1}),
                "place_type": weighted(
                    "place", {"street": 8, "public_transport": 4, "trade_service": 2, "_U": 1}
                ),
                "crime_place_scope": weighted(
                    "scope", {"same_municipality": 8, "other_municipality": 3, "abroad": 1}
                ),
                "series": weighted("series", {"no": 9, "yes": 1}),
                "loss_amount": f"{between('loss', 5, 900)}::DOUBLE",
                "currency": f"'{currency}'",
            },
            {
                "completion": f"if({chance('attempt', 12)}, 'attempted', 'completed')",
                "reported_to": "CASE WHEN reported = 'yes' THEN "
                + of("to", ("police_national", "prosecution"))
                + " END",
                "file_opened": f"CASE WHEN reported = 'yes' THEN if({chance('file', 68)}, 'yes', 'no') END",
                "not_reported_no_trust": f"CASE WHEN reported = 'no' THEN if({chance('trust', 20)}, 'yes', 'no') END",
                "times": f"CASE WHEN series = 'yes' THEN {between('times', 2, 6)} ELSE 1 END",
            },
        ),
        faults=(
            *PLACE_IN_DESIGN,
            Fault(
                "told_to_whom_if_not_told",
                fields={"reported": "'no'", "reported_to": "'prosecution'", "file_opened": "NULL"},
                rules=("reported_to.of_not_reported",),
            ),
            Fault(
                "file_of_not_reported",
                fields={"reported": "'no'", "reported_to": "NULL", "file_opened": "'yes'"},
                warns=("file_opened.of_not_reported",),
            ),
            Fault(
                "several_no_series", fields={"series": "'no'", "times": "3"}, rules=("times.without_series",)
            ),
            Fault("loss_without_currency", fields={"currency": "NULL"}, rules=("currency.of_loss",)),
            Fault("person_missing", fields={"person_key": "NULL"}, rules=("person_key.of_personal_crime",)),
            Fault(
                "crime_to_come",
                fields={"occurrence_date": "DATE '2031-01-01'"},
                rules=("occurrence_date.after_edition",),
            ),
            Fault(
                "crime_of_household",
                fields={"survey_crime": "'burglary'"},
                warns=("survey_crime.of_another_unit",),
            ),
        ),
    )

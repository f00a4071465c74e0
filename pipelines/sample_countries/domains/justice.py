"""Prosecution, courts and protection: steps of cases, and of orders that protect a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import below, between, chance, soon, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import literal
from pipelines.sample_countries.records import Records

#: Steps of a case in their order, and which cases take each: from and below which number of a hundred.
Steps = Mapping[str, tuple[int, int]]
PROSECUTION: Steps = {"opened": (0, 100), "charged": (0, 46), "archived": (46, 78), "closed": (78, 92)}
COURTS: Steps = {
    "tried": (0, 100),
    "convicted": (0, 62),
    "acquitted": (62, 80),
    "sentenced": (0, 55),
    "appealed": (0, 18),
}

_OUTSIDE = Fault(
    "outside_period",
    fields={
        "step_date": "DATE '2012-06-15'",
        "opened_date": "DATE '2012-01-15'",
        "occurrence_date": "DATE '2011-01-15'",
    },
    rules=("date.outside_period",),
)
_BEFORE_OPENING = Fault(
    "step_before_opening", fields={"opened_date": "step_date + 9"}, rules=("step_date.before_opened",)
)
_OPENED_BEFORE_EVENT = Fault(
    "opened_before_event",
    fields={"occurrence_date": "opened_date + 1", "step_date": "opened_date + 2"},
    rules=("opened_date.before_occurrence",),
)


def _out_of_order(name: str, rule: str, earlier: str, later: str, **further: str) -> Fault:
    """Two steps of one case of which the later one has the earlier date."""
    return Fault(
        name,
        fields={
            "step": f"if(twin = 0, '{earlier}', '{later}')",
            "step_date": "opened_date + if(twin = 0, 90, 60)",
            **further,
        },
        rules=(rule,),
        repeats="case",
    )


_NO_SANCTION = {"sanction": "NULL", "fine_amount": "NULL", "currency": "NULL"}


def _case(country: Country, steps: Steps, first: int, last: int, of_bad: str) -> Sequence[Mapping[str, str]]:
    """Layers of the steps of cases: every row is a step of the case ``case_number``, whose values its steps share.

    A bad row is a case of its own, at the step ``of_bad``.
    """
    order = list(steps)
    position = " ".join(f"WHEN {n} THEN '{step}'" for n, step in enumerate(order))
    draw = below("taken@case_number", 100)
    taken = " ".join(
        f"WHEN {n} THEN {draw} >= {a} AND {draw} < {b}" for n, (a, b) in enumerate(steps.values())
    )
    years = last - first + 1
    return (
        {"case_number": f"CASE WHEN bad THEN 1000000 + first_twin ELSE j // {len(order)} END"},
        {
            **country.placed("jurisdiction", "place@case_number"),
            **country.offence("offence@case_number", "0101", "0102", "02", "03", "04", "05"),
            "step": f"CASE WHEN bad THEN {literal(of_bad)} ELSE CASE (j % {len(order)}) {position} END END",
            "taken": f"CASE (j % {len(order)}) {taken} END",
            "sex": weighted("sex@case_number", {"M": 87, "F": 12, "_U": 1}),
            "age_years": between("age@case_number", 18, 66),
            "opened_date": f"(DATE '{first}-01-01' + {below('day@case_number', 365 * years - 150)}::INTEGER)",
        },
        {
            "occurrence_date": f"opened_date - {soon('known@case_number', 200)}",
            "step_date": f"CASE WHEN step = 'opened' THEN opened_date "
            f"ELSE opened_date + (j % {len(order)})::INTEGER * 20 "
            f"+ {below('wait', 20)}::INTEGER END",
        },
    )


def prosecution(country: Country, first: int, last: int) -> Records:
    """Steps of cases before the prosecution."""
    return Records(
        "case_event",
        "step_date",
        place="jurisdiction",
        by="step",
        where="taken",
        layers=_case(country, PROSECUTION, first, last, "charged"),
        faults=(
            _OUTSIDE,
            _BEFORE_OPENING,
            _OPENED_BEFORE_EVENT,
            _out_of_order("charged_before_opening", "step_date.before_opening", "opened", "charged"),
        ),
    )


_OF_COURTS: tuple[Fault, ...] = (
    _OUTSIDE,
    _BEFORE_OPENING,
    _OPENED_BEFORE_EVENT,
    _out_of_order("tried_before_charged", "step_date.before_charge", "charged", "tried", **_NO_SANCTION),
    _out_of_order(
        "sentenced_before_convicted",
        "step_date.before_conviction",
        "convicted",
        "sentenced",
        sanction="if(twin = 0, NULL, sanction)",
        fine_amount="if(twin = 0, NULL, fine_amount)",
        currency="if(twin = 0, NULL, currency)",
    ),
    _out_of_order(
        "appealed_before_decided",
        "step_date.appeal_before_decision",
        "convicted",
        "appealed",
        **_NO_SANCTION,
    ),
    Fault(
        "sanction_of_acquitted",
        fields={"step": "'acquitted'", "sanction": "'prison'", "sanction_months": "12.0"},
        rules=("sanction.without_conviction",),
    ),
    Fault(
        "fine_without_currency",
        fields={
            "step": "'sentenced'",
            "sanction": "'fine'",
            "fine_amount": "75.5",
            "currency": "NULL",
            "sanction_months": "NULL",
        },
        rules=("currency.of_fine",),
    ),
    Fault(
        "sentence_without_sanction",
        fields={
            "step": "'sentenced'",
            "sanction": "NULL",
            "sanction_months": "NULL",
            "fine_amount": "NULL",
            "currency": "NULL",
        },
        warns=("sanction.of_sentence",),
    ),
    Fault(
        "fine_in_months",
        fields={
            "step": "'sentenced'",
            "sanction": "'fine'",
            "fine_amount": "75.5",
            "sanction_months": "3.0",
        },
        warns=("sanction_months.of_fine",),
    ),
)


def courts(country: Country, first: int, last: int) -> Records:
    """Steps of cases before the courts, with what was decided."""
    sanctions = weighted("sanction", {"prison": 9, "suspended": 4, "fine": 3, "community_service": 2})
    return Records(
        "case_event",
        "step_date",
        place="jurisdiction",
        by="step",
        where="taken",
        layers=(
            *_case(country, COURTS, first, last, "sentenced"),
            {
                "sanction": f"CASE WHEN bad THEN 'fine' WHEN step = 'sentenced' THEN {sanctions} END",
                "instance": weighted("instance", {"first": 8, "second": 2}),
                "femicide_legal": "CASE WHEN iccs LIKE '0101%' THEN "
                + weighted("femicide", {"no": 5, "yes": 1})
                + " END",
            },
            {
                "sanction_months": f"CASE WHEN sanction = 'prison' THEN {between('months', 6, 240)}::DOUBLE END",
                "fine_amount": f"CASE WHEN sanction = 'fine' THEN {between('fine', 50, 900)}::DOUBLE + 0.5 END",
                "currency": f"CASE WHEN sanction = 'fine' THEN '{country.currency}' END",
            },
        ),
        faults=_OF_COURTS,
    )


_OF_ORDERS: tuple[Fault, ...] = (
    Fault(
        "outside_period",
        fields={
            "step_date": "DATE '2012-06-15'",
            "requested_date": "DATE '2012-06-14'",
            "valid_until": "NULL",
        },
        rules=("date.outside_period",),
    ),
    Fault(
        "step_before_request",
        fields={"requested_date": "step_date + 5"},
        rules=("step_date.before_requested",),
    ),
    Fault(
        "requested_after_edition",
        fields={"requested_date": "DATE '2031-01-05'"},
        rules=("requested_date.after_edition", "step_date.before_requested"),
    ),
    *(
        Fault(
            name,
            fields={
                "protection_step": f"if(twin = 0, '{earlier}', '{later}')",
                "step_date": "requested_date + if(twin = 0, 90, 60)",
                "valid_until": "NULL",
            },
            rules=(rule,),
            repeats="case",
        )
        for name, rule, earlier, later in (
            ("granted_before_requested", "step_date.order_before_request", "requested", "granted"),
            ("breached_before_granted", "step_date.order_before_grant", "granted", "breached"),
        )
    ),
    Fault(
        "expires_before_granted",
        fields={"protection_step": "'granted'", "valid_until": "step_date - 5"},
        rules=("valid_until.before_step",),
    ),
    Fault(
        "child_with_partner",
        fields={"age_years": "7", "relationship": "'partner'"},
        warns=("age_years.of_partner",),
    ),
)


def protection(country: Country, first: int, last: int) -> Records:
    """Steps of orders that protect a person: every order is requested, most are granted, some are breached."""
    order = ("requested", "granted", "breached", "ended")
    position = " ".join(f"WHEN {n} THEN '{step}'" for n, step in enumerate(order))
    years = last - first + 1
    return Records(
        "protection_measure",
        "step_date",
        place="jurisdiction",
        by="protection_step",
        # of an order that was refused nothing follows
        where=f"protection_step NOT IN ('breached', 'ended') OR NOT {chance('refused@order_number', 15)}",
        layers=(
            {"order_number": "CASE WHEN bad THEN 1000000 + first_twin ELSE j // 4 END"},
            {
                **country.placed("jurisdiction", "place@order_number"),
                "protection_step": f"CASE WHEN j % 4 = 1 AND {chance('refused@order_number', 15)} THEN 'refused' "
                f"ELSE CASE (j % 4) {position} END END",
                "protection_type": weighted(
                    "type@order_number",
                    {
                        "no_contact": 9,
                        "removal": 5,
                        "shelter": 1,
                        "police_protection": 3,
                        "other": 1,
                        "_U": 1,
                    },
                ),
                "relationship": weighted(
                    "known@order_number",
                    {"partner": 8, "former_partner": 7, "other_relative": 3, "friend": 1, "_U": 1},
                ),
                "form": weighted(
                    "form@order_number",
                    {"physical": 6, "psychological": 7, "sexual": 2, "economic": 2, "_U": 1},
                ),
                "sex": weighted("sex@order_number", {"F": 92, "M": 7, "_U": 1}),
                "age_years": between("age@order_number", 16, 79),
                "aggressor_sex": weighted("other@order_number", {"M": 93, "F": 6, "_U": 1}),
                "requested_date": f"(DATE '{first}-01-01' + {below('day@order_number', 365 * years - 200)}::INTEGER)",
            },
            {
                "step_date": "CASE WHEN protection_step = 'requested' THEN requested_date "
                f"ELSE requested_date + (j % 4)::INTEGER * 25 + {below('wait', 20)}::INTEGER END"
            },
            {
                "valid_until": "CASE WHEN protection_step = 'granted' THEN step_date + 180 END",
            },
        ),
        faults=_OF_ORDERS,
    )

"""What is known of programmes: studies of their effect, practices that a registry rates, and targets."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.domains.programmes import OF_PROGRAMME, UNKNOWN, Programme
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records, Value, listed

_OF_EVALUATIONS: tuple[Fault, ...] = (
    UNKNOWN,
    Fault(
        "ratio_below_zero",
        fields={
            "effect_measure": "'rate_ratio'",
            "effect": "-0.5",
            "ci_lower": "-0.9",
            "ci_upper": "-0.1",
        },
        rules=("effect.negative_ratio",),
    ),
    Fault(
        "interval_reversed",
        fields={"effect": "NULL", "ci_lower": "4.0", "ci_upper": "2.0"},
        rules=("ci_upper.below_ci_lower",),
    ),
    Fault("effect_below_interval", fields={"effect": "ci_lower - 1"}, rules=("effect.below_ci_lower",)),
    Fault("effect_above_interval", fields={"effect": "ci_upper + 1"}, rules=("ci_upper.below_effect",)),
    Fault(
        "result_before_protocol",
        fields={"result_date": "protocol_date - 1"},
        rules=("result_date.before_protocol",),
    ),
    Fault(
        "result_to_come",
        fields={"result_date": "DATE '2031-01-01'"},
        rules=("result_date.after_edition",),
    ),
    Fault("cost_without_currency", fields={"currency": "NULL"}, rules=("currency.of_amount",)),
    Fault(
        "verdict_without_comparison",
        fields={"design": "'before_after'", "verdict": "'effective'"},
        warns=("verdict.without_comparison",),
    ),
)


def evaluations(known: Sequence[Programme], country: Country) -> Records:
    """What a study found of each programme: near to the effect that it has."""
    rows: list[dict[str, Value]] = [
        {
            "code": p.code,
            "study": f"EV-{p.code}",
            "title": p.name,
            "effect": float(p.effect) + 1.5,
            "ci_lower": float(p.effect) - 8,
            "ci_upper": float(p.effect) + 11,
            "p_value": 0.002 if p.effect else 0.71,
            "verdict": "effective" if p.effect else "no_effect",
            "outcome_measured": p.indicator,
        }
        for p in known
    ]
    return Records(
        "evaluation",
        "protocol_date",
        by="verdict",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                **OF_PROGRAMME,
                "evaluation_code": "CASE WHEN bad THEN study || '-' || number ELSE study END",
                "design": "'difference_in_differences'",
                "scientific_scale": "3",
                "protocol_date": "DATE '2022-03-01'",
                "result_date": "DATE '2024-01-31'",
                "effect_measure": "'percent_change'",
                "follow_up_months": "18",
                "displacement": "'none'",
                "independent": "'yes'",
                "amount": "125000.0",
                "currency": f"'{country.currency}'",
                "confidence_level": "95.0",
            },
        ),
        faults=_OF_EVALUATIONS,
    )


def practices(known: Sequence[Programme], registry: str) -> Records:
    """The practices that a registry rates."""
    rows: list[dict[str, Value]] = [
        {
            "code": p.code,
            "practice_code": f"B-{n + 1}",
            "name": p.name,
            "typology": p.typology,
            "prevention_level": p.level,
            "evidence_level": "effective" if p.effect else "no_effects",
            "registry": registry,
        }
        for n, p in enumerate(known)
    ]
    return Records(
        "practice",
        "review_date",
        by="evidence_level",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                **OF_PROGRAMME,
                "practice_code": "CASE WHEN bad THEN practice_code || '-' || number ELSE practice_code END",
                "practice_level": "'national'",
                "n_studies": "2",
                "n_reviewers": "3",
                "review_date": "DATE '2024-02-15'",
            },
        ),
        faults=(
            UNKNOWN,
            Fault(
                "rated_without_study",
                fields={"evidence_level": "'effective'", "n_studies": "0"},
                warns=("n_studies.none_of_rated",),
            ),
        ),
    )


def targets(known: Sequence[Programme], document: str) -> Records:
    """What each programme is to reach."""
    rows: list[dict[str, Value]] = [
        {
            "code": p.code,
            "indicator": p.indicator,
            "baseline_value": 370.5 - 30 * n,
            "target_value": 300.0 - 30 * n,
            "document": document,
        }
        for n, p in enumerate(known)
    ]
    return Records(
        "indicator_target",
        "target_date",
        by="indicator",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                **OF_PROGRAMME,
                "baseline_date": "DATE '2021-12-31'",
                "target_date": "DATE '2026-12-31'",
                "direction": "'lower'",
                "unit_measure": "'PER_100000_POP'",
            },
        ),
        faults=(
            UNKNOWN,
            Fault(
                "target_before_baseline",
                fields={"target_date": "baseline_date - 1"},
                rules=("target_date.before_baseline",),
            ),
            Fault(
                "target_not_lower",
                fields={"target_value": "baseline_value + 1"},
                warns=("target_value.not_lower",),
            ),
        ),
    )

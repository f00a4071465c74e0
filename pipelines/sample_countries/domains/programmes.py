"""Prevention programmes: where they work and where not, their money, what they did, and what studies found.

Each has an effect that is known, since it is put into the records of the police or the prosecution: of one it is
large, of the other there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import below, between, of
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records, Value, listed


@dataclass(frozen=True)
class Programme:
    """A programme with a known effect.

    Args:
        code: Its code.
        name: What it is called.
        responsible: Who answers for it.
        typology: Kind of prevention.
        level: Level of prevention.
        group: Whom it is for.
        activity: What it does.
        indicator: The indicator of the catalogue that it is to change.
        start: First day in the treated areas.
        effect: By how many in a hundred the events of the treated areas change from that day on.
        sources: Sources whose records carry the effect; no other knows of the programme.
        treated: Areas in which it works.
        comparison: Areas with which they are compared, where nothing changes.
        buffer: Areas beside the treated ones, where events could move to; nothing changes there either.
    """

    code: str
    name: str
    responsible: str
    typology: str
    level: str
    group: str
    activity: str
    indicator: str
    start: date
    effect: int
    sources: tuple[str, ...]
    treated: tuple[str, ...]
    comparison: tuple[str, ...]
    buffer: tuple[str, ...]

    @property
    def arms(self) -> dict[str, tuple[str, ...]]:
        """Areas by their arm."""
        return {"treated": self.treated, "comparison": self.comparison, "buffer": self.buffer}


#: A bad record is about a programme of its own.
_CODE = {"programme_code": "CASE WHEN bad THEN code || 'Z' || number ELSE code END"}
#: A bad record of what belongs to a programme is about one that is loaded.
OF_PROGRAMME = {"programme_code": "code"}
UNKNOWN = Fault(
    "unknown_programme", fields={"programme_code": "'P-99'"}, warns=("programme_code.not_loaded",)
)
_ENDS_EARLY = Fault(
    "ends_before_it_begins", fields={"end_date": "start_date - 1"}, rules=("end_date.before_start",)
)


def programmes(known: Sequence[Programme]) -> Records:
    """The programmes themselves."""
    rows: list[dict[str, Value]] = [
        {
            "code": p.code,
            "name": p.name,
            "responsible": p.responsible,
            "typology": p.typology,
            "prevention_level": p.level,
            "target_group": p.group,
            "outcome_indicator": p.indicator,
            "start_date": p.start,
        }
        for p in known
    ]
    return Records(
        "programme",
        "start_date",
        by="typology",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                **_CODE,
                "programme_kind": "'programme'",
                "target_scope": "'selective'",
                "institution": "'prevention_body'",
                "fund_source": "'national'",
                "evaluation_budget": "'yes'",
                "end_date": "NULL::DATE",
            },
        ),
        faults=(_ENDS_EARLY,),
    )


def areas(known: Sequence[Programme], country: Country) -> Records:
    """Treated areas, those they are compared with, and those beside them."""
    rows: list[dict[str, Value]] = [
        {"code": p.code, "arm": arm, "area": f"{country.code}-{area}", "start_date": p.start}
        for p in known
        for arm, places in p.arms.items()
        for area in places
    ]
    return Records(
        "programme_area",
        "start_date",
        place="jurisdiction",
        by="arm",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                **OF_PROGRAMME,
                "jurisdiction_first_level": "left(area, 6)",
                **({"jurisdiction_municipality": "area"} if country.municipal else {}),
                "target_group_size": between("size", 300, 4000),
                "end_date": "NULL::DATE",
            },
        ),
        faults=(UNKNOWN, _ENDS_EARLY),
    )


def budgets(known: Sequence[Programme], country: Country, years: range) -> Records:
    """Money of the programmes by fiscal year and phase."""
    rows: list[dict[str, Value]] = [
        {
            "code": p.code,
            "year": year,
            "phase": phase,
            "money": float(1_000 * share * (40 + 7 * n + year - years.start)),
        }
        for n, p in enumerate(known)
        for year in years
        for phase, share in (("approved", 100), ("paid", 92))
    ]
    return Records(
        "programme_budget",
        "reference_date",
        by="programme_code",
        consequences={
            "currency_missing": ("currency.of_amount",),
            "fiscal_year_missing": ("fiscal_year.of_budget_phase",),
        },
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="amount",
        layers=(
            {
                **OF_PROGRAMME,
                "fiscal_year": "year",
                "budget_phase": "phase",
                "amount": "money",
                "currency": f"'{country.currency}'",
                "fund_source": "'national'",
                "spend_purpose": "CASE WHEN bad THEN 'training' ELSE 'implementation' END",
                "reference_date": "make_date(year, 1, 1)",
            },
        ),
        faults=(UNKNOWN,),
    )


def activities(known: Sequence[Programme], country: Country, years: range) -> Records:
    """What the programmes did in each treated area and half-year."""
    rows: list[dict[str, Value]] = [
        {"code": p.code, "area": f"{country.code}-{area}", "start_date": day, "activity": p.activity}
        for p in known
        for area in p.treated
        for year in years
        for day in (date(year, 1, 10), date(year, 7, 10))
        if day >= p.start
    ]
    return Records(
        "programme_activity",
        "start_date",
        place="jurisdiction",
        by="activity_type",
        consequences={
            "enrolled_range": ("completed.above_enrolled", "enrolled.below_parts"),
            "reached_range": ("completed.above_reached",),
        },
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="reached",
        layers=(
            {
                **OF_PROGRAMME,
                "activity_type": "activity",
                "jurisdiction_first_level": "left(area, 6)",
                **({"jurisdiction_municipality": "area"} if country.municipal else {}),
                "end_date": "start_date + 140",
                "sex": of("sex", ("M", "F", "_T")),
                "enrolled": between("enrolled", 60, 240),
                "dose_planned": "24.0",
                "dose_unit": "'session'",
            },
            {"reached": f"enrolled - {below('absent', 10)}", "completed": "enrolled * 7 // 10"},
            {
                "dropped_out": "reached - completed",
                "dose_delivered": f"({between('dose', 140, 230)} / 10)::DOUBLE",
            },
        ),
        faults=(
            UNKNOWN,
            _ENDS_EARLY,
            Fault(
                "more_completed_than_enrolled",
                fields={"completed": "enrolled + 5", "reached": "enrolled + 9", "dropped_out": "0"},
                rules=("completed.above_enrolled", "enrolled.below_parts"),
            ),
            Fault(
                "more_completed_than_reached",
                fields={"reached": "completed - 1", "dropped_out": "0"},
                rules=("completed.above_reached",),
            ),
            Fault(
                "more_parts_than_enrolled",
                fields={"dropped_out": "enrolled"},
                rules=("enrolled.below_parts",),
            ),
        ),
    )

"""The design of a survey: a made-up population whose prevalence is known, and a sample of clusters drawn from it.

In each stratum a crime hits a known share of the persons. In a cluster the share lies above or below by the same
chance, so that the share of the population is that of the strata, weighted by their persons: this is what an estimate
from the sample must come near to. All files of one edition are made from the same draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import below, between, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import element


@dataclass(frozen=True)
class Stratum:
    """A stratum: a first-level area, urban or rural, with the persons of the base age that live there."""

    first_level: str
    urbanisation: str
    persons: int


@dataclass(frozen=True)
class Design:
    """An edition of a survey and the population that it is drawn from.

    Args:
        code: The survey.
        edition: The edition.
        year: Year with which it is published; the questions are about it.
        strata: The strata.
        clusters: Clusters drawn in each stratum.
        of_cluster: Households drawn in each cluster, one person in each.
        prevalence: Victims in a thousand persons of the first stratum, by question; each further stratum has one
            tenth of that more, or less.
        spread: By how many in a thousand of the share the clusters of a stratum lie above or below it.
        base_age: First and last age of the base.
        sexes: How often each sex comes.
    """

    code: str
    edition: str
    year: int
    strata: Sequence[Stratum]
    clusters: int
    of_cluster: int
    prevalence: Mapping[str, int]
    spread: int
    base_age: tuple[int, int]
    sexes: Mapping[str, int]

    @property
    def sample(self) -> int:
        """Households of the sample."""
        return len(self.strata) * self.clusters * self.of_cluster

    @property
    def series(self) -> str:
        """What all files of the edition are drawn from."""
        return f"{self.code}-{self.edition}"

    def shares(self, question: str) -> list[int]:
        """Victims in a thousand persons, by stratum."""
        first = self.prevalence[question]
        return [first + (first * (n % 5 - 2)) // 10 for n in range(len(self.strata))]

    def truth(self, question: str) -> float:
        """Share of the persons of the population who are victims."""
        persons = [stratum.persons for stratum in self.strata]
        hit = sum(n * share for n, share in zip(persons, self.shares(question), strict=True))
        return hit / (1000 * sum(persons))


def strata_of(country: Country, *, urban_only: bool, base_share: int) -> tuple[Stratum, ...]:
    """The strata of a country: each first-level area, urban and, where they are asked, rural."""
    found = []
    for code in country.first_levels:
        persons = 10 * base_share * sum(p.thousands for p in country.places if p.first_level == code)
        found.append(Stratum(f"{country.code}-{code}", "urban", persons * 7 // 10))
        if not urban_only:
            found.append(Stratum(f"{country.code}-{code}", "rural", persons * 3 // 10))
    return tuple(found)


def drawn(design: Design) -> tuple[dict[str, str], ...]:
    """Where a household of the sample stands in the design, and what its person answers."""
    per_stratum = design.clusters * design.of_cluster
    low, high = design.base_age[0], min(design.base_age[1], 84)
    asked: dict[str, str] = {}
    for number, question in enumerate(design.prevalence):
        share = element(design.shares(question), "h")
        effect = f"{share} * (2 * cluster_draw - 1) * {design.spread} // 1000"
        asked[question] = f"if(bad OR {below(f'victim.{number}', 1000)} < {share} + ({effect}), 'yes', 'no')"
    return (
        {"h": f"(j // {per_stratum}) % {len(design.strata)}", "cluster": f"j // {design.of_cluster}"},
        {
            "survey_code": f"'{design.code}'",
            "edition": f"'{design.edition}'",
            "label_year": str(design.year),
            "reference_date": f"DATE '{design.year}-01-01'",
            "stratum": "'E' || lpad((h + 1)::VARCHAR, 2, '0')",
            "psu": "'U' || lpad((cluster + 1)::VARCHAR, 4, '0')",
            # half of the clusters of a stratum lie above its share and half below, in turn
            "cluster_draw": "(cluster % 2)",
            # a bad record is of a household that is loaded
            "household_key": f"'V' || lpad(if(bad, number % {design.sample}, number)::VARCHAR, 6, '0')",
            "weight": element([f"{s.persons / per_stratum:.4f}" for s in design.strata], "h") + "::DOUBLE",
            "residence_first_level": element([s.first_level for s in design.strata], "h"),
            "urbanisation": element([s.urbanisation for s in design.strata], "h"),
        },
        {
            "person_key": "household_key || '-1'",
            "sex": weighted("sex", design.sexes),
            "age_years": between("age", low, high),
            "interview_date": f"(DATE '{design.year + 1}-03-01' + {below('interview', 60)}::INTEGER)",
            **asked,
        },
    )


#: What can be wrong with the place of a record in the design.
PLACE_IN_DESIGN = (
    Fault("no_weight", fields={"weight": "0.0"}, rules=("weight.range",)),
    Fault("cluster_without_stratum", fields={"stratum": "NULL"}, warns=("psu.without_stratum",)),
)

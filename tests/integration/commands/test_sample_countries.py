"""The demonstrations of all sample countries against their truths: accounts, rules, amounts, and what is known.

XAA is in the demonstration that all tests share, XBB and XCC are in one of their own.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest

from pipelines import sample_countries
from schemas import record_type
from tests.docs.documents import ROOT
from tests.integration.commands.home import Home

COUNTRIES = ("XAA", "XBB", "XCC")


@dataclass(frozen=True)
class Shown:
    """A home folder in which a country was demonstrated, and the country's truth."""

    home: Home
    truth: dict[str, Any]

    @property
    def further(self) -> list[dict[str, Any]]:
        """The deliveries beside the core of XAA, which has a test of its own."""
        return [known for known in self.truth["deliveries"] if known["record_type"]]

    def by_file(self, statement: str) -> dict[str, dict[Any, Any]]:
        """Pairs of the first two columns of a query by the file's name, which is its third."""
        found: dict[str, dict[Any, Any]] = defaultdict(dict)
        for row in self.home.rows(statement):
            name, value, file = row.values()
            found[file][name] = value
        return found


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home folder with the countries that are demonstrated on demand; only to be read."""
    home = Home(tmp_path_factory.mktemp("others") / "var")
    home.run("demo", "--country", "XBB", "--country", "xcc")
    return home


@pytest.fixture(scope="module", params=COUNTRIES)
def shown(request: pytest.FixtureRequest, demo: Home, others: Home) -> Shown:
    home, name = (demo, "truth") if request.param == "XAA" else (others, f"truth_{request.param.lower()}")
    return Shown(home, json.loads((home.path / "reports" / f"{name}.json").read_text(encoding="utf-8")))


def test_the_account_of_every_delivery_is_that_of_the_truth(shown: Shown) -> None:
    rows = {row["file_name"]: row for row in shown.home.rows("FROM meta.delivery")}
    assert len(shown.further) > 25
    for known in shown.further:
        row = rows[known["file"]]
        assert (row["source_id"], row["status"]) == (known["source_id"], "loaded"), known["file"]
        assert str(row["edition_date"]) == known["edition_date"]
        for name in (
            "rows_delivered",
            "rows_mapped",
            "records_made",
            "records_loaded",
            "records_quarantined",
        ):
            assert row[name] == known[name], (known["file"], name)
        assert row["records_excluded"] == sum(known["records_excluded"].values()), known["file"]


def test_every_planted_fault_is_found_and_no_other(shown: Shown) -> None:
    results = "meta.rule_result JOIN meta.delivery USING (delivery_id)"
    rules = shown.by_file(
        f"SELECT rule_code, n_broken, file_name FROM {results} WHERE n_broken > 0 AND severity = 'row'"
    )
    counted = shown.by_file(
        f"SELECT rule_code, n_broken, file_name FROM {results} WHERE scope <> 'delivery' AND severity = 'warn'"
    )
    raised = shown.by_file(
        f"SELECT rule_code, n_broken, file_name FROM {results} "
        "WHERE scope = 'delivery' AND severity <> 'row' AND raised"
    )
    for known in shown.further:
        file = known["file"]
        assert rules[file] == known["rules"], file
        # a record in quarantine may be warned about as well
        lacking = {code: n for code, n in known["warnings"].items() if counted[file].get(code, 0) < n}
        assert lacking == {}, file
        assert sorted(raised[file]) == known["raised"], file


def test_what_refers_to_other_records_finds_them_and_only_what_is_planted_is_not_found(shown: Shown) -> None:
    found = shown.by_file(
        """SELECT rule_code, n_broken, file_name FROM meta.rule_result JOIN meta.delivery USING (delivery_id)
        WHERE scope = 'reference' AND n_broken > 0"""
    )
    for known in shown.further:
        planted = {code: n for code, n in known["warnings"].items() if code.endswith(".not_loaded")}
        assert found[known["file"]] == planted, known["file"]


def test_amounts_by_area_month_and_class_are_those_of_the_truth(shown: Shown) -> None:
    """Of everything that was ever loaded, superseded editions included."""
    wrong = {}
    for known in shown.further:
        kind, amounts = known["record_type"], known["amounts"]
        column, date_field, place = _columns(shown, known)
        rows = shown.home.rows(
            f"""SELECT {place} AS area, strftime({date_field}, '%Y-%m') AS month, round(sum({column}), 3) AS amount
            FROM core.{kind}_history JOIN meta.delivery USING (delivery_id)
            WHERE file_name = '{known["file"]}' GROUP BY ALL"""
        )
        found = {(row["area"], row["month"]): row["amount"] for row in rows}
        told: dict[tuple[str | None, str], float] = defaultdict(float)
        for area, month, _, amount in amounts:
            told[area if place != "NULL" else None, month] += amount
        if {k: round(v, 3) for k, v in told.items()} != {
            k: round(float(v or 0), 3) for k, v in found.items()
        }:
            wrong[known["file"]] = (dict(told), found)
    assert list(wrong.items())[:1] == []


def _columns(shown: Shown, known: dict[str, Any]) -> tuple[str, str, str]:
    """SQL for the amount, the date field and the area of a delivery's records, as its type and source declare them."""
    kind = record_type.load(known["record_type"])
    (records, *_) = [
        d.records
        for d in sample_countries.COUNTRIES[shown.truth["country"]].deliveries()
        if d.source == known["source_id"]
    ]
    names = {"social_measure": "value", "published_indicator": "coalesce(value, 0)", "area_change": "share"}
    amount = names.get(kind.name) or kind.amount or "1"
    return amount, records.date_field, f"{records.place}_first_level" if records.place else "NULL"


def test_an_estimate_from_a_sample_is_near_to_the_share_of_its_population(shown: Shown) -> None:
    """Within three standard errors of the design: strata and clusters as the records have them."""
    assert shown.truth["prevalences"]
    for known in shown.truth["prevalences"]:
        (row,) = shown.home.rows(
            f"""WITH person AS (
                SELECT stratum, psu, weight, weight * ({known["question"]} = 'yes')::INTEGER AS hit
                FROM core.survey_person WHERE survey_code = '{known["survey"]}' AND stratum IS NOT NULL
            ),
            estimate AS (SELECT sum(hit) / sum(weight) AS share, sum(weight) AS total FROM person),
            cluster AS (
                SELECT stratum, psu, sum((hit - weight * share) / total) AS z FROM person, estimate GROUP BY ALL
            ),
            stratum AS (SELECT stratum, count(*) AS n, var_samp(z) AS v FROM cluster GROUP BY ALL)
            SELECT any_value(share) AS share, any_value(total) AS total, sqrt(sum(n * v)) AS error, sum(n) AS clusters,
                count(*) AS strata FROM stratum, estimate"""
        )
        assert row["strata"] == known["strata"]
        assert known["clusters"] <= row["clusters"] <= known["clusters"] + 3
        assert row["total"] == pytest.approx(known["population"], rel=0.01)
        assert 0 < row["error"] < known["share"]
        assert abs(row["share"] - known["share"]) < 3 * row["error"], known


def test_later_editions_replace_earlier_ones_and_have_more(others: Home) -> None:
    truth = json.loads((others.path / "reports" / "truth_xbb.json").read_text(encoding="utf-8"))
    editions: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for known in truth["revisions"]:
        editions[known["year"]].append(known)
    current = others.rows(
        "SELECT year(occurrence_date) AS y, count(*) AS n FROM core.death WHERE source_id = 'xbb_deaths' GROUP BY 1"
    )
    assert {row["y"]: row["n"] for row in current} == {y: e[-1]["known"] for y, e in editions.items()}
    assert sorted(editions) == [2019, 2020, 2021, 2022, 2023]
    for known in editions.values():
        assert [k["known"] for k in known] == sorted({k["known"] for k in known}), (
            "each has more than the one before"
        )
        assert known[0]["known"] < 0.95 * known[-1]["finally_known"]


def test_one_municipality_split_in_two_and_records_follow(others: Home) -> None:
    changes = others.rows("SELECT from_code, to_code, share FROM core.area_change ORDER BY to_code")
    assert [tuple(row.values()) for row in changes] == [
        ("XBB-02003", "XBB-02006", 0.65),
        ("XBB-02003", "XBB-02007", 0.35),
    ]
    cases = others.rows(
        """SELECT boundary_version, occurrence_municipality AS code, min(occurrence_date) AS first,
            max(occurrence_date) AS last FROM core.incident
        WHERE occurrence_municipality IN ('XBB-02003', 'XBB-02006', 'XBB-02007') AND source_id = 'xbb_police_cases'
        GROUP BY ALL ORDER BY code"""
    )
    assert [(row["boundary_version"], row["code"]) for row in cases] == [
        ("XBB-2018", "XBB-02003"),
        ("XBB-2022", "XBB-02006"),
        ("XBB-2022", "XBB-02007"),
    ]
    assert str(cases[0]["last"]) < "2022-01-01" <= str(min(cases[1]["first"], cases[2]["first"]))
    levels = others.rows(
        """SELECT left(area_code, 3) AS country, area_level::VARCHAR AS level, count(*) AS n FROM core.area
        WHERE valid_to IS NULL GROUP BY ALL ORDER BY ALL"""
    )
    assert [tuple(row.values()) for row in levels] == [
        ("XBB", "declared_area", 7),
        ("XBB", "first_level", 5),
        ("XBB", "municipality", 12),
        ("XCC", "declared_area", 5),
        ("XCC", "first_level", 5),
    ]


def test_programmes_have_the_effect_that_is_known_and_none_where_there_is_none(demo: Home) -> None:
    """Difference in differences of the monthly files for robbery, treated against comparison areas."""
    truth = json.loads((demo.path / "reports" / "truth.json").read_text(encoding="utf-8"))
    assert [known["effect"] for known in truth["effects"]] == [-30, 0]
    page = (ROOT / "docs" / "how-to" / "try-the-sample-countries.md").read_text(encoding="utf-8")
    for known in truth["effects"]:
        (carrier,) = known["sources"]
        assert f"(`{carrier}`)" in page.partition("## See the effect of a programme")[2].partition("```")[0]
        rows = demo.rows(
            f"""SELECT arm::VARCHAR AS arm, occurrence_date >= a.start_date AS later, sum(count) AS n,
                count(DISTINCT occurrence_date) AS months
            FROM core.programme_area AS a JOIN core.incident AS i
            ON i.occurrence_municipality = a.jurisdiction_municipality
                AND i.occurrence_first_level = a.jurisdiction_first_level
            WHERE a.programme_code = '{known["programme"]}' AND i.source_id = '{carrier}'
                AND i.iccs::VARCHAR LIKE '0401%'
                -- the months of which one of the areas was not reported are in neither
                AND occurrence_date NOT IN (DATE '2022-09-01', DATE '2023-03-01', DATE '2023-04-01')
            GROUP BY ALL"""
        )
        monthly = {(row["arm"], row["later"]): row["n"] / row["months"] for row in rows}
        ratio = (
            monthly["treated", True]
            / monthly["treated", False]
            / (monthly["comparison", True] / monthly["comparison", False])
        )
        # a file counts by chance half to one and a half times: the error of a logarithm of a ratio is about a twentieth
        assert abs(math.log(ratio) - math.log(1 + known["effect"] / 100)) < 0.15, (known["programme"], ratio)
        beside = monthly["buffer", True] / monthly["buffer", False]
        assert abs(math.log(beside)) < 0.25


def test_a_country_that_does_not_exist_is_told(tmp_path: Any) -> None:
    told = Home(tmp_path / "var").run("demo", "--country", "XAB", status=2).stderr
    assert "there is no sample country 'XAB'" in told
    assert "XAA" in told

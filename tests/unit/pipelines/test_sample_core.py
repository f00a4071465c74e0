"""The core of XAA: the same bytes everywhere, files as providers send them, and a truth that adds up."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.sample_countries import DeliveryTruth, Truth, write_deliveries
from pipelines.sample_countries import plan as numbering
from pipelines.sample_countries.faults import PERIOD, Fault, slot
from pipelines.sample_countries.xaa import deaths, files, population, victims
from pipelines.sample_countries.xaa import victim_lists as lists
from schemas import codelists, staging
from sources.kit import discovery, landing, stage

#: SHA-256 of everything that is written at scale 1; it changes only when the sample country is changed on purpose.
WRITTEN = "4b5ada303ce6b13c9041897e293e79a73872a9ac55d3a0a57fa17f241e5d0bd7"
FIRST_LEVELS = [f"XAA-0{n}" for n in range(1, 6)]
POLICE_COLUMNS = 23


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of deliveries at scale 1."""
    path = tmp_path_factory.mktemp("sample")
    write_deliveries(path, further=False)
    return path


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, object]:
    """The truth as written beside the deliveries."""
    loaded: dict[str, object] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """The truth as returned."""
    return write_deliveries(tmp_path_factory.mktemp("again"), further=False)


def _rows(path: Path, encoding: str, delimiter: str = ",") -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as handle:
        yield from csv.reader(handle, delimiter=delimiter)


def _police(folder: Path, edition: victims.Edition) -> list[dict[str, str]]:
    header, *rows = _rows(folder / victims.SOURCE / edition.file_name, "latin-1")
    return [dict(zip(header, row, strict=True)) for row in rows if len(row) == POLICE_COLUMNS]


def test_the_same_scale_gives_the_same_bytes(folder: Path) -> None:
    assert _digest(folder) == WRITTEN


def test_threads_do_not_change_the_bytes(tmp_path: Path) -> None:
    written = []
    for threads in (1, 4):
        path = tmp_path / f"{threads}.csv"
        with duckdb.connect(config={"threads": threads}) as connection:
            victims.plan(connection, "p", victims.EDITIONS[0], 300_000)
            victims.write(connection, "p", victims.EDITIONS[0], path)
        written.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert written[0] == written[1]


def test_files_are_where_the_truth_says(folder: Path, truth: dict[str, object], known: Truth) -> None:
    deliveries = truth["deliveries"]
    assert isinstance(deliveries, list)
    named = {f"{d['source_id']}/{d['file']}" for d in deliveries}
    assert {p.relative_to(folder).as_posix() for p in _files(folder)} == named | {"truth.json"}
    assert len(deliveries) == len(known.deliveries) == 12
    assert truth["scale"] == 1


def test_scale_multiplies_victims_and_deaths_only(tmp_path: Path, known: Truth) -> None:
    twice = write_deliveries(tmp_path, scale=2, further=False)
    for one, two in zip(known.deliveries, twice.deliveries, strict=True):
        assert (one.source_id, one.file) == (two.source_id, two.file)
        grows = one.source_id in (victims.SOURCE, deaths.SOURCE)
        # the corrected edition adds and withdraws as many rows at every scale
        assert two.rows_delivered == one.rows_delivered + (
            {victims.SOURCE: victims.ROWS_PER_YEAR, deaths.SOURCE: deaths.ROWS_PER_YEAR}[one.source_id]
            if grows
            else 0
        )


def test_accounts_close(known: Truth) -> None:
    for d in known.deliveries:
        assert d.rows_delivered == d.rows_unreadable + sum(d.rows_excluded.values()) + d.rows_mapped, d.file
        excluded = sum(d.records_excluded.values())
        assert d.records_made == d.records_loaded + d.records_quarantined + excluded, d.file
        assert sum(d.rules.values()) >= d.records_quarantined > 0, d.file
        assert d.records_loaded > d.records_quarantined, d.file


def test_police_files_are_latin_1_with_crlf_and_every_trap(folder: Path) -> None:
    raw = (folder / victims.SOURCE / victims.EDITIONS[0].file_name).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert raw.startswith(b"FOLIO,FECHA_HECHO,") and raw.endswith(b"\r\n") and b"\r\n" in raw
    assert b"\0" not in raw and b"\x01" not in raw
    header, *rows = _rows(folder / victims.SOURCE / victims.EDITIONS[0].file_name, "latin-1")
    assert len(header) == POLICE_COLUMNS
    assert Counter(map(len, rows)) == {POLICE_COLUMNS: 11_997, POLICE_COLUMNS + 1: 3}
    assert any("\n" in cell for row in rows for cell in row), "a line break inside quotes"


@pytest.mark.parametrize(
    ("column", "bad", "rows"),
    [
        ("SEXO", "X", 3),
        ("LUGAR", "LUNA", 3),
        ("EDAD", "999", 3),
        ("FOLIO", "", 3),
        ("CVE_MUN", "1001", 3),
        ("LON", "x", 3),
    ],
)
def test_faults_stand_in_the_file(folder: Path, column: str, bad: str, rows: int) -> None:
    assert sum(row[column] == bad for row in _police(folder, victims.EDITIONS[0])) == rows


def test_folios_repeat_as_planned(folder: Path) -> None:
    folios = Counter(row["FOLIO"] for row in _police(folder, victims.EDITIONS[0]) if row["FOLIO"])
    assert Counter(folios.values()) == {1: len(folios) - 6, 2: 6}, (
        "three identical pairs and three different ones"
    )


def test_the_corrected_edition_changes_a_few_dozen_rows(folder: Path) -> None:
    first, second = (
        {row["FOLIO"]: row for row in _police(folder, edition)} for edition in victims.EDITIONS[1:3]
    )
    changed = [folio for folio in first.keys() & second.keys() if first[folio] != second[folio]]
    assert 30 <= len(changed) <= 60
    assert len(second.keys() - first.keys()) == victims.LATE_ROWS
    assert 10 <= len(first.keys() - second.keys()) <= 20
    moved = [f for f in changed if first[f]["FECHA_HECHO"][3:5] != second[f]["FECHA_HECHO"][3:5]]
    assert moved, "a date that moves to another month changes two slices"


def test_homicides_of_the_file_are_those_of_the_truth(folder: Path, known: Truth) -> None:
    """Counted in Python over the good rows of a file: rows without a planted value, by their labels."""
    edition = victims.EDITIONS[0]
    planted = _planted_numbers(lists.FAULTS, victims.ROWS_PER_YEAR)
    homicides: Counter[tuple[str, str]] = Counter()
    header, *rows = _rows(folder / victims.SOURCE / edition.file_name, "latin-1")
    for number, cells in enumerate(rows):
        row = dict(zip(header, cells, strict=False))
        if (
            number not in planted
            and row["DELITO"] in ("HOMICIDIO DOLOSO", "FEMINICIDIO")
            and row["TENTATIVA"] == "NO"
        ):
            homicides[f"{row['FECHA_HECHO'][6:]}-{row['FECHA_HECHO'][3:5]}", row["CVE_MUN"][:2]] += 1
    expected = {
        (cell[3], "" if cell[1] == "XAA" else str(cell[1])[4:]): cell[10]
        for cell in known.cells
        if cell[0] == "homicide_rate_police"
        and cell[2] == "M"
        and str(cell[3])[:4] == "2021"
        and _total(cell)
    }
    assert sum(homicides.values()) > 200
    for (month, area), n in homicides.items():
        assert area == "99" or expected[month, area] == n
    for month in {month for month, _ in homicides}:
        assert expected[month, ""] == sum(n for (m, _), n in homicides.items() if m == month), (
            "the unknown place counts"
        )


def _planted_numbers(faults: tuple[Fault, ...], rows: int) -> set[int]:
    """Numbers of the rows that must not load: planted ones, and rows whose folio the next one has."""
    step = slot(faults)
    numbers = set()
    for start in range(0, rows, PERIOD):
        for kind, fault in enumerate(faults):
            number = start + (kind + 1) * step - 1
            if fault.rules or fault.unreadable or fault.repeats:
                numbers.add(number)
            if fault.repeats == "key":
                numbers.add(number - 1)
    return numbers


def _total(cell: tuple[object, ...]) -> bool:
    return set(cell[4:10]) == {"_T"}


def _sum(known: Truth, indicator: str, area: str, period: str, **codes: str) -> int:
    """Sum of the cells of one breakdown; the other dimensions are totals."""
    names = ("sex", "age", "mechanism", "relationship", "context", "urbanisation")
    total = 0
    for cell in known.cells:
        if (cell[0], cell[1], cell[3]) != (indicator, area, period):
            continue
        values = dict(zip(names, map(str, cell[4:10]), strict=True))
        if all(
            (values[n] != "_T") if codes.get(n) == "*" else values[n] == codes.get(n, "_T") for n in names
        ):
            total += 0 if values["age"] == "Y15T29" else int(cell[10] or 0)
    return total


def test_breakdowns_add_up_to_totals(known: Truth) -> None:
    indicator = "homicide_rate_police"
    for area, period in (("XAA", "2021"), ("XAA-01", "2022"), ("XAA", "2023-05")):
        total = _sum(known, indicator, area, period)
        assert total > 0
        for dimension in ("sex", "age", "mechanism", "relationship", "context", "urbanisation"):
            assert _sum(known, indicator, area, period, **{dimension: "*"}) == total, dimension
            if dimension in ("age", "mechanism", "relationship"):
                assert _sum(known, indicator, area, period, sex="*", **{dimension: "*"}) == total, dimension
        if len(period) == 4:
            assert sum(_sum(known, indicator, area, f"{period}-{m:02d}") for m in range(1, 13)) == total
    areas = sum(_sum(known, indicator, area, "2021") for area in FIRST_LEVELS)
    assert areas < _sum(known, indicator, "XAA", "2021"), "some places are unknown"


def test_reported_says_which_cells_may_have_a_rate(known: Truth) -> None:
    reported = {(c[0], c[1], c[3]): c[12] for c in known.cells if _total(c)}
    assert reported["homicide_rate_police", "XAA", "2023"] == "partial"
    assert reported["homicide_rate_police", "XAA-03", "2023-12"] == "missing"
    assert reported["homicide_rate_police", "XAA", "2022"] == "complete"
    assert reported["homicide_files_rate", "XAA-04", "2022-09"] == "missing"
    assert reported["homicide_files_rate", "XAA", "2022-09"] == "partial"
    assert reported["robbery_rate", "XAA-01", "2022"] == "complete"
    assert reported["homicide_rate_health", "XAA", "2023"] == "complete"


def test_rates_are_plausible(known: Truth) -> None:
    rates = {
        c[0]: 100_000 * float(c[10] or 0) / float(c[11] or 1)
        for c in known.cells
        if _total(c) and (c[1], c[3]) == ("XAA", "2021")
    }
    assert all(
        10 < rates[i] < 20 for i in ("homicide_rate_police", "homicide_files_rate", "homicide_rate_health")
    )
    assert 200 < rates["robbery_rate"] < 600


def test_denominators(folder: Path, known: Truth) -> None:
    persons: Counter[tuple[str, str]] = Counter()
    for year, municipality, _, age, count in list(
        _rows(folder / population.SOURCE / population.FILE, "utf-8")
    )[1:]:
        if municipality not in (population.NOWHERE, "01098", "1099", "TOTAL") and age.rstrip("+").isdigit():
            persons[year, municipality[:2]] += int(count)
    # the first row stands twice in the file
    persons["2020", "01"] -= int(
        next(iter(list(_rows(folder / population.SOURCE / population.FILE, "utf-8"))[1:]))[4]
    )
    cells = {(c[1], c[3]): c[11] for c in known.cells if c[0] == "homicide_rate_health" and _total(c)}
    nation = {year: sum(n for (y, _), n in persons.items() if y == year) for year in ("2020", "2021", "2022")}
    assert cells["XAA", "2022"] == nation["2022"] and 2_000_000 < nation["2022"] < 2_200_000
    assert cells["XAA-05", "2021"] == persons["2021", "05"]
    # 15.5 days of January after 184 of the second half of 2020, of 365
    assert cells["XAA", "2021-01"] == pytest.approx(
        nation["2020"] + (nation["2021"] - nation["2020"]) * (184 + 15.5) / 365, rel=1e-12
    )
    unknown = [c for c in known.cells if "_U" in (c[4], c[5])]
    assert unknown and all(c[11] is None for c in unknown)
    assert all(c[11] for c in known.cells if "_U" not in (c[4], c[5]))


@pytest.mark.parametrize(("planting", "loaded", "quarantined"), [("none", 9_000, 0), ("all", 0, 9_000)])
def test_files_for_measuring(tmp_path: Path, planting: str, loaded: int, quarantined: int) -> None:
    counted = victims.write_file(tmp_path / "v.csv", 9_000, planting=planting)  # type: ignore[arg-type]
    assert (counted.delivered, counted.loaded, counted.quarantined) == (9_000, loaded, quarantined)
    assert len(list(_rows(tmp_path / "v.csv", "latin-1"))) == 9_001


def test_draws_end_with_their_digits() -> None:
    draws = numbering.Draws("a")
    for _ in range(4):
        draws.below(10**4)
    with pytest.raises(ValueError, match="no digits left"):
        draws.below(10**4)


def test_the_declared_tables_say_what_the_plan_says() -> None:
    police = {(o.label, o.attempt): o.iccs for o in lists.OFFENCES}
    assert police == _table(victims.SOURCE, "DELITO", "TENTATIVA")
    assert {(o.label, o.modality): o.iccs for o in files.OFFENCES} == _table(
        files.SOURCE, "DELITO", "MODALIDAD"
    )
    for name, codes in (
        ("sex", lists.SEXES),
        ("mechanism", lists.MECHANISMS),
        ("relationship", lists.RELATIONSHIPS),
        ("context", lists.CONTEXTS),
        ("urbanisation", lists.ZONES),
    ):
        assert set(codes.values()) <= set(codelists.load(name).codes), name


def _table(source_id: str, *labels: str) -> dict[tuple[str, ...], str]:
    path = discovery.folders()[source_id] / "offences.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {tuple(row[label] for label in labels): row["code"] for row in csv.DictReader(handle)}


def _judged(folder: Path, delivery: DeliveryTruth, work: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Numbers and broken rules as the sources' kit finds them."""
    source = discovery.load(delivery.source_id)
    landed = landing.land(folder / delivery.source_id / delivery.file, work, source.id)
    with duckdb.connect() as connection:
        found = stage.stage(connection, source, landed, areas=FIRST_LEVELS, key=None, salt=7, work=work)
        counted = connection.execute(
            f"""SELECT CASE WHEN exclusion IS NOT NULL THEN exclusion WHEN broken <> 0 THEN 'quarantined'
            ELSE 'loaded' END, count(*) FROM {staging.TABLE} GROUP BY 1"""
        ).fetchall()
        rules = {}
        for bit, rule in enumerate(found.rules):
            n = connection.execute(
                f"SELECT count(*) FROM {staging.TABLE} WHERE exclusion IS NULL AND (broken >> {bit}) & 1 = 1"
            ).fetchall()[0][0]
            if n:
                rules[rule.code] = n
    numbers = {"delivered": found.rows_delivered, "unreadable": found.rows_unreadable, **dict(counted)}
    return numbers, dict(sorted(rules.items()))


def test_the_kit_judges_every_delivery_as_the_truth_says(folder: Path, known: Truth, tmp_path: Path) -> None:
    for delivery in known.deliveries:
        numbers, rules = _judged(folder, delivery, tmp_path)
        assert rules == dict(delivery.rules), delivery.file
        assert numbers == {
            "delivered": delivery.rows_delivered,
            "unreadable": delivery.rows_unreadable,
            "loaded": delivery.records_loaded,
            "quarantined": delivery.records_quarantined,
            **delivery.records_excluded,
        }, delivery.file

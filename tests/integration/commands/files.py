"""Small files as the sample country's institutions send them, and the same files spoilt."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sample_countries.xaa import population, victims
from tests.architecture.tree import ROOT

POLICE = victims.SOURCE
ENCODING = "latin-1"
#: Editions of the small police file of 2022: in the seed, and later than it.
FIRST, LATER, LATEST = (date(2023, 2, 15), date(2023, 6, 1), date(2023, 9, 1))
ROWS = 400

Table = list[list[str]]


def police_name(edition: date, year: int = 2022) -> str:
    """Name of a police file of a whole year."""
    return victims.Edition(year, edition).file_name


@dataclass(frozen=True)
class Samples:
    """The good files."""

    areas: Path
    population: Path
    police: Path

    @classmethod
    def write(cls, folder: Path) -> Samples:
        """Write them into a folder."""
        areas = folder / population.AREA_FILE
        people = folder / population.FILE
        police = folder / police_name(FIRST)
        with duckdb.connect(config={"threads": 1}) as connection:
            population.write_areas(connection, areas)
            population.plan(connection)
            population.write(connection, people)
        victims.write_file(police, ROWS, planting="none", edition=victims.Edition(2022, FIRST))
        return cls(areas, people, police)


def read(path: Path) -> Table:
    """Header and rows of a police file."""
    with path.open(encoding=ENCODING, newline="") as handle:
        return list(csv.reader(handle))


def write(path: Path, table: Sequence[Sequence[str]]) -> Path:
    """Write header and rows as the police do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=ENCODING, newline="") as handle:
        csv.writer(handle, lineterminator="\r\n").writerows(table)
    return path


def with_values(table: Table, column: str, value: str, rows: slice = slice(None)) -> Table:
    """The table with one value in a column of some rows (0 = first after the header)."""
    header, *records = [list(row) for row in table]
    place = header.index(column)
    for record in records[rows]:
        record[place] = value
    return [header, *records]


def outside(folder: Path, *, demo: bool) -> Path:
    """A directory with a source of one's own: the police under another name, made-up data or not."""
    target = folder / "own sources" / "own_police"
    shutil.copytree(ROOT / "sources" / POLICE, target)
    text = (target / "source.yml").read_text(encoding="utf-8")
    text = re.sub("^id: .*", "id: own_police", text, flags=re.MULTILINE)
    text = text if demo else text.replace("demo: true", "demo: false")
    (target / "source.yml").write_text(text, encoding="utf-8")
    return target.parent

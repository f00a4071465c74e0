"""The report as data: the one thing that its page, workbook and document say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.declaration import Declared

#: Version of the form; a change that a reader would notice makes a new one.
VERSION = 1

Outcome = Literal["accepted", "accepted_in_part", "nothing_accepted", "refused"]
Severity = Literal["quarantine", "warning", "refusal"]
Place = Literal["line", "row", "record"]


class Position(Declared):
    """Where a problem stands, as the provider sees it."""

    record: int
    """Number of the record, 1 for the first below the header."""
    place: Place
    """What number says: a line of a text file, a row of a sheet, or the record itself."""
    number: int
    """Line, row or record."""
    sheet: str = ""
    """Name of the sheet, of a workbook."""
    columns: list[str] = []
    """The columns that the problem is about in this record."""
    values: dict[str, str | None] = {}
    """What stands in them; only of columns that are declared open."""


class Code(Declared):
    """A code or label that is in no list, with the number of records that have it."""

    value: str
    """The code as it stands in the file."""
    records: int
    """How many records have it."""


class Problem(Declared):
    """One kind of problem: a rule, broken by the records of one column or of several."""

    id: str
    """Stable name: source, rule and columns. The same problem has the same one in every report."""
    rule: str
    """Code of the rule."""
    severity: Severity
    """quarantine: such records are not loaded; warning: they are; refusal: the whole file is not."""
    columns: list[str]
    """The provider's own columns that the rule reads; none where it is about the whole file."""
    records: int
    """How many records break it."""
    share: float
    """Their share of the records, from 0 to 1."""
    message: str
    """What is wrong."""
    mend: str
    """What to do about it."""
    positions: list[Position] = []
    """The first places where it stands."""
    codes: list[Code] = []
    """Unknown codes, most frequent first."""


class Total(Declared):
    """A total that the file states, beside the sum of its rows."""

    name: str
    """Under which reason the row of the total is left out."""
    stated: float
    """What the file says."""
    found: float
    """What its rows add up to."""


class Refused(Declared):
    """Why a file was not read, or not taken in, as a whole."""

    code: str
    """Stable name of the reason."""
    what: str
    """What is wrong."""
    where: str
    """File, sheet, line, record or byte."""
    mend: str
    """What to do about it."""
    missing: list[str] = []
    """Columns that are declared and not in the file."""
    added: list[str] = []
    """Columns that are in the file and not declared."""


class Rows(Declared):
    """What became of the rows and records of a file."""

    delivered: int = 0
    """Rows below the header."""
    unreadable: int = 0
    """Rows that cannot be split into columns."""
    left_out: dict[str, int] = {}
    """Rows that are no records, by reason."""
    records: int = 0
    """Records made of the others."""
    good: int = 0
    """Records that would be loaded."""
    quarantined: int = 0
    """Records that would not, each for one problem at least."""
    excluded: int = 0
    """Records left out, such as empty cells and repetitions."""
    equal: int = 0
    """Rows equal to an earlier one, where the source has no key."""


class Report(Declared):
    """What a provider is told about one file."""

    version: int = VERSION
    """Version of this form."""
    source: str
    """Name of the source."""
    title: str
    """What the source is."""
    provider: str
    """Who answers for the data."""
    file: str
    """Name of the file."""
    sha256: str
    """Hash of its bytes, by which it is the same file or another."""
    language: Literal["es", "en", "pt"]
    """Language of the texts."""
    outcome: Outcome
    """What would become of the file."""
    edition: str = ""
    """Date of its edition, where it says one."""
    period: list[str] = Field(default=[], max_length=2)
    """First and last day that it covers, where it says so."""
    rows: Rows = Rows()
    """What became of its rows."""
    totals: list[Total] = []
    """Totals that it states."""
    problems: list[Problem] = []
    """What is wrong with records, most frequent first."""
    refused: Refused | None = None
    """Why it was refused, if it was."""

    @property
    def places(self) -> list[tuple[Problem, Position]]:
        """Every position with its problem."""
        return [(problem, position) for problem in self.problems for position in problem.positions]

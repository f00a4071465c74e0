"""How a text file with separated columns is read: encoding, delimiter, quotes, header, footer."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.errors import Refusal
from sources.kit.forms import Header
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import csv_file, header_rows
from sources.kit.scaffold import grid

#: Bytes at the start and end of a file that are looked at, and rows of them.
HEAD, TAIL, ROWS = 1 << 18, 1 << 15, 400
_DELIMITERS = (",", ";", "\t", "|")
#: What old systems put behind the last line.
_END_MARK = "\x1a"
_CALLED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
#: Letters of Spanish, Portuguese and French, which decide between encodings that all can read the bytes.
_LETTERS = set("áéíóúüñçãõâêôàèëîïùûœÁÉÍÓÚÜÑÇÃÕÂÊÔÀÈËÎÏÙÛŒªº°¿¡")
#: What nobody writes: small letters and capitals mixed around a letter with an accent, one after a digit.
_UNWRITTEN = re.compile(r"[a-zß-öø-ÿ][À-ÖØ-Þ]|[ß-öø-ÿ][A-Z]|[A-Z][À-ÖØ-Þ][a-z]|\d[À-ÖØ-öø-ÿ]")
_PYTHON = {"utf-8": "utf-8-sig", "latin-1": "latin-1", "mac-roman": "mac_roman"}


def found(landed: Landed) -> Any:
    """How a text file is read, as ``form.Found``.

    Raises:
        Refusal: It has no header, or its columns stand at fixed places.
    """
    from sources.kit.scaffold.form import Found

    encoding = _encoding(landed)
    with landed.path.open("rb") as handle:
        start = handle.read(HEAD)
        handle.seek(max(0, landed.seen.size - TAIL))
        end = handle.read()
    text = _decoded(start, encoding, whole=landed.seen.size <= HEAD).rstrip(_END_MARK)
    first, _, rest = text.partition("\n")
    told = csv_file.names_separator(first)
    delimiter, quote, rows = _separated(rest if told else text)
    if told:
        delimiter, rows = told, _rows(rest, told, quote, ROWS)
    if delimiter is None:
        _require_one_column(text, landed.name)
        delimiter = ","
    head = grid.head(rows)
    if head is None:
        raise Refusal(
            "the file has no row of names above its data",
            where=landed.name,
            how="ask the provider for the names of the columns and write them into the first line "
            "(a header is what notices when a column is added, moved or lost)",
            code="no_header",
        )
    words: dict[str, Any] = {"format": "csv"}
    if encoding != "utf-8":
        words["encoding"] = encoding
    if delimiter != ",":
        words["delimiter"] = _CALLED.get(delimiter, delimiter)
    if quote != '"':
        words["quote"] = quote
    header = _header(head)
    if header:
        words["header"] = header
    # the rows of the end are not cut in the middle but for the first
    under = _decoded(end, encoding, whole=True).rstrip(_END_MARK).partition("\n")[2]
    last = _rows(under, delimiter, quote)[-60:]
    below: list[str] = []
    if footers := grid.footers(last, len(head.rows[-1])):
        words["footer"] = footers
        below = [" ".join(c for c in row if c.strip()) for row in last if len(row) < len(head.rows[-1])]
    if _short(rows[head.body :], len(head.rows[-1])):
        words["short_rows"] = True
    if any(cell.startswith('="') for row in rows for cell in row):
        words["formula_text"] = True
    form = Header.model_validate(header) if header else header_rows.FIRST_ROW
    built = header_rows.built(head.rows, form)
    width = max((len(r) for r in rows[head.body : head.body + 1]), default=len(built))
    names = header_rows.without_empty_end(built, width)
    return Found(words, tuple(names), titles=(*head.above, *(b[:400] for b in below)))


def _header(head: grid.Head) -> Mapping[str, Any]:
    said: dict[str, Any] = {}
    if head.above or len(head.rows) > 1:
        said["contains"] = list(head.telling)
    if len(head.rows) > 1:
        said["rows"] = len(head.rows)
    if head.unnamed:
        said["unnamed"] = dict(head.unnamed)
    return said


def _encoding(landed: Landed) -> str:
    seen = landed.seen
    if seen.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if seen.not_utf8_at is None:
        return "utf-8"
    with landed.path.open("rb") as handle:
        handle.seek(max(0, seen.not_utf8_at - 2000))
        around = handle.read(HEAD)
    return _likeliest(around, seen)


def _likeliest(around: bytes, seen: Bytes) -> str:
    """The encoding in which most bytes beyond ASCII are letters of our languages."""
    candidates = ("latin-1", "cp1252", "mac-roman", "cp850") if seen.beyond_latin else ("latin-1", "cp850")

    def score(encoding: str) -> int:
        text = around.decode(_PYTHON.get(encoding, encoding), errors="ignore")
        return sum(c in _LETTERS for c in text if not c.isascii()) - 2 * len(_UNWRITTEN.findall(text))

    # Latin-1 has no sign for the bytes that Windows uses
    best = max(candidates, key=lambda e: (score(e), e == "cp1252" and bool(seen.beyond_latin)))
    return "cp1252" if best == "latin-1" and seen.beyond_latin else best


def _decoded(content: bytes, encoding: str, *, whole: bool) -> str:
    text = content.decode(_PYTHON.get(encoding, encoding), errors="replace")
    return text if whole or "\n" not in text else text[: text.rindex("\n") + 1]


def _rows(text: str, delimiter: str, quote: str, limit: int | None = None) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    quoting: Any = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote or None, quoting=quoting)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if limit and len(rows) == limit:
                break
    except csv.Error:
        pass  # a field longer than any: what came before it is judged
    return rows


def _separated(text: str) -> tuple[str | None, str, list[list[str]]]:
    """The delimiter that splits most rows into one number of columns, the sign around texts, and the rows."""
    best: tuple[float, str | None, str, list[list[str]]] = (0.0, None, '"', _rows(text, ",", '"', ROWS))
    for quote in ('"', ""):
        for delimiter in _DELIMITERS:
            rows = [row for row in _rows(text, delimiter, quote, ROWS) if row]
            width, share = _regular(rows)
            # a quote that is never closed swallows the rows after it
            lines = min(text.count("\n") + 1, ROWS)
            lost = quote and len(rows) < 0.2 * lines
            score = 0.0 if width < 2 or lost else share * (1 + width / 1000)
            if score > best[0] * (1.3 if not quote else 1.0):
                best = (score, delimiter, quote, rows)
    return best[1], best[2], best[3]


def _regular(rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    """The most frequent number of columns, and how many of the rows have it."""
    counted = Counter(len(row) for row in rows)
    if not counted:
        return 0, 0.0
    several = {n: c for n, c in counted.items() if n > 1} or counted
    width = max(several, key=lambda n: several[n] * n)
    return width, several[width] / len(rows)


def _short(body: Sequence[Sequence[str]], width: int) -> bool:
    """Whether rows end before the last columns, as some systems leave blank ones out."""
    full = [row for row in body if row]
    short = [row for row in full if 1 < len(row) < width]
    return bool(full) and len(short) > 0.02 * len(full)


def _require_one_column(text: str, name: str) -> None:
    """Refuse text whose columns stand at fixed places, which nothing in the file tells."""
    lines = [line for line in text.splitlines()[:ROWS] if line.strip()]
    alike = Counter(map(len, lines)).most_common(1)
    if not lines or (len(lines) > 1 and alike[0][0] > 12 and alike[0][1] > 0.8 * len(lines)):
        raise Refusal(
            "the lines have no sign between columns and are all of one length: the columns stand at fixed places, "
            "which the file does not tell",
            where=name,
            how="ask the provider for the file's dictionary, and declare file: {format: fixed_width, fields: ...} by "
            "hand (docs/reference/source-yml.md, file formats)",
            code="fixed_width",
        )

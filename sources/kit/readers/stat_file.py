"""SPSS (sav, zsav, por) and Stata (dta), read a part at a time by pyreadstat.

Numbers, dates and times are turned into text by DuckDB. A value that has a label arrives as its code or as the label,
as declared; a value that the file calls missing is empty, or is kept as declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from schemas import sql
from schemas.errors import Refusal
from sources.kit.forms import SpssForm, StataForm
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import arrow_rows, as_text, kind
from sources.kit.readers import header as header_rules
from sources.kit.readers.arrow_rows import OpenedRows
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that are read at a time.
ROWS = 20_000
_CALLED = {"spss": "an SPSS file", "stata": "a Stata file"}
#: How the last part of a Stata file ends since version 13.
_STATA_END = b"</stata_dta>"

#: SQL of the texts of dates and times, by how their formats begin; {x} is the number that stands in the file.
#: SPSS counts seconds since the first day of the Gregorian calendar, Stata days, milliseconds or months since 1960.
_SPSS_TIMES = {
    ("DATETIME", "YMDHMS"): "make_timestamp(((round({x}, 3) - 12219379200) * 1000000)::BIGINT)",
    ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "MOYR", "QYR", "WKYR"): (
        "DATE '1582-10-14' + floor({x} / 86400)::INTEGER"
    ),
    ("TIME", "DTIME", "MTIME"): (
        "format('{{:02d}}:{{:02d}}:{{:02d}}', floor({x} / 3600)::BIGINT, floor({x} / 60 % 60)::BIGINT, "
        "floor({x} % 60)::BIGINT)"
    ),
}
_STATA_TIMES = {
    ("%tc", "%tC"): "make_timestamp((({x} / 1000 - 315619200) * 1000000)::BIGINT)",
    ("%tm",): "strftime(DATE '1960-01-01' + to_months({x}::INTEGER), '%Y-%m')",
    ("%td", "%d"): "DATE '1960-01-01' + {x}::INTEGER",
}

Read = Callable[..., tuple[dict[str, list[Any]], Any]]


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a statistical file."""
    return kind.known(seen) in (*_CALLED, None)


def names(landed: Landed, table: Table, work: Workspace) -> tuple[str, ...]:
    """The names of all variables.

    Raises:
        Refusal: It is no such file, is locked or cut.
    """
    return tuple(_meta(landed, cast(SpssForm | StataForm, table.file), work).column_names)


def _meta(landed: Landed, form: SpssForm | StataForm, work: Workspace) -> Any:
    called = _CALLED[form.format]
    kind.require(landed.seen, form.format, called, landed.name)
    read = _reader(landed, form)
    return work.once(
        (landed.sha256, form.encoding), lambda: _part(read, landed.name, called, metadataonly=True)[1]
    )


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRows:
    """Look at the variables of a file.

    Raises:
        Refusal: It is no such file, is locked or cut, or its variables have drifted.
    """
    import pyarrow as pa

    form = cast(SpssForm | StataForm, table.file)
    called = _CALLED[form.format]
    meta = _meta(landed, form, work)
    read = _reader(landed, form)
    places = header_rules.positions(meta.column_names, table, landed.name)
    names = [meta.column_names[place] for place in places.values()]
    columns = {name: f"c{place}" for name, place in places.items()}
    texts, types, letters = [], [], _keeps_letters(form)
    for name, column in zip(names, columns.values(), strict=True):
        stored = str(meta.original_variable_types[name])
        is_text = meta.readstat_variable_types[name] == "string"
        types.append(pa.string() if is_text or letters else pa.float64())
        if is_text:
            value = f"nullif({column}, '')"
        elif letters:
            value = f"coalesce({_number(f'TRY_CAST({column} AS DOUBLE)', stored, form)}, {column})"
        else:
            value = _number(column, stored, form)
        labels = meta.variable_value_labels.get(name, {}) if form.labels else {}
        texts.append(f"{_labelled(value, labels)} AS {column}")
    schema = pa.schema(list(zip(columns.values(), types, strict=True)))

    def batches() -> Iterator[pa.RecordBatch]:
        for part in _parts(read, names, landed.name, called):
            values = [[_plain(v) for v in part[n]] if letters else part[n] for n in names]
            yield pa.record_batch([pa.array(v, t) for v, t in zip(values, types, strict=True)], schema=schema)

    return OpenedRows(columns, (), schema, batches, f"(SELECT {', '.join(texts)} FROM {arrow_rows.NAME})")


def _keeps_letters(form: SpssForm | StataForm) -> bool:
    """Whether numbers may have letters among them: by .a to .z Stata tells apart why a value is missing."""
    return form.format == "stata" and form.user_missing == "kept"


def _reader(landed: Landed, form: SpssForm | StataForm) -> Read:
    """What reads the file; the bytes say which kind of SPSS file it is.

    Raises:
        Refusal: It is locked, or none that is read.
    """
    import pyreadstat

    start = landed.seen.start
    options: dict[str, Any] = {"output_format": "dict", "disable_datetime_conversion": True}
    if form.encoding:
        options["encoding"] = form.encoding
    path = str(landed.path)
    if start.startswith(b"ENCRYPTEDSAV"):
        raise Refusal(
            "the SPSS file is locked with a password",
            where=landed.name,
            how="ask for it unlocked over a protected way; passwords are kept nowhere here",
            code="file_locked",
        )
    if form.format == "stata":
        if start.startswith(b"<stata_dta>") and not _ends(landed, _STATA_END):
            raise kind.damaged("a Stata file", landed.name)
        return partial(pyreadstat.read_dta, path, user_missing=form.user_missing == "kept", **options)
    if start.startswith((b"$FL2", b"$FL3")):
        return partial(pyreadstat.read_sav, path, user_missing=form.user_missing == "kept", **options)
    if b"SPSSPORT" not in start.replace(b"\r", b"").replace(b"\n", b""):
        raise kind.damaged("an SPSS file", landed.name)
    return partial(pyreadstat.read_por, path, **options)


def _ends(landed: Landed, end: bytes) -> bool:
    with landed.path.open("rb") as handle:
        handle.seek(max(0, landed.seen.size - len(end)))
        return handle.read() == end


def _part(read: Read, name: str, called: str, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    from pyreadstat import PyreadstatError, ReadstatError

    try:
        return read(**options)
    except UnicodeDecodeError:
        raise Refusal(
            "the texts of the file are in another encoding than it says",
            where=name,
            how="ask the provider which encoding it was saved in, and declare it under file: encoding",
            code="wrong_encoding",
        ) from None
    except (ReadstatError, PyreadstatError, OverflowError):
        # its message may print a name or a value
        raise kind.damaged(called, name) from None


def _parts(read: Read, names: Sequence[str], name: str, called: str) -> Iterator[Mapping[str, list[Any]]]:
    """The columns that are declared, some rows at a time."""
    done = 0
    while True:
        part, _ = _part(read, name, called, usecols=list(names), row_offset=done, row_limit=ROWS)
        count = len(part[names[0]])
        if count:
            yield part
        done += count
        if count < ROWS:
            return


def _number(column: str, stored: str, form: SpssForm | StataForm) -> str:
    """SQL for the text of a number, or of the date or time that its format says it is."""
    number = as_text.text_of("DOUBLE", column)
    for formats, time in (_SPSS_TIMES if form.format == "spss" else _STATA_TIMES).items():
        if str(stored).startswith(formats):
            value = time.format(x=column)
            moment = (
                as_text.text_of("TIMESTAMP", value) if "make_timestamp" in time else f"({value})::VARCHAR"
            )
            # what is outside the calendar stays the number that it is
            return f"coalesce(TRY({moment}), {number})"
    return number


def _labelled(value: str, labels: Mapping[Any, str]) -> str:
    """SQL for the label of a code; for the code where it has none."""
    if not labels:
        return value
    codes = sql.enum(_plain(code) or "" for code in labels)
    return f"coalesce(([{sql.texts(labels.values())}])[enum_code(TRY_CAST({value} AS {codes})) + 1], {value})"


def _plain(value: Any) -> str | None:
    """A code as text."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

"""The same dozen records as a file of every format, made by writers that are not ours."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLUMNS = ("clave", "fecha", "hora", "delito", "n", "peso", "nota")

_LABELS = ("Homicidio doloso", 'Daño "menor"; común', "Robo, sin violencia", "Extorsión")
_NOTES = (None, "x", "con acento: ñandú", "dos, y tres", None, "fin")
#: As a program holds them: codes are text with leading zeros, some values are missing.
RECORDS: tuple[tuple[Any, ...], ...] = tuple(
    (
        f"0{1 + i % 3}00{i % 10}",
        dt.date(2024, 1 + i % 12, 28 - i),
        None if i == 4 else i * 2 % 24,
        _LABELS[i % len(_LABELS)],
        None if i == 7 else i,
        (0.25, 3.0, -12.5, 99.125)[i % 4],
        _NOTES[i % len(_NOTES)],
    )
    for i in range(12)
)


def text(value: Any) -> str | None:
    """A value as a person reads it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)


#: What every reader must give.
TEXTS: tuple[tuple[str | None, ...], ...] = tuple(tuple(text(v) for v in r) for r in RECORDS)

TITLE = "Policía Nacional; edición del 31 de agosto de 2024"
FOOTER = "Fuente: registros de la Policía"

Write = Callable[[Path], None]


@dataclass(frozen=True)
class Golden:
    """One form of the file: what it is called, how it is declared, what makes it."""

    name: str
    form: Mapping[str, Any]
    write: Write
    layout: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=lambda: dict(zip(COLUMNS, COLUMNS, strict=True)))

    @property
    def id(self) -> str:
        words = (f"{k}={v}" for k, v in self.form.items() if k not in ("format", "fields"))
        return " ".join([self.name, *words])


def rows() -> list[list[str]]:
    return [list(COLUMNS), *([v or "" for v in r] for r in TEXTS)]


def csv_text(
    table: Sequence[Sequence[str]], delimiter: str = ",", quote: str = '"', end: str = "\r\n"
) -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter, quotechar=quote, lineterminator=end).writerows(table)
    return made.getvalue()


def put(content: bytes | str, encoding: str = "utf-8") -> Write:
    return lambda path: void(
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    )


def void(_: object) -> None:
    """Nothing: for writers that return how much they wrote."""


def _zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def _csv() -> list[Golden]:
    plain = csv_text(rows())
    encodings = ("utf-8", "utf-16", "latin-1", "cp1252", "iso-8859-15", "mac-roman", "cp850")
    made = [Golden("x.csv", {"format": "csv", "encoding": e}, put(plain, e)) for e in encodings]
    made.append(Golden("bom.csv", {"format": "csv"}, put("\ufeff" + plain)))
    for delimiter in (";", "\t", "|"):
        text_ = csv_text(rows(), delimiter, end="\n")
        made.append(Golden("x.csv", {"format": "csv", "delimiter": delimiter}, put(text_)))
    packed = {
        "x.csv.gz": gzip.compress(plain.encode()),
        "x.csv.xz": lzma.compress(plain.encode()),
        "x.zip": _zipped({"data/x.csv": plain.encode()}),
    }
    made += [Golden(name, {"format": "csv"}, put(content)) for name, content in packed.items()]
    around = [[TITLE], [], *rows(), [], [FOOTER, "", "total: 12"]]
    titled = {"format": "csv", "header": {"contains": ["clave", "n"]}, "footer": ["Fuente:"]}
    for encoding in ("utf-8", "latin-1", "cp1252", "utf-16"):
        form = {**titled, "encoding": encoding}
        made.append(Golden("titled.csv", form, put(csv_text(around), encoding)))
    cells = [['"' + cell.replace('"', '""') + '\r"' for cell in row] for row in rows()]
    quoted = "".join(",".join(row) + "\r\n" for row in cells)
    made.append(Golden("x.csv", {"format": "csv"}, put(quoted), {"names": "trimmed", "values": "trimmed"}))
    short = [row[: max(i for i, cell in enumerate(row, start=1) if cell)] for row in rows()]
    made.append(Golden("short.csv", {"format": "csv", "short_rows": True}, put(csv_text(short))))
    formulas = "\r\n".join(
        ",".join([f'="{row[0]}"', *(csv_text([[c]], end="") for c in row[1:])]) for row in rows()
    )
    made.append(Golden("excel.csv", {"format": "csv", "formula_text": True}, put(formulas)))
    two = _zipped({"leeme.txt": b"x", "data/x.csv": plain.encode("cp1252")})
    made.append(Golden("two.zip", {"format": "csv", "member": "*.csv", "encoding": "cp1252"}, put(two)))
    return made


def _parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [list(c) for c in zip(*RECORDS, strict=True)]
    pq.write_table(pa.table(dict(zip(COLUMNS, columns, strict=True))), path, row_group_size=5)


def records() -> list[dict[str, Any]]:
    """The records by name; a date is a text there, and what is missing has no key in every other record."""
    made = []
    for i, record in enumerate(RECORDS):
        values = {
            c: v.isoformat() if isinstance(v, dt.date) else v for c, v in zip(COLUMNS, record, strict=True)
        }
        made.append({c: v for c, v in values.items() if v is not None or i % 2})
    return made


def _json() -> list[Golden]:
    listed = json.dumps(records(), ensure_ascii=False, indent=1)
    page = json.dumps({"meta": {"items": [1, {"a": "]"}]}, "data": {"items": records()}, "n": 12})
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records())
    return [
        Golden("x.json", {"format": "json"}, put(listed)),
        Golden("bom.json", {"format": "json"}, put("\ufeff" + listed)),
        Golden("x.json", {"format": "json", "encoding": "latin-1"}, put(listed, "latin-1")),
        Golden("page.json", {"format": "json", "records": "data.items"}, put(page)),
        Golden("x.ndjson", {"format": "ndjson"}, put(lines)),
        Golden(
            "x.ndjson", {"format": "ndjson", "encoding": "utf-16"}, put(lines.replace("\n", "\r\n"), "utf-16")
        ),
        Golden("x.ndjson.gz", {"format": "ndjson"}, put(gzip.compress(lines.encode()))),
    ]


Cells = list[list[Any]]


def _xlsx(sheets: Mapping[str, Cells]) -> Write:
    def write(path: Path) -> None:
        import xlsxwriter

        book = xlsxwriter.Workbook(str(path))
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(cells):
                for c, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(r, c, value)
                    elif value is not None:
                        sheet.write(r, c, value, *([day] if isinstance(value, dt.date) else []))
        book.close()

    return write


def _xls(sheets: Mapping[str, Cells]) -> Write:
    def write(path: Path) -> None:
        import xlwt

        book = xlwt.Workbook()
        day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
        for name, cells in sheets.items():
            sheet = book.add_sheet(name)
            for r, row in enumerate(cells):
                for c, value in enumerate(row):
                    if value is not None:
                        sheet.write(r, c, value, *([day] if isinstance(value, dt.date) else []))
        book.save(str(path))

    return write


def _ods(sheets: Mapping[str, Cells]) -> Write:
    def write(path: Path) -> None:
        from odf import table, text
        from odf.opendocument import OpenDocumentSpreadsheet

        book = OpenDocumentSpreadsheet()
        for name, cells in sheets.items():
            sheet = table.Table(name=name)
            for row in cells:
                line = table.TableRow()
                for value in row:
                    if isinstance(value, dt.date):
                        cell = table.TableCell(valuetype="date", datevalue=value.isoformat())
                    elif isinstance(value, int | float):
                        cell = table.TableCell(valuetype="float", value=value)
                    elif value is None:
                        cell = table.TableCell()
                    else:
                        cell = table.TableCell(valuetype="string")
                        cell.addElement(text.P(text=value))
                    line.addElement(cell)
                sheet.addElement(line)
            book.spreadsheet.addElement(sheet)
        book.save(str(path))

    return write


def _workbooks() -> list[Golden]:
    plain: Cells = [list(COLUMNS), *map(list, RECORDS)]
    two_rows: Cells = [
        ["Registro", None, None, "Hecho", None, None, "Nota"],
        ["clave", "fecha", "hora", "delito", "n", "peso", None],
    ]
    names = [f"Registro / {c}" for c in COLUMNS[:3]] + [f"Hecho / {c}" for c in COLUMNS[3:6]] + ["Nota"]
    around: Cells = [
        [TITLE],
        [],
        *[[None, *row, None] for row in two_rows],
        *[[None, *row, None] for row in RECORDS],
        [],
        [FOOTER, None, None, None, None, None, None, None, "a note"],
    ]
    made = []
    for kind, write in {"xlsx": _xlsx, "xls": _xls, "ods": _ods}.items():
        made.append(Golden(f"x.{kind}", {"format": "workbook"}, write({"S": plain})))
        sheets = {"Índice ": [["read me"]], "Datos 2024": around}
        header = {"contains": ["Hecho"], "rows": 2}
        titled = {
            "format": "workbook",
            "sheet": {"pattern": r"datos \d{4}"},
            "header": header,
            "footer": ["Fuente"],
        }
        renamed = dict(zip(COLUMNS, names, strict=True))
        made.append(Golden(f"titled.{kind}", titled, write(sheets), names=renamed))
        ranged = {"format": "workbook", "sheet": {"position": 2}, "range": "B3:H16", "header": {"rows": 2}}
        made.append(Golden(f"range.{kind}", ranged, write(sheets), names=renamed))
    return made


#: Codes of the labels, as statistical files keep them.
LABELS = dict(enumerate(_LABELS, start=1))


def _statistical() -> list[Golden]:
    import pandas as pd
    import pyreadstat

    table = pd.DataFrame([list(r) for r in RECORDS], columns=list(COLUMNS))
    table["nota"] = table["nota"].fillna("")
    codes = table.assign(delito=table["delito"].map({label: n for n, label in LABELS.items()}))
    labels = {"variable_value_labels": {"delito": LABELS}}

    def write(how: Callable[..., None], frame: Any, **options: Any) -> Write:
        return lambda path: how(frame, str(path), **options)

    spss: dict[str, Any] = {"format": "spss", "labels": True}
    stata = {**spss, "format": "stata"}
    return [
        Golden("x.sav", {"format": "spss"}, write(pyreadstat.write_sav, table)),
        Golden("labels.sav", spss, write(pyreadstat.write_sav, codes, **labels)),
        Golden("x.zsav", spss, write(pyreadstat.write_sav, codes, compress=True, **labels)),
        # the writer puts UTF-8 into old versions, which do not say their encoding
        *(
            Golden(
                f"v{v}.dta",
                {**stata, "encoding": "utf-8"},
                write(pyreadstat.write_dta, codes, version=v, **labels),
            )
            for v in (8, 12)
        ),
        Golden("v15.dta", stata, write(pyreadstat.write_dta, codes, version=15, **labels)),
        Golden("x.dta", {"format": "stata"}, write(pyreadstat.write_dta, table)),
    ]


def _r() -> list[Golden]:
    import pandas as pd
    import rdata

    table = pd.DataFrame([list(r) for r in RECORDS], columns=list(COLUMNS))
    table["delito"] = pd.Categorical(pd.Series([r[3] for r in RECORDS], dtype="string[python]"))
    # this writer knows no dates: they are text here, as many hand them on
    table["fecha"] = table["fecha"].astype(str)
    table = table.astype(
        {"n": "Int32", "hora": "Int32"} | dict.fromkeys(("clave", "fecha", "nota"), "string[python]")
    )
    other = pd.DataFrame({"x": [1.0]})
    objects = {"registro": table, "otro": other}

    def old(path: Path) -> None:
        rdata.write_rda(path, {"r": table}, compression="xz", format_version=2)

    return [
        Golden("x.rds", {"format": "r"}, lambda path: rdata.write_rds(path, table)),
        Golden("x.RData", {"format": "r"}, lambda path: rdata.write_rda(path, {"registro": table})),
        Golden(
            "two.RData", {"format": "r", "object": "registro"}, lambda path: rdata.write_rda(path, objects)
        ),
        Golden("x.rda", {"format": "r"}, old),
    ]


WIDTHS = dict(zip(COLUMNS, (5, 10, 2, 22, 4, 8, 20), strict=True))


def _line(record: Sequence[str | None], encoding: str | None = None) -> str:
    """A record with its numbers at the right of their places; padded by the bytes of an encoding, else by letters."""
    line = ""
    for (column, width), value in zip(WIDTHS.items(), record, strict=True):
        text_ = value or ""
        blanks = " " * (width - (len(text_.encode(encoding)) if encoding else len(text_)))
        line += blanks + text_ if column in ("n", "peso") else text_ + blanks
    return line


def _fixed() -> list[Golden]:
    starts, at = {}, 1
    for column, width in WIDTHS.items():
        starts[column], at = at, at + width
    lines = [_line(record) for record in TEXTS]
    fields = {c: {"start": starts[c], "width": w} for c, w in WIDTHS.items()}
    ends = {c: {"start": starts[c], "end": starts[c] + w - 1} for c, w in WIDTHS.items()}
    in_bytes = "\n".join(_line(record, "utf-8") for record in TEXTS) + "\n"
    whole = "\r\n".join(lines) + "\r\n"
    form: dict[str, Any] = {"format": "fixed_width", "fields": fields}
    made = [
        Golden("x.txt", {**form, "encoding": e}, put(whole, e))
        for e in ("utf-8", "latin-1", "cp850", "utf-16")
    ]
    around = "\n".join([TITLE, "", *lines, "", FOOTER]) + "\n\x1a"
    stripped = "\n".join(line.rstrip() for line in lines)
    return [
        *made,
        Golden("titled.dat", {**form, "fields": ends, "skip": 2, "footer": ["Fuente"]}, put(around)),
        Golden("stripped.dat", {**form, "short_rows": True}, put(stripped)),
        Golden("bytes.dat", {**form, "positions": "bytes"}, put(in_bytes)),
        Golden("bytes.dat", {**form, "positions": "bytes", "encoding": "cp1252"}, put(whole, "cp1252")),
        Golden("x.txt.gz", form, put(gzip.compress(whole.encode()))),
    ]


ALL: tuple[Golden, ...] = (
    *_csv(),
    Golden("x.parquet", {"format": "parquet"}, _parquet),
    *_json(),
    *_workbooks(),
    *_statistical(),
    *_r(),
    *_fixed(),
)

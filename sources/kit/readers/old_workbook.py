"""Old workbooks (xls): the error values of a sheet, which the reader of workbooks gives as empty cells.

Such a file is a small file system (compound file, MS-CFB), and its workbook a stream of records (BIFF, MS-XLS).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

#: How each error is shown, by its code.
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
#: Kinds of records.
_BEGIN, _END, _SHEET, _FORMULA, _ERROR = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205
#: What a formula has in the place of a number that it is none, and the kind of result that is an error.
_NO_NUMBER, _IS_ERROR = b"\xff\xff", 2
#: Numbers of sectors from here on are marks, such as the end of a chain.
_MARKS = 0xFFFFFFFA
_ENTRY = 128


def errors(whole: bytes, place: int) -> dict[int, dict[int, str]]:
    """The cells of a sheet whose value is an error: row from 1, column from 0, how it is shown.

    Args:
        whole: The bytes of the file.
        place: Place of the sheet in the workbook, from 0.

    Raises:
        ValueError: The file is damaged.
    """
    try:
        stream = _workbook(whole)
        starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _SHEET]
        found: dict[int, dict[int, str]] = {}
        for kind, body in _records(stream, starts[place]):
            if kind == _ERROR and body[7]:
                code = body[6]
            elif kind == _FORMULA and body[12:14] == _NO_NUMBER and body[6] == _IS_ERROR:
                code = body[8]
            else:
                continue
            row, column = struct.unpack_from("<HH", body)
            found.setdefault(row + 1, {})[column] = ERRORS.get(code, f"#ERROR {code}")
    except (struct.error, IndexError) as error:
        raise ValueError(f"no workbook stream that can be read: {error}") from error
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of the records of one part of the workbook, without those of charts within a sheet."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        if not depth:
            return
        at += 4 + length


def _workbook(whole: bytes) -> bytes:
    """The stream of the workbook in a compound file."""
    size, small = (1 << power for power in struct.unpack_from("<HH", whole, 30))
    tables, first = struct.unpack_from("<I", whole, 44)[0], struct.unpack_from("<I", whole, 48)[0]
    least, small_table, _, more = struct.unpack_from("<IIII", whole, 56)

    def sector(number: int) -> bytes:
        return whole[(number + 1) * size : (number + 2) * size]

    listed = [*struct.unpack_from("<109I", whole, 76)]
    while more < _MARKS and len(listed) < tables:
        *further, more = struct.unpack(f"<{size // 4}I", sector(more))
        listed += further
    table = [n for at in listed[:tables] if at < _MARKS for n in _numbers(sector(at))]
    entries = b"".join(map(sector, _chain(first, table)))
    streams: dict[str, tuple[int, int]] = {}
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        name = entries[at : at + max(0, struct.unpack_from("<H", entries, at + 64)[0] - 2)]
        streams.setdefault(name.decode("utf-16-le", "replace"), struct.unpack_from("<II", entries, at + 116))
    start, length = streams.get("Workbook") or streams.get("Book") or (0, 0)
    if length >= least:
        return b"".join(map(sector, _chain(start, table)))[:length]
    # what is small lies in sectors of its own within the stream of the root
    held = b"".join(map(sector, _chain(streams["Root Entry"][0], table))) if "Root Entry" in streams else b""
    chain = _chain(
        start, [n for at in _chain(small_table, table) for n in _numbers(sector(at))] if length else []
    )
    return b"".join(held[n * small : (n + 1) * small] for n in chain)[:length]


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])


def _chain(start: int, table: list[int]) -> Iterator[int]:
    """The numbers of the sectors of a stream."""
    for _ in table:
        if start >= _MARKS:
            return
        yield start
        start = table[start]

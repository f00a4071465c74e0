"""One partner's export of the current snapshot: values, manifest with checksums, and what the reader must know.

The folder is written under a temporary name and renamed, so that a partner never picks up half of it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from exports import csv_format
from exports.partner import Partner
from warehouse import snapshot
from warehouse.home import Home

#: Until releases with disclosure control exist, every export says so.
MARK = "WITHOUT DISCLOSURE CONTROL: not for publication"
#: Where releases will stand; an export of a snapshot stands under this name.
SNAPSHOT = "snapshot"

FORMATS: dict[str, Callable[[duckdb.DuckDBPyConnection, Path, list[str] | None], dict[str, int]]] = {
    "csv": csv_format.write,
}

_READ_ME = """\
{mark}

{title}
Indicator values of the national prevention information system, from its snapshot with data up to {cutoff}.
indicator_values.csv: one cell a line; codes are text (keep leading zeros), an empty cell is no zero:
obs_status and comment say why there is no value. manifest.json has rows and SHA-256 of every file.
"""


@dataclass(frozen=True)
class Exported:
    """A written export."""

    folder: Path
    rows: int


def export(home: Home, partner: Partner, out: Path | None = None) -> list[Exported]:
    """Write all formats of a partner's export.

    Args:
        home: The home folder; its current snapshot is exported.
        partner: The recipient.
        out: Folder to write to in place of the home folder's ``exports``.

    Raises:
        Misuse: There is no snapshot yet, or the folder cannot be written to.
    """
    base = (out or home.exports) / partner.id / SNAPSHOT
    countries = None if partner.countries == "all" else list(partner.countries)
    with snapshot.reader(home) as connection:
        return [_write(connection, partner, form, base / form, countries) for form in partner.formats]


def _write(
    connection: duckdb.DuckDBPyConnection,
    partner: Partner,
    form: str,
    folder: Path,
    countries: list[str] | None,
) -> Exported:
    temporary = folder.with_name(f".{folder.name}.tmp")
    if temporary.exists():
        shutil.rmtree(temporary)
    temporary.mkdir(parents=True, mode=0o700)
    rows = FORMATS[form](connection, temporary, countries)
    row = connection.execute("SELECT max(cutoff_date) FROM meta.delivery WHERE status = 'loaded'").fetchone()
    cutoff = str(row[0]) if row and row[0] else "unknown"
    read_me = _READ_ME.format(mark=MARK, title=partner.title["en"], cutoff=cutoff)
    (temporary / "READ_ME.txt").write_text(read_me, encoding="utf-8")
    manifest: dict[str, Any] = {
        "partner": partner.id,
        "disclosure_control": MARK,
        "cutoff_date": cutoff,
        "files": {
            path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": rows.get(path.name)}
            for path in sorted(temporary.iterdir())
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (temporary / "manifest.json").write_text(text, encoding="utf-8")
    _put_in_place(temporary, folder)
    return Exported(folder, sum(rows.values()))


def _put_in_place(written: Path, folder: Path) -> None:
    """Let a finished folder take the place of the earlier one, which is removed only when the new one stands."""
    earlier = folder.with_name(f".{folder.name}.old")
    if earlier.exists():
        shutil.rmtree(earlier)
    if folder.exists():
        folder.rename(earlier)
    written.rename(folder)
    if earlier.exists():
        shutil.rmtree(earlier)

"""A home whose source holds identifiers, with its key file; and the hashes that must come of a key."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.sample_countries.xaa import victims
from sources.kit import keyring
from sources.kit.keyring import Keyring
from tests.integration.commands import files
from tests.integration.commands.home import Home

YEARS = (2020, 2021)


@dataclass(frozen=True)
class Keyed:
    """A home with a source that is not made up, two of its years loaded, and the key file."""

    home: Home
    keys: Path

    def run(self, *arguments: str | Path, status: int = 0, actor: str = "ana") -> str:
        """Run a command with the key file; everything it says."""
        extra = {"SIPREV_KEY_FILE": str(self.keys), "SIPREV_ACTOR": actor}
        done = self.home.run(*arguments, status=status, extra=extra)
        return done.stdout + done.stderr

    @property
    def ring(self) -> Keyring:
        """The keys in the file."""
        return keyring.read_file(self.keys)

    @property
    def landed(self) -> list[Path]:
        """Landed files of the source."""
        return sorted(p for p in (self.home.path / "landing" / "own_police").iterdir() if p.suffix != ".key")


def own_file(folder: Path, year: int) -> Path:
    path = folder / files.police_name(files.LATER, year)
    victims.write_file(path, files.ROWS, edition=victims.Edition(year, files.LATER))
    return path


def hashes(home: Home) -> dict[int, set[bytes]]:
    """Hashes of persons in the restricted file that are current, by version of the key that the slice names."""
    with duckdb.connect(home.path / "warehouse.duckdb", read_only=True, config={"threads": 1}) as connection:
        connection.execute(f"ATTACH '{home.path / 'restricted.duckdb'}' AS restricted (READ_ONLY)")
        rows = connection.execute(
            "SELECT key_version, list(person_hmac) FROM restricted.core.person_role_row JOIN meta.slice_version "
            "USING (slice_version) WHERE source_id = 'own_police' AND valid_to IS NULL AND person_hmac IS NOT NULL "
            "GROUP BY ALL"
        ).fetchall()
    return {version: set(found) for version, found in rows}


def expected(keyed: Keyed, version: int, folder: Path) -> set[bytes]:
    """Hashes of all documents of the files, of good rows and of others."""
    key = keyed.ring.of(version)
    assert key is not None
    found = set()
    for year in YEARS:
        header, *rows = files.read(own_file(folder, year))
        at = header.index("CURP")
        found |= {
            hmac.digest(key.derive("person"), row[at].encode(), hashlib.sha256) for row in rows if row[at]
        }
    return found

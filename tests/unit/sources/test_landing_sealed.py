"""Personal data in the landing: stored sealed, read without leaving plain bytes behind, told when damaged."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from schemas.errors import Misuse, Refusal
from sources.kit import landing, sealing
from sources.kit.keyring import Keyring, MasterKey
from sources.kit.landing import Landed, Safe
from tests.architecture.tree import ROOT

KEY = MasterKey(b"m" * 32)
CONTENT = b"FOLIO,NAME\r\n" + b"".join(b"CANARY-%06d,Ana\r\n" % n for n in range(50_000))


@pytest.fixture
def safe(tmp_path: Path) -> Safe:
    (tmp_path / "work").mkdir()
    return Safe(Keyring((KEY,)), KEY, tmp_path / "work", b"s" * 32)


OPENED: list[Landed] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """What a test has landed is given up at its end."""
    yield
    while OPENED:
        OPENED.pop().close()


def land(folder: Path, safe: Safe | None) -> Landed:
    path = folder / "delivery.csv"
    path.write_bytes(CONTENT)
    OPENED.append(landing.land(path, folder / "landing", "probe", safe))
    return OPENED[-1]


def content(landed: Landed) -> bytes:
    """What readers get; it is given up afterwards."""
    with contextlib.closing(landed):
        return landed.path.read_bytes()


def stored(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / "landing" / "probe").iterdir())


def reopened(folder: Path, safe: Safe, sha256: str) -> Landed:
    return landing.reopen(folder / "landing", "probe", sha256, "delivery.csv", safe)


def test_the_stored_bytes_are_sealed_and_the_readers_get_plain_ones(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    path = tmp_path / "landing" / "probe" / found.sha256
    assert stored(tmp_path) == [found.sha256, f"{found.sha256}.key"]
    assert b"CANARY" not in path.read_bytes()
    assert found.path.read_bytes() == CONTENT
    rows = duckdb.sql(
        f"SELECT count(*) FROM read_csv('{found.path}', header = true, all_varchar = true)"
    ).fetchone()
    assert rows == (50_000,)
    assert list(safe.work.iterdir()) == [], "no copy was written"
    found.close()
    again = reopened(tmp_path, safe, found.sha256)
    assert again.path.read_bytes() == CONTENT
    assert again.seen == found.seen
    assert list(safe.work.iterdir()) == [], "the copy has no name"
    again.close()
    assert not again.path.exists()


def test_what_is_read_is_what_was_landed_whatever_becomes_of_its_name(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    other = tmp_path / "other"
    other.write_bytes(b"FOLIO,NAME\r\n")
    other.replace(tmp_path / "delivery.csv")
    assert found.path.read_bytes() == CONTENT
    found.require_unchanged()
    (tmp_path / "delivery.csv").unlink()
    assert found.path.read_bytes() == CONTENT
    found.close()


def test_a_file_that_is_changed_while_it_is_read_is_refused(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    with (tmp_path / "delivery.csv").open("r+b") as file:
        file.write(b"X")
    with pytest.raises(Refusal) as refused:
        found.require_unchanged()
    assert refused.value.code == "file_changed"
    found.close()
    land(tmp_path, None).require_unchanged()


def test_names_are_keyed_by_a_secret_of_the_warehouse(tmp_path: Path, safe: Safe) -> None:
    plain = hashlib.sha256(CONTENT).hexdigest()
    other = Safe(safe.keyring, KEY, safe.work, b"t" * 32)
    made_up = Safe(safe.keyring, KEY, safe.work)
    names = [land(tmp_path / name, s).sha256 for name, s in _folders(tmp_path, safe, other, made_up)]
    assert len({*names, plain}) == 3
    assert names[2] == plain
    assert names[0] == safe.named(bytes.fromhex(plain))


def _folders(folder: Path, *safes: Safe) -> list[tuple[str, Safe]]:
    for n in range(len(safes)):
        (folder / str(n)).mkdir()
    return [(str(n), s) for n, s in enumerate(safes)]


def test_the_same_bytes_are_stored_once(tmp_path: Path, safe: Safe) -> None:
    first = land(tmp_path, safe)
    written = (tmp_path / "landing" / "probe" / first.sha256).read_bytes()
    second = land(tmp_path, safe)
    assert second.sha256 == first.sha256
    assert (tmp_path / "landing" / "probe" / first.sha256).read_bytes() == written
    assert stored(tmp_path) == [first.sha256, f"{first.sha256}.key"]


def test_bytes_that_the_law_has_taken_away_do_not_come_back(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    path = tmp_path / "landing" / "probe" / found.sha256
    sealing.destroy_key(path)
    with pytest.raises(Refusal, match="destroyed"):
        reopened(tmp_path, safe, found.sha256)
    again = land(tmp_path, safe)
    assert again.sha256 == found.sha256
    assert stored(tmp_path) == [found.sha256], "the same bytes are not kept a second time"
    with pytest.raises(Refusal, match="destroyed"):
        reopened(tmp_path, safe, found.sha256)


def test_a_stored_file_that_was_cut_is_mended_by_the_same_delivery(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    path = tmp_path / "landing" / "probe" / found.sha256
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Refusal, match="damaged"):
        reopened(tmp_path, safe, found.sha256)
    land(tmp_path, safe)
    assert content(reopened(tmp_path, safe, found.sha256)) == CONTENT


def test_bytes_that_were_open_data_once_keep_their_name_and_are_sealed(tmp_path: Path, safe: Safe) -> None:
    before = land(tmp_path, None)
    assert before.path.read_bytes() == CONTENT
    after = land(tmp_path, safe)
    assert after.sha256 == before.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert sealing.is_sealed(before.path)
    assert content(reopened(tmp_path, safe, after.sha256)) == CONTENT


def test_open_files_are_held_against_their_name(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, None)
    assert reopened(tmp_path, safe, found.sha256).path == found.path
    found.path.write_bytes(CONTENT[:-1])
    with pytest.raises(Refusal) as refused:
        reopened(tmp_path, safe, found.sha256)
    assert refused.value.code == "landed_damaged"
    found.path.unlink()
    with pytest.raises(Refusal) as refused:
        reopened(tmp_path, safe, found.sha256)
    assert refused.value.code == "landed_missing"


def test_without_the_master_key_nothing_is_read_again(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    with pytest.raises(Misuse) as misuse:
        reopened(tmp_path, Safe(Keyring(), None, safe.work), found.sha256)
    assert misuse.value.code == "no_master_key"


KILLED = """
import os, sys
from pathlib import Path
from sources.kit import landing
from sources.kit.keyring import Keyring, MasterKey
folder, sha256 = Path(sys.argv[1]), sys.argv[2]
key = MasterKey(b"m" * 32)
safe = landing.Safe(Keyring((key,)), key, folder / "work", b"s" * 32)
landed = landing.reopen(folder / "landing", "probe", sha256, "delivery.csv", safe)
assert b"CANARY" in landed.path.read_bytes()
os.kill(os.getpid(), 9)
"""


def test_a_process_that_is_killed_leaves_no_plain_bytes(tmp_path: Path, safe: Safe) -> None:
    found = land(tmp_path, safe)
    found.close()
    (tmp_path / "delivery.csv").unlink()
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path, found.sha256], cwd=ROOT, check=False)
    assert done.returncode == -9
    left = [p for p in tmp_path.rglob("*") if p.is_file() and b"CANARY" in p.read_bytes()]
    assert left == []
    assert list(safe.work.iterdir()) == []


def test_a_landing_that_is_killed_leaves_nothing_readable(
    tmp_path: Path, safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        land(tmp_path, safe)
    assert all(name.startswith(".") and name.endswith(".tmp") for name in stored(tmp_path))
    (tmp_path / "delivery.csv").unlink()
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and b"CANARY" in p.read_bytes()]

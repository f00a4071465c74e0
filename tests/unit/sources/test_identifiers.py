"""Keyed hashes: true HMAC-SHA256 in SQL, of a key that no message shows."""

from __future__ import annotations

import hashlib
import hmac
import traceback

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sources.kit import identifiers
from sources.kit.identifiers import DEMONSTRATION_KEY, MasterKey
from tests.unit.sources.desk import KEY

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)


def connected(key: MasterKey, *purposes: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for purpose in purposes:
        identifiers.set_variables(connection, key, purpose)
    return connection


def one(connection: duckdb.DuckDBPyConnection, expression: str, text: str) -> str:
    row = connection.execute(f"SELECT {expression} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchone()
    assert row is not None
    return str(row[0])


CONNECTION = connected(KEY, "case", "person")


@settings(max_examples=15)
@given(st.lists(TEXTS, min_size=10, max_size=50))
@example(["", "CURP-ÑANDÚ-€-🂡-\x00-'", "x" * 200, "e\u0301", "\ufeff"])
def test_equals_the_hmac_of_the_standard_library(texts: list[str]) -> None:
    key = KEY.derive("case")
    made = CONNECTION.execute(
        f"SELECT {identifiers.hmac_hex('case', 'x')} FROM (SELECT unnest(?) AS x)", [texts]
    )
    assert [h for (h,) in made.fetchall()] == [
        hmac.new(key, t.encode(), hashlib.sha256).hexdigest() for t in texts
    ]


def test_purpose_version_and_key_make_other_hashes() -> None:
    hashes = {one(CONNECTION, identifiers.hmac_hex(purpose, "x"), "A-1") for purpose in ("case", "person")}
    for other in (MasterKey(KEY.secret, 2), MasterKey(b"x" * 32), DEMONSTRATION_KEY):
        hashes.add(one(connected(other, "case"), identifiers.hmac_hex("case", "x"), "A-1"))
    assert len(hashes) == 5


def test_null_stays_null() -> None:
    row = CONNECTION.execute(f"SELECT {identifiers.hmac_hex('case', 'NULL::VARCHAR')}").fetchone()
    assert row == (None,)


def test_reference_depends_on_the_salt() -> None:
    references = []
    for salt in (1, 2, 2**60 - 1):
        identifiers.set_salt(CONNECTION, salt)
        hexadecimal = identifiers.hmac_hex("case", "x")
        references.append(int(one(CONNECTION, identifiers.reference(hexadecimal), "A-1")))
        first = int(one(CONNECTION, hexadecimal, "A-1")[:15], 16)
        assert references[-1] == first ^ salt
        assert 0 <= references[-1] < 2**60
    assert len(set(references)) == 3


def test_salts_are_random_and_fit() -> None:
    salts = {identifiers.new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert all(0 <= s < 2**60 for s in salts)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT {hash}::INTEGER FROM (SELECT 'A-1' AS x)",
        "SELECT {hash} FROM nowhere",
        "SELECT {hash} +",
        "SELECT error({hash}) FROM (SELECT 'A-1' AS x)",
    ],
)
def test_no_message_shows_the_key(statement: str) -> None:
    with pytest.raises(duckdb.Error) as failed:
        CONNECTION.execute(statement.format(hash=identifiers.hmac_hex("case", "x"))).fetchall()
    told = "".join(traceback.format_exception(failed.value))
    block = KEY.derive("case").ljust(64, b"\0")
    for secret in (
        KEY.secret,
        KEY.derive("case"),
        bytes(b ^ 0x36 for b in block),
        bytes(b ^ 0x5C for b in block),
    ):
        assert secret.hex() not in told.lower()
        assert repr(secret)[2:-1] not in told
        assert "".join(f"\\x{b:02x}" for b in secret[:8]) not in told.lower()


def test_a_key_is_not_printed() -> None:
    assert repr(MasterKey(b"very secret")) == "MasterKey(version=1)"

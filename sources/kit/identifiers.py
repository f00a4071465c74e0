"""Keyed hashes of identifiers, in SQL.

The key reaches DuckDB as variables, never as text in a statement, since error messages print statements.
HMAC-SHA256 is written out from SHA-256 (RFC 2104): DuckDB has no function of its own for it.
"""

from __future__ import annotations

import secrets

import duckdb

from schemas.errors import Misuse
from sources.kit.keyring import DEMONSTRATION_KEY, MasterKey

__all__ = ["DEMONSTRATION_KEY", "MasterKey", "hmac_hex", "new_salt", "no_master_key", "reference", "set_salt"]
__all__ += ["set_variables"]

BLOCK = 64


def set_variables(connection: duckdb.DuckDBPyConnection, key: MasterKey, purpose: str) -> None:
    """Set the two pads of a purpose's key as variables of the connection's session."""
    block = key.derive(purpose).ljust(BLOCK, b"\0")
    for pad, byte in (("inner", 0x36), ("outer", 0x5C)):
        value = bytes(b ^ byte for b in block)
        # a bound parameter would import pandas, which takes longer than loading a small delivery; this
        # statement holds no data and cannot fail on them, and no later statement holds the key
        connection.execute(f"SET VARIABLE siprev_{purpose}_{pad} = unhex('{value.hex()}')")


def set_salt(connection: duckdb.DuckDBPyConnection, salt: int) -> None:
    """Set the warehouse's salt, which makes its integer references meaningless elsewhere."""
    connection.execute(f"SET VARIABLE siprev_salt = {int(salt)}::BIGINT")


def new_salt() -> int:
    """A random salt of 60 bits."""
    return secrets.randbits(60)


def hmac_hex(purpose: str, text: str) -> str:
    """SQL for the HMAC of a text expression, in hexadecimal."""
    inner, outer = (f"getvariable('siprev_{purpose}_{pad}')" for pad in ("inner", "outer"))
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"


def reference(hexadecimal: str) -> str:
    """SQL for the warehouse's integer in place of a keyed hash: 60 bits of it, salted."""
    return f"xor(('0x' || left({hexadecimal}, 15))::BIGINT, getvariable('siprev_salt'))"


def no_master_key(source_id: str) -> Misuse:
    """The refusal of a source with personal data where there is no key."""
    return Misuse(
        f"the source {source_id} holds identifiers or restricted columns, and there is no master key",
        where="environment variable SIPREV_KEY_FILE or SIPREV_MASTER_KEY",
        how="make a key file (siprev key new FILE), keep it in your institution's safe, and set SIPREV_KEY_FILE to it; "
        "without it nothing that holds identifiers is taken in",
        code="no_master_key",
    )

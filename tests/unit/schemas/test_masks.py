"""Masks of rules: the same answers whether they are an integer or a string of bits."""

from __future__ import annotations

import duckdb
import pytest

from schemas.masks import Mask


@pytest.mark.parametrize("size", [1, 3, 63, 64, 65, 300])
def test_a_mask_holds_the_bits_whose_conditions_are_true(size: int) -> None:
    mask, last = Mask(size), size - 1
    conditions = {0: "x = 1", last: "x >= 1"}
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE t AS SELECT x, {mask.of(conditions.items())} AS m FROM (VALUES (0), (1), (2)) AS v(x)"
        )
        rows = connection.execute(
            f"""SELECT typeof(m), m = {mask.none}, {mask.has("m", last)}, {mask.any_of("m", (last,))},
            {mask.bits("m")}, {mask.bits(mask.with_bit("m", 0))} FROM t ORDER BY x"""
        ).fetchall()
    assert {kind for kind, *_ in rows} == {mask.sql_type} == {"UBIGINT" if size <= 64 else "BIT"}
    assert [good for _, good, *_ in rows] == [True, False, False]
    assert [(has, has_any) for _, _, has, has_any, *_ in rows] == [(False, False), (True, True), (True, True)]
    assert [bits for *_, bits, _ in rows] == [[], sorted({0, last}), [last]]
    assert [bits for *_, bits in rows] == [[0], sorted({0, last}), sorted({0, last})]


def test_without_rules_nothing_is_broken() -> None:
    mask = Mask(0)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {mask.of([])} = {mask.none}, {mask.bits(mask.none)}").fetchone()
    assert found == (True, [])


def test_masks_of_many_rules_can_be_grouped() -> None:
    mask = Mask(70)
    with duckdb.connect() as connection:
        grouped = connection.execute(
            f"""SELECT {mask.bits("m")}, n FROM (SELECT m, count(*) AS n FROM (
                SELECT {mask.of([(69, "x > 1")])} AS m FROM range(5) AS t(x)) GROUP BY m) ORDER BY n"""
        ).fetchall()
    assert grouped == [([], 2), ([69], 3)]

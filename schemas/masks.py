"""Which rules a record broke, as one value: a bit for each rule that was judged.

Up to 64 rules fit into an unsigned integer, the fastest that there is; more (a survey with hundreds of answers) make a
string of bits. Whoever works with a mask asks here and need not know which of the two it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

#: Bits of the integer.
WORD = 64


@dataclass(frozen=True)
class Mask:
    """A mask of so many rules; all methods give SQL."""

    size: int

    @property
    def _is_word(self) -> bool:
        return self.size <= WORD

    @property
    def sql_type(self) -> str:
        """Type of a column of such masks."""
        return "UBIGINT" if self._is_word else "BIT"

    def literal(self, bits: Collection[int]) -> str:
        """The mask with these bits."""
        if self._is_word:
            return f"{sum(1 << bit for bit in bits)}::UBIGINT"
        return f"'{''.join('1' if bit in bits else '0' for bit in range(self.size))}'::BIT"

    @property
    def none(self) -> str:
        """The mask of a good record."""
        return self.literal(())

    def of(self, conditions: Iterable[tuple[int, str]]) -> str:
        """The mask with the bits whose conditions are true; records that break nothing cost one test."""
        by_bit = dict(conditions)
        if not by_bit:
            return self.none
        return f"CASE WHEN {' OR '.join(by_bit.values())} THEN {self._made(by_bit)} ELSE {self.none} END"

    def _made(self, by_bit: dict[int, str]) -> str:
        if self._is_word:
            return " | ".join(f"(({condition})::UBIGINT << {bit})" for bit, condition in by_bit.items())
        digits = (
            f"CASE WHEN {by_bit[bit]} THEN '1' ELSE '0' END" if bit in by_bit else "'0'"
            for bit in range(self.size)
        )
        return f"concat({', '.join(digits)})::BIT"

    def has(self, mask: str, bit: int | str) -> str:
        """Whether a mask has a bit, which may also be SQL."""
        return f"(({mask} >> {bit}) & 1 = 1)" if self._is_word else f"(get_bit({mask}, ({bit})::INTEGER) = 1)"

    def any_of(self, mask: str, bits: Collection[int]) -> str:
        """Whether a mask has any of the bits."""
        return f"({mask} & {self.literal(bits)} <> {self.none})"

    def with_bit(self, mask: str, bit: int) -> str:
        """A mask with one bit more."""
        return f"({mask} | {self.literal((bit,))})"

    def bits(self, mask: str) -> str:
        """The bits of a mask as a list, from 0."""
        return f"list_filter(range({self.size}), lambda bit: {self.has(mask, 'bit')})"

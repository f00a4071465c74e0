"""The body of an answer that a server packs on its way (Content-Encoding): unpacked to its end, or not taken."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

#: Packed with gzip: the size of its window, and its header.
_GZIP = zlib.MAX_WBITS + 16
_NAMES = frozenset({"gzip", "x-gzip"})


class CutOff(Exception):
    """The packed bytes end before their end, or are none."""


class Body:
    """The bytes of a body, in pieces as they come.

    Args:
        encoding: What the server says of them; nothing, or gzip.
        piece: Greatest size of an unpacked piece, however little is packed into it.
    """

    def __init__(self, encoding: str, piece: int) -> None:
        self._packed = encoding in _NAMES
        self._piece = piece
        self._member = zlib.decompressobj(_GZIP)

    @staticmethod
    def reads(encoding: str) -> bool:
        """Whether bytes that are packed this way can be read."""
        return encoding in {"", "identity", *_NAMES}

    def unpacked(self, came: bytes) -> Iterator[bytes]:
        """What is in the next bytes that came.

        Raises:
            CutOff: They are not packed as the server says, or damaged.
        """
        if not self._packed:
            yield came
            return
        while came:
            if self._member.eof:  # a file may be packed in several parts, and be filled up with zeros
                came = came.lstrip(b"\0")
                if not came:
                    return
                self._member = zlib.decompressobj(_GZIP)
            try:
                yield self._member.decompress(came, self._piece)
            except zlib.error:
                raise CutOff from None
            came = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def end(self) -> None:
        """All bytes have come.

        Raises:
            CutOff: Their end mark has not.
        """
        if self._packed and not self._member.eof:
            raise CutOff

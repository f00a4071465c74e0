"""Where a delivery was fetched: what the next run needs to ask for no more than what is new.

Known to sources, which fetch, and to the warehouse, which keeps it with the delivery.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a delivery was fetched, and up to where.

    Args:
        place: The address, or the connection by its name, as they are declared: without any secret.
        question: SHA-256 of what was asked for; to another question earlier answers say nothing.
        watermark_kind: Type of the watermark's values: integer, decimal, text, date, timestamp.
        watermark_from: Greatest value of the delivery before, from which was asked; None where all was asked for.
        watermark_to: Greatest value that was there.
        watermark_rows: How many rows had it or lay in the overlap below it, so that one that comes there later is
            noticed.
        etag: What the server calls this state of the file.
        last_modified: When the file was changed, as the server says it.
    """

    place: str
    question: str
    watermark_kind: str | None = None
    watermark_from: str | None = None
    watermark_to: str | None = None
    watermark_rows: int | None = None
    etag: str | None = None
    last_modified: str | None = None

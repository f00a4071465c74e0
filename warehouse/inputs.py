"""What the caller tells the warehouse beside the staged records: facts about the source and about the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from schemas.origin import Origin

Period = Literal["month", "year"]


@dataclass(frozen=True)
class SourceFacts:
    """What a source declares, as far as loading and reading back need it.

    Args:
        source_id: Identifier of the source.
        record_type: Record type that its records become.
        country: ISO 3166-1 alpha-3.
        source_type: Code of the list ``source_type``.
        title: Title for people.
        specification_version: SHA-256 of the source's declarations.
        slice_period: Cadence of its slices.
        slice_by_area: Whether a slice is of one area.
        drop_tolerance: Greatest share of its events that a slice may lose unconfirmed; None: any.
        declares: The declaration itself (``delivers``, ``agreement``, ...), kept as JSON.
    """

    source_id: str
    record_type: str
    country: str
    source_type: str
    title: str
    specification_version: str
    slice_period: Period = "month"
    slice_by_area: bool = False
    drop_tolerance: float | None = None
    declares: Mapping[str, Any] | None = None

    def declares_json(self) -> str:
        """The declaration as JSON, the same text for the same content."""
        return json.dumps(dict(self.declares or {}), ensure_ascii=False, sort_keys=True, default=str)


@dataclass(frozen=True)
class DeliveryFacts:
    """The delivered file: name, bytes, who handed it in and when (UTC), and the cut-off date if it is known.

    ``corrections_version`` is the SHA-256 of the corrections that the source declares for it. ``again`` is the delivery
    of the same bytes that was loaded before, where they are loaded once more. ``origin`` is where it was fetched; None
    for a file that was handed in.
    """

    source_id: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    received_by: str
    cutoff_date: date | None = None
    corrections_version: str | None = None
    again: int | None = None
    origin: Origin | None = None


@dataclass(frozen=True)
class KnownDelivery:
    """An earlier delivery of the same bytes by the same source."""

    delivery_id: int
    status: str
    refusal_code: str | None
    refusal_message: str | None
    specification_version: str | None
    file_name: str
    corrections_version: str | None = None

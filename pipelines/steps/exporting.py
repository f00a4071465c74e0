"""A partner's export of the current snapshot."""

from __future__ import annotations

from pathlib import Path

from exports import export as exports
from exports.export import Exported
from exports.partner import Partner
from pipelines.settings import Settings
from warehouse.home import Home


def export(settings: Settings, partner: Partner, out: Path | None = None) -> list[Exported]:
    """Write all formats of a partner's export.

    Raises:
        Misuse: Nothing has been loaded yet.
    """
    return exports.export(Home(settings.home), partner, out)

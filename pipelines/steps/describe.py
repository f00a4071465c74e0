"""What a declared source says, for people and programs."""

from __future__ import annotations

from typing import Any

import yaml

from pipelines.settings import Settings
from sources.kit import discovery


def source(settings: Settings, source_id: str) -> dict[str, Any]:
    """The declaration of a source as plain data, with its version and folder.

    Raises:
        Misuse: The source is unknown or does not load.
    """
    found = discovery.load(source_id, settings.sources)
    declared = found.specification.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"version": found.version, "folder": str(found.folder), **declared}


def as_text(shown: dict[str, Any]) -> str:
    """The declaration as YAML, which is the form in which people write it."""
    text: str = yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=110)
    return text

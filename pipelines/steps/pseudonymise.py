"""The program with which providers pseudonymise their files: handed out, or run here."""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import Settings
from schemas.errors import Misuse, Refusal
from sources.kit import discovery
from sources.kit.pseudonymise import assemble, program
from sources.kit.specification import Languages


def write_program(settings: Settings, source_id: str, language: Languages, path: Path) -> Path:
    """Write the program with the columns of a source built in.

    Raises:
        Misuse: The source is unknown, or there is nothing to pseudonymise in it.
    """
    path.write_text(
        assemble.assemble(discovery.load(source_id, settings.sources), language), encoding="utf-8"
    )
    return path


def run(
    settings: Settings, source_id: str, file: Path, key: Path, output: Path | None, language: Languages
) -> str:
    """Pseudonymise a file of a source as its provider would.

    Returns:
        The report for a person.

    Raises:
        Misuse: Something is named wrongly, or the provider's key is one of the institution's own.
        Refusal: The file is not as it was agreed on.
    """
    declared = assemble.declared(discovery.load(source_id, settings.sources), language)
    try:
        secret = program.read_key(key)
        if any(own.secret == secret for own in settings.keyring):
            raise Misuse(
                "the provider's key is a master key",
                where=str(key),
                how="make the provider a key of its own: the two institutions must not share one",
                code="same_key",
            )
        return program.told(program.run(declared, file, output, key), language)
    except program.Stop as stop:
        kind = Refusal if stop.status == 1 else Misuse
        raise kind(stop.told(language), where=str(file), code=stop.word) from None

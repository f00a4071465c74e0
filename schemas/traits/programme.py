"""What the records of prevention programmes share."""

from __future__ import annotations

from schemas.fields import coded, key
from schemas.model import Model


class ProgrammeKey(Model):
    """The programme that a record belongs to."""

    programme_code: str = key("del programa", "the programme", "do programa", required=True)


class Prevention(Model):
    """Of which kind of prevention, for whom."""

    typology: str = coded(
        "Tipo de prevención",
        "Type of prevention",
        "Tipo de prevenção",
        codes="programme_typology",
        required=True,
    )
    prevention_level: str = coded(
        "Nivel de prevención",
        "Level of prevention",
        "Nível de prevenção",
        codes="prevention_level",
        required=True,
    )
    target_scope: str = coded(
        "Alcance: universal, selectivo o indicado",
        "Scope: universal, selective or indicated",
        "Alcance: universal, seletivo ou indicado",
        codes="target_scope",
    )
    target_group: str = coded(
        "Población destinataria", "Target group", "População destinatária", codes="target_group"
    )
    evidence_level: str = coded(
        "Nivel de evidencia", "Level of evidence", "Nível de evidência", codes="evidence_level"
    )

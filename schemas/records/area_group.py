"""Area group: which areas or countries belong to a group, and since when."""

from __future__ import annotations

import polars as pl

from schemas.fields import code_of_area, field
from schemas.model import about
from schemas.traits.record import Record


class AreaGroup(Record):
    """Grain: one membership of one area or country in one group."""

    group_code: str = field(
        "Código del grupo",
        "Code of the group",
        "Código do grupo",
        required=True,
        str_matches=r"^G-[0-9A-Z]+$",
    )
    name_es: str = field(
        "Nombre del grupo en español",
        "Name of the group in Spanish",
        "Nome do grupo em espanhol",
        required=True,
    )
    name_en: str = field(
        "Nombre del grupo en inglés", "Name of the group in English", "Nome do grupo em inglês", required=True
    )
    name_pt: str = field(
        "Nombre del grupo en portugués",
        "Name of the group in Portuguese",
        "Nome do grupo em português",
        required=True,
    )
    member_code: str = code_of_area(
        "Código del área o país miembro",
        "Code of the area or country that is a member",
        "Código da área ou país membro",
    )
    boundary_version: str = field(
        "Versión de la división territorial del miembro; vacía para países",
        "Version of the territorial division of the member; empty for countries",
        "Versão da divisão territorial do membro; vazia para países",
    )
    valid_from: pl.Date = field("Miembro desde", "Member from", "Membro desde", required=True)
    valid_to: pl.Date = field(
        "Miembro hasta; vacía si lo sigue siendo",
        "Member to; empty while it is one",
        "Membro até; vazia enquanto o for",
    )

    class Config:
        """What a record is in three languages, what places it in time and what is added up."""

        metadata = about(
            es=("Grupo de áreas", "La pertenencia de un área o país a un grupo"),
            en=("Area group", "One membership of one area or country in one group"),
            pt=("Grupo de áreas", "A participação de uma área ou país em um grupo"),
            date_field="valid_from",
            amount=None,
        )

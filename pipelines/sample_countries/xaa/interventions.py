"""The programmes of XAA against robbery in the street, whose effect is put into the prosecution's files."""

from __future__ import annotations

from datetime import date

from pipelines.sample_countries.domains.programmes import Programme

#: The prosecution's files alone (``files``); the police's victims of the same areas are drawn without it.
_CARRIED_BY = ("xaa_prosecution_files",)

PROGRAMMES: tuple[Programme, ...] = (
    Programme(
        code="P-01",
        name="Barrios Cuidados",
        responsible="Secretaría de Prevención del País de muestra",
        typology="community",
        level="primary",
        group="young_people",
        activity="mentoring",
        indicator="robbery_rate",
        start=date(2022, 7, 1),
        effect=-30,
        sources=_CARRIED_BY,
        treated=("01002", "02001", "03001"),
        comparison=("01003", "02003", "03002"),
        buffer=("01004", "02002"),
    ),
    Programme(
        code="P-02",
        name="Luces Nuevas",
        responsible="Secretaría de Prevención del País de muestra",
        typology="situational",
        level="primary",
        group="general",
        activity="urban_improvement",
        indicator="robbery_rate",
        start=date(2022, 7, 1),
        effect=0,
        sources=_CARRIED_BY,
        treated=("04001", "05001"),
        comparison=("04003", "05002"),
        buffer=("04002",),
    ),
)

"""Who: what a record says of a person."""

from __future__ import annotations

import polars as pl

from schemas.fields import age, coded
from schemas.model import Model


class Sexed(Model):
    """Sex as it was recorded."""

    sex: str = coded("Sexo", "Sex", "Sexo", codes="sex")


class Aged(Model):
    """Age in years, or the age group of a source that has groups."""

    age_years: pl.Int16 = age("Edad en años cumplidos", "Age in completed years", "Idade em anos completos")
    age_from: pl.Int16 = age(
        "Primera edad del grupo de la fuente",
        "First age of the source's group",
        "Primeira idade do grupo da fonte",
    )
    age_to: pl.Int16 = age(
        "Última edad del grupo de la fuente; vacía en un grupo abierto",
        "Last age of the source's group; empty in an open-ended group",
        "Última idade do grupo da fonte; vazia em um grupo aberto",
    )


class Groups(Model):
    """Groups by which figures of persons are broken down."""

    ethnicity: str = coded("Pertenencia étnica", "Ethnicity", "Pertencimento étnico", codes="ethnicity")
    migration: str = coded(
        "Condición migratoria", "Migration status", "Condição migratória", codes="migration"
    )
    disability: str = coded("Discapacidad", "Disability", "Deficiência", codes="disability")


class Identity(Model):
    """Gender identity and sexual orientation, where the law allows that they are recorded."""

    gender_identity: str = coded(
        "Identidad de género", "Gender identity", "Identidade de gênero", codes="gender_identity"
    )
    sexual_orientation: str = coded(
        "Orientación sexual", "Sexual orientation", "Orientação sexual", codes="sexual_orientation"
    )


class Nationality(Model):
    """Country of citizenship."""

    nationality: str = coded(
        "País de nacionalidad", "Country of citizenship", "País de nacionalidade", codes="country"
    )


class Schooled(Model):
    """Education attained."""

    education: str = coded(
        "Nivel educativo alcanzado", "Education attained", "Escolaridade alcançada", codes="education"
    )


class Person(Sexed, Aged, Groups, Identity, Nationality):
    """A person, as the records of events, proceedings, services and surveys describe one."""

"""What every declared record type is made of: a pandera model whose fields can be declared by rule.

A trait is a model too, and a record type inherits from the traits that it has. Belongs here: how fields that follow a
pattern (the places of a role, the dates of a role, one field for each code of a list) get into a model.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.api.dataframe.model_components import FieldInfo

from schemas import codelists
from schemas.codelists import Code
from schemas.fields import AREA_FORM, coded, country, field, source_code

#: Days on which what records tell of can have happened.
CIVIL = {"min_value": date(1900, 1, 1), "max_value": date(2100, 12, 31)}

Class = TypeVar("Class", bound="type[Model]")


class Model(pa.DataFrameModel):
    """A trait or a record type. A coded field that sources recode gets the field for their own code beside it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Add the source's code beside each field that sources recode."""
        declared = inspect.get_annotations(cls)
        cls.__annotations__ = {}
        for name, annotation in declared.items():
            cls.__annotations__[name] = annotation
            info = cls.__dict__.get(name)
            if isinstance(info, FieldInfo) and (info.metadata or {}).get("recoded"):
                add(cls, f"{name}_source_code", str, source_code(name))
        super().__init_subclass__(**kwargs)  # type: ignore[no-untyped-call]


def about(
    *, es: tuple[str, str], en: tuple[str, str], pt: tuple[str, str], date_field: str, amount: str | None
) -> dict[str, Any]:
    """What a record type says of itself.

    Args:
        es: Title and grain in Spanish.
        en: Title and grain in English; the grain becomes the tables' comment.
        pt: Title and grain in Portuguese.
        date_field: Date that puts a record in time where a source says nothing else.
        amount: Field that the account of a delivery adds up; None where a record counts as one.
    """
    texts = {"es": es, "en": en, "pt": pt}
    return {
        "titles": {language: title for language, (title, _) in texts.items()},
        "grains": {language: grain[:1].lower() + grain[1:] for language, (_, grain) in texts.items()},
        "date_field": date_field,
        "amount": amount,
    }


def add(model: type[Model], name: str, annotation: Any, info: Any) -> None:
    """Add a field to a model, after those that it has."""
    model.__annotations__[name] = annotation
    info.__set_name__(model, name)
    setattr(model, name, info)


def place(role: str, *, required: bool = False) -> Callable[[Class], Class]:
    """Give a model the place of a role: country, and the areas below it in the version of ``boundary_version``.

    Args:
        role: Code of the list ``place_basis``.
        required: A record without the country is quarantined.
    """
    entry = codelists.load("place_basis").entry(role)
    es, en, pt = (
        label[0].lower() + label[1:] for label in (entry.label("es"), entry.label("en"), entry.label("pt"))
    )
    levels = (
        ("first_level", "Área de primer nivel", "First-level area", "Área de primeiro nível"),
        ("municipality", "Municipio", "Municipality", "Município"),
        ("declared_area", "Área declarada", "Declared area", "Área declarada"),
    )

    def decorate(model: Class) -> Class:
        add(model, f"{role}_country", str, country(es, en, pt, required=required))
        for level, in_es, in_en, in_pt in levels:
            name = f"{role}_{level}"
            texts = (f"{in_es}: {es}", f"{in_en}: {en}", f"{in_pt}: {pt}")
            add(model, name, str, field(*texts, str_matches=AREA_FORM))
            if level != "declared_area":
                add(model, f"{name}_source_code", str, source_code(name))
        return model

    return decorate


def dated(
    role: str, es: str, en: str, pt: str, *, required: bool = False, until: bool = False
) -> Callable[[Class], Class]:
    """Give a model the date of something, with its precision.

    Args:
        role: The fields are ``<role>_date`` and ``<role>_date_precision``.
        es: What happened then, in Spanish: ``"del hecho"``.
        en: The same in English: ``"of the event"``.
        pt: The same in Portuguese.
        required: A record without the date is quarantined.
        until: There is a last day too, for what happened over a time: ``<role>_date_to``.
    """

    def decorate(model: Class) -> Class:
        add(
            model,
            f"{role}_date",
            pl.Date,
            field(
                f"Fecha {es}; el primer día si solo se conoce el mes o el año",
                f"Date {en}; the first day where only month or year is known",
                f"Data {pt}; o primeiro dia quando só se conhece o mês ou o ano",
                required=required,
                in_range=CIVIL,
            ),
        )
        texts = (f"Precisión de la fecha {es}", f"Precision of the date {en}", f"Precisão da data {pt}")
        add(model, f"{role}_date_precision", str, coded(*texts, codes="date_precision", recoded=False))
        if until:
            texts = (
                f"Último día {es}, si duró",
                f"Last day {en}, where it lasted",
                f"Último dia {pt}, se durou",
            )
            add(model, f"{role}_date_to", pl.Date, field(*texts, in_range=CIVIL))
        return model

    return decorate


def per_code(
    pattern: str, codelist: str, declare: Callable[[Code], Any], *, below: str = "", annotation: Any = str
) -> Callable[[Class], Class]:
    """Give a model one field for each code of a list.

    Args:
        pattern: Name of a field, with ``{code}``.
        codelist: The list; its total and unknown make no field.
        declare: The field of a code.
        below: Only what is below this code of the list.
        annotation: Type of the fields.
    """

    def decorate(model: Class) -> Class:
        for entry in _entries(codelist, below):
            add(model, pattern.format(code=entry.code), annotation, declare(entry))
        return model

    return decorate


def _entries(codelist: str, below: str) -> Iterator[Code]:
    listed = codelists.load(codelist)
    for code in listed.descends(below) if below else listed.codes:
        if code not in ("_T", "_U", below):
            yield listed.entry(code)

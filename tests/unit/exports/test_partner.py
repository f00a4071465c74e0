"""Partners as they are declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports import export, partner
from schemas.errors import Misuse

DECLARED = """\
id: neighbour
title: {es: Vecino, en: Neighbour, pt: Vizinho}
contact: nobody
tier: public
countries: [XAA]
formats: [csv]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(partner, "FOLDER", tmp_path)
    return tmp_path


def test_every_declared_partner_loads_and_has_formats_that_exist() -> None:
    assert "sample" in partner.names()
    for name in partner.names():
        loaded = partner.load(name)
        assert loaded.id == name
        assert set(loaded.formats) <= set(export.FORMATS)


def test_a_partner_is_found_by_its_file(folder: Path) -> None:
    (folder / "neighbour.yml").write_text(DECLARED, encoding="utf-8")
    assert partner.names() == ("neighbour",)
    assert partner.load("neighbour").countries == ["XAA"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tier: public", "tier: secret"),
        ("formats: [csv]", "formats: [pdf]"),
        ("contact: nobody", ""),
        ("pt: Vizinho", "fr: Voisin"),
        ("id: neighbour", "id: neighbour\nsurprise: 1"),
    ],
)
def test_a_faulty_declaration_names_its_file(folder: Path, old: str, new: str) -> None:
    (folder / "neighbour.yml").write_text(DECLARED.replace(old, new), encoding="utf-8")
    with pytest.raises(Misuse) as refused:
        partner.load("neighbour")
    assert "neighbour.yml" in refused.value.text()


@pytest.mark.parametrize("name", ["nobody", "../partners/sample", ""])
def test_an_unknown_partner(name: str) -> None:
    with pytest.raises(Misuse, match="unknown partner"):
        partner.load(name)

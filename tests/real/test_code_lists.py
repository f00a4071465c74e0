"""Code lists against the official lists: ICCS, ICD-10, ISO 3166, M49, standard populations, draft correspondences."""

from __future__ import annotations

import csv
import json
import unicodedata
import xml.etree.ElementTree as ET
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schemas import codelists, reference
from schemas.codelists import causes
from tests.real.home import RealFile

pytestmark = pytest.mark.real

SOURCES = Path(__file__).resolve().parents[2] / "sources"


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(
        c for c in unicodedata.normalize("NFD", text.lower().strip()) if not unicodedata.combining(c)
    )


# --- ICCS


def code_of(row: dict[str, str]) -> str:
    """The code with the zero that it lost, by the level that the file states."""
    level = 4 if row["nivel_4"] else 3 if row["nivel_3"] else 2
    return row["codigo_iccs"].zfill({2: 4, 3: 5, 4: 6}[level])


def test_iccs_has_every_class_of_the_spanish_edition_in_its_order(real: RealFile) -> None:
    official = rows(real("iccs", "iccs_parse_final.csv"))
    ours = [c for c in codelists.load("iccs").codes if len(c) > 2 and c != "unmapped"]
    assert len(official) == 309
    assert [code_of(row) for row in official] == ours


def test_iccs_labels_in_spanish_are_those_of_the_edition(real: RealFile) -> None:
    """The file lacks the gloss of two classes, whose name it gives without accents."""
    iccs = codelists.load("iccs")
    without = []
    for row in rows(real("iccs", "iccs_parse_final.csv")):
        label = iccs.entry(code_of(row)).label_es
        if row["glosa_iccs"].strip():
            assert label == row["glosa_iccs"].strip()
        else:
            without.append(code_of(row))
            assert plain(label) == plain(row["delito_iccs"])
    assert without == ["01049", "0909"]


def test_iccs_sections_are_those_of_the_edition(real: RealFile) -> None:
    iccs = codelists.load("iccs")
    official = {code_of(row)[:2]: row["seccion"] for row in rows(real("iccs", "iccs_parse_final.csv"))}
    assert {c: plain(iccs.entry(c).label_es) for c in iccs.codes if len(c) == 2} == {
        section: plain(title) for section, title in official.items()
    }


def drafted(real: RealFile) -> list[tuple[tuple[str, str, str], str]]:
    """The draft correspondence of Mexico: patterns of type, subtype and modality with a class."""
    return [
        ((row["tipo"], row["subtipo"], row["modalidad"]), row["iccs"])
        for row in rows(real("iccs", "mx_sesnsp_iccs.csv"))
    ]


def test_our_correspondence_of_mexico_agrees_with_the_draft(real: RealFile) -> None:
    """The most specific pattern decides; "Con violencia" also ends longer modalities of robbery."""
    draft = drafted(real)

    def fits(pattern: tuple[str, str, str], values: tuple[str, str, str]) -> bool:
        *names, way = pattern
        return all(fnmatchcase(v, p) for v, p in zip(values, names, strict=False)) and (
            fnmatchcase(values[2], way) or (way.endswith("violencia") and values[2].endswith(way))
        )

    differing = {}
    ours = rows(SOURCES / "mx_sesnsp_estatal" / "offences.csv")
    for row in ours:
        values = (row["Tipo de delito"], row["Subtipo de delito"], row["Modalidad"])
        found = [(p, iccs) for p, iccs in draft if fits(p, values)]
        assert found, values
        best = max(found, key=lambda f: sum(len(part.replace("*", "")) for part in f[0]))
        if best[1] != row["code"]:
            differing[values] = (row["code"], best[1])
        assert row["status"] == "draft"
    assert len(ours) == 98
    assert differing == {}


def test_our_correspondence_of_colombia_and_brazil_names_known_classes(real: RealFile) -> None:
    known = codelists.load("iccs")
    drafts = rows(real("iccs", "co_br_iccs.csv"))
    assert {row["iccs"] for row in drafts if row["iccs"]} <= set(known.codes)
    # what has no class in the draft is no offence by itself, and is an event of its own in the records
    without = {row["code"] for row in drafts if not row["iccs"]}
    assert without == {"Morte por intervenção de Agente do Estado", "Suicídio", "Morte no trânsito"}
    assert {"state_agent_intervention", "suicide", "road_death"} <= set(codelists.load("event_class").codes)


def test_the_manual_correspondence_of_chile_uses_classes_of_our_list(real: RealFile) -> None:
    """But for two residuals, which it numbers on instead of ending them in 9; the automatic columns are nobody's word.

    Levels 2 and 3 are written with a zero after them, or without.
    """
    book = CalamineWorkbook.from_path(str(real("iccs", "comparacion_auto_vs_manual.xlsx")))
    known = {c.lstrip("0") for c in codelists.load("iccs").codes}
    used = set()
    for sheet in ("Convergencias", "Divergencias", "Solo_Manual"):
        header, *body = book.get_sheet_by_name(sheet).to_python()
        for row in body:
            told = dict(zip(header, (str(cell).removesuffix(".0") for cell in row), strict=True))
            levels = [told[f"ICCS_Manual_N{n}"] for n in (4, 3, 2)]
            used |= {c if c in known else c.removesuffix("0") for c in levels if c}
    assert len(used) > 150
    assert used - known == {"1042", "908"}


# --- ICD-10


def categories(path: Path) -> dict[str, list[str]]:
    """Categories of chapter XX with their subcategories, without dot."""
    tree = ET.fromstring(path.read_text(encoding="utf-8-sig"))  # noqa: S314 - a published list
    found = {}
    for item in tree.iter("item"):
        code = item.findtext("name") or ""
        if item.get("type") == "category" and "V01" <= code <= "Y98":
            found[code] = [(sub.findtext("name") or "").replace(".", "") for sub in item.findall("item")]
    return found


def test_the_causes_are_the_categories_of_the_edition_of_2019(real: RealFile) -> None:
    official = categories(real("ref-icd10", "icd_10_v2019.xml"))
    ours = causes.causes()
    assert [c for c in ours if len(c) == 3] == list(official)
    assert {c for c in ours if len(c) == 4} <= {s for subs in official.values() for s in subs}
    for code, subcategories in official.items():
        kind = ours[code].fourth_character
        if subcategories:
            assert kind == "detail", code
        else:
            assert kind == ("place" if "W00" <= code <= "Y34" else "none"), code
    assert official["X95"] == []


def test_no_label_of_ours_repeats_the_text_of_the_classification(real: RealFile) -> None:
    tree = ET.fromstring(  # noqa: S314 - a published list
        real("ref-icd10", "icd_10_v2019.xml").read_text(encoding="utf-8-sig")
    )
    text = {
        plain(item.findtext("description") or "")
        for item in tree.iter("item")
        if "V01" <= (item.findtext("name") or "")[:3] <= "Y98"
    }
    short = {"assault", "legal intervention"}
    for name in ("icd10_group", "intent", "mechanism", "road_user"):
        assert {plain(e.label_en) for e in codelists.load(name).entries} & text <= short


def test_the_fourth_character_of_x95_is_the_place_in_the_deaths_of_colombia(real: RealFile) -> None:
    import duckdb

    path = real("co-dane-defunciones-2019", "deaths_enriched.parquet")
    found = duckdb.sql(
        f"SELECT right(COD_MUERTE, 1), count(*) FROM '{path}' WHERE COD_MUERTE LIKE 'X95%' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert [digit for digit, _ in found] == list("0123456789")
    assert dict(found)["4"] == 4_396
    assert dict(found)["9"] == 754
    assert sum(n for _, n in found) == 9_273


def test_every_external_cause_of_colombia_has_a_meaning(real: RealFile) -> None:
    import duckdb

    path = real("co-dane-defunciones-2019", "deaths_enriched.parquet")
    found = duckdb.sql(
        f"SELECT COD_MUERTE, count(*) FROM '{path}' WHERE COD_MUERTE BETWEEN 'V' AND 'YZ' GROUP BY 1"
    ).fetchall()
    assert all(causes.cause(code) for code, _ in found)
    by_group = {
        group: sum(n for code, n in found if group in causes.groups(code))
        for group in ("assault", "self_harm")
    }
    assert by_group == {"assault": 13_055, "self_harm": 2_930}


# --- countries


def test_countries_are_those_of_iso_3166(real: RealFile) -> None:
    official = json.loads(real("ref-iso3166", "iso_3166-1.json").read_text(encoding="utf-8"))["3166-1"]
    ours = {row["code"]: row for row in codelists.table("country_crosswalk") if row["numeric"]}
    assert {c["alpha_3"] for c in official} == set(ours)
    for c in official:
        assert (ours[c["alpha_3"]]["alpha2"], ours[c["alpha_3"]]["numeric"]) == (c["alpha_2"], c["numeric"])


def test_countries_lie_in_the_regions_of_the_united_nations(real: RealFile) -> None:
    """The list of the population division has the regions of M49 by name; its own codes of regions differ."""
    regions = codelists.load("m49_region")
    official = {
        row["country_code"].zfill(3): row
        for row in rows(real("intl-un-wpp2022", "UNlocations.txt"), "\t")
        if row["location_type"] == "4"
    }
    found = 0
    for row in codelists.table("country_crosswalk"):
        told = official.get(row["m49"])
        if told is None:
            assert row["evidence"] == "secondary" or row["code"] in ("ATA", "TWN"), row["code"]
            continue
        region = told["area_name"] if told["reg_name"] == "NA" else told["reg_name"]
        label = plain(regions.entry(row["m49_region"]).label_en).replace(" and ", "/")
        assert label == plain(region).replace(" and ", "/"), row["code"]
        found += 1
    assert found == 235


def test_latin_america_and_the_caribbean_is_that_of_the_united_nations(real: RealFile) -> None:
    members = {m.member_code for m in reference.memberships() if m.group_code == "G-LAC"}
    m49 = {row["m49"]: row["code"] for row in codelists.table("country_crosswalk") if row["m49"]}
    official = {
        m49[row["country_code"].zfill(3)]
        for row in rows(real("intl-un-wpp2022", "UNlocations.txt"), "\t")
        if row["location_type"] == "4" and row["area_name"] == "Latin America and the Caribbean"
    }
    # two without inhabitants, which a list of populations does not have
    assert members - official == {"BVT", "SGS"}
    assert official <= members


# --- standard populations


def test_standard_populations_are_those_that_were_transcribed(real: RealFile) -> None:
    given = rows(real("ref-stdpop", "standard_populations_transcribed.csv"))
    who, segi = (reference.standard_population(s) for s in ("WHO_2000_2025", "SEGI"))
    for row in given:
        first = int(row["age_group"].rstrip("+").split("-")[0])
        if first < 85:
            assert next(g.weight for g in who if g.age_from == first) == Decimal(row["who_2000_2025_pct"])
        share = next(g.share for g in segi if g.age_from == first)
        assert share * 100 == Decimal(row["segi_pct"])
    # pooled there, and rounded
    over_85 = sum((g.weight for g in who if g.age_from >= 85), Decimal(0))
    assert over_85.quantize(Decimal("0.01")) in (Decimal("0.63"), Decimal("0.64"))

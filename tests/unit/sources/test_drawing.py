"""The picture of a mapping leaves nothing out: every column, every field, every row that is left out."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from pipelines.cli import drawing as drawing_text
from schemas import record_type
from sources.kit import discovery, drawing
from sources.kit.discovery import Source
from tests.docs.documents import ROOT
from tests.unit.sources import desk, test_earlier, test_joined

EXAMPLES = ROOT / "docs" / "examples" / "sources"
SOURCES = [discovery.read(p.parent) for p in sorted(EXAMPLES.glob("*/source.yml"))] + discovery.load_all()


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.id)
def test_every_column_and_field_is_somewhere(source: Source) -> None:
    for layout, drawn in zip(source.specification.layouts, drawing.drawn(source), strict=True):
        fields = [a.field for a in drawn.arrows] + [*drawn.by_itself, *drawn.not_mapped]
        assert sorted(fields) == sorted(record_type.load(source.specification.record_type).by_name)
        used = {c for a in drawn.arrows for c in a.columns}
        left = {c for names in drawn.not_used.values() for c in names}
        assert used & left == set()
        assert left <= set(layout.every.all)
        unpivot = layout.rows.unpivot
        told = used | left | ({*unpivot.values, unpivot.total or ""} if unpivot else set())
        told |= {c for e in layout.rows.exclude for c in (*e.reads, e.control_total or "")}
        told |= {c for mapped in layout.map.values() for c in mapped.tests}
        told |= set(source.specification.key.columns if source.specification.key else ())
        keys = {
            c for join in layout.join for ours, its in join.pairs.items() for c in (ours, join.called(its))
        }
        assert set(layout.every.all) <= told | keys


def example(name: str) -> Source:
    return discovery.read(EXAMPLES / name)


def test_what_is_drawn() -> None:
    (found,) = drawing.drawn(example("xaa_prosecution_victims"))
    arrows = {a.field: a for a in found.arrows}
    assert arrows["sex"].columns == ("SEXO",)
    assert (arrows["sex"].verb, arrows["sex"].type) == ("recode, unknown N/D", "code of sex")
    assert arrows["counting_unit"].columns == () and arrows["counting_unit"].required
    assert arrows["occurrence_municipality"].verb == "combine, prefix XAA-, form XAA-0[1-5][0-9]{3}"
    assert arrows["latitude"].verb == "parse decimal, decimal ','"
    assert found.left_out == (
        ("no_offence", "DELITO in Consulta Aviso"),
        ("trial_row", "DELITO starts with Prueba"),
    )
    assert found.not_used == {"restricted": ("NOMBRE",)}
    assert found.by_itself["count"] == "1"
    assert found.by_itself["occurrence_country"] == "XAA"
    assert found.by_itself["iccs_source_code"] == ""
    (iccs,) = [c for c in found.codes if c.field == "iccs"]
    assert (iccs.table, iccs.labels, iccs.codes, iccs.unmapped) == ("source.yml", 3, 2, 0)


def test_codes_of_a_table_and_value_columns() -> None:
    (found,) = drawing.drawn(example("xaa_police_robberies"))
    (iccs,) = found.codes
    assert (iccs.table, iccs.labels, iccs.codes, iccs.status) == ("offences.csv", 3, 3, "draft")
    assert found.unpivot == "12 value columns become month and reports"
    assert ("total_row", "REGIÓN equals TOTAL; states the total of TOTAL") in found.left_out
    assert found.not_used == {}


def test_labels_without_a_class_are_counted(tmp_path: Path) -> None:
    codes = {"A": "0101", "B": "unmapped", "C": "unmapped"}
    source = desk.source(tmp_path, desk.layout(map={**desk.MAP, "iccs": {"recode": "n", "codes": codes}}))
    (found,) = drawing.drawn(source)[0].codes
    assert (found.labels, found.codes, found.unmapped) == (3, 1, 2)


def test_the_text_is_aligned() -> None:
    source = example("xaa_prosecution_victims")
    lines = drawing_text.text(source, drawing.drawn(source)).splitlines()
    arrows = [line for line in lines if "  ->  " in line]
    assert len(arrows) == len(source.specification.layouts[0].map)
    assert len({line.index("  ->  ") for line in arrows}) == 1
    assert "  left out as no_offence: DELITO in Consulta Aviso" in lines
    assert any(line.startswith("  key         CASO (quarantine_all)") for line in lines)
    assert any(re.fullmatch(r"  SEXO +recode, unknown N/D +->  sex +code of sex", line) for line in lines)


def test_corrections_are_told(tmp_path: Path) -> None:
    desk.declare(tmp_path, key={"columns": ["n"]})
    correction = {
        "name": "a_wrong_day", "key": {"n": "7"}, "column": "day", "old": "2024-02-30", "new": "2024-02-29",
        "reason": "the provider's letter", "reporter": "office", "date": dt.date(2024, 5, 2),
    }  # fmt: skip
    text = yaml.safe_dump({"corrections": [correction]})
    (tmp_path / "probe" / "corrections.yml").write_text(text, encoding="utf-8")
    source = discovery.read(tmp_path / "probe")
    told = drawing_text.text(source, drawing.drawn(source))
    assert "  corrected   as corrections.yml says: a_wrong_day\n" in told


def test_mermaid() -> None:
    source = example("xaa_prosecution_victims")
    lines = drawing_text.mermaid(source, drawing.drawn(source)).splitlines()
    assert lines[0] == "flowchart LR"
    columns = dict(re.findall(r'(l0c\d+)\["([^"]+)"\]', "\n".join(lines)))
    fields = dict(re.findall(r'(l0f\d+)\["([^"]+)"\]', "\n".join(lines)))
    edges = {
        (columns[a], fields[b]) for a, b in re.findall(r'(l0c\d+) -->\|"[^"]*"\| (l0f\d+)', "\n".join(lines))
    }
    assert {
        ("SEXO", "sex"),
        ("DEPTO", "occurrence_municipality"),
        ("MUNI", "occurrence_municipality"),
    } <= edges
    assert len(re.findall(r"subgraph", "\n".join(lines))) == lines.count("  end") == 2
    # a quote in a pattern would end the label
    assert all(line.count('"') % 2 == 0 for line in lines)


def test_joined_tables_and_rows_about_earlier_records(tmp_path: Path) -> None:
    declared = test_joined.source(tmp_path, id="joined_probe")
    (found,) = drawing.drawn(declared)
    assert found.joined == ("home where home = home (member homes*, format csv); without it: quarantine",)
    assert found.earlier == ""
    assert found.not_used == {"open": ("home.block",), "restricted": ("name",)}
    (told,) = drawing.drawn(test_earlier.source(tmp_path))
    assert told.earlier == "rows about the earlier record with the key case: status not in VIGENTE"
    assert "joined with home where home = home" in drawing_text.text(declared, [found])
    assert "rows about the earlier record" in drawing_text.text(declared, [told])

"""The mistakes that technicians make in source.yml: each message has file, line, key and a cure to act on."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import Misuse
from sources.kit import discovery
from tests.docs.documents import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "sources" / "xaa_prosecution_victims" / "source.yml"


def told(folder: Path, right: str, wrong: str) -> tuple[str, str, str]:
    """The line in which a mistake is told, what is wrong and the cure."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count(right) >= 1
    home = folder / EXAMPLE.parent.name
    home.mkdir()
    (home / "source.yml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(Misuse) as misuse:
        discovery.read(home)
    error = misuse.value
    path, _, number = error.where.rpartition(":")
    assert path == str(home / "source.yml")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return lines[int(number) - 1].strip(), error.what, error.how


SEX = "sex: {recode: SEXO, codes: {H: M, M: F}, unknown: [N/D]}"
MAP = "layouts[quarterly].map."


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what", "how"),
    [
        pytest.param(
            "drop_tolerance: 0.3",
            "drop_tolerence: 0.3",
            "drop_tolerence: 0.3",
            "delivers.drop_tolerence: unknown key 'drop_tolerence'",
            "did you mean 'drop_tolerance'?",
            id="misspelled key",
        ),
        pytest.param(
            "    names: exact",
            "    encoding: utf-8",
            "encoding: utf-8",
            "layouts[quarterly].encoding: unknown key 'encoding'",
            "it belongs under file: indent it below that key",
            id="key one level too high",
        ),
        pytest.param(
            "      open: [DEPTO",
            "      cells: none\n      open: [DEPTO",
            "cells: none",
            "layouts[quarterly].columns.cells: unknown key 'cells'",
            "remove the key, or use one of: open, identifier, restricted",
            id="key of another place",
        ),
        pytest.param(
            "  licence: Apache-2.0, as the software that comes with them\n",
            "",
            "agreement:",
            "agreement: the key 'licence' is missing",
            'add "licence: ..." (terms of use)',
            id="missing key",
        ),
        pytest.param(
            "retention_years: 10",
            "retention_years: ten",
            "retention_years: ten",
            "agreement.retention_years: 'ten' is no whole number",
            "write a whole number, without quotes",
            id="wrong type",
        ),
        pytest.param(
            "open: [DEPTO, MUNI, FECHA, HORA, DELITO, SEXO, EDAD, ARMA]",
            "open: DEPTO",
            "open: DEPTO",
            "layouts[quarterly].columns.open: a list is expected",
            "write it in square brackets: [A, B]",
            id="no list",
        ),
        pytest.param(
            "cells: whole_period",
            "cells: whole period",
            "cells: whole period",
            "delivers.cells: 'whole period' is no possible value",
            "did you mean 'whole_period'?",
            id="wrong word",
        ),
        pytest.param(
            "  owner: F",
            "\towner: F",
            "owner: Fiscalía General del País de muestra (made-up institution)",
            "the declaration is no valid YAML: the line begins with a tab",
            "indent with spaces: two for each level",
            id="tab",
        ),
        pytest.param(
            "delivers:",
            "key:\n  columns: [CASO]\ndelivers:",
            "key:",
            "the declaration is no valid YAML: the key 'key' is given twice, first in line 25",
            "keep one of the two",
            id="key twice",
        ),
        pytest.param(
            "licence: Apache-2.0,",
            "licence: terms: Apache-2.0,",
            "licence: terms: Apache-2.0, as the software that comes with them",
            "the declaration is no valid YAML: a text holds a colon and has no quotes",
            'put the text after the first colon in quotes: "..."',
            id="colon in a text",
        ),
        pytest.param(
            "pattern: '(?P<year>\\d{4})_(?P<from_month>\\d{2})-(?P<to_month>\\d{2})'",
            'pattern: "(?P<year>\\d{4})"',
            'pattern: "(?P<year>\\d{4})"',
            "the declaration is no valid YAML: a backslash stands in double quotes",
            "put patterns in single quotes: '...'",
            id="pattern in double quotes",
        ),
        pytest.param(
            'Homicidio: "0101"',
            "Homicidio: 0101",
            'iccs: {recode: DELITO, codes: {Homicidio: 0101, Feminicidio: "0101", Tentativa de homicidio: "0102"}}',
            MAP + "iccs.codes.Homicidio: 0101 has no quotes, and YAML reads it as the number 65",
            'write it in quotes: "0101"',
            id="code without quotes",
        ),
        pytest.param(
            'iccs: {recode: DELITO, codes: {Homicidio: "0101", Feminicidio: "0101", Tentativa de homicidio: "0102"}}',
            "iccs: {fixed: 0101}",
            "iccs: {fixed: 0101}",
            "iccs: 0101 has no quotes, and YAML reads it as the number 65",
            'write it in quotes: "0101"',
            id="fixed code without quotes",
        ),
        pytest.param(
            'Homicidio: "0101"',
            'Homicidio: "101"',
            'iccs: {recode: DELITO, codes: {Homicidio: "101", Feminicidio: "0101", Tentativa de homicidio: "0102"}}',
            "iccs: '101' is no code of the list iccs",
            "did you mean '0101'",
            id="code that lost its zero",
        ),
        pytest.param(
            "Arma de fuego: firearm",
            "Arma de fuego: fire_arm",
            "codes: {Arma de fuego: fire_arm, Arma blanca: sharp, Asfixia: strangulation, Otra: other}",
            "mechanism: 'fire_arm' is no code of the list mechanism",
            "did you mean 'firearm'",
            id="code of no list",
        ),
        pytest.param(
            SEX,
            SEX.replace("SEXO", "SEX"),
            SEX.replace("SEXO", "SEX"),
            "the verb reads 'SEX', which is not among the columns that it may use",
            "did you mean 'SEXO'?",
            id="column that does not exist",
        ),
        pytest.param(
            SEX,
            SEX.replace("SEXO", "CASO"),
            SEX.replace("SEXO", "CASO"),
            "the verb reads 'CASO', which is not among the columns that it may use",
            "the column is declared as identifier: only hmac and key read it",
            id="column of another kind",
        ),
        pytest.param(
            "      age_years:",
            "      age_year:",
            "age_year: {parse: integer, from: EDAD}",
            "person_role has no field 'age_year'",
            "did you mean 'age_years'",
            id="field that does not exist",
        ),
        pytest.param(
            SEX,
            SEX.replace("recode:", "recod:"),
            SEX.replace("recode:", "recod:"),
            MAP + "sex: unknown key 'recod'",
            "did you mean 'recode' or 'codes'?",
            id="misspelled verb",
        ),
        pytest.param(
            SEX,
            "sex: SEXO",
            "sex: SEXO",
            MAP + "sex: no verb is named",
            "use one of fixed, copy,",
            id="no verb",
        ),
        pytest.param(
            "record_type: person_role",
            "record_type: person",
            "record_type: person",
            "unknown record type 'person'",
            "did you mean 'person_role'",
            id="record type",
        ),
        pytest.param(
            "country: XAA",
            "country: México",
            "country: México",
            "country: 'México' does not have the form ^[A-Z]{3}$",
            "write the country's code of three capital letters (ISO 3166-1 alpha-3)",
            id="country by name",
        ),
        pytest.param(
            '  pt: "País de amostra: vítimas em processos do ministério público (dados inventados)"\n',
            "",
            "title:",
            "title: the title lacks pt",
            "give it in es, en and pt",
            id="language",
        ),
        pytest.param(
            "date_basis: occurrence",
            "date_basis: ocurrence",
            "date_basis: ocurrence",
            "person_role has no date 'ocurrence'",
            "did you mean 'occurrence'",
            id="date",
        ),
    ],
)
def test_a_mistake(tmp_path: Path, right: str, wrong: str, line: str, what: str, how: str) -> None:
    at, says, cure = told(tmp_path, right, wrong)
    assert (at, says) == (line, what)
    assert cure.startswith(how)


def test_a_key_that_was_misspelled_is_not_missing_too(tmp_path: Path) -> None:
    _, what, how = told(tmp_path, "  licence:", "  license:")
    assert (what, how) == ("agreement.license: unknown key 'license'", "did you mean 'licence'?")

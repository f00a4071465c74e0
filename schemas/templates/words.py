"""The words of a template in the three languages: what a provider reads in the workbook and in its schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from schemas import units
from schemas.templates.columns import BETWEEN, Column

Language = Literal["es", "en", "pt"]
LANGUAGES: tuple[Language, ...] = ("es", "en", "pt")

#: How the description of a keyed hash begins; a provider writes what it is made of.
_HASH_OF = ("HMAC-SHA256 de ", "HMAC-SHA256 of ")

#: Key: Spanish, English, Portuguese.
_WORDS: Mapping[str, tuple[str, str, str]] = {
    # sheets
    "instructions": ("Instrucciones", "Instructions", "Instruções"),
    "lists": ("Listas", "Lists", "Listas"),
    # the rows above the table; a declaration finds edition and period by the first words
    "edition": (
        "Edición: fecha de los datos",
        "Edition: date of the data",
        "Edição: data dos dados",
    ),
    "period": (
        "Periodo: primer y último día",
        "Period: first and last day",
        "Período: primeiro e último dia",
    ),
    "example": ("Ejemplo", "Example", "Exemplo"),
    # instructions
    "title": ("Plantilla de datos", "Data template", "Modelo de dados"),
    "row_is": (
        "Cada fila de la hoja «{sheet}» es un registro: {grain}. Escriba debajo de los nombres de columna "
        "(la última fila gris).",
        "Each row of the sheet “{sheet}” is one record: {grain}. Write below the names of the columns (the last "
        "grey row).",
        "Cada linha da planilha “{sheet}” é um registro: {grain}. Escreva abaixo dos nomes das colunas (a última "
        "linha cinza).",
    ),
    "first_fill": (
        "Llene primero las celdas amarillas: la edición decide qué archivo vale cuando llega una corrección; una "
        "fecha fuera del periodo no se admite.",
        "Fill in the yellow cells first: the edition decides which file holds when a correction arrives; a date "
        "outside the period is not accepted.",
        "Preencha primeiro as células amarelas: a edição decide qual arquivo vale quando chega uma correção; uma data "
        "fora do período não é aceita.",
    ),
    "required_first": (
        "Las columnas azules son obligatorias. En las demás, una celda vacía significa que no se sabe o no se "
        "preguntó: no escriba 0, guiones ni «S/D».",
        "Blue columns are required. In the others an empty cell means that it is not known or was not asked: do not "
        "write 0, dashes or “N/A”.",
        "As colunas azuis são obrigatórias. Nas demais, uma célula vazia significa que não se sabe ou não se "
        "perguntou: não escreva 0, traços nem “S/D”.",
    ),
    "choose": (
        "Donde hay una lista, elija en ella. En una lista larga escriba el comienzo del código, abra la lista "
        "(Alt + flecha abajo) y elija; vale también el código solo. La hoja «{lists}» tiene todas las listas.",
        "Where there is a list, choose from it. In a long list type the beginning of the code, open the list "
        "(Alt + down arrow) and choose; the code alone is accepted too. The sheet “{lists}” has all lists.",
        "Onde há uma lista, escolha nela. Em uma lista longa digite o começo do código, abra a lista (Alt + seta "
        "para baixo) e escolha; o código sozinho também vale. A planilha “{lists}” tem todas as listas.",
    ),
    "write_dates": (
        "Fechas como 2024-03-31. Números sin separador de miles. Los códigos son texto: los ceros a la izquierda "
        "cuentan.",
        "Dates as 2024-03-31. Numbers without thousands separators. Codes are text: leading zeros matter.",
        "Datas como 2024-03-31. Números sem separador de milhares. Os códigos são texto: os zeros à esquerda contam.",
    ),
    "red": (
        "Una celda roja tiene algo que falta o que no está en su lista.",
        "A red cell lacks something or holds what is not in its list.",
        "Uma célula vermelha tem algo que falta ou que não está em sua lista.",
    ),
    "keep": (
        "No cambie los nombres de las columnas ni de las hojas, ni agregue columnas. Puede ordenar, filtrar y pegar "
        "muchas filas (pegado especial: valores). Las listas y los avisos llegan hasta la fila {rows}; lo que esté "
        "debajo también se carga.",
        "Do not change the names of columns or sheets, and add no columns. You may sort, filter and paste many rows "
        "(paste special: values). Lists and warnings reach row {rows}; what is below is loaded too.",
        "Não mude os nomes das colunas nem das planilhas, nem acrescente colunas. Pode ordenar, filtrar e colar "
        "muitas linhas (colar especial: valores). As listas e os avisos chegam até a linha {rows}; o que estiver "
        "abaixo também é carregado.",
    ),
    "areas_not_loaded": (
        "Estas columnas no ofrecen una lista, porque las áreas de ese nivel todavía no están cargadas: {columns}. "
        "Escriba el código de la oficina de estadística. Cuando las áreas estén cargadas, pida una plantilla nueva: "
        "traerá la lista.",
        "These columns offer no list, because the areas of that level are not loaded yet: {columns}. Write the code of "
        "the statistics office. Once the areas are loaded ask for a new template: it will have the list.",
        "Estas colunas não oferecem uma lista, porque as áreas desse nível ainda não estão carregadas: {columns}. "
        "Escreva o código do instituto de estatística. Quando as áreas estiverem carregadas, peça um novo modelo: ele "
        "trará a lista.",
    ),
    "personal": (
        "Las columnas naranja identifican a personas o expedientes: se guardan solo como clave cifrada o en un archivo "
        "restringido. No escriba nombres, direcciones ni relatos en ninguna columna. Envíe el archivo solo por el "
        "canal acordado.",
        "Orange columns identify persons or files: they are kept as a keyed hash only, or in a restricted file. Write "
        "no names, addresses or narratives in any column. Send the file by the agreed channel only.",
        "As colunas laranja identificam pessoas ou processos: são guardadas apenas como chave cifrada ou em um arquivo "
        "restrito. Não escreva nomes, endereços nem relatos em nenhuma coluna. Envie o arquivo apenas pelo canal "
        "acordado.",
    ),
    "correct": (
        "Para corregir, envíe otra vez el periodo completo con una edición posterior: lo nuevo sustituye a lo "
        "anterior, nada se duplica.",
        "To correct, send the whole period again with a later edition: the new replaces the old, nothing is doubled.",
        "Para corrigir, envie outra vez o período completo com uma edição posterior: o novo substitui o anterior, nada "
        "se duplica.",
    ),
    # the table of columns
    "columns": ("Las columnas", "The columns", "As colunas"),
    "column": ("Columna", "Column", "Coluna"),
    "meaning": ("Significado", "Meaning", "Significado"),
    "required": ("Obligatoria", "Required", "Obrigatória"),
    "how": ("Cómo se escribe", "How it is written", "Como se escreve"),
    "yes": ("sí", "yes", "sim"),
    "rules": ("Lo que se comprueba", "What is checked", "O que se verifica"),
    "rule": ("Regla", "Rule", "Regra"),
    "message": ("Mensaje", "Message", "Mensagem"),
    "mend": ("Cómo corregir", "How to mend", "Como corrigir"),
    # how a column is written
    "as_text": ("texto", "text", "texto"),
    "as_code": ("código de la lista {list}", "code of the list {list}", "código da lista {list}"),
    "as_area": (
        "código de la oficina de estadística",
        "code of the statistics office",
        "código do instituto de estatística",
    ),
    "as_published_area": (
        "código del país, guion y código de la oficina de estadística",
        "code of the country, hyphen and code of the statistics office",
        "código do país, hífen e código do instituto de estatística",
    ),
    "as_date": ("fecha AAAA-MM-DD", "date YYYY-MM-DD", "data AAAA-MM-DD"),
    "as_integer": ("número entero", "whole number", "número inteiro"),
    "as_number": ("número", "number", "número"),
    "from_to": ("de {low} a {high}", "from {low} to {high}", "de {low} a {high}"),
    "more_than": ("más de {low}", "more than {low}", "mais de {low}"),
    "at_least": ("desde {low}", "at least {low}", "a partir de {low}"),
    "at_most": ("hasta {high}", "at most {high}", "até {high}"),
    "empty_is": ("vacía: {empty}", "empty: {empty}", "vazia: {empty}"),
    "identifier_of": (
        "Identificador: {what}",
        "Identifier: {what}",
        "Identificador: {what}",
    ),
    "identifies": (
        "identifica: se guarda solo cifrada",
        "identifies: kept as a keyed hash only",
        "identifica: guarda-se apenas cifrada",
    ),
    "is_restricted": ("restringida", "restricted", "restrita"),
    # messages of the drop-downs
    "not_in_list": (
        "Elija un valor de la lista. La hoja «{lists}» muestra los códigos.",
        "Choose a value of the list. The sheet “{lists}” shows the codes.",
        "Escolha um valor da lista. A planilha “{lists}” mostra os códigos.",
    ),
    "no_date": (
        "Escriba una fecha entre {first} y {last}, como 2024-03-31.",
        "Write a date between {first} and {last}, such as 2024-03-31.",
        "Escreva uma data entre {first} e {last}, como 2024-03-31.",
    ),
    "no_number": ("Escriba un número: {how}.", "Write a number: {how}.", "Escreva um número: {how}."),
    "type_code": (
        "Escriba el comienzo del código y abra la lista con Alt + flecha abajo.",
        "Type the beginning of the code and open the list with Alt + down arrow.",
        "Digite o começo do código e abra a lista com Alt + seta para baixo.",
    ),
}


def word(key: str, language: Language, **parts: object) -> str:
    """A word or sentence in a language.

    Raises:
        KeyError: There is no such word.
    """
    return _WORDS[key][LANGUAGES.index(language)].format(**parts)


def in_every_language(key: str) -> tuple[str, str, str]:
    """A word in the three languages."""
    return _WORDS[key]


def meaning(column: Column, language: Language) -> str:
    """What a column holds; of a keyed hash, what it is made of."""
    text = column.field.description[language]
    if column.sensitivity == "identifier":
        for beginning in _HASH_OF:
            text = text.removeprefix(beginning)
        return word("identifier_of", language, what=text)
    return text


def label(column: Column, language: Language) -> str:
    """A short title of a column: its meaning up to the first semicolon."""
    return meaning(column, language).partition(";")[0]


def how(column: Column, language: Language) -> str:
    """How a column is written, in a few words: kind, limits, unit, what an empty cell means."""
    if column.codelist:
        kind = word("as_code", language, list=column.codelist)
    elif column.prefix:
        kind = word("as_area", language)
    elif column.is_area:
        kind = word("as_published_area", language)
    else:
        kind = word(f"as_{column.kind}", language)
    parts = [kind, _limits(column, language), units.word(column.field.unit, language)]
    if column.empty is not None:
        parts.append(word("empty_is", language, empty=column.empty))
    if column.sensitivity != "open":
        parts.append(word("identifies" if column.sensitivity == "identifier" else "is_restricted", language))
    return ", ".join(p for p in parts if p)


def _limits(column: Column, language: Language) -> str:
    low, high = column.low, column.high
    # the limit of what can be added up is no limit of the subject
    high = None if high is not None and high >= 10**9 else high
    if low is not None and high is not None:
        return word("from_to", language, low=low, high=high)
    if low is not None:
        return word("more_than" if column.above else "at_least", language, low=low)
    return word("at_most", language, high=high) if high is not None else ""


def entry(code: str, text: str) -> str:
    """What a person chooses: the code and its label."""
    return f"{code}{BETWEEN}{text}"

"""The words of a report to a provider, in Spanish, English and Portuguese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from schemas.rules.rule import Text, say
from schemas.templates.words import Language

_WORDS: Mapping[str, Text] = {
    "heading": say("Informe de la entrega", "Report on the delivery", "Relatório da entrega"),
    "file": say("Archivo", "File", "Arquivo"),
    "hash": say("Huella SHA-256", "SHA-256 hash", "Resumo SHA-256"),
    "provider": say("Proveedor", "Provider", "Provedor"),
    "source": say("Fuente", "Source", "Fonte"),
    "edition": say("Edición", "Edition", "Edição"),
    "period": say("Periodo", "Period", "Período"),
    "result": say("Resultado", "Result", "Resultado"),
    "accepted": say(
        "El archivo está bien: todos sus registros se pueden cargar.",
        "The file is good: all of its records can be loaded.",
        "O arquivo está correto: todos os seus registros podem ser carregados.",
    ),
    "accepted_in_part": say(
        "El archivo se puede cargar en parte: {bad} de {all} registros quedan en cuarentena hasta que se corrijan.",
        "The file can be loaded in part: {bad} of {all} records go to quarantine until they are corrected.",
        "O arquivo pode ser carregado em parte: {bad} de {all} registros ficam em quarentena até serem corrigidos.",
    ),
    "nothing_accepted": say(
        "No se puede cargar ningún registro. Si todos incumplen la misma regla, cambió la forma de una columna o una "
        "lista de códigos.",
        "No record can be loaded. Where all break the same rule, the form of a column or a list of codes has changed.",
        "Nenhum registro pode ser carregado. Se todos descumprem a mesma regra, mudou a forma de uma coluna ou uma "
        "lista de códigos.",
    ),
    "refused": say(
        "El archivo no se puede cargar como está y hay que enviarlo de nuevo.",
        "The file cannot be loaded as it is and has to be sent again.",
        "O arquivo não pode ser carregado como está e deve ser enviado de novo.",
    ),
    "why": say("Por qué", "Why", "Por quê"),
    "where": say("Dónde", "Where", "Onde"),
    "how": say("Cómo corregirlo", "How to mend it", "Como corrigir"),
    "missing": say("Columnas que faltan", "Columns that are missing", "Colunas que faltam"),
    "added": say("Columnas que no se esperaban", "Columns that were not expected", "Colunas não esperadas"),
    "summary": say("Resumen", "Summary", "Resumo"),
    "errors": say("Errores", "Errors", "Erros"),
    "warnings": say("Avisos", "Warnings", "Avisos"),
    "positions": say("Posiciones", "Positions", "Posições"),
    "codes": say("Códigos desconocidos", "Unknown codes", "Códigos desconhecidos"),
    "no_errors": say("No hay errores.", "There are no errors.", "Não há erros."),
    "id": say("Identificador", "Identifier", "Identificador"),
    "columns": say("Columnas", "Columns", "Colunas"),
    "column": say("Columna", "Column", "Coluna"),
    "problem": say("Problema", "Problem", "Problema"),
    "records": say("Registros", "Records", "Registros"),
    "share": say("Proporción", "Share", "Proporção"),
    "effect": say("Efecto", "Effect", "Efeito"),
    "quarantine": say("no se carga", "is not loaded", "não se carrega"),
    "warning": say("se carga, con aviso", "is loaded, with a warning", "carrega-se, com aviso"),
    "refusal": say("no se carga el archivo", "the file is not loaded", "o arquivo não se carrega"),
    "line": say("línea", "line", "linha"),
    "row": say("fila", "row", "linha"),
    "record": say("registro", "record", "registro"),
    "sheet": say("hoja", "sheet", "planilha"),
    "value": say("Valor en el archivo", "Value in the file", "Valor no arquivo"),
    "hidden": say("no se muestra", "not shown", "não se mostra"),
    "first": say("Primeras posiciones", "First positions", "Primeiras posições"),
    "code": say("Código", "Code", "Código"),
    "delivered": say("Filas entregadas", "Rows delivered", "Linhas entregues"),
    "unreadable": say("Filas ilegibles", "Rows that cannot be read", "Linhas ilegíveis"),
    "left_out": say(
        "Filas dejadas fuera: {reason}", "Rows left out: {reason}", "Linhas deixadas de fora: {reason}"
    ),
    "made": say("Registros formados", "Records made", "Registros formados"),
    "good": say("Registros correctos", "Good records", "Registros corretos"),
    "quarantined": say("Registros en cuarentena", "Records in quarantine", "Registros em quarentena"),
    "excluded": say("Registros dejados fuera", "Records left out", "Registros deixados de fora"),
    "equal": say(
        "Filas iguales a otra anterior", "Rows equal to an earlier one", "Linhas iguais a uma anterior"
    ),
    "total": say("Total del archivo: {name}", "Total in the file: {name}", "Total do arquivo: {name}"),
    "stated": say(
        "{stated} en el archivo, {found} al sumar sus filas",
        "{stated} in the file, {found} by adding up its rows",
        "{stated} no arquivo, {found} ao somar suas linhas",
    ),
    "total_differs": say(
        "El total que dice el archivo no es la suma de sus filas",
        "The total that the file states is not the sum of its rows",
        "O total que o arquivo diz não é a soma de suas linhas",
    ),
    "total_mend": say(
        "Compruebe si faltan filas o si hay filas repetidas, y envíe el archivo de nuevo",
        "Check whether rows are missing or come twice, and send the file again",
        "Verifique se faltam linhas ou se há linhas repetidas, e envie o arquivo de novo",
    ),
    "whole_file": say("todo el archivo", "the whole file", "todo o arquivo"),
    "note": say(
        "Los identificadores son estables: el mismo problema tiene el mismo en el informe de la próxima entrega. No se "
        "muestra ningún valor de columnas con números de casos, documentos, nombres, direcciones o textos libres.",
        "Identifiers are stable: the same problem has the same one in the report on the next delivery. No value is "
        "shown of columns with case numbers, documents, names, addresses or free text.",
        "Os identificadores são estáveis: o mesmo problema tem o mesmo no relatório da próxima entrega. Não se mostra "
        "nenhum valor de colunas com números de casos, documentos, nomes, endereços ou textos livres.",
    ),
    # what to do, in the words of whoever makes the file
    "mend_unreadable": say(
        "Escriba todos los valores de la columna en una misma forma",
        "Write all values of the column in one form",
        "Escreva todos os valores da coluna em uma mesma forma",
    ),
    "mend_date": say(
        "Escriba las fechas así: {forms}", "Write dates like this: {forms}", "Escreva as datas assim: {forms}"
    ),
    "mend_unknown_code": say(
        "Use un código de la lista acordada; si es nuevo, díganos qué significa",
        "Use a code of the list that was agreed; if it is new, tell us what it means",
        "Use um código da lista acordada; se é novo, diga-nos o que significa",
    ),
}


def word(key: str, language: Language, **values: object) -> str:
    """A text in a language, with what belongs into it."""
    return _WORDS[key][language].format(**values)


def example(form: str) -> str:
    """A date in a declared form."""
    return dt.date(2024, 12, 31).strftime(form)


def number(value: float, language: Language) -> str:
    """A number as the language writes it."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return text if language == "en" else text.replace(",", "\u202f").replace(".", ",")


def percent(share: float, language: Language) -> str:
    """A share as a percentage; what is above nothing is not shown as nothing."""
    if 0 < share < 0.0005:
        return f"< {'0.1' if language == 'en' else '0,1'} %"
    text = f"{share * 100:.1f}".removesuffix(".0")
    return f"{text if language == 'en' else text.replace('.', ',')} %"

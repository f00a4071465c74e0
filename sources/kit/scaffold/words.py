"""What a drafted declaration says to the person who completes it, in Spanish, English and Portuguese."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.rules.rule import Text, say
from schemas.templates.words import Language

_WORDS: Mapping[str, Text] = {
    "made_by": say(
        "Borrador hecho por siprev source new a partir de {file}. Lo que dice «por confirmar» es una suposición.",
        "Draft made by siprev source new out of {file}. What says “to confirm” is a guess.",
        "Rascunho feito por siprev source new a partir de {file}. O que diz «a confirmar» é uma suposição.",
    ),
    "how": say(
        "Busque «{mark}» para lo que falta; qué significa cada clave: docs/reference/source-yml.md",
        "Look for “{mark}” for what is missing; what each key means: docs/reference/source-yml.md",
        "Procure «{mark}» para o que falta; o que significa cada chave: docs/reference/source-yml.md",
    ),
    "confirm": say("por confirmar", "to confirm", "a confirmar"),
    "record_type": say(
        "por confirmar: qué es una fila. Otros candidatos: {others}",
        "to confirm: what one row is. Other candidates: {others}",
        "a confirmar: o que é uma linha. Outros candidatos: {others}",
    ),
    "source_type": say(
        "por confirmar: qué clase de institución entrega los datos",
        "to confirm: what kind of institution delivers the data",
        "a confirmar: que tipo de instituição entrega os dados",
    ),
    "agreement": say(
        "Complételo con quien responde por los datos; siprev source list --agreements muestra lo que falta",
        "Complete this with the owner of the data; siprev source list --agreements shows what is open",
        "Complete com quem responde pelos dados; siprev source list --agreements mostra o que falta",
    ),
    "no_edition": say(
        "Ni el nombre ni el texto del archivo dicen la fecha de la edición: cuenta el orden de llegada",
        "Neither the name nor the text of the file says the date of the edition: the order of arrival counts",
        "Nem o nome nem o texto do arquivo dizem a data da edição: conta a ordem de chegada",
    ),
    "edition": say("En este archivo: {value}", "In this file: {value}", "Neste arquivo: {value}"),
    "key": say(
        "Sin clave: filas iguales son hechos distintos. Si el proveedor garantiza que no se repiten: "
        "key: {{columns: [{columns}]}}",
        "No key: equal rows are different events. If the provider guarantees that none comes twice: "
        "key: {{columns: [{columns}]}}",
        "Sem chave: linhas iguais são fatos diferentes. Se o provedor garante que não se repetem: "
        "key: {{columns: [{columns}]}}",
    ),
    "no_key": say(
        "Sin clave: filas iguales son hechos distintos",
        "No key: equal rows are different events",
        "Sem chave: linhas iguais são fatos diferentes",
    ),
    "slice": say(
        "Lo que un archivo corregido sustituye entero",
        "What a corrected file replaces as a whole",
        "O que um arquivo corrigido substitui por inteiro",
    ),
    "cells": say(
        "por confirmar: reported_values = sin fila no hay reporte; whole_period = el archivo cubre todo el país, "
        "sin fila es cero",
        "to confirm: reported_values = no row, no report; whole_period = the file covers the whole country, no row "
        "is zero",
        "a confirmar: reported_values = sem linha não há registro; whole_period = o arquivo cobre todo o país, sem "
        "linha é zero",
    ),
    "basis": say(
        "por confirmar: de qué lugar y de qué fecha habla el archivo",
        "to confirm: whose place and which date the file speaks of",
        "a confirmar: de que lugar e de que data o arquivo fala",
    ),
    "others": say(
        "También se podría leer: {others}",
        "Could be read instead: {others}",
        "Também se poderia ler: {others}",
    ),
    "identifier": say(
        "Números de casos y documentos: solo se guarda su hash con clave",
        "Numbers of cases and documents: only their keyed hash is kept",
        "Números de casos e documentos: só se guarda seu hash com chave",
    ),
    "restricted": say(
        "Nombres, direcciones, textos libres: no se guardan. Pase a open solo lo que no lleva a una persona",
        "Names, addresses, free text: kept nowhere. Move to open only what leads to nobody",
        "Nomes, endereços, textos livres: não se guardam. Passe a open só o que não leva a uma pessoa",
    ),
    "total_rows": say(
        "Filas de totales: no son registros",
        "Rows of totals: no records",
        "Linhas de totais: não são registros",
    ),
    "merged": say(
        "Por confirmar: una celda vacía dice lo que dice la de arriba (celdas combinadas)",
        "To confirm: an empty cell says what the one above it says (merged cells)",
        "A confirmar: uma célula vazia diz o que diz a de cima (células mescladas)",
    ),
    "parents": say(
        "Filas que suman otras filas del archivo (11 sobre 11001): se contarían dos veces",
        "Rows that add up other rows of the file (11 above 11001): they would be counted twice",
        "Linhas que somam outras linhas do arquivo (11 acima de 11001): seriam contadas duas vezes",
    ),
    "subtotals": say(
        "exclude: las filas suman {times} veces el total del archivo: hay subtotales entre ellas; déjelas fuera",
        "exclude: the rows add up to {times} times the file's total: subtotals stand among them; leave them out",
        "exclude: as linhas somam {times} vezes o total do arquivo: há subtotais entre elas; deixe-as de fora",
    ),
    "stated": say(
        "El total del archivo es la suma de sus filas: se comprueba en cada entrega",
        "The file's total is the sum of its rows: it is checked in each delivery",
        "O total do arquivo é a soma de suas linhas: verifica-se em cada entrega",
    ),
    "unpivot": say(
        "Columnas de valores, una al lado de otra: cada una es un registro",
        "Value columns side by side: each is a record",
        "Colunas de valores lado a lado: cada uma é um registro",
    ),
    "blank": say("una celda vacía no es cero", "an empty cell is no zero", "uma célula vazia não é zero"),
    "draft_table": say(
        "Borrador: {n} de {all} etiquetas tienen código en {table}",
        "Draft: {n} of {all} labels have a code in {table}",
        "Rascunho: {n} de {all} rótulos têm código em {table}",
    ),
    "from_titles": say(
        "por confirmar: el nombre o los títulos del archivo lo dicen",
        "to confirm: the name or the titles of the file say so",
        "a confirmar: o nome ou os títulos do arquivo dizem isso",
    ),
    "same_for_all": say(
        "por confirmar: igual para todas las filas",
        "to confirm: the same for all rows",
        "a confirmar: igual para todas as linhas",
    ),
    "not_used": say(
        "Columnas sin campo: {columns}", "Columns without a field: {columns}", "Colunas sem campo: {columns}"
    ),
    "year_in_title": say(
        "por confirmar: el año está solo en el nombre o los títulos del archivo",
        "to confirm: the year stands only in the name or the titles of the file",
        "a confirmar: o ano está só no nome ou nos títulos do arquivo",
    ),
    "local": say(
        "por confirmar: el código de la oficina de estadística",
        "to confirm: the code of the statistics office",
        "a confirmar: o código do instituto de estatística",
    ),
    # what is missing
    "uncertain_type": say(
        "record_type: nada en el archivo dice con certeza qué es una fila; candidatos: {others}",
        "record_type: nothing in the file says for certain what a row is; candidates: {others}",
        "record_type: nada no arquivo diz com certeza o que é uma linha; candidatos: {others}",
    ),
    "decimals": say(
        "count: los valores tienen decimales, y lo que se cuenta es entero. ¿Están en miles? Escriba times: 1000, "
        "o pida las cifras enteras",
        "count: the values have decimals, and what is counted is whole. In thousands? Write times: 1000, or ask for "
        "whole figures",
        "count: os valores têm decimais, e o que se conta é inteiro. Estão em milhares? Escreva times: 1000, ou peça "
        "os números inteiros",
    ),
    "missing_field": say(
        "{field}: {description}. Ninguna columna parece decirlo; escriba de qué columna viene, o fixed",
        "{field}: {description}. No column seems to say it; write which column it comes from, or fixed",
        "{field}: {description}. Nenhuma coluna parece dizê-lo; escreva de que coluna vem, ou fixed",
    ),
    "missing_codes": say(
        "{table}: {n} etiquetas ({rows} filas) sin código; sus filas irían a cuarentena: {labels}",
        "{table}: {n} labels ({rows} rows) have no code; their rows would go to quarantine: {labels}",
        "{table}: {n} rótulos ({rows} linhas) sem código; suas linhas iriam para a quarentena: {labels}",
    ),
    "missing_areas": say(
        "{table}: escriba el código de la oficina de estadística de cada área, por ejemplo {country}-01",
        "{table}: write the code of the statistics office for each area, such as {country}-01",
        "{table}: escreva o código do instituto de estatística de cada área, por exemplo {country}-01",
    ),
    "unmapped": say(
        "{table}: {n} etiquetas ({rows} filas) como unmapped: se cargan y no cuentan en ningún indicador",
        "{table}: {n} labels ({rows} rows) as unmapped: they are loaded and count in no indicator",
        "{table}: {n} rótulos ({rows} linhas) como unmapped: são carregados e não contam em nenhum indicador",
    ),
    "number_codes": say(
        "{column} tiene solo números ({values}): pida al proveedor su catálogo y escriba la tabla para {field}",
        "{column} has numbers alone ({values}): ask the provider for its list of codes and write the table for {field}",
        "{column} tem só números ({values}): peça ao provedor sua lista de códigos e escreva a tabela para {field}",
    ),
    # NOTES.md
    "notes_title": say("Notas de {id}", "Notes on {id}", "Notas de {id}"),
    "notes_file": say("El archivo", "The file", "O arquivo"),
    "notes_columns": say("Sus columnas", "Its columns", "Suas colunas"),
    "notes_open": say(
        "Lo que falta y lo que hay que confirmar",
        "What is missing and to be confirmed",
        "O que falta e o que confirmar",
    ),
    "notes_ask": say(
        "Preguntas al proveedor: ¿qué cuenta un número? ¿de qué lugar y qué fecha? ¿qué es una celda vacía? "
        "¿cuándo se corrigen los datos?",
        "Questions to the provider: what does a number count? whose place, which date? what is an empty cell? when "
        "are data corrected?",
        "Perguntas ao provedor: o que conta um número? de que lugar e que data? o que é uma célula vazia? quando se "
        "corrigem os dados?",
    ),
    "col_name": say("columna", "column", "coluna"),
    "col_use": say("uso", "use", "uso"),
    "col_filled": say("con valor", "filled", "preenchidas"),
    "col_distinct": say("distintos", "distinct", "distintos"),
    "col_values": say("más frecuentes", "most frequent", "mais frequentes"),
    "hidden": say("no se muestran", "not shown", "não se mostram"),
    "rows": say(
        "{n} filas, {columns} columnas", "{n} rows, {columns} columns", "{n} linhas, {columns} colunas"
    ),
}


def word(key: str, language: Language, **values: object) -> str:
    """A text in a language, with what belongs into it."""
    return _WORDS[key][language].format(**values)

"""What a provider is told of a file that was not read: the reason in its own language, by the stable code of it.

A refusal says in English what stands in the way, with all details; here each code has a sentence and a cure in the
three languages, for whoever made the file. A code that has none is told in the words of the refusal itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schemas.errors import Refusal
from schemas.rules import explain
from schemas.rules.rule import Text, say
from schemas.templates.words import Language
from sources.kit.feedback.report import Refused

_AGAIN = say(
    "Expórtelo otra vez del sistema de origen y envíelo entero",
    "Export it again from the system of origin and send it whole",
    "Exporte-o de novo do sistema de origem e envie-o inteiro",
)
_UNLOCKED = say(
    "Envíelo sin contraseña por un medio protegido",
    "Send it without a password over a protected way",
    "Envie-o sem senha por um meio protegido",
)
_COLUMNS = say(
    "Envíe el archivo con las columnas acordadas; si cambiaron a propósito, díganos qué es cada una",
    "Send the file with the columns that were agreed; if they changed on purpose, tell us what each of them is",
    "Envie o arquivo com as colunas acordadas; se mudaram de propósito, diga-nos o que é cada uma",
)
_FORMAT = say(
    "Guárdelo en el formato acordado y envíelo de nuevo",
    "Save it in the format that was agreed and send it again",
    "Salve-o no formato acordado e envie-o de novo",
)
_TITLE = say(
    "Escriba la fecha en el nombre o el título como en las entregas anteriores",
    "Write the date in the name or title as in earlier deliveries",
    "Escreva a data no nome ou no título como nas entregas anteriores",
)

#: What is wrong and how to mend it, by the code of a refusal.
TEXTS: Mapping[str, tuple[Text, Text]] = {
    "header_drift": (
        say(
            "Los nombres de las columnas no son los acordados",
            "The names of the columns are not those that were agreed",
            "Os nomes das colunas não são os acordados",
        ),
        _COLUMNS,
    ),
    "header_too_wide": (
        say(
            "El encabezado tiene miles de columnas más que una tabla",
            "The header has thousands of columns more than a table has",
            "O cabeçalho tem milhares de colunas a mais que uma tabela",
        ),
        _AGAIN,
    ),
    "record_too_wide": (
        say(
            "Un registro tiene miles de campos más que el encabezado: faltan saltos de línea",
            "A record has thousands of fields more than the header: line breaks are missing",
            "Um registro tem milhares de campos a mais que o cabeçalho: faltam quebras de linha",
        ),
        _AGAIN,
    ),
    "header_joined": (
        say(
            "Falta el salto de línea después de los nombres de las columnas",
            "The line break after the names of the columns is missing",
            "Falta a quebra de linha depois dos nomes das colunas",
        ),
        _AGAIN,
    ),
    "wrong_encoding": (
        say(
            "Las letras del archivo están en otra codificación que la acordada",
            "The letters of the file are in another encoding than the one that was agreed",
            "As letras do arquivo estão em outra codificação que a acordada",
        ),
        say(
            "Expórtelo del sistema de origen sin abrirlo ni guardarlo en una hoja de cálculo",
            "Export it from the system of origin without opening or saving it in a spreadsheet",
            "Exporte-o do sistema de origem sem abri-lo nem salvá-lo em uma planilha",
        ),
    ),
    "nul_bytes": (
        say("El archivo está dañado", "The file is damaged", "O arquivo está danificado"),
        _AGAIN,
    ),
    "line_too_long": (
        say(
            "Una línea es demasiado larga: una comilla no se cierra o faltan saltos de línea",
            "A line is too long: a quote is never closed, or line breaks are missing",
            "Uma linha é longa demais: uma aspa não se fecha ou faltam quebras de linha",
        ),
        _AGAIN,
    ),
    "no_zone": (
        say(
            "Una columna de tiempo tiene zona horaria y no sabemos en cuál cuentan sus días",
            "A column of times has a time zone, and we do not know in which one its days count",
            "Uma coluna de tempo tem fuso horário e não sabemos em qual contam seus dias",
        ),
        say(
            "Díganos la zona horaria de su institución",
            "Tell us the time zone of your institution",
            "Diga-nos o fuso horário de sua instituição",
        ),
    ),
    "empty_file": (say("El archivo está vacío", "The file is empty", "O arquivo está vazio"), _AGAIN),
    "no_rows": (
        say(
            "El archivo tiene nombres de columnas y ninguna fila",
            "The file has names of columns and no row",
            "O arquivo tem nomes de colunas e nenhuma linha",
        ),
        say(
            "Envíelo con sus datos; si no hubo nada que reportar, díganoslo por escrito",
            "Send it with its data; if there was nothing to report, tell us so in writing",
            "Envie-o com seus dados; se não houve nada a informar, diga-nos por escrito",
        ),
    ),
    "broken_structure": (
        say(
            "Las filas del archivo no se pueden separar: comillas o fines de línea distintos",
            "The rows of the file cannot be told apart: its quotes or line ends differ",
            "As linhas do arquivo não se podem separar: aspas ou fins de linha diferentes",
        ),
        _AGAIN,
    ),
    "quote_never_closed": (
        say(
            "Una comilla se abre y no se cierra",
            "A quote is opened and never closed",
            "Uma aspa se abre e não se fecha",
        ),
        say(
            "Corrija la comilla en el registro indicado, o exporte el archivo otra vez",
            "Correct the quote in the record that is named, or export the file again",
            "Corrija a aspa no registro indicado, ou exporte o arquivo de novo",
        ),
    ),
    "last_line_cut": (
        say(
            "El archivo está cortado: su última fila no está entera",
            "The file is cut: its last row is not whole",
            "O arquivo está cortado: sua última linha não está inteira",
        ),
        say(
            "La transferencia se interrumpió: envíelo de nuevo",
            "The transfer was interrupted: send it again",
            "A transferência foi interrompida: envie-o de novo",
        ),
    ),
    "file_locked": (
        say(
            "El archivo está protegido con contraseña",
            "The file is locked with a password",
            "O arquivo está protegido com senha",
        ),
        _UNLOCKED,
    ),
    "archive_locked": (
        say(
            "El archivo comprimido está protegido con contraseña",
            "The archive is locked with a password",
            "O arquivo compactado está protegido com senha",
        ),
        _UNLOCKED,
    ),
    "archive_unreadable": (
        say(
            "El archivo comprimido no se puede abrir",
            "The archive cannot be opened",
            "O arquivo compactado não pode ser aberto",
        ),
        _AGAIN,
    ),
    "archive_member": (
        say(
            "El archivo comprimido no contiene el archivo acordado, o contiene varios",
            "The archive does not hold the file that was agreed, or holds several",
            "O arquivo compactado não contém o arquivo acordado, ou contém vários",
        ),
        say(
            "Comprima solo el archivo acordado",
            "Pack the file that was agreed alone",
            "Compacte somente o arquivo acordado",
        ),
    ),
    "archive_bomb": (
        say(
            "El archivo comprimido se expande a un tamaño imposible",
            "The archive unpacks to an impossible size",
            "O arquivo compactado se expande a um tamanho impossível",
        ),
        _AGAIN,
    ),
    "workbook_unreadable": (
        say(
            "El libro de Excel no se puede abrir",
            "The workbook cannot be opened",
            "A pasta de trabalho não abre",
        ),
        _FORMAT,
    ),
    "unreadable_file": (
        say("El archivo no se puede abrir", "The file cannot be opened", "O arquivo não pode ser aberto"),
        _FORMAT,
    ),
    "sheet_too_large": (
        say(
            "La hoja tiene un valor suelto muy lejos de la tabla",
            "The sheet has a stray value far from the table",
            "A planilha tem um valor solto muito longe da tabela",
        ),
        say(
            "Vaya a la última celda (Ctrl+Fin), borre filas y columnas detrás de la tabla, guarde y envíelo de nuevo",
            "Go to the last cell (Ctrl+End), delete the rows and columns behind the table, save it and send it again",
            "Vá à última célula (Ctrl+End), apague as linhas e colunas atrás da tabela, salve e envie de novo",
        ),
    ),
    "not_calculated": (
        say(
            "El libro tiene fórmulas sin resultado guardado",
            "The workbook has formulas whose result is not stored",
            "A pasta de trabalho tem fórmulas sem resultado guardado",
        ),
        say(
            "Ábralo en Excel o LibreOffice, recalcule (F9), guárdelo y envíelo de nuevo",
            "Open it in Excel or LibreOffice, let it calculate (F9), save it and send it again",
            "Abra-a no Excel ou LibreOffice, recalcule (F9), salve-a e envie-a de novo",
        ),
    ),
    "no_sheet": (
        say(
            "El libro no tiene la hoja acordada",
            "The workbook does not have the sheet that was agreed",
            "A pasta não tem a planilha acordada",
        ),
        say(
            "Devuelva a la hoja su nombre, o díganos el nuevo",
            "Give the sheet its name again, or tell us the new one",
            "Devolva à planilha o seu nome, ou diga-nos o novo",
        ),
    ),
    "no_object": (
        say(
            "El archivo no contiene la tabla acordada",
            "The file does not hold the table that was agreed",
            "O arquivo não contém a tabela acordada",
        ),
        _FORMAT,
    ),
    "no_table": (
        say(
            "La base de datos no contiene la tabla acordada",
            "The database does not hold the table that was agreed",
            "O banco de dados não contém a tabela acordada",
        ),
        _FORMAT,
    ),
    "no_records_path": (
        say(
            "El documento JSON no tiene la lista de registros acordada",
            "The JSON document does not have the list of records that was agreed",
            "O documento JSON não tem a lista de registros acordada",
        ),
        _FORMAT,
    ),
    "ragged_json": (
        say(
            "Los registros del documento JSON no tienen todos la misma forma",
            "The records of the JSON document do not all have the same form",
            "Os registros do documento JSON não têm todos a mesma forma",
        ),
        _FORMAT,
    ),
    "html_page": (
        say(
            "Esto es una página web, no el archivo",
            "This is a web page, not the file",
            "Isto é uma página web, não o arquivo",
        ),
        say(
            "Descargue el archivo después de iniciar sesión y compruebe que se abre",
            "Download the file after logging in, and check that it opens",
            "Baixe o arquivo depois de entrar com sua conta e verifique se abre",
        ),
    ),
    "other_format": (
        say(
            "El archivo es de otro formato que el acordado",
            "The file is of another format than the one that was agreed",
            "O arquivo é de outro formato que o acordado",
        ),
        _FORMAT,
    ),
    "files_missing": (
        say(
            "Faltan archivos de la entrega",
            "Files of the delivery are missing",
            "Faltam arquivos da entrega",
        ),
        say(
            "Envíe juntos todos los archivos de la entrega",
            "Send all files of the delivery together",
            "Envie juntos todos os arquivos da entrega",
        ),
    ),
    "layout_not_used": (
        say(
            "El archivo tiene las columnas de otra edición",
            "The file has the columns of another edition",
            "O arquivo tem as colunas de outra edição",
        ),
        _COLUMNS,
    ),
    **{
        code: (
            say(
                "El nombre o el título del archivo no dicen lo acordado: fecha de la edición, periodo o año",
                "The name or title of the file does not say what was agreed: date of the edition, period or year",
                "O nome ou o título do arquivo não dizem o acordado: data da edição, período ou ano",
            ),
            _TITLE,
        )
        for code in ("no_edition", "no_period", "no_date", "no_month", "not_stated")
    },
    "control_total": (
        say(
            "El total que dice el archivo no se puede leer o no es la suma de sus filas",
            "The total that the file states cannot be read, or is not the sum of its rows",
            "O total que o arquivo diz não pode ser lido ou não é a soma de suas linhas",
        ),
        say(
            "Compruebe si faltan filas o si hay filas repetidas, y envíe el archivo de nuevo",
            "Check whether rows are missing or come twice, and send the file again",
            "Verifique se faltam linhas ou se há linhas repetidas, e envie o arquivo de novo",
        ),
    ),
}

#: Words of a place, which stand after the name of the file.
_PLACES = (
    (
        r"\brow (\d+) of the sheet\b",
        say(r"fila \1 de la hoja", r"row \1 of the sheet", r"linha \1 da planilha"),
    ),
    (r", line (\d+)", say(r", línea \1", r", line \1", r", linha \1")),
    (r", record (\d+)", say(r", registro \1", r", record \1", r", registro \1")),
    (r", byte (\d+)", say(r", byte \1", r", byte \1", r", byte \1")),
    (r", member ", say(", archivo ", ", member ", ", arquivo ")),
    (r", table ", say(", tabla ", ", table ", ", tabela ")),
    (r", header$", say(", encabezado", ", header", ", cabeçalho")),
    (r"\(it has ", say("(tiene ", "(it has ", "(tem ")),
    (r"(\d+) of (\d+) records", say(r"\1 de \2 registros", r"\1 of \2 records", r"\1 de \2 registros")),
)


def told(refusal: Refusal, language: Language) -> Refused:
    """A refusal in a provider's language."""
    details = refusal.details
    what, how = _texts(refusal, language)
    where = refusal.where
    for pattern, words in _PLACES:
        where = re.sub(pattern, words[language], where)
    return Refused(
        code=refusal.code,
        what=what,
        where=where,
        mend=how,
        missing=list(details.get("missing", ())),
        added=list(details.get("added", ())),
    )


def _texts(refusal: Refusal, language: Language) -> tuple[str, str]:
    if refusal.code in TEXTS:
        what, how = TEXTS[refusal.code]
        return what[language], how[language]
    try:
        return explain(refusal.code, language)
    except KeyError:
        return refusal.what, refusal.how

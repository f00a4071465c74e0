"""What the provider's program says, in three languages."""

from __future__ import annotations

README = {
    "es": """\
SEUDONIMIZAR UN ARCHIVO ANTES DE ENVIARLO

Este programa reemplaza los identificadores de un archivo CSV (expedientes, CURP, RUN, cédulas...) por seudónimos y
quita las columnas reservadas (nombres, direcciones, relatos). No usa internet ni instala nada: basta Python 3.8 o
posterior, en Windows, Linux o macOS.

1. Una sola vez, haga su clave:   python siprev_pseudonymise.py --new-key
   Guarde siprev_provider.key en la caja fuerte de su institución. No la envíe nunca, tampoco a quien recibe el archivo.
   Con otra clave la misma persona tendría otro seudónimo: si la pierde, avise antes de hacer una nueva.
2. En cada entrega:   python siprev_pseudonymise.py entrega.csv
   Envíe entrega.pseudonyms.csv y entrega.pseudonyms.csv.report.json. El original se queda en su institución.
   Si la entrega son varios archivos (víctimas e incidentes), repítalo con cada uno y la misma clave.
3. Lea el informe: dice cuántos valores de cada columna se reemplazaron, cuántos estaban vacíos, cuántos no pueden ser
   un identificador de su clase (quedan vacíos) y cuántos tienen mal el dígito verificador.

Dos escrituras de un identificador (guiones, puntos, mayúsculas, ceros) dan el mismo seudónimo. Nadie puede deshacer un
seudónimo sin su clave, y quien recibe el archivo vuelve a cifrarlo con la suya.""",
    "pt": """\
PSEUDONIMIZAR UM ARQUIVO ANTES DE ENVIÁ-LO

Este programa substitui os identificadores de um arquivo CSV (processos, CPF, RG, CNS...) por pseudônimos e retira as
colunas restritas (nomes, endereços, relatos). Não usa a internet nem instala nada: basta Python 3.8 ou posterior, em
Windows, Linux ou macOS.

1. Uma única vez, faça sua chave:   python siprev_pseudonymise.py --new-key
   Guarde siprev_provider.key no cofre de sua instituição. Nunca a envie, nem a quem recebe o arquivo. Com outra chave a
   mesma pessoa teria outro pseudônimo: se a perder, avise antes de fazer uma nova.
2. Em cada entrega:   python siprev_pseudonymise.py entrega.csv
   Envie entrega.pseudonyms.csv e entrega.pseudonyms.csv.report.json. O original fica em sua instituição.
   Se a entrega são vários arquivos (vítimas e ocorrências), repita com cada um e a mesma chave.
3. Leia o relatório: diz quantos valores de cada coluna foram substituídos, quantos estavam vazios, quantos não podem
   ser um identificador desse tipo (ficam vazios) e quantos têm dígito verificador errado.

Duas grafias de um identificador (hifens, pontos, maiúsculas, zeros) dão o mesmo pseudônimo. Ninguém desfaz um
pseudônimo sem sua chave, e quem recebe o arquivo volta a cifrá-lo com a sua.""",
    "en": """\
PSEUDONYMISE A FILE BEFORE YOU SEND IT

This program replaces the identifiers of a CSV file (case numbers, documents) by pseudonyms and takes out the restricted
columns (names, addresses, free text). It uses no network and installs nothing: Python 3.8 or later is enough, on
Windows, Linux or macOS.

1. Once, make your key:   python siprev_pseudonymise.py --new-key
   Keep siprev_provider.key in your institution's safe. Never send it, also not to whoever receives the file. With
   another key the same person would have another pseudonym: if you lose it, say so before you make a new one.
2. For every delivery:   python siprev_pseudonymise.py delivery.csv
   Send delivery.pseudonyms.csv and delivery.pseudonyms.csv.report.json. The original stays in your institution.
   If a delivery is several files (victims and incidents), do this with each of them and the same key.
3. Read the report: it says how many values of each column were replaced, how many were empty, how many cannot be an
   identifier of their kind (they become empty), and how many have a wrong check digit.

Two spellings of an identifier (hyphens, dots, capitals, zeros) give one pseudonym. Nobody can undo a pseudonym without
your key, and whoever receives the file hashes it again with theirs.""",
}

WORDS = {
    "es": {
        "description": "Reemplaza identificadores por seudónimos y quita columnas reservadas, sin red.",
        "help_file": "archivo CSV que se va a enviar",
        "help_output": "archivo que se escribe; sin esto, ARCHIVO.pseudonyms.csv",
        "help_key": "archivo de la clave de su institución (siprev_provider.key)",
        "help_new_key": "hace una clave nueva en el archivo de --key",
        "help_readme": "muestra las instrucciones",
        "key_made": "Clave nueva en {path}. Guárdela en lugar seguro y no la envíe a nadie.",
        "key_exists": "{path} ya existe: una clave no se sobrescribe.",
        "key_missing": "No se puede leer la clave {path}. Hágala una vez con --new-key, o diga dónde está con --key.",
        "key_wrong": "{path} no es una clave de proveedor hecha por este programa.",
        "key_open": "Otras personas pueden leer {path}: quíteles el permiso (chmod 600).",
        "no_file": "No existe el archivo {path}.",
        "same_file": "La salida sería el propio {path}: dé otro nombre con -o.",
        "columns": "Las columnas no son las acordadas. Faltan: {missing}. De más: {more}. No se escribió nada.",
        "columns_twice": "Dos columnas tienen el mismo nombre. No se escribió nada.",
        "fields": "La fila {row} tiene {found} campos y el encabezado {wanted}. No se escribió nada.",
        "encoding": "El archivo no está en la codificación acordada ({encoding}). No se escribió nada.",
        "quotes": "Unas comillas se abren y no se cierran. No se escribió nada.",
        "done": "{written}: {rows} filas, {columns_kept} columnas.",
        "dropped": "Columnas quitadas: {columns}.",
        "column": "{column} ({title}): {pseudonymised} reemplazados, {empty} vacíos, {unknown} desconocidos, "
        "{not_of_this_kind} que no son de esta clase, {check_digit_wrong} con dígito verificador incorrecto.",
        "kind_free": "texto tal como está",
        "kind_folio": "número de expediente",
        "kind_document": "número de documento",
    },
    "pt": {
        "description": "Substitui identificadores por pseudônimos e retira colunas restritas, sem rede.",
        "help_file": "arquivo CSV a enviar",
        "help_output": "arquivo que se escreve; sem isto, ARQUIVO.pseudonyms.csv",
        "help_key": "arquivo da chave de sua instituição (siprev_provider.key)",
        "help_new_key": "faz uma chave nova no arquivo de --key",
        "help_readme": "mostra as instruções",
        "key_made": "Chave nova em {path}. Guarde-a em lugar seguro e não a envie a ninguém.",
        "key_exists": "{path} já existe: uma chave não é sobrescrita.",
        "key_missing": "Não é possível ler a chave {path}. Faça-a uma vez com --new-key, ou diga onde está com --key.",
        "key_wrong": "{path} não é uma chave de fornecedor feita por este programa.",
        "key_open": "Outras pessoas podem ler {path}: retire-lhes a permissão (chmod 600).",
        "no_file": "Não existe o arquivo {path}.",
        "same_file": "A saída seria o próprio {path}: dê outro nome com -o.",
        "columns": "As colunas não são as combinadas. Faltam: {missing}. A mais: {more}. Nada foi escrito.",
        "columns_twice": "Duas colunas têm o mesmo nome. Nada foi escrito.",
        "fields": "A linha {row} tem {found} campos e o cabeçalho {wanted}. Nada foi escrito.",
        "encoding": "O arquivo não está na codificação combinada ({encoding}). Nada foi escrito.",
        "quotes": "Aspas são abertas e não fechadas. Nada foi escrito.",
        "done": "{written}: {rows} linhas, {columns_kept} colunas.",
        "dropped": "Colunas retiradas: {columns}.",
        "column": "{column} ({title}): {pseudonymised} substituídos, {empty} vazios, {unknown} desconhecidos, "
        "{not_of_this_kind} que não são deste tipo, {check_digit_wrong} com dígito verificador errado.",
        "kind_free": "texto como está",
        "kind_folio": "número de processo",
        "kind_document": "número de documento",
    },
    "en": {
        "description": "Replaces identifiers by pseudonyms and takes out restricted columns, without a network.",
        "help_file": "CSV file that is to be sent",
        "help_output": "file to write; without it, FILE.pseudonyms.csv",
        "help_key": "file with your institution's key (siprev_provider.key)",
        "help_new_key": "make a new key in the file of --key",
        "help_readme": "show the instructions",
        "key_made": "New key in {path}. Keep it in a safe place and send it to nobody.",
        "key_exists": "{path} exists: a key is not written over.",
        "key_missing": "The key {path} cannot be read. Make it once with --new-key, or say with --key where it is.",
        "key_wrong": "{path} is no provider's key made by this program.",
        "key_open": "Others can read {path}: take that right from them (chmod 600).",
        "no_file": "There is no file {path}.",
        "same_file": "The output would be {path} itself: give another name with -o.",
        "columns": "The columns are not those agreed on. Missing: {missing}. In excess: {more}. Nothing was written.",
        "columns_twice": "Two columns have one name. Nothing was written.",
        "fields": "Row {row} has {found} fields and the header {wanted}. Nothing was written.",
        "encoding": "The file is not in the encoding agreed on ({encoding}). Nothing was written.",
        "quotes": "A quote is opened and never closed. Nothing was written.",
        "done": "{written}: {rows} rows, {columns_kept} columns.",
        "dropped": "Columns taken out: {columns}.",
        "column": "{column} ({title}): {pseudonymised} replaced, {empty} empty, {unknown} unknown, "
        "{not_of_this_kind} not of this kind, {check_digit_wrong} with a wrong check digit.",
        "kind_free": "text as it is",
        "kind_folio": "number of a file or case",
        "kind_document": "number of a document",
    },
}

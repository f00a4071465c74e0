"""The rules that need no declaration: one for each check of a field, and those of every source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from schemas.rules.rule import Text, say

#: Message and hint of each field family; ``{field}`` is the field's name.
FAMILIES: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "missing": (
            say("Falta {field}", "{field} is missing", "Falta {field}"),
            say(
                "Complete el valor en el registro de origen",
                "Fill in the value in the record of origin",
                "Preencha o valor no registro de origem",
            ),
        ),
        "unreadable": (
            say(
                "El valor de {field} no se puede leer",
                "The value of {field} cannot be read",
                "O valor de {field} não pode ser lido",
            ),
            say(
                "Escríbalo en la forma declarada en source.yml (fecha, número) o declare la nueva forma",
                "Write it in the form declared in source.yml (date, number), or declare the new form",
                "Escreva-o na forma declarada em source.yml (data, número) ou declare a nova forma",
            ),
        ),
        "unknown_code": (
            say(
                "El código de {field} no está en la lista de la fuente",
                "The code of {field} is not in the source's list",
                "O código de {field} não está na lista da fonte",
            ),
            say(
                "Corrija el código, o añádalo a la tabla de la fuente si es nuevo",
                "Correct the code, or add it to the source's table if it is new",
                "Corrija o código, ou acrescente-o à tabela da fonte se for novo",
            ),
        ),
        "range": (
            say(
                "{field} está fuera de los límites",
                "{field} is outside its limits",
                "{field} está fora dos limites",
            ),
            say(
                "Compruebe el valor y su unidad",
                "Check the value and its unit",
                "Verifique o valor e sua unidade",
            ),
        ),
        "check_digit": (
            say(
                "{field}: el documento no es de su clase o su dígito verificador es incorrecto",
                "{field}: the document is none of its kind, or its check digit is wrong",
                "{field}: o documento não é do seu tipo ou o dígito verificador está errado",
            ),
            say(
                "Compruebe el documento en el registro de origen; si no se conoce, déjelo vacío",
                "Check the document in the record of origin; if it is not known, leave it empty",
                "Verifique o documento no registro de origem; se não é conhecido, deixe-o vazio",
            ),
        ),
        "form": (
            say(
                "{field} no tiene la forma de un código",
                "{field} does not have the form of a code",
                "{field} não tem a forma de um código",
            ),
            say(
                "Compruebe los ceros a la izquierda y la longitud",
                "Check leading zeros and length",
                "Verifique os zeros à esquerda e o comprimento",
            ),
        ),
    }
)

#: Rules of every source: its key, its period, and whether a row can be read at all. All quarantine the record.
EVERY_SOURCE: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "key.missing": (
            say(
                "Falta la clave que la fuente garantiza",
                "The key that the source guarantees is missing",
                "Falta a chave que a fonte garante",
            ),
            say("Complete la clave", "Fill in the key", "Preencha a chave"),
        ),
        "key.repeated": (
            say(
                "Varios registros distintos comparten la clave",
                "Different records share one key",
                "Registros diferentes compartilham a chave",
            ),
            say(
                "Decida cuál vale y envíe el archivo corregido",
                "Decide which one holds and send a corrected file",
                "Decida qual vale e envie o arquivo corrigido",
            ),
        ),
        "control_total.missing": (
            say(
                "El archivo no trae la fila con el total que esta fuente suele traer",
                "The file does not have the row with the total that this source is to have",
                "O arquivo não traz a linha com o total que esta fonte costuma trazer",
            ),
            say(
                "Envíe el archivo completo, con su fila de total; compruebe que no se cortó al final",
                "Send the whole file with its row of totals; check that its end was not cut off",
                "Envie o arquivo completo, com a linha do total; verifique se não foi cortado no fim",
            ),
        ),
        "date.outside_period": (
            say(
                "La fecha está fuera del periodo de la entrega",
                "The date is outside the period of the delivery",
                "A data está fora do período da entrega",
            ),
            say(
                "Compruebe la fecha, o envíe el registro en la entrega de su periodo",
                "Check the date, or send the record in the delivery of its period",
                "Verifique a data, ou envie o registro na entrega de seu período",
            ),
        ),
        "join.missing": (
            say(
                "La clave no encuentra su fila en otra tabla de la entrega",
                "The key finds no row in another table of the delivery",
                "A chave não encontra sua linha em outra tabela da entrega",
            ),
            say(
                "Complete la otra tabla, o corrija la clave en una de las dos",
                "Complete the other table, or correct the key in one of the two",
                "Complete a outra tabela, ou corrija a chave em uma das duas",
            ),
        ),
        "join.repeated": (
            say(
                "La clave encuentra varias filas en otra tabla de la entrega",
                "The key finds several rows in another table of the delivery",
                "A chave encontra várias linhas em outra tabela da entrega",
            ),
            say(
                "Deje en la otra tabla una sola fila con cada clave",
                "Keep one row for each key in the other table",
                "Deixe na outra tabela uma única linha com cada chave",
            ),
        ),
        "earlier.key_missing": (
            say(
                "La fila habla de un registro anterior y no dice de cuál",
                "The row speaks of an earlier record and does not say of which",
                "A linha fala de um registro anterior e não diz de qual",
            ),
            say(
                "Complete la clave del registro anterior",
                "Fill in the key of the earlier record",
                "Preencha a chave do registro anterior",
            ),
        ),
        "earlier.not_found": (
            say(
                "No hay ningún registro con la clave que la fila anula o reclasifica",
                "There is no record with the key that the row annuls or reclassifies",
                "Não há registro com a chave que a linha anula ou reclassifica",
            ),
            say(
                "Compruebe el número; el registro puede venir en una entrega que falta",
                "Check the number; the record may be in a delivery that is missing",
                "Verifique o número; o registro pode estar em uma entrega que falta",
            ),
        ),
        "earlier.status": (
            say(
                "La fila habla de un registro anterior y no lo anula ni lo reclasifica",
                "The row speaks of an earlier record and neither annuls nor reclassifies it",
                "A linha fala de um registro anterior e não o anula nem o reclassifica",
            ),
            say(
                "Recodifique su estado como annulled o reclassified en record_status",
                "Recode its status as annulled or reclassified in record_status",
                "Recodifique sua situação como annulled ou reclassified em record_status",
            ),
        ),
        "row.unreadable": (
            say(
                "La fila no se puede dividir en sus columnas",
                "The row cannot be split into its columns",
                "A linha não pode ser dividida em suas colunas",
            ),
            say(
                "Compruebe comillas y separadores de la fila",
                "Check the quotes and separators of the row",
                "Verifique as aspas e os separadores da linha",
            ),
        ),
    }
)

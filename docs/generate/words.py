"""Words of the generated pages in the three languages, where no declaration has them.

A code without a word here is shown as it is.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["es", "en", "pt"]
LANGUAGES: tuple[Language, ...] = ("es", "en", "pt")

#: Key: Spanish, English, Portuguese.
_WORDS: dict[str, tuple[str, str, str]] = {
    "reference": ("Referencia", "Reference", "Referência"),
    "records": ("Tipos de registro", "Record types", "Tipos de registro"),
    "rules": ("Reglas", "Rules", "Regras"),
    "code_lists": ("Listas de códigos", "Code lists", "Listas de códigos"),
    "indicators": ("Indicadores", "Indicators", "Indicadores"),
    "indicator": ("Indicador", "Indicator", "Indicador"),
    "identifier": ("Identificador", "Identifier", "Identificador"),
    "field": ("Campo", "Field", "Campo"),
    "type": ("Tipo", "Type", "Tipo"),
    "unit": ("Unidad", "Unit", "Unidade"),
    "required": ("Obligatorio", "Required", "Obrigatório"),
    "yes": ("sí", "yes", "sim"),
    "meaning": ("Significado", "Meaning", "Significado"),
    "tier": ("Archivo", "File", "Arquivo"),
    "open": ("abierto", "open", "aberto"),
    "restricted": ("restringido", "restricted", "restrito"),
    "grain": ("Un registro es", "One record is", "Um registro é"),
    "date_field": (
        "Fecha que ordena los registros",
        "Date that orders the records",
        "Data que ordena os registros",
    ),
    "rule": ("Regla", "Rule", "Regra"),
    "scope": ("Alcance", "Scope", "Alcance"),
    "severity": ("Gravedad", "Severity", "Gravidade"),
    "message": ("Mensaje", "Message", "Mensagem"),
    "mend": ("Cómo corregir", "How to mend", "Como corrigir"),
    "limits": ("Límites", "Limits", "Limites"),
    "applies_to": ("Vale para", "Holds for", "Vale para"),
    "every_source": ("toda entrega", "every delivery", "toda entrega"),
    "code": ("Código", "Code", "Código"),
    "parent": ("Dentro de", "Inside", "Dentro de"),
    "label": ("Etiqueta", "Label", "Rótulo"),
    "evidence": ("Evidencia", "Evidence", "Evidência"),
    "authority": ("Autoridad", "Authority", "Autoridade"),
    "definition": ("Definición", "Definition", "Definição"),
    "rationale": ("Por qué", "Why", "Por quê"),
    "caveats": ("Advertencias", "Caveats", "Ressalvas"),
    "computation": ("Cálculo", "Computation", "Cálculo"),
    "numerator": ("Numerador", "Numerator", "Numerador"),
    "denominator": ("Denominador", "Denominator", "Denominador"),
    "counted": ("Se cuenta el registro si", "A record is counted if", "Conta-se o registro se"),
    "or_below": ("o una clase inferior", "or a class below it", "ou uma classe inferior"),
    "is": ("es", "is", "é"),
    "is_not": ("no es", "is not", "não é"),
    "or": ("o", "or", "ou"),
    "cause_within": (
        "la causa declarada está dentro de",
        "the stated cause lies within",
        "a causa declarada está dentro de",
    ),
    "property": ("Propiedad", "Property", "Propriedade"),
    "value": ("Valor", "Value", "Valor"),
    "version": ("Versión", "Version", "Versão"),
    "domain": ("Dominio", "Domain", "Domínio"),
    "category": ("Categoría", "Category", "Categoria"),
    "multiplier": ("Multiplicador", "Multiplier", "Multiplicador"),
    "decimals": ("Decimales", "Decimals", "Casas decimais"),
    "interval": ("Intervalo de 95 %", "95 % interval", "Intervalo de 95 %"),
    "poisson": (
        "Poisson: exacto (Garwood) con menos de 10 hechos, aproximación de Byar desde 10",
        "Poisson: exact (Garwood) below 10 events, Byar's approximation from 10 on",
        "Poisson: exato (Garwood) com menos de 10 fatos, aproximação de Byar a partir de 10",
    ),
    "place_basis": ("Lugar al que se atribuye", "Place of attribution", "Lugar de atribuição"),
    "date_basis": ("Fecha a la que se atribuye", "Date of attribution", "Data de atribuição"),
    "levels": ("Niveles territoriales", "Territorial levels", "Níveis territoriais"),
    "freq": ("Frecuencia", "Frequency", "Frequência"),
    "breakdowns": ("Desgloses", "Breakdowns", "Desagregações"),
    "direction": ("Lectura", "Reading", "Leitura"),
    "regional_method": ("Agregación regional", "Regional aggregate", "Agregação regional"),
    "equivalences": ("Equivalencias", "Equivalences", "Equivalências"),
    "owner": ("Responsable", "Owner", "Responsável"),
    "sources": (
        "Fuentes declaradas que pueden alimentarlo",
        "Declared sources that can feed it",
        "Fontes declaradas que podem alimentá-lo",
    ),
    "changes": ("Cambios", "Changes", "Mudanças"),
    "cases": ("Casos resueltos", "Worked cases", "Casos resolvidos"),
    "case_note": (
        "Lo que debe salir de los registros de cada caso, que están en la declaración; una prueba lo comprueba.",
        "What must come of each case's records, which stand in the declaration; a test holds it.",
        "O que deve sair dos registros de cada caso, que estão na declaração; um teste o verifica.",
    ),
    "cell": ("Celda", "Cell", "Célula"),
    "expected": ("Debe dar", "Must give", "Deve dar"),
    "long_list": (
        "La lista es larga: está en",
        "The list is long: it is in",
        "A lista é longa: está em",
    ),
    "in_warehouse": (
        "y en el almacén, tabla `ref.code`.",
        "and in the warehouse, table `ref.code`.",
        "e no armazém, tabela `ref.code`.",
    ),
    "records_intro": (
        "Los campos de cada tipo de registro, como los declara `schemas/records`. Los campos de nivel restringido "
        "están solo en el archivo que abre quien escribe.",
        "The fields of every record type, as `schemas/records` declares them. Fields of the restricted tier are only "
        "in the file that the writer opens.",
        "Os campos de cada tipo de registro, como `schemas/records` os declara. Os campos de nível restrito estão "
        "apenas no arquivo que quem escreve abre.",
    ),
    "rules_intro": (
        "Cada regla que juzga lo que se entrega. Alcance: `row` mira un registro, `delivery` la entrega entera, "
        "`reference` lo que ya está cargado. Gravedad: `row` pone el registro en cuarentena y lo cuenta, nada se "
        "pierde; `warn` lo carga y avisa; `file` devuelve la entrega. `siprev quarantine list` y `siprev delivery "
        "show` muestran estos códigos.",
        "Every rule that judges what is delivered. Scope: `row` looks at one record, `delivery` at the whole "
        "delivery, `reference` at what is loaded already. Severity: `row` puts the record into quarantine and counts "
        "it, nothing is lost; `warn` loads it and says so; `file` refuses the delivery. `siprev quarantine list` and "
        "`siprev delivery show` show these codes.",
        "Cada regra que julga o que se entrega. Alcance: `row` olha um registro, `delivery` a entrega inteira, "
        "`reference` o que já está carregado. Gravidade: `row` põe o registro em quarentena e o conta, nada se "
        "perde; `warn` o carrega e avisa; `file` devolve a entrega. `siprev quarantine list` e `siprev delivery "
        "show` mostram estes códigos.",
    ),
    "lists_intro": (
        "Los códigos son texto: los ceros a la izquierda cuentan. `_T` es el total y `_U` lo desconocido. Evidencia: "
        "`official` viene del dueño de la clasificación, `secondary` de otra fuente o de este sistema, "
        "`needs_review` está por confirmar.",
        "Codes are text: leading zeros matter. `_T` is the total and `_U` the unknown. Evidence: `official` comes from "
        "the owner of the classification, `secondary` from others or from this system, `needs_review` is to be "
        "confirmed.",
        "Os códigos são texto: os zeros à esquerda contam. `_T` é o total e `_U` o desconhecido. Evidência: `official` "
        "vem do dono da classificação, `secondary` de outra fonte ou deste sistema, `needs_review` está por confirmar.",
    ),
    # what the definitions of indicators call by a code
    "category.violence": ("violencia", "violence", "violência"),
    "category.crime": ("delito", "crime", "crime"),
    "direction.lower_better": ("menos es mejor", "lower is better", "menos é melhor"),
    "direction.higher_better": ("más es mejor", "higher is better", "mais é melhor"),
    "direction.reporting_driven": (
        "depende de la denuncia: un alza puede ser más denuncia",
        "driven by reporting: a rise may be more reporting",
        "depende da denúncia: um aumento pode ser mais denúncia",
    ),
    "direction.enforcement_driven": (
        "depende de la actividad policial",
        "driven by enforcement",
        "depende da atividade policial",
    ),
    "regional_method.ratio_of_sums": (
        "suma de numeradores sobre suma de denominadores",
        "sum of numerators over sum of denominators",
        "soma de numeradores sobre soma de denominadores",
    ),
}


def word(key: str, language: Language) -> str:
    """A word in a language; of a key like ``direction.none`` that has none, the code itself."""
    if key not in _WORDS and "." in key:
        return key.partition(".")[2].replace("_", " ")
    return _WORDS[key][LANGUAGES.index(language)]

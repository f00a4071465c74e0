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
    "each_field": (
        "los campos que lo declaran; sus límites están en la página de cada tipo de registro",
        "the fields that declare it; their limits are on the page of each record type",
        "os campos que o declaram; seus limites estão na página de cada tipo de registro",
    ),
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
        "La lista es larga: tiene página propia,",
        "The list is long and has a page of its own,",
        "A lista é longa e tem página própria,",
    ),
    "tree_evidence": (
        "Donde no se dice otra cosa, la evidencia es `official`.",
        "Where nothing else is said, the evidence is `official`.",
        "Onde nada mais é dito, a evidência é `official`.",
    ),
    "codes": ("códigos", "codes", "códigos"),
    "in_warehouse": (
        "en el almacén, tabla `ref.code`.",
        "in the warehouse, table `ref.code`.",
        "no armazém, tabela `ref.code`.",
    ),
    "validity": ("Vigencia", "Validity", "Vigência"),
    "successor": ("Usar en su lugar", "Use instead", "Usar em seu lugar"),
    "note": ("Nota", "Note", "Nota"),
    "mechanism": ("Mecanismo", "Mechanism", "Mecanismo"),
    "causes": ("Causas externas, CIE-10", "External causes, ICD-10", "Causas externas, CID-10"),
    "causes_codes": ("Códigos", "Codes", "Códigos"),
    "causes_definition": ("Definición de", "Definition of", "Definição de"),
    "causes_fourth": ("Cuarto carácter", "Fourth character", "Quarto caractere"),
    "causes_intro": (
        "Qué dice cada código de la CIE-10 de V01 a Y98, en palabras de este sistema: el texto de la clasificación "
        "pertenece a la OMS y no se repite. Los códigos van sin punto en los datos y con punto en esta página. Un "
        "código de cuatro caracteres que no está en la tabla sigue al de tres. Y90-Y98 son factores suplementarios y "
        "nunca causa básica.",
        "What each code of ICD-10 from V01 to Y98 says, in the words of this system: the text of the classification "
        "belongs to WHO and is not repeated. Codes have no dot in the data and one on this page. A code of four "
        "characters that is not in the table follows the one of three. Y90-Y98 are supplementary factors and never an "
        "underlying cause.",
        "O que cada código da CID-10 de V01 a Y98 diz, nas palavras deste sistema: o texto da classificação pertence à "
        "OMS e não é repetido. Os códigos não têm ponto nos dados e têm nesta página. Um código de quatro caracteres "
        "que não está na tabela segue o de três. Y90-Y98 são fatores suplementares e nunca causa básica.",
    ),
    "causes_matrix": ("Intención y mecanismo", "Intent and mechanism", "Intenção e mecanismo"),
    "causes_matrix_intro": (
        "Evidencia `secondary`: según la matriz de los CDC y otras descripciones de la clasificación. Y35 y Y36 sin "
        "cuarto carácter no dicen el mecanismo, Y87 y Y89 no dicen la intención.",
        "Evidence `secondary`: after the CDC matrix and other accounts of the classification. Y35 and Y36 without "
        "fourth character do not say the mechanism, Y87 and Y89 do not say the intent.",
        "Evidência `secondary`: segundo a matriz dos CDC e outras descrições da classificação. Y35 e Y36 sem quarto "
        "caractere não dizem o mecanismo, Y87 e Y89 não dizem a intenção.",
    ),
    "causes_road_users": ("Usuario de la vía", "Road user", "Usuário da via"),
    "causes_road_users_intro": (
        "Por las tres primeras posiciones. V87-V89 no dicen en qué iba la víctima.",
        "By the first three characters. V87-V89 do not say how the victim was travelling.",
        "Pelos três primeiros caracteres. V87-V89 não dizem como a vítima se deslocava.",
    ),
    "causes_place": ("Lugar del hecho", "Place of occurrence", "Lugar do fato"),
    "causes_place_intro": (
        "El cuarto carácter de W00-Y34 es el lugar, salvo en las categorías con subdivisiones propias (W26, X34, X47, "
        "X59, X67, X88, Y06, Y07, Y17). Por eso X95.9 es un arma de fuego en lugar desconocido y no un medio "
        "desconocido.",
        "The fourth character of W00-Y34 is the place, except in categories with subdivisions of their own (W26, X34, "
        "X47, X59, X67, X88, Y06, Y07, Y17). X95.9 is therefore a firearm in an unknown place and no unknown means.",
        "O quarto caractere de W00-Y34 é o lugar, exceto nas categorias com subdivisões próprias (W26, X34, X47, X59, "
        "X67, X88, Y06, Y07, Y17). Por isso X95.9 é uma arma de fogo em lugar ignorado e não um meio ignorado.",
    ),
    "causes_groups": ("Grupos", "Groups", "Grupos"),
    "causes_groups_intro": (
        "Un grupo es lo que una definición toma. Las cuatro definiciones de tránsito no se suman ni se sustituyen.",
        "A group is what a definition takes. The four definitions of road traffic are neither added nor substituted.",
        "Um grupo é o que uma definição toma. As quatro definições de trânsito não se somam nem se substituem.",
    ),
    "records_intro": (
        "Los tipos de registro que todas las fuentes comparten, como los declara `schemas/records`.",
        "The record types that all sources share, as `schemas/records` declares them.",
        "Os tipos de registro que todas as fontes compartilham, como `schemas/records` os declara.",
    ),
    "tiers": (
        "Los campos de nivel restringido están solo en el archivo que abre quien escribe.",
        "Fields of the restricted tier are only in the file that the writer opens.",
        "Os campos de nível restrito estão apenas no arquivo que quem escreve abre.",
    ),
    "more_rules": (
        "Un valor obligatorio que falta, que no se puede leer, que no está en su lista o que está fuera de los límites "
        "de arriba también rompe una regla; todas las reglas y qué hacer:",
        "A required value that is missing, a value that cannot be read, is not in its list or is outside the limits "
        "above breaks a rule too; all rules and what to do:",
        "Um valor obrigatório que falta, que não pode ser lido, que não está em sua lista ou que está fora dos limites "
        "acima também quebra uma regra; todas as regras e o que fazer:",
    ),
    "record_type": ("Tipo de registro", "Record type", "Tipo de registro"),
    "fields": ("Campos", "Fields", "Campos"),
    "table": ("Tabla", "Table", "Tabela"),
    "template": ("Plantilla para proveedores", "Template for providers", "Modelo para provedores"),
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
        "`needs_review` está por confirmar, y la etiqueta lo dice. La evidencia habla del código y de lo que "
        "significa: las etiquetas en idiomas que no son los del dueño son redacción de este sistema.",
        "Codes are text: leading zeros matter. `_T` is the total and `_U` the unknown. Evidence: `official` comes from "
        "the owner of the classification, `secondary` from others or from this system, `needs_review` is to be "
        "confirmed, and the label says so. The evidence speaks of the code and what it means: labels in languages that "
        "are not the owner's are the wording of this system.",
        "Os códigos são texto: os zeros à esquerda contam. `_T` é o total e `_U` o desconhecido. Evidência: `official` "
        "vem do dono da classificação, `secondary` de outra fonte ou deste sistema, `needs_review` está por "
        "confirmar, e o rótulo o diz. A evidência fala do código e do que significa: os rótulos em idiomas que não "
        "são os do dono são redação deste sistema.",
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

"""The one folding of Portuguese text, for search and for sorting, where ICU and unaccent are absent (docs/adr/0013).

Immutable, schema-qualified and without a word of the database's own locale, so that generated
columns and indexes may use it, every server folds alike, and a dump restores under an empty
search path. What it does stands in order below; after it no pattern finds anything more, so that
folding twice changes nothing.
"""

from functools import reduce

from django.db import migrations

LETTERS = r"""
    pg_catalog.translate(pg_catalog.lower(pg_catalog.regexp_replace(
        pg_catalog.normalize(words, 'NFKD') COLLATE pg_catalog."C", '[\u0300-\u036f\u00ad\u200b-\u200d\ufeff]', '', 'g'
    )), U&'\2010\2212\201C\201D', '--""')
"""
"""Capitals, accents, invisible characters; hyphens and quotation marks as keyboards have them."""

NUMBERS = [
    (r"(\d{2,5})\.(?:(\d{6})\.)?(\d{6})/(\d{4})-(\d\d)", r"\1\2\3\4\5"),  # NUP, NIPE
    (r"(\d{7})-(\d\d)\.(\d{4})\.(\d)\.(\d\d)\.(\d{4})", r"\1\2\3\4\5\6"),  # a court's process
    (
        r"([0-9a-z]{2})\.([0-9a-z]{3})\.([0-9a-z]{3})/([0-9a-z]{4})-(\d\d)|(\d{3})\.(\d{3})\.(\d{3})-(\d\d)",
        r"\1\2\3\4\5\6\7\8\9",
    ),  # CNPJ, CPF
    (r"\((\d\d)\) ?(9?\d{4})[- ]?(\d{4})|(?:(\d\d) )?(9\d{4})-(\d{4})", r"\1\2\3\4\5\6"),  # telephone
]
"""Numbers that people write with and without their mask become digits alone."""

SIGNS = [
    ("e-mail", "email"),
    (r"[!#-,/:-@[-`{-~]", " "),  # every sign but these: " . -
    # Dots stay within numbers (4.1.5), hyphens within words (mod-sei-pen); the rest parts words. v4.1.5 is 4.1.5.
    (r"-?\mv(?=\d+\.\d)|-(?![a-z])|(?<![a-z])-|\.(?!\d)|(?<!\d)\.", " "),
    (r"\m(\d\d)\.(\d{3})\.(\d{3})(?![.\w])", r"\1\2\3"),  # a ticket's number
]
"""The parser would take SEI/Super for a file, erro.Depois for a host, -2026 for a negative number."""

ENDINGS = [
    (r"([a-z])(?:oes|aos)\M|([a-ln-z]|[a-z]m)aes\M", r"\1\2ao"),  # ações, órgãos, pães; not mães
    (r"(ut|fac|fic|frag)eis\M|(perf)is\M", r"\1\2il"),  # úteis, difíceis, perfis
    (r"([a-z]{2}[ae])is\M", r"\1l"),  # canais, níveis; not mais, leis
    (r"([aeiou])(?<!logi|plugi|toke|admi)ns\M", r"\1m"),  # imagens, itens; not plugins
    (r"([aeiou]r)es\M|([a-z]{2}[a-hj-rt-z]|[a-z][b-np-z]i)s\M", r"\1\2"),  # servidores; erros, telas; not mais, depois
    (r"([a-z]{3})acao\M", r"\1a"),  # instalação as instalar: the stemmer knows the ending by its accents
]
"""Endings that the Portuguese stemmer leaves apart: plurals from their singular, deeds from their verb."""


def _step(text: str, step: tuple[str, str]) -> str:
    pattern, replacement = step
    if pattern.replace("-", "").isalpha():
        return f"pg_catalog.replace({text}, '{pattern}', '{replacement}')"
    return f"pg_catalog.regexp_replace({text}, '{pattern}', '{replacement}', 'g')"


FOLD = f"""
CREATE FUNCTION public.fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN {reduce(_step, [*NUMBERS, *SIGNS, *ENDINGS], LETTERS)}
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FOLD, "DROP FUNCTION public.fold(text)")]

"""The questions and answers: loaded from their file, and not undone where somebody edited them."""

from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from catalog.json_file import BadFile
from knowledge import loading, writing
from knowledge.models import Article, ArticleVersion
from tests.knowledge.conftest import FAQ, Content, Write

FIRST = "onde-peco-suporte-para-os-produtos-do-processo-eletronico-nacional"


def rows() -> list[dict[str, Any]]:
    return list(Article.objects.order_by("pk").values())


@pytest.mark.usefixtures("faq")
def test_the_file_fills_the_table_once() -> None:
    before, versions = rows(), list(ArticleVersion.objects.order_by("pk").values())
    assert len(before) == len(versions) == 191
    assert [(count.in_file, count.changed, count.edited) for count in loading.load_questions(FAQ)] == [(191, 0, [])]
    assert rows() == before
    assert list(ArticleVersion.objects.order_by("pk").values()) == versions
    for article in Article.objects.all():
        article.full_clean()


@pytest.mark.usefixtures("faq")
def test_an_article_begins_with_its_first_version_and_a_date_to_be_read_again() -> None:
    article = Article.objects.get(slug=FIRST)
    version = article.versions.get()
    assert (version.number, version.author, version.note) == (1, None, "Carga do arquivo.")
    assert (version.title, version.body, version.tags) == (article.title, article.body, article.tags)
    assert (article.version, article.review_due, article.updated_at) == (1, date(2027, 5, 31), version.at)


@pytest.mark.usefixtures("faq")
def test_what_no_source_says_is_marked() -> None:
    assert set(Article.objects.filter(assumed=True).values_list("slug", flat=True)) == {
        "perdi-o-prazo-para-reabrir-o-chamado-o-que-faco",
        "posso-colocar-senha-ou-dados-pessoais-no-chamado",
    }


@pytest.mark.usefixtures("faq")
def test_a_change_of_the_file_is_a_version_and_what_vanished_is_taken_off(content: Content, written: Write) -> None:
    content["perguntas"][0]["resposta"] = "Outra resposta."
    gone = content["perguntas"].pop()["slug"]
    (count,) = loading.load_questions(written(content))
    assert (count.updated, count.deactivated, count.edited) == (1, 1, [])
    article = Article.objects.get(slug=FIRST)
    assert (article.versions.all()[0].number, article.versions.all()[0].body) == (2, "Outra resposta.")
    assert ArticleVersion.objects.count() == 192
    assert not Article.objects.get(slug=gone).active


def test_an_edited_article_is_left_alone_and_reported(
    faq: None, cris: User, content: Content, written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    article = Article.objects.get(slug=FIRST)
    article.title = "Onde peço ajuda?"
    writing.save(article, by=cris)
    content["perguntas"][0]["resposta"] = "Outra resposta."
    call_command("load_faq", str(written(content)))
    assert "artigos: Onde peço ajuda?" in capsys.readouterr().out
    article.refresh_from_db()
    assert (article.title, article.version) == ("Onde peço ajuda?", 2)
    assert article.body != "Outra resposta."
    call_command("load_faq", str(written(content)), "--overwrite")
    article.refresh_from_db()
    assert (article.title, article.body, article.version) == (content["perguntas"][0]["pergunta"], "Outra resposta.", 3)
    assert [version.author for version in article.versions.all()] == [None, cris, None]


def test_who_confirmed_an_article_did_not_edit_it(faq: None, cris: User) -> None:
    article = Article.objects.filter(assumed=True)[0]
    writing.confirm([article])
    assert [count.edited for count in loading.load_questions(FAQ)] == [[]]
    article.refresh_from_db()
    assert not article.assumed


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"pergunta": "x" * 161}, "título ou pergunta: "),
        ({"pergunta": "Em {{ espera }}?"}, "Use os campos entre chaves duplas só no texto."),
        ({"resposta": "Em {{ prazo }}."}, "Não há campo “{{ prazo }}”."),
        ({"resposta": " "}, "“resposta” está vazio."),
        ({"assuntos": ["clima"]}, "“clima” não é um assunto conhecido."),
        ({"origem": "boato"}, "“origem” não aceita “boato”"),
        ({"slug": "qual-e-o-passo-a-passo-para-abrir-um-chamado"}, "o slug está repetido."),
        ({"titulo": "x"}, "“titulo” não é conhecido aqui."),
    ],
)
def test_a_bad_entry_is_named(changes: dict[str, Any], problem: str, content: Content, written: Write) -> None:
    content["perguntas"][0] |= changes
    with pytest.raises(BadFile) as refused:
        loading.read_questions(written(content))
    assert any(problem in said for said in refused.value.problems), refused.value.problems


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("changes", [{"produto": "word"}, {"estruturante": "nada"}])
def test_what_the_catalog_does_not_have_changes_nothing(changes: dict[str, Any], content: Content, written: Write) -> None:
    (content if "estruturante" in changes else content["perguntas"][0]).update(changes)
    before = rows()
    with pytest.raises(CommandError, match="não existe no catálogo"):
        call_command("load_faq", str(written(content)), "--overwrite")
    assert rows() == before

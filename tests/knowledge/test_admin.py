"""The curators' desk: writing, looking before saving, and what was said before."""

import re
from typing import Any

import pytest
from django.test import Client

import worktime
from accounts.models import RoleGrant, User
from catalog.models import CoreSystem, Policy, Product, WorkWindow
from knowledge import writing
from knowledge.models import Article, ArticleVersion

pytestmark = pytest.mark.usefixtures("faq")
URL = "/admin/knowledge/article/"
SLUG = "o-que-acontece-se-eu-nao-responder-ao-atendente"


@pytest.fixture
def client(cris: User) -> Client:
    client = Client()
    client.force_login(cris)
    return client


def article(slug: str = SLUG) -> Article:
    return Article.objects.get(slug=slug)


def values(article: Article, **changes: str) -> dict[str, str]:
    """What the form sends."""
    return {
        "product": str(article.product_id or ""),
        "topic": article.topic,
        "title": article.title,
        "body": article.body,
        "base": str(article.version),
        "tags": "\n".join(article.tags),
        "source": article.source,
        "position": str(article.position),
        "active": "on",
        "review_due": "",
        "note": "",
        **changes,
    }


def to_review(client: Client) -> set[str]:
    page = client.get(f"{URL}?rever=sim").content.decode()
    return set(re.findall(r"/admin/knowledge/article/\d+/change/[^>]*>([^<]+)</a>", page))


def test_an_edit_is_a_version_with_its_author_and_reason(client: Client, cris: User) -> None:
    row = article()
    sent = values(row, title="E se eu não responder?", tags="prazo\nresposta", note="Mais curto.")
    assert client.post(f"{URL}{row.pk}/change/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.tags, row.version) == ("E se eu não responder?", ["prazo", "resposta"], 2)
    newest = row.versions.all()[0]
    assert (newest.author, newest.note, newest.title) == (cris, "Mais curto.", "E se eu não responder?")


def test_a_new_question_is_read_at_once(client: Client) -> None:
    sent = values(
        Article(topic="geral", title="Nova?", body="Sim, em {{ espera }}."),
        core_system=str(CoreSystem.objects.get().pk),
        kind="question",
        slug="nova",
        base="",
    )
    assert client.post(f"{URL}add/", sent).status_code == 302
    assert "Sim, em 72 horas." in Client().get("/ajuda/perguntas/nova/").content.decode()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"body": "Em {{ prazo }}."}, "Não há campo “{{ prazo }}”."),
        ({"title": "Em {{ espera }}"}, "Use os campos entre chaves duplas só no texto."),
        ({"topic": ""}, "Uma pergunta tem produto ou tema, e só um deles."),
        ({"body": ""}, "Este campo é obrigatório."),
        ({"base": "0"}, "Outra pessoa salvou este artigo enquanto você escrevia."),
        ({"base": "x"}, "Informe um número inteiro."),
        ({"subjects": "clima"}, "clima"),
    ],
)
def test_a_mistake_is_named_and_changes_nothing(client: Client, changes: dict[str, str], problem: str) -> None:
    row = article()
    before = list(Article.objects.filter(pk=row.pk).values())
    page = client.post(f"{URL}{row.pk}/change/", values(row, title="Outro título") | changes)
    assert page.status_code == 200
    assert problem in page.content.decode().replace("&#x27;", "'")
    assert list(Article.objects.filter(pk=row.pk).values()) == before
    assert row.versions.count() == 1


def test_a_preview_saves_nothing(client: Client) -> None:
    page = client.post(f"{URL}previa/", {"title": "<b>Novo</b>", "body": "Em {{ espera }}. <script>x</script>"})
    html = page.content.decode()
    assert "<h1>&lt;b&gt;Novo&lt;/b&gt;</h1>" in html
    assert "Em 72 horas." in html
    assert "<script>x" not in html
    assert "“prazo”" in client.post(f"{URL}previa/", {"body": "{{ prazo }}"}).content.decode()
    assert ArticleVersion.objects.count() == Article.objects.count() == 191


def test_an_older_version_is_read_and_restored(client: Client, cris: User) -> None:
    row = article()
    said = row.body
    row.body = "Nada."
    writing.save(row, by=cris, note="Engano.")
    versions = client.get(f"{URL}{row.pk}/versoes/").content.decode()
    assert "Engano." in versions
    assert "arquivo" in versions
    older = client.get(f"{URL}{row.pk}/versoes/1/").content.decode()
    assert "encerrado por falta de interação" in older
    assert "Restaurar esta versão" in older
    assert "Restaurar esta versão" not in client.get(f"{URL}{row.pk}/versoes/2/").content.decode()
    assert client.post(f"{URL}{row.pk}/versoes/1/restaurar/").status_code == 302
    row.refresh_from_db()
    assert (row.body, row.version, row.versions.all()[0].author) == (said, 3, cris)
    assert client.get(f"{URL}{row.pk}/versoes/9/").status_code == 404


def test_a_manager_reads_versions_and_restores_none() -> None:
    duda = User.objects.create_user("duda@example.org", name="Duda")
    RoleGrant.objects.create(user=duda, role="manager", core_system=CoreSystem.objects.get())
    client = Client()
    client.force_login(duda)
    row = article()
    assert client.get(f"{URL}{row.pk}/versoes/1/").status_code == 200
    assert client.post(f"{URL}{row.pk}/versoes/1/restaurar/").status_code == 403
    assert row.versions.count() == 1


def test_a_curator_of_another_core_system_has_none_of_it() -> None:
    core = CoreSystem.objects.create(slug="scdp", name="SCDP", card_name="SCDP", acronym="SCDP", description="x")
    other = User.objects.create_user("outra@example.org", name="Outra")
    RoleGrant.objects.create(user=other, role="curator", core_system=core)
    client = Client()
    client.force_login(other)
    row = article()
    assert client.get(f"{URL}{row.pk}/versoes/").status_code == 404
    assert client.post(f"{URL}{row.pk}/versoes/1/restaurar/").status_code == 404
    assert client.post(f"{URL}{row.pk}/change/", values(row, title="x")).status_code in (302, 403)
    row.refresh_from_db()
    assert (row.title, row.version) == (article().title, 1)


def test_at_first_what_is_assumed_is_to_be_read_again(client: Client) -> None:
    assert to_review(client) == set(Article.objects.filter(assumed=True).values_list("title", flat=True))


def test_changed_hours_flag_what_speaks_of_them(client: Client) -> None:
    before = to_review(client)
    WorkWindow.objects.filter(weekday=4).update(closes=17 * 60)
    assert to_review(client) - before == set(
        Article.objects.filter(body__contains="{{ horario }}").values_list("title", flat=True)
    )


def test_a_policy_flags_what_speaks_of_it_when_it_comes_into_force(client: Client) -> None:
    before = to_review(client)
    Policy.objects.create(in_force_from="2999-01-01T00:00:00Z", wait_hours=60)
    assert to_review(client) == before
    Policy.objects.create(in_force_from=worktime.now(), wait_hours=60)
    assert article().title in to_review(client)


def test_a_changed_product_flags_its_articles_alone(client: Client) -> None:
    before = to_review(client)
    Product.objects.filter(slug="nup").update(name="Número Único")
    assert to_review(client) - before == set(Article.objects.filter(product__slug="nup").values_list("title", flat=True))


def test_a_date_that_has_come_flags_and_confirming_takes_it_away(client: Client) -> None:
    row = article()
    Article.objects.filter(pk=row.pk).update(review_due="2020-01-01")
    assert row.title in to_review(client)
    assert "venceu em 01/01/2020" in client.get(f"{URL}?q=atendente").content.decode()
    client.post(URL, {"action": "confirm", "_selected_action": str(row.pk)})
    assert row.title not in to_review(client)
    assert row.versions.count() == 1


def test_saving_alone_confirms_nothing_and_the_mark_does(client: Client) -> None:
    row = Article.objects.filter(assumed=True)[0]
    client.post(f"{URL}{row.pk}/change/", values(row, title="Outro título", assumed="on"))
    assert "Outro título" in to_review(client)
    row.refresh_from_db()
    client.post(f"{URL}{row.pk}/change/", values(row, confirmed="on", assumed="on"))
    assert "Outro título" not in to_review(client)


@pytest.mark.parametrize("address", [URL, f"{URL}?rever=sim", f"{URL}?q=sei"])
def test_the_list_costs_the_same_for_few_and_many(client: Client, address: str, django_assert_max_num_queries: Any) -> None:
    for kept in (50, 2):
        Article.objects.filter(pk__in=list(Article.objects.order_by("pk").values_list("pk", flat=True)[kept:])).update(
            active=False
        )
        with django_assert_max_num_queries(16):
            assert client.get(address).status_code == 200

"""“Responder e encerrar” at the workbench: what it asks for beside the answer."""

import re
from types import SimpleNamespace

import pytest

from catalog.models import Cause, Product, SupportScript
from tests.cast import at_status, form
from tests.tickets.admin.desk import after, page_of, sent, signed_in, state_of
from tickets import lifecycle
from tickets.lifecycle import Incomplete
from tickets.states import Closure, Status, Via


def options(page: str, name: str) -> list[str]:
    """The labels of a select of the form."""
    select = re.search(rf'<select name="{name}".*?id="id_write_{name}".*?</select>', page, re.DOTALL)
    return re.findall(r"<option[^>]*>([^<]*)</option>", select[0]) if select else []


def test_it_offers_the_active_causes_of_the_product_before_the_answer(c: SimpleNamespace) -> None:
    other = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    Cause.objects.create(product=other, slug="adesao", name="Adesão orientada")
    Cause.objects.create(product=c.product, slug="antiga", name="Antiga", active=False)
    Cause.objects.create(product=c.product, slug="uso", name="Dúvida sobre o uso", position=1)
    page = page_of(c.bia, at_status(c, Status.IN_PROGRESS))
    assert options(page, "cause") == ["Escolha", "Configuração do órgão", "Dúvida sobre o uso"]


def test_the_cause_is_read_on_the_workbench_and_not_by_the_requester(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    assert sent(c.bia, ticket, "resolve", words="Feito.", cause=c.cause.pk).status_code == 302
    ticket = after(ticket)
    assert (ticket.closure, ticket.cause) == (Closure.RESOLVED, c.cause)
    assert "<dt>Causa</dt><dd>Configuração do órgão</dd>" in page_of(c.bia, ticket)


def test_without_a_cause_the_words_are_kept_and_the_reason_stands_beside(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "resolve", words="Uma resposta escrita com cuidado.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Uma resposta escrita com cuidado.</textarea>" in page
    assert re.search(r'<div id="id_write_cause_error">.*?Escolha a causa\.', page, re.DOTALL)
    assert state_of(ticket) == before


def test_a_cause_that_was_retired_meanwhile_is_refused(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    gone = Cause.objects.create(product=c.product, slug="antiga", name="Antiga", active=False)
    before = state_of(ticket)
    for value in (str(gone.pk), "0", "x"):
        answer = sent(c.bia, ticket, "resolve", words="Feito.", cause=value)
        assert answer.status_code == 422
        assert "Esta causa saiu da lista. Escolha outra." in answer.content.decode()
    assert state_of(ticket) == before


def test_a_product_without_a_list_asks_for_no_cause(c: SimpleNamespace) -> None:
    Cause.objects.update(active=False)
    ticket = at_status(c, Status.IN_PROGRESS)
    assert 'name="cause"' not in page_of(c.bia, ticket)
    assert sent(c.bia, ticket, "resolve", words="Feito.").status_code == 302
    assert after(ticket).closure == Closure.RESOLVED


@pytest.fixture
def scripted(c: SimpleNamespace) -> SimpleNamespace:
    """A script for the ticket's type, one for every product, and one that does not hold any more."""

    def made(slug: str, title: str, **fields: object) -> SupportScript:
        return SupportScript.objects.create(core_system=c.core, slug=slug, title=title, situation="…", reply="…", **fields)

    c.script = made("painel", "Limpar o <painel>", product=c.product, support_types=["reportar-erro"])
    c.general = made("dados", "Pedir dados")
    c.old = made("antigo", "Antigo", product=c.product, holds=False)
    return c


def test_scripts_are_offered_in_groups(scripted: SimpleNamespace) -> None:
    page = page_of(scripted.bia, at_status(scripted, Status.IN_PROGRESS))
    assert options(page, "script") == ["Nenhum", "Limpar o &lt;painel&gt;", "Pedir dados"]
    assert re.findall(r'<optgroup label="([^"]*)"', page)[-2:] == ["Reportar um erro", "De todo produto"]


def test_what_the_answer_rests_on_is_read_by_the_team_alone(scripted: SimpleNamespace) -> None:
    c, ticket = scripted, at_status(scripted, Status.IN_PROGRESS)
    article = "https://wiki.example.org/a?b=1&c=2"
    facts = {"words": "Feito.", "cause": c.cause.pk, "script": c.script.pk, "article": f" {article} "}
    assert sent(c.bia, ticket, "resolve", **facts).status_code == 302
    message = ticket.messages.latest("pk")
    assert (message.script, message.article) == (c.script, article)
    page = page_of(c.bia, ticket)
    assert "Roteiro usado: Limpar o &lt;painel&gt;" in page
    shown = "https://wiki.example.org/a?b=1&amp;c=2"
    assert f'<a href="{shown}" rel="noopener noreferrer">{shown}</a>' in page
    hers = signed_in(c.ana).get(ticket.get_absolute_url()).content.decode()
    assert "Feito." in hers
    for internal in ("painel", "wiki.example.org", "Configuração do órgão"):
        assert internal not in hers


@pytest.mark.parametrize(
    "article",
    ["javascript:alert(1)", "//evil.example.org/", "/\\evil.example.org", "ftp://example.org/", "wiki", "/a b", "x" * 301],
)
def test_an_article_that_is_no_address_is_refused(scripted: SimpleNamespace, article: str) -> None:
    c, ticket = scripted, at_status(scripted, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "resolve", words="Feito.", cause=c.cause.pk, article=article)
    assert answer.status_code == 422
    assert 'id="id_write_article_error"' in answer.content.decode()
    with pytest.raises(Incomplete):
        lifecycle.resolve(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Feito.", cause=c.cause, article=article)
    assert state_of(ticket) == before


def test_a_script_of_another_product_is_refused(scripted: SimpleNamespace) -> None:
    c, ticket = scripted, at_status(scripted, Status.IN_PROGRESS)
    other = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    SupportScript.objects.filter(pk=c.script.pk).update(product=other)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "resolve", words="Feito.", cause=c.cause.pk, script=c.script.pk)
    assert "Este roteiro saiu da lista. Escolha outro." in answer.content.decode()
    with pytest.raises(Incomplete, match="roteiro"):
        lifecycle.resolve(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Feito.", cause=c.cause, script=c.script)
    assert state_of(ticket) == before

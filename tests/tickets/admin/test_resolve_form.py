"""“Responder e encerrar” at the workbench: what it asks for beside the answer."""

import re
from types import SimpleNamespace

from catalog.models import Cause, Product
from tests.cast import at_status
from tests.tickets.admin.desk import after, page_of, sent, state_of
from tickets.states import Closure, Status


def options(page: str, name: str) -> list[str]:
    """The labels of a select of the form."""
    select = re.search(rf'<select name="{name}".*?id="id_resolve_{name}".*?</select>', page, re.DOTALL)
    return re.findall(r"<option[^>]*>([^<]*)</option>", select[0]) if select else []


def test_it_offers_the_active_causes_of_the_product_before_the_answer(c: SimpleNamespace) -> None:
    other = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    Cause.objects.create(product=other, slug="adesao", name="Adesão orientada")
    Cause.objects.create(product=c.product, slug="antiga", name="Antiga", active=False)
    Cause.objects.create(product=c.product, slug="uso", name="Dúvida sobre o uso", position=1)
    page = page_of(c.bia, at_status(c, Status.IN_PROGRESS))
    assert options(page, "cause") == ["Escolha", "Configuração do órgão", "Dúvida sobre o uso"]
    assert page.index('id="id_resolve_cause"') < page.index('id="id_resolve_words"')


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
    assert re.search(r'<div id="id_resolve_cause_error">.*?Escolha a causa\.', page, re.DOTALL)
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

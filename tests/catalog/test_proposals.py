"""The team proposes scripts, curators decide, and who proposed hears of it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from catalog import proposals, script_versions
from catalog.models import ScriptProposal, SupportScript
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import another_product, fresh, full_cast, person

PROPOSE = "/admin/catalog/scriptproposal/propor/"


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    c = full_cast()
    c.cris = person("Cris")
    RoleGrant.objects.create(user=c.cris, role="curator", core_system=c.core)
    c.script = SupportScript.objects.create(
        core_system=c.core, product=c.product, slug="dados", title="Pedir dados", situation="…", reply="Olá.",
        steps=["Veja."], profile="tecnico", holds=True,
    )  # fmt: skip
    script_versions.record_loaded(c.core)
    c.script.refresh_from_db()
    return c


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def written(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Pedir dados", "situation": "…", "steps": "Veja.", "reply": "Olá, {{ solicitante }}.", "level": "N2",
        "profile": "tecnico", "suggestion": "", "keywords": "", "reason": "Falta o nome.", **changes,
    }  # fmt: skip


def test_what_an_analyst_proposes_becomes_a_version_of_his_when_it_is_accepted(c: SimpleNamespace) -> None:
    assert as_(c.bia).post(f"{PROPOSE}?roteiro={c.script.pk}", written()).status_code == 302
    proposal = ScriptProposal.objects.get()
    url = f"/admin/catalog/scriptproposal/{proposal.pk}/"
    assert "Olá, {{ solicitante }}." in as_(c.cris).get(f"{url}change/").content.decode()
    c.script.refresh_from_db()
    assert c.script.reply == "Olá."
    assert as_(c.cris).post(f"{url}decidir/", {"answer": "Obrigada!", "aceitar": "1"}).status_code == 302
    c.script.refresh_from_db()
    newest = c.script.versions.first()
    assert (c.script.reply, newest.author, newest.number) == ("Olá, {{ solicitante }}.", c.bia, 2)
    assert "Cris" in newest.note
    mail = letter(Notice.objects.get(recipient=c.bia))
    assert "Cris aceitou o roteiro que você propôs, “Pedir dados”" in mail.body
    assert "Obrigada!" in mail.body
    assert "já foi decidida" in as_(c.cris).post(f"{url}decidir/", {"answer": "De novo", "recusar": "1"}).content.decode()


def test_a_new_script_is_there_when_it_is_accepted(c: SimpleNamespace) -> None:
    assert as_(c.bia).post(PROPOSE, written(product=str(c.product.pk), title="Trocar o certificado")).status_code == 302
    proposal = ScriptProposal.objects.get()
    proposals.decide(proposal.pk, by=c.cris, accept=True, answer="Bom.")
    made = SupportScript.objects.get(title="Trocar o certificado")
    assert (made.product, made.holds, made.version, made.versions.get().author) == (c.product, True, 1, c.bia)


def test_a_declined_one_changes_nothing_and_says_why(c: SimpleNamespace) -> None:
    proposal = proposals.propose(by=c.bia, content=script_versions.said(c.script) | {"title": "X"}, reason="…", script=c.script)
    client = as_(c.cris)
    url = f"/admin/catalog/scriptproposal/{proposal.pk}/decidir/"
    assert client.post(url, {"recusar": "1"}).status_code == 422
    assert client.post(url, {"recusar": "1", "answer": "Já há outro."}).status_code == 302
    c.script.refresh_from_db()
    assert (c.script.title, c.script.version) == ("Pedir dados", 1)
    assert "Já há outro." in letter(Notice.objects.get(recipient=c.bia)).body
    assert "Já há outro." in as_(c.bia).get(f"/admin/catalog/scriptproposal/{proposal.pk}/change/").content.decode()


def test_a_proposal_to_a_script_that_changed_since_is_not_applied(c: SimpleNamespace) -> None:
    proposal = proposals.propose(by=c.bia, content=script_versions.said(c.script) | {"title": "X"}, reason="…", script=c.script)
    c.script.situation = "Outra."
    script_versions.save(c.script, by=c.cris)
    with pytest.raises(proposals.Refused, match="mudou depois"):
        proposals.decide(proposal.pk, by=c.cris, accept=True, answer="Bom.")
    c.script.refresh_from_db()
    assert (c.script.title, Notice.objects.count()) == ("Pedir dados", 0)
    assert "O roteiro mudou depois" in as_(c.cris).get(f"/admin/catalog/scriptproposal/{proposal.pk}/change/").content.decode()


def test_who_does_not_work_the_product_proposes_nothing_and_sees_nothing(c: SimpleNamespace) -> None:
    other = another_product(c).product
    theirs = SupportScript.objects.create(core_system=c.core, product=other, slug="x", title="X", situation="…", reply="…")
    for user, status in ((c.beto, 404), (c.duda, 403), (c.ana, 404)):
        assert as_(user).get(f"{PROPOSE}?roteiro={theirs.pk}").status_code == status
    with pytest.raises(proposals.Refused):
        proposals.propose(by=fresh(c.beto), content={}, reason="…", script=theirs)
    mine = proposals.propose(by=c.bia, content=script_versions.said(c.script) | {"title": "X"}, reason="…", script=c.script)
    assert as_(c.beto).get(f"/admin/catalog/scriptproposal/{mine.pk}/change/").status_code == 404
    with pytest.raises(proposals.Refused):
        proposals.decide(mine.pk, by=c.bia, accept=True, answer="…")
    assert ScriptProposal.objects.get().accepted is None


@pytest.mark.parametrize("reply", ["{{ senha }}", "{{ request.user }}"])
def test_a_reply_names_what_is_filled_in_alone(c: SimpleNamespace, reply: str) -> None:
    page = as_(c.bia).post(f"{PROPOSE}?roteiro={c.script.pk}", written(reply=reply))
    assert page.status_code == 422
    assert "Não há campo" in page.content.decode()
    assert not ScriptProposal.objects.exists()

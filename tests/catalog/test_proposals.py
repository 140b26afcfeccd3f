"""The team proposes scripts, curators decide, and who proposed hears of it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

import worktime
from accounts.models import RoleGrant, User
from catalog import proposals, script_versions
from catalog.models import ScriptProposal, SupportScript
from notifications import kinds
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import another_product, form, fresh, full_cast, person

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
        "profile": "tecnico", "suggestion": "", "keywords": "", "reason": "Falta o nome.",
        "form_id": str(form()), **changes,
    }  # fmt: skip


def proposed(c: SimpleNamespace) -> ScriptProposal:
    content = script_versions.said(c.script) | {"title": "X"}
    return proposals.propose(by=c.bia, form_id=form(), content=content, reason="…", script=c.script)


def test_sent_twice_it_is_one_proposal_of_which_the_curators_hear_once(c: SimpleNamespace) -> None:
    RoleGrant.objects.create(user=person("Nina"), role="curator", core_system=c.core)
    over = {"core_system": c.core, "ended_at": worktime.now() + timedelta(days=1)}
    RoleGrant.objects.create(user=person("Rui"), role="curator", **over)
    sent, client = written(), as_(c.bia)
    first, second = (client.post(f"{PROPOSE}?roteiro={c.script.pk}", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert ScriptProposal.objects.count() == 1
    told = Notice.objects.filter(kind="script_proposed").select_related("recipient").order_by("recipient__name")
    assert [notice.recipient.name for notice in told] == ["Cris", "Nina"]
    mail = letter(told[0])
    assert mail.subject == "Roteiro proposto: Pedir dados"
    assert "Bia propôs uma mudança em um roteiro, “Pedir dados”." in " ".join(mail.body.split())
    assert "Falta o nome." in mail.body
    other = client.post(f"{PROPOSE}?roteiro={c.script.pk}", {**sent, "reply": "Outra."})
    assert other.status_code == 422
    assert "O texto novo não foi enviado" in other.content.decode()
    assert "Outra.</textarea>" in other.content.decode()
    assert as_(c.beto).post(f"{PROPOSE}?roteiro={c.script.pk}", sent).status_code == 422
    assert (ScriptProposal.objects.count(), told.count()) == (1, 2)


@pytest.mark.parametrize("lost", ["", "x"])
def test_a_form_without_its_id_proposes_nothing(c: SimpleNamespace, lost: str) -> None:
    page = as_(c.bia).post(f"{PROPOSE}?roteiro={c.script.pk}", written(form_id=lost))
    assert page.status_code == 422
    assert "Este formulário perdeu a identificação." in page.content.decode()
    assert not ScriptProposal.objects.exists()


def test_who_looks_at_a_proposal_has_read_its_notice_and_who_curates_no_more_does_not(c: SimpleNamespace) -> None:
    proposal = proposed(c)
    notice = Notice.objects.get(recipient=c.cris)
    assert kinds.may_be_read(notice, fresh(c.cris))
    assert as_(c.cris).get(f"/admin/catalog/scriptproposal/{proposal.pk}/change/").status_code == 200
    notice.refresh_from_db()
    assert notice.read_at is not None
    c.cris.grants.update(ended_at=worktime.now())
    assert not kinds.may_be_read(notice, fresh(c.cris))


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
    proposal = proposed(c)
    client = as_(c.cris)
    url = f"/admin/catalog/scriptproposal/{proposal.pk}/decidir/"
    assert client.post(url, {"recusar": "1"}).status_code == 422
    assert client.post(url, {"recusar": "1", "answer": "Já há outro."}).status_code == 302
    c.script.refresh_from_db()
    assert (c.script.title, c.script.version) == ("Pedir dados", 1)
    assert "Já há outro." in letter(Notice.objects.get(recipient=c.bia)).body
    assert "Já há outro." in as_(c.bia).get(f"/admin/catalog/scriptproposal/{proposal.pk}/change/").content.decode()


def test_a_proposal_to_a_script_that_changed_since_is_not_applied(c: SimpleNamespace) -> None:
    proposal = proposed(c)
    c.script.situation = "Outra."
    script_versions.save(c.script, by=c.cris)
    with pytest.raises(proposals.Refused, match="mudou depois"):
        proposals.decide(proposal.pk, by=c.cris, accept=True, answer="Bom.")
    c.script.refresh_from_db()
    assert (c.script.title, Notice.objects.filter(kind=proposals.DECIDED).count()) == ("Pedir dados", 0)
    assert "O roteiro mudou depois" in as_(c.cris).get(f"/admin/catalog/scriptproposal/{proposal.pk}/change/").content.decode()


def test_who_does_not_work_the_product_proposes_nothing_and_sees_nothing(c: SimpleNamespace) -> None:
    other = another_product(c).product
    theirs = SupportScript.objects.create(core_system=c.core, product=other, slug="x", title="X", situation="…", reply="…")
    for user, status in ((c.beto, 404), (c.duda, 403), (c.ana, 404)):
        assert as_(user).get(f"{PROPOSE}?roteiro={theirs.pk}").status_code == status
    with pytest.raises(proposals.Refused):
        proposals.propose(by=fresh(c.beto), form_id=form(), content={}, reason="…", script=theirs)
    mine = proposed(c)
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

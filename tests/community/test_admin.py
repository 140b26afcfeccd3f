"""Announcements at the desk: writing, looking at it, letting it out, what becomes of it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import RoleGrant, User
from catalog.models import ElectoralPeriod
from community import notices, sending, writing
from community.models import Announcement, AnnouncementEvent
from notifications import delivery, preferences
from notifications.models import MailStep, Notice
from notifications.preferences import How
from tests.cast import agency, form, person
from tests.community.telling import draft, released, written
from tests.tickets.admin.desk import INLINE, signed_in

URL = "/admin/community/announcement/"
DAY = timedelta(days=1)
State = Announcement.State


@pytest.fixture
def duda(c: SimpleNamespace) -> Client:
    return signed_in(c.duda)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(moment: Any) -> str:
    return moment.astimezone(worktime.BRASILIA).strftime("%Y-%m-%dT%H:%M") if moment else ""


def values(**changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "form_id": form(),
        "title": "Nova versão",
        "body": "Chega na **segunda**.",
        "whom": "todas",
        "by_mail": "sim",
        "shown_until": typed(worktime.now() + 5 * DAY),
        **changes,
    }


def everything() -> tuple[list[Any], int, int]:
    return list(Announcement.objects.order_by("pk").values()), AnnouncementEvent.objects.count(), Notice.objects.count()


def test_what_is_written_is_saved_looked_at_and_goes_out(c: SimpleNamespace, duda: Client) -> None:
    saved = duda.post(f"{URL}add/", values(conferir="1", whom="algumas", agencies="a\n A ", products=[c.product.pk]))
    made = Announcement.objects.get()
    assert saved["Location"] == f"{URL}{made.pk}/enviar/"
    assert (made.title, made.core_system, made.to_everybody, made.by_mail) == ("Nova versão", c.core, False, True)
    assert (list(made.agencies.all()), list(made.products.all())) == ([c.a], [c.product])
    page = duda.get(saved["Location"])
    for said in ("Enviar a 2 pessoas", "Órgão: A – Órgão A", "Produto: SEI", "Chega na <strong>segunda</strong>", "Olá, Duda"):
        assert said in text(page)
    assert not INLINE.search(page.content.decode())
    sent = duda.post(f"{URL}{made.pk}/enviar/", {"form_id": form(), "version": made.version})
    assert sent["Location"] == f"{URL}{made.pk}/change/"
    assert "Avisos escritos: 0 de cerca de 2" in text(duda.get(sent["Location"]))
    sending.send_due()
    assert notices.of(made).count() == 2


def test_a_form_that_comes_again_writes_one(c: SimpleNamespace, duda: Client) -> None:
    sent = values()
    for _ in range(2):
        assert duda.post(f"{URL}add/", sent).status_code == 302
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, "Este campo é obrigatório."),
        ({"title": "x" * 121}, "no máximo 120 caracteres"),
        ({"body": " "}, "Escreva o texto."),
        ({"body": "x" * 10_001}, "no máximo 10000 caracteres"),
        ({"whom": ""}, "Escolha para quem é."),
        ({"whom": "algumas"}, "Escolha ao menos uma esfera, um produto ou um órgão."),
        ({"whom": "algumas", "agencies": "A\nNADA"}, "Não há órgão com a sigla “NADA”."),
        ({"whom": "algumas", "agencies": "D"}, "Há mais de um órgão com a sigla “D”"),
        ({"whom": "algumas", "agencies": "\n".join(f"X{n}" for n in range(501))}, "Escolha no máximo 500 órgãos."),
        ({"whom": "algumas", "products": ["99999"]}, "não é uma das escolhas"),
        ({"release_at": typed(worktime.now() - DAY)}, "Este momento já passou."),
        ({"release_at": "amanhã"}, "Digite o dia e a hora"),
        ({"release_at": typed(worktime.now() + 6 * DAY)}, "Escolha um momento depois de o comunicado aparecer."),
        ({"shown_until": ""}, "Digite o dia e a hora."),
        ({"shown_until": typed(worktime.now() + 500 * DAY)}, "por um ano, no máximo."),
        ({"shown_until": "9999-12-31T23:59"}, "por um ano, no máximo."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    c: SimpleNamespace, duda: Client, changes: dict[str, Any], problem: str
) -> None:
    for name in ("Um", "Dois"):
        twin = agency(f"d-{name.lower()}", c.sphere)
        twin.acronym = "D"
        twin.save()
    response = duda.post(f"{URL}add/", values(**{"title": "Meu título", **changes}))
    assert (response.status_code, everything()) == (422, ([], 0, Notice.objects.count()))
    assert problem in text(response)
    assert ('value="Meu título"' in text(response)) == ("title" not in changes)


@pytest.mark.parametrize("named", [False, True])
def test_a_form_sent_as_it_is_drawn_changes_nothing_of_it(c: SimpleNamespace, duda: Client, named: bool) -> None:
    """A body was looked for that is called “[]”, where none was named."""
    made = written(c, **({"agencies": [c.a, c.b], "spheres": [c.sphere], "products": [c.product]} if named else {}))
    drawn = duda.get(f"{URL}{made.pk}/change/").context_data["form"]  # type: ignore[attr-defined]  # of a TemplateResponse
    drawn_values = {field.name: field.value() for field in drawn}
    sent = {
        name: value if name in ("spheres", "products") else str("" if value is None else value)
        for name, value in drawn_values.items()
    }
    sent["shown_until"] = typed(made.shown_until)
    before, names = made.events.get().content, ("agencies", "spheres", "products", "to_everybody", "title", "body", "by_mail")
    assert duda.post(f"{URL}{made.pk}/change/", sent).status_code == 302
    after = made.events.get(version=2).content
    assert {name: after[name] for name in names} == {name: before[name] for name in names}


def test_an_old_draft_overwrites_nobody(c: SimpleNamespace, duda: Client) -> None:
    made = written(c)
    writing.write(made.pk, draft(c, title="Dela"), by=c.duda, base=1, request_id=form())
    before = everything()
    response = duda.post(f"{URL}{made.pk}/change/", values(base="1"))
    assert "Outra pessoa salvou este comunicado enquanto você escrevia." in text(response)
    assert "Chega na **segunda**." in text(response)
    assert everything() == before
    page = text(duda.get(f"{URL}{made.pk}/change/"))
    assert ('value="Dela"' in page, 'name="base" value="2"' in page) == (True, True)
    assert duda.post(f"{URL}{made.pk}/change/", values(base="2")).status_code == 302
    assert Announcement.objects.get().version == 3


def test_what_changed_since_it_was_looked_at_does_not_go_out(c: SimpleNamespace, duda: Client) -> None:
    made = written(c)
    writing.write(made.pk, draft(c, title="Dela"), by=c.duda, base=1, request_id=form())
    before = everything()
    response = duda.post(f"{URL}{made.pk}/enviar/", {"form_id": form(), "version": 1})
    assert (response.status_code, everything()) == (409, before)
    assert "O comunicado mudou depois que você abriu esta página." in text(response)
    assert 'name="version" value="2"' in text(response)


def test_what_may_not_go_out_says_why(c: SimpleNamespace, duda: Client) -> None:
    made = written(c)
    ElectoralPeriod.objects.create(starts=worktime.now() - DAY, ends=worktime.now() + DAY)
    before = everything()
    response = duda.post(f"{URL}{made.pk}/enviar/", {"form_id": form(), "version": 1})
    assert (response.status_code, everything()) == (409, before)
    assert "Em período eleitoral o portal não publica notícias." in text(response)
    assert duda.post(f"{URL}{made.pk}/enviar/", {"version": 1}).status_code == 409
    assert everything() == before


def test_looking_changes_nothing(c: SimpleNamespace, duda: Client) -> None:
    made, out = written(c), released(c)
    before = everything()
    for page in ("change/", "enviar/", "email/"):
        assert duda.get(f"{URL}{made.pk}/{page}").status_code == 200
    assert duda.get(f"{URL}{out.pk}/change/").status_code == 200
    preview = duda.post(f"{URL}previa/", {"title": "<b>T", "body": "A **b** <script>x()</script>"})
    assert "&lt;b&gt;T" in text(preview)
    assert "A <strong>b</strong> &lt;script&gt;" in text(preview)
    assert duda.post(f"{URL}{out.pk}/change/", values(base="1")).status_code == 200
    assert everything() == before


def test_the_mail_is_shown_as_it_arrives_under_a_policy_that_lets_in_its_style_alone(c: SimpleNamespace, duda: Client) -> None:
    response = duda.get(f"{URL}{written(c).pk}/email/")
    assert "A versão <strong>5</strong> chega" in text(response)
    policy = response["Content-Security-Policy"]
    assert re.search(r"style-src 'self' 'sha256-[\w+/]{43}=';", policy + ";")
    assert "unsafe" not in policy


def test_a_test_mail_is_one_press(c: SimpleNamespace, duda: Client, mailoutbox: list[EmailMessage]) -> None:
    made, key = written(c), form()
    for _ in range(2):
        assert "Teste a caminho" in text(duda.post(f"{URL}{made.pk}/teste/", {"form_id": key}, follow=True))
    delivery.deliver_due()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([c.duda.email], "[Teste] Comunicado: Nova versão do SEI")]


def test_what_has_not_gone_out_is_called_back_by_one_press(c: SimpleNamespace, duda: Client) -> None:
    made = released(c, release_at=worktime.now() + DAY)
    page = text(duda.get(f"{URL}{made.pk}/change/"))
    assert ("Agendado" in page, "Cancelar o agendamento" in page, "Parar e retirar" in page) == (True, True, False)
    assert "voltou a ser rascunho" in text(duda.post(f"{URL}{made.pk}/cancelar/", {"form_id": form()}, follow=True))
    assert Announcement.objects.get().state == State.DRAFT


def test_what_has_gone_out_is_stopped_by_who_says_that_he_means_it(c: SimpleNamespace, duda: Client) -> None:
    made = released(c)
    refused = duda.post(f"{URL}{made.pk}/parar/", {"form_id": form()})
    assert (refused.status_code, Announcement.objects.get().state) == (422, State.SCHEDULED)
    assert "Marque que você entendeu." in text(refused)
    page = text(duda.post(f"{URL}{made.pk}/parar/", {"form_id": form(), "sure": "on"}, follow=True))
    assert ("Parado" in page, "Um comunicado parado não volta." in page) == (True, True)
    late = duda.post(f"{URL}{made.pk}/parar/", {"form_id": form(), "sure": "on"}, follow=True)
    assert "não se faz mais com este comunicado: ele está como “Parado”" in text(late)


def test_a_correction_begins_with_the_words_and_names_what_it_corrects(c: SimpleNamespace, duda: Client) -> None:
    wrong = released(c, products=[c.product], agencies=[c.a])
    page = text(duda.get(f"{URL}add/?corrige={wrong.pk}"))
    assert 'value="Nova versão do SEI"' in page
    assert f'value="{c.product.pk}" checked' in re.sub(r' (id|class)="[^"]*"', "", page)
    duda.post(f"{URL}add/?corrige={wrong.pk}", values(title="Certo"))
    assert Announcement.objects.get(title="Certo").corrects == wrong
    assert "Há uma correção" in text(duda.get(f"{URL}{wrong.pk}/change/"))
    for asked in (written(c).pk, 999_999):
        assert duda.get(f"{URL}add/?corrige={asked}").status_code == 404
    for senseless in ("x", "-1", "9" * 30, "١"):
        assert duda.get(f"{URL}add/", {"corrige": senseless}).status_code == 200


def test_the_figures_say_what_became_of_its_notices(c: SimpleNamespace, duda: Client) -> None:
    preferences.choose(c.ana.pk, {"novidades": How.PORTAL})
    preferences.choose(c.gil.pk, {"novidades": How.DIGEST})
    made, other = released(c), released(c)
    sending.send_due()
    delivery.deliver_due()
    Notice.objects.filter(recipient=c.eva).update(state=Notice.State.DEAD)
    Notice.objects.filter(recipient=c.bia).update(state=Notice.State.PENDING)
    for _ in range(2):
        MailStep.objects.create(notice=notices.of(made).get(recipient=c.lia), kind=MailStep.Kind.BOUNCED)
    writing.stop(other.pk, by=c.duda, request_id=form())
    sending.hold_back()

    def shown(announcement: Announcement) -> dict[str, str]:
        page = text(duda.get(f"{URL}{announcement.pk}/change/")).partition('id="envio"')[2].partition("</section>")[0]
        return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page))

    names = ["Na fila do e-mail", "Enviados por e-mail", "No resumo do dia", "Só no portal", "Não entregues"]
    assert shown(made) == {**dict(zip(names, "16111", strict=True)), "Retidos": "0", "Devolvidos": "1"}
    assert (shown(other)["Na fila do e-mail"], shown(other)["Retidos"]) == ("0", "2")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_counts_nothing_and_costs_the_same(c: SimpleNamespace, duda: Client, rows: int) -> None:
    for _ in range(rows):
        released(c, agencies=[c.a])
    with CaptureQueriesContext(connection) as context:
        page = text(duda.get(URL))
    assert page.count(">PEN</td>") == rows
    assert len(context) <= 5


def test_its_page_costs_the_same_whatever_happened(c: SimpleNamespace, duda: Client) -> None:
    made, counts = released(c, agencies=[c.a], spheres=[c.sphere], products=[c.product]), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as context:
            duda.get(f"{URL}{made.pk}/change/")
        counts.append(len(context))
        sending.send_due()
    assert counts[0] == counts[1] <= 11


@pytest.fixture
def zeca(c: SimpleNamespace) -> User:
    """Manages body B alone."""
    user = person("Zeca")
    RoleGrant.objects.create(user=user, role="manager", agency=c.b)
    return user


def test_who_manages_a_body_writes_to_it_alone_and_finds_no_other(c: SimpleNamespace, zeca: User) -> None:
    hers, client = written(c), signed_in(zeca)
    page = text(client.get(f"{URL}add/"))
    assert not [name for name in ("whom", "spheres", "products", "agencies", "sender") if f'name="{name}"' in page]
    client.post(f"{URL}add/", values(agencies="A", products=[c.product.pk]))
    made = Announcement.objects.exclude(pk=hers.pk).get()
    assert (made.agency, made.core_system, made.to_everybody) == (c.b, None, False)
    assert (list(made.agencies.all()), list(made.products.all())) == ([c.b], [])
    listed = text(client.get(URL))
    assert (made.title in listed, hers.title in listed) == (True, False)
    before = everything()
    for page_name in ("change/", "enviar/", "email/"):
        assert client.get(f"{URL}{hers.pk}/{page_name}").status_code == 404
    for page_name in ("enviar/", "teste/", "cancelar/", "parar/"):
        assert client.post(f"{URL}{hers.pk}/{page_name}", {"form_id": form(), "version": 1, "sure": "on"}).status_code == 404
    assert everything() == before


def test_who_manages_both_says_in_whose_name(c: SimpleNamespace, duda: Client) -> None:
    RoleGrant.objects.create(user=c.duda, role="manager", agency=c.b)
    body, system = f"orgao-{c.b.pk}", f"estruturante-{c.core.pk}"
    for changes in ({"whom": "todas"}, {"whom": "algumas", "agencies": "A"}, {"whom": "algumas", "spheres": [c.sphere.pk]}):
        response = duda.post(f"{URL}add/", values(sender=body, **changes))
        assert (response.status_code, Announcement.objects.count()) == (422, 0)
        assert "Em nome deste órgão, o comunicado vai só para as pessoas dele." in text(response)
    duda.post(f"{URL}add/", values(sender=body, whom="algumas"))
    duda.post(f"{URL}add/", values(sender=system))
    assert [str(row.agency or row.core_system) for row in Announcement.objects.order_by("pk")] == ["B – Órgão B", "PEN"]


@pytest.mark.parametrize("asked", ["author", "author__password__startswith", "body__contains", "state"])
def test_21_nothing_is_guessed_through_the_address(c: SimpleNamespace, duda: Client, asked: str) -> None:
    """django-helpdesk GHSA-mxcg-7m22-x9pj: a list told of what it hides, asked for it by name."""
    written(c)
    response = duda.get(URL, {asked: "x"})
    assert "Nova versão do SEI" not in text(response)

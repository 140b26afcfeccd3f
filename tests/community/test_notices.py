"""An announcement as mail, and who may refuse it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from pytest_django import Settings

import worktime
from accounts.models import Membership
from community import notices, sending, writing
from notifications import delivery, kinds, preferences
from notifications.kinds import How
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import form, opened
from tests.community.telling import released, written

NASTY = "Aviso <b>já</b> & 'aspas'\r\nBcc: todos@example.org"


def to_ana(c: SimpleNamespace, **fields: object) -> Notice:
    announcement = released(c, agencies=[c.a], **fields)
    sending.send_due()
    return notices.of(announcement).get(recipient=c.ana)


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def test_the_mail_says_it_in_text_and_html_and_can_be_refused(c: SimpleNamespace) -> None:
    notice = to_ana(c, body="A versão **5** chega.\n\n- Leia [a ajuda](/ajuda/)\n- Ou [o guia](https://example.org/g)")
    message = letter(notice)
    assert message.subject == "Comunicado: Nova versão do SEI"
    assert "Nova versão do SEI\n\nA versão 5 chega.\n\n- Leia a ajuda (http://127.0.0.1:8000/ajuda/)" in message.body
    assert "A versão <strong>5</strong> chega." in html_of(message)
    assert 'href="http://127.0.0.1:8000/ajuda/"' in html_of(message)
    assert 'href="https://example.org/g"' in html_of(message)
    for words in (str(message.body), html_of(message)):
        assert f"http://127.0.0.1:8000/comunicados/{notice.data['announcement']}/nova-versao-do-sei/" in words
        assert "/avisos/sair/" in words
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_that_is_written_runs_or_adds_a_header(c: SimpleNamespace) -> None:
    message = letter(to_ana(c, title=NASTY, body='<script>x()</script> [a](javascript:x) ![i](https://example.org/p.png) "q"'))
    assert message.subject == "Comunicado: Aviso <b>já</b> & 'aspas' Bcc: todos@example.org"
    assert "Bcc" not in message.message()
    html = html_of(message)
    assert "Aviso &lt;b&gt;já&lt;/b&gt; &amp; &#x27;aspas&#x27;" in html
    assert not [sign for sign in ("<script", "javascript:", "<img", "<b>já") if sign in html.replace("(javascript:x)", "")]


def test_a_correction_says_what_it_corrects(c: SimpleNamespace) -> None:
    message = letter(to_ana(c, title="Data certa", corrects=released(c)))
    assert message.subject == "Correção: Data certa"
    for words in (str(message.body), html_of(message)):
        assert "Este comunicado corrige o anterior, “Nova versão do SEI”." in words


def test_a_correction_to_other_people_does_not_name_what_these_never_read(c: SimpleNamespace) -> None:
    wrong = released(c, agencies=[c.b], title="Só para o órgão B")
    message = letter(to_ana(c, corrects=wrong))
    assert message.subject.startswith("Correção: ")
    for words in (str(message.body), html_of(message)):
        assert "Este comunicado corrige um anterior." in words
        assert wrong.title not in words


@pytest.mark.parametrize(("how", "state"), [(How.PORTAL, "portal"), (How.DIGEST, "to_digest")])
def test_who_refused_news_still_gets_what_concerns_a_ticket(
    c: SimpleNamespace, how: How, state: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    preferences.choose(c.ana.pk, {notices.GROUP.slug: how})
    notice = to_ana(c)
    opened(c)
    delivery.deliver_due()
    notice.refresh_from_db()
    assert notice.state == state
    assert [mail.subject.startswith("[Chamado ") for mail in mailoutbox if mail.to == [c.ana.email]] == [True]
    assert [mail.to for mail in mailoutbox if mail.subject.startswith("Comunicado")] == [[c.gil.email]]


def test_one_press_in_the_mail_ends_news_alone(c: SimpleNamespace) -> None:
    token = preferences.token(to_ana(c))
    response = Client().post(f"/avisos/sair/{token}/")
    assert "Novidades" in response.content.decode()
    assert preferences.chosen_by(c.ana.pk) == {"novidades": How.PORTAL}


def test_in_the_portal_it_is_read_as_long_as_it_concerns_the_reader(c: SimpleNamespace, client: Client) -> None:
    notice = to_ana(c)
    client.force_login(c.ana)
    assert "A versão 5 chega" in client.get(f"/avisos/{notice.pk}/").content.decode()
    assert notice.title == "Comunicado da Central de Atendimento"
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())
    assert "A versão 5 chega" not in client.get(f"/avisos/{notice.pk}/").content.decode()


def test_a_test_reaches_who_writes_whatever_he_chose_and_nobody_else(
    c: SimpleNamespace, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    preferences.choose(c.duda.pk, {notices.GROUP.slug: How.PORTAL})
    made, key = written(c), form()
    for _ in range(2):
        writing.test(made.pk, by=c.duda, request_id=key)
    delivery.deliver_due()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([c.duda.email], "[Teste] Comunicado: Nova versão do SEI")
    assert "A versão <strong>5</strong> chega" in html_of(mail)
    assert "Só você recebeu esta mensagem." in mail.body
    assert "chega sempre por e-mail" not in mail.body
    notice = Notice.objects.get(kind=notices.TEST)
    assert kinds.may_be_read(notice, c.duda)
    assert not kinds.may_be_read(notice, c.ana)


def test_news_have_a_group_and_a_line_of_their_own(c: SimpleNamespace) -> None:
    assert kinds.kinds_in(notices.GROUP) == [notices.KIND]
    assert to_ana(c).line == Notice.Line.NEWS
    with transaction.atomic():
        notices.test(written(c), form(), c.duda)
    assert Notice.objects.get(kind=notices.TEST).line == Notice.Line.OWN


def test_mails_with_the_same_words_are_made_up_once(c: SimpleNamespace, settings: Settings) -> None:
    body = f"Só aqui {form()}."
    notice = to_ana(c, body=body)
    before = notices._html.cache_info().misses
    letter(notice)
    letter(notice)
    assert notices._html.cache_info().misses == before + 1

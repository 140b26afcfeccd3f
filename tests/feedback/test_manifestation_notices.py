"""What the mails say."""

from datetime import date
from types import SimpleNamespace

from feedback import manifestations
from notifications import kinds
from notifications.letters import in_portal, letter
from notifications.models import Notice
from tests.cast import form, fresh
from tests.feedback.writing import answered, written

NASTY = "Motivo <b>forte</b> & 'aspas'"


def words_of(notice: Notice) -> str:
    message = letter(notice)
    return f"{message.subject}\n{message.body}\n{message.alternatives[0][0]}"


def test_each_kind_says_what_it_must(c: SimpleNamespace) -> None:
    made = written(c, body="segredo-de-quem-escreveu")
    manifestations.forward(made.pk, by=c.otto, area="Suporte", question="segredo-da-casa", request_id=form())
    manifestations.extend(made.pk, by=c.otto, reason=NASTY, request_id=form())
    answered(c, made)
    manifestations.add_words(made.pk, words="segredo-de-quem-escreveu", request_id=form())
    made.refresh_from_db()
    assert isinstance(made.due_on, date)
    letters = {notice.kind: words_of(notice) for notice in Notice.objects.order_by("created_at")}
    assert set(letters) == {f"manifestation_{kind}" for kind in ("received", "extended", "answered", "news")}
    for words in letters.values():
        assert str(made.number) in words
        assert "segredo" not in words
    assert "horário de Brasília" in letters["manifestation_received"]
    assert f"{made.due_on:%d/%m/%Y}" in letters["manifestation_extended"]
    assert "O motivo está na página da manifestação." in letters["manifestation_extended"]
    assert "Por segurança, a resposta não vai neste e-mail." in letters["manifestation_answered"]
    assert "acrescentou" in letters["manifestation_news"]
    assert f"/admin/feedback/manifestation/{made.pk}/change/" in letters["manifestation_news"]
    assert f"/manifestacoes/{made.number}/" in letters["manifestation_answered"]


def test_they_are_owed_and_read_by_whom_they_concern(c: SimpleNamespace) -> None:
    written(c)
    received, news = (Notice.objects.get(kind=f"manifestation_{kind}") for kind in ("received", "news"))
    assert kinds.group_of(received.kind) is kinds.group_of(news.kind) is None
    readers = (c.ana, c.otto, c.bia)
    assert [kinds.may_be_read(received, fresh(user)) for user in readers] == [True, False, False]
    assert [kinds.may_be_read(news, fresh(user)) for user in readers] == [False, True, False]


def test_the_first_news_names_the_deadline_and_not_the_author(c: SimpleNamespace) -> None:
    made = written(c)
    words = words_of(Notice.objects.get(kind="manifestation_news"))
    assert f"Responda até {made.due_on:%d/%m/%Y}" in words
    assert "Ana" not in words


def test_what_the_ombudsman_says_stands_behind_the_sign_in_and_in_no_mail(c: SimpleNamespace) -> None:
    """A box at work has other readers: neither the answer, nor a reason, nor that it was a complaint."""
    made = written(c)
    manifestations.extend(made.pk, by=c.otto, reason=NASTY, request_id=form())
    answered(c, made)
    kind = made.get_kind_display().lower()
    for name, said in (("received", kind), ("extended", NASTY), ("answered", "Vamos melhorar.")):
        notice = Notice.objects.get(kind=f"manifestation_{name}")
        for part in (said, "forte", f"({kind})"):
            assert part not in words_of(notice)
        subject, words, _ = in_portal(notice)
        assert said not in subject
        assert (said in words) is (name != "received")

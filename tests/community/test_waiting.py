"""An electoral period puts announcements off: mail, lists and pages wait, tickets do not, and who wrote one is told."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage
from django.test import Client

import worktime
from accounts.models import RoleGrant
from catalog.models import ElectoralPeriod
from community import notices, sending, waiting, writing
from community.models import Announcement, AnnouncementEvent
from notifications import batches, delivery, digests, news, preferences
from notifications import sending as mail
from notifications.batches import Batch
from notifications.kinds import How
from notifications.models import Notice
from tests.cast import form, opened, person
from tests.community.telling import released, written
from tests.tickets.admin.desk import signed_in

DAY = timedelta(days=1)
LINE = "Comunicado da Central de Atendimento"


@pytest.fixture
def ana(c: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(c.ana)
    return client


def period(begins: timedelta = -DAY, ends: timedelta = DAY) -> ElectoralPeriod:
    now = worktime.now()
    return ElectoralPeriod.objects.create(starts=now + begins, ends=now + ends)


def states(announcement: Announcement) -> set[str]:
    return set(notices.of(announcement).values_list("state", flat=True))


def test_mail_that_is_written_waits_and_what_is_owed_goes_on(c: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    announcement = released(c)
    sending.send_due()
    ticket = opened(c)
    period()
    delivery.deliver_due()
    assert {mail.subject.partition("]")[0] for mail in mailoutbox} == {f"[Chamado {ticket.number}"}
    assert set(notices.of(announcement).values_list("state", "attempts")) == {("pending", 0)}
    with worktime.shifted(DAY):
        delivery.deliver_due()
    assert states(announcement) == {"sent"}
    assert sum(mail.subject.startswith("Comunicado: ") for mail in mailoutbox) == notices.of(announcement).count()


def test_a_batch_that_is_on_its_way_stops_where_the_period_begins(
    c: SimpleNamespace, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claimed a second before: the rest goes back as if it had not been claimed, what is owed among it leaves."""
    announcement = released(c)
    sending.send_due()
    opened(c)
    batch = Batch(delivery.claim(), mail.line())
    assert {notice.line for notice in batch.notices} == {0, 1}
    period()
    monkeypatch.setattr(batches, "FRESH", timedelta(0))
    assert batch.deliver() == len(mailoutbox) == sum(notice.line == 0 for notice in batch.notices)
    assert set(notices.of(announcement).values_list("state", "attempts", "leased_until")) == {("pending", 0, None)}


def test_lists_bell_and_digest_say_nothing_of_it_and_do_again_afterwards(c: SimpleNamespace, ana: Client) -> None:
    preferences.choose(c.ana.pk, {notices.GROUP.slug: How.DIGEST})
    announcement = released(c)
    sending.send_due()
    delivery.deliver_due()
    notice = notices.of(announcement).get(recipient=c.ana)
    assert notice.state == Notice.State.TO_DIGEST
    before = ana.get("/avisos/")
    assert (LINE in before.content.decode(), before.context["unread_notices"]) == (True, 1)
    period()
    during = ana.get("/avisos/")
    assert (LINE in during.content.decode(), during.context["unread_notices"]) == (False, 0)
    assert ana.get(f"/avisos/{notice.pk}/").status_code == 404
    ana.post("/avisos/lidos/")
    assert digests.compose(worktime.now()) == 0
    with worktime.shifted(DAY):
        after = ana.get("/avisos/")
        assert (LINE in after.content.decode(), after.context["unread_notices"]) == (True, 1)
        assert ana.get(f"/avisos/{notice.pk}/").status_code == 200
        assert digests.compose(worktime.now()) == 1


def test_who_wrote_it_and_who_confirmed_it_are_told_once(c: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    other = person("Davi")
    RoleGrant.objects.create(user=other, role="manager", core_system=c.core)
    made = written(c)
    writing.release(made.pk, by=other, version=made.version, request_id=form())
    assert waiting.tell() == 0
    one = period()
    assert (waiting.tell(), waiting.tell()) == (1, 0)
    assert made.events.filter(action=AnnouncementEvent.Action.WAIT).count() == 1
    delivery.deliver_due()
    told = [mail for mail in mailoutbox if mail.subject == "Comunicado adiado: Nova versão do SEI"]
    assert {mail.to[0] for mail in told} == {c.duda.email, other.email}
    assert f"está adiado até {worktime.moment_said(one.ends)}" in " ".join(str(told[0].body).split())
    page = signed_in(c.duda).get(f"/admin/community/announcement/{made.pk}/change/").content.decode()
    assert f"em período eleitoral até {worktime.moment_said(one.ends)}" in page
    assert "Adiado pelo período eleitoral" in page


def test_of_what_is_stopped_over_or_yet_to_come_nobody_is_told(c: SimpleNamespace) -> None:
    over, stopped = released(c), released(c)
    released(c, release_at=worktime.now() + DAY / 2)
    sending.send_due()
    writing.stop(stopped.pk, by=c.duda, request_id=form())
    Announcement.objects.filter(pk=over.pk).update(shown_until=worktime.now() - 2 * DAY)
    period()
    assert waiting.tell() == 0


def test_mail_whose_time_ends_in_the_period_leaves_no_more(c: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    """A maintenance that is over was told weeks later."""
    over, goes_on = released(c, shown_until=worktime.now() + DAY / 2), released(c)
    sending.send_due()
    notices.of(over).filter(recipient=c.gil).update(state=Notice.State.TO_DIGEST)
    people = notices.of(over).count()
    delivery.deliver_due(limit=2)
    left = notices.of(over).exclude(state="sent").count()
    period()
    assert (sending.end(), sending.hold_back()) == (0, 0)
    with worktime.shifted(DAY / 2):
        assert (sending.end(), sending.end()) == (1, 0)
        assert sending.hold_back() == left
    assert not Announcement.objects.get(pk=over.pk).stopping
    assert over.events.filter(action=AnnouncementEvent.Action.END).count() == 1
    with worktime.shifted(DAY):
        delivery.deliver_due()
        assert notices.of(over).filter(state="stopped").count() == left
        assert notices.of(goes_on).filter(state="sent").count() == people
        assert len(mailoutbox) == people - left + people
        assert LINE in signed_in(c.gil).get("/avisos/").content.decode()


def test_what_was_not_written_before_its_time_was_over_is_written_to_nobody(c: SimpleNamespace) -> None:
    announcement = released(c, shown_until=worktime.now() + DAY / 2)
    period()
    assert sending.send_due() == 0
    with worktime.shifted(DAY):
        sending.end()
        sending.send_due()
    assert not notices.of(announcement).exists()
    assert Announcement.objects.get(pk=announcement.pk).state == "sent"


def test_who_is_told_of_the_wait_reads_that_the_mail_will_not_leave(c: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    made = written(c, shown_until=worktime.now() + DAY / 2)
    period(DAY / 4)
    page = signed_in(c.duda).get(f"/admin/community/announcement/{made.pk}/enviar/").content.decode()
    assert "não saem mais" in page
    writing.release(made.pk, by=c.duda, version=made.version, request_id=form())
    with worktime.shifted(DAY / 3):
        waiting.tell()
        delivery.deliver_due()
        told = " ".join(str(mailoutbox[-1].body).split())
        assert "os e-mails que faltam não saem mais" in told
        assert "não saem mais" in signed_in(c.duda).get(f"/admin/community/announcement/{made.pk}/change/").content.decode()


def test_a_period_of_one_sphere_holds_nothing(c: SimpleNamespace) -> None:
    row = period()
    ElectoralPeriod.objects.filter(pk=row.pk).update(sphere=c.a.sphere)
    assert not news.are_held(worktime.now())
    released(c)
    assert waiting.tell() == 0


@pytest.mark.parametrize(("begins", "said"), [(2 * DAY, True), (20 * DAY, False)])
def test_who_confirms_is_told_of_a_period_that_comes_upon_it(begins: timedelta, said: bool, c: SimpleNamespace) -> None:
    made = written(c)
    period(begins, begins + DAY)
    page = signed_in(c.duda).get(f"/admin/community/announcement/{made.pk}/enviar/").content.decode()
    assert ("Um período eleitoral vem aí" in page) is said


def test_the_same_reason_holds_the_news_once() -> None:
    with pytest.raises(ValueError, match="already"):
        news.wait_while(news._REASONS[0])

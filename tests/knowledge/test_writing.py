"""What articles say, and said before."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

import worktime
from accounts.models import User
from knowledge import writing
from knowledge.models import Article, ArticleVersion

pytestmark = pytest.mark.usefixtures("faq")


def an_article() -> Article:
    return Article.objects.get(slug="o-que-acontece-se-eu-nao-responder-ao-atendente")


def test_changed_words_are_a_version_of_who_changed_them(cris: User) -> None:
    article = an_article()
    said, before = article.body, worktime.now()
    article.body = "Ele é encerrado."
    writing.save(article, by=cris, note="Mais curto.")
    newest, oldest = article.versions.all()
    assert (newest.number, newest.author, newest.body, newest.note) == (2, cris, "Ele é encerrado.", "Mais curto.")
    assert (oldest.number, oldest.author, oldest.body) == (1, None, said)
    article.refresh_from_db()
    assert (article.version, article.body) == (2, "Ele é encerrado.")
    assert article.updated_at is not None
    assert before <= article.updated_at == newest.at


def test_what_is_no_words_makes_no_version(cris: User) -> None:
    article = an_article()
    updated = article.updated_at
    article.position, article.active = 999, False
    writing.save(article, by=cris)
    article.refresh_from_db()
    assert (article.position, article.active, article.version, article.updated_at) == (999, False, 1, updated)
    assert article.versions.count() == 1


def test_an_older_version_is_said_again_and_nothing_is_lost(cris: User) -> None:
    article = an_article()
    said = article.body
    article.body = "Ele é encerrado."
    writing.save(article, by=cris)
    writing.restore(article, article.versions.get(number=1), by=cris)
    article.refresh_from_db()
    assert (article.body, article.version) == (said, 3)
    assert [version.body for version in article.versions.all()] == [said, "Ele é encerrado.", said]
    assert article.versions.all()[0].note == "Restaurada a versão 1."


def test_of_two_who_edit_at_once_the_second_is_refused(cris: User) -> None:
    first, second = an_article(), an_article()
    first.body, second.body = "Do primeiro.", "Do segundo."
    writing.save(first, by=cris)
    with pytest.raises(writing.Outdated):
        writing.save(second, by=cris)
    assert an_article().body == "Do primeiro."
    assert ArticleVersion.objects.filter(article=first).count() == 2


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_versions_as_they_are(change: str) -> None:
    versions = ArticleVersion.objects.filter(article=an_article())
    before = list(versions.values())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        versions.update(body="x") if change == "update" else versions.delete()
    assert list(versions.values()) == before


def test_a_new_article_begins_at_its_first_version(cris: User) -> None:
    article = Article(core_system=an_article().core_system, slug="nova", topic="geral", title="Nova?", body="Sim.")
    writing.save(article, by=cris)
    assert [(version.number, version.author) for version in article.versions.all()] == [(1, cris)]
    assert not article.assumed


def test_who_confirms_sets_the_next_date_and_removes_the_doubt(cris: User) -> None:
    article = Article.objects.filter(assumed=True)[0]
    with worktime.shifted(datetime(2027, 6, 1, 12, tzinfo=worktime.BRASILIA) - worktime.now()):
        writing.confirm([article])
    article.refresh_from_db()
    assert (article.assumed, article.review_due, article.version) == (False, date(2027, 6, 1) + timedelta(days=365), 1)

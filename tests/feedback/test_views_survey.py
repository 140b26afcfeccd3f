"""The survey's page by its link, and the stars on the ticket's page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

import worktime
from accounts.models import User
from feedback.models import Survey, SurveyAnswer
from tests.feedback.asking import asked, cancelled, left_without_answer, reopen, resolved
from tickets.models import Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def survey(c: SimpleNamespace) -> Survey:
    return asked(resolved(c))


def address(survey: Survey) -> str:
    return f"/avaliar/{survey.token}/"


def of_ticket(ticket: Ticket) -> str:
    return f"/chamados/{ticket.number}/avaliacao/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_opens_without_sign_in_and_names_number_and_product_alone(survey: Survey, client: Client) -> None:
    response = client.get(address(survey))
    text = response.content.decode()
    ticket = survey.closing.ticket
    assert response.status_code == 200
    assert f"Chamado {ticket.number} · SEI" in text
    assert not [word for word in (ticket.subject, "Ana", "example.org", "Órgão A", "Atualize o módulo") if word in text]
    assert "horário de Brasília" in text


def test_the_page_is_neither_searched_nor_stored_nor_told_to_other_hosts(survey: Survey, client: Client) -> None:
    response = client.get(address(survey))
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"


def test_looking_records_nothing(survey: Survey, client: Client) -> None:
    client.get(address(survey), {"stars": "5"})
    client.head(address(survey))
    survey.refresh_from_db()
    assert not survey.answered
    assert not SurveyAnswer.objects.exists()


def test_stars_alone_are_enough_and_count_once(survey: Survey, client: Client) -> None:
    response = client.post(address(survey), {"stars": "2"})
    assert (response.status_code, response["Location"]) == (302, address(survey))
    again = client.post(address(survey), {"stars": "5"})
    assert again.status_code == 200
    assert "Obrigado pela avaliação" in again.content.decode()
    assert [(kept.stars, kept.reasons, kept.comment) for kept in SurveyAnswer.objects.all()] == [(2, [], "")]


def test_reasons_and_comment_are_kept_as_far_as_they_fit_the_rating(survey: Survey, client: Client) -> None:
    sent = {"stars": "5", "high": ["rapidez", "cortesia"], "low": ["demora"], "comment": "Muito\r\nbom"}
    client.post(address(survey), sent)
    kept = SurveyAnswer.objects.get()
    assert (kept.reasons, kept.comment) == (["rapidez", "cortesia"], "Muito\nbom")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"comment": "Bom"}, "Escolha uma nota."),
        ({"stars": "6"}, "Escolha uma das cinco notas."),
        ({"stars": "1", "low": ["demora", "nao-resolveu", "repetir", "sem-noticias"]}, "Escolha no máximo 3 motivos."),
        ({"stars": "1", "low": ["nada"]}, "Escolha motivos da lista."),
        ({"stars": "1", "comment": "a" * 2001}, "no máximo 2000"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_keeps_nothing(
    survey: Survey, client: Client, sent: dict[str, object], sentence: str
) -> None:
    response = client.post(address(survey), sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert str(sent.get("comment", "")) in response.content.decode()
    assert not SurveyAnswer.objects.exists()


def test_an_unknown_link_says_nothing(client: Client, db: None) -> None:
    assert client.get("/avaliar/nada-disso/").status_code == 404
    assert client.post("/avaliar/nada-disso/", {"stars": "5"}).status_code == 404


def test_a_late_or_reopened_one_says_why(c: SimpleNamespace, survey: Survey, client: Client) -> None:
    with worktime.shifted(timedelta(days=31)):
        late = client.post(address(survey), {"stars": "5"})
    assert (late.status_code, "O prazo da avaliação terminou" in late.content.decode()) == (410, True)
    reopen(c, survey.closing.ticket)
    reopened = client.post(address(survey), {"stars": "5"})
    assert (reopened.status_code, "O chamado foi reaberto" in reopened.content.decode()) == (409, True)
    assert not SurveyAnswer.objects.exists()


def test_the_token_is_checked_for_forgery(survey: Survey) -> None:
    response = Client(enforce_csrf_checks=True).post(address(survey), {"stars": "5"})
    assert response.status_code == 403
    assert not SurveyAnswer.objects.exists()


def test_the_requester_finds_the_stars_with_his_ticket(c: SimpleNamespace, survey: Survey) -> None:
    ana, ticket = signed_in(c.ana), survey.closing.ticket
    shown = ana.get(of_ticket(ticket), headers=HTMX)
    assert shown.status_code == 200
    assert address(survey) in shown.content.decode()
    assert ana.get(of_ticket(ticket))["Location"] == address(survey)
    assert 'value="4" id="id_stars_3" checked' in " ".join(
        ana.get(address(survey), {"stars": "4"}).content.decode().split()
    ).replace("required ", "")
    ana.post(address(survey), {"stars": "4"})
    assert "Você já avaliou" in ana.get(of_ticket(ticket), headers=HTMX).content.decode()


def test_nobody_else_is_asked(c: SimpleNamespace, survey: Survey) -> None:
    ticket = survey.closing.ticket
    for reader in (c.gil, c.bia):
        answer = signed_in(reader).get(of_ticket(ticket), headers=HTMX)
        assert (answer.status_code, answer.content) == (204, b"")
        assert signed_in(reader).get(of_ticket(ticket))["Location"] == ticket.get_absolute_url()
    assert signed_in(c.eva).get(of_ticket(ticket), headers=HTMX).status_code == 404


def test_without_a_survey_there_is_nothing(c: SimpleNamespace) -> None:
    ana = signed_in(c.ana)
    for ticket in (cancelled(c), resolved(c)):
        assert ana.get(of_ticket(ticket), headers=HTMX).status_code == 204


def test_who_was_closed_for_want_of_an_answer_is_asked_in_other_words(c: SimpleNamespace) -> None:
    ticket = left_without_answer(c)
    with worktime.shifted(timedelta(hours=74)):
        survey = asked(ticket)
        assert "sem a sua resposta" in signed_in(c.ana).get(of_ticket(ticket), headers=HTMX).content.decode()
        page = Client().get(address(survey)).content.decode()
    assert "ficou sem resposta" in page


def test_the_words_sent_stand_in_no_log(survey: Survey, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client.post(address(survey), {"stars": "1", "comment": "senha 123456", "low": ["nada"]})
    client.post(address(survey), {"stars": "1", "comment": "senha 123456"})
    assert "123456" not in "".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))

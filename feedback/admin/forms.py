"""What the ombudsman does with a manifestation: each action with its form and its verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms

from feedback import manifestations
from feedback.forms.manifestation import SentOnce
from feedback.models import MAX_PUBLISHED, MAX_WORDS, ManifestationTurn
from tickets.forms.kinds import LongTextField

if TYPE_CHECKING:
    from accounts.models import User
    from feedback.models import Manifestation

Turn = ManifestationTurn.Action


class AnswerForm(SentOnce):
    words = LongTextField(
        label="Resposta a quem escreveu",
        max_length=MAX_WORDS,
        error_messages={"required": "Escreva a resposta."},
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class ReasonForm(SentOnce):
    """The author reads why the answer takes longer."""

    reason = LongTextField(
        label="Motivo",
        help_text="Quem escreveu lê este motivo.",
        max_length=MAX_WORDS,
        error_messages={"required": "Escreva o motivo: a lei pede uma justificativa."},
    )


class AreaReasonForm(SentOnce):
    """What stays within the office."""

    reason = LongTextField(
        label="Motivo", max_length=MAX_WORDS, error_messages={"required": "Escreva o motivo: a lei pede uma justificativa."}
    )


class ForwardForm(SentOnce):
    area = forms.CharField(
        label="Área",
        help_text="Quem escreveu lê o nome da área.",
        max_length=120,
        error_messages={"required": "Diga a que área a ouvidoria pede informações."},
    )
    question = LongTextField(
        label="O que a ouvidoria pede à área",
        help_text="Quem escreveu não lê este texto. Não diga quem escreveu: a identidade é protegida por lei.",
        max_length=MAX_WORDS,
        error_messages={"required": "Escreva o que a ouvidoria pede."},
    )


class AreaReplyForm(SentOnce):
    words = LongTextField(
        label="O que a área respondeu",
        help_text="Fica na ouvidoria. Quem escreveu lê só que a área respondeu.",
        max_length=MAX_WORDS,
        error_messages={"required": "Escreva o que a área respondeu."},
    )


class PublishForm(SentOnce):
    text = LongTextField(
        label="Texto para a página de elogios",
        help_text="Tire nomes e dados de pessoas. Encurte se for preciso, sem mudar o sentido.",
        max_length=MAX_PUBLISHED,
        error_messages={"required": "Escreva o texto que será publicado."},
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """One action of the desk: its address, what it does and what is said then."""

    slug: str
    action: ManifestationTurn.Action
    button: str
    done: str
    form: type[SentOnce]
    verb: Callable[..., None]


DEEDS: Final = {
    deed.slug: deed
    for deed in (
        Deed("responder", Turn.ANSWER, "Responder", "Resposta enviada.", AnswerForm, manifestations.answer),
        Deed(
            "encaminhar",
            Turn.FORWARD,
            "Pedir informações a uma área",
            "Pedido registrado.",
            ForwardForm,
            manifestations.forward,
        ),
        Deed(
            "area-respondeu",
            Turn.AREA_REPLIED,
            "Registrar a resposta da área",
            "Resposta da área registrada.",
            AreaReplyForm,
            manifestations.area_replied,
        ),
        Deed(
            "prorrogar-area",
            Turn.EXTEND_AREA,
            "Prorrogar o prazo da área",
            "Prazo da área prorrogado.",
            AreaReasonForm,
            manifestations.extend_area,
        ),
        Deed("prorrogar", Turn.EXTEND, "Prorrogar o prazo da resposta", "Prazo prorrogado.", ReasonForm, manifestations.extend),
        Deed("publicar", Turn.PUBLISH, "Publicar o elogio", "Elogio publicado.", PublishForm, manifestations.publish),
        Deed("retirar", Turn.UNPUBLISH, "Retirar da página de elogios", "Elogio retirado.", SentOnce, manifestations.unpublish),
        Deed("concluir", Turn.CLOSE, "Concluir", "Manifestação concluída.", SentOnce, manifestations.close),
    )
}


def form_of(deed: Deed, made: Manifestation, data: Any = None) -> SentOnce:
    """Its ids carry the deed's name, so that several stand on one page."""
    initial = {"text": made.published_text or made.body[:MAX_PUBLISHED]} if deed.action == Turn.PUBLISH else None
    return deed.form(data, auto_id=f"id_{deed.slug}_%s", initial=initial)


def do(deed: Deed, made: Manifestation, form: SentOnce, *, by: User) -> None:
    """Do what a valid form asks. Raises ``manifestations.Refused``; then nothing changed."""
    given = dict(form.cleaned_data)
    deed.verb(made.pk, by=by, request_id=given.pop("form_id"), **given)

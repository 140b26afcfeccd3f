"""The form of an offering, built from the catalog's questions, and the request that it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from catalog import offers
from catalog.models import AttachmentNeed, FormField, Offering, Sphere, SupportType
from files import intake
from govbr import acronyms
from tickets.forms.agency import AgencyQuestion
from tickets.forms.kinds import FILL, as_kept, field_for
from tickets.forms.uploads import FilesField, FormWithFiles
from tickets.lifecycle import AgencyChoice, Answered, Request

if TYPE_CHECKING:
    from accounts.models import User

Kind = FormField.Kind

SUBJECT, BODY, PRIVACY, RELATED = "titulo", "descricao", "ciencia_privacidade", "chamado_relacionado"
"""Questions that are columns of the ticket or its first message, never answers beside them."""
SUBJECT_LENGTH = 120

WHERE: Final = re.compile(
    "setor|ambiente|navegador|sistema_operacional|sistema_celular|banco_dados|perfil_usuario|tipo_orgao|codigo_siorg"
    "|orgao_.*|.*_uf|url_.*|versao_.*|ips_.*"
)
CONTACT: Final = re.compile("responsavel_.*|perfil_demandante")
EVIDENCE: Final = re.compile("log|mensagem_erro")


class RelatedNumberField(forms.CharField):
    """The number of an earlier ticket. Only its form is checked: whether it exists is nobody's business."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s.]", "", super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch("[0-9]{8}", value):
            raise ValidationError("O número do chamado tem 8 algarismos, como 10000001.", code="number")


class CarriedNumberField(RelatedNumberField):
    """The number of the ticket that the way to this form began at, where the form does not ask for one."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> str:
        digits = super().to_python(value)
        return digits if re.fullmatch("[0-9]{8}", digits) else ""


class OfferingForm(FormWithFiles):
    """What an offering asks. After a sending that is valid, ``request`` is what to open.

    ``requester`` is for whom ``by`` fills it in, where that is somebody else: the bodies are his, and
    the notice of privacy is for him to read.
    """

    def __init__(self, offering: Offering, *args: Any, by: User, requester: User | None = None, **kwargs: Any) -> None:
        self.offering = offering
        self.requester = requester or by
        self.for_another = self.requester != by
        self.questions = [q for q in offers.fields_of(offering) if not (self.for_another and q.name == PRIVACY)]
        self.agency = next((self._agency_question(q) for q in self.questions if q.kind == Kind.AGENCY), None)
        initial = {
            "telefone": self.requester.phone,
            **(self.agency.initial if self.agency else {}),
            **(kwargs.pop("initial", None) or {}),
        }
        super().__init__(*args, by=by, initial=initial, **kwargs)
        self.other_sphere: Sphere | None = None
        """The sphere of the body answered, where it is not the form's."""
        policy = offers.attachment_policy(offering)
        for asked in self.questions:
            self.fields |= self._fields_for(asked, policy)
        if RELATED not in self.fields:
            self.fields[RELATED] = CarriedNumberField(required=False)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self._layout()
        # The summary of errors follows the page.
        self.order_fields([shown.name for shown in self.helper.layout.get_field_names()])
        self._explain_short_names()

    def _explain_short_names(self) -> None:
        """In the help of the first question that uses one; the product's own name is explained where it is chosen."""
        told = set(acronyms.unexplained(self.offering.product.name))
        for field in self.fields.values():
            help_text = str(field.help_text)
            new = {n: says for n, says in acronyms.unexplained(f"{field.label} {help_text}").items() if n not in told}
            if new:
                stop = "" if not help_text or help_text.endswith((".", "!", "?")) else "."
                field.help_text = " ".join([help_text + stop, *(f"{name}: {says}." for name, says in new.items())]).strip()
            told |= new.keys()

    def _agency_question(self, asked: FormField) -> AgencyQuestion:
        return AgencyQuestion(asked, self.requester, self.offering.sphere, for_another=self.for_another)

    def _fields_for(self, asked: FormField, policy: intake.Policy) -> dict[str, forms.Field]:
        if asked.kind == Kind.AGENCY:
            return self.agency.fields() if self.agency else {}
        if asked.kind == Kind.FILE:
            return {asked.name: self._files_field(asked, policy)}
        if asked.name == RELATED:
            return {
                RELATED: RelatedNumberField(
                    label=asked.label, help_text=asked.help_text, required=asked.required, max_length=20, error_messages=FILL
                )
            }
        field = field_for(asked)
        field.show_if = self._condition_said(asked)  # type: ignore[attr-defined]  # the field's template says it
        if asked.name == SUBJECT and isinstance(field, forms.CharField):
            limit = min(asked.max_length or SUBJECT_LENGTH, SUBJECT_LENGTH)
            field = forms.CharField(max_length=limit, label=asked.label, help_text=asked.help_text, error_messages=FILL)
            field.widget.attrs["data-counted"] = ""
        return {asked.name: field}

    def _files_field(self, asked: FormField, policy: intake.Policy) -> FilesField:
        need = self.offering.attachment_need
        hint = " Recomendado: com evidências a análise é mais rápida." if need == AttachmentNeed.SUGGESTED else ""
        field = FilesField(
            policy=policy,
            label=asked.label,
            help_text=asked.help_text + hint,
            required=asked.required or need == AttachmentNeed.REQUIRED,
        )
        if need == AttachmentNeed.SUGGESTED and not field.required:
            field.need = "sugerido"  # type: ignore[attr-defined]  # the label says it
        return field

    def _condition_said(self, asked: FormField) -> dict[str, str] | None:
        """When a question is asked, for the script and, in words, for who has none."""
        other = next((question for question in self.questions if question.name == asked.show_if_field), None)
        if other is None:
            return None
        values = " ou ".join(f"“{value}”" for value in asked.show_if_values)
        words = (
            f"Responda se marcou “{other.label}”."
            if other.kind == Kind.BOOLEAN
            else f"Responda se a resposta a “{other.label}” é {values}."
        )
        return {"field": other.name, "values": json.dumps(asked.show_if_values, ensure_ascii=False), "words": words}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._leave_out_what_is_not_asked(cleaned)
        if self.agency is not None:
            for name, sentence in self.agency.missing(cleaned).items():
                self.add_error(name, sentence)
            sphere = self.agency.answered_sphere(cleaned)
            if sphere is not None and sphere.pk != self.offering.sphere_id:
                self.other_sphere = sphere
                self.add_error(
                    self.agency.choice,
                    f"Este órgão é da esfera {sphere.name}, e este formulário é da esfera {self.offering.sphere.name}.",
                )
        return cleaned

    def _leave_out_what_is_not_asked(self, cleaned: dict[str, Any]) -> None:
        """A question that the other answers leave unasked is neither missing nor wrong nor answered, whatever was sent."""
        answers = {asked.name: as_kept(cleaned.get(asked.name)) for asked in self.questions if asked.answers_to_hang_on}
        asked_for = {asked.name for asked in offers.asked_of(self.questions, answers)}
        for asked in self.questions:
            if asked.name not in asked_for:
                self.errors.pop(asked.name, None)
                cleaned[asked.name] = None

    @property
    def request(self) -> Request:
        """What a valid form asks for; each answer beside the question as it was asked."""
        cleaned = self.cleaned_data
        related = cleaned.get(RELATED)
        return Request(
            offering=self.offering,
            subject=cleaned.get(SUBJECT) or str(self.offering.support_type),
            body=cleaned.get(BODY) or cleaned.get(SUBJECT) or "",
            agency=self.agency.answer(cleaned) if self.agency else AgencyChoice(),
            answers=list(self._answers()),
            files={name: cleaned[name] for name in self.file_fields},
            related_number=int(related) if related else None,
            privacy_read=bool(cleaned.get(PRIVACY)),
        )

    @property
    def words(self) -> list[str]:
        """Everything that was written in this valid form, but for what was chosen from lists."""
        return [value for value in self.cleaned_data.values() if isinstance(value, str)]

    def _answers(self) -> Iterator[Answered]:
        for asked in self.questions:
            if asked.name in (SUBJECT, BODY, PRIVACY, RELATED) or asked.kind in (Kind.AGENCY, Kind.FILE):
                continue
            if value := as_kept(self.cleaned_data[asked.name]):
                yield Answered(asked.name, asked.label, asked.kind, value, asked.options)

    def _layout(self) -> Layout:
        """One column of groups; a group without questions is left out."""
        incident = self.offering.support_type.request_class == SupportType.RequestClass.INCIDENT
        titles = {
            "what": "O que aconteceu" if incident else "O que você precisa",
            "where": "Onde",
            "evidence": "Evidências" if incident else "Documentos",
            "contact": "Contato",
            "before": "Antes de enviar",
        }
        groups: dict[str, list[object]] = {name: [] for name in titles}
        for asked in self.questions:
            if asked.name == PRIVACY:
                groups["before"].append(HTML("{% include 'tickets/opening/privacy.html' %}"))
            groups[group_of(asked)].append(self._shown(asked))
            if asked.name == BODY:
                groups[group_of(asked)].append(HTML("{% include 'tickets/opening/alike.html' %}"))
        carried = [RELATED] if self.fields[RELATED].widget.is_hidden else []
        return Layout(*(Fieldset(titles[name], *shown) for name, shown in groups.items() if shown), *carried, "form_id")

    def _shown(self, asked: FormField) -> object:
        if asked.kind == Kind.FILE:
            return Field(asked.name, template="tickets/files_field.html")
        if asked.kind != Kind.AGENCY or self.agency is None:
            return asked.name
        question = self.agency
        return Div(
            question.choice,
            Div(
                HTML("{% include 'tickets/opening/unlisted_agency.html' %}"),
                question.name,
                HTML("{% include 'tickets/opening/known_agencies.html' %}"),
                *(question.state, question.unlisted_sphere),
                css_class="if-unlisted",
            ),
            Div(HTML("{% include 'tickets/opening/no_agency.html' %}"), css_class="if-none"),
            css_class="agency-question",
        )


def group_of(asked: FormField) -> str:
    """The group of the form in which a question stands."""
    if asked.name == RELATED or asked.kind == Kind.BOOLEAN:
        return "before"
    if asked.kind == Kind.FILE or EVIDENCE.fullmatch(asked.name):
        return "evidence"
    if asked.kind in (Kind.PHONE, Kind.CPF, Kind.EMAIL) or CONTACT.fullmatch(asked.name):
        return "contact"
    return "where" if asked.kind == Kind.AGENCY or WHERE.fullmatch(asked.name) else "what"

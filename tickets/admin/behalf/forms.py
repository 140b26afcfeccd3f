"""Finding the person, making his account, and the offering's form filled in for him."""

from __future__ import annotations

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import ONE_LINE
from govbr.fields import CpfField, PhoneField
from tickets.forms.offering import OfferingForm
from tickets.lifecycle import Origin
from tickets.models import Ticket


def bare_helper() -> FormHelper:
    """The template has the form's tag and its token."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    return helper


class FindForm(forms.Form):
    """An e-mail or a CPF, whole. After a valid sending one of ``email`` and ``cpf`` is set."""

    quem = forms.CharField(
        label="E-mail ou CPF da pessoa",
        max_length=254,
        help_text="Digite inteiro. Cada consulta fica registrada.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Digite o e-mail ou o CPF da pessoa."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper()
        self.email = self.cpf = ""

    def clean_quem(self) -> str:
        typed: str = self.cleaned_data["quem"].strip()
        if "@" in typed:
            try:
                validate_email(typed)
            except ValidationError as wrong:
                raise ValidationError("Este e-mail não está completo. Exemplo: nome@orgao.gov.br.") from wrong
            self.email = typed
        elif re.search("[A-Za-z]", typed):
            raise ValidationError("Digite o e-mail inteiro, com @, ou o CPF. Não há busca por nome.")
        else:
            self.cpf = CpfField().clean(typed)
        return typed


class NewPersonForm(forms.Form):
    """Somebody who has no account yet."""

    name = forms.CharField(label="Nome completo", max_length=150, validators=[ONE_LINE])
    email = forms.EmailField(label="E-mail", max_length=254, help_text="A pessoa recebe um convite para escolher a senha.")
    cpf = CpfField(label="CPF", required=False)
    phone = PhoneField(label="Telefone", required=False, help_text="Com DDD.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_nova_%s", **kwargs})
        self.helper = bare_helper()


class OnBehalfForm(OfferingForm):
    """The offering's own form, and how the request came."""

    pedido_por = forms.ChoiceField(
        label="Como o pedido chegou", choices=[("", "Escolha"), *Ticket.Origin.choices], error_messages={"required": "Escolha."}
    )
    pedido_referencia = forms.CharField(
        label="Referência",
        max_length=120,
        required=False,
        validators=[ONE_LINE],
        help_text="O número do ofício, a data do e-mail ou da ligação.",
    )

    aviso_informado = forms.BooleanField(
        label="Informei a pessoa sobre o aviso de privacidade",
        help_text="Por telefone, leia o aviso acima. Por ofício ou e-mail, o recibo que a pessoa recebe traz o endereço dele.",
        error_messages={"required": "Informe a pessoa e marque para continuar."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("pedido_por") == Ticket.Origin.LETTER and not cleaned.get("pedido_referencia"):
            self.add_error("pedido_referencia", "Escreva o número do ofício.")
        return cleaned

    @property
    def origin(self) -> Origin:
        """How the request of a valid form came."""
        sent = self.cleaned_data
        kind, reference = Ticket.Origin(sent["pedido_por"]), sent["pedido_referencia"]
        return Origin(kind, reference, told_privacy=sent["aviso_informado"])

    def _layout(self) -> Layout:
        layout = super()._layout()
        layout.insert(0, Fieldset("Pedido", "pedido_por", "pedido_referencia"))
        notice = HTML("{% include 'tickets/opening/privacy.html' %}")
        layout.append(Fieldset("Antes de abrir", notice, "aviso_informado"))
        return layout

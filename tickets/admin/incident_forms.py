"""The forms of an incident: its banner, its tickets, the one answer to all of them, its end."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from accounts.models import User
from catalog.models import Cause, Product
from tickets import incidents
from tickets.admin.bench.forms import TicketNumberField
from tickets.admin.queue.bulk_forms import BulkForm
from tickets.forms.uploads import FormWithFiles
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import Incident, IncidentPost


def bare_helper() -> FormHelper:
    """The template has the form's tag and its token."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    return helper


class BannerForm(forms.Form):
    """What everybody reads on the product's pages."""

    title = forms.CharField(
        label="Título do aviso", max_length=120, help_text="Diga o que não funciona, como “Lentidão no envio”."
    )
    public_text = forms.CharField(
        label="Texto do aviso",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Todos leem este texto nas páginas do produto. Não escreva nomes, órgãos nem números de chamado.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_banner_%s", **kwargs})
        self.helper = bare_helper()


class BeginForm(BannerForm):
    """Opens an incident of a product that the person works, if asked with a first ticket in it."""

    product = forms.ModelChoiceField(Product.objects.none(), label="Produto", empty_label="Escolha")
    chamado = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("product", "title", "public_text")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product = self.fields["product"]
        assert isinstance(product, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        product.queryset = incidents.products_of(by)


class IncludeForm(forms.Form):
    """Takes one ticket in by its number."""

    number = TicketNumberField(label="Número do chamado")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_include_%s", **kwargs})
        self.helper = bare_helper()


class PostForm(FormWithFiles):
    """One public text for every open ticket of the incident."""

    kind = IncidentPost.Kind.ANSWER
    body = forms.CharField(
        label="Mensagem",
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Cada solicitante lê este texto no seu chamado, sem saber dos outros.",
    )

    def __init__(self, data: Any = None, *, incident: Incident, by: User) -> None:
        super().__init__(data, by=by, auto_id=f"id_{self.kind}_%s")
        self.incident = incident
        self.helper = bare_helper()


class SolutionForm(PostForm):
    kind = IncidentPost.Kind.RESOLVE
    cause = forms.ModelChoiceField(
        Cause.objects.none(), label="Causa", empty_label="Escolha", help_text="Só a equipe lê a causa."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "Resposta definitiva"
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        cause.queryset = Cause.objects.filter(product=self.incident.product_id, active=True)
        listed = list(cause.queryset)
        cause.choices = [("", "Escolha"), *((found.pk, found.name) for found in listed)]
        if not listed:
            del self.fields["cause"]


class HideForm(FormWithFiles):
    """Which words of an answer to all are hidden wherever it went; all of them only where the box is ticked."""

    passage = forms.CharField(
        label="Trecho",
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Copie o trecho como está escrito. No lugar dele fica “[trecho oculto]”.",
    )
    whole = forms.BooleanField(label="Ocultar o texto inteiro", required=False)

    def __init__(self, data: Any = None, *, post: int, by: User) -> None:
        super().__init__(data, by=by, auto_id=f"id_hide_{post}_%s")
        self.post = post
        self.helper = bare_helper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["passage"] = "" if cleaned.get("whole") else cleaned.get("passage", "").replace("\r\n", "\n")
        if not cleaned["whole"] and not cleaned["passage"]:
            self.add_error("passage", "Escreva o trecho, ou marque que quer ocultar tudo.")
        return cleaned


class EndForm(forms.Form):
    """Where tickets are still open, the person says that he knows it."""

    sure = forms.BooleanField(
        label="Sei que há chamados abertos: cada um segue por si",
        error_messages={"required": "Há chamados abertos neste incidente. Marque que sabe disso, ou responda a eles antes."},
    )

    def __init__(self, data: Any = None, *, still_open: int) -> None:
        super().__init__(data, auto_id="id_end_%s")
        self.helper = bare_helper()
        if not still_open:
            del self.fields["sure"]


class IncidentForm(BulkForm):
    """Which standing incident the marked tickets go into."""

    incident = forms.ModelChoiceField(Incident.objects.none(), label="Incidente", empty_label="Escolha")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        incident = self.fields["incident"]
        assert isinstance(incident, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        products = {ticket.product_id for ticket in self.tickets}
        incident.queryset = incidents.run_by(self.by).filter(ended_at=None, product__in=products)
        if not incident.queryset.exists():
            self.impossible = "Não há incidente aberto para os produtos destes chamados. Abra um pela bancada de um deles."

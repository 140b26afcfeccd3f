"""What people send to the ombudsman from the portal."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from catalog.models import Product
from feedback.forms.caution import CautiousForm
from feedback.models import FIRST_NUMBER, MAX_WORDS, Manifestation
from tickets.forms.kinds import LongTextField

if TYPE_CHECKING:
    from accounts.models import User

WRITE = {"required": "Escreva a sua mensagem."}
NO_SECRETS = "Não escreva senhas."


class SentOnce(forms.Form):
    """A form that its person sends once: ``form_id`` is the request id of what it does."""

    use_required_attribute = False
    form_id = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_id": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class ManifestationForm(CautiousForm, SentOnce):
    """A suggestion, a complaint or praise. Only the text is needed; nobody is asked for reasons or papers."""

    words_in = "body"

    body = LongTextField(
        label="O que você quer dizer à ouvidoria?",
        help_text=f"Conte com as suas palavras. {NO_SECRETS}",
        max_length=MAX_WORDS,
        error_messages=WRITE,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    product = forms.ModelChoiceField(
        Product.objects.none(), label="É sobre qual produto?", empty_label="Nenhum em especial", required=False
    )
    anonymous = forms.BooleanField(label="Enviar sem o meu nome", required=False)
    may_publish = forms.BooleanField(
        label="Autorizo publicar este elogio no portal, depois da leitura da ouvidoria", required=False
    )
    show_name = forms.BooleanField(label="Autorizo publicar também o meu nome", required=False)

    def __init__(self, *args: Any, kind: str, by: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product = self.fields["product"]
        assert isinstance(product, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        product.queryset = Product.objects.filter(active=True).order_by("name")
        if by is None:
            del self.fields["anonymous"], self.fields["show_name"]
        if kind != Manifestation.Kind.PRAISE:
            for name in {"may_publish", "show_name"} & set(self.fields):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A name is not published of who sends without one, or does not let the praise be published."""
        data = super().clean()
        if data.get("show_name") and (data.get("anonymous") or not data.get("may_publish")):
            self.add_error("show_name", "Para publicar o nome, autorize a publicação e envie com o seu nome.")
        return data


class FollowForm(forms.Form):
    """Number and code of the receipt."""

    use_required_attribute = False
    number = forms.IntegerField(
        label="Número da manifestação",
        help_text=f"Ele tem 6 algarismos, como {FIRST_NUMBER}.",
        min_value=1,
        max_value=10**12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Digite o número que está no comprovante.",
            "invalid": "Digite só os algarismos do número.",
            "min_value": "Digite só os algarismos do número.",
            "max_value": "Este número tem algarismos demais. Confira o comprovante.",
        },
    )
    code = forms.CharField(
        label="Código de acesso",
        help_text="As letras e números do comprovante. Maiúsculas e hífens não fazem diferença.",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "Digite o código que está no comprovante."},
    )


class WordsForm(CautiousForm, SentOnce):
    """Something that the author adds."""

    words_in = "words"

    words = LongTextField(label="Acrescentar informações", help_text=NO_SECRETS, max_length=MAX_WORDS, error_messages=WRITE)


class ConsentForm(SentOnce):
    """Whether praise may be published, and whether with the name."""

    may_publish = forms.BooleanField(label="Autorizo publicar este elogio", required=False)
    show_name = forms.BooleanField(label="Autorizo publicar também o meu nome", required=False)

    def __init__(self, *args: Any, made: Manifestation, **kwargs: Any) -> None:
        kwargs["initial"] = {"may_publish": made.may_publish, "show_name": made.show_name, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if made.author_id is None:
            del self.fields["show_name"]

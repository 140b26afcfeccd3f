"""The forms of the composer: what is said to the requester, or noted for the team, by one of several buttons."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Final

from django import forms

from accounts.models import User
from catalog import scripts
from catalog.models import Cause, SupportScript
from catalog.validators import MAX_PLACE, is_place
from tickets import mentions, suggesting
from tickets.admin.bench.forms import ID_LENGTH, SpeechForm
from tickets.models import Ticket


class Kind(StrEnum):
    """Who reads what is written."""

    PUBLIC = "publica"
    NOTE = "interna"


MISTAKEN: Final = {
    Kind.PUBLIC: "Você marcou nota interna, mas este botão envia ao solicitante. Nada foi enviado. Confira e tente de novo.",
    Kind.NOTE: "Você marcou resposta pública, mas este botão registra uma nota. Nada foi registrado. Confira e tente de novo.",
}
LIST_SEEN: Final = "colegas_vistos"
"""The form's field that says that its page shows the colleagues to be ticked."""
CLOSING: Final = ("cause", "script", "article")
"""What an answer that closes asks for beside the words."""
SHARED: Final = ("kind", "used_script", *CLOSING)
"""What the composer holds beside the words, whichever button is pressed."""
WRITING: Final = "Você pode usar **negrito**, listas com “- ” e links: [texto](endereço)."


class ComposedForm(SpeechForm):
    """Words and files of the composer. What is typed survives the change of kind and of button."""

    ids: ClassVar[str] = "id_write_%s"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "Texto"
        self.fields["words"].help_text = WRITING

    @property
    def typed(self) -> dict[str, Any]:
        """With what was chosen for another button."""
        return {**super().typed, **{name: self.data[name] for name in SHARED if name in self.data}}

    @property
    def is_blank(self) -> bool:
        """The kind alone is nothing: it is chosen anew in a moment."""
        return super().is_blank and not any(self.data.get(name) for name in CLOSING)

    @property
    def used_script(self) -> str:
        """The id of the script that the words began from."""
        return str(self.data.get("used_script", "") if self.is_bound else self.initial.get("used_script", ""))

    @property
    def called(self) -> list[str]:
        """The ids of the colleagues whom the note calls."""
        return list(self.data.getlist("mentions")) if hasattr(self.data, "getlist") else []

    def clean(self) -> dict[str, Any]:
        """Refuses a button of the other kind: a note must not go out by a slip."""
        kind = self.command.kind
        if kind is not None and self.data.get("kind", kind) != kind:
            self.add_error("words", MISTAKEN[kind])
        return super().clean()

    def facts(self) -> dict[str, Any]:
        """A public one with the script that it began from, a note with those whom it calls."""
        facts = super().facts()
        if self.command.public and facts.get("script") is None:
            facts["script"] = suggesting.usable(self.ticket, self.used_script)
        elif not self.command.public:
            facts |= self._calls(str(facts.get("words") or self.data.get("words", "")))
        return facts

    def _calls(self, words: str) -> dict[str, Any]:
        """Whom the note calls: who is ticked, and who is named in the words where the list to tick was never seen."""
        ids = {int(pk) for pk in self.called[: mentions.MOST + 1] if pk.isascii() and pk.isdigit() and len(pk) < ID_LENGTH}
        if "@" in words and LIST_SEEN not in self.data:
            ids |= {user.pk for user in mentions.named_in(words, mentions.colleagues(self.ticket, but=self.by))}
        return {"mentions": User.objects.filter(pk__in=ids)} if ids else {}


class ResolveForm(ComposedForm):
    """The definitive answer and the cause, from the list of the ticket's product; a product without a list asks for none."""

    cause = forms.ModelChoiceField(
        Cause.objects.none(),
        label="Causa",
        empty_label="Escolha",
        help_text="Só a equipe lê a causa.",
        error_messages={"required": "Escolha a causa.", "invalid_choice": "Esta causa saiu da lista. Escolha outra."},
    )
    script = forms.ModelChoiceField(
        SupportScript.objects.none(),
        label="Roteiro usado",
        required=False,
        help_text="Só a equipe lê.",
        error_messages={"invalid_choice": "Este roteiro saiu da lista. Escolha outro."},
    )
    article = forms.CharField(
        label="Artigo ou orientação usada",
        required=False,
        max_length=MAX_PLACE,
        validators=[is_place],
        help_text="Um endereço, como https://www.gov.br/…, ou um caminho deste portal. Só a equipe lê.",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        cause.queryset = Cause.objects.filter(product=ticket.product_id, active=True)
        # Read once: what is drawn, and whether there is anything to choose.
        listed = list(cause.queryset) if self.choices is None else self.choices.causes
        if listed:
            cause.choices = [("", "Escolha"), *((found.pk, found.name) for found in listed)]
        else:
            del self.fields["cause"]
        read = self.choices
        self._offer(scripts.fitting(ticket.offering) if read is None else scripts.grouped(read.scripts, ticket.offering))

    def _offer(self, groups: scripts.Grouped) -> None:
        """The scripts that fit, in groups; without any, no question about them."""
        if not groups:
            del self.fields["script"]
            return
        script = self.fields["script"]
        assert isinstance(script, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        script.queryset = SupportScript.objects.filter(pk__in=[found.pk for _, listed in groups for found in listed])
        script.choices = [("", "Nenhum"), *((label, [(found.pk, found.title) for found in listed]) for label, listed in groups)]

    def facts(self) -> dict[str, Any]:
        return {"cause": None, **super().facts()}

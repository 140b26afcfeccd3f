"""The forms in which managers write announcements and let them out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper

import worktime
from accounts import rights
from accounts.models import Agency
from catalog.forms import LinesField
from catalog.models import CoreSystem, Product, Sphere
from community.models import MAX_BODY, MAX_TITLE, Announcement
from community.writing import NAMED, OTHER_PRODUCTS, OUT_OF_SCOPE, Draft
from feedback.forms.manifestation import SentOnce
from tickets.forms.kinds import LongTextField

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

EVERYBODY, SOME = "todas", "algumas"
SYSTEM, AGENCY = "estruturante", "orgao"
MINUTE: Final = timedelta(minutes=1)
USUALLY: Final = timedelta(days=15)
LONGEST: Final = timedelta(days=366)
MOST_AGENCIES: Final = 500


def usual_end() -> datetime:
    """Until when an announcement of now stays on home pages, unless somebody says otherwise: 18h in Brasília."""
    end = (worktime.now() + USUALLY).astimezone(worktime.BRASILIA)
    return end.replace(hour=18, minute=0, second=0, microsecond=0)


class MomentField(forms.DateTimeField):
    """Day and hour of Brasília."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        messages = {"invalid": "Digite o dia e a hora, como 31/12/2026 10:00.", "required": "Digite o dia e a hora."}
        super().__init__(**{"widget": widget, "error_messages": messages, **kwargs})


class AgenciesField(LinesField):
    """Public bodies by their acronyms, one a line: lists of them are pasted, and work without a script."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(agency.acronym for agency in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Agency]:
        """Raises ``ValidationError`` for what is no acronym, or that of several bodies."""
        asked = list(dict.fromkeys(line.upper() for line in super().clean(value)))
        if len(asked) > MOST_AGENCIES:
            raise ValidationError(f"Escolha no máximo {MOST_AGENCIES} órgãos. Para mais, use as esferas.")
        found: dict[str, list[Agency]] = {acronym: [] for acronym in asked}
        for agency in Agency.objects.annotate(asked=Upper("acronym")).filter(asked__in=asked, active=True):
            found[agency.acronym.upper()].append(agency)
        for acronym, agencies in found.items():
            if not agencies:
                raise ValidationError(f"Não há órgão com a sigla “{acronym}”.")
            if len(agencies) > 1:
                names = "; ".join(agency.name for agency in agencies)
                raise ValidationError(f"Há mais de um órgão com a sigla “{acronym}”: {names}.")
        return [agency for agencies in found.values() for agency in agencies]


class AnnouncementForm(SentOnce):
    """All of a draft. Who manages one body alone is asked only what and when: to whom is clear."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sender = forms.ChoiceField(label="Em nome de")
    title = forms.CharField(
        label="Título", max_length=MAX_TITLE, help_text="É o assunto do e-mail. Diga o que muda e quando, em poucas palavras."
    )
    body = LongTextField(
        label="Texto",
        max_length=MAX_BODY,
        help_text="Use Markdown: **negrito**, listas com “-”, títulos com “##”, [palavras](https://endereço). Sem imagens.",
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "Escreva o texto."},
    )
    whom = forms.ChoiceField(
        label="Para quem?",
        choices=[(EVERYBODY, "Todas as pessoas com conta no portal"), (SOME, "Só quem está no que eu escolher abaixo")],
        widget=forms.RadioSelect,
        error_messages={"required": "Escolha para quem é."},
    )
    spheres = forms.ModelMultipleChoiceField(
        Sphere.objects.filter(active=True),
        label="Esferas",
        help_text="Pessoas com vínculo confirmado em um órgão da esfera.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label="Produtos",
        help_text="Quem abriu ou acompanha um chamado do produto, desde 12 meses antes do envio.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agencies = AgenciesField(
        label="Órgãos",
        help_text="Uma sigla por linha. Pessoas com vínculo confirmado no órgão.",
        required=False,
        max_length=None,
    )
    by_mail = forms.TypedChoiceField(
        label="Como?",
        choices=[("sim", "No portal e por e-mail"), ("nao", "Só no portal")],
        coerce=lambda value: value == "sim",
        initial="sim",
        widget=forms.RadioSelect,
        help_text="Quem não quer novidades por e-mail não recebe, e lê no portal.",
    )
    release_at = MomentField(
        label="Quando sai?", help_text="Dia e hora de Brasília. Em branco, sai quando o envio for confirmado.", required=False
    )
    shown_from = MomentField(
        label="Na página inicial a partir de", help_text="Em branco, desde que sai. Horário de Brasília.", required=False
    )
    shown_until = MomentField(
        label="Na página inicial até",
        help_text="Depois disso, fica na lista, e o e-mail que não saiu não sai mais. Horário de Brasília.",
    )

    def __init__(self, *args: Any, by: User, announcement: Announcement | None = None, **kwargs: Any) -> None:
        first = _as_sent(announcement) if announcement else {"shown_until": usual_end()}
        super().__init__(*args, **{**kwargs, "initial": {**first, **(kwargs.get("initial") or {})}})
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        systems, agencies = rights.announces_for(by)
        self.senders: dict[str, CoreSystem | Agency] = {
            f"{SYSTEM}-{row.pk}": row for row in CoreSystem.objects.filter(pk__in=systems)
        }
        self.senders |= {f"{AGENCY}-{row.pk}": row for row in Agency.objects.filter(pk__in=agencies)}
        sender, products = self.fields["sender"], self.fields["products"]
        assert isinstance(sender, forms.ChoiceField)  # noqa: S101 - tells the type checker which field it is
        assert isinstance(products, forms.ModelMultipleChoiceField)  # noqa: S101 - tells the type checker which field it is
        sender.choices = [(key, str(row)) for key, row in self.senders.items()]
        products.queryset = Product.objects.filter(core_system__in=systems, active=True)
        if len(self.senders) == 1:
            del self.fields["sender"]
        if not systems:
            for name in ("whom", *NAMED):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        key = data.get("sender") or next(iter(self.senders))
        self.speaks_for = self.senders[key]
        if isinstance(self.speaks_for, Agency):
            if data.get("whom") == EVERYBODY or data.get("spheres") or data.get("products"):
                self.add_error("whom", OUT_OF_SCOPE)
            elif data.get("agencies") not in (None, [], [self.speaks_for]):
                self.add_error("agencies", OUT_OF_SCOPE)
        elif data.get("whom") == SOME and not any(data.get(name) for name in NAMED) and not set(self.errors) & set(NAMED):
            self.add_error("whom", "Escolha ao menos uma esfera, um produto ou um órgão.")
        elif any(product.core_system_id != self.speaks_for.pk for product in data.get("products") or ()):
            self.add_error("products", OTHER_PRODUCTS)
        self._judge_moments(data)
        return data

    def _judge_moments(self, data: dict[str, Any]) -> None:
        """The minute that runs counts as now, for it is what people type."""
        now = worktime.now()
        release_at: datetime | None = data.get("release_at")
        shown_until: datetime | None = data.get("shown_until")
        begins = max(now, release_at or now, data.get("shown_from") or now)
        if release_at and release_at <= now - MINUTE:
            self.add_error("release_at", "Este momento já passou. Escolha outro, ou deixe em branco.")
        if shown_until and shown_until <= begins:
            self.add_error("shown_until", "Escolha um momento depois de o comunicado aparecer.")
        elif shown_until and shown_until > begins + LONGEST:
            self.add_error("shown_until", "Um comunicado fica na página inicial por um ano, no máximo.")

    def draft(self) -> Draft:
        """What was written, of a valid form."""
        data = self.cleaned_data
        said: dict[str, Any] = {name: data[name] for name in ("body", "by_mail", "release_at", "shown_from", "shown_until")}
        said["title"] = " ".join(data["title"].split())
        if isinstance(self.speaks_for, Agency):
            return Draft(**said, agency=self.speaks_for, agencies=[self.speaks_for])
        if data["whom"] == EVERYBODY:
            return Draft(**said, core_system=self.speaks_for, to_everybody=True)
        said |= {name: list(data[name]) for name in NAMED}
        return Draft(**said, core_system=self.speaks_for)


class ReleaseForm(SentOnce):
    """Names the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class StopForm(SentOnce):
    sure = forms.BooleanField(
        label="Entendi: não dá para desfazer",
        error_messages={"required": "Marque que você entendeu. O e-mail que já saiu não volta."},
    )


def _as_sent(announcement: Announcement) -> dict[str, Any]:
    """An announcement as its form sends it."""
    named = {name: list(getattr(announcement, name).all()) for name in NAMED}
    return {
        **named,
        "base": announcement.version,
        "sender": f"{SYSTEM}-{announcement.core_system_id}"
        if announcement.core_system_id
        else f"{AGENCY}-{announcement.agency_id}",
        "title": announcement.title,
        "body": announcement.body,
        "whom": EVERYBODY if announcement.to_everybody else SOME,
        "by_mail": "sim" if announcement.by_mail else "nao",
        "release_at": announcement.release_at,
        "shown_from": announcement.shown_from,
        "shown_until": announcement.shown_until,
    }

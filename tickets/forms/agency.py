"""The question for whom somebody asks: a body of his, one that is not listed, or none (DESIGN §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.urls import reverse

from accounts.regions import State
from catalog.models import FormField, Sphere
from tickets import habits
from tickets.lifecycle import AgencyChoice

if TYPE_CHECKING:
    from accounts.models import Membership, User

UNLISTED, NONE = "fora-da-lista", "nenhum"
SAID_BY_HIMSELF: Final = {UNLISTED: "Meu órgão não está na lista", NONE: "Não represento um órgão"}
SAID_OF_ANOTHER: Final = {UNLISTED: "O órgão da pessoa não está na lista", NONE: "A pessoa não representa um órgão"}


class AgencyQuestion:
    """The fields of the question, and what was answered.

    Naming a body gives no access to it; the list holds the person's own bodies only.
    """

    def __init__(self, asked: FormField, by: User, sphere: Sphere, *, for_another: bool = False) -> None:
        self.asked, self.by, self.sphere = asked, by, sphere
        self.others = SAID_OF_ANOTHER if for_another else SAID_BY_HIMSELF
        self.choice, self.name = asked.name, f"{asked.name}_nome"
        self.state, self.unlisted_sphere = f"{asked.name}_uf", f"{asked.name}_esfera"
        self.memberships: dict[str, Membership] = {str(m.agency_id): m for m in by.active_memberships}
        self.spheres = {found.slug: found for found in Sphere.objects.filter(active=True)}

    @property
    def initial(self) -> dict[str, str]:
        """The only body of the person in the form's sphere, or the one he asked for last; and the sphere itself."""
        here = [key for key, m in self.memberships.items() if m.agency.sphere_id == self.sphere.pk]
        if len(here) > 1:
            last = habits.last_of(self.by)
            here = [str(last.agency_id)] if last is not None and str(last.agency_id) in here else []
        return {self.unlisted_sphere: self.sphere.slug} | ({self.choice: here[0]} if here else {})

    def fields(self) -> dict[str, forms.Field]:
        own = [(key, str(m.agency)) for key, m in self.memberships.items()]
        others = list(self.others.items())
        about_unlisted: dict[str, forms.Field] = {
            self.name: forms.CharField(
                label="Nome do órgão",
                max_length=200,
                required=False,
                help_text="Enquanto você escreve, mostramos os órgãos que já conhecemos. Escolher um não dá acesso a nada.",
                widget=forms.TextInput(
                    attrs={
                        "autocomplete": "off",
                        "hx-get": reverse("open-agencies"),
                        "hx-trigger": "input changed delay:400ms",
                        "hx-target": "#known-agencies",
                        "hx-params": self.name,
                        "hx-sync": "this:replace",
                    }
                ),
            ),
            self.state: forms.ChoiceField(label="UF do órgão", choices=[("", "Escolha a UF"), *State.choices], required=False),
            self.unlisted_sphere: forms.ChoiceField(
                label="Esfera do órgão", choices=[(slug, found.name) for slug, found in self.spheres.items()], required=False
            ),
        }
        for field in about_unlisted.values():
            field.need = "obrigatório se o órgão não está na lista"  # type: ignore[attr-defined]  # the label says it
        return {
            self.choice: forms.ChoiceField(
                label=self.asked.label,
                help_text=self.asked.help_text,
                required=self.asked.required,
                choices=[("", "Escolha uma opção"), *own, *others],
                error_messages={"required": "Escolha uma opção.", "invalid_choice": "Escolha uma das opções da lista."},
            ),
            **about_unlisted,
        }

    def missing(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """What a body outside the list still needs, by field."""
        if cleaned.get(self.choice) != UNLISTED:
            return {}
        sentences = {
            self.name: "Escreva o nome do órgão.",
            self.state: "Escolha a UF do órgão.",
            self.unlisted_sphere: "Escolha a esfera do órgão.",
        }
        return {name: sentence for name, sentence in sentences.items() if name in cleaned and not cleaned[name]}

    def answered_sphere(self, cleaned: dict[str, Any]) -> Sphere | None:
        """The sphere of the body answered; ``None`` for who represents none."""
        choice = cleaned.get(self.choice)
        if choice in self.memberships:
            return self.memberships[choice].agency.sphere
        return self.spheres.get(cleaned.get(self.unlisted_sphere, "")) if choice == UNLISTED else None

    def answer(self, cleaned: dict[str, Any]) -> AgencyChoice:
        choice = cleaned[self.choice]
        if choice in self.memberships:
            return AgencyChoice(agency=self.memberships[choice].agency)
        if choice == UNLISTED:
            return AgencyChoice(
                unlisted_name=cleaned[self.name],
                unlisted_state=cleaned[self.state],
                unlisted_sphere=self.spheres[cleaned[self.unlisted_sphere]],
            )
        return AgencyChoice()

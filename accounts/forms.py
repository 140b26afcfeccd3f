"""Forms of people's accounts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

import worktime
from accounts import absences
from accounts.models import ONE_LINE, Absence, Agency, Membership, RoleGrant, User
from govbr.fields import CpfField, PhoneField


class SignupForm(forms.Form):
    """What allauth's sign-up asks besides e-mail and password."""

    name = forms.CharField(
        label="Nome completo", max_length=150, validators=[ONE_LINE], widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    social_name = forms.CharField(
        label="Nome social",
        max_length=150,
        required=False,
        validators=[ONE_LINE],
        help_text="Se você usa nome social, é por ele que vamos chamar você.",
    )
    field_order = ["name", "social_name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.social_name = self.cleaned_data["social_name"]
        user.save()


class ProfileForm(forms.ModelForm[User]):
    """A person's own data. A CPF, once saved, is not asked again and not changed here."""

    cpf = CpfField(
        label="CPF",
        required=False,
        help_text="Depois de salvo, aparece só em parte e não muda mais.",
        error_messages={
            "unique": "Não foi possível usar este CPF. Se ele é seu, abra um chamado para a Central de Atendimento."
        },
    )
    phone = PhoneField(label="Telefone", required=False, help_text="Com DDD.")

    class Meta:
        model = User
        fields = ("name", "social_name", "phone", "cpf")
        labels = {"name": "Nome completo", "social_name": "Nome social"}
        help_texts = {"social_name": "Se você usa nome social, é por ele que vamos chamar você."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.cpf:
            del self.fields["cpf"]

    def clean_cpf(self) -> str | None:
        return self.cleaned_data["cpf"] or None


class PersonForm(forms.ModelForm[User]):
    """What an administrator changes of a person."""

    phone = PhoneField(label="Telefone", required=False, help_text="Com DDD.")

    class Meta:
        model = User
        fields = ("name", "social_name", "phone", "is_active")


class JoinForm(forms.Form):
    agency = forms.ModelChoiceField(
        Agency.objects.filter(active=True),
        label="Órgão",
        empty_label="Escolha o órgão",
        error_messages={"invalid_choice": "Escolha um órgão da lista."},
    )


class PersonField(forms.EmailField):
    """A person, named by e-mail: thousands of people fit no list."""

    default_error_messages = {"unknown": "Nenhuma conta ativa tem este e-mail."}

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        person = User.objects.filter(email=email.lower(), is_active=True).first()
        if person is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return person


class MembershipForm(forms.ModelForm[Membership]):
    user = PersonField(label="E-mail da pessoa")

    class Meta:
        model = Membership
        fields = ("user", "agency", "role")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        # The form has no field for the end, so the model's own constraint is not looked at before saving.
        same = Membership.objects.filter(user=data.get("user"), agency=data.get("agency"), ended_at=None)
        if self.instance._state.adding and same.exists():
            raise ValidationError("Esta pessoa já tem um vínculo com este órgão.", code="membership_one_in_force")
        return data


class GrantForm(forms.ModelForm[RoleGrant]):
    user = PersonField(label="E-mail da pessoa")

    class Meta:
        model = RoleGrant
        fields = ("user", "role", "core_system", "queue", "agency")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        scope = {name: data.get(name) for name in ("user", "role", "core_system", "queue", "agency")}
        same = RoleGrant.objects.filter(**scope, ended_at=None)
        if self.instance._state.adding and same.exists():
            raise ValidationError("Esta pessoa já tem este papel neste escopo.", code="grant_one_in_force")
        return data


LONGEST_ABSENCE = timedelta(days=731)


class TeamMemberField(forms.ModelChoiceField[User]):
    """Somebody of the team; which part of it, the page says."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.display_name} ({obj.email})"


class AbsenceForm(forms.ModelForm[Absence]):
    class Meta:
        model = Absence
        fields = ("user", "starts_at", "ends_at", "substitute")
        help_texts = {
            "starts_at": "Dia e hora de Brasília. Uma hora que já passou vale a partir de agora.",
            "ends_at": "Quando a pessoa volta.",
            "substitute": "Recebe os chamados da pessoa que ele também pode atender. Os outros voltam à fila.",
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        user, substitute, starts_at, ends_at = (data.get(name) for name in ("user", "substitute", "starts_at", "ends_at"))
        if user is not None and user == substitute:
            self.add_error("substitute", "O substituto precisa ser outra pessoa.")
        if starts_at is None or ends_at is None:
            return data
        if ends_at <= starts_at:
            self.add_error("ends_at", "O fim precisa vir depois do começo.")
        elif ends_at <= worktime.now():
            self.add_error("ends_at", "Este período já passou.")
        elif ends_at - starts_at > LONGEST_ABSENCE:
            self.add_error("ends_at", "Uma ausência registrada aqui dura no máximo dois anos.")
        else:
            self._look_for_overlaps(user, substitute, data)
        return data

    def _look_for_overlaps(self, user: User | None, substitute: User | None, data: dict[str, Any]) -> None:
        period = data["starts_at"], data["ends_at"]
        other = absences.overlapping(user, *period) if user is not None else None
        if other is not None:
            self.add_error("starts_at", str(absences.Overlap(other)))
        if substitute is not None and absences.overlapping(substitute, *period) is not None:
            self.add_error("substitute", f"{substitute.display_name} também estará ausente. Escolha outra pessoa.")

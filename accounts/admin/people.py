"""People and the bodies they act for: only administrators see and change them."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import memberships, rights, succession
from accounts.admin.granted import GrantedAdmin
from accounts.forms import MembershipForm, PersonForm
from accounts.models import Membership, User


@admin.register(User)
class UserAdmin(GrantedAdmin[User]):
    """People make their own accounts, so none is added here. No password and no whole CPF is shown."""

    edit_roles = rights.EDIT_ACCOUNTS
    form = PersonForm
    list_display = ("called", "email", "masked_cpf_column", "is_active", "date_joined")
    list_filter = ("is_active",)
    search_fields = ("name", "social_name", "email")
    search_help_text = "Nome, e-mail ou CPF inteiro"
    ordering = ("name", "pk")
    actions = ("remove_cpf",)
    fields = ("name", "social_name", "email", "masked_cpf_column", "phone", "is_active", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fixed = ("email", "masked_cpf_column", "date_joined", "last_login")
        # Nobody shuts himself out: another administrator deactivates an administrator's account.
        return (*fixed, "is_active") if obj == request.user else fixed

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """Closing an account passes its work on in the same transaction, that of the admin's page."""
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            succession.pass_on_work_of(obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """A whole CPF leads straight to its person, so that no page repeats it."""
        digits = request.GET.get("q", "").translate(str.maketrans("", "", ".- "))
        if len(digits) == 11 and digits.isdecimal() and self.has_view_permission(request):
            person = User.objects.filter(cpf=digits).first()
            if person is not None:
                return redirect("admin:accounts_user_change", person.pk)
            self.message_user(request, "Nenhuma conta tem este CPF.", messages.WARNING)
            return redirect("admin:accounts_user_changelist")
        return super().changelist_view(request, extra_context)

    @admin.action(description="Retirar o CPF das contas", permissions=["change"])
    def remove_cpf(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For a CPF that somebody else typed: its owner can then save it in his own account."""
        for user in queryset.exclude(cpf=None):
            user.cpf = None
            user.save(update_fields=["cpf"])
            self.log_change(request, user, "CPF retirado.")
        self.message_user(request, "CPF retirado.", messages.SUCCESS)

    @admin.display(description="nome", ordering="name")
    def called(self, user: User) -> str:
        return user.display_name

    @admin.display(description="CPF")
    def masked_cpf_column(self, user: User) -> str:
        return user.masked_cpf or "–"


@admin.register(Membership)
class MembershipAdmin(GrantedAdmin[Membership]):
    edit_roles = rights.EDIT_ACCOUNTS
    form = MembershipForm
    fields = ("user", "agency", "role", "started_at", "confirmed_at", "ended_at")
    list_display = ("user", "agency", "role", "confirmed_at", "ended_at")
    list_filter = ("role", "agency__sphere")
    list_select_related = ("user", "agency")
    search_fields = ("user__name", "user__social_name", "user__email", "agency__name", "agency__acronym")
    ordering = ("-started_at",)
    actions = ("confirm", "end")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        dates = ("started_at", "confirmed_at", "ended_at")
        return dates if obj is None else ("user", "agency", *dates)

    @admin.action(description="Confirmar vínculos", permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.filter(ended_at=None):
            memberships.confirm(membership.pk, by=_administrator(request))
        self.message_user(request, "Vínculos confirmados.", messages.SUCCESS)

    @admin.action(description="Encerrar vínculos", permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.filter(ended_at=None):
            memberships.end(membership.pk, by=_administrator(request))
        self.message_user(request, "Vínculos encerrados.", messages.SUCCESS)


def _administrator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the admin lets nobody else in
    return request.user

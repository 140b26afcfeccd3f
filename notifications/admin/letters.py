"""What the administrator sees of letters about accounts: where they go and what became of them, never what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import admin, messages
from django.http import HttpRequest

import worktime
from notifications import account_letters
from notifications.admin.reading import ReadOnly, ReadOnlyRows
from notifications.models import AccountLetter, MailStep

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

State = AccountLetter.State

ANOTHER: Final = (
    "Quem a esperava pode pedir outra: na página Entrar do portal, pelo link de quem esqueceu a senha, ou ao entrar."
)
WAITS: Final = "Ainda vai sair. Se não deve sair, use “Parar” na lista."
MAY_LEAVE: Final = "Não vai sair sozinha. Até o prazo acabar, “Tentar de novo”, na lista, a envia."
LEFT: Final = "Já saiu e não sai outra vez: o texto, com o link pessoal, foi apagado."
OVER: Final = "Não sai mais: o prazo acabou, e o texto, com o link pessoal, foi apagado."


class Steps(ReadOnlyRows[MailStep, AccountLetter]):
    """What happened to the letter, oldest first."""

    model = MailStep
    fields = readonly_fields = ("at", "kind", "address", "answer", "by")
    ordering = ("at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailStep]:
        return super().get_queryset(request).select_related("by")


@admin.register(AccountLetter)
class AccountLetterAdmin(ReadOnly[AccountLetter]):
    list_display = ("created_at", "subject", "to", "state", "attempts", "ends_at", "last_error")
    list_filter = ("state",)
    lookups = ("state", "state__exact")
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("to__iexact",)
    search_help_text = "Busque pelo e-mail completo do destinatário."
    fields = ("created_at", "subject", "to", "state", "possible", "ends_at", "attempts", "next_try", "last_error")
    readonly_fields = fields
    inlines = (Steps,)
    actions = ("try_again", "stop")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccountLetter]:
        """Without the words: they hold a key that lets its reader into the account."""
        return super().get_queryset(request).defer("body", "html")

    @admin.display(description="o que ainda é possível")
    def possible(self, letter: AccountLetter) -> str:
        if letter.state == State.SENT:
            return f"{LEFT} {ANOTHER}"
        if letter.state == State.OVER or letter.ends_at <= worktime.now():
            return f"{OVER} {ANOTHER}"
        return WAITS if letter.state == State.PENDING else MAY_LEAVE

    @admin.action(description="Tentar de novo", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[AccountLetter]) -> None:
        by: User = request.user  # type: ignore[assignment]  # signed in
        account_letters.end_old()
        over, left = (queryset.filter(state=state).exists() for state in (State.OVER, State.SENT))
        if count := account_letters.retry(queryset, by=by):
            self.message_user(request, f"Cartas que serão enviadas de novo: {count}.{_more(count)}", messages.SUCCESS)
        elif not over and not left:
            self.message_user(request, "Nenhuma das cartas marcadas está parada ou deixou de ser entregue.", messages.WARNING)
        for some, why in ((over, OVER), (left, LEFT)):
            if some:
                self.message_user(
                    request, f"Carta marcada que não foi enviada: {why[0].lower()}{why[1:]} {ANOTHER}", messages.WARNING
                )

    @admin.action(description="Parar", permissions=["view"])
    def stop(self, request: HttpRequest, queryset: QuerySet[AccountLetter]) -> None:
        by: User = request.user  # type: ignore[assignment]  # signed in
        if count := account_letters.stop(queryset, by=by):
            words = (
                f"Cartas que não irão por e-mail: {count}. Elas só saem se alguém usar “Tentar de novo” no prazo.{_more(count)}"
            )
            self.message_user(request, words, messages.SUCCESS)
        else:
            self.message_user(request, "Nenhuma das cartas marcadas está à espera de envio.", messages.WARNING)


def _more(count: int) -> str:
    return " Pode haver mais: repita a ação." if count >= account_letters.MOST else ""

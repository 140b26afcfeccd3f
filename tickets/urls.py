"""Addresses of the requester's side (DESIGN §9)."""

from django.urls import path

from tickets.views import (
    agencies,
    attachments,
    choosing,
    drafting,
    finding,
    following,
    listing,
    live,
    opening,
    redaction,
    similar,
    ticket,
)

urlpatterns = [
    path("abrir/", choosing.core_systems, name="open"),
    path("abrir/orgaos/", agencies.known, name="open-agencies"),
    path("abrir/buscar/", finding.search, name="open-search"),
    path("abrir/<slug:core>/", choosing.spheres, name="open-core"),
    path("abrir/<slug:core>/<slug:sphere>/", choosing.products, name="open-sphere"),
    path("abrir/<slug:core>/<slug:sphere>/<slug:product>/", choosing.support_types, name="open-product"),
    path("abrir/<slug:core>/<slug:sphere>/<slug:product>/<slug:support_type>/", opening.form, name="open-form"),
    path(
        "abrir/<slug:core>/<slug:sphere>/<slug:product>/<slug:support_type>/semelhantes/", similar.fragment, name="open-similar"
    ),
    path(
        "abrir/<slug:core>/<slug:sphere>/<slug:product>/<slug:support_type>/rascunho/",
        drafting.of_offering,
        name="open-draft",
    ),
    path("rascunhos/<int:pk>/descartar/", drafting.discard, name="draft-discard"),
    path("rascunhos/<int:pk>/usar/", drafting.use, name="draft-use"),
    path("chamados/", listing.tickets, name="tickets"),
    path("chamados/planilha/", listing.spreadsheet, name="tickets-sheet"),
    path("chamados/ir/", ticket.go_to, name="go-to-ticket"),
    path("chamados/acompanhar/", following.page, name="follow-requests"),
    path("chamados/acompanhar/<int:pk>/<slug:decision>/", following.decide, name="follow-decide"),
    path("chamados/<int:number>/acompanhantes/sair/", following.stop, name="follow-stop"),
    path("chamados/<int:number>/", ticket.page, name="ticket"),
    path("chamados/<int:number>/novidades/", live.fragment, name="ticket-news"),
    path("chamados/<int:number>/recebido/", opening.opened, name="opened"),
    path("chamados/<int:number>/trechos/ocultar/", redaction.act, name="ticket-redact"),
    path("chamados/<int:number>/<slug:action>/rascunho/", drafting.of_ticket, name="ticket-draft"),
    path("chamados/<int:number>/<slug:action>/", ticket.act, name="ticket-action"),
    path("anexos/<uuid:file>/", attachments.attachment, name="attachment"),
    path("anexos/<uuid:file>/previa/", attachments.preview, name="attachment-preview"),
]

"""The desk's addresses: what each role is answered, in the order of ``ROLES``."""

from __future__ import annotations

from tests.authorization.row import Row

# role        anon ana gil eva bia cai lia dud cri dor ott adm
STAFF = "302 404 404 404 200 200 200 200 200 200 200 200"
STAFF_SENT_ON = "302 404 404 404 302 302 302 302 302 302 302 302"
NOBODY = "302 404 404 404 404 404 404 404 404 404 404 404"
N2 = "302 404 404 404 200 404 200 200 404 404 404 404"
N2_SENT_ON = "302 404 404 404 302 404 302 302 404 404 404 404"
N3 = "302 404 404 404 404 200 404 200 404 404 404 404"
BIA_READS_ON = "302 404 404 404 200 200 404 200 404 404 404 404"
BIA_SENT_ON = "302 404 404 404 302 302 404 302 404 404 404 404"
# Who reads a ticket and may not do it now gets a refusal, 409; who does not read it, nothing.
ANALYST = "302 404 404 404 302 404 302 409 404 404 404 404"
ASSIGNEE = "302 404 404 404 302 404 409 409 404 404 404 404"
LEAD = "302 404 404 404 409 404 302 302 404 404 404 404"
MANAGER = "302 404 404 404 409 404 409 302 404 404 404 404"
CAIO = "302 404 404 404 409 302 404 409 404 404 404 404"
LINKS_N3 = "302 404 404 404 409 302 404 409 404 404 404 404"
PRODUCTS_TEAM = "302 404 404 404 200 200 200 200 404 404 404 404"
TEAM_DOES = "302 404 404 404 302 302 302 302 404 404 404 404"
TEAM_HIDES = "302 404 404 404 302 302 302 422 404 404 404 404"
TEAM_AT_N2 = "302 404 404 404 302 422 302 302 404 404 404 404"
LEAD_ONLY = "302 404 404 404 404 404 200 404 404 404 404 404"
BIA_ONLY = "302 404 404 404 200 404 404 404 404 404 404 404"
INCIDENTS = "/admin/tickets/incident/"
ARTICLES = "/admin/knowledge/article/"
MACROS = "/admin/tickets/macro/"
SCRIPTS = "/admin/catalog/supportscript/"
PROPOSALS = "/admin/catalog/scriptproposal/"
READ = "notifications_notice"
"""The page of a proposal reads its notices."""
POST_ONLY = "302 404 404 404 405 405 405 405 405 405 405 405"

DPO = "302 404 404 404 404 404 404 404 404 200 404 404"

LEADS = "302 404 404 404 404 404 200 200 404 404 404 404"
LEADS_N3 = "302 404 404 404 404 404 404 200 404 404 404 404"
OPENS = "302 404 404 404 200 404 200 404 404 404 404 404"
OPENS_N3 = "302 404 404 404 404 200 404 404 404 404 404 404"

FORM = {"form_id": "{new}"}
BEHALF = {**FORM, "titulo": "Por telefone", "pedido_por": "phone", "aviso_informado": "on", "regras_lidas": "sei"}
SPLIT = {**FORM, "subject": "Outro", "body": "Outro assunto.", "offering": "{w.offering.pk}"}
WORDS = {**FORM, "words": "Feito."}
HIDE = {"what": "mensagem-{w.said.pk}", "passage": "Veja"}
WAIT = {**FORM, "team": "Infraestrutura", "review_at": "2100-01-01T10:00"}
AT_N2, AT_N3 = "/admin/tickets/n2ticket/", "/admin/tickets/n3ticket/"
PERSONAL = "/admin/tickets/personaldataticket/"
ACT = "{w.%s.pk}/acao/%s/"

DESK = [
    Row("GET", "/admin/", STAFF),
    Row("GET", "/admin/login/", NOBODY),
    Row("GET", "/admin/logout/", STAFF_SENT_ON),
    Row("POST", "/admin/logout/", STAFF_SENT_ON),
    Row("GET", "/admin/password_change/", STAFF_SENT_ON),
    Row("GET", "/admin/password_change/done/", STAFF),
    Row("GET", "/admin/jsi18n/", STAFF),
    Row("GET", "/admin/nada", NOBODY),
    Row("GET", "/admin/r/{w.type_of_ticket}/{w.queued.pk}/", NOBODY),
    Row("GET", "/admin/tickets/", "302 404 404 404 200 200 200 200 200 200 404 200"),
    Row("GET", "/admin/accounts/", "302 404 404 404 200 200 200 200 200 200 404 200"),
    Row("GET", "/admin/catalog/", "302 404 404 404 200 200 200 200 200 404 404 200"),
    Row("GET", "/admin/files/", "302 404 404 404 404 404 404 404 404 404 404 200"),
    Row("GET", "/admin/notifications/", "302 404 404 404 404 404 404 404 404 404 404 200"),
    Row("GET", "/admin/autocomplete/", "302 404 404 404 403 403 403 403 403 403 403 403"),
    Row(
        "GET",
        "/admin/autocomplete/?app_label=accounts&model_name=rolegrant&field_name=user",
        "302 404 404 404 403 403 403 403 403 403 403 200",
    ),
    # The queues.
    Row("GET", AT_N2, N2),
    Row("GET", AT_N3, N3),
    Row("GET", AT_N2 + "atender/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", AT_N2 + "atender/", N2_SENT_ON, FORM),
    Row("GET", AT_N3 + "atender/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", AT_N3 + "atender/", "302 404 404 404 404 302 404 302 404 404 404 404", FORM),
    # Several at once: what is asked first, and what became of each.
    Row("GET", AT_N2 + "lote/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("GET", AT_N3 + "lote/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    # What is not offered to somebody leads back: managers take nothing, analysts pass nothing on.
    Row(
        "POST",
        AT_N2 + "lote/",
        "302 404 404 404 200 404 200 302 404 404 404 404",
        {"action": "take", "chosen": "{w.queued.pk}"},
    ),
    Row("POST", AT_N3 + "lote/", N3.replace("200", "302", 1), {"action": "assign", "chosen": "{w.queued_n3.pk}"}),
    Row("POST", AT_N2 + "lote/", N2_SENT_ON, {"action": "note", "chosen": "{w.queued.pk}"}),
    # Views: one's own, and those of a queue that one leads. The palette: it leads to what one sees.
    Row("GET", AT_N2 + "visoes/?filtros=prazo%3Dvencido", N2),
    Row("POST", AT_N2 + "visoes/", N2_SENT_ON, {"filtros": "prazo=vencido", "name": "Vencidos"}),
    Row("GET", AT_N2 + "visoes/{w.view.pk}/", LEAD_ONLY),
    Row("POST", AT_N2 + "visoes/{w.view.pk}/", LEAD_ONLY.replace("200", "302"), {"name": "Para já"}),
    Row("GET", AT_N2 + "visoes/{w.own_view.pk}/", BIA_ONLY),
    Row("POST", AT_N2 + "visoes/{w.own_view.pk}/", BIA_ONLY.replace("200", "302"), {"name": "Com Bia"}),
    Row("GET", AT_N2 + "visoes/{w.own_view.pk}/apagar/", POST_ONLY),
    Row("POST", AT_N2 + "visoes/{w.own_view.pk}/apagar/", BIA_ONLY.replace("200", "302")),
    Row("GET", AT_N3 + "visoes/?filtros=prazo%3Dvencido", N3),
    Row("POST", AT_N3 + "visoes/", N3.replace("200", "302"), {"filtros": "prazo=vencido", "name": "Vencidos"}),
    Row("GET", AT_N3 + "visoes/{w.own_view.pk}/", NOBODY),
    Row("POST", AT_N3 + "visoes/{w.own_view.pk}/apagar/", NOBODY),
    Row("GET", AT_N2 + "ir/", STAFF),
    Row("GET", AT_N3 + "ir/?para=sei", STAFF),
    # What leads and managers look at; the board is for the whole team. Who knows what, the queue's lead keeps.
    *(Row("GET", at + page, who) for at, who in ((AT_N2, LEADS), (AT_N3, LEADS_N3)) for page in ("carga/", "pessoas/")),
    *(
        Row("GET", at + page, who)
        for at, who in ((AT_N2, N2), (AT_N3, N3))
        for page in ("painel/", "painel/numeros/", "contagens/", "contagens/?parte=1")
    ),
    Row("GET", AT_N2 + "pessoas/{w.n2.pk}/{w.bia.pk}/", LEAD_ONLY),
    Row("POST", AT_N2 + "pessoas/{w.n2.pk}/{w.bia.pk}/", LEAD_ONLY.replace("200", "302"), {"kinds": "{w.kind.pk}"}),
    Row("GET", AT_N2 + "pessoas/{w.n2.pk}/{w.caio.pk}/", NOBODY),
    Row("GET", AT_N3 + "pessoas/{w.n3.pk}/{w.caio.pk}/", NOBODY),
    # On behalf of somebody: the person looked for, the offering, its form. Each analyst has addresses of his own.
    Row("GET", AT_N2 + "novo/", OPENS),
    Row("GET", AT_N3 + "novo/", OPENS_N3),
    Row("POST", AT_N2 + "novo/", OPENS.replace("200", "302"), {"quem": "ana@example.org"}),
    Row("POST", AT_N3 + "novo/", OPENS_N3.replace("200", "422")),
    Row("GET", AT_N2 + "novo/{w.bias_way}/", BIA_ONLY),
    Row("GET", AT_N2 + "novo/{w.bias_way}/{w.offering.pk}/", BIA_ONLY),
    Row("POST", AT_N2 + "novo/{w.bias_way}/{w.offering.pk}/", BIA_ONLY.replace("200", "302"), BEHALF),
    Row("GET", AT_N2 + "novo/{w.bias_way}/{w.offering.pk}/rascunho/", BIA_ONLY),
    Row("POST", AT_N2 + "novo/{w.bias_way}/{w.offering.pk}/rascunho/", BIA_ONLY.replace("200", "403"), FORM),
    Row("GET", AT_N3 + "novo/{w.bias_way}/", NOBODY),
    Row("GET", AT_N3 + "novo/{w.bias_way}/{w.offering.pk}/rascunho/", NOBODY),
    Row("GET", AT_N3 + "novo/{w.bias_way}/{w.offering.pk}/", NOBODY),
    # The card of a ticket of another queue; who reads it whole is sent on to the workbench.
    Row("GET", AT_N3 + "ficha/{w.queued.number}/", "302 404 404 404 404 200 404 302 404 404 404 404"),
    Row("GET", AT_N2 + "ficha/{w.queued_n3.number}/", "302 404 404 404 302 404 200 302 404 404 404 404"),
    Row("GET", AT_N2 + "ficha/99999999/", NOBODY),
    Row("GET", AT_N3 + "?q={w.queued.number}", "302 404 404 404 404 302 404 302 404 404 404 404"),
    # The dpo's page: any ticket by its number, to hide what should not stand there, and no other page of it.
    Row("GET", PERSONAL, DPO),
    Row("GET", PERSONAL + "?q={w.queued.number}", DPO.replace("200", "302")),
    Row("GET", PERSONAL + "?q=99999999", DPO.replace("200", "422")),
    Row("GET", PERSONAL + "{w.at_n3.pk}/change/", DPO),
    Row("GET", PERSONAL + "99999999/change/", NOBODY),
    Row("GET", PERSONAL + "{w.at_n2.pk}/ocultar/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", PERSONAL + "{w.at_n2.pk}/ocultar/", DPO.replace("200", "302"), {**FORM, **HIDE}),
    Row("GET", "/admin/accounts/personlookup/?atendente=bia%40example.org", DPO),
    Row("GET", "/admin/reports/export/", DPO),
    # The workbench. Bia worked on what is at N3 now, and reads on.
    Row("GET", AT_N2 + "{w.at_n2.pk}/change/", N2),
    Row("GET", AT_N2 + "{w.at_n2.pk}/history/", N2_SENT_ON),
    Row("GET", AT_N2 + "{w.at_n2.pk}/prazos/", N2),
    Row("GET", AT_N3 + "{w.at_n3.pk}/prazos/", BIA_READS_ON),
    Row("GET", AT_N2 + "{w.at_n2.pk}/novidades/?aqui=1", N2),
    Row("GET", AT_N3 + "{w.at_n3.pk}/novidades/?aqui=1", BIA_READS_ON),
    Row("GET", AT_N2 + "{w.at_n2.pk}/vizinho/proximo/", N2_SENT_ON),
    Row("GET", AT_N3 + "{w.at_n3.pk}/vizinho/anterior/", BIA_SENT_ON),
    # A draft is its writer's: for who reads the ticket, and refused where the page does not say whose it is.
    Row("GET", AT_N2 + "{w.at_n2.pk}/roteiros/", N2),
    Row("GET", AT_N3 + "{w.at_n3.pk}/roteiros/", BIA_READS_ON),
    Row("GET", AT_N2 + "{w.at_n2.pk}/caso/", N2),
    Row("GET", AT_N3 + "{w.at_n3.pk}/caso/", BIA_READS_ON),
    Row("GET", AT_N2 + "{w.at_n2.pk}/previa/", POST_ONLY),
    Row("POST", AT_N2 + "{w.at_n2.pk}/previa/", N2, WORDS),
    Row("GET", AT_N3 + "{w.at_n3.pk}/previa/", POST_ONLY),
    Row("POST", AT_N3 + "{w.at_n3.pk}/previa/", BIA_READS_ON, WORDS),
    Row("GET", AT_N2 + "{w.at_n2.pk}/colegas/", N2_SENT_ON),
    Row("POST", AT_N2 + "{w.at_n2.pk}/colegas/", N2, WORDS),
    Row("GET", AT_N3 + "{w.at_n3.pk}/colegas/", BIA_READS_ON.replace("200", "302")),
    Row("GET", AT_N2 + "{w.at_n2.pk}/macros/{w.macro.pk}/", POST_ONLY),
    Row("POST", AT_N2 + "{w.at_n2.pk}/macros/{w.macro.pk}/", N2_SENT_ON, FORM),
    Row("POST", AT_N3 + "{w.at_n3.pk}/macros/{w.macro.pk}/", BIA_SENT_ON, FORM),
    Row("GET", AT_N3 + "{w.at_n3.pk}/macros/{w.macro.pk}/", POST_ONLY),
    # Macros: one's own and shared ones of one's products; Bia's shared one is Lia's to change, who leads its queue.
    Row("GET", MACROS, "302 404 404 404 200 200 200 403 200 403 403 200"),
    Row("GET", MACROS + "add/", "302 404 404 404 200 200 200 403 200 403 403 200"),
    Row("POST", MACROS + "add/", "302 404 404 404 200 200 200 403 200 403 403 200"),
    Row("GET", MACROS + "{w.macro.pk}/change/", "302 404 404 404 200 200 200 403 200 403 403 200"),
    Row("POST", MACROS + "{w.macro.pk}/change/", "302 404 404 404 403 403 200 403 200 403 403 200"),
    Row("GET", MACROS + "{w.macro.pk}/history/", "302 404 404 404 200 200 200 403 200 403 403 200"),
    Row("GET", MACROS + "{w.macro.pk}/", STAFF_SENT_ON),
    Row("GET", MACROS + "{w.macro.pk}/delete/", "302 404 404 404 403 403 403 403 403 403 403 403"),
    Row("GET", AT_N2 + "{w.at_n2.pk}/rascunho/write/", N2),
    Row("POST", AT_N2 + "{w.at_n2.pk}/rascunho/write/", N2.replace("200", "403"), FORM),
    Row("GET", AT_N3 + "{w.at_n3.pk}/rascunho/write/", BIA_READS_ON),
    Row("POST", AT_N3 + "{w.at_n3.pk}/rascunho/write/", BIA_READS_ON.replace("200", "403"), FORM),
    Row("GET", AT_N2 + "{w.at_n3.pk}/change/", BIA_SENT_ON),
    Row("GET", AT_N2 + "99999999/change/", NOBODY),
    Row("GET", AT_N3 + "{w.at_n3.pk}/change/", BIA_READS_ON),
    Row("GET", AT_N3 + "{w.at_n3.pk}/history/", BIA_SENT_ON),
    # Hiding words: the queue's team anybody's, everybody his own (at_n2's last public message is Bia's).
    Row("GET", AT_N2 + "{w.at_n2.pk}/ocultar/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", AT_N2 + "{w.at_n2.pk}/ocultar/", "302 404 404 404 302 404 302 409 404 404 404 404", {**FORM, **HIDE}),
    Row("GET", AT_N3 + "{w.at_n3.pk}/ocultar/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", AT_N3 + "{w.at_n3.pk}/ocultar/", "302 404 404 404 422 422 404 422 404 404 404 404", {**FORM, **HIDE}),
    # Incidents: whoever works the product, or manages its core system. Who does not read a ticket takes nothing in or out.
    Row("GET", INCIDENTS, PRODUCTS_TEAM),
    Row("GET", INCIDENTS + "add/", PRODUCTS_TEAM),
    Row("POST", INCIDENTS + "add/", TEAM_DOES, {"product": "{w.product.pk}", "title": "Falha", "public_text": "Em correção."}),
    Row("GET", INCIDENTS + "{w.incident.pk}/change/", PRODUCTS_TEAM),
    Row("GET", INCIDENTS + "99999999/change/", NOBODY),
    *(
        Row("GET", INCIDENTS + "{w.incident.pk}/" + page, POST_ONLY)
        for page in ("aviso/", "chamados/", "chamados/{w.at_n2.pk}/", "resposta/", "solucao/", "encerrar/")
    ),
    Row("POST", INCIDENTS + "{w.incident.pk}/aviso/", TEAM_DOES, {"title": "Falha", "public_text": "Em correção."}),
    Row("POST", INCIDENTS + "{w.incident.pk}/chamados/", TEAM_DOES, {"chosen": "{w.queued.pk}"}),
    Row("POST", INCIDENTS + "{w.incident.pk}/chamados/", TEAM_AT_N2, {"number": "{w.queued.number}"}),
    Row("POST", INCIDENTS + "{w.incident.pk}/chamados/{w.at_n2.pk}/", TEAM_DOES),
    Row("POST", INCIDENTS + "{w.incident.pk}/resposta/", TEAM_DOES, {**FORM, "body": "Em correção."}),
    Row("POST", INCIDENTS + "{w.incident.pk}/solucao/", TEAM_DOES, {**FORM, "body": "Corrigido.", "cause": "{w.cause.pk}"}),
    Row("POST", INCIDENTS + "{w.incident.pk}/envios/{w.post.pk}/ocultar/", TEAM_HIDES, {**FORM, "whole": "on"}),
    Row("GET", INCIDENTS + "{w.incident.pk}/envios/{w.post.pk}/ocultar/", POST_ONLY),
    Row("POST", INCIDENTS + "{w.incident.pk}/encerrar/", TEAM_DOES, {"sure": "on"}),
    # Links: whoever works the ticket ties it to what he reads.
    Row("GET", AT_N2 + "{w.at_n2.pk}/ligacoes/", POST_ONLY),
    Row("POST", AT_N2 + "{w.at_n2.pk}/ligacoes/", ANALYST, {"number": "{w.waiting.number}", "tie": "parent"}),
    Row("GET", AT_N2 + "{w.at_n2.pk}/ligacoes/{w.link.pk}/", POST_ONLY),
    Row("POST", AT_N2 + "{w.at_n2.pk}/ligacoes/{w.link.pk}/", N2_SENT_ON),
    Row("GET", AT_N3 + "{w.at_n3.pk}/ligacoes/", POST_ONLY),
    Row("POST", AT_N3 + "{w.at_n3.pk}/ligacoes/", LINKS_N3, {"number": "{w.outside.number}", "tie": "child"}),
    Row("GET", AT_N3 + "{w.at_n3.pk}/ligacoes/{w.link_n3.pk}/", POST_ONLY),
    Row("POST", AT_N3 + "{w.at_n3.pk}/ligacoes/{w.link_n3.pk}/", BIA_SENT_ON),
    # A part of a ticket becomes one of its own: by whoever works it; who reads it otherwise is sent back.
    Row("GET", AT_N2 + "{w.at_n2.pk}/separar/{w.ask_n2.pk}/", "302 404 404 404 200 404 200 302 404 404 404 404"),
    Row("POST", AT_N2 + "{w.at_n2.pk}/separar/{w.ask_n2.pk}/", ANALYST, SPLIT),
    Row("GET", AT_N3 + "{w.at_n3.pk}/separar/{w.ask_n3.pk}/", "302 404 404 404 302 200 404 302 404 404 404 404"),
    Row("POST", AT_N3 + "{w.at_n3.pk}/separar/{w.ask_n3.pk}/", LINKS_N3, SPLIT),
    Row("GET", AT_N2 + "{w.at_n2.pk}/separar/{w.ask_n3.pk}/", NOBODY),
    # A mail as it came: for who reads the ticket that it came to.
    Row("GET", AT_N2 + "{w.at_n2.pk}/email/{w.inbound_mail.pk}/", N2, notes="notifications_originalreading"),
    Row("GET", AT_N2 + "{w.queued.pk}/email/{w.inbound_mail.pk}/", NOBODY),
    Row("GET", AT_N3 + "{w.at_n3.pk}/email/{w.inbound_mail.pk}/", NOBODY),
    # Who may follow: the queue's team and the manager decide.
    Row("GET", AT_N2 + "{w.queued.pk}/acompanhar/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", AT_N2 + "{w.queued.pk}/acompanhar/", N2_SENT_ON, {"request": "{w.asks.pk}", "decision": "recusar"}),
    Row("GET", AT_N3 + "{w.at_n3.pk}/acompanhar/", "302 404 404 404 405 405 405 405 405 405 405 405"),
    Row("POST", AT_N3 + "{w.at_n3.pk}/acompanhar/", NOBODY, {"request": "{w.asks.pk}", "decision": "recusar"}),
    # Every action that the desk draws (DESIGN §4): at_n2 is Bia's, at_n3 is Caio's.
    Row("GET", AT_N2 + ACT % ("at_n2", "note"), N2_SENT_ON),
    Row("POST", AT_N2 + ACT % ("queued", "take"), ANALYST, FORM),
    Row("POST", AT_N2 + ACT % ("queued", "triage"), ANALYST, FORM),
    Row("POST", AT_N2 + ACT % ("queued", "refuse"), ANALYST, WORDS),
    Row("POST", AT_N2 + ACT % ("queued", "set_priority"), N2_SENT_ON, {**WORDS, "priority": "1"}),
    Row("POST", AT_N2 + ACT % ("queued", "assign"), LEAD, {**FORM, "to": "{w.beto.pk}"}),
    Row("POST", AT_N2 + ACT % ("at_n2", "ask"), ASSIGNEE, WORDS),
    Row("POST", AT_N2 + ACT % ("at_n2", "comment"), N2_SENT_ON, WORDS),
    Row("POST", AT_N2 + ACT % ("at_n2", "note"), N2_SENT_ON, WORDS),
    Row("POST", AT_N2 + ACT % ("at_n2", "release"), ANALYST, WORDS),
    Row("POST", AT_N2 + ACT % ("at_n2", "wait_external"), ASSIGNEE, WAIT),
    Row("POST", AT_N2 + ACT % ("at_n2", "escalate"), ASSIGNEE, WORDS),
    Row("POST", AT_N2 + ACT % ("at_n2", "resolve"), ASSIGNEE, {**WORDS, "cause": "{w.cause.pk}"}),
    Row("POST", AT_N2 + ACT % ("queued", "transfer"), ANALYST, {**WORDS, "to": "queue-{w.n2b.pk}"}),
    Row("POST", AT_N2 + ACT % ("at_n2", "schedule"), ASSIGNEE, {**FORM, "until": "2100-01-01T10:00"}),
    Row("POST", AT_N2 + ACT % ("queued", "close_duplicate"), ANALYST, {**FORM, "root": "{w.at_n2.number}"}),
    Row("POST", AT_N2 + ACT % ("waiting", "withdraw_question"), ANALYST, WORDS),
    Row("POST", AT_N2 + ACT % ("closed", "reopen"), ANALYST, WORDS),
    Row("POST", AT_N2 + ACT % ("final", "restore"), MANAGER, WORDS),
    Row("POST", AT_N2 + ACT % ("queued", "open"), NOBODY, WORDS),
    Row("POST", AT_N2 + ACT % ("waiting", "expire_wait"), NOBODY, FORM),
    Row("GET", AT_N3 + ACT % ("at_n3", "note"), BIA_SENT_ON),
    Row("POST", AT_N3 + ACT % ("queued_n3", "take"), CAIO, FORM),
    Row("POST", AT_N3 + ACT % ("at_n3", "validate"), CAIO, FORM),
    Row("POST", AT_N3 + ACT % ("at_n3", "hand_back"), CAIO, WORDS),
    Row("POST", AT_N3 + ACT % ("at_n3", "note"), BIA_SENT_ON, WORDS),
    Row("POST", AT_N3 + ACT % ("validating", "validated"), CAIO, FORM),
    Row("POST", AT_N3 + ACT % ("outside", "resume"), CAIO, FORM),
]

OFFICE = "302 404 404 404 404 404 404 404 404 404 200 404"
OFFICE_READ = "302 404 404 404 404 404 404 200 404 404 200 404"
OFFICE_DOES = OFFICE.replace("200", "302")
MANIFESTATIONS = "/admin/feedback/manifestation/"

# What people think of the service: the ombudsman works manifestations, managers read them; both read the surveys' answers.
DESK += [
    Row("GET", "/admin/feedback/", "302 404 404 404 404 404 404 200 200 404 200 200"),  # curators keep the themes
    Row("GET", "/admin/feedback/surveyanswer/", OFFICE_READ),
    Row("GET", MANIFESTATIONS, OFFICE_READ),
    Row("GET", MANIFESTATIONS + "{w.praise.pk}/change/", OFFICE_READ),
    Row("GET", MANIFESTATIONS + "99999999/change/", NOBODY),
    Row("GET", MANIFESTATIONS + "{w.praise.pk}/responder/", POST_ONLY),
    Row("POST", MANIFESTATIONS + "{w.praise.pk}/responder/", OFFICE_DOES, {**FORM, "words": "Obrigado."}),
    Row("POST", MANIFESTATIONS + "{w.praise.pk}/encaminhar/", OFFICE_DOES, {**FORM, "area": "Suporte", "question": "?"}),
    Row("POST", MANIFESTATIONS + "{w.praise.pk}/prorrogar/", OFFICE_DOES, {**FORM, "reason": "Férias."}),
    Row("POST", MANIFESTATIONS + "{w.praise.pk}/publicar/", OFFICE_DOES, {**FORM, "text": "Bom."}),
    Row("POST", MANIFESTATIONS + "{w.praise.pk}/concluir/", OFFICE.replace("200", "409"), FORM),
]

# Announcements: managers', within their scope. To everybody else they do not exist.
MANAGES = "302 404 404 404 404 404 404 200 404 404 404 404"
MANAGER_ACTS = MANAGES.replace("200", "302")
ANNOUNCEMENTS = "/admin/community/announcement/"
DESK += [
    Row("GET", "/admin/community/", MANAGES),
    Row("GET", ANNOUNCEMENTS, MANAGES),
    Row("GET", ANNOUNCEMENTS + "add/?corrige={w.news.pk}", MANAGES),
    Row("POST", ANNOUNCEMENTS + "add/", MANAGES.replace("200", "422"), FORM),
    Row("GET", ANNOUNCEMENTS + "previa/", POST_ONLY),
    Row("POST", ANNOUNCEMENTS + "previa/", MANAGES, {"title": "Nova versão", "body": "Chega."}),
    Row("GET", ANNOUNCEMENTS + "{w.unsent_news.pk}/change/", MANAGES),
    Row("GET", ANNOUNCEMENTS + "{w.news.pk}/change/", MANAGES),
    Row("GET", ANNOUNCEMENTS + "99999999/change/", NOBODY),
    Row("POST", ANNOUNCEMENTS + "{w.unsent_news.pk}/change/", MANAGES.replace("200", "422"), FORM),
    Row("GET", ANNOUNCEMENTS + "{w.unsent_news.pk}/email/", MANAGES),
    Row("GET", ANNOUNCEMENTS + "{w.unsent_news.pk}/enviar/", MANAGES),
    Row("POST", ANNOUNCEMENTS + "{w.unsent_news.pk}/enviar/", MANAGER_ACTS, {**FORM, "version": "1"}),
    *(Row("GET", ANNOUNCEMENTS + "{w.news.pk}/" + page, POST_ONLY) for page in ("teste/", "cancelar/", "parar/")),
    Row("POST", ANNOUNCEMENTS + "{w.unsent_news.pk}/teste/", MANAGER_ACTS, FORM),
    Row("POST", ANNOUNCEMENTS + "{w.coming_news.pk}/cancelar/", MANAGER_ACTS, FORM),
    Row("POST", ANNOUNCEMENTS + "{w.news.pk}/parar/", MANAGER_ACTS, {**FORM, "sure": "on"}),
]

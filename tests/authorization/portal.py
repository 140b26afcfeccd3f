"""The portal's addresses: what each role is answered, in the order of ``ROLES``."""

from __future__ import annotations

from tests.authorization.row import Row

ALL = "200 200 200 200 200 200 200 200 200 200 200 200"
NONE = "404 404 404 404 404 404 404 404 404 404 404 404"
POST_ONLY = "302 405 405 405 405 405 405 405 405 405 405 405"
"""For who has signed in; others are sent to the sign-in first."""
SIGNED_IN = "302 200 200 200 200 200 200 200 200 200 200 200"
ACTS = "302 302 302 302 302 302 302 302 302 302 302 302"
VISITORS = "200 302 302 302 302 302 302 302 302 302 302 302"
ANAS = "404 302 404 404 404 404 404 404 404 404 404 404"
NOT_VALID = "422 422 422 422 422 422 422 422 422 422 422 422"
WRITTEN = "201 302 302 302 302 302 302 302 302 302 302 302"
ANA = "302 302 404 404 404 404 404 404 404 404 404 404"
GIL = "302 404 302 404 404 404 404 404 404 404 404 404"
ANA_OR_GIL = "302 302 302 404 404 404 404 404 404 404 404 404"
OUT_OF_REACH = "302 404 404 404 404 404 404 404 404 404 404 404"
# role        anon ana gil eva bia cai lia dud cri dor ott adm
UPLOADER = "401 200 404 404 404 404 404 404 404 404 404 404"
READS_N2 = "302 200 200 404 200 404 200 200 404 404 404 404"
READ = "notifications_notice"
"""The page of a ticket reads its notices."""
READS_N3 = "302 200 200 404 200 200 404 200 404 404 404 404"
LATE = "302 409 409 404 404 404 404 404 404 404 404 404"
ANA_NOT_GIL = "302 302 409 404 404 404 404 404 404 404 404 404"
TREATS = "302 404 404 404 404 404 404 200 404 404 200 404"

FORM = {"form_id": "{new}"}
TREATED = {**FORM, "state": "looking", "words": "Falei com a equipe.", "seen": "0"}
WORDS = {**FORM, "body": "Segue a informação."}
HIDE = {**FORM, "what": "mensagem-{w.asked.pk}", "passage": "tela"}
ERROR_FORM = "/abrir/pen/executivo-federal/sei/reportar-erro/"

PORTAL = [
    Row("GET", "/", ALL),
    Row("GET", "/healthz", ALL),
    Row("GET", "/readyz", ALL),
    Row("GET", "/metrics", ALL),  # from the machine itself; tests/helpdesk/test_health.py asks from elsewhere
    # The way to a form is public, the form is for who has signed in.
    Row("GET", "/abrir/", ALL),
    Row("GET", "/abrir/buscar/?q=sei", ALL),
    Row("GET", "/abrir/orgaos/?orgao_nome=instituto", SIGNED_IN),
    Row("GET", "/abrir/pen/", ALL),
    Row("GET", "/abrir/pen/executivo-federal/", ALL),
    Row("GET", "/abrir/pen/executivo-federal/sei/", ALL),
    Row("GET", ERROR_FORM, SIGNED_IN),
    Row("POST", ERROR_FORM, "302 422 422 422 422 422 422 422 422 422 422 422", FORM),
    Row("POST", ERROR_FORM, SIGNED_IN, {**FORM, "titulo": "Erro ao assinar"}),  # what the rule says, to be read first
    Row("POST", ERROR_FORM, ACTS, {**FORM, "titulo": "Erro ao assinar", "regras_lidas": "sei"}),
    Row("GET", f"{ERROR_FORM}rascunho/", SIGNED_IN),
    Row("POST", f"{ERROR_FORM}rascunho/", "302 403 403 403 403 403 403 403 403 403 403 403", FORM),  # of nobody
    Row("POST", ERROR_FORM, ACTS, {**FORM, "titulo": "Erro ao assinar", "rascunho": "manter"}),
    Row("GET", "/rascunhos/{w.draft.pk}/descartar/", POST_ONLY),
    Row("POST", "/rascunhos/{w.draft.pk}/descartar/", ANA),
    Row("GET", "/rascunhos/{w.draft.pk}/usar/", POST_ONLY),
    Row("POST", "/rascunhos/{w.draft.pk}/usar/", ANA),
    Row("POST", f"{ERROR_FORM}semelhantes/", SIGNED_IN, {"titulo": "Erro ao assinar"}),
    Row("GET", "/abrir/pen/executivo-federal/sei/nada/", NONE),
    # One's own tickets, those of a focal point's body, and the team's: Eva is of another body, Caio of another queue.
    Row("GET", "/chamados/", SIGNED_IN),
    Row("GET", "/chamados/planilha/", SIGNED_IN),
    # Caio is sent to the card, and Dora to the page of hers.
    Row("GET", "/chamados/ir/?numero={w.queued.number}", "302 302 302 404 302 302 302 302 404 302 404 404"),
    Row("GET", "/chamados/ir/?numero=99999999", OUT_OF_REACH),
    Row("GET", "/chamados/{w.queued.number}/", READS_N2, notes=READ),
    Row("GET", "/chamados/{w.at_n2.number}/", READS_N2, notes=READ),
    Row("GET", "/chamados/{w.final.number}/", READS_N2, notes=READ),
    Row("GET", "/chamados/{w.at_n3.number}/", READS_N3, notes=READ),
    Row("GET", "/chamados/{w.evas.number}/", "302 404 404 200 200 404 200 200 404 404 404 404", notes=READ),
    Row("GET", "/chamados/99999999/", OUT_OF_REACH),
    Row("GET", "/chamados/{w.queued.number}/?imprimir", READS_N2, notes=READ),
    Row("GET", "/chamados/{w.queued.number}/novidades/", READS_N2),
    Row("GET", "/chamados/{w.queued.number}/recebido/", READS_N2),
    Row("GET", "/chamados/{w.queued.number}/responder/", ANA_OR_GIL),
    Row("POST", "/chamados/{w.queued.number}/responder/", ANA_OR_GIL, WORDS),
    Row("GET", "/chamados/{w.queued.number}/responder/rascunho/", "302 200 200 404 404 404 404 404 404 404 404 404"),
    Row("POST", "/chamados/{w.queued.number}/responder/rascunho/", "302 403 403 404 404 404 404 404 404 404 404 404", WORDS),
    Row("POST", "/chamados/{w.waiting.number}/responder/", ANA_OR_GIL, WORDS),
    Row("POST", "/chamados/{w.closed.number}/responder/", LATE, WORDS),
    Row("POST", "/chamados/{w.closed.number}/reabrir/", ANA_OR_GIL, WORDS),
    Row("POST", "/chamados/{w.final.number}/reabrir/", LATE, WORDS),
    Row("POST", "/chamados/{w.closed.number}/confirmar/", ANA_NOT_GIL, FORM),
    Row("POST", "/chamados/{w.at_n2.number}/resolvido/", ANA_NOT_GIL, FORM),
    Row("POST", "/chamados/{w.at_n2.number}/cancelar/", ANA_NOT_GIL, FORM),
    Row("POST", "/chamados/{w.at_n2.number}/take/", OUT_OF_REACH, FORM),
    Row("GET", "/chamados/{w.queued.number}/trechos/ocultar/", "302 302 302 404 302 404 302 302 404 404 404 404"),
    Row("POST", "/chamados/{w.queued.number}/trechos/ocultar/", "302 302 422 404 422 404 422 422 404 404 404 404", HIDE),
    # Requests to follow: one's own and a focal point's; decided by Gil and by N2.
    Row("GET", "/chamados/acompanhar/", SIGNED_IN),
    Row("GET", "/chamados/acompanhar/{w.asks.pk}/aceitar/", POST_ONLY),
    Row("POST", "/chamados/acompanhar/{w.asks.pk}/aceitar/", "302 404 302 404 302 404 302 302 404 404 404 404"),
    Row("GET", "/chamados/{w.queued.number}/acompanhantes/sair/", POST_ONLY),
    Row("POST", "/chamados/{w.queued.number}/acompanhantes/sair/", ANA_OR_GIL, {"acompanhante": "{w.follows.pk}"}),
    # Dora downloads what she may have to hide.
    Row("GET", "/anexos/{w.file.pk}/", "302 200 200 404 200 404 200 200 404 200 404 404"),
    Row("GET", "/anexos/{w.secret.pk}/", "302 404 404 404 200 404 200 200 404 200 404 404"),
    Row("GET", "/anexos/{w.unsent.pk}/", OUT_OF_REACH),
    Row("GET", "/anexos/{new}/", OUT_OF_REACH),
    Row("GET", "/anexos/{w.file.pk}/previa/", "302 200 200 404 200 404 200 200 404 200 404 404"),
    Row("GET", "/anexos/{w.secret.pk}/previa/", OUT_OF_REACH),  # no picture
    # Files in pieces: for a script, which is told rather than sent to the sign-in; what is another's does not exist.
    Row("POST", "/anexos/envio/", "401 422 422 422 422 422 422 422 422 422 422 422", {"name": "a.txt", "size": "1"}),
    Row("GET", "/anexos/envio/", "405 405 405 405 405 405 405 405 405 405 405 405"),
    Row("GET", "/anexos/envio/formulario/{new}/", SIGNED_IN.replace("302", "401")),
    Row("GET", "/anexos/envio/{w.upload.pk}/", UPLOADER),
    Row("POST", "/anexos/envio/{w.upload.pk}/parte/", "401 400 400 400 400 400 400 400 400 400 400 400"),
    Row("POST", "/anexos/envio/{w.upload.pk}/concluir/", "401 422 422 422 422 422 422 422 422 422 422 422"),
    Row("POST", "/anexos/envio/{w.file.pk}/remover/", OUT_OF_REACH.replace("302", "401")),
    # How it went: whoever has the link is asked, and of a ticket's page its requester alone; who reads it is sent back.
    Row("GET", "/avaliar/{w.survey.token}/", ALL),
    Row("POST", "/avaliar/{w.survey.token}/", ACTS, {"stars": "5"}),
    Row("GET", "/avaliar/nada/", NONE),
    Row("POST", "/avaliar/nada/", NONE, {"stars": "5"}),
    Row("GET", "/chamados/{w.closed.number}/avaliacao/", READS_N2.replace("200", "302")),
    # To the ombudsman: everybody writes, with a name or without; one's own is for oneself alone.
    Row("GET", "/manifestacoes/", ALL),
    Row("GET", "/manifestacoes/elogios/", ALL),
    Row("GET", "/manifestacoes/nova/elogio/", ALL),
    Row("GET", "/manifestacoes/nova/nada/", NONE),
    Row("POST", "/manifestacoes/nova/elogio/", WRITTEN, {**FORM, "body": "Bom."}),
    Row("POST", "/manifestacoes/nova/elogio/", NOT_VALID, FORM),
    Row("GET", "/manifestacoes/acompanhar/", ALL),
    Row("POST", "/manifestacoes/acompanhar/", NOT_VALID, {"number": "{w.nameless.number}", "code": "ABCD"}),
    Row("POST", "/manifestacoes/acompanhar/", ACTS, {"number": "{w.nameless.number}", "code": "{w.code}"}),
    Row("GET", "/manifestacoes/acompanhar/sair/", "405 405 405 405 405 405 405 405 405 405 405 405"),
    Row("POST", "/manifestacoes/acompanhar/sair/", ACTS),
    Row("GET", "/manifestacoes/{w.praise.number}/", ANAS.replace("302", "200")),
    Row("GET", "/manifestacoes/{w.nameless.number}/", NONE),
    Row("GET", "/manifestacoes/999999/", NONE),
    Row("GET", "/manifestacoes/{w.praise.number}/acrescentar/", "405 405 405 405 405 405 405 405 405 405 405 405"),
    Row("POST", "/manifestacoes/{w.praise.number}/acrescentar/", ANAS, {**FORM, "words": "Mais."}),
    Row("GET", "/manifestacoes/{w.praise.number}/publicacao/", "405 405 405 405 405 405 405 405 405 405 405 405"),
    Row("POST", "/manifestacoes/{w.praise.number}/publicacao/", ANAS, FORM),
    # Announcements: those to everybody are, that to body A is its people's.
    Row("GET", "/comunicados/", ALL),
    Row("GET", "/comunicados/{w.news.pk}/nova-versao/", ALL),
    Row("GET", "/comunicados/{w.news.pk}/outro-nome/", "301 301 301 301 301 301 301 301 301 301 301 301"),
    Row("GET", "/comunicados/{w.news_of_a.pk}/so-do-orgao/", "404 200 200 404 404 404 404 404 404 404 404 404"),
    Row("GET", "/comunicados/{w.unsent_news.pk}/rascunho/", NONE),
    Row("GET", "/comunicados/99999999/nada/", NONE),
    Row("GET", "/comunicados/{w.news.pk}/dispensar/", POST_ONLY),
    Row("POST", "/comunicados/{w.news.pk}/dispensar/", ACTS),
    Row("POST", "/comunicados/{w.news_of_a.pk}/dispensar/", ANA_OR_GIL),
    # One's own notices.
    Row("GET", "/relatorios/", "302 403 200 403 200 200 200 200 403 403 302 403", notes="reports_keptpanel"),
    Row("GET", "/relatorios/evolucao/", "302 403 200 403 200 200 200 200 403 403 403 403"),
    Row("GET", "/relatorios/previsao/", "302 403 200 403 200 200 200 200 403 403 403 403"),
    Row("GET", "/relatorios/causas/", "302 403 403 403 200 200 200 200 403 403 403 403"),
    Row("GET", "/relatorios/satisfacao/", "302 403 403 403 200 200 200 200 403 403 200 403"),
    # What is done about opinions: the ombudsman's and the managers'; nobody treats what he may not read.
    Row("GET", "/relatorios/tratamento/", TREATS),
    Row("GET", "/relatorios/tratamento/{w.rated.pk}/", TREATS),
    Row("GET", "/relatorios/tratamento/{w.praise.treatment.pk}/", TREATS),
    Row("GET", "/relatorios/tratamento/{new}/", OUT_OF_REACH),
    Row("POST", "/relatorios/tratamento/{w.rated.pk}/", TREATS.replace("200", "302"), TREATED),
    Row("POST", "/relatorios/tratamento/{w.rated.pk}/", TREATS.replace("200", "422"), FORM),
    Row("POST", "/relatorios/tratamento/{w.praise.treatment.pk}/", TREATS.replace("200", "409"), {**TREATED, "state": "done"}),
    Row("GET", "/relatorios/chamados/abertos/", "302 403 200 403 200 200 200 200 403 403 403 403"),
    Row("GET", "/relatorios/exportar/", "302 405 405 405 405 405 405 405 405 405 405 405"),
    Row("POST", "/relatorios/exportar/", "302 403 302 403 302 302 302 302 403 403 403 403", {"tabela": "nada"}),
    Row("GET", "/relatorios/arquivos/", "302 403 200 403 200 200 200 200 403 403 403 403"),
    Row("GET", "/relatorios/arquivos/99999999/", "302 403 404 403 404 404 404 404 403 403 403 403"),
    Row("GET", "/relatorios/meses/", "302 404 404 404 404 404 404 200 404 404 404 404"),
    Row("GET", "/relatorios/meses/pen/2025-01/", "302 404 404 404 404 404 404 200 404 404 404 404"),
    Row("GET", "/relatorios/meses/pen/2024-01/", NONE.replace("404", "302", 1)),
    Row("POST", "/relatorios/meses/pen/2025-01/", "302 404 404 404 404 404 404 422 404 404 404 404", {"reason": ""}),
    # What everybody may read of it.
    Row("GET", "/transparencia/", ALL),
    Row("GET", "/transparencia/dados/meses.csv", ALL),
    Row("GET", "/transparencia/dados/recortes.json", ALL),
    Row("GET", "/transparencia/dados/nada.csv", NONE),
    Row("GET", "/transparencia/dados/meses.xml", NONE),
    Row("GET", "/transparencia/dados/dicionario.csv", ALL),
    Row("GET", "/transparencia/dados/meses.schema.json", ALL),
    Row("GET", "/transparencia/dados/nada.schema.json", NONE),
    Row("GET", "/avisos/", SIGNED_IN),
    Row("GET", "/avisos/lidos/", POST_ONLY),
    Row("POST", "/avisos/lidos/", ACTS),
    Row("GET", "/avisos/preferencias/", SIGNED_IN),
    Row("POST", "/avisos/preferencias/", "302 422 422 422 422 422 422 422 422 422 422 422", {"andamento": "nada"}),
    # Whoever has the link that came with the mail; a forged one leads nowhere.
    Row("GET", "/avisos/sair/{w.token}/", ALL),
    Row("POST", "/avisos/sair/{w.token}/", ALL, notes="notifications_preference", from_anywhere=True),
    Row("GET", "/avisos/sair/forjado/", NONE),
    Row("POST", "/avisos/sair/{w.token}x/", NONE),
    Row("GET", "/avisos/{w.notice.pk}/", ANA.replace("302 302", "302 200"), notes="notifications_notice"),
    Row("GET", "/avisos/{w.notice.pk}/ver/", POST_ONLY),
    Row("POST", "/avisos/{w.notice.pk}/ver/", ANA),
    Row("GET", "/avisos/{w.notice.pk}/nao-lido/", POST_ONLY),
    Row("POST", "/avisos/{w.notice.pk}/nao-lido/", ANA),
    Row("GET", "/avisos/{w.notice.pk}/lido/", POST_ONLY),
    Row("POST", "/avisos/{w.notice.pk}/lido/", ANA),
    # One's own account, and a focal point's people.
    Row("GET", "/conta/", SIGNED_IN),
    Row("POST", "/conta/", ACTS, {"name": "Outro Nome"}),
    Row("GET", "/conta/orgaos/", POST_ONLY),
    Row("POST", "/conta/orgaos/", ACTS, {"vinculo-agency": "{w.b.pk}"}),
    Row("GET", "/conta/orgaos/{w.mine.pk}/sair/", POST_ONLY),
    Row("POST", "/conta/orgaos/{w.mine.pk}/sair/", ANA),
    Row("GET", "/conta/orgao/", "302 404 200 404 404 404 404 404 404 404 404 404"),
    Row("GET", "/conta/orgao/{w.claim.pk}/confirmar/", POST_ONLY),
    Row("POST", "/conta/orgao/{w.claim.pk}/confirmar/", GIL),
    Row("GET", "/conta/orgao/{w.claim.pk}/encerrar/", POST_ONLY),
    Row("POST", "/conta/orgao/{w.claim.pk}/encerrar/", GIL),
    # The help is for everybody.
    Row("GET", "/ajuda/contraste/", POST_ONLY.replace("302", "405")),
    Row("POST", "/ajuda/contraste/", ACTS, {"contraste": "alto"}, from_anywhere=True),
    Row("GET", "/ajuda/produtos/", ALL),
    Row("GET", "/ajuda/siglas/", ALL),
    Row("GET", "/ajuda/", ALL),
    Row("GET", "/ajuda/perguntas/?q=reabrir", ALL),
    Row("GET", "/ajuda/perguntas/{w.article.slug}/", ALL),
    Row("GET", "/ajuda/perguntas/nada/", NONE),
    Row("GET", "/ajuda/perguntas/{w.article.slug}/ajudou/", POST_ONLY.replace("302", "405")),
    Row("POST", "/ajuda/perguntas/{w.article.slug}/ajudou/", ACTS, {"resposta": "sim"}),
    Row("POST", "/ajuda/perguntas/parecidas/", ALL, {"titulo": "Como reabrir", "produto": "sei"}),
    Row("POST", "/ajuda/perguntas/isto-resolveu/", ALL, {"artigo": "{w.article.slug}"}),
    Row("GET", "/ajuda/guia/{w.guide.slug}/", ALL),
    Row("GET", "/ajuda/{w.help_page.slug}/", ALL),
    Row("GET", "/ajuda/nada/", NONE),
    # Signing in and what belongs to it.
    Row("GET", "/conta/entrar/", VISITORS),
    Row("POST", "/conta/entrar/", VISITORS, {"login": "nina@example.org", "password": "errada"}),
    Row("GET", "/conta/entrar/demonstracao/", "405 405 405 405 405 405 405 405 405 405 405 405"),
    Row("POST", "/conta/entrar/demonstracao/", NONE, {"email": "nina@example.org"}),
    Row("GET", "/conta/sair/", SIGNED_IN),
    Row("POST", "/conta/sair/", ACTS),
    Row("GET", "/conta/criar/", VISITORS),
    Row("POST", "/conta/criar/", VISITORS),
    Row("GET", "/conta/inativa/", ALL),
    Row("GET", "/conta/email/", SIGNED_IN),
    Row("POST", "/conta/email/", ACTS),
    Row("GET", "/conta/email/testar/", POST_ONLY),
    Row("POST", "/conta/email/testar/", ACTS),
    Row("GET", "/conta/email/chegou/{new}/", ALL),  # the page says that the link is not valid
    Row("POST", "/conta/email/chegou/{new}/", ALL),
    Row("GET", "/conta/confirmar-email/", ALL),
    Row("GET", "/conta/confirmar-email/{new}/", ALL),  # the page says that the link is not valid
    Row("POST", "/conta/confirmar-email/{new}/", NONE),
    Row("GET", "/conta/senha/", SIGNED_IN),
    Row("POST", "/conta/senha/", SIGNED_IN),
    Row("GET", "/conta/senha/definir/", ACTS),
    Row("POST", "/conta/senha/definir/", ACTS),
    Row("GET", "/conta/senha/recuperar/", ALL),
    Row("POST", "/conta/senha/recuperar/", ALL),
    Row("GET", "/conta/senha/recuperar/enviado/", ALL),
    Row("GET", "/conta/senha/nova/1-abc-def/", ALL),  # the page says that the link is not valid
    Row("POST", "/conta/senha/nova/1-abc-def/", ALL),
    Row("GET", "/conta/senha/nova/feito/", ALL),
    Row("GET", "/conta/confirmar-identidade/", SIGNED_IN),
    Row("POST", "/conta/confirmar-identidade/", SIGNED_IN),
]

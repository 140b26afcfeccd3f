"""The lists that Django's admin draws, of what curators, administrators and the ombudsman keep: as in ``desk``."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.desk import ARTICLES, POST_ONLY, PROPOSALS, READ, SCRIPTS, STAFF_SENT_ON
from tests.authorization.row import Row

# The tables that people keep. Staff without the right get 403 whether the row exists or not.
FORBIDDEN = "302 404 404 404 403 403 403 403 403 403 403 403"
ASIDE = "/admin/notifications/inboundmail/"
ADMIN_ONLY = "302 404 404 404 403 403 403 403 403 403 403 200"
CATALOG_READ = "302 404 404 404 403 403 403 200 200 403 403 200"
CATALOG_EDIT = "302 404 404 404 403 403 403 403 200 403 403 200"
THEMES_READ = "302 404 404 404 403 403 403 200 200 403 200 200"
THEMES_EDIT = "302 404 404 404 403 403 403 403 200 403 200 200"


def kept(table: str, row: str, *, read: str, add: str, edit: str) -> Iterator[Row]:
    """The pages of one table: list, addition, one row, its history, and its deletion, which nobody may do.

    A POST without data is refused by the form (200) where the right is there, and changes nothing.
    """
    url, one = f"/admin/{table}/", f"/admin/{table}/{{w.{row}.pk}}/"
    yield Row("GET", url, read)
    yield Row("GET", f"{one}change/", read)
    yield Row("GET", f"{one}history/", read)
    yield Row("GET", f"{url}99999999/history/", read.replace("200", "302"))
    yield Row("GET", one, STAFF_SENT_ON)
    yield Row("GET", f"{url}add/", add)
    yield Row("POST", f"{url}add/", add)
    yield Row("POST", f"{one}change/", edit)
    yield Row("GET", f"{one}delete/", FORBIDDEN)
    yield Row("POST", f"{one}delete/", FORBIDDEN, {"post": "yes"})


ABSENCES = "302 404 404 404 200 200 200 403 403 403 403 200"

TABLES = [
    *kept("accounts/agency", "a", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("accounts/user", "newcomer", read=ADMIN_ONLY, add=FORBIDDEN, edit=ADMIN_ONLY),
    *kept("accounts/membership", "claim", read=ADMIN_ONLY, add=ADMIN_ONLY, edit=ADMIN_ONLY),
    # A grant is ended, not changed: the page has nothing to fill in.
    *kept("accounts/rolegrant", "grant", read=ADMIN_ONLY, add=ADMIN_ONLY, edit=ADMIN_ONLY.replace("200", "302")),
    # One's own, those of the queues one leads, or all; declared once and then only ended. Bia's is not for Caio.
    Row("GET", "/admin/accounts/absence/", ABSENCES),
    Row("GET", "/admin/accounts/absence/add/", ABSENCES),
    Row("POST", "/admin/accounts/absence/add/", ABSENCES),
    Row("GET", "/admin/accounts/absence/{w.absence.pk}/change/", "302 404 404 404 200 302 200 403 403 403 403 200"),
    Row("POST", "/admin/accounts/absence/{w.absence.pk}/change/", "302 404 404 404 403 302 403 403 403 403 403 403"),
    Row("GET", "/admin/accounts/absence/{w.absence.pk}/history/", "302 404 404 404 200 302 200 403 403 403 403 200"),
    Row("GET", "/admin/accounts/absence/{w.absence.pk}/", STAFF_SENT_ON),
    Row("GET", "/admin/accounts/absence/{w.absence.pk}/delete/", "302 404 404 404 403 403 403 403 403 403 403 403"),
    Row("POST", "/admin/accounts/absence/{w.absence.pk}/delete/", "302 404 404 404 403 403 403 403 403 403 403 403"),
    *kept("feedback/theme", "theme", read=THEMES_READ, add=THEMES_EDIT, edit=THEMES_EDIT),
    *kept("catalog/formfield", "field", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/offering", "offering", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/queue", "n2", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/routingrule", "rule", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/coresystem", "core", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/sphere", "sphere", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/product", "product", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/supporttype", "kind", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/cause", "cause", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/supportscript", "script", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    Row("GET", SCRIPTS + "{w.script.pk}/versoes/", CATALOG_READ),
    Row("GET", SCRIPTS + "{w.script.pk}/versoes/1/", CATALOG_READ),
    Row("GET", SCRIPTS + "{w.script.pk}/versoes/1/restaurar/", POST_ONLY),
    Row("POST", SCRIPTS + "{w.script.pk}/versoes/1/restaurar/", CATALOG_EDIT.replace("200", "302")),
    # Proposals of scripts: analysts write them and see their own, curators decide. Bia's is not for Caio.
    Row("GET", PROPOSALS, "302 404 404 404 200 200 200 200 200 403 403 200"),
    Row("GET", PROPOSALS + "propor/", "302 404 404 404 200 200 200 403 403 403 403 403"),
    Row("POST", PROPOSALS + "propor/?roteiro={w.script.pk}", "302 404 404 404 422 422 422 403 403 403 403 403"),
    Row("GET", PROPOSALS + "{w.proposal.pk}/change/", "302 404 404 404 200 404 404 200 200 403 403 200", notes=READ),
    Row("GET", PROPOSALS + "{w.proposal.pk}/decidir/", POST_ONLY),
    Row(
        "POST",
        PROPOSALS + "{w.proposal.pk}/decidir/",
        "302 404 404 404 403 404 404 403 302 403 403 302",
        {"answer": "Não.", "recusar": "1"},
    ),
    *kept("catalog/workwindow", "window", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/holiday", "holiday", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("catalog/electoralperiod", "electoral", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    # A policy changes for nobody once it is in force.
    *kept("catalog/policy", "policy", read=CATALOG_READ, add=CATALOG_EDIT, edit=FORBIDDEN),
    *kept("catalog/policy", "coming", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    *kept("files/retainedfile", "held", read=ADMIN_ONLY, add=FORBIDDEN, edit=FORBIDDEN),
    # Articles: their versions are read by who reads them, restored by who edits them.
    Row("GET", "/admin/knowledge/", "302 404 404 404 404 404 404 200 200 404 404 200"),
    *kept("knowledge/article", "article", read=CATALOG_READ, add=CATALOG_EDIT, edit=CATALOG_EDIT),
    Row("GET", ARTICLES + "previa/", POST_ONLY),
    Row("POST", ARTICLES + "previa/", CATALOG_EDIT, {"title": "Como reabro?", "body": "Assim."}),
    Row("GET", ARTICLES + "{w.article.pk}/versoes/", CATALOG_READ),
    Row("GET", ARTICLES + "{w.article.pk}/versoes/1/", CATALOG_READ),
    Row("GET", ARTICLES + "{w.article.pk}/versoes/1/restaurar/", POST_ONLY),
    Row("POST", ARTICLES + "{w.article.pk}/versoes/1/restaurar/", CATALOG_EDIT.replace("200", "302")),
    *kept("notifications/notice", "notice", read=ADMIN_ONLY, add=FORBIDDEN, edit=FORBIDDEN),
    *kept("notifications/inboundmail", "inbound_mail", read=ADMIN_ONLY, add=FORBIDDEN, edit=FORBIDDEN),
    # What a mail says, in quarantine alone: where it came to a ticket its team reads it there.
    Row("GET", ASIDE + "{w.mail_aside.pk}/original/", ADMIN_ONLY, notes="notifications_originalreading"),
    Row("GET", ASIDE + "{w.inbound_mail.pk}/original/", ADMIN_ONLY.replace("200", "404")),
    *kept("notifications/mailstep", "mail_step", read=ADMIN_ONLY, add=FORBIDDEN, edit=FORBIDDEN),
    *kept("notifications/accountletter", "letter", read=ADMIN_ONLY, add=FORBIDDEN, edit=FORBIDDEN),
    *kept("notifications/mailaddress", "mail_address", read=ADMIN_ONLY, add=FORBIDDEN, edit=FORBIDDEN),
    *kept(
        "tickets/sweepfailure",
        "failure",
        read="302 404 404 404 403 403 403 200 403 403 403 200",
        add=FORBIDDEN,
        edit=FORBIDDEN,
    ),
]

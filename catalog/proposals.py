"""Scripts that the team proposes: an analyst of the product writes, a curator decides (DESIGN §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

import worktime
from accounts import rights
from accounts.models import RoleGrant
from catalog import script_versions
from catalog.models import CoreSystem, Product, Queue, ScriptProposal, SupportScript
from notifications import outbox

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User

DECIDED = "script_proposal_decided"
"""The notice to who proposed."""
PROPOSED = "script_proposed"
"""The notice to who decides."""


class Refused(Exception):
    """Nothing changed; the text tells a person why."""


def products_of(user: User) -> QuerySet[Product]:
    """The products for which this person works tickets."""
    queues = Queue.objects.filter(pk__in=user.queue_ids(RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD))
    return Product.objects.filter(pk__in=queues.values("product"))


def may_propose(user: User, script: SupportScript) -> bool:
    """Whether this person works the script's product, or any of its core system where it serves all of them."""
    mine = products_of(user).filter(core_system=script.core_system_id)
    return mine.exists() if script.product_id is None else mine.filter(pk=script.product_id).exists()


def propose(
    *,
    by: User,
    form_id: UUID,
    content: dict[str, Any],
    reason: str,
    script: SupportScript | None = None,
    product: Product | None = None,
) -> ScriptProposal:
    """Keeps what somebody would change in a script, or a new one for a product; the curators hear of it.

    The same ``form_id`` again returns the same proposal. Raises ``Refused``; then nothing was proposed.
    """
    earlier = _made_before(form_id, by, content, reason)
    if earlier is not None:
        return earlier
    about = script.product if script is not None else product
    if (script is not None and not may_propose(by, script)) or (
        script is None and (product is None or not products_of(by).filter(pk=product.pk).exists())
    ):
        raise Refused("Só quem atende o produto propõe roteiros para ele.")
    if script is not None and script_versions.said(script) == content:
        raise Refused("Nada mudou no roteiro. Mude o que você quer propor.")
    core_system: CoreSystem | None = script.core_system if script is not None else product.core_system if product else None
    assert core_system is not None  # noqa: S101 - one of both is there
    try:
        with transaction.atomic():
            made = ScriptProposal.objects.create(
                core_system=core_system,
                script=script,
                base=script.version if script is not None else 0,
                product=about,
                content=content,
                reason=reason,
                by=by,
                form_id=form_id,
            )
            _tell_curators(made)
    except IntegrityError:
        # The same form was sent twice at once, and the other one has just made it.
        earlier = _made_before(form_id, by, content, reason)
        if earlier is None:
            raise
        return earlier
    return made


def _made_before(form_id: UUID, by: User, content: dict[str, Any], reason: str) -> ScriptProposal | None:
    found = ScriptProposal.objects.filter(form_id=form_id).first()
    if found is None or (found.by_id == by.pk and (found.content, found.reason) == (content, reason)):
        return found
    raise Refused("Este formulário já enviou uma proposta. O texto novo não foi enviado: abra “Propor” de novo.")


def _tell_curators(proposal: ScriptProposal) -> None:
    """Everybody who keeps the catalog of its core system, but for who proposed."""
    curators = RoleGrant.objects.filter(role=RoleGrant.Role.CURATOR, ended_at=None, user__is_active=True)
    grants = curators.filter(core_system=proposal.core_system_id)
    outbox.enqueue_all(
        [
            outbox.notice(PROPOSED, to=to, data={"proposal": proposal.pk}, dedupe_key=f"{PROPOSED}:{proposal.pk}:{to}")
            for to in sorted({*grants.values_list("user", flat=True)} - {proposal.by_id})
        ]
    )


@transaction.atomic
def decide(pk: int, *, by: User, accept: bool, answer: str) -> ScriptProposal:
    """A curator accepts or declines, with a word to who proposed. An accepted one is a new version, written by its proposer.

    Raises ``Refused`` for who is no curator of the core system, where it was decided already, or
    where the script changed since; and ``ScriptProposal.DoesNotExist``.
    """
    proposal = ScriptProposal.objects.select_for_update(of=("self",)).select_related("script", "by").get(pk=pk)
    if not rights.edits_catalog(by, proposal.core_system_id):
        raise Refused("Só curadores decidem propostas de roteiros.")
    if proposal.accepted is not None:
        raise Refused("Esta proposta já foi decidida.")
    if accept:
        _apply(proposal, by)
    proposal.accepted, proposal.decided_by, proposal.decided_at, proposal.answer = accept, by, worktime.now(), answer
    proposal.save()
    outbox.enqueue(DECIDED, to=proposal.by_id, data={"proposal": proposal.pk}, dedupe_key=f"script-proposal:{proposal.pk}")
    return proposal


def _apply(proposal: ScriptProposal, curator: User) -> None:
    script = proposal.script
    if script is None:
        script = SupportScript(
            core_system_id=proposal.core_system_id, product_id=proposal.product_id, slug=_slug(proposal), holds=True
        )
    elif script.version != proposal.base:
        raise Refused("O roteiro mudou depois desta proposta. Edite o roteiro à mão e recuse a proposta com uma explicação.")
    for name in script_versions.SAID:
        setattr(script, name, proposal.content.get(name, getattr(script, name)))
    note = f"Proposta aceita por {curator.display_name}: {proposal.reason}"
    script_versions.save(script, by=proposal.by, note=note, confirmed=True)
    proposal.script = script


def _slug(proposal: ScriptProposal) -> str:
    return f"{slugify(str(proposal))[:60] or 'roteiro'}-p{proposal.pk}"

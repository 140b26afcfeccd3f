"""The kinds of notice. Apps register theirs when they start; notifications itself knows none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Notice

Data = dict[str, int | str]
Together = Callable[[Sequence["Notice"]], AbstractContextManager[None]]


class How(models.TextChoices):
    """How a person hears of a group of notices."""

    NONE = "none", "Não avisar"
    MAIL = "mail", "Por e-mail, na hora"
    DIGEST = "digest", "Em um resumo por dia útil, por e-mail"
    PORTAL = "portal", "Só aqui no portal"


def _everybody(user: User) -> bool:
    return True


@dataclass(frozen=True)
class Group:
    """Kinds about which a person chooses together how he hears of them (``notifications.preferences``).

    ``default`` holds for who chose nothing. ``How.NONE`` is for what people must ask for; it is a choice
    there alone, and who writes such notices writes them for those who asked (``preferences.asked_for``).
    ``offered_to`` says who may choose at all. ``mailing_list`` is what mail programs sort news of it by.
    """

    slug: str
    label: str
    help: str
    for_team: bool = False
    default: How = How.MAIL
    offered_to: Callable[[User], bool] = _everybody
    mailing_list: str = "comunicados"

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(how.value, str(how.label)) for how in How if how != How.NONE or self.default == How.NONE]


def _always(data: Data, user: User) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    context: Callable[[Data], dict[str, object]]
    label: str
    group: Group | None = None
    readable: Callable[[Data, User], bool] = _always
    thread: str = ""
    answerable: bool = False
    together: Together | None = None


_KINDS: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    context: Callable[[Data], dict[str, object]],
    label: str,
    group: Group | None = None,
    readable: Callable[[Data, User], bool] = _always,
    thread: str = "",
    answerable: bool = False,
    together: Together | None = None,
) -> None:
    """Make a kind known. Called from an app's ``ready()``.

    ``context`` turns a notice's ids into what its templates ``notifications/<kind>.{subject.txt,
    txt,html}`` say; its ``url`` is the path that the notice leads to. ``label`` is its line in the
    inbox and may name keys of the data (``"Resposta no chamado {number}"``), so that a list of
    notices costs no look-up. A kind without a ``group`` tells of something that is owed: it always
    goes by mail, at once. ``readable`` says whether the recipient may still read, in the portal,
    what the notice says. ``thread`` names, as ``label`` does, what mails belong together
    (``"ticket-{number}"``): mail programs show those of one thread as one conversation. Where it is
    ``answerable`` what the recipient answers by mail belongs there too, if answers are taken at all
    (``notifications.replies``). ``together`` opens a block in which ``context`` and ``readable`` of
    several notices cost less. Raises ``ValueError`` where the kind is taken.
    """
    if kind in _KINDS:
        raise ValueError(f"The kind of notice {kind!r} is registered twice.")
    _KINDS[kind] = Kind(context, label, group, readable, thread, answerable, together)


def registered() -> list[str]:
    return sorted(_KINDS)


def group_of(kind: str) -> Group | None:
    """What a person chooses for this kind by; ``None`` for what is owed, and for kinds that nobody registers."""
    known = _KINDS.get(kind)
    return known.group if known else None


def groups() -> list[Group]:
    """Every group once, those of the team last, else by their labels."""
    found = {kind.group for kind in _KINDS.values() if kind.group is not None}
    return sorted(found, key=lambda group: (group.for_team, group.label))


def groups_for(user: User) -> list[Group]:
    """Those that a person chooses about, in the same order."""
    return [group for group in groups() if (user.is_staff or not group.for_team) and group.offered_to(user)]


def kinds_in(group: Group | None) -> list[str]:
    """The kinds of a group; those without one for ``None``."""
    return sorted(name for name, kind in _KINDS.items() if kind.group == group)


def may_be_read(notice: Notice, user: User) -> bool:
    """Whether this person may still read what the notice says."""
    known = _KINDS.get(notice.kind)
    return known is not None and known.readable(notice.data, user)


@contextmanager
def together(notices: Sequence[Notice]) -> Iterator[None]:
    """A block in which what these notices say, and who may read it, is asked for once for all of them.

    What changes meanwhile is not seen, so the block is short. Raises whatever their apps raise.
    """
    of_app: defaultdict[Together, list[Notice]] = defaultdict(list)
    for notice in notices:
        known = _KINDS.get(notice.kind)
        if known is not None and known.together is not None:
            of_app[known.together].append(notice)
    with ExitStack() as blocks:
        for ask, asked in of_app.items():
            blocks.enter_context(ask(asked))
        yield


def context_of(notice: Notice) -> dict[str, object]:
    """What the notice is about. Raises ``KeyError`` for a kind that nobody registers, and whatever its app raises."""
    return _KINDS[notice.kind].context(notice.data)


def thread_of(notice: Notice) -> str:
    """The thread that the notice belongs to; empty where it belongs to none, or does not say to which."""
    known = _KINDS.get(notice.kind)
    try:
        return known.thread.format_map(notice.data) if known else ""
    except KeyError:
        return ""


def is_answerable(kind: str) -> bool:
    """Whether an answer by mail to such a notice is something said on its thread."""
    known = _KINDS.get(kind)
    return known is not None and known.answerable


def title_of(notice: Notice) -> str:
    """The notice in one line. Old notices outlive their kinds, so this never fails."""
    known = _KINDS.get(notice.kind)
    return known.label.format_map(defaultdict(str, notice.data)) if known else "Aviso"

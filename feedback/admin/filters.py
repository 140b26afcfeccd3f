"""What narrows the lists. Each filter has its own closed list of values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import SimpleListFilter

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class ChipFilter(SimpleListFilter):
    """A chip that opens to its values; ``default`` is what is shown unless one is chosen."""

    template = "admin/feedback/filter.html"
    default: ClassVar[str]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:  # type: ignore[override]  # the stubs ask for a private TypedDict
        name = str(self.parameter_name)
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[name]),
            "display": self.default,
        }
        for value, label in self.lookup_choices:
            chosen = changelist.get_query_string({name: value})
            yield {"selected": self.value() == value, "query_string": chosen, "display": label}

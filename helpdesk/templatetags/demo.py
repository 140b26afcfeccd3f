"""What the demonstration adds to pages of other apps."""

from django import template
from django.conf import settings

from helpdesk import demo_people

register = template.Library()


@register.inclusion_tag("account/_demo_people.html", takes_context=True)
def demo_sign_in(context: template.Context, target: str | None = None) -> dict[str, object]:
    """One button for each demo account, with a line on what that person does; nothing outside the demo."""
    return {
        "people": demo_people.PEOPLE if settings.DEMO else (),
        "password": demo_people.PASSWORD,
        "next": target or "",
        "csrf_token": context.get("csrf_token"),
    }

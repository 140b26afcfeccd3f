"""How long something still takes, in words."""

from __future__ import annotations

from datetime import timedelta


def in_words(span: timedelta) -> str:
    """The two greatest units of a span, rounded down: ``1 dia e 4 horas``, ``2 horas``, ``menos de 1 minuto``.

    A negative span reads like the same span without its sign.
    """
    minutes = int(abs(span).total_seconds()) // 60
    units = [(minutes // 1440, "dia", "dias"), (minutes // 60 % 24, "hora", "horas"), (minutes % 60, "minuto", "minutos")]
    first = next((place for place, (count, _, _) in enumerate(units) if count), None)
    if first is None:
        return "menos de 1 minuto"
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in units[first : first + 2] if count]
    return " e ".join(parts)

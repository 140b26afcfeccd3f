"""Jobs that beat wakes. Each finds its work in the database; the broker may lose any of them."""

from celery import shared_task

import worktime
from feedback import surveys, treatments


@shared_task
def ask_after_closings() -> int:
    """Make the surveys of new closings, then invite. Where a batch was full there is more: beat asks again in a minute."""
    made = surveys.create_due()
    surveys.invite_due()
    return made


@shared_task
def blend_answers() -> int:
    """What the database notes of an answer's writing leads to nobody any more, once its day is over.

    Then the low ones come into the list of what is treated.
    """
    blended = surveys.blend(worktime.now())
    treatments.take_in(worktime.now())
    return blended

"""Who does what there must be one of."""

from django.db import models


class Lease(models.Model):
    """A duty that one process at a time has, for as long as it keeps renewing it. Written by ``helpdesk.leases`` alone.

    Times are the database's own, so that machines whose clocks differ agree.
    """

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=100)
    renewed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "posto"
        verbose_name_plural = "postos"

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"

"""What jobs could not do."""

from __future__ import annotations

from django.db import models

from tickets.models.ticket import Ticket


class SweepFailure(models.Model):
    """A ticket on which a job failed, until it succeeds or nothing is due any more. Written by ``tickets.failures`` alone.

    ``error`` names what was raised and where in the code: never its words, which may quote a person's.
    """

    job = models.CharField("tarefa", max_length=40)
    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name="chamado", related_name="sweep_failures")
    error = models.CharField("erro", max_length=200)
    attempts = models.PositiveIntegerField("tentativas", default=1)
    first_at = models.DateTimeField("falhou pela primeira vez em")
    last_at = models.DateTimeField("falhou pela última vez em")
    next_at = models.DateTimeField("próxima tentativa")

    class Meta:
        verbose_name = "tarefa que falhou"
        verbose_name_plural = "tarefas que falharam"
        constraints = [models.UniqueConstraint(fields=["job", "ticket"], name="sweep_failure_once")]
        indexes = [models.Index(fields=["-last_at"], name="sweep_failure_newest")]

    def __str__(self) -> str:
        return f"Chamado {self.ticket.number}"

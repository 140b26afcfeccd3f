"""The questions of the offerings' forms."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalog.models.base import CatalogRow
from catalog.models.steps import Product, SupportType
from catalog.validators import is_text_list


class FormField(CatalogRow):
    """A question of an offering's form: of the support type, or of one product within it.

    A product's field with the name of a field of the type takes its place.
    """

    class Kind(models.TextChoices):
        TEXT = "texto", "Texto"
        LONG_TEXT = "texto_longo", "Texto longo"
        CHOICE = "selecao", "Lista"
        BOOLEAN = "booleano", "Marcação"
        AGENCY = "referencia_orgao", "Órgão"
        FILE = "arquivo", "Arquivo"
        PHONE = "telefone", "Telefone"
        CPF = "cpf", "CPF"
        EMAIL = "email", "E-mail"
        URL = "url", "Endereço na internet"
        CNPJ = "cnpj", "CNPJ"
        DATETIME = "data_hora", "Data e hora"
        DATE = "data", "Data"
        NUP = "nup", "NUP"

    MAX_LENGTHS: ClassVar[dict[str, int]] = {Kind.TEXT: 500, Kind.LONG_TEXT: 20_000}
    """What may be asked for at most; an answer of any length has to be stored and shown."""

    NEEDED: ClassVar[dict[str, str]] = {"titulo": Kind.TEXT, "descricao": Kind.LONG_TEXT, "orgao": Kind.AGENCY}
    """What a ticket cannot be opened without: each support type asks it."""

    support_type = models.ForeignKey(SupportType, models.PROTECT, verbose_name="tipo de suporte", related_name="fields")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", null=True, blank=True, related_name="fields")
    name = models.SlugField("nome", max_length=60)
    label = models.CharField("rótulo", max_length=150)
    kind = models.CharField("tipo", max_length=20, choices=Kind.choices)
    required = models.BooleanField("obrigatório", default=False)
    help_text = models.CharField("ajuda", max_length=400, blank=True)
    options = models.JSONField("opções", default=list, blank=True, validators=[is_text_list])
    suggestions = models.JSONField("sugestões", default=list, blank=True, validators=[is_text_list])
    max_length = models.PositiveIntegerField("máximo de caracteres", null=True, blank=True)
    multiple = models.BooleanField("aceita vários", default=False)
    show_if_field = models.SlugField("só se o campo", max_length=60, blank=True)
    """Another question of the form: this one is asked only where its answer is one of ``show_if_values``."""
    show_if_values = models.JSONField("tiver uma destas respostas", default=list, blank=True, validators=[is_text_list])
    position = models.PositiveSmallIntegerField("ordem", default=0)

    class Meta:
        verbose_name = "campo"
        verbose_name_plural = "campos"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["support_type", "product", "name"], nulls_distinct=False, name="form_field_name_unique"
            ),
            models.CheckConstraint(condition=~Q(kind="selecao") | ~Q(options=[]), name="form_field_choice_has_options"),
            models.CheckConstraint(
                condition=Q(show_if_field="", show_if_values=[]) | ~Q(show_if_field="") & ~Q(show_if_values=[]),
                name="form_field_condition_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """What a kind of question needs, and what it has no use for. Raises ``ValidationError``."""
        problems = {}
        if self.kind == self.Kind.CHOICE and not self.options:
            problems["options"] = "Uma lista precisa de opções."
        if self.kind != self.Kind.CHOICE and self.options:
            problems["options"] = "Só um campo do tipo lista tem opções."
        if self.kind != self.Kind.TEXT and self.suggestions:
            problems["suggestions"] = "Só um campo de texto tem sugestões."
        if self.kind != self.Kind.FILE and self.multiple:
            problems["multiple"] = "Só um campo de arquivo aceita vários."
        longest = self.MAX_LENGTHS.get(self.kind)
        if self.max_length is not None and (longest is None or not 1 <= self.max_length <= longest):
            problems["max_length"] = (
                f"O máximo de caracteres vai de 1 a {longest}." if longest else "Só um campo de texto tem máximo de caracteres."
            )
        if self.name in self.NEEDED:
            if self.kind != self.NEEDED[self.name]:
                problems["kind"] = f"O tipo do campo “{self.name}” é sempre “{self.Kind(self.NEEDED[self.name]).label}”."
            if not self.required:
                problems["required"] = f"O campo “{self.name}” é sempre obrigatório: sem ele não se abre chamado."
            if not self.active and self.product_id is None:
                problems["active"] = f"O campo “{self.name}” fica ativo: sem ele não se abre chamado."
        problems |= self._faults_of_condition()
        if problems:
            raise ValidationError(problems)
        if self.product and self.support_type_id and self.product.core_system_id != self.support_type.core_system_id:
            raise ValidationError("O produto e o tipo de suporte são de estruturantes diferentes.")

    def _faults_of_condition(self) -> dict[str, str]:
        """What is wrong with the question that this one hangs on."""
        # What is read from the file is held together as a whole there.
        if not self.support_type_id or not (self.show_if_field or self.show_if_values):
            return {}
        if not self.show_if_field or not self.show_if_values:
            return {"show_if_field": "Escreva o campo e as respostas dele, ou deixe os dois em branco."}
        if self.name in self.NEEDED or self.kind in (self.Kind.FILE, self.Kind.AGENCY):
            return {"show_if_field": "Este campo aparece sempre."}
        others = FormField.objects.filter(
            Q(product=self.product_id) | Q(product__isnull=True), support_type=self.support_type_id, name=self.show_if_field
        )
        allowed = {option for other in others for option in other.answers_to_hang_on}
        if self.show_if_field == self.name or not allowed:
            return {"show_if_field": "Escolha outro campo deste formulário, do tipo lista ou marcação."}
        if unknown := [value for value in self.show_if_values if value not in allowed]:
            return {"show_if_values": f"O campo “{self.show_if_field}” não tem a resposta “{unknown[0]}”."}
        return {}

    @property
    def answers_to_hang_on(self) -> list[str]:
        """The answers that another question may hang on: those of a list, or ``sim`` of a mark."""
        return list(self.options) if self.kind == self.Kind.CHOICE else ["sim"] if self.kind == self.Kind.BOOLEAN else []

"""What the portal offers: core system → product → support type, in each sphere, with its form."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class CatalogRow(models.Model):
    """A row that ``load_catalog`` keeps in step with the catalog file, keyed by slug."""

    active = models.BooleanField("ativo", default=True)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)
    """SHA-256 of the values last loaded: where the row differs, somebody edited it since."""

    class Meta:
        abstract = True


class Level(models.TextChoices):
    N2 = "N2", "N2"
    N3 = "N3", "N3"


class Priority(models.IntegerChoices):
    """Worked in this order; a lower number goes first."""

    URGENT = 1, "Urgente"
    HIGH = 2, "Alta"
    MEDIUM = 3, "Média"
    LOW = 4, "Baixa"


class AttachmentNeed(models.TextChoices):
    NONE = "nao", "Não pedido"
    SUGGESTED = "sugerido", "Sugerido"
    REQUIRED = "obrigatorio", "Obrigatório"


class CoreSystem(CatalogRow):
    slug = models.SlugField("identificador", max_length=60, unique=True)
    name = models.CharField("nome", max_length=120)
    card_name = models.CharField("nome no cartão", max_length=80)
    acronym = models.CharField("sigla", max_length=20)
    description = models.TextField("descrição", max_length=500)
    icon = models.CharField("ícone", max_length=40, blank=True)
    unit = models.CharField("unidade responsável", max_length=80, blank=True)
    max_file_mb = models.PositiveSmallIntegerField("tamanho máximo do arquivo (MB)", default=25)
    max_files = models.PositiveSmallIntegerField("máximo de arquivos por envio", default=10)
    file_extensions = models.JSONField("extensões aceitas", default=list)

    class Meta:
        verbose_name = "estruturante"
        verbose_name_plural = "estruturantes"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.card_name


class Sphere(CatalogRow):
    slug = models.SlugField("identificador", max_length=60, unique=True)
    name = models.CharField("nome", max_length=80)
    description = models.TextField("descrição", max_length=500, blank=True)
    position = models.PositiveSmallIntegerField("ordem", default=0)
    icon = models.CharField("ícone", max_length=40, blank=True)

    class Meta:
        verbose_name = "esfera"
        verbose_name_plural = "esferas"
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class Product(CatalogRow):
    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="products")
    slug = models.SlugField("identificador", max_length=60)
    name = models.CharField("nome", max_length=80)
    former_name = models.CharField("nome antigo", max_length=80, blank=True)
    description = models.TextField("descrição", max_length=500)
    purpose = models.CharField("para que serve", max_length=300)
    keywords = models.JSONField("palavras-chave", default=list, blank=True)
    links = models.JSONField("saiba mais", default=list, blank=True)
    icon = models.CharField("ícone", max_length=40, blank=True)

    class Meta:
        verbose_name = "produto"
        verbose_name_plural = "produtos"
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="product_slug_unique")]

    def __str__(self) -> str:
        return self.name


class SupportType(CatalogRow):
    class RequestClass(models.TextChoices):
        INCIDENT = "incidente", "Incidente"
        REQUEST = "solicitacao", "Solicitação"

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="support_types")
    slug = models.SlugField("identificador", max_length=60)
    name = models.CharField("nome", max_length=80)
    description = models.TextField("descrição", max_length=500)
    request_class = models.CharField("classe", max_length=20, choices=RequestClass.choices)
    position = models.PositiveSmallIntegerField("ordem", default=0)
    icon = models.CharField("ícone", max_length=40, blank=True)

    class Meta:
        verbose_name = "tipo de suporte"
        verbose_name_plural = "tipos de suporte"
        ordering = ("position", "name")
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="support_type_slug_unique")]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """Where tickets of a product wait for the team of a level."""

    slug = models.SlugField("identificador", max_length=80, unique=True)
    name = models.CharField("nome", max_length=120)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="queues")
    level = models.CharField("nível", max_length=2, choices=Level.choices)
    active = models.BooleanField("ativa", default=True)
    successor = models.ForeignKey("self", models.PROTECT, verbose_name="sucessora", null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "fila"
        verbose_name_plural = "filas"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Offering(CatalogRow):
    """A support type of a product, offered in a sphere: what a ticket is opened for."""

    sphere = models.ForeignKey(Sphere, models.PROTECT, verbose_name="esfera", related_name="offerings")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="offerings")
    support_type = models.ForeignKey(SupportType, models.PROTECT, verbose_name="tipo de suporte", related_name="offerings")
    first_level = models.CharField("nível inicial", max_length=2, choices=Level.choices, default=Level.N2)
    n2_queue = models.ForeignKey(Queue, models.PROTECT, verbose_name="fila N2", related_name="+")
    n3_queue = models.ForeignKey(Queue, models.PROTECT, verbose_name="fila N3", related_name="+")
    default_priority = models.PositiveSmallIntegerField("prioridade inicial", choices=Priority.choices, default=Priority.MEDIUM)
    attachment_need = models.CharField("anexo", max_length=20, choices=AttachmentNeed.choices, default=AttachmentNeed.NONE)

    class Meta:
        verbose_name = "oferta"
        verbose_name_plural = "ofertas"
        ordering = ("sphere", "product", "support_type")
        constraints = [
            models.UniqueConstraint(fields=["sphere", "product", "support_type"], name="offering_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.support_type} · {self.sphere}"

    def queue_at(self, level: str) -> Queue:
        return self.n3_queue if level == Level.N3 else self.n2_queue


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

    MAX_LENGTHS: ClassVar[dict[Kind, int]] = {Kind.TEXT: 500, Kind.LONG_TEXT: 20_000}
    """What may be asked for at most; an answer of any length has to be stored and shown."""

    support_type = models.ForeignKey(SupportType, models.PROTECT, verbose_name="tipo de suporte", related_name="fields")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", null=True, blank=True, related_name="fields")
    name = models.SlugField("nome", max_length=60)
    label = models.CharField("rótulo", max_length=150)
    kind = models.CharField("tipo", max_length=20, choices=Kind.choices)
    required = models.BooleanField("obrigatório", default=False)
    help_text = models.CharField("ajuda", max_length=400, blank=True)
    options = models.JSONField("opções", default=list, blank=True)
    suggestions = models.JSONField("sugestões", default=list, blank=True)
    max_length = models.PositiveIntegerField("máximo de caracteres", null=True, blank=True)
    multiple = models.BooleanField("aceita vários", default=False)
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
        longest = self.MAX_LENGTHS.get(self.Kind(self.kind))
        if self.max_length is not None and (longest is None or not 1 <= self.max_length <= longest):
            problems["max_length"] = (
                f"O máximo de caracteres vai de 1 a {longest}." if longest else "Só um campo de texto tem máximo de caracteres."
            )
        if problems:
            raise ValidationError(problems)


class RoutingRule(CatalogRow):
    """What the real desk does in a known situation: typed conditions, outcome, texts."""

    class Outcome(models.TextChoices):
        WARN = "avisar", "Avisar o solicitante"
        ADVISE_REFUSAL = "orientar-e-encerrar", "Orientar e encerrar"
        ADVISE_FIRST = "orientar-antes", "Orientar antes de analisar"
        ESCALATE = "encaminhar-n3", "Encaminhar ao N3"
        REQUIRE_EVIDENCE = "exigir-evidencia", "Pedir evidências antes de analisar"

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="routing_rules")
    slug = models.SlugField("identificador", max_length=60)
    situation = models.CharField("situação", max_length=300)
    conditions = models.JSONField("condições")
    outcome = models.CharField("resultado", max_length=30, choices=Outcome.choices)
    requester_text = models.TextField("texto para o solicitante", max_length=1000, blank=True)
    analyst_text = models.TextField("texto para o atendente", max_length=1000)
    priority = models.PositiveSmallIntegerField("prioridade", choices=Priority.choices, null=True, blank=True)
    source = models.URLField("fonte", max_length=400, blank=True)
    position = models.PositiveSmallIntegerField("ordem", default=0)

    class Meta:
        verbose_name = "regra de roteamento"
        verbose_name_plural = "regras de roteamento"
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="routing_rule_slug_unique")]

    def __str__(self) -> str:
        return self.situation

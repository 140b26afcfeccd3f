"""What the portal explains: articles, each with all that it ever said, and what readers thought of them."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from catalog.models import CatalogRow, CoreSystem, Product
from catalog.validators import is_text_list
from govbr.search import CONFIG, Fold, WordsManager, vector
from knowledge import placeholders

MAX_BODY: Final = 30_000
MAX_TITLE: Final = 160


class Subject(models.TextChoices):
    """What a text may speak of that changes elsewhere; then somebody has to read it again (``knowledge.reviews``)."""

    HOURS = "horario", "Horário de atendimento"
    WAITS = "prazos", "Prazos para responder e reabrir"
    CATALOG = "catalogo", "Produtos e tipos de suporte oferecidos"
    PRODUCT = "produto", "O produto do artigo"


def is_subject_list(value: object) -> None:
    """A list of subjects that a writer may name. Raises ``ValidationError``."""
    is_text_list(value)
    for item in value if isinstance(value, list) else []:
        if item not in Subject.values:
            raise ValidationError(f"“{item}” não é um assunto conhecido.")


class Article(CatalogRow):
    """A question with its answer, a page of the guide, or one of the portal's own pages; its body is Markdown.

    Words change only by ``knowledge.writing``, which keeps each version. ``active`` is published.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", "Pergunta"
        GUIDE = "guide", "Página do guia"
        PAGE = "page", "Página do portal"

    class Topic(models.TextChoices):
        """What a question without a product is about."""

        CENTRAL = "geral", "Central de Atendimento"
        PROGRAMME = "propen", "PEN, ProPEN e NIPE"
        ACCOUNT = "gov-br", "Conta gov.br"

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="articles")
    kind = models.CharField("tipo", max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    slug = models.SlugField("identificador", max_length=80)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", null=True, blank=True, related_name="articles")
    topic = models.CharField(
        "tema", max_length=10, choices=Topic.choices, blank=True, help_text="Só para perguntas sem produto."
    )
    title = models.CharField("título ou pergunta", max_length=MAX_TITLE)
    body = models.TextField("texto ou resposta", max_length=MAX_BODY)
    tags = models.JSONField("palavras-chave", default=list, blank=True, validators=[is_text_list])
    source = models.CharField("fonte", max_length=300, blank=True)
    assumed = models.BooleanField("falta confirmar", default=False)
    """Says what we take to be so: no source does. Readers are told, and it waits for review until somebody confirms it."""
    position = models.PositiveIntegerField("ordem", default=0)
    subjects = models.JSONField("fala também de", default=list, blank=True, validators=[is_subject_list])
    facts = models.JSONField(default=dict, editable=False)
    """Subject → what was true of it when somebody last read the text with that in mind."""
    version = models.PositiveIntegerField("versão", default=0, editable=False)
    updated_at = models.DateTimeField("atualizado em", null=True, editable=False)
    review_due = models.DateField("rever até", null=True, blank=True)

    words = models.GeneratedField(
        expression=vector("title", weight="A")
        + SearchVector(Fold(Cast(F("tags"), TextField())), config=CONFIG, weight="B")
        + vector("body", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects: ClassVar[WordsManager[Self]] = WordsManager()

    class Meta:
        verbose_name = "artigo"
        verbose_name_plural = "artigos"
        ordering = ("kind", "position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="article_slug_unique"),
            models.CheckConstraint(
                condition=Q(kind="question", product=None) & ~Q(topic="")
                | Q(kind="question", product__isnull=False, topic="")
                | ~Q(kind="question") & Q(product=None, topic=""),
                name="article_question_of_product_or_topic",
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="article_words"),
            models.Index(fields=["kind", "position", "id"], condition=Q(active=True), name="article_in_order"),
            models.Index(fields=["product", "position", "id"], condition=Q(active=True), name="article_of_product"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        match self.kind:
            case self.Kind.QUESTION:
                return reverse("article", args=[self.slug])
            case self.Kind.GUIDE:
                return reverse("guide-page", args=[self.slug])
        return reverse("help-page", args=[self.slug])

    def clean(self) -> None:
        """Raises ``ValidationError`` for a product of elsewhere and for placeholders that nothing fills in."""
        if self.product is not None and self.core_system_id and self.product.core_system_id != self.core_system_id:
            raise ValidationError({"product": "Escolha um produto do mesmo estruturante."})
        # Held by the database too; here because a form that does not show the kind skips that rule.
        abouts = (self.product_id is not None) + bool(self.topic)
        if self.kind == self.Kind.QUESTION and abouts != 1 and self.core_system_id:
            raise ValidationError({"topic": "Uma pergunta tem produto ou tema, e só um deles."})
        if self.kind != self.Kind.QUESTION and abouts:
            raise ValidationError({"topic": "Só uma pergunta tem produto ou tema."})
        if unknown := placeholders.unknown(self.title):
            raise ValidationError({"title": f"O título não aceita “{{{{ {unknown[0]} }}}}”."})
        if placeholders.named(self.title):
            raise ValidationError({"title": "Use os campos entre chaves duplas só no texto."})
        if unknown := placeholders.unknown(self.body):
            raise ValidationError({"body": f"Não há campo “{{{{ {unknown[0]} }}}}”. Há estes: {placeholders.LISTED}."})

    @property
    def about(self) -> str:
        """The product's name, or the topic's; of what is no question what it is. Reads ``product``."""
        if self.kind != self.Kind.QUESTION:
            return self.get_kind_display()
        return self.product.name if self.product else self.get_topic_display()


class ArticleVersion(models.Model):
    """What an article said from one moment on, and who wrote it. Nothing changes here: the database refuses it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("versão")
    title = models.CharField(max_length=MAX_TITLE)
    body = models.TextField(max_length=MAX_BODY)
    tags = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField("em")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """``None`` where a file was loaded."""
    note = models.CharField("o que mudou", max_length=200, blank=True)

    class Meta:
        verbose_name = "versão"
        verbose_name_plural = "versões"
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_version_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class ArticleOpinion(models.Model):
    """Whether an article helped one reader, who is known by a code and nothing else.

    With ``while_opening`` he was about to open a ticket: where it helped, the article saved one.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="opinions")
    visitor = models.CharField(max_length=64)
    helped = models.BooleanField()
    while_opening = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "opinião"
        verbose_name_plural = "opiniões"
        constraints = [models.UniqueConstraint(fields=["article", "visitor", "while_opening"], name="article_opinion_once")]
        indexes = [models.Index(fields=["at"], condition=Q(helped=True, while_opening=True), name="article_saved_tickets")]

    def __str__(self) -> str:
        return f"{self.article_id}: {'sim' if self.helped else 'não'}"

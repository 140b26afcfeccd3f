"""The steps to a ticket: core system, sphere, product, support type."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models.base import CatalogRow
from catalog.validators import is_extension_list, is_icon, is_link_list, is_text_list


class CoreSystem(CatalogRow):
    slug = models.SlugField("identificador", max_length=60, unique=True)
    name = models.CharField("nome", max_length=120)
    card_name = models.CharField("nome no cartão", max_length=80)
    acronym = models.CharField("sigla", max_length=20)
    description = models.TextField("descrição", max_length=500)
    icon = models.CharField("ícone", max_length=40, blank=True, validators=[is_icon])
    unit = models.CharField("unidade responsável", max_length=80, blank=True)
    max_file_mb = models.PositiveSmallIntegerField(
        "tamanho máximo do arquivo (MB)", default=25, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_files = models.PositiveSmallIntegerField(
        "máximo de arquivos por envio", default=10, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    file_extensions = models.JSONField("extensões aceitas", default=list, validators=[is_extension_list])

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
    icon = models.CharField("ícone", max_length=40, blank=True, validators=[is_icon])

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
    keywords = models.JSONField("palavras-chave", default=list, blank=True, validators=[is_text_list])
    synonyms = models.JSONField("outros nomes", default=list, blank=True, validators=[is_text_list])
    """What people call it who do not know its name: former names, nicknames, abbreviations. The search finds by them."""
    links = models.JSONField("saiba mais", default=list, blank=True, validators=[is_link_list])
    icon = models.CharField("ícone", max_length=40, blank=True, validators=[is_icon])

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
    synonyms = models.JSONField("outros nomes", default=list, blank=True, validators=[is_text_list])
    """Words by which somebody who searches means this type: "bug" for an error."""
    request_class = models.CharField("classe", max_length=20, choices=RequestClass.choices)
    position = models.PositiveSmallIntegerField("ordem", default=0)
    icon = models.CharField("ícone", max_length=40, blank=True, validators=[is_icon])

    class Meta:
        verbose_name = "tipo de suporte"
        verbose_name_plural = "tipos de suporte"
        ordering = ("position", "name")
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="support_type_slug_unique")]

    def __str__(self) -> str:
        return self.name

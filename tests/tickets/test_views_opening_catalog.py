"""The real catalog: every one of the 215 offerings opens a ticket, and only what is offered is shown."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from accounts.models import Agency, Membership, User
from catalog import loading, offers
from catalog.models import AttachmentNeed, FormField, Offering, Sphere
from tests.cast import default_policy, office_hours
from tests.files import samples
from tests.tickets.asking import carried_by
from tickets.forms.kinds import as_read
from tickets.models import Ticket

FILE = Path("catalog/data/catalog.json")
CATALOG = json.loads(FILE.read_text(encoding="utf-8"))
CORE = CATALOG["estruturante"]["slug"]
OFFERINGS = [(o["esfera"], o["produto"], o["tipo"]) for o in CATALOG["ofertas"]]
Kind = FormField.Kind
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
HANGS_ON = {
    asked["mostrar_se"]["campo"]: asked["mostrar_se"]["valores"][-1]
    for part in (*CATALOG["tipos"], *CATALOG["campos_por_oferta"])
    for asked in part["campos"]
    if "mostrar_se" in asked and asked["mostrar_se"]["campo"] != "ambiente"
}
"""Answers on which other questions hang: those are asked too, where the form has the answer."""
COLUMNS = {"titulo", "descricao", "orgao", "ciencia_privacidade", "chamado_relacionado"}


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, User]]:
    """A requester in each sphere, on the real catalog, loaded once; the module leaves nothing behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load(FILE)
        office_hours()
        default_policy()
        found = {}
        for sphere in Sphere.objects.all():
            user = User.objects.create_user(f"{sphere.slug}@example.org", "demo", name="Ana")
            body = Agency.objects.create(
                slug=sphere.slug, name=sphere.name, acronym="X", sphere=sphere, power="executivo", legal_nature="autarquia"
            )
            Membership.objects.create(user=user, agency=body)
            found[sphere.slug] = user
        yield found
        transaction.set_rollback(True)


def address(*slugs: str) -> str:
    return "/" + "/".join(("abrir", CORE, *slugs)) + "/"


def an_answer(asked: FormField) -> tuple[str, str]:
    """Something to type for a question, and how it is kept."""
    match asked.kind:
        case Kind.TEXT:
            return (f"Resposta <{asked.name}>",) * 2
        case Kind.LONG_TEXT:
            return f"Linha 1 de {asked.name}\r\n& linha 2", f"Linha 1 de {asked.name}\n& linha 2"
        case Kind.CHOICE:
            return (HANGS_ON.get(asked.name, asked.options[-1]),) * 2
    return {
        Kind.BOOLEAN: ("on", "sim"),
        Kind.PHONE: ("(61) 99876-5432", "61998765432"),
        Kind.CPF: ("529.982.247-25", "52998224725"),
        Kind.CNPJ: ("00.394.460/0001-41", "00394460000141"),
        Kind.EMAIL: ("ana@example.org",) * 2,
        Kind.URL: ("https://sei.example.org/sei",) * 2,
        Kind.DATE: ("2026-12-01",) * 2,
        Kind.DATETIME: ("2026-11-20T09:30", "2026-11-20T12:30:00+00:00"),
        Kind.NUP: ("23037.001380/2021-11", "23037001380202111"),
    }[Kind(asked.kind)]


def pressed(client: Client, form: str, typed: dict[str, Any]) -> Any:
    """The answer to sending a form; in a known situation, to “Enviar mesmo assim”."""
    sent = client.post(form, typed)
    if sent.status_code != 200:
        return sent
    assert not Ticket.objects.exists()
    return client.post(form, carried_by(sent))


def test_the_file_has_215_offerings() -> None:
    assert len(OFFERINGS) == 215 == Offering.objects.filter(active=True).count()


@pytest.mark.parametrize("slugs", OFFERINGS, ids="/".join)
def test_every_offering_asks_refuses_and_opens(slugs: tuple[str, str, str], people: dict[str, User]) -> None:
    user = people[slugs[0]]
    client = Client()
    client.force_login(user)
    offering = offers.offering_at(CORE, *slugs)
    questions = offers.fields_of(offering)
    files = [q for q in questions if q.kind == Kind.FILE]
    assert len(files) == 1

    # Shown: each question with its label.
    page = client.get(address(*slugs)).content.decode()
    for asked in questions:
        assert html.escape(asked.label) in page
        assert f'id="id_{asked.name}"' in page

    # Sent empty: each missing one named, with a link from the summary, and nothing opened.
    refused = client.post(address(*slugs), {"form_id": str(uuid.uuid4())})
    assert refused.status_code == 422
    named = set(re.findall(r'href="#id_(\w+)"', refused.content.decode()))
    missing = {q.name for q in questions if q.required}
    if offering.attachment_need == AttachmentNeed.REQUIRED:
        missing.add(files[0].name)
    assert named == missing
    assert not Ticket.objects.exists()

    # Sent full: opened, and every answer as it was given.
    typed: dict[str, Any] = {"form_id": str(uuid.uuid4())}
    kept = {}
    for asked in questions:
        if asked.kind == Kind.AGENCY:
            typed[asked.name] = str(user.active_memberships[0].agency_id)
        elif asked.kind == Kind.FILE:
            typed[asked.name] = SimpleUploadedFile("erro.txt", samples.TEXT)
        elif asked.name == "chamado_relacionado":
            typed[asked.name] = "10000001"
        else:
            typed[asked.name], kept[asked.name] = an_answer(asked)
    sent = pressed(client, address(*slugs), typed)
    assert sent.status_code == 302, re.findall(r"Erro: </span>(.*?)</span>", sent.content.decode())
    ticket = Ticket.objects.get()
    assert sent["Location"] == f"/chamados/{ticket.number}/recebido/"
    assert (ticket.offering, ticket.product, ticket.agency) == (offering, offering.product, user.active_memberships[0].agency)
    assert ticket.subject == kept["titulo"]
    assert ticket.messages.get().body == kept["descricao"]
    assert ticket.privacy_read_at is not None
    assert ticket.related_number == (10000001 if "chamado_relacionado" in typed else None)
    asked_for = {q.name for q in offers.asked_of(questions, kept)}
    kept = {name: value for name, value in kept.items() if name in asked_for}
    answers = {a.name: (a.label, a.kind, a.options, a.value) for a in ticket.answers.all()}
    asked_again = {q.name: (q.label, q.kind, q.options, kept[q.name]) for q in questions if q.name in kept}
    assert answers == {name: answer for name, answer in asked_again.items() if name not in COLUMNS}
    attached = ticket.attachments.get()
    assert (attached.field_name, attached.file.name) == (files[0].name, "erro.txt")

    # Read again by its requester.
    read = client.get(f"/chamados/{ticket.number}/").content.decode()
    for answer in ticket.answers.all():
        assert html.escape(answer.label) in read
        if answer.kind not in (Kind.LONG_TEXT, Kind.URL, Kind.EMAIL):
            assert html.escape(as_read(answer.kind, answer.value)) in read
    assert "52998224725" not in read
    assert "529.982.247-25" not in read


@pytest.mark.parametrize("sphere", [s["slug"] for s in CATALOG["esferas"]])
def test_products_appear_in_their_spheres_only(sphere: str) -> None:
    client = Client()
    page = client.get(address(sphere)).content.decode()
    shown = set(re.findall(rf'href="{address(sphere)}([a-z0-9-]+)/"', page))
    offered = {p["slug"] for p in CATALOG["produtos"] if sphere in p["esferas"]}
    assert shown == offered
    for product in CATALOG["produtos"]:
        found = client.get(address(sphere, product["slug"]))
        assert found.status_code == (200 if product["slug"] in offered else 404)
        if product["slug"] in offered:
            here = address(sphere, product["slug"])
            types = set(re.findall(rf'href="{here}([a-z0-9-]+)/"', found.content.decode()))
            assert types == {kind for where, what, kind in OFFERINGS if (where, what) == (sphere, product["slug"])}


def test_all_15_products_are_offered_somewhere() -> None:
    assert len({product for _, product, _ in OFFERINGS}) == 15

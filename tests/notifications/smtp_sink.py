"""A real SMTP server that keeps what it is given, and misbehaves when told to."""

import asyncio
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        """To whom each letter was really addressed."""
        self.refused: set[str] = set()
        """Addresses that it says not to have."""
        self.answers: dict[str, str] = {}
        """What it says to an address instead of taking it."""
        self.taken = ""
        """What it says to a message that it took; empty: a number."""
        self.slow = 0.0
        """Seconds that it takes to take a message."""
        self.full = 0
        """How many messages it still refuses because it wants none at all for now, and hangs up."""
        self.drops = 0
        """How many times it still hangs up after it was given a message, without saying whether it took it."""

        self.reached = False
        """Whether it was ever given a message."""
        self.stalled = False
        """Whether it leaves who sends a message without an answer."""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names its hooks after the commands
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        self.reached = True
        if self.full:
            self.full -= 1
            return "421 4.3.2 shutting down"
        await asyncio.sleep(self.slow)
        while self.stalled:
            await asyncio.sleep(0.02)
        self.letters.append(cast("EmailMessage", message_from_bytes(cast("bytes", envelope.content), policy=default)))
        self.envelopes.append(list(envelope.rcpt_tos))
        if self.drops:
            self.drops -= 1
            assert server.transport is not None
            server.transport.close()
        return self.taken or f"250 2.0.0 OK: queued as {len(self.letters)}"

    @property
    def subjects(self) -> list[str]:
        return [letter["Subject"] for letter in self.letters]

    @property
    def recipients(self) -> list[str]:
        return [letter["To"] for letter in self.letters]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


TURNS = 3
"""Of the loop: in two a connection that was just taken gets its transport, and one that was just closed gives up its socket."""


class Listener(Controller):
    """One that hangs up before it stops: else a client that came or went that instant leaves an open socket behind."""

    def __init__(self, sink: Sink, port: int) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=port)
        self.talks: list[SMTP] = []

    def factory(self) -> SMTP:
        self.talks.append(SMTP(self.handler, **self.SMTP_kwargs))
        return self.talks[-1]

    def cancel_tasks(self, stop_loop: bool = True) -> None:
        self.ending = self.loop.create_task(self._hang_up(stop_loop))

    async def _hang_up(self, stop_loop: bool) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        for talk in self.talks:
            if talk.transport is not None:
                cast("asyncio.Transport", talk.transport).abort()
        for _ in range(TURNS):
            await asyncio.sleep(0)
        super().cancel_tasks(stop_loop)


def listening(sink: Sink, port: int) -> Controller:
    """The sink on a port of this machine, until its ``stop()``."""
    controller = Listener(sink, port)
    controller.start()
    return controller

"""A small IMAP4rev1 server that keeps mails by UID, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import suppress
from dataclasses import dataclass, field

DATE = "20-Nov-2026 10:00:00 -0300"


@dataclass
class Box:
    """One folder. ``mails``: UID → content."""

    mails: dict[int, bytes] = field(default_factory=dict)
    dates: dict[int, str] = field(default_factory=dict)
    validity: int = 7
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    """Every command, without its tag."""
    refuses: set[int] = field(default_factory=set)
    """UIDs of mails that it answers NO for."""
    hangs_up_at: set[int] = field(default_factory=set)
    password: str = "segredo"
    sizes: dict[int, int] = field(default_factory=dict)
    """What it says of a mail's size, where that is not so."""

    def deliver(self, content: bytes, *, uid: int | None = None, date: str = DATE) -> int:
        uid = uid or max(self.mails, default=0) + 1
        self.mails[uid], self.dates[uid] = content, date
        return uid


class HangUp(Exception):
    pass


class Server:
    """Listens on a port of this machine in a thread of its own, until ``stop()``."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = int(self.server.sockets[0].getsockname()[1])
        self.loop.call_soon(ready.set)
        self.loop.run_forever()
        self.server.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.run_until_complete(self.server.wait_closed())
        self.loop.close()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK IMAP4rev1\r\n")
        try:
            with suppress(HangUp, ConnectionError):
                while line := (await reader.readline()).decode().strip():
                    tag, _, command = line.partition(" ")
                    self.box.asked.append(re.sub(r"^LOGIN .*", "LOGIN", command))
                    writer.write(b"".join(self._answer(tag, command)))
                    await writer.drain()
                    if command == "LOGOUT":
                        break
        finally:  # when the server stops, too
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def _answer(self, tag: str, command: str) -> list[bytes]:
        box, told, done = self.box, b"", f"{tag} OK done\r\n".encode()
        if command.startswith("LOGIN") and box.password not in command:
            done = f"{tag} NO wrong password {command}\r\n".encode()
        elif command == "CAPABILITY":
            told = b"* CAPABILITY IMAP4rev1\r\n"
        elif command.startswith("SELECT"):
            told = f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] valid\r\n".encode()
        elif found := re.fullmatch(r"UID SEARCH UID (\d+):\*", command):
            first = min(int(found[1]), max(box.mails, default=0))  # the last one is always in the range
            told = f"* SEARCH {' '.join(str(uid) for uid in sorted(box.mails) if uid >= first)}\r\n".encode()
        elif found := re.fullmatch(r"UID FETCH (\d+) \((.*)\)", command):
            uid, what = int(found[1]), found[2]
            if uid in box.refuses and "BODY" in what:
                done = f"{tag} NO cannot be read\r\n".encode()
            else:
                told = b"".join(self._fetched(uid, what))
        elif found := re.fullmatch(r"UID STORE (\d+) \+FLAGS.SILENT \(?\\Seen\)?", command):
            box.seen.add(int(found[1]))
        elif not re.fullmatch("NOOP|LOGOUT|LOGIN.*", command):
            done = f"{tag} BAD {command}\r\n".encode()
        return [told, done]

    def _fetched(self, uid: int, what: str) -> list[bytes]:
        box = self.box
        if uid not in box.mails:
            return []
        content, number = box.mails[uid], sorted(box.mails).index(uid) + 1
        if what == "RFC822.SIZE INTERNALDATE":
            size = box.sizes.get(uid, len(content))
            return [f'* {number} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "{box.dates[uid]}")\r\n'.encode()]
        if uid in box.hangs_up_at:
            raise HangUp
        if part := re.fullmatch(r"BODY\.PEEK\[\]<0\.(\d+)>", what):
            content = content[: int(part[1])]
        head = f"* {number} FETCH (UID {uid} BODY[] {{{len(content)}}}\r\n".encode()
        return [head, content, b")\r\n"]

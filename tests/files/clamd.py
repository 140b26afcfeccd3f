"""A server that speaks ClamAV's protocol and knows one virus, for tests over real sockets."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.files.samples import EICAR

MAX_STREAM = 1024 * 1024
VERSION = "ClamAV 1.4.3/27800/Sun Nov 22 09:00:00 2026"


class Clamd:
    """What it was asked and shown, and how it fails."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.says = b""
        """Instead of a judgement."""
        self.mute = False
        self.url = ""


class Handler(socketserver.StreamRequestHandler):
    clamd: Clamd

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            more = self.rfile.read(1)
            if not more:
                return
            command += more
        if self.clamd.mute:
            return
        if command == b"zVERSION\0":
            self.wfile.write(VERSION.encode() + b"\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self.judgement())

    def judgement(self) -> bytes:
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > MAX_STREAM:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.clamd.seen.append(content)
        return self.clamd.says or (b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


class Tcp(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(folder: Path | None = None) -> Iterator[Clamd]:
    """One that listens on a port of this machine, or on a socket in a folder."""
    found = Clamd()
    handler = type("Handler", (Handler,), {"clamd": found})
    server = Tcp(("127.0.0.1", 0), handler) if folder is None else Unix(str(folder / "clamd"), handler)
    found.url = f"tcp://127.0.0.1:{server.server_address[1]}" if folder is None else f"unix://{folder}/clamd"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"

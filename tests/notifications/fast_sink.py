"""An SMTP server in a process of its own that takes everything and writes down, a line a message, its id and its address.

``python -m tests.notifications.fast_sink PORT FILE``, until it is ended. It does as little as one can, so that what is
measured against it is who sends.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import TextIO

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


async def next_line(reader: asyncio.StreamReader) -> bytes:
    """Empty at the end, however the other side went."""
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


async def serve(port: int, taken: TextIO) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(words: str) -> None:
            writer.write(f"{words}\r\n".encode())

        say("220 sink")
        to = ""
        while line := await next_line(reader):
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.decode().strip().partition(":")[2].strip("<>")
            if verb == b"DATA":
                say("354 go on")
                found = MESSAGE_ID.search(await reader.readuntil(b"\r\n.\r\n"))
                taken.write(f"{found[1].decode() if found else '-'} {to}\n")
                taken.flush()
            say("221 bye" if verb == b"QUIT" else "250 OK")
            if verb == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port, limit=2**22)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[2]).open("a", encoding="ascii") as file:
        asyncio.run(serve(int(sys.argv[1]), file))

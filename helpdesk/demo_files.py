"""Small files for the demonstration, made on the spot: a log and a picture."""

import struct
import zlib

WIDTH, HEIGHT = 320, 180
GREY, BLUE, RED = (248, 248, 248), (19, 81, 180), (229, 34, 7)


def log(subject: str, moment: str) -> bytes:
    """A server log in which the third line tells of the error."""
    lines = [
        f"{moment}:01 INFO  [main] Requisição recebida",
        f"{moment}:02 DEBUG [main] Parâmetros conferidos",
        f"{moment}:02 ERROR [main] Falha ao concluir a operação: {subject}",
        f"{moment}:02 ERROR [main] em org.example.Servico.executar (linha 214)",
        f"{moment}:03 INFO  [main] Requisição encerrada com código 500",
    ]
    return ("\n".join(lines) + "\n").encode()


def picture() -> bytes:
    """A PNG that looks like a window with a red message in it."""
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)  # this row is stored as it is
        for x in range(WIDTH):
            in_box = 40 <= x < 280 and 80 <= y < 120
            rows += bytes(BLUE if y < 24 else RED if in_box else GREY)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits a colour, three colours
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

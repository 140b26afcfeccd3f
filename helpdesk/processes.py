"""Child processes that never outlive their parent, and locks that vanish with their holder."""

import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

PR_SET_PDEATHSIG = 1


class CannotRun(Exception):
    """Something outside the program is in the way; the message is one line for the person at the terminal."""


def dies_with_parent(sig: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program starts, so that the kernel sends it ``sig`` when its parent ends.

    A parent killed with ``kill -9`` cannot stop its children itself. On systems without the call
    (only Linux has it) nothing happens, and the children of a killed parent stay.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def prepare() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(sig))
            if os.getppid() != parent:  # the parent ended before the kernel knew of our wish
                os._exit(1)

    return prepare


def lock(path: Path, refusal: str) -> TextIO:
    """The only holder of the lock at ``path``, for as long as the returned file stays open.

    The kernel lets go of it when the process ends, however it ends. Raises ``CannotRun(refusal)``
    while another process holds it.
    """
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CannotRun(refusal) from None
    return file


def folder_of_ours(path: Path) -> Path:
    """The folder, made when missing. Raises ``CannotRun`` when this user may not write there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK | os.X_OK)
    except (PermissionError, FileExistsError):
        writable = False
    if not writable:
        raise CannotRun(f"Este usuário não pode gravar em {path}. Use o usuário que criou a pasta, ou remova-a.")
    return path

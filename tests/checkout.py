"""A copy of the project's files in a folder of its own, so that what runs there leaves the developer's ``var/`` alone."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def copied() -> Iterator[Path]:
    """The project's files, and the built pages, in a temporary folder with spaces in its path."""
    with tempfile.TemporaryDirectory(prefix="Portal de Serviços ") as name:
        Path(name).chmod(0o755)
        target = Path(name) / "um clone"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for file in filter(None, listed.stdout.split("\0")):
            if (ROOT / file).is_file() and not file.startswith("tests/"):
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / file, target / file)
        if (ROOT / "static" / "build").exists():
            shutil.copytree(ROOT / "static" / "build", target / "static" / "build")
        yield target
        data = target / "var" / "postgres"
        if data.is_symlink():  # the tests run as root, in a folder that root alone reaches
            shutil.rmtree(data.resolve().parent)

"""Which version of the definitions a figure was reckoned by. What each means, ``figures`` and ``counted`` say.

Whoever changes what a frozen figure counts adds a version here and says what changed; a test compares the code with the
digest that it has noted for the newest version.
"""

from __future__ import annotations

from typing import Final

CHANGES: Final = {
    1: "Primeira versão das definições.",
}
"""Version → what it changed, in words for who reads the figures."""
VERSION: Final = max(CHANGES)

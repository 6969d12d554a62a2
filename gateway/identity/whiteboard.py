"""Identifiers that one source's checked answer lends to another that knows the child by nothing else.

A census knows a UPN, not an NHS number: it is asked as soon as some source's answer supplies it, and is
told at once when none will.
"""

import asyncio
from collections.abc import Iterable, Mapping

# identifiers that may be carried from one agency to another; an adoption link never is
CARRIED = frozenset({"nhs-number", "upn", "uln"})


class Whiteboard:
    """What is known of a child's identifiers so far in one request, and who may still add to it."""

    def __init__(self, known: Mapping[str, str], suppliers: Iterable[str]) -> None:
        self._known = dict(known)
        self._suppliers = set(suppliers)
        self._waiting: set[str] = set()
        self._changed = asyncio.Event()

    @property
    def known(self) -> Mapping[str, str]:
        return self._known

    def tell(self, identifiers: Mapping[str, str]) -> None:
        """Adds what a source's checked answer says; the first to say wins."""
        for name, value in identifiers.items():
            if name in CARRIED and value:
                self._known.setdefault(name, value)
        self._changed.set()

    def done(self, source: str) -> None:
        """This source adds nothing more."""
        self._suppliers.discard(source)
        self._changed.set()

    async def wait_for(self, names: frozenset[str], asking: str) -> Mapping[str, str]:
        """Those of `names` that are known, as soon as there is one; empty when no source can add any."""
        # those who wait for us learn that we wait too: of sources that all wait, none can add anything
        self._waiting.add(asking)
        self._changed.set()
        try:
            while not (found := {n: v for n, v in self._known.items() if n in names}):
                if not self._suppliers - self._waiting:
                    # whoever gets nothing adds nothing either
                    self.done(asking)
                    return {}
                self._changed.clear()
                await self._changed.wait()
            return found
        finally:
            self._waiting.discard(asking)

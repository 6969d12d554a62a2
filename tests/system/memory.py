"""How much more memory this process took at its highest, as the kernel counts it.

https://docs.kernel.org/filesystems/proc.html : VmHWM, and clear_refs, which sets it back to now.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")


@dataclass
class Growth:
    """The highest of a block above what was there when it began."""

    bytes: int = 0


@contextmanager
def growth() -> Iterator[Growth]:
    """Measures resident memory within the block."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before, grown = _kilobytes("VmRSS"), Growth()
    yield grown
    grown.bytes = (_kilobytes("VmHWM") - before) * 1024


def _kilobytes(name: str) -> int:
    line = next(one for one in _STATUS.read_text().splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1])

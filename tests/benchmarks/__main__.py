"""make bench: the figures of one run, beside those to reach.

Ratios carry over from machine to machine; milliseconds do not.
"""

import sys

from rich.console import Console
from rich.table import Table

from tests.benchmarks.drop import drop
from tests.benchmarks.whole_child import whole_child


def main() -> int:
    """Measures and prints; the exit status says only whether it could be measured."""
    console = Console(width=110)
    console.print("Whole child: 6 sources with 50 records each, one client, one gateway process …")
    found = whole_child()
    gateway, models = found["gateway"], found["fhir.resources"]
    table = Table("figure", "measured", "to reach", title="Whole child")
    table.add_row("CPU of the gateway a request", f"{gateway['cpu_ms']:.2f} ms", "5 ms (goal 1.6 ms)")
    table.add_row("p50 / p99", f"{gateway['p50_ms']:.1f} / {gateway['p99_ms']:.1f} ms", "")
    table.add_row("the slowest source alone, p50", f"{gateway['alone_p50_ms']:.2f} ms", "")
    over = gateway["p50_ms"] - 2 * gateway["alone_p50_ms"]
    table.add_row("p50 over gate's slowest plus slowest source", f"{over:.1f} ms", "2 ms")
    table.add_row("the same records through fhir.resources", f"{models['cpu_ms']:.0f} ms CPU", "")
    table.add_row("times faster than that", f"{models['cpu_ms'] / gateway['cpu_ms']:.0f}", "100 (of a peer)")
    table.add_row("Bundle", f"{gateway['bytes'] / 1000:.0f} kB", "")
    table.add_row(
        "memory at rest / after", f"{gateway['rest_mb']:.0f} / {gateway['loaded_mb']:.0f} MB", "150 MB"
    )
    console.print(table)
    console.print("Nightly file: a made-up census of 100 MB …")
    console.print(_drop_table(drop()))
    return 0


def _drop_table(figures: dict[str, float]) -> Table:
    table = Table("figure", "measured", "to reach", title="Nightly file")
    table.add_row("file", f"{figures['file_mb']:.0f} MB, {figures['children']:,.0f} children", "")
    table.add_row("index time", f"{figures['index_s']:.2f} s", "")
    rate, worked = figures["index_mb_s"], figures["index_mb_cpu_s"]
    table.add_row("index rate (of CPU)", f"{rate:.0f} ({worked:.0f}) MB/s", "100 MB/s")
    table.add_row("index in memory", f"{figures['index_share']:.1%} of the file", "5 %")
    half, most = figures["look_up_us_p50"] / 1000, figures["look_up_us_p99"] / 1000
    table.add_row("one child, p50 / p99", f"{half:.2f} / {most:.2f} ms", "1 ms")
    return table


if __name__ == "__main__":
    sys.exit(main())

"""Metrics: counts of sources and their breakers; no label names anybody.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from gateway.runtime import Runtime


class Metrics:
    """The counts of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def text(self) -> str:
        """All metrics in the text form."""
        lines = [
            "# HELP gateway_source_breaker_open Whether a source is left alone after failures.",
            "# TYPE gateway_source_breaker_open gauge",
        ]
        for connected in self._runtime.connected:
            is_open = int(connected.breaker.opened_by is not None)
            lines.append(f'gateway_source_breaker_open{{source="{connected.id}"}} {is_open}')
        lines += [
            "# HELP gateway_source_failures_in_a_row Failures of a source since it last answered.",
            "# TYPE gateway_source_failures_in_a_row gauge",
        ]
        for connected in self._runtime.connected:
            failures = connected.breaker.failures
            lines.append(f'gateway_source_failures_in_a_row{{source="{connected.id}"}} {failures}')
        return "\n".join(lines) + "\n"

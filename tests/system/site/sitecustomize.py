"""What a Python process of the no-storage test does before anything else, when the environment says so.

https://docs.python.org/3/library/site.html#module-sitecustomize : CANARIES makes the agencies' process give
out canaries, CANARY_LEAK makes the gateway's process log every record that it reads.
"""

import os
import sys

_IS_AGENCIES = "gateway.demo" in sys.orig_argv

if _IS_AGENCIES and os.environ.get("CANARIES"):
    from tests.system.canaries import in_every_answer

    in_every_answer()

if not _IS_AGENCIES and os.environ.get("CANARY_LEAK"):
    from tests.system.leak import in_a_log_line

    in_a_log_line()

"""Writing resources as JSON: fast, and a decimal keeps the digits that its source wrote.

https://hl7.org/fhir/R4/json.html#decimal
"""

from decimal import Decimal
from typing import Any

import orjson

from connectors.digits import Digits


def dumps(value: Any) -> bytes:
    """The JSON of resources and Bundles."""
    return orjson.dumps(value, default=_other, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def _other(value: Any) -> Any:
    if isinstance(value, Decimal | Digits):
        return orjson.Fragment(str(value))
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")

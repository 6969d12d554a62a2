"""Values as R4's primitive types want them: https://hl7.org/fhir/R4/datatypes.html."""

from typing import Any

import pytest

from mappings.datatypes import CONVERTERS, as_block
from mappings.mistakes import Unreadable
from mappings.references import Run
from mappings.run import PlainContext


@pytest.mark.parametrize(
    ("type_", "value", "made"),
    [
        ("positiveInt", "1", 1),
        ("unsignedInt", 0, 0),
        ("time", "9:00", "09:00:00"),
        ("id", "a-1.B", "a-1.B"),
        ("base64Binary", "YQ==", "YQ=="),
        ("oid", "urn:oid:1.2.3", "urn:oid:1.2.3"),
        (
            "uuid",
            "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
            "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        ),
        ("boolean", "false", False),
        ("string", 14, "14"),
    ],
)
def test_a_value_of_the_type_is_read(type_: str, value: Any, made: Any) -> None:
    assert CONVERTERS[type_](value) == made


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("positiveInt", "0"),
        ("unsignedInt", "-1"),
        ("id", "a b"),
        ("id", "x" * 65),
        ("base64Binary", "!"),
        ("oid", "1.2.3"),
        ("uuid", "c757873d"),
        ("boolean", "Y"),
        ("string", ["a"]),
        ("code", {"a": 1}),
    ],
)
def test_a_value_of_another_type_is_refused(type_: str, value: Any) -> None:
    with pytest.raises(Unreadable):
        CONVERTERS[type_](value)


def test_text_is_not_a_block() -> None:
    with pytest.raises(Unreadable):
        as_block(Run(PlainContext()), "x")

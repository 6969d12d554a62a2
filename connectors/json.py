"""JSON from a source, guarded: one value, UTF-8, at most 64 levels deep, decimals as their digits.

https://www.rfc-editor.org/rfc/rfc8259
"""

import math
import re
from typing import Any

import msgspec

from connectors.base import Failure, SourceError
from connectors.digits import Digits

DEEPEST = 64

_FEW = 300

_BOM = b"\xef\xbb\xbf"
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"')
_NO_BRACKETS = bytes(set(range(256)) - set(b'{}[]"'))
# square brackets count as curly ones: only how deep they nest matters here
_ONE_BRACKET = bytes.maketrans(b"[]", b"{}")
_TOO_MANY = b"{" * (DEEPEST + 1)


def parse_json(body: bytes) -> Any:
    """The value that `body` is; raises SourceError (UNREADABLE)."""
    text = body.removeprefix(_BOM)
    if _too_deep(text):
        raise SourceError(Failure.UNREADABLE, f"JSON nested more than {DEEPEST} levels deep")
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        # the parser's own message is about bytes and positions, yet may quote: the kind is enough
        raise SourceError(Failure.UNREADABLE, f"malformed JSON ({type(error).__name__})") from None


def _digits(text: str) -> Digits:
    # only an exponent, or very many digits, can go beyond all measure
    if (len(text) > _FEW or "e" in text or "E" in text) and not math.isfinite(float(text)):
        raise ValueError("a number beyond any measure")
    return Digits(text)


_DECODER = msgspec.json.Decoder(float_hook=_digits)


def _too_deep(text: bytes) -> bool:
    """Whether brackets outside strings nest deeper than DEEPEST, found without parsing."""
    if b"\\" in text:
        text = _ESCAPE.sub(b"", text)
    # strings without brackets are the rule: their two quotes now touch
    brackets = text.translate(_ONE_BRACKET, _NO_BRACKETS).replace(b'""', b"")
    if b'"' in brackets:
        brackets = _STRING.sub(b"", brackets)
    for _ in range(DEEPEST):
        if not brackets or _TOO_MANY in brackets:
            break
        brackets = brackets.replace(b"{}", b"")
    return bool(brackets)

"""Words and numbers as people read them; nothing from a source reaches a reader except through `clean`.

NHS CUI NHS Number Display: 3-3-4 with single spaces. https://www.unicode.org/reports/tr9/ (bidi controls)
"""

import re
from collections.abc import Iterable, Sequence

# controls move the cursor, or turn text around so that it reads as something else: shown as a mark
_UNSAFE = dict.fromkeys(
    [*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F]
    + [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x2028, 0x2029, *range(0xD800, 0xE000)],
    "\ufffd",
)


def clean(text: str) -> str:
    """Text with every control and direction character replaced by a visible mark."""
    return text.translate(_UNSAFE)


def plural(count: int, word: str, many: str = "") -> str:
    return f"{count} {word if count == 1 else many or word + 's'}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Starts with a capital and ends with a stop."""
    text = text.strip()
    return capital(text) + ("" if not text or text[-1] in ".!?" else ".")


def sentences(parts: Iterable[str]) -> str:
    """Several short lines as sentences, one after the other."""
    return " ".join(sentence(part) for part in parts if part.strip())


def nhs_number(value: str) -> str:
    digits = re.sub(r"\s", "", value)
    if not re.fullmatch(r"\d{10}", digits):
        return value
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def telephone(value: str) -> str:
    """A British number in its usual groups; anything else as it was written."""
    digits = re.sub(r"[\s()-]", "", value)
    digits = re.sub(r"^(\+44|0044)", "0", digits)
    return f"{digits[:5]} {digits[5:]}" if re.fullmatch(r"0\d{10}", digits) else value.strip()


def dial(value: str) -> str:
    """What a telephone link dials: digits only, empty if it is too short to be more than a bleep."""
    digits = re.sub(r"\D", "", value)
    if len(digits) < 9:
        return ""
    return ("+" if value.strip().startswith("+") else "") + digits


def same(one: str, other: str) -> bool:
    """Equal but for case, punctuation and spaces."""
    return key(one) == key(other)


def key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()

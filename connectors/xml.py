"""XML from a source, guarded: UTF-8 only, no DOCTYPE, no processing instructions, no entities of its own.

https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html
"""

import re

from lxml import etree

from connectors.base import Failure, SourceError

DEEPEST = 64

_TOO_DEEP = etree.XPath(f"boolean({'/*' * (DEEPEST + 1)})")
_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*\?>")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z0-9._-]*)["']""")


def parse_xml(body: bytes) -> etree._Element:
    """The root element of `body`, without its comments; raises SourceError (UNREADABLE)."""
    text = _declared_utf8(body.removeprefix(_BOM))
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise SourceError(Failure.UNREADABLE, "XML with a DOCTYPE")
    if b"<?" in text:
        raise SourceError(Failure.UNREADABLE, "XML with a processing instruction")
    try:
        text.decode("utf-8")
        root = etree.fromstring(text, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        # lxml's message may quote names and values of the document: the kind is enough
        raise SourceError(Failure.UNREADABLE, f"malformed XML ({type(error).__name__})") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs lack it
        raise SourceError(Failure.UNREADABLE, "XML with a DOCTYPE")
    if _TOO_DEEP(root):
        raise SourceError(Failure.UNREADABLE, f"XML nested more than {DEEPEST} levels deep")
    return root


def _declared_utf8(text: bytes) -> bytes:
    """`text` after its XML declaration, if that names UTF-8 or nothing."""
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text
    named = _ENCODING.search(declaration.group())
    if named is not None and named.group(1).lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise SourceError(Failure.UNREADABLE, "XML that is not UTF-8")
    return text[declaration.end() :]


def _parser() -> etree.XMLParser:
    # a parser is cheap and not to be shared between threads
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )

"""The index of an XML file finds exactly what a full parse finds, however the file is written."""

from io import BytesIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.drop_file import Identity, Place
from connectors.drop_index import Index, written_alike
from connectors.drop_indexed import identifiers
from connectors.system import Kind
from connectors.tree import local, tree
from connectors.xml_drop import XmlFormat
from connectors.xml_scan import ElementScan

KEYS = {"local": "Ids.Id", "upn": "UPN"}
KIND = Kind("person", {}, KEYS, {"element": "Child"})
PLACE = Place(Path("census.xml"), Identity(0, 0, 0, 0))

# what a document may hold between and inside elements; none of it is a Child, all of it may look like one
NOISE = st.sampled_from([
    "<!-- <Child> -->", "<!--</Child>-->", "<?p <Child> ?>", "<![CDATA[<Child>]]>", "<Children/>",
    "<x:Child2/>", "<ChildIds>1</ChildIds>", "&lt;Child&gt;", " ", "\n", "text", "<y a='&lt;Child>'/>",
    '<y b="/>"/>', "<z>'</z>", '<z>"</z>', "é", "<Ids><Id>no</Id></Ids>", "<UPN/>", "]]&gt;",
])  # fmt: skip
ID = st.sampled_from(["1", "2", "a b", "&amp;3", "<![CDATA[4]]>", "5<!-- -->6", "", " 7\n"])
START = st.sampled_from(
    ["<Child>", "<Child >", "<Child a='>'>", '<Child\n b="/>">', "<x:Child>", "<x:Child c=''>"]
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    start = draw(START)
    if draw(st.integers(0, 9)) == 0:
        return start[:-1] + "/>"
    name = "x:Child" if start.startswith("<x:") else "Child"
    inner = draw(st.lists(NOISE, max_size=3))
    if draw(st.booleans()):
        inner.append(f"<Ids><Id>{draw(ID)}</Id></Ids>")
    if draw(st.booleans()):
        inner.append(f"<x:UPN a='1'>{draw(ID)}</x:UPN>")
    if depth < 2 and draw(st.integers(0, 4)) == 0:
        inner.append(draw(elements(depth + 1)))
    return f"{start}{''.join(draw(st.permutations(inner)))}</{name}{draw(st.sampled_from(['', ' ']))}>"


OUTSIDE = st.lists(st.one_of(NOISE, elements()), max_size=8).map("".join)
FORM = (
    "<?xml version='1.0'?><!-- <Child> --><Message xmlns:x='urn:x'>{}"
    "<Group xmlns:v='urn:v'>{}</Group>{}</Message>"
)
DOCUMENTS = st.builds(FORM.format, OUTSIDE, OUTSIDE, OUTSIDE)


def outermost(root: etree._Element) -> list[etree._Element]:
    found = [e for e in root.iter("{*}Child")]
    return [e for e in found if not any(local(str(a.tag)) == "Child" for a in e.iterancestors())]


@given(DOCUMENTS, st.integers(1, 60))
def test_the_spans_are_the_elements_that_a_full_parse_finds(document: str, chunk: int) -> None:
    raw = document.encode()
    wanted = [
        tree(e)
        for e in outermost(etree.fromstring(raw, etree.XMLParser(remove_comments=True, remove_pis=True)))
    ]

    stretches = list(ElementScan("Child", chunk).stretches(BytesIO(raw)))

    slices = [stretch.data[start:end] for stretch in stretches for start, end in stretch.spans]
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    wrapped = [
        etree.fromstring(b"<w xmlns:x='urn:x' xmlns:v='urn:v'>%b</w>" % piece, parser)[0] for piece in slices
    ]
    assert [tree(element) for element in wrapped] == wanted
    # and nothing is read twice or passed over
    assert b"".join(stretch.data[: stretch.end] for stretch in stretches) == raw


@given(DOCUMENTS)
def test_every_identifier_leads_to_exactly_the_elements_that_state_it(document: str) -> None:
    raw = document.encode()
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    everyone = [tree(e) for e in outermost(etree.fromstring(raw, parser))]
    index = Index(b"key", len(raw))

    contents = XmlFormat("census", KIND, {"root": "Message"}).read(
        BytesIO(raw), PLACE, index, lambda done: None
    )
    index.finish()

    for name in KEYS:
        for value in ("1", "2", "ab", "&3", "4", "56", "7", "no", "other"):
            key = (name, written_alike(value))
            blocks = sorted(index.blocks(*key))
            found = [
                r
                for start, end in blocks
                for r in contents.raws(raw[start:end], {key[1]})
                if key in identifiers(r, KEYS)
            ]
            assert found == [r for r in everyone if key in identifiers(r, KEYS)]

"""Canaries in every text that the made-up agencies give out: words that then must stand nowhere else.

`in_every_answer` changes the agencies of this process: each text of an HTTP answer or a database that is
no code, date, number or identifier gets a canary at its end, the same for the same text.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from lxml import etree

from gateway.demo.agencies import FileAgency, ServedAgency, agencies
from gateway.demo.world import Rows, World

STEM = "QXCANARY7ZK9"
CANARY = re.compile(STEM + "[0-9A-F]{8}")

# names of elements, members and columns whose texts are codes, dates, addresses of resources or identifiers
_KEPT = frozenset(
    """
    resourceType id versionId system code url version use start end gender birthDate type fullUrl mode
    profile reference status date valueDateTime effectiveDateTime issued unit clinicalStatus
    verificationStatus category assertedDate severity dateAsserted taken valueCode onsetDateTime total
    relation lastUpdated timestamp endpoint sent authored linkId performedDateTime notGiven
    primarySource recorded intent value criticality expirationDate upn uln nhsNumber dateOfBirth sex
    ethnicity studentId startDate endDate urn academicYear term from to provision reviewDate reasons
    PersonReference NhsNumber DateOfBirth Sex Code Reference OccurredAt RecordedAt ChildPresent
    RiskGrading Handling Role
    """.split()
)
_TELECOM = ("phone", "email", "fax", "pager", "sms", "url", "other")
# texts in columns that name a person are words however short
_NAMES = re.compile("name|known_as|words|postcode|telephone|hours|job_title|department")
_CODES = re.compile("_id$|_type$|relationship|category|_date|_due|_code$|identifier|staff")
_DATE = re.compile(r"[\d\-:T+. ]+Z?")
_SHORT = 4


def marked(text: str) -> str:
    """`text` with its canary."""
    digest = hashlib.blake2b(text.casefold().encode(), digest_size=4).hexdigest().upper()
    return f"{text} {STEM}{digest}" if text.strip() else text


def in_json(value: Any, name: str = "", keep: bool = False) -> Any:
    """A JSON value with canaries in its texts."""
    if isinstance(value, dict):
        telecom = value.get("system") in _TELECOM
        return {n: in_json(v, n, n in _KEPT and not (telecom and n == "value")) for n, v in value.items()}
    if isinstance(value, list):
        return [in_json(one, name, keep) for one in value]
    if not isinstance(value, str) or keep or _DATE.fullmatch(value):
        return value
    return marked(value)


def in_xml(body: bytes) -> bytes:
    """An XML document with canaries in its texts and in FHIR's values."""
    root = etree.fromstring(body)
    for element in root.iter(etree.Element):
        parent = element.getparent()
        name = etree.QName(element).localname
        telecom = parent is not None and etree.QName(parent).localname == "telecom" and name == "value"
        if name in _KEPT and not telecom:
            continue
        if (value := element.get("value")) and not _DATE.fullmatch(value):
            element.set("value", marked(value))
        elif not len(element) and element.text and not _is_plain(element.text):
            element.text = marked(element.text)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _is_plain(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) or text in ("true", "false")


def in_database(file: Path) -> None:
    """A SQLite file with canaries in its texts."""
    with closing(sqlite3.connect(file)) as database, database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for column in [row[1] for row in database.execute(f"PRAGMA table_info({table})")]:
                texts = database.execute(
                    f"SELECT DISTINCT {column} FROM {table} WHERE typeof({column}) = 'text'"
                ).fetchall()
                changed = [(in_column(column, text), text) for (text,) in texts]
                database.executemany(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", changed)


def in_column(column: str, text: str) -> str:
    """The text of a column with its canary, in each leaf where it is JSON."""
    if column.endswith("_json"):
        return json.dumps(in_json_column(json.loads(text)))
    named = _NAMES.search(column) and not column.endswith("_id")
    if not named and (len(text) <= _SHORT or _DATE.fullmatch(text) or _CODES.search(column)):
        return text
    return marked(text)


def in_json_column(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: in_json_column(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_json_column(inner) for inner in value]
    return marked(value) if isinstance(value, str) and len(value) > _SHORT else value


@web.middleware
async def _with_canaries(request: web.Request, handler: Handler) -> web.StreamResponse:
    said = await handler(request)
    if not isinstance(said, web.Response) or not isinstance(said.body, bytes) or not said.body:
        return said
    is_xml = said.body.lstrip()[:1] == b"<"
    body = in_xml(said.body) if is_xml else json.dumps(in_json(json.loads(said.body))).encode()
    kept = {n: v for n, v in said.headers.items() if n != "Content-Length"}
    return web.Response(body=body, status=said.status, headers=kept)


def in_every_answer() -> None:
    """Makes every agency of this process give out canaries."""
    for module in agencies().values():
        if isinstance(module, FileAgency):
            _change_files(module)
        else:
            _change_server(module)


def _change_server(module: ServedAgency) -> None:
    true = module.application

    def application(rows: Mapping[str, Rows], world: World) -> web.Application:
        app = true(rows, world)
        app.middlewares.insert(0, _with_canaries)
        return app

    module.application = application  # type: ignore[method-assign]  # a made-up agency says canaries


def _change_files(module: FileAgency) -> None:
    true = module.write

    def write(rows: Mapping[str, Rows], world: World, folder: Path) -> None:
        true(rows, world, folder)
        for file in folder.glob("*.sqlite"):
            in_database(file)

    module.write = write  # type: ignore[method-assign]  # a made-up agency says canaries

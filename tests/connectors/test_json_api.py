"""JSON sources: how they are asked, how their pages follow, and what may mean that nobody is there."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from connectors.base import Failure, Query, Record, SourceError
from connectors.system import SystemMistake
from tests.connectors.serving import asked, connected, saying

SCHOOL = """
id = "school"
title = "School"
transport = "json_api"
[kinds.pupil]
path = "/pupils"
query = {upn = "{upn}", from = "{from}", size = 2}
items = "data.pupils[]"
PAGING
absent = [404]
person_keys = {upn = "upn", nhs-number = "nhs"}
fields = {id = "text", weight = "decimal"}
[kinds.search]
path = "/search"
method = "post"
request = "search.json"
items = "[]"
person_keys = {upn = "document"}
fields = {id = "text"}
[kinds.card]
path = "/cards/{upn}"
items = ""
person_keys = {upn = "path"}
fields = {id = "text"}
"""
DOCUMENT = {"search.json": '{"who": {"upn": "{upn}"}, "scope": "{scope=all}"}'}
UPN = {"upn": "A123"}


class School:
    """A school's system that says its answers in order, and notes what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, str, bytes]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.raw_path, await request.read()))
        body = self.answers[min(len(self.requests), len(self.answers)) - 1]
        return web.Response(body=orjson.dumps(body), content_type="application/json")

    @property
    def addresses(self) -> list[str]:
        return [path for _, path, _ in self.requests]


def pupils(*ids: str, **more: Any) -> dict[str, Any]:
    return {"data": {"pupils": [{"id": one} for one in ids]}, **more}


async def ask(
    folder: Path, school: School, query: Query, paging: str = ""
) -> tuple[list[Record], SourceError | None]:
    text = SCHOOL.replace("PAGING", paging)
    async with connected(folder, text, school.answer, documents=DOCUMENT) as connector:
        return await asked(connector, query)


async def test_the_identifier_goes_where_the_file_says_and_empty_parameters_nowhere(tmp_path: Path) -> None:
    school = School(pupils())

    await ask(tmp_path, school, Query("pupil", UPN, {"from": "2025-09-01"}))
    await ask(tmp_path, school, Query("pupil", {"nhs-number": "1 2&3"}))
    await ask(tmp_path, school, Query("pupil", {"nhs-number": "9", "upn": "A123"}))

    assert school.addresses == [
        "/base/pupils?upn=A123&from=2025-09-01&size=2",
        "/base/pupils?size=2&nhs=1+2%263",
        "/base/pupils?upn=A123&size=2",
    ]


async def test_a_document_is_posted_with_its_holes_filled(tmp_path: Path) -> None:
    school = School([{"id": "1"}])

    records, failure = await ask(tmp_path, school, Query("search", {"upn": 'a"b'}))

    assert ([dict(record) for record in records], failure) == ([{"id": "1"}], None)
    assert school.requests[0][:2] == ("POST", "/base/search")
    assert orjson.loads(school.requests[0][2]) == {"who": {"upn": 'a"b'}, "scope": "all"}


async def test_an_answer_may_itself_be_the_record(tmp_path: Path) -> None:
    school = School({"id": "1", "secret": "x"})

    records, _ = await ask(tmp_path, school, Query("card", {"upn": "a/b"}))

    assert [dict(record) for record in records] == [{"id": "1"}]
    assert school.addresses == ["/base/cards/a%2Fb"]


@pytest.mark.parametrize(
    ("paging", "answers", "addresses"),
    [
        (
            'next = "links.next"',
            [pupils("1", "2", links={"next": "/base/pupils?after=2"}), pupils("3", links={})],
            ["/base/pupils?upn=A123&size=2", "/base/pupils?after=2"],
        ),
        (
            'cursor = {from = "cursor", query = "c"}',
            [pupils("1", "2", cursor="x&y"), pupils("3", cursor=None)],
            ["/base/pupils?upn=A123&size=2", "/base/pupils?upn=A123&size=2&c=x%26y"],
        ),
        (
            'page = {query = "p", first = 0}',
            [pupils("1", "2"), pupils("3"), pupils()],
            [f"/base/pupils?upn=A123&size=2&p={page}" for page in range(3)],
        ),
        (
            'page = {query = "p", total = "pages"}',
            [pupils("1", "2", pages=2), pupils("3", pages=2)],
            [f"/base/pupils?upn=A123&size=2&p={page}" for page in (1, 2)],
        ),
    ],
)
async def test_pages_follow_each_other_to_the_last(
    tmp_path: Path, paging: str, answers: list[Any], addresses: list[str]
) -> None:
    school = School(*answers)

    records, failure = await ask(tmp_path, school, Query("pupil", UPN), paging)

    assert ([record["id"] for record in records], failure) == (["1", "2", "3"], None)
    assert school.addresses == addresses


@pytest.mark.parametrize(
    ("paging", "answer"),
    [
        ("", {}),
        ("", {"data": None}),
        ("", {"data": []}),
        ("", {"data": {"pupils": None}}),
        ("", {"data": {"pupils": {"id": "1"}}}),
        ("", {"error": "no such pupil"}),
        ("", []),
        ('total = "total"', pupils()),
        ('total = "total"', pupils("1", total=2)),
        ('page = {query = "p", total = "pages"}', pupils("1")),
    ],
)
async def test_an_answer_that_does_not_say_what_it_must_is_unreadable(
    tmp_path: Path, paging: str, answer: Any
) -> None:
    _, failure = await ask(tmp_path, School(answer), Query("pupil", UPN), paging)

    assert failure is not None and failure.failure is Failure.UNREADABLE


async def test_a_record_that_is_no_object_is_unreadable_after_those_before_it(tmp_path: Path) -> None:
    records, failure = await ask(
        tmp_path, School({"data": {"pupils": [{"id": "1"}, "2"]}}), Query("pupil", UPN)
    )

    assert len(records) == 1
    assert failure is not None and failure.failure is Failure.UNREADABLE


async def test_decimals_keep_their_digits(tmp_path: Path) -> None:
    text = SCHOOL.replace("PAGING", "")
    handler = saying('{"data": {"pupils": [{"weight": 14.10}]}}')
    async with connected(tmp_path, text, handler, documents=DOCUMENT) as connector:
        records, _ = await asked(connector, Query("pupil", UPN))

    assert [dict(record) for record in records] == [{"weight": "14.10"}]


@pytest.mark.parametrize(
    ("status", "body", "media", "expected"),
    [
        (404, '{"error": "no such pupil"}', "application/json", None),
        (404, "<html>not found</html>", "text/html", Failure.UNREADABLE),
        (404, "", "application/json", Failure.UNREADABLE),
        (410, '{"error": "gone"}', "application/json", Failure.UNAVAILABLE),
        (429, "{}", "application/json", Failure.THROTTLED),
        (400, "{}", "application/json", Failure.UNSUPPORTED),
        (502, "<html>", "text/html", Failure.UNAVAILABLE),
    ],
)
async def test_only_a_declared_status_in_the_interfaces_own_words_means_that_nobody_is_there(
    tmp_path: Path, status: int, body: str, media: str, expected: Failure | None
) -> None:
    handler = saying(body, media, status=status)
    async with connected(tmp_path, SCHOOL.replace("PAGING", ""), handler, documents=DOCUMENT) as connector:
        records, failure = await asked(connector, Query("pupil", UPN))

    assert records == []
    assert (failure.failure if failure else None) == expected


async def test_a_source_that_asks_for_patience_says_for_how_long(tmp_path: Path) -> None:
    handler = saying("{}", status=503, headers={"Retry-After": "120"})
    async with connected(tmp_path, SCHOOL.replace("PAGING", ""), handler, documents=DOCUMENT) as connector:
        _, failure = await asked(connector, Query("pupil", UPN))

    assert failure is not None
    assert (failure.failure, failure.detail) == (Failure.THROTTLED, "status 503, retry after 120 s")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PAGING", 'next = "a"\ncursor = {from = "b", query = "c"}'),
        ("data.pupils[]", "data[].pupils[]"),
        ('method = "post"', 'method = "put"'),
        ("search.json", "missing.json"),
    ],
)
async def test_a_system_that_can_never_be_asked_stops_the_start(
    tmp_path: Path, before: str, after: str
) -> None:
    text = SCHOOL.replace(before, after).replace("PAGING", "")
    with pytest.raises(SystemMistake):
        async with connected(tmp_path, text, School().answer, documents=DOCUMENT):
            pass

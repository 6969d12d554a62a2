"""A source is asked at its own origin and nowhere else, however a link is written."""

import pytest
from yarl import URL

from connectors.base import Failure, SourceError
from connectors.origin import origin_of
from connectors.system import SystemMistake

BASE = "https://records.example:8443/fhir"
PAGE = URL(f"{BASE}/Patient?page=1")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("?page=2", f"{BASE}/Patient?page=2"),
        ("/fhir?getpages=x", f"{BASE}?getpages=x"),
        ("https://records.example:8443/fhir/Patient?page=2#top", f"{BASE}/Patient?page=2"),
        ("HTTPS://RECORDS.example:8443/fhir/Patient", f"{BASE}/Patient"),
        ("?q=a%7Cb", f"{BASE}/Patient?q=a%7Cb"),
    ],
)
def test_a_link_within_the_source_is_followed(link: str, target: str) -> None:
    assert str(origin_of(BASE).followed(link, PAGE)) == target


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example:8443/fhir/Patient",
        "https://records.example/fhir/Patient",
        "https://records.example:8444/fhir/Patient",
        "http://records.example:8443/fhir/Patient",
        "https://records.example:8443@elsewhere.example/fhir/Patient",
        "https://user@records.example:8443/fhir/Patient",
        "https://records.example:8443.elsewhere.example/fhir/Patient",
        "https://records.example.elsewhere.example:8443/fhir/Patient",
        "//elsewhere.example/fhir/Patient",
        "https://127.0.0.1:8443/fhir/Patient",
        "https://2130706433:8443/fhir/Patient",
        "https://0x7f000001:8443/fhir/Patient",
        "https://[::1]:8443/fhir/Patient",
        "https://[::ffff:127.0.0.1]:8443/fhir/Patient",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "gopher://records.example:8443/fhir",
        "javascript:alert(1)",
        "/admin",
        "/fhirs/Patient",
        "../../admin",
        "/fhir/../admin",
        "/fhir/%2e%2e/admin",
        "https://records.example:99999/fhir",
        "https://[records.example/fhir",
    ],
)
def test_a_link_that_leads_away_is_refused(link: str) -> None:
    with pytest.raises(SourceError) as caught:
        origin_of(BASE).followed(link, PAGE)

    assert caught.value.failure is Failure.UNREADABLE
    assert "elsewhere" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "records.example/fhir",
        "ftp://records.example",
        "https://",
        "https://user:secret@records.example",
        "https://records.example?x=1",
        "https://records.example#x",
        "http://records.example/fhir",
        "http://10.0.0.1/fhir",
    ],
)
def test_an_address_that_records_may_not_travel_over_is_a_mistake_at_the_start(url: str) -> None:
    with pytest.raises(SystemMistake):
        origin_of(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost/x", "http://[::1]:80/", BASE])
def test_https_and_this_machine_are_fine(url: str) -> None:
    assert origin_of(url).base == URL(url)


def test_plain_http_elsewhere_must_be_said() -> None:
    assert origin_of("http://10.0.0.1/fhir", plain_http=True).base.host == "10.0.0.1"

"""TLS towards sources: who they are is checked, who we are is shown, and old versions are refused."""

import datetime as dt
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import Failure, Record, SourceError
from connectors.connect import connect
from connectors.system import Endpoint, SystemMistake
from tests.connectors.serving import JSON_API, asked
from tests.contract.counterpart import system_from

Key = ec.EllipticCurvePrivateKey


class Certificates:
    """An authority of the test's own, and the certificates that it signs, as PEM files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.authority = self._signed("authority", self.key, "authority", dt.timedelta(days=1))
        self.ca = self._write("authority", self.authority, self.key)

    def issue(self, name: str, host: str = "127.0.0.1", lasts: dt.timedelta = dt.timedelta(days=1)) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(name, self._signed(name, key, host, lasts), key)

    def _signed(self, name: str, key: Key, host: str, lasts: dt.timedelta) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        other = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        return (
            x509.CertificateBuilder()
            .subject_name(named)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=2))
            .not_valid_after(now + lasts)
            .add_extension(x509.SubjectAlternativeName([other]), critical=False)
            .add_extension(x509.BasicConstraints(ca=name == "authority", path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def _write(self, name: str, certificate: x509.Certificate, key: Key) -> Path:
        file = self.folder / f"{name}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
        return file


@asynccontextmanager
async def tls_server(
    certificate: Path, client_ca: Path | None = None, newest: ssl.TLSVersion | None = None
) -> AsyncIterator[str]:
    """A server behind TLS; with `client_ca` it wants a certificate from us."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    if newest is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = newest

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b'{"notes": [{"id": "1"}]}', content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answer)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=context)
    try:
        yield f"https://127.0.0.1:{server.port}/base"
    finally:
        await server.close()


async def over_tls(
    folder: Path, url: str, options: dict[str, str]
) -> tuple[list[Record], SourceError | None]:
    connector = connect(system_from(folder, JSON_API), Endpoint("source", url, options=options))
    try:
        return await asked(connector)
    finally:
        await connector.close()


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "certificates")


async def test_a_source_that_its_authority_vouches_for_is_asked(
    tmp_path: Path, certificates: Certificates
) -> None:
    async with tls_server(certificates.issue("source")) as url:
        records, failure = await over_tls(tmp_path, url, {"ca": str(certificates.ca)})

    assert (len(records), failure) == (1, None)


async def test_a_source_of_an_unknown_authority_is_not_asked(
    tmp_path: Path, certificates: Certificates
) -> None:
    async with tls_server(certificates.issue("source")) as url:
        _, failure = await over_tls(tmp_path, url, {})

    assert failure is not None and failure.failure is Failure.REJECTED


@pytest.mark.parametrize(("host", "lasts"), [("elsewhere.example", 1), ("127.0.0.2", 1), ("127.0.0.1", -1)])
async def test_a_certificate_for_another_host_or_of_yesterday_is_refused(
    tmp_path: Path, certificates: Certificates, host: str, lasts: int
) -> None:
    certificate = certificates.issue("source", host, dt.timedelta(days=lasts))
    async with tls_server(certificate) as url:
        _, failure = await over_tls(tmp_path, url, {"ca": str(certificates.ca)})

    assert failure is not None and failure.failure is Failure.REJECTED


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_tls_1_1_is_refused(tmp_path: Path, certificates: Certificates) -> None:
    async with tls_server(certificates.issue("source"), newest=ssl.TLSVersion.TLSv1_1) as url:
        _, failure = await over_tls(tmp_path, url, {"ca": str(certificates.ca)})

    assert failure is not None and failure.failure in (Failure.REJECTED, Failure.UNAVAILABLE)


async def test_we_show_our_certificate_to_a_source_that_wants_one(
    tmp_path: Path, certificates: Certificates
) -> None:
    ours = certificates.issue("gateway")
    async with tls_server(certificates.issue("source"), client_ca=certificates.ca) as url:
        options = {"ca": str(certificates.ca), "certificate": str(ours)}
        records, failure = await over_tls(tmp_path, url, options)

    assert (len(records), failure) == (1, None)


async def test_a_source_that_wants_a_certificate_which_we_lack_or_does_not_know_ours_is_a_failure(
    tmp_path: Path, certificates: Certificates
) -> None:
    stranger = Certificates(tmp_path / "strangers").issue("gateway")
    async with tls_server(certificates.issue("source"), client_ca=certificates.ca) as url:
        _, without = await over_tls(tmp_path, url, {"ca": str(certificates.ca)})
        options = {"ca": str(certificates.ca), "certificate": str(stranger)}
        _, unknown = await over_tls(tmp_path, url, options)

    for failure in (without, unknown):
        assert failure is not None
        assert failure.failure in (Failure.REJECTED, Failure.UNAVAILABLE)


async def test_a_certificate_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SystemMistake, match="source source"):
        await over_tls(tmp_path, "https://127.0.0.1:1/base", {"certificate": "missing.pem"})

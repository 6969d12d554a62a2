"""Hostile values of every place in a request: ids, queries, bodies, forms, names."""

from tests.system.running import MAYA

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
IDS = (
    "%00", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..", "%ff%fe", "a" * 64, "a" * 65, "A" * 7000, MAYA,
    "'%20OR%201=1--", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%E2%80%AE", "%20", "_history", "x%7Cy", "$meta",
    "1,2", "%25%30%30", "%0d%0aSet-Cookie:x=1", "%F0%9F%91%B6", "+", "*", "-", ".", "..", "%2F", "{id}",
    "AQ==", "%u0041", "%", "%zz", "null", "undefined", "0", "-1", "1e309", "%C0%AE", "Patient%2F1",
    "urn:uuid:1",
)  # fmt: skip
TYPES = ("Patient", "CarePlan", "Observation", "Nothing", "patient", "AuditEvent", "%50atient", "A" * 300)
QUERIES = (
    "identifier=", "identifier=%7C", "identifier=%7C%7C", f"identifier=x%7C{MAYA}", "identifier=9990001376",
    "identifier=999000137", "identifier=99900013750", "identifier=%EF%BC%99990001375",
    "identifier=%D9%A9990001375", "identifier=%00", "identifier=" + "9" * 5000, "identifier=0000000000",
    f"identifier={MAYA}&identifier={MAYA}", f"identifier={MAYA}&identifier=9990002746",
    f"identifier:not={MAYA}&_strict", f"identifier={MAYA}%2C9990002746", f"identifier={MAYA}%24",
    f"identifier={MAYA}&birthdate=2022-13-45", f"identifier={MAYA}&birthdate=ge2022",
    f"identifier={MAYA}&birthdate=99999999999", f"identifier={MAYA}&birthdate=%00",
    f"identifier={MAYA}&birthdate=2022-03-14&birthdate=2022-03-14", "_id=", "_id=%00", "_id=x", f"_id={MAYA}",
    f"_id={'A' * 64}", "name=Oakley", "_has:Observation:patient:code=1", "_filter=name%20eq%20x",
    "_query=x", "", "&&&&", "=", "==", "a", "a&b;c", "%", "%=%", "%00=%00", "\xff\xfe=\xff",
    "&".join(f"p{n}=1" for n in range(101)), "p=" + "A" * 9000, "_format=xml", "_format=%00",
    "_format=application/fhir%2Bxml", "_cursor=x", "_cursor=" + "A" * 4000, f"{MAYA}={MAYA}",
)  # fmt: skip
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/fhir+json", b'{"resourceType": "Parameters"}'),
    ("application/json", b"[" * 100_000),
    ("application/xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=identifier\r\n\r\n1\r\n",
    ),
    ("text/plain", f"identifier={MAYA}".encode()),
    ("", f"identifier={MAYA}".encode()),
    ("application/x-www-form-urlencoded; charset=utf-16", f"identifier={MAYA}".encode("utf-16")),
    ("application/x-www-form-urlencoded", b"identifier=\xff\xfe\xfd"),
    ("application/x-www-form-urlencoded", b"identifier=" + b"9" * 20_000),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000))),
    ("application/x-www-form-urlencoded", b"\x00" * 100),
    ("application/x-www-form-urlencoded", b"\x1f\x8b\x08" + b"\x00" * 50),
    ("application/x-www-form-urlencoded;" + "x" * 4000, b"identifier=1"),
)
BORN = "day=1&month=1&year=2020"
FINDS = (
    f"nhs_number={MAYA}&day=1&month=13&year=2022", f"nhs_number={MAYA}&day=x&month=y&year=z",
    f"nhs_number={MAYA}&day=1&month=1&year=99999999999999999999", f"nhs_number={MAYA}&day=0&month=0&year=0",
    f"nhs_number={MAYA}&day=1&month=1&year={'9' * 5000}", f"nhs_number={MAYA}&day=%00&month=1&year=1",
    "nhs_number=", "nhs_number=%00", "nhs_number=" + "9" * 9000, "nhs_number=9990001376",
    "nhs_number=%EF%BC%99", "family=Oakley", BORN, "child=x&checked=no", "child=&checked=", "=&=&=",
    "a" * 20_000,
    "&".join(f"f{n}=1" for n in range(60)), "", "child", "nhs_number",
)  # fmt: skip
NAMES = (
    "%00" * 50, "O%27%3B--", "%E2%80%AE", "%0d%0aX:y", "*", "Oa*", "%25", "_", "%3Cscript%3E", "A" * 9000,
    "%ff",
)  # fmt: skip

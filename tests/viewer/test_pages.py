"""The pages around the child's: each says what is needed and nothing about anybody."""

from dataclasses import dataclass, replace

from lxml import html

from gateway.viewer.pages import (
    Agreement,
    Candidate,
    Unstated,
    error_page,
    find_page,
    help_page,
    nothing_here_page,
    reason_page,
    refusal_page,
    results_page,
    start_page,
)
from tests.viewer import maya

SEN = maya.DR_SEN
NEW = replace(SEN, purpose="")


@dataclass(frozen=True)
class Staff:
    user: str
    name: str
    job: str
    role: str
    organisation: str


def tree(body: bytes) -> html.HtmlElement:
    return html.document_fromstring(body.decode())


def text(body: bytes) -> str:
    return " ".join(tree(body).text_content().split())


def test_people_sign_in_by_kind_of_staff_and_a_service_cannot() -> None:
    people = [
        Staff("dr.sen", "Dr R. Sen", "ED registrar", "ed-clinician", "northtown-general"),
        Staff("j.patel", "J. Patel", "Social worker", "social-worker", "northtown-csc"),
        Staff("svc.case-system", "Case system", "Case system", "case-system", "northtown-csc"),
    ]
    page = tree(start_page(maya.SERVICE, people, {"northtown-general": "Northtown General Hospital"}))

    assert [b.get("value") for b in page.iter("button")] == ["dr.sen", "j.patel"]
    assert [h.text for h in page.iter("h2")][:2] == ["Health staff", "Council, school or police staff"]
    assert "ED registrar, Northtown General Hospital" in page.text_content()
    assert all(f.get("method") == "post" and f.get("action") == "/sign-in" for f in page.iter("form"))


def test_the_reason_page_offers_only_what_the_person_may_state_the_first_suggested() -> None:
    page = tree(reason_page(maya.SERVICE, NEW, ["emergency-care", "direct-care"]))
    radios = [i for i in page.iter("input") if i.get("name") == "purpose"]

    assert [(r.get("value"), r.get("checked") is not None) for r in radios] == [
        ("emergency-care", True),
        ("direct-care", False),
    ]
    assert not list(page.iter("textarea"))


def test_a_purpose_that_demands_it_asks_for_the_reason_and_whether_the_family_was_told() -> None:
    page = tree(reason_page(maya.SERVICE, NEW, ["s47-enquiry", "s17-assessment"], {"s47-enquiry"}))

    assert [t.get("name") for t in page.iter("textarea")] == ["reason"]
    assert {i.get("name") for i in page.iter("input")} == {"token", "purpose", "scheduled", "told"}
    assert [i.get("value") for i in page.xpath("//input[@data-declared]")] == ["s47-enquiry"]


def test_what_was_said_is_given_back_with_the_mistake() -> None:
    said = Unstated("s47-enquiry", True, "Bruises", "yes")
    body = reason_page(maya.SERVICE, NEW, ["s47-enquiry"], {"s47-enquiry"}, said, "Say more.")
    page = tree(body)

    assert page.find_class("mistake")[0].findtext("p") == "Say more."
    assert next(page.iter("textarea")).text == "Bruises"
    checked = {i.get("name") for i in page.iter("input") if i.get("checked") is not None}
    assert checked == {"purpose", "scheduled", "told"}


def test_a_role_without_a_purpose_is_told_whom_to_phone() -> None:
    page = reason_page(maya.SERVICE, NEW, [])

    assert "There is no reason that your role may give here." in text(page)
    assert "Continue" not in text(page)


def test_a_child_is_found_by_post_so_that_no_number_stands_in_an_address() -> None:
    page = tree(find_page(maya.SERVICE, SEN, {"nhs_number": "9990001375"}, "Check each digit."))
    forms = [f for f in page.iter("form") if f.get("action") == "/find"]

    assert [f.get("method") for f in forms] == ["post", "post"]
    assert {i.get("name") for i in page.iter("input")} >= {
        "nhs_number",
        "family",
        "given",
        "day",
        "month",
        "year",
        "postcode",
    }
    assert "Check each digit." in page.text_content()


def test_results_have_no_banner_no_number_no_score_and_no_withheld_area() -> None:
    candidates = [
        Candidate("k1", "OKORO, Amara", "15-Jan-2026 (10m)", "Female", "NS4 7", "Strong match"),
        Candidate("k2", "OKORO, Amarachi", "15-Jan-2026 (10m)", "Female", "NS2 5", "Possible match",
                  (Agreement("kept", "Postcode not compared: location withheld"),), True),
    ]  # fmt: skip
    page = tree(results_page(maya.SERVICE, SEN, [("born", "15-Jan-2026")], candidates))

    assert not page.find_class("banner")
    assert "NS2 5" not in page.text_content()
    assert "999" not in page.text_content() and "0.9" not in page.text_content()
    assert [i.get("name") for i in page.iter("input") if i.get("required") is not None] == [
        "child",
        "child",
        "checked",
        "others",
    ]


def test_no_match_is_no_safe_match_and_says_that_it_proves_nothing() -> None:
    page = text(results_page(maya.SERVICE, SEN, [("born", "15-Jan-2026")], []))

    assert "No safe match" in page
    assert "That does not mean that nobody knows the child." in page


def test_a_refusal_shows_the_public_reason_and_a_number_and_nobody() -> None:
    page = text(refusal_page(maya.SERVICE, "No agreement covers this.", "01632 960110", "ab12", needs=True))

    assert "No agreement covers this." in page
    assert "01632 960110" in page and "ab12" in page and "Give a reason" in page
    assert "Sen" not in page


def test_an_error_says_that_nothing_is_known_either_way() -> None:
    assert "nothing is known either way" in text(error_page(maya.SERVICE, "4711"))
    assert "4711" in text(error_page(maya.SERVICE, "4711"))


def test_help_and_an_unknown_address_have_pages() -> None:
    assert "Diagonal stripes: not known." in text(help_page(maya.SERVICE))
    assert "There is no page here" in text(nothing_here_page(maya.SERVICE))


def test_every_field_has_a_label() -> None:
    for body in (
        find_page(maya.SERVICE, SEN),
        reason_page(maya.SERVICE, NEW, ["s47-enquiry"], {"s47-enquiry"}),
    ):
        page = tree(body)
        labelled = {label.get("for") for label in page.iter("label")}
        fields = [f for f in page.iter("input", "textarea") if f.get("type") != "hidden"]
        assert all(f.get("id") in labelled or f.getparent().tag == "label" for f in fields)


def test_every_form_is_posted_to_an_address_of_ours() -> None:
    bodies = [
        start_page(maya.SERVICE, [Staff("dr.sen", "Dr R. Sen", "ED registrar", "gp", "millbrook-gp")]),
        reason_page(maya.SERVICE, NEW, ["direct-care"]),
        find_page(maya.SERVICE, SEN),
        results_page(maya.SERVICE, SEN, [], [Candidate("k", "OKORO, Amara", "", "", "", "Strong match")]),
    ]
    forms = [form for body in bodies for form in tree(body).iter("form")]

    assert {form.get("action") for form in forms} == {"/sign-in", "/reason", "/find", "/lock"}
    assert {form.get("method") for form in forms} == {"post"}


def test_a_family_member_has_no_workplace() -> None:
    people = [Staff("ella.marsh", "Ella Marsh", "Young person", "young-person", "northshire-partnership")]

    assert "Partnership" not in text(start_page(maya.SERVICE, people))

"""The claims: what the rules make of each, and their pages."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from explainer.addresses import AddressError
from explainer.myths import MYTHS, Condition, Verdict, judged
from explainer.trying import KINDS
from feed.modes import platforms
from tests.disclosure.cast import PINNED, platform
from tests.explainer.pages import Element, read_page

# No test here asks for the database, so each fails on the first query.

EVERY = PINNED
TWITTERS = ("twitter", "twitter-2023", "x")

# Of the pinned platforms: where the claim is true, where false, where nobody documents it.
STANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "you-stay-in-the-list": ((), EVERY, ()),
    "permanent-after-a-day": ((), (), EVERY),
    "told-of-the-unlike": ((), EVERY, ()),
    "the-notice-always-disappears": (("instagram", "facebook"), (), TWITTERS),
    "the-alert-disappears-too": ((), (), EVERY),
    "quick-enough": ((), (), EVERY),
    "not-told-means-not-known": ((), EVERY, ()),
    "like-it-again": ((), (), EVERY),
    "an-app-tells-you": ((), EVERY, ()),
    "the-author-is-punished": ((), ("x",), ("instagram", "facebook", "twitter", "twitter-2023")),
    "nobody-else-hears-of-it": (TWITTERS, (), ("instagram", "facebook")),
    "posters-cannot-see-who": ((), EVERY, ()),
    "lemmy-votes-are-private": ((), (), ()),
    "bluesky-keeps-it-to-itself": ((), (), ()),
    "x-hides-counts": ((), ("x",), ()),
    "x-author-sees-no-names": ((), ("x",), ()),
    "x-likes-are-public": ((), ("x",), ()),
}


@pytest.mark.parametrize("slug", MYTHS)
def test_where_a_claim_is_true(slug: str) -> None:
    found = judged(slug)
    assert all(each.today for each in (*found.true, *found.false, *found.unknown))
    apart = dict(found.apart)
    assert not any(each.today for there in apart.values() for each in there)
    parts = {"True": found.true, "False": found.false, "Not documented": found.unknown}
    for part, expected in zip(parts, STANDS[slug], strict=True):
        there = {each.slug for each in (*parts[part], *apart.get(part, ()))}
        assert there & {*PINNED} == {*expected}, part


@pytest.mark.parametrize("slug", MYTHS)
def test_the_verdict_follows_from_the_numbers(slug: str) -> None:
    found = judged(slug)
    true, false, unknown = len(found.true), len(found.false), len(found.unknown)
    assert found.number == true + false + unknown
    expected = {
        (True, True, True): Verdict.DEPENDS,
        (True, True, False): Verdict.DEPENDS,
        (True, False, True): Verdict.TRUE,
        (True, False, False): Verdict.CONFIRMED,
        (False, True, True): Verdict.FALSE,
        (False, True, False): Verdict.REFUTED,
        (False, False, True): Verdict.UNKNOWN,
    }
    assert found.verdict is expected[bool(true), bool(false), bool(unknown)]
    if found.myth.on:
        assert found.number == len(found.myth.on)
    elif not found.myth.where:
        assert found.number == sum(each.today for each in platforms().values())


@pytest.mark.parametrize(
    ("slug", "verdict"),
    [
        ("you-stay-in-the-list", "refuted"),
        ("told-of-the-unlike", "false where it is known"),
        ("the-notice-always-disappears", "it depends"),
        ("the-alert-disappears-too", "false where it is known"),
        ("quick-enough", "false where it is known"),
        ("not-told-means-not-known", "it depends"),
        ("an-app-tells-you", "it depends"),
        ("the-author-is-punished", "false where it is known"),
        ("lemmy-votes-are-private", "refuted"),
        ("bluesky-keeps-it-to-itself", "refuted"),
        ("x-hides-counts", "refuted"),
    ],
)
def test_what_the_claims_come_to(slug: str, verdict: str) -> None:
    assert judged(slug).verdict == verdict


@pytest.mark.parametrize(
    ("condition", "rules", "holds"),
    [
        ({"is_": [True]}, {"inbox__again": True}, True),
        ({"is_": [True]}, {"inbox__again": False}, False),
        ({"is_not": [True]}, {"inbox__again": False}, True),
        ({"is_not": [False]}, {"inbox__again": False}, False),
    ],
)
def test_a_condition_on_a_rule(
    condition: dict[str, list[bool]], rules: dict[str, object], holds: bool
) -> None:
    made = Condition.model_validate({"rule": "inbox.again", **condition})
    assert made.holds(platform(**rules)) is holds


@pytest.mark.parametrize(("limit", "holds"), [(600, True), (86400, True), ("ever", False)])
def test_a_condition_on_a_number_of_seconds(limit: object, holds: bool) -> None:
    made = Condition.model_validate({"rule": "limits.undo_within", "at_most": 86400})
    assert made.holds(platform(limits__undo_within=limit)) is holds


@pytest.mark.parametrize(
    ("slug", "on", "part"),
    [
        ("permanent-after-a-day", "discourse", "true"),
        ("permanent-after-a-day", "mastodon", "false"),
        ("posters-cannot-see-who", "bookwyrm", "false"),
        ("posters-cannot-see-who", "forem", "false"),
        ("posters-cannot-see-who", "reddit", "true"),
        ("not-told-means-not-known", "reddit", "true"),
        # An assumption turns the wording there; that it can be known stays so.
        ("not-told-means-not-known", "threads", "false"),
        ("not-told-means-not-known", "tiktok", "false"),
        # The poster can tell that somebody took one back.
        ("not-told-means-not-known", "youtube", "false"),
    ],
)
def test_where_a_claim_stands_on_other_platforms(slug: str, on: str, part: str) -> None:
    found = judged(slug)
    parts = {"true": found.true, "false": found.false, "unknown": found.unknown}
    assert [name for name, there in parts.items() if platforms()[on] in there] == [part]


def test_a_condition_on_what_nobody_documents_holds_neither_way() -> None:
    made = Condition.model_validate({"rule": "inbox.again", "is_": [True]})
    assert platforms()["instagram"].inbox.again.assumed
    assert made.holds(platforms()["instagram"]) is None


@pytest.mark.parametrize(
    "bad",
    [
        {"rule": "inbox.agian", "is_": [True]},
        {"rule": "inbox.again"},
        {"rule": "inbox.again", "is_": [True], "is_not": [False]},
        {"rule": "limits.delay", "is_": [0], "at_most": 60},
    ],
)
def test_a_condition_that_says_nothing_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a condition has|there is no rule"):
        Condition.model_validate(bad)


def test_the_claims_are_whole() -> None:
    assert 10 <= len(MYTHS) == len(STANDS)
    for myth in MYTHS.values():
        assert myth.kind in KINDS
        assert {*myth.on} <= {*platforms()}
        try:
            myth.demo("instagram")
        except AddressError as error:
            pytest.fail(f"{myth.slug}: {error}")


def get(address: str, status: int = 200) -> HttpResponse:
    response = Client().get(address)
    assert response.status_code == status, address
    assert response.cookies == {}
    return response


def page(address: str, status: int = 200) -> Element:
    return read_page(get(address, status).content.decode())


def test_the_list_names_each_claim_with_its_verdict() -> None:
    cards = page("/myths/").all("a", css="asked")
    assert [(c["href"], c.one("b").text, c.one(css="judged").text) for c in cards] == [
        (f"/myths/{slug}/", f"“{myth.claim}”", judged(slug).verdict.capitalize())
        for slug, myth in MYTHS.items()
    ]
    assert [card.all("span")[-1].text for card in cards] == [judged(s).said for s in MYTHS]


@pytest.mark.parametrize("slug", MYTHS)
def test_a_claim_has_a_page_with_every_platform_and_a_demo(slug: str) -> None:
    found, verdict = page(f"/myths/{slug}/"), judged(slug)
    assert found.one("h1").text == f"“{MYTHS[slug].claim}”"
    assert found.one(css="judged").text == verdict.verdict.capitalize()
    assert found.one(css="case-said").text == verdict.said
    named = {
        part.one("dt").text: [a["href"] for a in part.all("a")]
        for part in found.one(css="stands-where").all("div")
    }
    assert named == {
        label: [f"?on={each.slug}" for each in there] for label, there in verdict.parts
    } | (
        {
            "Not of today, and not counted": [
                f"?on={each.slug}" for _, there in verdict.apart for each in there
            ]
        }
        if verdict.apart
        else {}
    )
    assert found.by_id("try-demo-title").text == "See for yourself"
    rules = found.all("button", css="case-rule")
    assert len(rules) == len(MYTHS[slug].conditions)
    assert all(found.by_id(button["popovertarget"]) for button in rules)


def test_no_claim_links_to_a_page_that_spreads_it() -> None:
    for slug in MYTHS:
        links = page(f"/myths/{slug}/").one("div", css="case-text").all("a")
        assert [a["href"] for a in links if not a["href"].startswith("?on=")] == []


def test_a_claim_is_shown_on_the_platform_of_the_address() -> None:
    found = page("/myths/like-it-again/?on=gotosocial")
    assert found.one(css="case-says").text == platforms()["gotosocial"].inbox.again.says
    assert found.by_id("try-demo-heart")["href"].startswith(
        "/myths/like-it-again/?on=gotosocial&demo.on=gotosocial&"
    )


@pytest.mark.parametrize(
    ("address", "status", "leads"),
    [
        ("/myths/like-it-again/?on=myspace", 400, "/myths/like-it-again/"),
        ("/myths/like-it-again/?demo.others=51", 400, "/myths/like-it-again/"),
        ("/myths/like-it-agian/", 404, "/myths/like-it-again/"),
        ("/myths/zzz/", 404, "/myths/"),
    ],
)
def test_a_bad_address_leads_on(address: str, status: int, leads: str) -> None:
    assert page(address, status).one(css="message").one("a")["href"] == leads


def test_anybody_may_keep_a_page() -> None:
    assert "public" in get("/myths/").headers["Cache-Control"]

"""The guide's own chapters: each claim of the source article in its place, with its demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from html import unescape
from urllib.parse import quote, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.html import strip_tags

from explainer.addresses import AddressError
from explainer.chapters import Chapter, Demonstration, Place, chapters
from explainer.controls import STEPS, SWITCHES
from explainer.demos import Demo, Where
from explainer.kinds import KINDS
from feed.modes import platforms
from tests.explainer.pages import read_page

CHAPTERS = [
    "introduction",
    "likes-and-unlikes",
    "what-the-server-does",
    "instagram",
    "facebook",
    "twitter-and-x",
    "open-networks",
    "what-people-read-into-it",
    "at-work",
    "habits-worth-having",
    "questions",
    "it-depends",
]

CLAIMS = """
A1  introduction#the-smallest-thing-you-can-say             phones
A2  likes-and-unlikes#one-press                             phones
A3  likes-and-unlikes#the-same-press-again                  phones
A4  what-the-server-does#when-you-like                      server
A5  what-the-server-does#when-you-unlike                    server
A6  what-the-server-does#whether-anybody-is-told            phones
A7  instagram#what-instagram-tells                          phones
A8  facebook#what-facebook-tells                            phones
A9  twitter-and-x#as-the-article-tells-it                   phones
A9  twitter-and-x#by-the-evidence                           phones
A9  twitter-and-x#x-today                                   phones
A10 what-people-read-into-it#a-friend                       relation
A10 what-people-read-into-it#your-family                    relation
A10 what-people-read-into-it#an-ex                          relation
A10 what-people-read-into-it#what-no-screen-can-say         relation
A11 at-work#a-colleague                                     relation
A11 at-work#a-client                                        relation
A11 at-work#your-boss                                       relation
A12 habits-worth-having#before-you-press                    before
A13 habits-worth-having#leave-people-their-reasons          phones
A13 habits-worth-having#do-not-go-hunting                   tracker
A15 questions#can-they-see-it                               count
A16 questions#and-if-they-never-look                        count
A17 questions#does-the-algorithm-notice                     sinking
A18 questions#how-much-does-one-unlike-weigh                parts
A19 questions#can-they-find-out-who-unliked                 phones
A20 questions#what-about-apps-that-promise-names            tracker
A21 questions#what-such-an-app-can-cost-you                 tracker
A22 questions#do-unlikes-hurt-a-post                        reach
A23 questions#do-they-count-against-the-whole-account       standing
A24 questions#what-should-you-watch                         insights
A25 questions#can-you-unlike-without-them-knowing           phones
A26 questions#does-any-platform-list-unlikes                everywhere
A27 questions#could-something-else-give-you-away            phones
A28 questions#how-do-platforms-handle-an-unlike             sinking
A29 questions#can-it-hurt-a-reputation                      standing
A30 questions#what-counts-besides                           parts
A14 it-depends#on-the-platform                              everywhere
A31 it-depends#what-happened-to-you                         none
"""
"""Which claim stands where, in the order of the guide, and the kind of demo beside it."""

BETS = [
    "instagram#what-instagram-tells",
    "twitter-and-x#x-today",
    "open-networks#two-servers-two-answers",
    "questions#can-you-unlike-without-them-knowing",
]
"""Where the reader bets first."""

MOST_CONTROLS = 3
FEWEST_WORDS, MOST_WORDS = 40, 200

FIRST_PERSON = re.compile(r"\b(I|[Mm]e|[Mm]y|[Mm]ine|[Ww]e|[Uu]s|[Oo]urs?)\b")
QUOTED = re.compile(r"“[^”]*”")


def places() -> Iterator[tuple[str, Chapter, Place]]:
    """Every place with its spot in the guide, in the order of reading."""
    for chapter in chapters().values():
        for place in chapter.places:
            yield f"{chapter.slug}#{place.slug}", chapter, place


def demos() -> Iterator[tuple[str, Demonstration]]:
    for spot, _, place in places():
        if place.front.demo:
            yield spot, place.front.demo


def words(html: str) -> str:
    return unescape(strip_tags(html))


def test_every_claim_stands_in_its_place_with_its_demo() -> None:
    table = [tuple(line.split()) for line in CLAIMS.strip().splitlines()]
    assert {claim for claim, _, _ in table} == {f"A{number}" for number in range(1, 32)}
    assert [
        (claim, spot, place.front.demo.kind if place.front.demo else "none")
        for spot, _, place in places()
        for claim in place.front.claims
    ] == table


def test_the_chapters_come_in_the_order_of_reading() -> None:
    assert list(chapters()) == CHAPTERS
    found = chapters().values()
    assert len({chapter.title for chapter in found}) == len(CHAPTERS)
    assert len({chapter.order for chapter in found}) == len(CHAPTERS)
    assert [chapter.slug for chapter in found if len(chapter.description) > 160] == []


def test_comments_stand_at_the_very_end() -> None:
    *_, (spot, _, place) = places()
    assert (spot, place.front.claims) == ("it-depends#what-happened-to-you", ("A31",))


def test_evidence_names_a_rule_of_a_platform() -> None:
    rules = {f"{slug}:{key}" for slug, each in platforms().items() for key in each.rules}
    named = [(spot, entry) for spot, _, place in places() for entry in place.front.evidence]
    assert named
    assert [(spot, entry) for spot, entry in named if entry not in rules] == []


def test_every_demo_begins_in_a_state_that_its_kind_draws() -> None:
    problems = []
    for spot, demo in demos():
        kind = KINDS[demo.kind]
        try:
            kind.draw(kind.read(QueryDict(demo.state), platforms(), Where()), platforms())
        except AddressError as error:
            problems.append(f"{spot}: {error}")
    assert problems == []


def test_a_state_has_only_parts_that_its_demo_has() -> None:
    """Another part would be passed over in silence."""
    strange = []
    for spot, demo in demos():
        query = QueryDict(demo.state)
        state = KINDS[demo.kind].read(query, platforms(), Where())
        if {*query} - {field.name for field in fields(state)}:
            strange.append(spot)
    assert strange == []


def test_a_demo_offers_few_controls_and_only_such_as_there_are() -> None:
    known = {"platform", *STEPS, *SWITCHES} - {"look"}
    strange = []
    for spot, demo in demos():
        state = KINDS[demo.kind].read(QueryDict(demo.state), platforms(), Where())
        allowed = known if isinstance(state, Demo) else set()
        if {*demo.controls} - allowed or len(demo.controls) > MOST_CONTROLS:
            strange.append(spot)
    assert strange == []


def test_what_a_demo_is_about_can_be_changed_in_it() -> None:
    """Who looks on, and who the poster is to you."""
    needs = {"third": "third", "relation": "who"}
    assert [
        spot for spot, demo in demos() if needs.get(demo.kind, "") not in ("", *demo.controls)
    ] == []


def test_titles_of_demos_in_a_chapter_differ() -> None:
    for chapter in chapters().values():
        titles = [place.front.demo.title for place in chapter.places if place.front.demo]
        assert len(titles) == len(set(titles)), chapter.slug


def leads_nowhere(href: str) -> bool:
    """Whether a link of the guide misses its page, its chapter or the place in it."""
    target = urlsplit(href)
    if target.scheme == "https":
        return False
    try:
        page = resolve(target.path)
    except Resolver404:
        return True
    if page.view_name == "explainer:chapter":
        chapter = chapters().get(page.kwargs["slug"])
        spots = {"", *(place.slug for place in chapter.places)} if chapter else set()
        return target.fragment not in spots
    if page.view_name == "explainer:platform" and page.kwargs["slug"] not in platforms():
        return True
    return bool(target.fragment)


def test_links_lead_somewhere() -> None:
    texts = [(spot, place.html) for spot, _, place in places()]
    texts += [(chapter.slug, chapter.opening) for chapter in chapters().values()]
    links = [(spot, href) for spot, html in texts for href in re.findall(r'href="([^"]*)"', html)]
    assert len(links) > len(CHAPTERS) / 2
    assert [(spot, href) for spot, href in links if leads_nowhere(href)] == []


@pytest.mark.parametrize(
    "href",
    [
        "/guide/instagrm/",
        "/guide/instagram/#what-instagram-tels",
        "/platforms/myspace/",
        "/gide/",
        "instagram/",
        "#what-instagram-tells",
        "javascript:alert(1)",
    ],
)
def test_a_link_that_leads_nowhere_is_found(href: str) -> None:
    assert leads_nowhere(href)


def test_places_are_neither_a_remark_nor_an_essay() -> None:
    lengths = {spot: len(words(place.html).split()) for spot, _, place in places()}
    assert {
        spot: length for spot, length in lengths.items() if not FEWEST_WORDS <= length <= MOST_WORDS
    } == {}


def test_the_guide_speaks_to_you_and_of_nobody_else() -> None:
    """Nobody says “I” or “we” outside a quotation, nobody shouts, and quotes are typographic."""
    texts = {spot: f"{place.title}\n{words(place.html)}" for spot, _, place in places()}
    texts |= {
        chapter.slug: f"{chapter.title}\n{chapter.description}\n{words(chapter.opening)}"
        for chapter in chapters().values()
    }
    texts |= {f"{spot} demo": demo.title for spot, demo in demos()}
    assert {spot for spot, text in texts.items() if FIRST_PERSON.search(QUOTED.sub("", text))} == (
        set()
    )
    assert {spot for spot, text in texts.items() if {*text} & {*"!'\""}} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_chapter_is_drawn_with_its_claims_its_demos_and_its_evidence(slug: str) -> None:
    found = read_page(Client().get(f"/guide/{quote(slug)}/").content.decode())
    chapter = chapters()[slug]
    drawn = found.all("section", css="place")
    assert [
        (
            each["id"],
            each.get("data-claims"),
            len(each.all(css="small")),
            len(each.all(css="place-rule")),
            bool(each.all(css="small-finding") and "What do you think" in each.text),
        )
        for each in drawn
    ] == [
        (
            place.slug,
            " ".join(place.front.claims) or None,
            int(place.front.demo is not None),
            len(place.front.evidence),
            f"{slug}#{place.slug}" in BETS,
        )
        for place in chapter.places
    ]
    ids = [each["id"] for each in found.all(having="id")]
    assert sorted(ids) == sorted(set(ids))

"""Search: what is found first, what is marked, and what is said when nothing is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from explainer.chapters import chapters
from explainer.myths import MYTHS
from explainer.searching import KINDS, LONGEST, Entry, Index, index, search
from explainer.situations import ALL
from feed.disclosure.sentences import plain
from feed.modes import platforms
from feed.rules import TITLES
from tests.explainer.pages import Element, read_page

# No test here asks for the database, so each fails on the first query.


def get(query: str, status: int = 200, **more: str) -> HttpResponse:
    response = Client().get("/search/", {"q": query, **more})
    assert response.status_code == status
    assert response.cookies == {}
    return response


def page(query: str, status: int = 200, **more: str) -> Element:
    return read_page(get(query, status, **more).content.decode())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("notification", "/situations/notification-goes-away/"),
        ("if I unlike does the notification go away?", "/situations/notification-goes-away/"),
        ("NOTIFICATIONS", "/situations/notification-goes-away/"),
        ("tiktok video", "/situations/liked-a-video/"),
        ("blocked", "/situations/block-or-leave/"),
        ("tracker app", "/situations/an-app-that-tells/"),
        ("24 hours permanent", "/myths/permanent-after-a-day/"),
        ("lemmy private", "/myths/lemmy-votes-are-private/"),
        ("Takahē", "/platforms/takahe/"),
        ("takahe", "/platforms/takahe/"),
        ("diasp", "/platforms/diaspora/"),
        ("how long a push waits", "/platforms/instagram/#push-waits"),
        ("I tapped the heart by accident", "/situations/took-it-back-at-once/"),
        ("ex stalked story viewed", "/guide/what-people-read-into-it/#an-ex"),
        ("does he know i unliked", "/situations/told-of-the-unlike/"),
        ("can they see if I unlike", "/situations/told-of-the-unlike/"),
        ("the notice disappears", "/myths/the-notice-always-disappears/"),
        ("will I get busted", "/situations/told-of-the-unlike/"),
        ("undo an unfavourite notification", "/situations/notification-goes-away/"),
        ("accidentally liked a picture", "/situations/took-it-back-at-once/"),
        ("tik tok", "/platforms/tiktok/"),
        ("you tube", "/platforms/youtube/"),
    ],
)
def test_the_best_comes_first(query: str, first: str) -> None:
    assert search(query).hits[0].entry.address == first
    links = [title.one("a")["href"] for title in page(query).all("p", css="found-title")]
    assert links[0].partition("?")[0] == first
    assert len(links) == len(set(links))


@pytest.mark.parametrize(
    ("query", "on"),
    [
        ("can they see if I unlike instagram", "instagram"),
        ("Tik Tok told of the unlike", "tiktok"),
        ("told unliked x", "x"),
        ("twitter unlike told", "twitter-2023"),
    ],
)
def test_a_question_opens_on_the_platform_that_was_named(query: str, on: str) -> None:
    """Though no question holds its name, for each is answered for every platform."""
    links = [title.one("a")["href"] for title in page(query, on="vsco").all("p", css="found-title")]
    assert links[0] == f"/situations/told-of-the-unlike/?on={on}"
    assert [link for link in links if "on=vsco" in link] == []
    assert "/situations/told-of-the-unlike/" not in addresses(on)


@pytest.mark.parametrize("word", sorted({each.words.unliked for each in platforms().values()}))
def test_what_a_platform_calls_an_unlike_finds_it(word: str) -> None:
    assert addresses(word) == addresses("unliked")


def test_what_holds_more_of_the_words_comes_first() -> None:
    """No question is about an old photo that was liked by accident; one is about two of these."""
    found = addresses("accidentally liked old photo")
    assert "/situations/all-their-pictures/" in found[:3]
    assert found.index("/situations/all-their-pictures/") < found.index("/situations/a-colleague/")


def test_the_chapters_and_their_places_are_found() -> None:
    addresses = {entry.address for entry in index().entries}
    for chapter in chapters().values():
        assert f"/guide/{chapter.slug}/" in addresses
        assert {f"/guide/{chapter.slug}/#{place.slug}" for place in chapter.places} <= addresses
    places = sum(len(chapter.places) for chapter in chapters().values())
    parts = (ALL, MYTHS, platforms(), chapters(), TITLES)
    assert len(index().entries) == sum(map(len, parts)) + places


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("notification", ["notification"]),
        ("unliking go away", ["unlike", "go", "away"]),
        ("NOTIFÍCATION", ["notification"]),
    ],
)
def test_the_words_that_were_looked_for_are_marked(query: str, marked: list[str]) -> None:
    (hit,) = [h for h in search(query).hits if h.entry.address.endswith("/notification-goes-away/")]
    assert [span.text for span in hit.title if span.marked] == marked
    assert plain(hit.title) == ALL["notification-goes-away"].question
    titles = [
        title for title in page(query).all("p", css="found-title") if title.text == plain(hit.title)
    ]
    assert [mark.text for title in titles for mark in title.all("mark")] == marked


def test_what_holds_every_word_comes_before_what_holds_some() -> None:
    found = search("notification gone").hits
    both = [
        {
            w
            for w in ("notification", "gone")
            if w in f"{h.entry.title} {h.entry.text} {h.entry.more}"
        }
        for h in found
    ]
    sizes = [len(words) for words in both]
    assert sizes == sorted(sizes, reverse=True)
    assert {1, 2} == set(sizes)


def test_when_nothing_holds_every_word_what_holds_one_is_found() -> None:
    assert addresses("xyzzy qwfp accident") == addresses("accident")
    assert addresses("xyzzy qwfp plugh notification") == addresses("notification")


def addresses(query: str) -> list[str]:
    return [hit.entry.address for hit in search(query).hits]


@pytest.mark.parametrize("query", ["it’s he unliked", "didn’t she unliked", "liked, unliked"])
def test_common_words_do_not_count(query: str) -> None:
    assert search(query) == search("unliked")


@pytest.mark.parametrize(
    ("query", "words"), [("ex", {"ex"}), ("app", {"app", "apps", "app’s"}), ("go", {"go", "goes"})]
)
def test_a_short_word_is_found_as_a_whole(query: str, words: set[str]) -> None:
    spans = [span for hit in search(query).hits for span in (*hit.title, *hit.excerpt)]
    marked = {span.text.casefold() for span in spans if span.marked}
    assert query in marked
    assert marked <= words


def test_of_matches_that_are_alike_a_direct_answer_comes_first() -> None:
    same = {"title": "Same title", "text": "", "more": "", "address": "/"}
    kinds = ["Rule, as on Instagram", "Platform", "Guide, A chapter", "Guide", "Claim", "Question"]
    found = Index(Entry(kind=kind, **same) for kind in kinds)
    worth = [found.worth(number) for number in range(len(kinds))]
    assert worth == sorted(worth)
    assert len(set(worth)) == 5
    assert {entry.kind.split(",")[0] for entry in index().entries} == set(KINDS)
    hits = [hit.entry for hit in search("does he know i unliked").hits]
    assert [hit.kind for hit in hits[:3]] == ["Question", "Question", "Claim"]


def test_the_platform_stays_in_the_questions_and_in_the_form() -> None:
    found = page("unliked", on="tiktok")
    links = [title.one("a")["href"] for title in found.all("p", css="found-title")]
    questions = [link for link in links if link.startswith("/situations/")]
    assert links == [
        f"{address}?on=tiktok" if address.startswith("/situations/") else address
        for address in addresses("unliked")
    ]
    assert questions
    field = found.one("form", css="find").all("input")[1]
    assert (field["type"], field["name"], field["value"]) == ("hidden", "on", "tiktok")


def test_the_platform_stays_when_nothing_is_found() -> None:
    found = page("instagramm", on="tiktok")
    near = found.one("header", css="asked-head").one("a")
    assert near["href"] == "?q=instagram&on=tiktok"
    assert found.one(css="lists").all("a")[0]["href"] == "/situations/?on=tiktok"


@pytest.mark.parametrize("on", ["", "nowhere", '"><b>'])
def test_an_unknown_platform_is_ignored(on: str) -> None:
    assert get("unliked", on=on).content == get("unliked").content


@pytest.mark.parametrize("block", ["asked-page", "asked-head"])
def test_the_page_shrinks_with_its_screen(block: str) -> None:
    """A column of a grid is else as wide as its field and button: 353 of 320 px."""
    css = Path(settings.BASE_DIR, "static/css/situations.css").read_text(encoding="utf-8")
    (rules,) = re.findall(rf"\.{block} {{([^}}]*)}}", css)
    assert "grid-template-columns: minmax(0, 1fr);" in rules


def test_a_text_is_cut_around_the_word() -> None:
    hit = next(h for h in search("archives").hits if h.entry.address.endswith("/somebody-known/"))
    excerpt = plain(hit.excerpt)
    assert "web archives" in excerpt
    assert excerpt.startswith("… ")
    assert len(excerpt) < 180


@pytest.mark.parametrize(
    ("query", "near"),
    [("instagramm", "instagram"), ("notifcation", "notification"), ("nstagram", ""), ("🙂", "")],
)
def test_when_nothing_is_found_the_nearest_and_the_lists_are_offered(query: str, near: str) -> None:
    found = page(query)
    assert found.one(css="found-number").text == f"Nothing was found for “{query}”."
    assert [a["href"] for a in found.one("header", css="asked-head").all("a")] == (
        [f"?q={near}"] if near else []
    )
    assert [a["href"] for a in found.one(css="lists").all("a")] == [
        "/situations/",
        "/myths/",
        "/guide/",
        "/platforms/",
    ]


@pytest.mark.parametrize("query", ["", "   "])
def test_an_empty_query_offers_the_lists(query: str) -> None:
    found = page(query)
    assert found.all(css="found-number") == []
    assert len(found.one(css="lists").all("a")) == 4
    assert found.one("form", css="find")["action"] == "/search/"


def test_the_query_stands_in_the_field_and_nothing_of_it_is_html() -> None:
    found = page('<b>"like"</b>')
    assert found.by_id("q")["value"] == '<b>"like"</b>'
    assert found.one("h1").text == "Search"


@pytest.mark.parametrize("query", ["\0", "\ud7ff", "%", "a" * LONGEST, "’", "٣", "_"])
def test_no_query_breaks_it(query: str) -> None:
    assert page(query).one("h1").text == "Search"


def test_a_query_that_is_too_long_is_refused() -> None:
    message = page("a" * (LONGEST + 1), 400).one(css="message")
    assert message.all("p")[0].text == "“q” has 101 characters; there is room for 100."
    assert message.one("a")["href"] == "/search/"


def test_anybody_may_keep_a_page() -> None:
    assert "public" in get("like").headers["Cache-Control"]

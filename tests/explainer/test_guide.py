"""A chapter's page: its places, its demos side by side, and who may keep it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from explainer import chapters as module
from feed.modes import platforms
from tests.explainer.pages import Element, read_page

CHAPTER = """+++
title = "A chapter"
order = 1
description = "What it is about."

[places.count]
claims = ["A15", "A16"]
evidence = ["x:insights.unlikes"]

[places.count.demo]
kind = "count"
title = "Watch it fall"
state = "on=instagram&did=look-like-look"
controls = ["look", "other", "undo"]

[places.bet.demo]
kind = "phones"
title = "Say first"
state = "on=x&did=look-like-look-unlike-look"
controls = ["platform", "alerts"]
predict = true
+++
It begins.

## Count

Text about the count.

## Alone

Text alone.

## Bet

Text about a bet.
"""
AFTER = CHAPTER.replace("A chapter", "The next").replace("order = 1", "order = 2")
PATH = "/guide/one/"

pytestmark = pytest.mark.django_db  # a chapter counts its comments


@pytest.fixture(autouse=True)
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "one.md").write_text(CHAPTER, encoding="utf-8")
    (tmp_path / "two.md").write_text(AFTER, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    module.chapters.cache_clear()
    yield
    module.chapters.cache_clear()


def ask(address: str = PATH, **headers: str) -> HttpResponse:
    return Client().get(address, headers=headers)


def page(address: str = PATH, **headers: str) -> Element:
    return read_page(ask(address, **headers).content.decode())


def said(page: Element, spot: str) -> str:
    return page.by_id(spot).one(having="data-announce").text


def test_the_guide_lists_its_chapters_in_order() -> None:
    links = page("/guide/").all("a", css="contents-chapter")
    assert [(link["href"], link.one("b").text) for link in links] == [
        ("/guide/one/", "A chapter"),
        ("/guide/two/", "The next"),
    ]


def test_a_chapter_has_its_places_and_the_claims_that_they_carry() -> None:
    found = page()
    assert found.one("h1").text == "A chapter"
    places = found.all("section", css="place")
    assert [(place["id"], place.get("data-claims")) for place in places] == [
        ("count", "A15 A16"),
        ("alone", None),
        ("bet", None),
    ]
    assert [bool(place.all(css="small")) for place in places] == [True, False, True]
    evidence = places[0].one(css="place-evidence").one("button")
    assert evidence.text == "X, a number of unlikes is given"
    assert found.by_id(evidence["popovertarget"]).one("h2").text == "A number of unlikes is given"
    assert [link["href"] for link in found.one(css="chapter-next").all("a")] == ["/guide/two/"]


def test_a_demo_begins_as_its_chapter_says() -> None:
    found = page()
    assert [each.text for each in found.by_id("try-count").all("b", css="look-number")] == [
        "7",
        "8",
    ]
    assert said(found, "try-count") == "Ben knows that you like it."


def test_a_press_leads_to_the_next_state_and_leaves_the_other_demo_alone() -> None:
    count = page().by_id("try-count")
    unlike = count.by_id("try-count-press")["href"]
    assert unlike == ("/guide/one/?count.on=instagram&count.did=look-like-look-unlike#try-count")
    after = page(unlike)
    look = after.by_id("try-count-look")["href"]
    assert said(page(look), "try-count") == (
        "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
    )
    assert said(page(look), "try-bet") == "What do you think Ben can tell?"
    assert after.by_id("try-count-undo")["href"] == (
        "/guide/one/?count.on=instagram&count.did=look-like-look#try-count"
    )


def test_links_of_one_demo_keep_the_state_of_the_other() -> None:
    found = page(f"{PATH}?count.on=x&count.did=look&fbclid=1&nothing.on=x")
    bet = found.by_id("try-bet-bet-you")["href"]
    assert bet == f"{PATH}?count.on=x&count.did=look&bet.on=x&bet.bet=you#try-bet"
    both = page(bet)
    assert said(both, "try-count") == "You have not liked it, so there is nothing to tell."
    assert both.by_id("try-bet").one(css="small-bet").text == "You said: that it was you. So it is."


def test_nothing_is_told_before_a_bet_and_all_of_it_after() -> None:
    before, after = page(), page(f"{PATH}?bet.on=x&bet.bet=nothing")
    assert before.by_id("try-bet").all(css="theirs") == []
    assert before.by_id("try-bet").all(css="ladder") == []
    told = after.by_id("try-bet")
    assert len(told.all(css="theirs")) == 2
    assert told.one(css="small-bet").text == "You said: nothing at all. Not so."


def test_a_form_leads_to_the_platforms_that_are_not_a_press_away() -> None:
    found = page(f"{PATH}?count.on=x&count.did=look&bet.on=x&bet.did=like&bet.flip=push.recalled")
    form = found.by_id("try-bet").one("form", css="small-more")
    assert form["action"] == f"{PATH}#try-bet"
    kept = [(field["name"], field["value"]) for field in form.all("input")]
    assert kept == [("count.on", "x"), ("count.did", "look"), ("bet.did", "like")]
    assert form.one("select")["name"] == "bet.on"
    offered = [option["value"] for option in form.all("option")]
    at_once = [link["id"] for link in found.by_id("try-bet").all("a", css="choice")]
    assert "mastodon" in offered
    assert sorted(offered) == sorted(s for s in platforms() if f"try-bet-on-{s}" not in at_once)
    chosen = page(f"{PATH}?{urlencode([*kept, ('bet.on', 'mastodon')])}")
    assert chosen.by_id("try-bet-on-mastodon").get("aria-current") == "true"


def test_with_script_only_the_demo_is_sent_and_the_window_gets_both_states() -> None:
    window = f"http://testserver{PATH}?bet.on=x&bet.bet=you&count.on=facebook"
    address = f"{PATH}?count.on=x&count.did=look"
    response = ask(
        address, **{"HX-Request": "true", "HX-Target": "try-count", "HX-Current-URL": window}
    )
    part = read_page(response.content.decode())
    assert [each["id"] for each in part.all("section")] == ["try-count"]
    assert response.headers["HX-Push-Url"] == (
        f"{PATH}?count.on=x&count.did=look&bet.on=x&bet.bet=you"
    )
    assert part.by_id("try-count-press")["href"] == (
        f"{PATH}?bet.on=x&bet.bet=you&count.on=x&count.did=look-like#try-count"
    )
    assert "public" not in response.headers.get("Cache-Control", "")


def test_a_page_from_history_is_whole() -> None:
    found = page(
        **{
            "HX-Request": "true",
            "HX-Target": "try-count",
            "HX-History-Restore-Request": "true",
        }
    )
    assert found.one("h1").text == "A chapter"


def test_every_id_is_there_once_and_every_popover_has_its_button() -> None:
    found = page(f"{PATH}?bet.on=x&bet.bet=you")
    ids = [each["id"] for each in found.all(having="id")]
    assert len(ids) == len(set(ids))
    targets = {each["popovertarget"] for each in found.all(having="popovertarget")}
    assert targets <= set(ids)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("count.on=myspace", "“on” names no platform"),
        ("count.on=x&count.did=unlike", "takes back a like that is not there"),
        ("bet.on=x&bet.bet=maybe", "“bet” can be open, nothing, someone or you."),
    ],
)
def test_a_bad_address_says_what_is_wrong(query: str, problem: str) -> None:
    response = ask(f"{PATH}?{query}")
    assert response.status_code == 400
    message = read_page(response.content.decode()).one(css="message")
    assert problem in message.text
    assert [link["href"] for link in message.all("a")] == [PATH]


@pytest.mark.parametrize("slug", ["three", "One", "one\0", quote("größe")])
def test_a_chapter_that_is_none_is_not_found(slug: str) -> None:
    assert ask(f"/guide/{slug}/").status_code == 404


@pytest.mark.parametrize("path", ["/guide/", PATH])
def test_anybody_may_keep_a_page_and_asks_only_whether_it_changed(path: str) -> None:
    response = ask(path)
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert response.cookies == {}
    assert "Cookie" not in response.headers["Vary"]
    again = ask(path, **{"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(path, **{"If-None-Match": '"another"'}).status_code == 200


def test_a_folded_demo_is_drawn_once_its_link_is_followed(tmp_path: Path) -> None:
    folded = CHAPTER.replace('title = "Watch it fall"', 'title = "Watch it fall"\nfolded = true')
    (tmp_path / "one.md").write_text(folded, encoding="utf-8")
    module.chapters.cache_clear()
    shut = page().by_id("try-count")
    assert (shut.one("h3").text, shut.all(css="look")) == ("Watch it fall", [])
    link = shut.by_id("try-count-open")
    assert link["href"] == f"{PATH}?count.on=instagram&count.did=look-like-look#try-count"
    assert len(page(link["href"]).by_id("try-count").all(css="look-number")) == 2
    part = page(link["href"], **{"HX-Request": "true", "HX-Target": "try-count"})
    assert len(part.by_id("try-count").all(css="look-number")) == 2
    assert "folded" not in page(link["href"]).by_id("try-count")["class"]

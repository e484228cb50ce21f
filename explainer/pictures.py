"""Pictures for links: what a page says, drawn for wherever its address is shared.

Lengths are in pixels of the finished picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby

from django.conf import settings
from PIL import Image, ImageOps

from feed.disclosure.sentences import Sentence, Span
from feed.disclosure.trace import Outcome

from .demos import PRESSES, SeatShown, Step
from .pens import (
    EDGE_INK,
    HEART,
    INK,
    LINE,
    MARK,
    MUTED,
    ON_INK,
    ON_MARK,
    PAPER,
    RAISED,
    RAISED_INK,
    RAISED_INK_2,
    TWICE,
    Face,
    Pen,
    display,
    text,
    width,
)
from .scenes import Scene

SITE = "Can they tell?"
WIDTH, HEIGHT = 1200, 630
MOST_KEPT = 64
"""Finished pictures that are held in memory, of some 100 kB each."""

PHOTO = settings.BASE_DIR / "static" / "photos" / "harbour-skyline-at-dusk.jpg"

# What is said lies on a sheet that grows upwards from its lower edge.
SHEET = (64, 1136)
SHEET_BOTTOM, SHEET_PAD = 594, 40
TALLEST = 168
SIZES = (58, 54, 50, 46, 43, 40, 37, 34, 31, 28, 25, 22)
LEADING = 1.2

PHONES_END = 560  # behind the sheet
ROW, DOT, TALLY = 56, 62, 84
"""How far apart lines and dots are, and how high the number is."""
DOTS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a picture says. ``rungs`` are the labels of the ladder with their states."""

    said: Sentence
    more: str = ""
    platform: str = ""
    accent: str = HEART
    rungs: tuple[tuple[str, str], ...] = ()
    liked: bool = False
    icon: str = "heart"
    rows: tuple[str, ...] = ()  # an Outcome for each line on the poster's phone
    tally: tuple[str, ...] = ()  # the number at the look before and now, as they are written
    beats: tuple[Step, ...] = ()


def card_of_scene(scene: Scene) -> Card:
    """The finding of a demo, and what its phones come to."""
    side, told = scene.side, scene.demo.seat is SeatShown.POSTER
    tally = side.tally
    before = (tally.before,) if tally.changed and tally.before else ()
    return Card(
        said=(Span(" ".join(side.conclusions)),) if told else side.verdict,
        platform=scene.platform.label,
        accent=scene.platform.accent,
        rungs=() if told else tuple((rung.label, rung.state) for rung in side.ladder),
        liked=scene.face.liked,
        icon=scene.icon,
        rows=tuple(row.kind for row in (*side.lock_screen, *side.activity)),
        tally=(*before, tally.written) if tally.written else (),
        beats=scene.demo.did,
    )


def card_of_page(title: str, description: str) -> Card:
    return Card(said=(Span(title),), more=description)


@lru_cache(maxsize=MOST_KEPT)
def draw(card: Card) -> bytes:
    """The picture as PNG."""
    lines, size = _fitted(card)
    canvas = _background().copy()
    pen = Pen(canvas)
    top = SHEET_BOTTOM - _height(card, lines, size)
    _top_line(pen, card)
    _your_phone(pen, canvas, card, top)
    _their_phone(pen, card, top)
    _seam(pen, card, top)
    _sheet(pen, card, lines, size, top)
    small = canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG", compress_level=7)
    return out.getvalue()


# The sentence

Word = tuple[Span, ...]
"""What stands between two blanks: of several pieces where a mark begins or ends within."""


def _words(sentence: Sentence) -> list[Word]:
    words: list[list[Span]] = [[]]
    for span in sentence:
        first, *rest = re.split(r"\s+", span.text)
        for number, piece in enumerate((first, *rest)):
            if number:
                words.append([])
            if piece:
                words[-1].append(Span(piece, span.marked))
    return [tuple(word) for word in words if word]


def _measure(word: Word, face: Face) -> float:
    return sum(width(piece.text, face) for piece in word)


def _lines(words: Sequence[Word], face: Face, room: float) -> list[list[Word]]:
    blank, lines, filled = width(" ", face), list[list[Word]](), 0.0
    for word in words:
        wide = _measure(word, face)
        if lines and filled + blank + wide <= room:
            lines[-1].append(word)
            filled += blank + wide
        else:
            lines.append([word])
            filled = wide
    return lines


def _balanced(words: Sequence[Word], face: Face, room: float) -> list[list[Word]]:
    """No more lines than needed, of much the same length."""
    number, narrow = len(_lines(words, face, room)), room
    while narrow > room / 2 and len(_lines(words, face, narrow - 20)) == number:
        narrow -= 20
    return _lines(words, face, narrow)


def _fitted(card: Card) -> tuple[list[list[Word]], int]:
    """The lines of what is said, and the largest size at which they fit."""
    words, room = _words(card.said), SHEET[1] - SHEET[0] - 2 * SHEET_PAD
    for size in SIZES:
        lines = _balanced(words, display(size), room)
        if len(lines) * size * LEADING <= TALLEST:
            return lines, size
    most = int(TALLEST / size / LEADING)
    lines = _lines(words, display(size), room - width(" …", display(size)))[:most]
    lines[-1].append((Span("…"),))
    return lines, size


def _description(card: Card) -> list[list[Word]]:
    room = SHEET[1] - SHEET[0] - 2 * SHEET_PAD
    return _lines(_words((Span(card.more),)), text(27), room)[:3] if card.more else []


def _height(card: Card, lines: Sequence[object], size: int) -> float:
    more = 16 + len(_description(card)) * 36 if card.more else 0
    return 34 + len(lines) * size * LEADING + more + (88 if card.rungs else 36)


# The parts of the picture


@cache
def _background() -> Image.Image:
    canvas = Image.new("RGB", (WIDTH * TWICE, HEIGHT * TWICE), PAPER)
    Pen(canvas).box(WIDTH / 2, 0, WIDTH, HEIGHT, INK)
    return canvas


@cache
def _photo(wide: int, high: int) -> Image.Image:
    with Image.open(PHOTO) as photo:
        return ImageOps.fit(photo.convert("RGB"), (wide * TWICE, high * TWICE))


def _top_line(pen: Pen, card: Card) -> None:
    pen.logo(SHEET[0], 40, 32)
    pen.words(110, 67, SITE, display(32, 800), INK)
    if card.platform:
        face = text(28, 650)
        x = SHEET[1] - width(card.platform, face)
        pen.disc(x - 24, 57, 11, ON_INK)
        pen.disc(x - 24, 57, 9, card.accent)
        pen.words(x, 67, card.platform, face, ON_INK)


def _your_phone(pen: Pen, canvas: Image.Image, card: Card, sheet: float) -> None:
    left, top, right = 168, 108, 488
    pen.box(left - 1.5, top - 1.5, right + 1.5, PHONES_END, LINE, 43.5)
    pen.box(left, top, right, PHONES_END, "#ffffff", 42)
    pen.disc(left + 42, top + 44, 18, "#c7bfb2")
    pen.box(left + 72, top + 32, left + 176, top + 43, "#d3ccc1", 5.5)
    pen.box(left + 72, top + 49, left + 128, top + 57, LINE, 4)
    canvas.paste(_photo(right - left, 196), (left * TWICE, (top + 78) * TWICE))
    if sheet > top + 330:
        pen.icon(card.icon, left + 44, top + 306, 17, HEART if card.liked else None)
        pen.box(left + 80, top + 300, left + 200, top + 310, LINE, 5)


def _their_phone(pen: Pen, card: Card, sheet: float) -> None:
    """As many lines as there is room for above the sheet, and the number."""
    left, top, right = 712, 108, 1032
    pen.box(left - 1.5, top - 1.5, right + 1.5, PHONES_END, EDGE_INK, 43.5)
    pen.box(left, top, right, PHONES_END, "#0c0b10", 42)
    pen.box(left + 10, top + 10, right - 10, PHONES_END, RAISED_INK, 33)
    y = top + 28
    room = sheet - y - (TALLY if card.tally else 0)
    for kind in (card.rows or (Outcome.COMING,) * 2)[: int(room / ROW)]:
        _row(pen, kind, left + 24, y, right - 24)
        y += ROW
    if card.tally:
        _tally(pen, card.tally, left + 30, y + 52)


def _row(pen: Pen, kind: str, left: float, top: float, right: float) -> None:
    """A line on the poster's phone: there, hatched where it is withheld, or not yet there."""
    bottom, middle = top + 46, top + 23
    if kind in (Outcome.WITHHELD, Outcome.WITHDRAWN):
        pen.hatched(left, top, right, bottom)
        pen.eye(left + 26, middle, ON_INK)
        pen.line((left + 14, middle + 11), (left + 38, middle - 11), fill=ON_INK, thick=2.5)
        return
    there = kind == Outcome.SHOWN
    pen.box(left, top, right, bottom, RAISED_INK_2, 12)
    pen.disc(left + 26, middle, 13, HEART if there else EDGE_INK)
    pen.box(left + 52, middle - 10, left + 192, middle - 1, ON_INK if there else "#4a4556", 4.5)
    pen.box(left + 52, middle + 5, left + 136, middle + 12, "#6d6775" if there else EDGE_INK, 3.5)


def _tally(pen: Pen, tally: Sequence[str], x: float, base: float) -> None:
    face = display(52, 800)
    for number, written in enumerate(tally):
        if number:
            y = base - 18
            pen.line((x + 12, y), (x + 46, y), fill=ON_INK, thick=6)
            pen.polygon([(x + 38, y - 13), (x + 56, y), (x + 38, y + 13)], ON_INK)
            x += 70
        x = pen.words(x, base, written, face, ON_INK)


def _seam(pen: Pen, card: Card, sheet: float) -> None:
    """What happened, down to where the sheet begins."""
    room = min(DOTS_SHOWN, int((sheet - 112) / DOT))
    for number, step in enumerate(card.beats[-room:] if room > 0 else ()):
        x, y = WIDTH / 2, 140 + number * DOT
        fill = {Step.LIKE: HEART, Step.LOOK: MARK}.get(step, RAISED)
        pen.disc(x, y, 24, fill if step in (Step.LIKE, Step.LOOK) else INK)
        pen.disc(x, y, 22, fill)
        if step is Step.LOOK:
            pen.eye(x, y, ON_MARK)
        elif step in PRESSES:
            pen.icon(card.icon, x, y, 10, RAISED if step is Step.LIKE else None)
        else:
            pen.disc(x, y, 5, INK)


def _sheet(pen: Pen, card: Card, lines: Sequence[list[Word]], size: int, top: float) -> None:
    left, right = SHEET
    pen.box(left - 1.5, top - 1.5, right + 1.5, SHEET_BOTTOM + 1.5, LINE, 29.5)
    pen.box(left, top, right, SHEET_BOTTOM, RAISED, 28)
    face, x, y = display(size), left + SHEET_PAD, top + 34
    for line in lines:
        _line(pen, line, face, x, y + size * 0.92)
        y += size * LEADING
    y += 16
    for line in _description(card):
        said = " ".join(piece.text for word in line for piece in word)
        pen.words(x, y + 27, said, text(27), MUTED)
        y += 36
    if card.rungs:
        _ladder(pen, card.rungs, x, right - SHEET_PAD, SHEET_BOTTOM - 62)


def _line(pen: Pen, line: Sequence[Word], face: Face, x: float, base: float) -> None:
    """One line of what is said, with the marker under what is marked."""
    pieces: list[Span] = []
    for number, word in enumerate(line):
        if number:
            marked = line[number - 1][-1].marked and word[0].marked
            pieces.append(Span(" ", marked))
        pieces += word
    for marked, group in groupby(pieces, key=lambda piece: piece.marked):
        said = "".join(piece.text for piece in group)
        if marked:
            end, size = x + width(said, face), face.size
            pen.box(x - 6, base - size * 0.88, end + 6, base + size * 0.27, MARK, 9)
        x = pen.words(x, base, said, face, ON_MARK if marked else INK)


def _ladder(
    pen: Pen, rungs: Sequence[tuple[str, str]], left: float, right: float, top: float
) -> None:
    gap = 10
    wide = (right - left - gap * (len(rungs) - 1)) / len(rungs)
    for number, (label, state) in enumerate(rungs):
        x = left + number * (wide + gap)
        pen.box(x, top, x + wide, top + 8, LINE if state == "ahead" else MARK, 2)
        face = text(21, 700 if state == "here" else 550)
        if state == "here":
            pen.box(x, top + 15, x + width(label, face) + 16, top + 44, MARK, 6)
            pen.words(x + 8, top + 37, label, face, ON_MARK)
        else:
            pen.words(x, top + 37, label, face, MUTED)

"""A pen for pictures, in the letters, colours and marks of the site.

It draws at twice the size, for pictures that are made smaller when they are done, since Pillow
smooths no edges itself. Lengths are in pixels of the finished picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

TWICE = 2
FONTS = settings.BASE_DIR / "static" / "fonts"

PAPER, RAISED, INK, RAISED_INK, RAISED_INK_2 = "#f6f3ee", "#fffdfa", "#17151c", "#221f2a", "#2e2a38"
ON_INK, LINE, MUTED = "#f1edf7", "#e2dcd2", "#6d6775"
HEART, MARK, ON_MARK = "#f5244e", "#ffd84d", "#3b2f00"
EDGE_INK = "#3a3546"
HATCH, HATCH_EDGE = "#4a4556", "#8d8598"

HEART_BELOW = ((-0.96, -0.1), (0, -0.4), (0.96, -0.1), (0, 0.94))
STAR = (
    (0, -1), (0.29, -0.35), (1, -0.29), (0.47, 0.18), (0.63, 0.87),
    (0, 0.51), (-0.63, 0.87), (-0.47, 0.18), (-1, -0.29), (-0.29, -0.35),
)  # fmt: skip
ARROW = ((0, -1), (0.9, 0), (0.38, 0), (0.38, 0.9), (-0.38, 0.9), (-0.38, 0), (-0.9, 0))
THUMB = ((-0.48, 0.1), (0, -1), (0.38, -0.85), (0.25, -0.1))
"""Shapes from -1 to 1 each way."""


OTHERS = re.compile(r"(?P<ext>[\u0100-\u0130\u0132-\u0151\u0154-\u02ba]+)|[^ -~\u00a0·é–—‘’“”…]+")
"""What the first file of a font does not have, and of that what only the third one has."""


class Face(NamedTuple):
    """A font at a size in pixels and a weight."""

    family: str
    size: int
    weight: int


def display(size: int, weight: int = 770) -> Face:
    return Face("bricolage-grotesque", size, weight)


def text(size: int, weight: int = 500) -> Face:
    return Face("figtree", size, weight)


@cache
def _font(face: Face, letters: str) -> ImageFont.FreeTypeFont:
    path = FONTS / f"{face.family}-{letters}.woff2"
    font = ImageFont.truetype(path, face.size * TWICE, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([float(face.weight)])
    return font


def _runs(words: str, face: Face) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
    at = 0
    for found in OTHERS.finditer(words):
        yield words[at : found.start()], _font(face, "basic")
        yield found[0], _font(face, "latin-ext" if found["ext"] else "latin")
        at = found.end()
    yield words[at:], _font(face, "basic")


def width(words: str, face: Face) -> float:
    return sum(font.getlength(run) for run, font in _runs(words, face)) / TWICE


class Pen:
    """Draws in pixels of the finished picture."""

    def __init__(self, canvas: Image.Image) -> None:
        self.draw = ImageDraw.Draw(canvas)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: str,
        radius: float = 0,
    ) -> None:
        box = (left * TWICE, top * TWICE, right * TWICE - 1, bottom * TWICE - 1)
        self.draw.rounded_rectangle(box, radius * TWICE, fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.box(x - radius, y - radius, x + radius, y + radius, fill, radius)

    def words(self, x: float, base: float, words: str, face: Face, fill: str) -> float:
        """Writes on a base line; returns where it ends."""
        for run, font in _runs(words, face):
            self.draw.text((x * TWICE, base * TWICE), run, font=font, fill=fill, anchor="ls")
            x += font.getlength(run) / TWICE
        return x

    def polygon(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        self.draw.polygon([(x * TWICE, y * TWICE) for x, y in points], fill)

    def line(self, *points: tuple[float, float], fill: str, thick: float) -> None:
        self.draw.line([(x * TWICE, y * TWICE) for x, y in points], fill, round(thick * TWICE))

    def logo(self, left: float, top: float, wide: float) -> None:
        box = [length * TWICE for length in (left, top, left + wide, top + wide)]
        self.draw.pieslice(box, 90, 270, fill=HEART)
        self.draw.pieslice(box, 270, 90, fill=MARK)

    def eye(self, x: float, y: float, fill: str) -> None:
        box = [length * TWICE for length in (x - 12, y - 7.5, x + 12, y + 7.5)]
        self.draw.ellipse(box, outline=fill, width=round(2.5 * TWICE))
        self.disc(x, y, 3.5, fill)

    def hatched(self, left: float, top: float, right: float, bottom: float) -> None:
        high = bottom - top
        for step in range(int((right - left + high) / 9) + 1):
            x = left - high + step * 9
            start, end = max(x, left), min(x + high, right)
            if start < end:
                self.line(
                    (start, bottom - (start - x)), (end, bottom - (end - x)), fill=HATCH, thick=2
                )
        for x in range(int(left), int(right), 12):
            for y in (top, bottom):
                self.line((x, y), (min(x + 7, right), y), fill=HATCH_EDGE, thick=2)
        for y in range(int(top), int(bottom), 12):
            for x in (left, right):
                self.line((x, y), (x, min(y + 7, bottom)), fill=HATCH_EDGE, thick=2)

    def icon(self, name: str, x: float, y: float, size: float, fill: str | None) -> None:
        """A like as the platform draws it; without a fill only its outline, on paper."""
        self._solid(name, x, y, size, fill or INK)
        if fill is None:
            self._solid(name, x, y, size * 0.72, RAISED)

    def _solid(self, name: str, x: float, y: float, size: float, fill: str) -> None:
        shape = {"star": STAR, "arrow": ARROW, "thumb": THUMB}.get(name, HEART_BELOW)
        self.polygon([(x + across * size, y + down * size) for across, down in shape], fill)
        if name == "thumb":
            self.box(x - size, y - 0.1 * size, x - 0.6 * size, y + 0.9 * size, fill, 0.1 * size)
            self.box(
                x - 0.48 * size, y - 0.2 * size, x + 0.95 * size, y + 0.9 * size, fill, 0.3 * size
            )
        elif shape is HEART_BELOW:
            for side in (-0.5, 0.5):
                self.disc(x + side * size, y - 0.36 * size, 0.52 * size, fill)

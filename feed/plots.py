"""Plots as SVG: where lines and bars go, and the round numbers beside them.

A drawing is stretched to whatever width it gets, so it holds no words; its numbers and dates
stand around it as text of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise
from math import ceil, floor, log10
from typing import Literal, NamedTuple

HEIGHT = 100
COLUMN, GAP = 12, 2
"""How wide a bucket is in the drawing, and how much of that is left free beside its bar."""

TICKS = 4


Shape = Literal["steps", "bars"]


class Bar(NamedTuple):
    x: int
    y: float
    height: float


class Dot(NamedTuple):
    x: int
    y: float


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Numbers over time, at least one: a line of steps for a count, bars for what adds up.

    ``labels`` tell the time of each number, ``title`` and ``said`` the whole to those who do not
    see it. ``others`` are drawn as a second line for comparison.
    """

    id: str
    title: str
    said: str
    labels: Sequence[str]
    numbers: Sequence[float]
    shape: Shape
    others: Sequence[float] = ()

    @property
    def width(self) -> int:
        return COLUMN * len(self.numbers)

    @property
    def bar_width(self) -> int:
        return COLUMN - GAP

    @property
    def ends(self) -> tuple[str, str]:
        return self.labels[0], self.labels[-1]

    @cached_property
    def marks(self) -> tuple[float, ...]:
        """The round numbers beside it, from the lowest to the highest."""
        drawn = (*self.numbers, *self.others)
        low = 0 if self.shape == "bars" else min(drawn)
        return ticks(low, max(drawn), whole=all(isinstance(n, int) for n in drawn))

    @property
    def ticks(self) -> list[str]:
        """The same as they are written, from the top down."""
        return [written(mark) for mark in reversed(self.marks)]

    @property
    def grid(self) -> str:
        """A line across at each of them."""
        return "".join(f"M0 {self._down(mark):g}H{self.width}" for mark in self.marks)

    @property
    def columns(self) -> list[tuple[int, str]]:
        """Where the column of each number begins, and what it says."""
        said = zip(self.labels, self.numbers, strict=True)
        return [(at * COLUMN, f"{label}: {written(n)}") for at, (label, n) in enumerate(said)]

    @property
    def line(self) -> str:
        return self._steps(self.numbers) if self.shape == "steps" else ""

    @property
    def other_line(self) -> str:
        return self._steps(self.others) if self.others else ""

    @property
    def falls(self) -> list[Dot]:
        """Where a count is lower than before, unless it is the other line that matters."""
        if self.shape == "bars" or self.others:
            return []
        steps = enumerate(pairwise(self.numbers), start=1)
        return [Dot(p * COLUMN, self._down(n)) for p, (before, n) in steps if n < before]

    @property
    def bars(self) -> list[Bar]:
        if self.shape == "steps":
            return []
        tops = [self._down(number) for number in self.numbers]
        return [
            Bar(place * COLUMN + GAP // 2, y, round(HEIGHT - y, 1))
            for place, y in enumerate(tops)
            if y < HEIGHT
        ]

    def _steps(self, numbers: Sequence[float]) -> str:
        down = [self._down(number) for number in numbers]
        path = [f"M0 {down[0]:g}"]
        for place, (y, following) in enumerate(pairwise(down), start=1):
            if following != y:
                path.append(f"H{place * COLUMN}V{following:g}")
        return "".join([*path, f"H{self.width}"])

    def _down(self, number: float) -> float:
        """How far from the top."""
        low, high = self.marks[0], self.marks[-1]
        return round(HEIGHT * (high - number) / (high - low), 1)


def ticks(low: float, high: float, *, whole: bool = True, most: int = TICKS) -> tuple[float, ...]:
    """Round numbers at even distances around all that lies from ``low`` to ``high``.

    They are 1, 2 or 5 apart, or ten times that and so on, or, unless ``whole``, a tenth: as close
    to each other as ``most`` of them allow.
    """
    for step in _steps((high - low) / most, whole):
        first, last = floor(_tidy(low / step)), ceil(_tidy(high / step))
        if first == last:
            first, last = first - (low > 0), last + 1
        if last - first < most:
            return tuple(_tidy(number * step) for number in range(first, last + 1))
    raise AssertionError("There is always a larger step.")


def written(number: float) -> str:
    """1,200 or −0.4."""
    return f"{_tidy(number):,}".replace("-", "−")


def _steps(least: float, whole: bool) -> Iterator[float]:
    """1, 2, 5, 10 and so on, from no more than the least."""
    start = floor(log10(least)) if least > 0 else -1
    for power in count(max(start, 0) if whole else start):
        for step in (1, 2, 5):
            yield step * 10**power


def _tidy(number: float) -> float:
    """Without what binary fractions leave behind."""
    return round(number, 9)

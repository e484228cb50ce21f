"""Search over everything that the site says: one index, built once a process."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags

from feed.disclosure.sentences import Span
from feed.modes import platforms
from feed.rules import TITLES

from .chapters import chapters
from .myths import MYTHS
from .situations import ALL

LONGEST = 100
"""Characters of a query."""

MOST = 30
"""Results shown."""

EXCERPT = 160
"""Characters of a text around the first word that was found in it."""

SHORTEST = 3
"""Letters of a word that an ending is taken off."""

ENDINGS = ("’s", "'s", "ings", "ing", "ied", "ies", "ed", "es", "e", "s", "y")

WORD = re.compile(r"\w+(?:[’']\w+)*")

STOP = frozenset(
    WORD.findall(
        "a am an and are as at be been but by can did do does for from had has have he her his how "
        "i if in is it its me my not of on or our she so some that the their them then there they "
        "this to was we were what when where which who why will with you your"
    )
)
"""Words that are in nearly every sentence."""

IN_TITLE, IN_MORE, IN_TEXT = 5.0, 2.5, 1.0
EXACT = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found. ``more`` holds words that are not shown."""

    kind: str
    title: str
    text: str
    more: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A thing that was found; the words that were looked for are marked."""

    entry: Entry
    title: tuple[Span, ...]
    excerpt: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """``near`` is a word that there is, for one that there is not."""

    hits: tuple[Hit, ...] = ()
    number: int = 0
    near: str = ""


def search(query: str) -> Results:
    """What is found for a query of at most LONGEST characters, the best first.

    What holds the most of its words comes first; what holds less than half of them is left out.
    Words that are in nearly every sentence do not count, unless there are no others.
    """
    words = _words(query)
    telling = [word for word in words if len(word) > 1 and word not in STOP]
    stems = list(dict.fromkeys(map(_stem, telling or words)))
    scores = index().scores(stems)
    if not scores:
        return Results(near=index().near(words))
    most = max(len(found) for found in scores.values())
    ranked = sorted(
        (number for number, found in scores.items() if 2 * len(found) >= len(stems)),
        key=lambda number: (-len(scores[number]), -sum(scores[number].values()), number),
    )
    return Results(
        hits=tuple(_hit(index().entries[number], stems) for number in ranked[:MOST]),
        number=len(ranked),
        near=index().near(words) if most < len(stems) else "",
    )


class Index:
    """The words of all entries, and where each is."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self.entries):
            fields = ((entry.title, IN_TITLE), (entry.more, IN_MORE), (entry.text, IN_TEXT))
            for text, weight in fields:
                for word in set(_words(text)):
                    there = self.weights[word]
                    there[number] = max(weight, there.get(number, 0))

    @cached_property
    def stems(self) -> Mapping[str, str]:
        return {word: _stem(word) for word in self.weights}

    def scores(self, stems: Iterable[str]) -> dict[int, dict[str, float]]:
        """For each entry that holds one of the words at least, what each is worth there."""
        found: dict[int, dict[str, float]] = defaultdict(dict)
        for stem in stems:
            there = self._holding(stem)
            for number, weight in there.items():
                rarity = math.log(1 + len(self.entries) / len(there))
                found[number][stem] = weight * rarity
        return found

    def _holding(self, stem: str) -> dict[int, float]:
        """The entries with a word that begins so, and the most that one is worth there."""
        there: dict[int, float] = {}
        for word, weights in self.weights.items():
            if word.startswith(stem):
                exact = EXACT if self.stems[word] == stem else 1
                for number, weight in weights.items():
                    there[number] = max(weight * exact, there.get(number, 0))
        return there

    def near(self, words: Iterable[str]) -> str:
        """A word that is close to the first of these that nothing holds."""
        for word in words:
            if word in STOP or any(each.startswith(_stem(word)) for each in self.weights):
                continue
            if near := get_close_matches(word, self.weights, 1, 0.8):
                return near[0]
        return ""


@cache
def index() -> Index:
    return Index(_entries())


def _entries() -> Iterator[Entry]:
    for situation in ALL.values():
        yield Entry(
            kind="Question",
            title=situation.question,
            text=" ".join((situation.told, *situation.do, *situation.limits)),
            more=situation.also,
            address=reverse("explainer:situation", args=[situation.slug]),
        )
    for myth in MYTHS.values():
        yield Entry(
            kind="Claim",
            title=myth.claim,
            text=myth.about,
            more="myth claim true false",
            address=reverse("explainer:myth", args=[myth.slug]),
        )
    for platform in platforms().values():
        yield Entry(
            kind="Platform",
            title=platform.label,
            text=platform.note,
            more=f"{platform.name} {platform.slug}",
            address=reverse("explainer:platform", args=[platform.slug]),
        )
    for chapter in chapters().values():
        address = reverse("explainer:chapter", args=[chapter.slug])
        yield Entry(
            kind="Guide",
            title=chapter.title,
            text=f"{chapter.description} {_plain(chapter.opening)}",
            more="chapter",
            address=address,
        )
        for place in chapter.places:
            yield Entry(
                kind=f"Guide, {chapter.title}",
                title=place.title,
                text=_plain(place.html),
                more="",
                address=f"{address}#{place.slug}",
            )
    says = next(iter(platforms().values()))
    for key, title in TITLES.items():
        yield Entry(
            kind=f"Rule, as on {says.label}",
            title=title,
            text=says.rules[key].says,
            more=key.replace(".", " "),
            address=f"{reverse('explainer:platform', args=[says.slug])}#{key.replace('.', '-')}",
        )


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def _fold(text: str) -> str:
    """Small letters without accents; as many characters as there were, for marking."""
    return "".join((unicodedata.normalize("NFD", char)[:1].casefold() or char)[:1] for char in text)


def _words(text: str) -> list[str]:
    return WORD.findall(_fold(text))


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word


def _hit(entry: Entry, stems: list[str]) -> Hit:
    return Hit(
        entry=entry,
        title=_marked(entry.title, stems),
        excerpt=_marked(_excerpt(entry.text, stems), stems),
    )


def _excerpt(text: str, stems: list[str]) -> str:
    """The part of a text around the first of the words, cut between words."""
    if len(text) <= EXCERPT:
        return text
    first = next((at for at, _ in _found(text, stems)), 0)
    start = text.rfind(" ", 0, max(0, first - EXCERPT // 3)) + 1
    end = text.rfind(" ", start, start + EXCERPT) if start + EXCERPT < len(text) else len(text)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _found(text: str, stems: list[str]) -> Iterator[tuple[int, int]]:
    """Where the words are in a text."""
    for word in WORD.finditer(_fold(text)):
        if word[0].startswith(tuple(stems)):
            yield word.span()


def _marked(text: str, stems: list[str]) -> tuple[Span, ...]:
    spans, end = [], 0
    for start, stop in _found(text, stems):
        spans += [Span(text[end:start]), Span(text[start:stop], marked=True)]
        end = stop
    return tuple(span for span in (*spans, Span(text[end:])) if span.text)

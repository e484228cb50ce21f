"""Search over everything that the site says: one index, built once a process."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags

from feed.disclosure.platforms import Platform
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

WHOLE = 3
"""Letters of a word that is found only as a whole: “ex” is not in “explain”."""

ENDINGS = ("ally", "ings", "ing", "ied", "ies", "ed", "es", "e", "s", "y")

WORD = re.compile(r"\w+(?:[’']\w+)*")

STOP = frozenset(
    WORD.findall(
        "a am an and are as at be been but by can did didn do does doesn don for from had has "
        "have he her him his how i if in is isn it its me my not of on or our she so some that "
        "the their them then there they this to was we were what when where which who why will "
        "get got like liked likes liking with would you your"
    )
)
"""Words that are in nearly every sentence, or here on nearly every page."""

SAME = {
    stem: same
    for same, stems in {
        "accident": "accidental mistak",
        "go": "goe gone",
        "know": "bust caught knew see seen tell told",
        "photo": "pic pictur",
    }.items()
    for stem in stems.split()
}
"""Stems of words that people use for one another here, or that no ending leads to."""

KINDS = {"Question": 1.5, "Claim": 1.4, "Guide": 1.2, "Platform": 1.1, "Rule": 1.0}
"""What a match is worth in each kind: of matches that are alike, a direct answer comes first."""

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
class Asked:
    """A word that is looked for: ``whole`` if longer words that begin so are others."""

    stem: str
    whole: bool

    def is_in(self, word: str, stem: str) -> bool:
        return stem == self.stem or (not self.whole and word.startswith(self.stem))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A thing that was found; the words that were looked for are marked."""

    entry: Entry
    title: tuple[Span, ...]
    excerpt: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """``near`` is a word that there is, for one that there is not; ``on`` is the platform named."""

    hits: tuple[Hit, ...] = ()
    on: Platform | None = None
    number: int = 0
    near: str = ""


def search(query: str) -> Results:
    """What is found for a query of at most LONGEST characters, the best first.

    What holds every word comes first, then what holds the more and the rarer ones; what holds
    less than half as many as another is left out. Words that are in nearly every sentence do not
    count, unless there are no others. A question is answered for each platform, so it holds the
    name of every one.
    """
    words = _joined(_words(query))
    telling = [
        word for word in words if word in _names() or (len(word) > 1 and not _is_common(word))
    ]
    asked = list(dict.fromkeys(map(_asked, telling or words)))
    on = next((_names()[word] for word in words if word in _names()), None)
    scores = index().scores(asked, {_asked(word) for word in words if word in _names()})
    if not scores:
        return Results(near=index().near(words), on=on)
    most = max(len(found) for found in scores.values())
    least = most / 2
    ranked = sorted(
        (number for number, found in scores.items() if len(found) >= least),
        key=lambda number: (
            len(scores[number]) < len(asked),
            -index().worth(number) * len(scores[number]) * sum(scores[number].values()),
            number,
        ),
    )
    return Results(
        hits=tuple(_hit(index().entries[number], asked) for number in ranked[:MOST]),
        number=len(ranked),
        near=index().near(words) if most < len(asked) else "",
        on=on,
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

    def worth(self, number: int) -> float:
        kind, _, _ = self.entries[number].kind.partition(",")
        return KINDS[kind]

    def scores(self, asked: Iterable[Asked], names: Set[Asked]) -> dict[int, dict[Asked, float]]:
        """For each entry that holds one of the words at least, what each is worth there.

        ``names`` are the platforms' among them.
        """
        found: dict[int, dict[Asked, float]] = defaultdict(dict)
        implied: dict[Asked, float] = {}
        for one in asked:
            there = self._holding(one)
            rarity = math.log(1 + len(self.entries) / max(1, len(there)))
            for number, weight in there.items():
                found[number][one] = weight * rarity
            if one in names:
                implied[one] = IN_TITLE * rarity
        return {
            number: implied | there if self.entries[number].kind == "Question" else there
            for number, there in found.items()
        }

    def _holding(self, asked: Asked) -> dict[int, float]:
        """The entries that hold a word, and the most that it is worth there."""
        there: dict[int, float] = {}
        for word, weights in self.weights.items():
            if asked.is_in(word, self.stems[word]):
                exact = EXACT if self.stems[word] == asked.stem else 1
                for number, weight in weights.items():
                    there[number] = max(weight * exact, there.get(number, 0))
        return there

    def near(self, words: Iterable[str]) -> str:
        """A word that is close to the first of these that nothing holds, and begins alike."""
        for word in words:
            asked = _asked(word)
            if _is_common(word) or any(asked.is_in(*each) for each in self.stems.items()):
                continue
            alike = [each for each in self.weights if each[0] == word[0]]
            if near := get_close_matches(word, alike, 1, 0.8):
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


def _base(word: str) -> str:
    """A word without what follows its apostrophe: “it’s”, “didn’t”, “ex’s”."""
    return re.split("[’']", word, maxsplit=1)[0]


@cache
def _names() -> Mapping[str, Platform]:
    """The platforms by their names of one word; of periods of the same name the last in order."""
    return {
        _fold(name): each
        for each in platforms().values()
        for name in (each.slug, each.name)
        if name.isalpha()
    }


@cache
def _unlikes() -> frozenset[str]:
    """The stems of what the platforms call an unlike: unfavourite, unvote, …"""
    said = (
        word for each in platforms().values() for word in (each.words.unlike, each.words.unliked)
    )
    return frozenset(_cut(_fold(word)) for word in said if word.isalpha())


def _joined(words: list[str]) -> list[str]:
    """The words with a name that was written as two in one: “tik tok”."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] + word in _names():
            word = joined.pop() + word
        joined.append(word)
    return joined


def _is_common(word: str) -> bool:
    return _base(word) in STOP


def _stem(word: str) -> str:
    stem = _cut(_base(word))
    return "unlik" if stem in _unlikes() else SAME.get(stem, stem)


def _cut(word: str) -> str:
    """A word without its ending."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word


def _asked(word: str) -> Asked:
    return Asked(stem=_stem(word), whole=len(_base(word)) <= WHOLE)


def _hit(entry: Entry, asked: list[Asked]) -> Hit:
    return Hit(
        entry=entry,
        title=_marked(entry.title, asked),
        excerpt=_marked(_excerpt(entry.text, asked), asked),
    )


def _excerpt(text: str, asked: list[Asked]) -> str:
    """The part of a text around the first of the words, cut between words."""
    if len(text) <= EXCERPT:
        return text
    first = next((at for at, _ in _found(text, asked)), 0)
    start = text.rfind(" ", 0, max(0, first - EXCERPT // 3)) + 1
    end = text.rfind(" ", start, start + EXCERPT) if start + EXCERPT < len(text) else len(text)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _found(text: str, asked: list[Asked]) -> Iterator[tuple[int, int]]:
    """Where the words are in a text."""
    for word in WORD.finditer(_fold(text)):
        stem = _stem(word[0])
        if any(one.is_in(word[0], stem) for one in asked):
            yield word.span()


def _marked(text: str, asked: list[Asked]) -> tuple[Span, ...]:
    spans, end = [], 0
    for start, stop in _found(text, asked):
        spans += [Span(text[end:start]), Span(text[start:stop], marked=True)]
        end = stop
    return tuple(span for span in (*spans, Span(text[end:])) if span.text)

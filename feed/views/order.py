"""Why the feed is in this order: each score with its parts, and what changes without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from django.http import HttpResponse, QueryDict
from django.utils.text import get_text_list
from django.views.decorators.http import require_safe

from feed import visits
from feed.cards import ago, called
from feed.disclosure import rank
from feed.disclosure.platforms import Platform
from feed.disclosure.rank import SIGNALS, Off, Part, ordinal
from feed.disclosure.sentences import Named
from feed.models import Photo
from feed.ranking import Kept, Ranked, Ranking, ranked, reason
from feed.rules import RuleCard, rule_card, rule_cards
from feed.views.common import around, page_of_the_room
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

SHOWN = 20
WIDTH, HEIGHT = 400, 10


class Segment(NamedTuple):
    """A part of a score, drawn. ``kind`` is up or down, or for hearts likes or unlikes."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A part of a score in words and numbers."""

    name: str
    label: str
    of: str
    points: str
    rule: RuleCard

    @property
    def counts(self) -> bool:
        return self.points != "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    ranked: Ranked
    photo: Photo
    poster: Named
    ago: str
    said: str
    points: str
    lines: tuple[Line, ...]
    bar: tuple[Segment, ...]
    zero: float

    @property
    def told(self) -> tuple[Line, ...]:
        """The parts that come to anything."""
        return tuple(line for line in self.lines if line.counts)

    @property
    def moved(self) -> int:
        """How many places up it is for what is left out, or down for your unlikes."""
        return self.ranked.moved or -max(0, self.ranked.lowered)

    @property
    def places(self) -> int:
        return abs(self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    name: str
    label: str
    off: bool
    weight: str
    rule: RuleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A photo that does not reach you. ``reach`` is of its poster's followers."""

    photo: Photo
    poster: Named
    took_back: str
    reach: str


@require_safe
@page_of_the_room
def order(request: HtmxHttpRequest) -> HttpResponse:
    visit = visits.to_read(request)
    off = left_out(request.GET)
    found = ranked(
        visit.room, visit.you, visit.platform, visit.at, limit=SHOWN, off=off, kept=SHOWN
    )
    photos = found.photos(visit.room, visit.you)
    rows = _rows(visit, found, photos, off)
    near = around(visit)
    context = {
        **near,
        "rules": (*near["rules"], *rule_cards(visit.platform, RULES)),
        "switches": _switches(visit.platform, off),
        "off": off,
        "rows": rows,
        "changed": sum(row.ranked.moved != 0 for row in rows),
        "total": found.total,
        "hidden": [
            _hidden(visit, kept, photos[kept.number])
            for kept in found.kept
            if kept.number in photos
        ],
        "reach": rule_card(visit.platform, "ranking.reach"),
        "evidence": _evidence(visit.platform),
        "unlike": rule_card(visit.platform, "ranking.unlike"),
        "unlike_counts": visit.platform.ranking.unlike.holds != 0,
    }
    return render_page(request, "feed/order.html", context, partial="feed")


RULES = (*SIGNALS.values(), "ranking.reach")


def left_out(query: QueryDict) -> Off:
    """The signals of the address that are left out; what is none counts as not there."""
    return frozenset(query.getlist("off")) & SIGNALS.keys()


def labels(platform: Platform) -> dict[str, str]:
    """What the signals are called on the platform."""
    return {
        "likes": f"Your {platform.words.likes}",
        "unlikes": f"Your {platform.words.unlike}s",
        "comments": "Your comments",
        "shares": "Your shares",
        "time": "Time you spent",
        "standing": "The account’s standing",
        "others": "What others did",
        "age": "Its age",
    }


def signed(points: float) -> str:
    """With its sign and to a tenth: +3, −0.4, 0."""
    text = f"{points:+.1f}".replace("-", "−").removesuffix(".0")
    return "0" if text in ("+0", "−0") else text


def _rows(visit: Visit, found: Ranking, photos: Mapping[int, Photo], off: Off) -> list[Row]:
    page = [each for each in found.page if each.number in photos]
    scores = [rank.score(each.signals, visit.platform, off) for each in page]
    low, high = _reach_of([score.parts for score in scores])
    called_here = labels(visit.platform)

    def line(part: Part) -> Line:
        return Line(
            name=part.name,
            label=called_here[part.name],
            of=part.of,
            points=signed(part.points),
            rule=rule_card(visit.platform, part.key),
        )

    return [
        Row(
            ranked=each,
            photo=photo,
            poster=called(photo.poster),
            ago=ago(photo.posted_at, visit.at),
            said=f"Usually {ordinal(each.usual)}."
            if off
            else reason(each, photo, visit.you, visit.platform),
            points=signed(score.points),
            lines=tuple(line(part) for part in score.parts),
            bar=tuple(_bar(score.parts, low, high)),
            zero=_across(0, low, high),
        )
        for each, score in zip(page, scores, strict=True)
        for photo in [photos[each.number]]
    ]


def _reach_of(scores: Sequence[Sequence[Part]]) -> tuple[float, float]:
    """How far down and up the parts of any score go."""
    low = min((sum(p.points for p in parts if p.points < 0) for parts in scores), default=0.0)
    high = max((sum(p.points for p in parts if p.points > 0) for parts in scores), default=0.0)
    return low, high


def _across(points: float, low: float, high: float) -> float:
    return round((points - low) / ((high - low) or 1) * WIDTH, 1)


def _bar(parts: Sequence[Part], low: float, high: float) -> Iterator[Segment]:
    """What is added goes to the right of zero, part by part, and what is taken away to the left."""
    for up in (True, False):
        those = [part for part in parts if part.points and (part.points > 0) is up]
        ends = list(accumulate((part.points for part in those), initial=0.0))
        for part, start, end in zip(those, ends, ends[1:], strict=False):
            left, right = _across(min(start, end), low, high), _across(max(start, end), low, high)
            kind = part.name if part.name in ("likes", "unlikes") else "up" if up else "down"
            yield Segment(kind, left, round(right - left, 1))


def _switches(platform: Platform, off: Off) -> list[Switch]:
    return [
        Switch(
            name=name,
            label=label,
            off=name in off,
            weight=rule.answer if name == "others" else signed(platform.rules[rule.key].holds),
            rule=rule,
        )
        for name, label in labels(platform).items()
        for rule in [rule_card(platform, SIGNALS[name])]
    ]


def _hidden(visit: Visit, kept: Kept, photo: Photo) -> Hidden:
    words = visit.platform.words
    many = f"{kept.unlikes} {words.likes} of it were" if kept.unlikes > 1 else None
    return Hidden(
        photo=photo,
        poster=called(photo.poster),
        took_back=f"{many or f'One {words.like} of it was'} taken back",
        reach=f"{kept.reach:.0%}",
    )


def _evidence(platform: Platform) -> str:
    """What of the weights the platform published, and what is assumed here."""
    names = labels(platform) | {"reach": "reach"}
    assumed = {name: platform.rules[key].assumed for name, key in SIGNALS.items()}
    assumed["reach"] = platform.ranking.reach.assumed
    known = [names[name].lower() for name, is_assumed in assumed.items() if not is_assumed]
    if not known:
        return (
            f"{platform.name} has published none of these weights. It says what it looks at, and "
            "not how much that counts, so all of them are assumed here."
        )
    if len(known) == len(assumed):
        return f"All of these weights are documented for {platform.name}."
    return (
        f"{platform.name} has published part of this: the weights of "
        f"{get_text_list(known, 'and')} are from its own source code. The others are documented "
        "nowhere, so they are assumed here."
    )

"""A platform's own page: its rules by channel, how well they are known, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from feed.disclosure.disclose import Viewer, disclose
from feed.disclosure.infer import Exposure
from feed.disclosure.platforms import CHANNELS, PARTS, Audience, Platform, Seat
from feed.disclosure.sentences import RUNGS
from feed.rules import RuleCard, answer, rule_card

from .cast import CAST, YOU
from .demos import Demo
from .lenses import Lens, lenses
from .pairs import alike, differing, nearest

LASTS = timedelta(days=365)
"""How long evidence counts as fresh after it was gone through."""

HEADINGS = {
    "limits": "Time limits",
    "inbox": "In the app",
    "push": "On the lock screen",
    "mail": "By e-mail",
    "count": "The number",
    "likers": "The names",
    "unlikers": "Who took it back",
    "insights": "Figures for the poster",
    "developer": "What software is told",
    "network": "Beyond the platform",
    "profile": "On your profile",
    "figures": "What else the figures hold",
    "ranking": "The order of the feed",
}
CONFIDENCES = ("high", "medium", "low", "assumed")


def stale(platform: Platform, today: date) -> bool:
    """Whether the evidence was last gone through a year ago or earlier."""
    return today - platform.checked >= LASTS


# How well the rules are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of the rules of the channels, all known equally well; a piece of a bar 100 wide."""

    confidence: str
    number: int
    start: float
    width: float

    @property
    def said(self) -> str:
        return f"{self.number} {self.confidence}"


def confidence(platform: Platform) -> tuple[Part, ...]:
    """How well the rules of the channels are known, the best known first."""
    rules = [rule for key, rule in platform.rules.items() if _channel(key)]
    numbers = Counter("assumed" if rule.assumed else rule.confidence for rule in rules)
    parts, start = [], 0.0
    for name in CONFIDENCES:
        if number := numbers[name]:
            width = round(100 * number / len(rules), 2)
            parts.append(Part(confidence=name, number=number, start=round(start, 2), width=width))
            start += width
    return tuple(parts)


def _channel(key: str) -> bool:
    return key.split(".")[0] in CHANNELS


# The list of platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a platform comes to in one respect. ``ink`` is disclosed, worked-out or hatch."""

    of: str
    text: str
    ink: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A platform in the list."""

    platform: Platform
    answers: tuple[Said, ...]
    confidence: tuple[Part, ...]
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    slug: str
    heading: str
    note: str
    entries: tuple[Entry, ...]


SHELVES = {
    "companies": (
        "Run by companies",
        "Their code is not public. The rules come from their own words and from reports.",
    ),
    "open-source": (
        "Open source",
        "Anybody can read the code, so the rules were read there.",
    ),
    "earlier": (
        "Earlier periods",
        "How it was before the rules changed. Stories from then still go round.",
    ),
    "as-told": (
        "As the article tells it",
        "One thing in it is borne out by no other evidence that we found.",
    ),
}


def shelves(platforms: Mapping[str, Platform], today: date) -> tuple[Shelf, ...]:
    """All platforms in the order of the switch, on the shelf that each belongs to."""
    entries = [
        Entry(
            platform=platform,
            answers=said,
            confidence=confidence(platform),
            stale=stale(platform, today),
        )
        for platform, said in zip(platforms.values(), answers(platforms), strict=True)
    ]
    return tuple(
        Shelf(slug=slug, heading=heading, note=note, entries=there)
        for slug, (heading, note) in SHELVES.items()
        if (there := tuple(entry for entry in entries if _shelf(entry.platform) == slug))
    )


def _shelf(platform: Platform) -> str:
    if platform.as_told:
        return "as-told"
    if platform.period.until:
        return "earlier"
    return "open-source" if platform.open_source else "companies"


def answers(platforms: Mapping[str, Platform]) -> tuple[tuple[Said, ...], ...]:
    """For each platform what matters most: whether an unlike is told, whether the notice stays,
    and what the poster can tell after the usual story."""
    usual = Demo(on=next(iter(platforms)))
    return tuple(_answers(lens) for lens in lenses(usual, platforms))


def _answers(lens: Lens) -> tuple[Said, ...]:
    inbox = lens.platform.inbox
    unlike, withdrawn = inbox.unlike, inbox.withdrawn
    exposure = lens.exposure or Exposure.UNDETECTABLE
    return (
        Said(
            of="Your unlike",
            text="Told" if unlike.holds else "Not told",
            ink="disclosed" if unlike.holds else "hatch",
            assumed=unlike.assumed,
        ),
        Said(
            of="The earlier notice",
            text=("Goes" if withdrawn.holds else "Stays") if inbox.like.holds else "None is sent",
            ink="hatch" if withdrawn.holds or not inbox.like.holds else "disclosed",
            assumed=withdrawn.assumed if inbox.like.holds else inbox.like.assumed,
        ),
        Said(
            of="Can they tell?",
            text=RUNGS[exposure],
            ink=INKS.get(exposure, "worked-out"),
            assumed=lens.assumed,
        ),
    )


INKS = {Exposure.UNDETECTABLE: "hatch", Exposure.DISCLOSED: "disclosed"}


def near(slug: str, platforms: Mapping[str, Platform]) -> tuple[Platform, ...]:
    """The platforms that somebody may have meant."""
    asked = slug.lower()
    every = platforms.values()
    names = {each.name.lower(): each for each in every}
    names |= {each.label.lower(): each for each in every}
    names |= {each.slug: each for each in every}  # several may share a name, but none its slug
    found = [names[name] for name in get_close_matches(asked, names, n=3, cutoff=0.5)]
    found += [platform for name, platform in names.items() if asked in name or name in asked]
    return tuple({platform.slug: platform for platform in found}.values())


# One platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidenced:
    """A rule with what follows from the other assumption, where it rests on one."""

    card: RuleCard
    otherwise: str = ""  # the answer in the other case
    address: str = ""  # the demo in the other case


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    slug: str
    heading: str
    rules: tuple[Evidenced, ...]


def channels(platform: Platform) -> tuple[Channel, ...]:
    return tuple(
        Channel(
            slug=part,
            heading=HEADINGS[part],
            rules=tuple(
                _evidenced(platform, key) for key in platform.rules if key.startswith(f"{part}.")
            ),
        )
        for part in PARTS
    )


def _evidenced(platform: Platform, key: str) -> Evidenced:
    card = rule_card(platform, key)
    if not card.assumed:
        return Evidenced(card=card)
    return Evidenced(
        card=card,
        otherwise=answer(key, platform.rules[key].flipped()),
        address=Demo(on=platform.slug).flipping(key) if _channel(key) else "",
    )


CLOCKS = {
    "limits.delay": "",
    "limits.undo_within": "",
    "push.delay": "push.like",
    "push.waits": "push.like",
    "mail.delay": "mail.like",
}
"""The rules that are times, and the rule without which there is nothing to time."""


def clocks(platform: Platform) -> tuple[RuleCard, ...]:
    """The times that matter: neither none at all nor for ever."""
    rules = platform.rules
    return tuple(
        rule_card(platform, key)
        for key, needs in CLOCKS.items()
        if rules[key].holds not in (0, "ever") and (not needs or rules[needs].holds)
    )


# Its nearest neighbour


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The nearest platform, and each answer that is known to differ with both answers."""

    platform: Platform
    differing: tuple[tuple[RuleCard, RuleCard], ...]
    alike: int

    @property
    def of(self) -> int:
        return self.alike + len(self.differing)


def neighbour(platform: Platform, platforms: Mapping[str, Platform]) -> Neighbour | None:
    """Its nearest neighbour. None if it is the only one."""
    other = nearest(platform, platforms)
    if other is None:
        return None
    return Neighbour(
        platform=other,
        differing=tuple(
            (rule_card(platform, key), rule_card(other, key)) for key in differing(platform, other)
        ),
        alike=alike(platform, other),
    )


# Seats beside the platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a seat is told, or is not, and the rule that settles it."""

    text: str
    shown: bool
    rule: RuleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSeen:
    who: str
    told: tuple[Told, ...]


SEATS = {
    Seat.SERVER: "The admin of another server",
    Seat.READER: "A stranger who reads the public stream",
}


def seats(platform: Platform) -> tuple[SeatSeen, ...]:
    """What the seats that only an open protocol has are told of the usual story. Where word goes
    to readers of a stream alone, there are no other servers."""
    sent = platform.network.unlike.holds
    if sent is Audience.NOBODY:
        return ()
    none = {Seat.SERVER} if sent is Audience.READERS else set()
    return tuple(_seen(platform, seat, who) for seat, who in SEATS.items() if seat not in none)


def _seen(platform: Platform, seat: Seat, who: str) -> SeatSeen:
    demo, words, name = Demo(on=platform.slug), platform.words, CAST[YOU].name
    screen = disclose(history=demo.history(), platform=platform, viewer=Viewer(seat), at=demo.now)
    unlikes = [fact for fact in screen.unlikers or () if fact.person == YOU]
    count, names = screen.face.count, screen.likers
    written = f"{count.written} {words.of(count.written)}"
    listed = len(names.shown or ())
    told = (
        (
            f"{name} {words.unliked}, at {unlikes[0].at:%H:%M}" if unlikes else "The unlike",
            bool(unlikes),
            "unlikers.audience"
            if platform.unlikers.audience.holds.includes(seat)
            else "network.unlike",
        ),
        ("The number" if count.written is None else written, count.written is not None, count.rule),
        (
            "The names" if names.shown is None else f"{listed} names of who {words.liked} it",
            names.shown is not None,
            names.rule if names.shown is not None else "likers.audience",
        ),
    )
    return SeatSeen(
        who=who,
        told=tuple(
            Told(text=text, shown=shown, rule=rule_card(platform, key)) for text, shown, key in told
        ),
    )

"""An app that claims to know who unliked, on ten days of one photo, beside what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from feed.cards import clock
from feed.disclosure.history import Action, Event, History, Person
from feed.disclosure.judgement import FALSE, MISSED, Judgement, Score, judge
from feed.disclosure.platforms import Platform
from feed.disclosure.sentences import Named
from feed.disclosure.tracker import (
    PRESETS,
    REQUESTS_BORNE,
    Preset,
    channel,
    names_cut_at,
    poll,
    punishes,
)
from feed.rules import RuleCard, rule_card, rule_cards
from feed.tracking import EVERY, WAYS

from .accounts import AccountDemo, Drawn, Platforms, controls, some
from .cast import BEN, CAST, OTHERS
from .controls import Choice, Switch
from .demos import BEGIN
from .scenes import Same

MIKA, JO, LEILA, KOFI, VERA, MATEO, NADIA, JONAS, PRIYA = OTHERS[:9]

ROWS = 3
"""How many claims and misses are shown."""

WATCHED = timedelta(days=10)
POSTED = BEGIN - timedelta(hours=2)
ENDS = POSTED + WATCHED

_TOLD: tuple[tuple[float, Person, Action], ...] = (
    (1, LEILA, Action.LIKE),
    (2, MATEO, Action.LIKE),
    (3, MIKA, Action.LIKE),
    (5, NADIA, Action.LIKE),
    (21.4, LEILA, Action.UNLIKE),
    (26.1, KOFI, Action.LIKE),
    (26.5, KOFI, Action.UNLIKE),
    (49, JO, Action.LIKE),
    (55.2, VERA, Action.LIKE),
    (58.7, VERA, Action.UNLIKE),
    (70, PRIYA, Action.LIKE),
    (98.3, MATEO, Action.LEAVE),
    (121.2, NADIA, Action.UNLIKE),
    (123.6, NADIA, Action.LIKE),
    (150, JONAS, Action.LIKE),
    (217.5, PRIYA, Action.UNLIKE),
)
"""Ten days of one photo, in hours since it was posted. A like comes and goes within the hour, one
within four hours and one comes back; an account is closed; the last is taken back on day ten."""

HISTORY = History(
    BEN,
    POSTED,
    tuple(Event(POSTED + timedelta(hours=hours), who, did) for hours, who, did in _TOLD),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the app says of whom, if of anybody by name, and what happened.

    ``kind`` is hit, false or miss; of a miss the app says nothing.
    """

    kind: str
    at: datetime
    who: Named | None
    truth: str

    @property
    def when(self) -> str:
        return clock(self.at, BEGIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker(Drawn):
    """``blocked`` is when the first request was refused, if one was.

    ``entries`` are in order of time; the ``latest`` are shown, and ``earlier`` ones counted.
    """

    score: Score
    entries: tuple[Entry, ...]
    preset: Preset
    way: str
    requests: int
    borne: int | None
    blocked: str
    penalty: RuleCard

    @property
    def latest(self) -> tuple[Entry, ...]:
        return self.entries[-ROWS:]

    @property
    def earlier(self) -> int:
        return len(self.entries) - len(self.latest)

    @property
    def precision(self) -> str:
        return _share(self.score.precision)

    @property
    def recall(self) -> str:
        return _share(self.score.recall)


@lru_cache(maxsize=512)
def _watched(same: Same, preset: Preset, hours: int) -> tuple[int, datetime | None, Judgement]:
    """How many requests got through, when the first was refused, and how right the app is.

    It is kept, since two hundred polls take twice as long as all the rest of a page's demos.
    """
    every = timedelta(hours=hours)
    moments = [POSTED + every * number for number in range(WATCHED // every + 1)]
    polling = poll(histories={1: HISTORY}, platform=same.platform, moments=moments, preset=preset)
    judged = judge(history=HISTORY, polls=polling.polls[1], since=POSTED, until=ENDS)
    return polling.requests, polling.blocked, judged


def tracker(demo: AccountDemo, platforms: Platforms) -> Tracker:
    """An app's report of who unliked beside what happened, and what its checks cost."""
    platform, preset = platforms[demo.on], PRESETS[demo.preset]
    requests, refused, judged = _watched(Same(platform), preset, demo.every)
    way, penalty = channel(platform), rule_card(platform, "developer.penalty")
    blocked = f"{refused.day} {refused:%B}" if refused else ""
    entries = sorted(_entries(judged, names_cut_at(platform)), key=attrgetter("at"))
    return Tracker(
        platform=platform,
        said=_judged(judged.score, blocked, platform),
        score=judged.score,
        entries=tuple(entries),
        preset=preset,
        way=WAYS[way.kind],
        requests=requests,
        borne=REQUESTS_BORNE if punishes(platform) else None,
        blocked=blocked,
        penalty=penalty,
        rules=rule_cards(platform, (way.rule, "developer.tracking", "developer.penalty")),
        **controls(demo, _hours(demo), _faults(demo)),
    )


def _share(part: float | None) -> str:
    return "none" if part is None else f"{part:.0%}"


def _judged(score: Score, blocked: str, platform: Platform) -> str:
    hits, told = score.hits, score.accusations
    were = "was" if hits == 1 else "were"
    said = f"Of {some(told, 'accusation', 'accusations')} {hits} {were} true."
    if not told:
        said = "It accused nobody."
    said += f" It found {hits} of {some(score.unlikes, 'unlike', 'unlikes')}."
    if not blocked:
        return said
    account = platform.developer.penalty.holds == "account"
    return (
        f"{said} On {blocked} {'your account was suspended' if account else 'it lost its access'}."
    )


def _entries(judged: Judgement, cut: int | None) -> Iterator[Entry]:
    """Claims and misses."""
    names = f"{cut} names" if cut else "some names"
    for claim in judged.claims:
        said = claim.accusation
        if claim.unlike:
            at = clock(claim.unlike.until, BEGIN)
            truth = f"{CAST[claim.unlike.person].name} took the like back, {at}."
        else:
            assert claim.why is not None
            truth = FALSE[claim.why].format(name=_name(said.person), cut=names)
        yield Entry(
            kind="hit" if claim.unlike else "false",
            at=said.at or said.by,
            who=CAST[said.person] if said.person else None,
            truth=truth,
        )
    for miss in judged.misses:
        truth = MISSED[miss.why].format(name=_name(miss.unlike.person), cut=names)
        yield Entry(kind="miss", at=miss.unlike.until, who=None, truth=truth)


def _name(person: Person | None) -> str:
    return CAST[person].name if person else "Somebody"


def _hours(demo: AccountDemo) -> Switch:
    return Switch(
        id="every",
        label="How often it checks",
        choices=tuple(
            Choice(
                slug=f"every-{hours}",
                label=label,
                address=demo.address(every=hours),
                chosen=hours == demo.every,
            )
            for hours, label in EVERY.items()
        ),
    )


def _faults(demo: AccountDemo) -> Switch:
    return Switch(
        id="preset",
        label="What goes wrong",
        choices=tuple(
            Choice(
                slug=f"preset-{preset.slug}",
                label=preset.name,
                address=demo.address(preset=preset.slug),
                chosen=preset.slug == demo.preset,
            )
            for preset in PRESETS.values()
        ),
    )

"""One history, seen through every platform: what the poster can tell, and what is left there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from feed.disclosure.disclose import Screen, watch
from feed.disclosure.history import Action
from feed.disclosure.infer import Exposure, infer
from feed.disclosure.looks import Look
from feed.disclosure.platforms import CHANNELS, Platform
from feed.disclosure.post import Notice, Parcel, ParcelState
from feed.disclosure.sentences import RUNGS, Sentence, Standing, plain, standing, verdict
from feed.disclosure.trace import Outcome, trace
from feed.side import WITHHELD

from .cast import BEN, CAST, YOU
from .demos import Demo, Step, Where, switched
from .scenes import PASSING, POSTER, clock

Settings = tuple[Any, ...]

IN_SIGHT = frozenset(CHANNELS) - {"developer", "network"}
"""The parts of a platform that decide what is on the poster's screens."""

MOOT = {"limits.undo_within", "inbox.grouped", "count.hideable", "insights.likes"}
"""The rules of these parts from which nothing follows about a like."""

MOST_MARKED = 100
"""Up to how many people and steps, times looks, a page tells what rests on an assumption."""

OUTCOMES = {
    ParcelState.UNSENT: Outcome.COMING,
    ParcelState.CANCELLED: Outcome.WITHHELD,
    ParcelState.TRANSIT: Outcome.COMING,
    ParcelState.EXPIRED: Outcome.WITHHELD,
    ParcelState.DELIVERED: Outcome.SHOWN,
    ParcelState.RECALLED: Outcome.WITHDRAWN,
}


HAPPENED = {
    Step.LIKE: "You like it",
    Step.UNLIKE: "You unlike it",
    Step.SLIP: "You unlike it at once",
    Step.LOOK: "{who} looks",
    **PASSING,
    Step.OTHER: "{who} likes it",
    Step.GOES: "{who}’s account is closed",
    Step.COMMENT: "You comment",
    Step.SHARE: "You share it",
    Step.LEAVE: "You close your account",
}


@dataclass(frozen=True, slots=True)
class Everywhere(Where):
    """A page that shows a demo on platforms of its own choice: its address names none."""

    def address(self, parts: Iterable[tuple[str, str]]) -> str:
        kept = [part for part in parts if part[0] not in ("on", "flip")]
        return Where.address(self, kept).removesuffix("?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something in the inbox or sent out, or its absence. ``kind`` is an Outcome; ``assumed`` says
    that an assumption, turned round, would change what is there."""

    text: str
    kind: Outcome
    times: int = 1
    small: str = ""
    assumed: bool = False

    @property
    def hidden(self) -> bool:
        return self.kind in (Outcome.WITHHELD, Outcome.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """One platform's view of the history. ``exposure`` is None where no like was taken back;
    ``assumed`` says that the verdict would be another if an assumption were turned round."""

    platform: Platform
    exposure: Exposure | None
    said: Sentence
    assumed: bool
    inbox: tuple[Line, ...]
    sent: tuple[Line, ...]  # by push and by mail
    address: str

    @property
    def finding(self) -> tuple[Exposure | None, str]:
        return self.exposure, plain(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The platforms on which the same follows."""

    exposure: Exposure | None
    said: Sentence
    lenses: tuple[Lens, ...]

    @property
    def rung(self) -> str:
        return RUNGS[self.exposure] if self.exposure else ""

    @property
    def assumed(self) -> int:
        """On how many of them it rests on an assumption."""
        return sum(each.assumed for each in self.lenses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    exposure: Exposure
    label: str
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One step of the history, before any platform."""

    step: Step
    at: datetime
    text: str


def beats(demo: Demo) -> tuple[Beat, ...]:
    """What happened, in plain words that are no platform's."""
    return tuple(
        Beat(step=step, at=at, text=HAPPENED[step].format(who=CAST[who].name))
        for step, at, (who, _) in zip(demo.did, demo.moments, demo.acts, strict=True)
    )


def lenses(demo: Demo, platforms: Mapping[str, Platform]) -> tuple[Lens, ...]:
    """What the poster can tell on every platform, in the order of the switch."""
    watcher = _Watcher(demo)
    return tuple(watcher.lens(platform) for platform in platforms.values())


def marked(demo: Demo) -> bool:
    """Whether it is worked out which verdicts rest on an assumption: it takes a pass over the
    history for each assumption of each platform."""
    looks = demo.did.count(Step.LOOK)
    return (demo.others + len(demo.did)) * looks <= MOST_MARKED


class _Watcher:
    """Looks at one history through platforms, and only once through those that work alike."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.history, self.suspects = demo, demo.history(), demo.suspects()
        self.looked = self.history.looks(BEN)
        latest = bool(self.looked) and self.looked[-1] == demo.now
        self.moments = self.looked if latest else (*self.looked, demo.now)
        self.did = standing(self.history, YOU)
        self.marked = marked(demo)
        self.watched: dict[Settings, tuple[Screen, ...]] = {}
        self.became: dict[Settings, Mapping[str, Outcome]] = {}
        self.found: dict[tuple[Look, ...], tuple[Exposure, Sentence]] = {}

    def lens(self, platform: Platform) -> Lens:
        settings = {
            key: rule.holds
            for key, rule in platform.rules.items()
            if key.split(".")[0] in IN_SIGHT and key not in MOOT
        }
        screens = self._watch(tuple(settings.values()), lambda: platform)
        exposure, said = self._find(screens)
        turned = [
            self._flipped(platform, settings, key)
            for key in platform.assumptions
            if self.marked and key in settings
        ]
        became = self._became(tuple(settings.values()), platform)
        taken_back = self.did in (Standing.UNLIKED, Standing.AGAIN)
        return Lens(
            platform=platform,
            exposure=exposure if taken_back else None,
            said=said,
            assumed=any(self._find(other)[1] != said for other in turned),
            inbox=_marked(_inbox(screens[-1], became, platform), screens, turned, _noticed),
            sent=_marked(_sent(screens[-1], became, platform), screens, turned, _parcels),
            address=replace(switched(self.demo, platform), where=Where()).address(),
        )

    def _flipped(
        self, platform: Platform, settings: Mapping[str, Any], key: str
    ) -> tuple[Screen, ...]:
        other = {**settings, key: platform.rules[key].flipped().holds}
        return self._watch(tuple(other.values()), lambda: platform.flipped(key))

    def _watch(self, settings: Settings, rules: Callable[[], Platform]) -> tuple[Screen, ...]:
        if settings not in self.watched:
            self.watched[settings] = watch(
                history=self.history, platform=rules(), viewer=POSTER, moments=self.moments
            )
        return self.watched[settings]

    def _became(self, settings: Settings, platform: Platform) -> Mapping[str, Outcome]:
        """What became of your latest like in each channel."""
        if settings not in self.became:
            traced = trace(
                history=self.history, platform=platform, viewer=POSTER, at=self.moments[-1]
            )
            self.became[settings] = {
                t.channel: t.outcome
                for t in traced
                if t.event.person == YOU and t.event.action is Action.LIKE
            }
        return self.became[settings]

    def _find(self, screens: tuple[Screen, ...]) -> tuple[Exposure, Sentence]:
        looks = tuple(screen.look for screen in screens[: len(self.looked)])
        if looks not in self.found:
            finding = infer(looks, self.suspects)
            self.found[looks] = (
                finding.exposure(YOU),
                verdict(finding=finding, you=YOU, did=self.did, poster=CAST[BEN], clock=clock),
            )
        return self.found[looks]


def groups(lenses: Iterable[Lens]) -> tuple[Group, ...]:
    """The platforms by what follows: the most exposed first, then the most platforms."""
    found: dict[tuple[Exposure | None, str], list[Lens]] = {}
    for each in lenses:
        found.setdefault(each.finding, []).append(each)
    rungs: list[Exposure | None] = [*RUNGS]
    ordered = sorted(
        found.values(),
        key=lambda group: (
            -(rungs.index(group[0].exposure) if group[0].exposure else -1),
            -len(group),
        ),
    )
    return tuple(
        Group(exposure=group[0].exposure, said=group[0].said, lenses=tuple(group))
        for group in ordered
    )


def rungs(lenses: Iterable[Lens]) -> tuple[Rung, ...]:
    """How many platforms stand on each rung of the ladder; none if no like was taken back."""
    numbers = Counter(each.exposure for each in lenses)
    if None in numbers:
        return ()
    return tuple(
        Rung(exposure=exposure, label=label, number=numbers[exposure], of=numbers.total())
        for exposure, label in reversed(RUNGS.items())
    )


def summary(lenses: tuple[Lens, ...]) -> str:
    """The whole of it in a sentence or three."""
    numbers = Counter(each.exposure for each in lenses)
    if None in numbers:
        return ""
    ben, of = CAST[BEN], len(lenses)
    told = numbers[Exposure.DISCLOSED]
    number = told + numbers[Exposure.IDENTIFIED]
    if not number:
        return f"On none of {of} platforms can {ben.name} tell that it was you."
    outright = f" On {told} of them {ben.they} {ben.is_} told outright." if told else ""
    telling = (Exposure.DISCLOSED, Exposure.IDENTIFIED)
    assumed = sum(each.assumed for each in lenses if each.exposure in telling)
    rest = f" {assumed} of these answers rest{'' if assumed > 1 else 's'} on an assumption."
    return (
        f"On {number} of {of} platforms {ben.name} can tell that it was you."
        f"{outright}{rest if assumed else ''}"
    )


Mine = Counter[tuple[Any, ...]]


def _noticed(screen: Screen) -> Mine:
    return Counter((notice.action,) for notice in screen.notices if notice.person == YOU)


def _parcels(screen: Screen) -> Mine:
    return Counter(
        (kind, parcel.action, parcel.state)
        for kind, parcels in (("push", screen.pushes), ("mail", screen.mails))
        for parcel in parcels
        if parcel.person == YOU
    )


def _marked(
    lines: tuple[Line, ...],
    screens: tuple[Screen, ...],
    turned: Iterable[tuple[Screen, ...]],
    there: Callable[[Screen], Mine],
) -> tuple[Line, ...]:
    """The lines, marked where an assumption turned round would put others in their place."""
    now = there(screens[-1])
    assumed = any(there(other[-1]) != now for other in turned)
    return tuple(replace(line, assumed=assumed) for line in lines)


def _inbox(screen: Screen, became: Mapping[str, Outcome], platform: Platform) -> tuple[Line, ...]:
    mine = [notice for notice in screen.notices if notice.person == YOU]
    shown = Counter(_did(notice, platform) for notice in mine)
    lines = [Line(text=text, kind=Outcome.SHOWN, times=n) for text, n in shown.items()]
    if not any(notice.action is Action.LIKE for notice in mine):
        lines += _absent("inbox", became, platform)
    return tuple(lines)


def _sent(screen: Screen, became: Mapping[str, Outcome], platform: Platform) -> tuple[Line, ...]:
    pushes = [(parcel, "") for parcel in screen.pushes if parcel.person == YOU]
    mails = [(parcel, "e-mail, ") for parcel in screen.mails if parcel.person == YOU]
    numbers = Counter(
        (_did(parcel, platform), parcel.state, lead) for parcel, lead in [*pushes, *mails]
    )
    lines = [
        Line(text=text, kind=OUTCOMES[state], times=number, small=f"{lead}{state}")
        for (text, state, lead), number in numbers.items()
    ]
    return tuple(lines) or tuple(_absent("push", became, platform))


def _did(told: Notice | Parcel, platform: Platform) -> str:
    words = platform.words
    if told.action is Action.LIKE:
        return f"“{CAST[YOU].name} {words.liked} your {words.noun}”"
    return f"“{CAST[YOU].name} {words.unliked}”"


def _absent(channel: str, became: Mapping[str, Outcome], platform: Platform) -> list[Line]:
    """What became of your latest like in a channel that holds nothing of it."""
    outcome = became.get(channel, Outcome.SHOWN)
    text = WITHHELD.get((Action.LIKE, channel, outcome))
    if text is None:
        return []
    words = platform.words
    said = text.format(
        name=CAST[YOU].name, liked=words.liked, unliked=words.unliked, noun=words.noun
    )
    return [Line(text=said, kind=outcome)]

"""What happened to a photo, step by step, and what each seat saw after each of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feed.disclosure.disclose import Screen, Viewer, disclose
from feed.disclosure.history import Action, History
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.sentences import Clock, Named
from feed.models import Event

NAMES_SHOWN = 3

DID = {
    Action.LOOK: "looked",
    Action.LEAVE: "closed the account",
    Action.VIEW: "saw it",
    Action.COMMENT: "commented on it",
    Action.UNCOMMENT: "deleted a comment",
    Action.SHARE: "shared it",
    Action.UNSHARE: "took the share back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSeen:
    """What one seat was shown. ``names`` is None where the platform shows none."""

    who: str
    count: str | None
    names: tuple[str, ...] | None
    more: int
    told: int | None  # notices in the inbox; None where there is no inbox for this


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """``step`` is 0 for the moment of posting, and ``steps`` for after everything."""

    step: int
    steps: int
    at: datetime
    clock: str
    said: str
    seats: tuple[SeatSeen, ...]

    @property
    def before(self) -> int | None:
        return self.step - 1 if self.step else None

    @property
    def after(self) -> int | None:
        return self.step + 1 if self.step < self.steps else None


def replay(
    *,
    history: History,
    platform: Platform,
    cast: Mapping[str, Named],
    you: str,
    step: int,
    clock: Clock,
) -> Replay:
    """What everybody saw right after so many events; a step beyond the last is the last."""
    step = min(step, len(history.events))
    at = history.events[step - 1].at if step else history.posted
    return Replay(
        step=step,
        steps=len(history.events),
        at=at,
        clock=clock(at),
        said=_said(history, cast, platform, step),
        seats=tuple(_seats(history, platform, cast, you, at)),
    )


def _said(history: History, cast: Mapping[str, Named], platform: Platform, step: int) -> str:
    if not step:
        return f"{cast[history.poster].name} posted it."
    event = history.events[step - 1]
    return f"{cast[event.person].name} {did(event.action, platform)}."


def did(action: Action, platform: Platform) -> str:
    """What somebody did, in the platform's words."""
    words = {
        Action.LIKE: f"{platform.words.liked} it",
        Action.UNLIKE: f"{platform.words.unliked} it",
    }
    return {**words, **DID}[action]


def _seats(
    history: History, platform: Platform, cast: Mapping[str, Named], you: str, at: datetime
) -> list[SeatSeen]:
    poster = cast[history.poster].name
    liker = you if you != history.poster else None
    viewers = {
        f"{poster}, who posted it": Viewer(Seat.POSTER, history.poster),
        "Somebody who likes it": Viewer(Seat.LIKER, liker),
        f"A friend, who follows {poster}": Viewer(Seat.FRIEND),
        "A stranger": Viewer(Seat.STRANGER),
    }
    return [
        _seat(who, disclose(history=history, platform=platform, viewer=viewer, at=at), cast)
        for who, viewer in viewers.items()
    ]


def _seat(who: str, screen: Screen, cast: Mapping[str, Named]) -> SeatSeen:
    names: Sequence[str] | None = screen.likers.shown
    return SeatSeen(
        who=who,
        count=screen.face.count.written,
        names=None if names is None else tuple(cast[name].name for name in names[:NAMES_SHOWN]),
        more=max(0, len(names or ()) - NAMES_SHOWN),
        told=len(screen.notices) if screen.viewer.seat is Seat.POSTER else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One event of the log as it is read. ``step`` is what the replay calls it, if it shows it."""

    clock: str
    at: datetime
    who: Named
    did: str
    small: str
    action: str
    step: int | None


def logged(
    events: Sequence[Event],
    *,
    history: History,
    platform: Platform,
    cast: Mapping[str, Named],
    clock: Clock,
) -> list[Logged]:
    """The log of a photo, as the only place where all of it is shown. Events with their people."""
    steps = {(e.at, e.person, e.action): number for number, e in enumerate(history.events, 1)}
    return [
        Logged(
            clock=clock(event.at),
            at=event.at,
            who=cast[event.person.handle],
            did=did(Action(event.action), platform),
            small=f"for {event.seconds} s" if event.seconds else "",
            action=event.action,
            step=steps.get((event.at, event.person.handle, Action(event.action))),
        )
        for event in events
    ]

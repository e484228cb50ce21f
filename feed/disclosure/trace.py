"""What became of each like and unlike in each channel, and which rule decided it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .disclose import Screen, Viewer, disclose
from .history import Action, Event, History, Person
from .likes import Likes
from .platforms import NETWORK, Platform, Seat
from .post import Notice, ParcelState, Post


class Outcome(StrEnum):
    """What became of one event in one channel, for one viewer."""

    SHOWN = "shown"
    WITHHELD = "withheld"  # it never gets there
    WITHDRAWN = "withdrawn"  # it was there and is gone
    COMING = "coming"  # on its way


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one event in one channel, and the key of the rule that decided it."""

    event: Event
    channel: str
    outcome: Outcome
    rule: str


def trace(
    *, history: History, platform: Platform, viewer: Viewer, at: datetime
) -> tuple[Trace, ...]:
    """For each like and unlike and each channel: whether it came through, and why."""
    screen = disclose(history=history, platform=platform, viewer=viewer, at=at)
    likes, post = Likes(history.poster), Post(history, platform)
    events = [e for e in history.until(at) if likes.take(e) and post.take(e)]
    tracer = _Tracer(screen, platform, post, likes.gone)
    return tuple(traced for event in events for traced in tracer.trace(event))


class _Tracer:
    """Says of one event what became of it in each channel of one screen."""

    def __init__(
        self, screen: Screen, platform: Platform, post: Post, gone: Collection[Person]
    ) -> None:
        self.screen, self.platform, self.post, self.gone = screen, platform, post, gone
        self.notices = set(screen.notices)
        self.parcels = {(p.at, p.person, p.action): p for p in screen.pushes}
        self.mails = {(m.at, m.person): m for m in screen.mails}
        self.listed = frozenset(screen.likers.shown or ())
        self.seat = screen.viewer.seat

    def trace(self, event: Event) -> Iterator[Trace]:
        if self.seat is Seat.POSTER and event.person != self.screen.viewer.person:
            yield self._inbox(event)
            yield self._push(event)
            if event.action is Action.LIKE:
                yield self._mailed(event)
        yield self._counted(event)
        yield self._listed(event)
        if event.action is Action.UNLIKE:
            yield from self._unliked(event)

    def _inbox(self, event: Event) -> Trace:
        action = event.action
        if Notice(event.at, event.person, action) in self.notices:
            return Trace(event, "inbox", Outcome.SHOWN, f"inbox.{action}")
        if not getattr(self.platform.inbox, action).holds:
            return Trace(event, "inbox", Outcome.WITHHELD, f"inbox.{action}")
        if event in self.post.early:
            return Trace(event, "inbox", Outcome.WITHHELD, "limits.delay")
        if event in self.post.silent:
            return Trace(event, "inbox", Outcome.WITHHELD, "inbox.again")
        if event in self.post.withdrawn:
            return Trace(event, "inbox", Outcome.WITHDRAWN, "inbox.withdrawn")
        if event.person in self.gone:
            return Trace(event, "inbox", Outcome.WITHDRAWN, f"inbox.{action}")
        return Trace(event, "inbox", Outcome.COMING, "limits.delay")

    def _push(self, event: Event) -> Trace:
        action = event.action
        parcel = self.parcels.get((event.at, event.person, action))
        if event in self.post.early:
            return Trace(event, "push", Outcome.WITHHELD, "limits.delay")
        if parcel is None:
            rule = "inbox.again" if event in self.post.silent else f"push.{action}"
            return Trace(event, "push", Outcome.WITHHELD, rule)
        outcome, rule = {
            ParcelState.UNSENT: (Outcome.COMING, "push.delay"),
            ParcelState.CANCELLED: (Outcome.WITHHELD, "push.delay"),
            ParcelState.TRANSIT: (Outcome.COMING, "push.waits"),
            ParcelState.EXPIRED: (Outcome.WITHHELD, "push.waits"),
            ParcelState.DELIVERED: (Outcome.SHOWN, f"push.{action}"),
            ParcelState.RECALLED: (Outcome.WITHDRAWN, "push.recalled"),
        }[parcel.state]
        return Trace(event, "push", outcome, rule)

    def _mailed(self, event: Event) -> Trace:
        mail = self.mails.get((event.at, event.person))
        if event in self.post.early:
            return Trace(event, "mail", Outcome.WITHHELD, "limits.delay")
        if mail is None:
            rule = "inbox.again" if event in self.post.silent else "mail.like"
            return Trace(event, "mail", Outcome.WITHHELD, rule)
        outcome, rule = {
            ParcelState.UNSENT: (Outcome.COMING, "mail.delay"),
            ParcelState.CANCELLED: (Outcome.WITHHELD, "mail.delay"),
            ParcelState.DELIVERED: (Outcome.SHOWN, "mail.like"),
        }[mail.state]
        return Trace(event, "mail", outcome, rule)

    def _counted(self, event: Event) -> Trace:
        count = self.screen.face.count
        outcome = Outcome.WITHHELD if count.written is None else Outcome.SHOWN
        return Trace(event, "count", outcome, count.rule)

    def _listed(self, event: Event) -> Trace:
        likers = self.screen.likers
        if likers.shown is None:
            return Trace(event, "likers", Outcome.WITHHELD, likers.rule)
        audience = "developer.likers" if self.seat is Seat.APP else "likers.audience"
        if event.action is Action.UNLIKE:
            return Trace(event, "likers", Outcome.SHOWN, audience)  # the name leaves the list
        if event.person in self.listed:
            return Trace(event, "likers", Outcome.SHOWN, audience)
        if likers.complete:
            return Trace(event, "likers", Outcome.WITHDRAWN, audience)
        return Trace(event, "likers", Outcome.WITHHELD, likers.rule)

    def _unliked(self, event: Event) -> Iterator[Trace]:
        rules, screen = self.platform, self.screen
        if self.seat is Seat.APP:
            named, counted = screen.unlikers is not None, screen.unlikes_figure is not None
            outcome = Outcome.SHOWN if named or counted else Outcome.WITHHELD
            yield Trace(event, "developer", outcome, "developer.unlikes")
            return
        named = rules.unlikers.audience.holds.includes(self.seat)
        outcome = Outcome.SHOWN if named else Outcome.WITHHELD
        yield Trace(event, "unlikers", outcome, "unlikers.audience")
        if self.seat is Seat.POSTER:
            figures = rules.insights.audience.holds.includes(self.seat)
            outcome = (
                Outcome.SHOWN if figures and rules.insights.unlikes.holds else Outcome.WITHHELD
            )
            rule = "insights.unlikes" if figures else "insights.audience"
            yield Trace(event, "insights", outcome, rule)
        if self.seat in NETWORK:
            sent = rules.network.unlike.holds.includes(self.seat)
            outcome = Outcome.SHOWN if sent else Outcome.WITHHELD
            yield Trace(event, "network", outcome, "network.unlike")

"""The only door: what one viewer is shown of one photo's likes, and which rule decided it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from zlib import crc32

from .history import Action, Event, History, Person, Summary
from .looks import Fact, Interval, Look, Roll
from .platforms import Platform, Seat, rounded, settings

NAMED_ON_A_CARD = 2


class Outcome(StrEnum):
    """What became of one event in one channel, for one viewer."""

    SHOWN = "shown"
    WITHHELD = "withheld"  # it never gets there
    WITHDRAWN = "withdrawn"  # it was there and is gone
    COMING = "coming"  # on its way


class ParcelState(StrEnum):
    UNSENT = "not sent yet"
    CANCELLED = "never sent"  # the unlike came before the push was sent
    TRANSIT = "on its way"
    EXPIRED = "lost on its way"  # the phone was off for longer than a push waits
    DELIVERED = "delivered"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and from which seat."""

    seat: Seat
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it is written (None: not at all) and the true values that it stands for."""

    written: str | None
    stands_for: Interval
    rule: str


@dataclass(frozen=True, slots=True)
class Names:
    """A list of likers, the latest first (None: no list), and whether it shows everybody."""

    shown: tuple[Person, ...] | None
    complete: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An entry in the poster's inbox, dated by the press that it tells of."""

    at: datetime
    person: Person
    action: Action


@dataclass(frozen=True, slots=True)
class Parcel:
    """A push on its way to the poster's phone. ``at`` is the press that it tells of."""

    at: datetime
    person: Person
    action: Action
    sent: datetime
    state: ParcelState
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """What the photo itself shows: the count, some names, and whether the viewer likes it."""

    count: Count
    named: tuple[Person, ...]
    liked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that one viewer is shown at one moment. Notices and pushes run from the latest on."""

    at: datetime
    viewer: Viewer
    face: Face
    likers: Names
    notices: tuple[Notice, ...] = ()
    pushes: tuple[Parcel, ...] = ()
    unlikers: tuple[Fact, ...] | None = None
    likes_figure: int | None = None
    unlikes_figure: int | None = None
    look: Look


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one event in one channel, and the key of the rule that decided it."""

    event: Event
    channel: str
    outcome: Outcome
    rule: str


def disclose(*, history: History, platform: Platform, viewer: Viewer, at: datetime) -> Screen:
    """What the viewer is shown of the photo at one moment. Costs O(n log n) for n events."""
    return watch(history=history, platform=platform, viewer=viewer, moments=(at,))[0]


def face(*, summary: Summary, platform: Platform, viewer: Viewer, at: datetime) -> Face:
    """What the photo itself shows, from a summary: the same as the face of a whole screen."""
    named = summary.newest if _sees_likers(platform, viewer) else ()
    first = _first(platform, viewer)
    return Face(
        count=_count(summary.likes, platform, viewer, at),
        named=named[: min(first, NAMED_ON_A_CARD) if isinstance(first, int) else NAMED_ON_A_CARD],
        liked=summary.liked,
    )


def summarise(history: History, viewer: Viewer, at: datetime) -> Summary:
    """The summary of a history at one moment, for one viewer."""
    ledger = _Ledger(history.poster)
    for event in history.until(at):
        ledger.take(event)
    return ledger.summary(viewer)


def watch(
    *, history: History, platform: Platform, viewer: Viewer, moments: Sequence[datetime]
) -> tuple[Screen, ...]:
    """What the viewer is shown at each of the moments, in one pass over the history.

    The moments must be in order of time. The look of each screen holds the pushes that arrived
    since the moment before it.
    """
    ledger, post = _Ledger(history.poster), _Post(history, platform)
    screens: list[Screen] = []
    events, before = iter(history.events), None
    pending = next(events, None)
    for at in moments:
        while pending is not None and pending.at <= at:
            if ledger.take(pending):
                post.take(pending)
            pending = next(events, None)
        screens.append(_screen(ledger, post, platform, viewer, at, before))
        before = at
    return tuple(screens)


def trace(
    *, history: History, platform: Platform, viewer: Viewer, at: datetime
) -> tuple[Trace, ...]:
    """For each like and unlike and each channel: whether it came through, and why."""
    screen = disclose(history=history, platform=platform, viewer=viewer, at=at)
    ledger, post = _Ledger(history.poster), _Post(history, platform)
    events = [e for e in history.until(at) if ledger.take(e) and post.take(e)]
    tracer = _Tracer(screen, platform, post, ledger.gone)
    return tuple(traced for event in events for traced in tracer.trace(event))


class _Ledger:
    """The likes as they stand, kept up event by event."""

    def __init__(self, poster: Person) -> None:
        self.poster = poster
        self.since: dict[Person, datetime] = {}  # who likes it now; the latest like comes last
        self.likes = 0
        self.unlikes: list[Fact] = []
        self.gone: set[Person] = set()

    def take(self, event: Event) -> bool:
        """Whether the event changed anything: a second like in a row does not."""
        person = event.person
        match event.action:
            case Action.LIKE if person not in self.since and person not in self.gone:
                self.since[person] = event.at
                self.likes += 1
            case Action.UNLIKE if person in self.since:
                del self.since[person]
                self.unlikes.append(Fact(event.at, person))
            case Action.LEAVE if person not in self.gone:
                self.since.pop(person, None)
                self.gone.add(person)
            case Action.LOOK | Action.WAKE if person == self.poster:
                pass
            case _:
                return False
        return True

    def newest(self) -> Iterator[Person]:
        return reversed(self.since)

    def summary(self, viewer: Viewer) -> Summary:
        return Summary(
            poster=self.poster,
            likes=len(self.since),
            newest=tuple(islice(self.newest(), NAMED_ON_A_CARD)),
            liked=viewer.person in self.since,
        )


class _Post:
    """The notices and pushes to the poster, kept up event by event."""

    def __init__(self, history: History, platform: Platform) -> None:
        self.poster = history.poster
        self.asleep = history.asleep
        self.inbox = {name: rule.holds for name, rule in platform.inbox}
        self.push = {name: rule.holds for name, rule in platform.push}
        self.push |= {} if history.alerts else {"like": False, "unlike": False}
        self.delay = timedelta(seconds=platform.limits.delay.holds)
        self.push_delay = self.delay + timedelta(seconds=self.push["delay"])
        self.notices: dict[Notice, None] = {}
        self.noticed: dict[Person, list[Notice]] = {}
        self.parcels: list[Parcel] = []
        self.open: dict[int, None] = {}  # parcels that have not arrived
        self.liked: dict[Person, datetime] = {}  # when each standing like was pressed
        self.latest: dict[Person, int] = {}  # the parcel of each person's standing like
        self.told: dict[Person, datetime] = {}  # whose first like was announced, and which it was
        self.withdrawn: set[Event] = set()  # likes whose notice went with them
        self.silent: set[Event] = set()  # likes again that are not announced again
        self.early: set[Event] = set()  # likes taken back before they were sent, and the unlikes
        self.own: set[Fact] = set()  # nobody tells the poster of these, and nobody needs to

    def take(self, event: Event) -> bool:
        """Whether it was a like or an unlike that the poster could be told of."""
        if event.action is Action.LEAVE:
            self._forget(event.person)
        elif event.person == self.poster:
            if event.action is Action.LIKE:
                self.own.add(Fact(event.at, event.person))
            self._wake(event.at)
        elif event.action is Action.LIKE:
            self._like(event)
        elif event.action is Action.UNLIKE:
            self._unlike(event)
        return event.action in (Action.LIKE, Action.UNLIKE)

    def _like(self, event: Event) -> None:
        self.liked[event.person] = event.at
        if self.told.setdefault(event.person, event.at) != event.at and not self.inbox["again"]:
            self.silent.add(event)
            return
        if self.inbox["like"]:
            self._announce(event)
        if self.push["like"]:
            self.latest[event.person] = len(self.parcels)
            self._send(event, self.push_delay)

    def _unlike(self, event: Event) -> None:
        pressed = self.liked.pop(event.person)
        early = event.at < pressed + self.delay
        self._take_back(event, pressed, early)
        if early:
            self.early |= {event, Event(pressed, event.person, Action.LIKE)}
            if self.told[event.person] == pressed:
                del self.told[event.person]
            return
        if self.inbox["unlike"]:
            self._announce(event)
        if self.push["unlike"]:
            self._send(event, timedelta())

    def _announce(self, event: Event) -> None:
        notice = Notice(event.at, event.person, event.action)
        self.notices[notice] = None
        self.noticed.setdefault(event.person, []).append(notice)

    def _forget(self, person: Person) -> None:
        for notice in self.noticed.pop(person, ()):
            self.notices.pop(notice, None)

    def _send(self, event: Event, delay: timedelta) -> None:
        sent = event.at + delay
        arrived = None if self.asleep else sent
        state = ParcelState.UNSENT if self.asleep or delay else ParcelState.DELIVERED
        if state is ParcelState.UNSENT:
            self.open[len(self.parcels)] = None
        self.parcels.append(Parcel(event.at, event.person, event.action, sent, state, arrived))

    def _take_back(self, event: Event, pressed: datetime, early: bool) -> None:
        """Withdraw the notices and the push of a like, as far as the rules have it."""
        if self.inbox["withdrawn"] or early:
            self.notices.pop(Notice(pressed, event.person, Action.LIKE), None)
            self.withdrawn.add(Event(pressed, event.person, Action.LIKE))
        number = self.latest.pop(event.person, None)
        if number is None:
            return
        parcel = self.parcels[number]
        if event.at < parcel.sent:
            self._settle(number, ParcelState.CANCELLED)
        elif self.push["recalled"] and parcel.state is not ParcelState.EXPIRED:
            self._settle(number, ParcelState.RECALLED)

    def _wake(self, at: datetime) -> None:
        if not self.asleep:
            return
        for number in [n for n in self.open if self.parcels[n].sent <= at]:
            lost = self._under_way(self.parcels[number], at) is ParcelState.EXPIRED
            self._settle(number, ParcelState.EXPIRED if lost else ParcelState.DELIVERED, at)

    def _settle(self, number: int, state: ParcelState, arrived: datetime | None = None) -> None:
        self.open.pop(number, None)
        self.parcels[number] = replace(self.parcels[number], state=state, arrived=arrived)

    def inbox_at(self, at: datetime) -> list[Notice]:
        """The notices that stand at a moment, the latest first."""
        standing = [n for n in self.notices if n.action is Action.UNLIKE or n.at + self.delay <= at]
        return standing[::-1]

    def parcels_at(self, at: datetime) -> list[Parcel]:
        """All pushes with their state at a moment, the latest first."""
        parcels = self.parcels.copy()
        for number in self.open:
            parcel = parcels[number]
            if parcel.sent <= at:
                parcels[number] = replace(parcel, state=self._under_way(parcel, at))
        return parcels[::-1]

    def _under_way(self, parcel: Parcel, at: datetime) -> ParcelState:
        """The state of a parcel that was sent and of which nothing more is recorded."""
        if not self.asleep:
            return ParcelState.DELIVERED
        late = at - parcel.sent > timedelta(seconds=self.push["waits"])
        return ParcelState.EXPIRED if late else ParcelState.TRANSIT


def _sees_likers(platform: Platform, viewer: Viewer) -> bool:
    if viewer.seat is Seat.APP:
        return platform.developer.likers.holds != "none"
    return platform.likers.audience.holds.includes(viewer.seat)


def _first(platform: Platform, viewer: Viewer) -> int | str:
    """How many names the viewer's list shows."""
    app = viewer.seat is Seat.APP
    return platform.developer.likers.holds if app else platform.likers.first.holds


def _count(likes: int, platform: Platform, viewer: Viewer, at: datetime) -> Count:
    if viewer.seat is Seat.APP:
        if platform.developer.count.holds:
            return Count(f"{likes:,}", Interval(likes, likes), "developer.count")
        return Count(None, Interval(), "developer.count")
    if not platform.count.audience.holds.includes(viewer.seat):
        return Count(None, Interval(), "count.audience")
    how, number = settings(platform.count.written.holds)
    match how:
        case "none":
            return Count(None, Interval(), "count.written")
        case "rounded":
            written, low, high = rounded(likes, number)
            return Count(written, Interval(low, high), "count.written")
        case "fuzzed":
            # No chance in here: the noise is drawn from the moment, so that a reload later on
            # shows another number and the same page shows the same one.
            noise = crc32(at.isoformat().encode()) % (2 * number + 1) - number
            shown = max(0, likes + noise)
            return Count(
                f"{shown:,}", Interval(max(0, shown - number), shown + number), "count.written"
            )
    return Count(f"{likes:,}", Interval(likes, likes), "count.audience")


def _likers(ledger: _Ledger, platform: Platform, viewer: Viewer) -> Names:
    app = viewer.seat is Seat.APP
    if not _sees_likers(platform, viewer):
        return Names(None, False, "developer.likers" if app else "likers.audience")
    first = _first(platform, viewer)
    rule = "developer.likers" if app else "likers.first"
    if not isinstance(first, int):
        return Names(tuple(ledger.newest()), True, rule)
    # A list that is filled to its end does not tell whether it was cut there.
    return Names(tuple(islice(ledger.newest(), first)), len(ledger.since) < first, rule)


def _screen(
    ledger: _Ledger,
    post: _Post,
    platform: Platform,
    viewer: Viewer,
    at: datetime,
    before: datetime | None,
) -> Screen:
    poster, app = viewer.seat is Seat.POSTER, viewer.seat is Seat.APP
    told = platform.developer.unlikes.holds if app else None
    insights = platform.insights.audience.holds.includes(viewer.seat)
    lists_unlikers = platform.unlikers.audience.holds.includes(viewer.seat) or told == "names"
    counts_unlikes = (insights and platform.insights.unlikes.holds) or told == "number"
    shares = platform.insights.likes.holds if insights else "none"
    screen = Screen(
        at=at,
        viewer=viewer,
        face=face(summary=ledger.summary(viewer), platform=platform, viewer=viewer, at=at),
        likers=_likers(ledger, platform, viewer),
        notices=tuple(post.inbox_at(at)) if poster else (),
        pushes=tuple(post.parcels_at(at)) if poster else (),
        unlikers=tuple(reversed(ledger.unlikes)) if lists_unlikers else None,
        likes_figure={"net": len(ledger.since), "gross": ledger.likes, "none": None}[shares],
        unlikes_figure=len(ledger.unlikes) if counts_unlikes or lists_unlikers else None,
        look=Look(at=at),
    )
    gone = frozenset(ledger.gone)
    return replace(screen, look=_look(screen, post, platform, gone, before))


def _look(
    screen: Screen,
    post: _Post,
    platform: Platform,
    gone: frozenset[Person],
    before: datetime | None,
) -> Look:
    """What the screen settles, for somebody who knows the platform's rules."""
    inbox = screen.viewer.seat is Seat.POSTER and post.inbox["like"] and not post.delay
    likes = frozenset(Fact(n.at, n.person) for n in screen.notices if n.action is Action.LIKE)
    unlikes = frozenset(Fact(n.at, n.person) for n in screen.notices if n.action is Action.UNLIKE)
    arrived = [
        p
        for p in screen.pushes
        if p.state is ParcelState.DELIVERED
        and p.arrived is not None
        and (before is None or p.arrived > before)
    ]
    names = frozenset(screen.likers.shown or ())
    if screen.viewer.person is not None and screen.face.liked:
        names |= {screen.viewer.person}
    complete = screen.likers.complete
    if post.inbox["withdrawn"]:
        names |= {fact.person for fact in likes}
        complete = complete or bool(inbox and post.inbox["again"])
    return Look(
        at=screen.at,
        count=screen.face.count.stands_for,
        likers=Roll(names, complete),
        liked=likes
        | {Fact(p.at, p.person) for p in arrived if p.action is Action.LIKE}
        | (frozenset(post.own) if screen.viewer.seat is Seat.POSTER else frozenset()),
        every_first_like=bool(inbox and not post.inbox["withdrawn"]),
        unliked=unlikes
        | {Fact(p.at, p.person) for p in arrived if p.action is Action.UNLIKE}
        | frozenset(screen.unlikers or ()),
        unlikes=screen.unlikes_figure if _always_whole(screen, platform) else None,
        gone=gone,
    )


def _always_whole(screen: Screen, platform: Platform) -> bool:
    """Whether the viewer's list names everybody, however many they are."""
    return screen.likers.shown is not None and _first(platform, screen.viewer) == "all"


class _Tracer:
    """Says of one event what became of it in each channel of one screen."""

    def __init__(
        self, screen: Screen, platform: Platform, post: _Post, gone: Collection[Person]
    ) -> None:
        self.screen, self.platform, self.post, self.gone = screen, platform, post, gone
        self.notices = set(screen.notices)
        self.parcels = {(p.at, p.person, p.action): p for p in screen.pushes}
        self.listed = frozenset(screen.likers.shown or ())
        self.seat = screen.viewer.seat

    def trace(self, event: Event) -> Iterator[Trace]:
        if self.seat is Seat.POSTER and event.person != self.screen.viewer.person:
            yield self._inbox(event)
            yield self._push(event)
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
        named = screen.unlikers is not None
        if self.seat is Seat.APP:
            counted = screen.unlikes_figure is not None
            outcome = Outcome.SHOWN if named or counted else Outcome.WITHHELD
            yield Trace(event, "developer", outcome, "developer.unlikes")
            return
        outcome = Outcome.SHOWN if named else Outcome.WITHHELD
        yield Trace(event, "unlikers", outcome, "unlikers.audience")
        if self.seat is Seat.POSTER:
            figures = rules.insights.audience.holds.includes(self.seat)
            outcome = (
                Outcome.SHOWN if figures and rules.insights.unlikes.holds else Outcome.WITHHELD
            )
            rule = "insights.unlikes" if figures else "insights.audience"
            yield Trace(event, "insights", outcome, rule)
        if rules.network.unlike.holds.includes(self.seat):
            yield Trace(event, "network", Outcome.SHOWN, "network.unlike")

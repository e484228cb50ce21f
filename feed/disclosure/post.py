"""What is sent to the poster: notices in the inbox, pushes and e-mails as parcels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .history import Action, Event, History, Person
from .looks import Fact
from .platforms import Platform


class ParcelState(StrEnum):
    UNSENT = "not sent yet"
    CANCELLED = "never sent"  # the unlike came before the push was sent
    TRANSIT = "on its way"
    EXPIRED = "lost on its way"  # the phone was off for longer than a push waits
    DELIVERED = "delivered"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Notice:
    """An entry in the poster's inbox, dated by the press that it tells of."""

    at: datetime
    person: Person
    action: Action


@dataclass(frozen=True, slots=True)
class Parcel:
    """A push or an e-mail on its way to the poster. ``at`` is the press that it tells of."""

    at: datetime
    person: Person
    action: Action
    sent: datetime
    state: ParcelState
    arrived: datetime | None = None

    def become(self, state: ParcelState, arrived: datetime | None = None) -> Parcel:
        """The same parcel in another state. Three times as fast as ``dataclasses.replace``."""
        return Parcel(self.at, self.person, self.action, self.sent, state, arrived)


class Post:
    """The notices, pushes and e-mails to the poster, kept up event by event."""

    def __init__(self, history: History, platform: Platform) -> None:
        self.poster = history.poster
        self.asleep = history.asleep
        self.inbox = {name: rule.holds for name, rule in platform.inbox}
        self.push = {name: rule.holds for name, rule in platform.push}
        self.push |= {} if history.alerts else {"like": False, "unlike": False}
        self.delay = timedelta(seconds=platform.limits.delay.holds)
        self.push_delay = self.delay + timedelta(seconds=self.push["delay"])
        self.mail_delay = self.delay + timedelta(seconds=platform.mail.delay.holds)
        self.by_mail = platform.mail.like.holds
        self.notices: dict[Notice, None] = {}
        self.noticed: dict[Person, list[Notice]] = {}
        self.parcels: list[Parcel] = []
        self.open: dict[int, None] = {}  # parcels that have not arrived
        self.liked: dict[Person, datetime] = {}  # when each standing like was pressed
        self.latest: dict[Person, int] = {}  # the parcel of each person's standing like
        self.mails: list[Parcel] = []
        self.mailed: dict[Person, int] = {}  # the e-mail about each person's standing like
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
        if self.by_mail:
            self.mailed[event.person] = len(self.mails)
            sent = event.at + self.mail_delay
            mail = Parcel(event.at, event.person, event.action, sent, ParcelState.UNSENT)
            self.mails.append(mail)

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
        """Withdraw what was sent about a like, as far as the rules have it."""
        if self.inbox["withdrawn"] or early:
            self.notices.pop(Notice(pressed, event.person, Action.LIKE), None)
            self.withdrawn.add(Event(pressed, event.person, Action.LIKE))
        mail = self.mailed.pop(event.person, None)
        if mail is not None and event.at <= self.mails[mail].sent:
            self.mails[mail] = self.mails[mail].become(ParcelState.CANCELLED)
        number = self.latest.pop(event.person, None)
        if number is None:
            return
        parcel = self.parcels[number]
        if event.at < parcel.sent:
            if early or self.push["stopped"]:
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
        self.parcels[number] = self.parcels[number].become(state, arrived)

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
                parcels[number] = parcel.become(self._under_way(parcel, at), parcel.arrived)
        return parcels[::-1]

    def mails_at(self, at: datetime) -> list[Parcel]:
        """All e-mails with their state at a moment, the latest first."""
        return [
            mail.become(ParcelState.DELIVERED, mail.sent)
            if mail.state is ParcelState.UNSENT and mail.sent <= at
            else mail
            for mail in reversed(self.mails)
        ]

    def _under_way(self, parcel: Parcel, at: datetime) -> ParcelState:
        """The state of a parcel that was sent and of which nothing more is recorded."""
        if not self.asleep:
            return ParcelState.DELIVERED
        late = at - parcel.sent > timedelta(seconds=self.push["waits"])
        return ParcelState.EXPIRED if late else ParcelState.TRANSIT

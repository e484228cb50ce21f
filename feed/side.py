"""The poster's side of a photo, ready to be drawn: what is there, what is withheld, what follows.

Everything in it came out of ``disclose`` for the poster, ``trace`` for the events of one person
("you"), and ``infer`` for the poster's looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feed.disclosure.disclose import UNSEEN_BY_THE_POSTER, Screen, Viewer, watch
from feed.disclosure.history import Action, History, Person
from feed.disclosure.infer import Exposure, Finding, infer
from feed.disclosure.looks import Look, Suspects
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.post import Notice, Parcel, ParcelState
from feed.disclosure.sentences import (
    RUNGS,
    Clock,
    Named,
    Sentence,
    Standing,
    conclusions,
    outlook,
    standing,
    verdict,
)
from feed.disclosure.trace import Outcome, Trace, trace
from feed.rules import RuleCard, rule_cards

NAMED_IN_THE_LIST = 3
NOTICES_OF_OTHERS = 2
PUSHES_SHOWN = 3

WITHHELD = {
    (Action.LIKE, "inbox", Outcome.WITHHELD): "“{name} {liked} your {noun}” is not announced",
    (Action.LIKE, "inbox", Outcome.WITHDRAWN): "“{name} {liked} your {noun}” was withdrawn",
    (Action.LIKE, "inbox", Outcome.COMING): "“{name} {liked} your {noun}” is not sent yet",
    (Action.LIKE, "push", Outcome.WITHHELD): "No push about {name}’s like",
    (Action.UNLIKE, "inbox", Outcome.WITHHELD): "“{name} {unliked}” is never sent",
    (Action.UNLIKE, "inbox", Outcome.WITHDRAWN): "“{name} {unliked}” went with the account",
    (Action.UNLIKE, "inbox", Outcome.COMING): "“{name} {unliked}” is not sent yet",
    (Action.UNLIKE, "unlikers", Outcome.WITHHELD): "No list of who took it back",
    (Action.UNLIKE, "insights", Outcome.WITHHELD): "No number of unlikes",
}


PUSHES = {
    ParcelState.UNSENT: (Outcome.COMING, "push.delay", "Not sent yet"),
    ParcelState.CANCELLED: (Outcome.WITHHELD, "push.delay", "Taken back before it was sent"),
    ParcelState.TRANSIT: (Outcome.COMING, "push.waits", "On its way"),
    ParcelState.EXPIRED: (Outcome.WITHHELD, "push.waits", "Lost on its way"),
    ParcelState.DELIVERED: (Outcome.SHOWN, "push.like", "Push"),
    ParcelState.RECALLED: (Outcome.WITHDRAWN, "push.recalled", "Recalled"),
}
MAILS = {
    ParcelState.UNSENT: (Outcome.COMING, "mail.delay", "E-mail not sent yet"),
    ParcelState.CANCELLED: (Outcome.WITHHELD, "mail.delay", "E-mail stopped before it was sent"),
    ParcelState.DELIVERED: (Outcome.SHOWN, "mail.like", "E-mail"),
}
"""How a parcel in each state is drawn, and the rule that decided it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line on the poster's screen. ``kind`` is shown, withheld, withdrawn or coming."""

    kind: str
    text: str
    rule: str
    who: Named | None = None
    small: str = ""
    fresh: bool = False
    assumed: bool = False

    @property
    def hidden(self) -> bool:
        return self.kind in (Outcome.WITHHELD, Outcome.WITHDRAWN)

    @property
    def rule_id(self) -> str:
        return self.rule.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The count as the poster sees it, and as it stood at the look before."""

    written: str | None
    noun: str
    before: str | None
    rule: str
    concluded: str = ""

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.written

    @property
    def rule_id(self) -> str:
        return self.rule.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    label: str
    state: str  # past, here or ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """``rests_on`` holds the assumptions without which the verdict would be another."""

    poster: Named
    platform: Platform
    lock_screen: tuple[Row, ...]
    activity: tuple[Row, ...]
    tally: Tally
    likers: tuple[Row, ...]
    likers_more: int
    unlikers: tuple[Row, ...]
    insights: tuple[Row, ...]
    verdict: Sentence
    outlook: str
    conclusions: tuple[str, ...]
    exposure: Exposure
    ladder: tuple[Rung, ...]
    finding: Finding
    looks: tuple[Look, ...]
    rests_on: tuple[RuleCard, ...]
    rules: tuple[RuleCard, ...]


def poster_side(
    *,
    history: History,
    platform: Platform,
    cast: Mapping[Person, Named],
    you: Person,
    suspects: Suspects,
    at: datetime,
    clock: Clock,
    show_hidden: bool = True,
) -> Side:
    """The poster's side at one moment, and what follows from the poster's looks so far.

    ``cast`` names everybody in the history. ``show_hidden`` False leaves out what is withheld, as
    the real phone would.
    """
    poster, viewer = cast[history.poster], Viewer(Seat.POSTER, history.poster)
    looked = [moment for moment in history.looks(history.poster) if moment <= at]
    moments = looked if looked and looked[-1] == at else [*looked, at]
    did = standing(replace(history, events=history.until(at)), you)
    unliked = did in (Standing.UNLIKED, Standing.AGAIN)

    def watched(rules: Platform) -> tuple[Screen, ...]:
        return watch(history=history, platform=rules, viewer=viewer, moments=moments)

    def concluded(looks: Sequence[Look]) -> tuple[Finding, Sentence]:
        finding = infer(looks, suspects)
        return finding, verdict(finding=finding, you=you, did=did, poster=poster, clock=clock)

    def matters(key: str) -> bool:
        """Whether the verdict would be another under the other assumption."""
        turned = [screen.look for screen in watched(platform.flipped(key))[: len(looked)]]
        return turned != looks and concluded(turned)[1] != said

    screens = watched(platform)
    looks = [screen.look for screen in screens[: len(looked)]]
    finding, said = concluded(looks)
    now, exposure = screens[-1], finding.exposure(you)
    later = infer([screen.look for screen in screens], suspects)
    rests_on = [
        key for key in platform.assumptions if key not in UNSEEN_BY_THE_POSTER and matters(key)
    ]
    traced = [
        t
        for t in trace(history=history, platform=platform, viewer=viewer, at=at)
        if t.event.person == you and you != history.poster
    ]
    drawn = _Drawn(platform, cast, you, clock, at, traced, show_hidden)
    parts = {
        "lock_screen": drawn.lock_screen(now),
        "activity": drawn.activity(now),
        "likers": drawn.likers(now),
        "unlikers": drawn.unlikers(now),
        "insights": drawn.insights(now),
    }
    tally = _tally(now, screens[:-1], platform, _concluded(finding, suspects, at))
    used = [row.rule for rows in parts.values() for row in rows]
    return Side(
        poster=poster,
        platform=platform,
        **{name: drawn.marked(rows) for name, rows in parts.items()},
        tally=tally,
        likers_more=max(0, len(now.likers.shown or ()) - NAMED_IN_THE_LIST),
        verdict=said,
        outlook=(
            outlook(finding=later, you=you, poster=poster)
            if unliked and later.exposure(you) is not exposure
            else ""
        ),
        conclusions=tuple(conclusions(finding, cast)),
        exposure=exposure,
        ladder=ladder(exposure if unliked else None),
        finding=finding,
        looks=finding.looks,
        rests_on=rule_cards(platform, rests_on),
        rules=rule_cards(platform, [*used, tally.rule, *rests_on]),
    )


def ladder(exposure: Exposure | None) -> tuple[Rung, ...]:
    """The rungs from nothing to see to told outright, and which has been reached, if any."""
    reached = list(RUNGS).index(exposure) if exposure else -1
    return tuple(
        Rung(
            label=label,
            state="past" if number < reached else "here" if number == reached else "ahead",
        )
        for number, label in enumerate(RUNGS.values())
    )


def _tally(now: Screen, earlier: Sequence[Screen], platform: Platform, concluded: str) -> Tally:
    count = now.face.count
    return Tally(
        written=count.written,
        noun=platform.words.of(count.written),
        before=earlier[-1].face.count.written if earlier else None,
        rule=count.rule,
        concluded=concluded,
    )


def _concluded(finding: Finding, suspects: Suspects, at: datetime) -> str:
    """What a fall of the number from the look before to a look at this moment means."""
    if len(finding.looks) < 2 or finding.looks[-1].at != at:
        return ""
    before, now = finding.looks[-2:]
    if now.count.high is None or now.count.high >= before.count.low:
        return ""
    if finding.least > infer(finding.looks[:-1], suspects).least:
        return "Someone took one back."
    if now.gone > before.gone and not (suspects.open and suspects.strangers_leave):
        return "An account is gone."
    return "Someone took one back, or an account is gone."


class _Drawn:
    """Makes the rows of each part of the poster's screen."""

    def __init__(
        self,
        platform: Platform,
        cast: Mapping[Person, Named],
        you: Person,
        clock: Clock,
        at: datetime,
        traced: Sequence[Trace],
        show_hidden: bool,
    ) -> None:
        self.words, self.platform, self.cast = platform.words, platform, cast
        self.you, self.clock, self.at = you, clock, at
        self.traced, self.show_hidden = traced, show_hidden

    def marked(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The rows, with those marked that rest on an assumption."""
        rules = self.platform.rules
        return tuple(replace(row, assumed=rules[row.rule].assumed) for row in rows)

    def lock_screen(self, screen: Screen) -> tuple[Row, ...]:
        drawn = [self._push(push) for push in screen.pushes if push.person == self.you]
        drawn += [self._parcel(mail, MAILS) for mail in screen.mails if mail.person == self.you]
        rows = [row for row in drawn if self.show_hidden or not row.hidden]
        left = len(rows) - PUSHES_SHOWN
        if left > 0:
            text = f"and {left} more push{'' if left == 1 else 'es'}"
            rows[PUSHES_SHOWN:] = [Row(kind=Outcome.SHOWN, text=text, rule="push.like")]
        return tuple(rows) or self._withheld(Action.LIKE, "push")

    def activity(self, screen: Screen) -> tuple[Row, ...]:
        withheld = self._withheld(Action.UNLIKE, "inbox") + self._withheld(Action.LIKE, "inbox")
        mine = [n for n in screen.notices if n.person == self.you]
        others = [n for n in screen.notices if n.person != self.you]
        return (*map(self._notice, mine), *withheld, *self._others(others))

    def likers(self, screen: Screen) -> tuple[Row, ...]:
        if screen.likers.shown is None:
            row = Row(
                kind=Outcome.WITHHELD,
                text=f"{self.platform.name} shows no names",
                rule=screen.likers.rule,
            )
            return (row,) if self.show_hidden else ()
        return tuple(
            Row(
                kind=Outcome.SHOWN,
                text="",
                who=self.cast[person],
                rule=screen.likers.rule,
                fresh=person == self.you and self._fresh(Action.LIKE),
            )
            for person in screen.likers.shown[:NAMED_IN_THE_LIST]
        )

    def unlikers(self, screen: Screen) -> tuple[Row, ...]:
        if screen.unlikers is None:
            return self._withheld(Action.UNLIKE, "unlikers")
        return tuple(
            Row(
                kind=Outcome.SHOWN,
                text=f"{self.words.unliked}",
                who=self.cast[fact.person],
                small=self.clock(fact.at),
                rule="unlikers.audience",
                fresh=fact.at == self.at,
            )
            for fact in screen.unlikers[:NAMED_IN_THE_LIST]
        )

    def insights(self, screen: Screen) -> tuple[Row, ...]:
        given = self.platform.insights.unlikes.holds and screen.unlikes_figure is not None
        if not given:
            return self._withheld(Action.UNLIKE, "insights")
        number = screen.unlikes_figure
        return (
            Row(
                kind=Outcome.SHOWN,
                text=f"{number} {'unlike' if number == 1 else 'unlikes'} in the figures, no names",
                rule="insights.unlikes",
                fresh=self._fresh(Action.UNLIKE),
            ),
        )

    def _fresh(self, action: Action) -> bool:
        return any(t.event.at == self.at and t.event.action is action for t in self.traced)

    def _withheld(self, action: Action, channel: str) -> tuple[Row, ...]:
        """The latest event of this kind that did not come through, drawn where it would be."""
        hidden = [
            t
            for t in self.traced
            if t.event.action is action and t.channel == channel and t.outcome is not Outcome.SHOWN
        ]
        if not hidden or not self.show_hidden:
            return ()
        last = hidden[-1]
        text = WITHHELD[action, channel, last.outcome].format(
            name=self.cast[self.you].name,
            liked=self.words.liked,
            unliked=self.words.unliked,
            noun=self.words.noun,
        )
        fresh = self.traced[-1].event.at == self.at and action is self.traced[-1].event.action
        return (Row(kind=last.outcome, text=text, rule=last.rule, fresh=fresh),)

    def _push(self, push: Parcel) -> Row:
        row = self._parcel(push, PUSHES)
        if row.kind is not Outcome.SHOWN:
            return row
        # That it is still there after an unlike is for this rule to say.
        rule = "push.recalled" if self._taken_back(push) else f"push.{push.action}"
        return replace(row, rule=rule)

    def _parcel(self, parcel: Parcel, states: Mapping[ParcelState, tuple[str, str, str]]) -> Row:
        outcome, rule, small = states[parcel.state]
        return Row(
            kind=outcome,
            text=self._did(parcel.action),
            who=self.cast[parcel.person],
            small=f"{small}, {self.clock(parcel.sent if parcel.arrived else parcel.at)}",
            rule=rule,
            fresh=self.at in (parcel.at, parcel.arrived),
        )

    def _taken_back(self, parcel: Parcel) -> bool:
        unlikes = [t.event.at for t in self.traced if t.event.action is Action.UNLIKE]
        return parcel.action is Action.LIKE and any(at > parcel.at for at in unlikes)

    def _notice(self, notice: Notice) -> Row:
        return Row(
            kind=Outcome.SHOWN,
            text=self._did(notice.action),
            who=self.cast[notice.person],
            small=self.clock(notice.at),
            rule=f"inbox.{notice.action}",
            fresh=notice.at == self.at,
        )

    def _others(self, notices: Sequence[Notice]) -> tuple[Row, ...]:
        """What everybody else did: likes in one notice where the platform groups them."""
        if self.platform.inbox.grouped.holds:
            likes = [n for n in notices if n.action is Action.LIKE]
            single = [n for n in notices if n.action is Action.UNLIKE]
            return (*self._some(single, "inbox.unlike"), *self._grouped(likes))
        return self._some(notices, "inbox.like")

    def _some(self, notices: Sequence[Notice], rule: str) -> tuple[Row, ...]:
        rows = [replace(self._notice(n), fresh=False) for n in notices[:NOTICES_OF_OTHERS]]
        left = len(notices) - len(rows)
        if left:
            text = f"and {left} more notice{'' if left == 1 else 's'}"
            rows.append(Row(kind=Outcome.SHOWN, text=text, rule=rule))
        return tuple(rows)

    def _grouped(self, likes: Sequence[Notice]) -> tuple[Row, ...]:
        people = list(dict.fromkeys(n.person for n in likes))
        if not people:
            return ()
        row = replace(self._notice(likes[0]), fresh=False)
        others = len(people) - 1
        if not others:
            return (row,)
        more = f"and {others} {'other' if others == 1 else 'others'} {row.text}"
        return (replace(row, text=more, rule="inbox.grouped"),)

    def _did(self, action: Action) -> str:
        verb = self.words.liked if action is Action.LIKE else self.words.unliked
        return f"{verb} your {self.words.noun}"

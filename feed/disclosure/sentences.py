"""What a finding says to people, built from what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from .history import Action, History, Person
from .infer import Exposure, Finding, Group
from .looks import Look
from .states import evidence

Clock = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody is called and spoken of. ``pronouns`` is he, she or they."""

    name: str
    pronouns: str = "they"
    avatar: str = ""

    @property
    def they(self) -> str:
        return self.pronouns

    @property
    def is_(self) -> str:
        return "are" if self.pronouns == "they" else "is"

    @property
    def has(self) -> str:
        return "have" if self.pronouns == "they" else "has"


class Span(NamedTuple):
    """A piece of a sentence; what can be worked out is marked."""

    text: str
    marked: bool = False


Sentence = tuple[Span, ...]


def plain(sentence: Sentence) -> str:
    return "".join(span.text for span in sentence)


class Standing(Enum):
    """What somebody really did with their like."""

    NEVER = "never liked it"
    LIKES = "likes it"
    UNLIKED = "took the like back"
    AGAIN = "took the like back and likes it again"
    LEFT = "left, and the like with the account"


def standing(history: History, person: Person) -> Standing:
    presses = [
        event.action
        for event in history.events
        if event.person == person and event.action in (Action.LIKE, Action.UNLIKE, Action.LEAVE)
    ]
    if Action.LEAVE in presses:
        return Standing.LEFT
    if not presses:
        return Standing.NEVER
    if presses[-1] is Action.UNLIKE:
        return Standing.UNLIKED
    return Standing.AGAIN if Action.UNLIKE in presses else Standing.LIKES


RUNGS = {
    Exposure.UNDETECTABLE: "Nothing to see",
    Exposure.DETECTABLE: "Someone did",
    Exposure.ONE_OF_K: "One of a few",
    Exposure.IDENTIFIED: "It was you",
    Exposure.DISCLOSED: "Told outright",
}


def verdict(
    *, finding: Finding, you: Person, did: Standing, poster: Named, clock: Clock
) -> Sentence:
    """The answer in one or two sentences, spoken to the person whose like it is."""
    if did is Standing.NEVER:
        return (Span("You have not liked it, so there is nothing to tell."),)
    if did is Standing.LEFT:
        return (Span("Your account is gone, and what you liked with it."),)
    if did is Standing.LIKES:
        return (Span(_of_a_like(finding, you, poster)),)
    again = did is Standing.AGAIN
    match finding.exposure(you):
        case Exposure.DISCLOSED:
            return (
                Span(f"{poster.name} is told outright: "),
                Span("it was you who took a like back", marked=True),
                Span("."),
            )
        case Exposure.IDENTIFIED:
            return (
                Span(f"{_ground(finding, you, poster, clock, again=again)}, so "),
                Span(
                    f"{poster.they} can tell {'you took one back' if again else 'it was you'}",
                    marked=True,
                ),
                Span("."),
            )
        case Exposure.ONE_OF_K:
            group = finding.group(you)
            assert group is not None
            return (
                Span(f"{poster.name} was not told who. {_fall(finding, group)}: "),
                Span(f"it was {_some_of(group)}", marked=True),
                Span(", and you are among them."),
            )
        case Exposure.DETECTABLE:
            group = finding.group(you)
            assert group is not None
            return (
                Span(f"{poster.name} was not told who. {_fall(finding, group)}, so "),
                Span(f"{poster.they} can tell that someone did", marked=True),
                Span(". It could be anyone."),
            )
    return (Span(_of_nothing(finding, you, poster)),)


def outlook(*, finding: Finding, you: Person, poster: Named) -> str:
    """What the poster would conclude who looked now, for one who has taken a like back."""
    match finding.exposure(you):
        case Exposure.DISCLOSED:
            return f"If {poster.name} looks now, {poster.they} {poster.is_} told outright."
        case Exposure.IDENTIFIED:
            return f"If {poster.name} looks now, {poster.they} can tell it was you."
        case Exposure.ONE_OF_K:
            group = finding.group(you)
            assert group is not None
            return f"If {poster.name} looks now, {poster.they} can tell it was {_some_of(group)}."
        case Exposure.DETECTABLE:
            return f"If {poster.name} looks now, {poster.they} can tell that someone did."
    return f"If {poster.name} looks now, still nothing gives it away."


def conclusions(finding: Finding, cast: Mapping[Person, Named]) -> list[str]:
    """What follows, spoken to the observer."""
    said = []
    for person in sorted(finding.must):
        name = cast[person].name if person in cast else person
        told = "You were told that" if person in finding.told else "You can tell that"
        said.append(f"{told} {name} took a like back.")
    said += [f"{_fall(finding, group)}: it was {_some_of(group)}." for group in finding.groups]
    return said or ["Nothing that you have seen shows that anyone took a like back."]


def _of_a_like(finding: Finding, you: Person, poster: Named) -> str:
    if any(you in look.names for look in finding.looks):
        return f"{poster.name} knows that you like it."
    if finding.looks:
        return f"{poster.name} has not seen that you like it."
    return f"{poster.name} has not looked yet."


def _of_nothing(finding: Finding, you: Person, poster: Named) -> str:
    """Why nothing gives an unlike away."""
    they = poster.they
    if not finding.looks:
        return f"{poster.name} has not looked yet, so nothing has given it away."
    if you in finding.looks[-1].likers.names:
        return f"{poster.name} was not told. When {they} last looked, you liked it."
    fall = _falls(finding.looks)
    if fall and not finding.least:
        return (
            f"{poster.name} was not told. The number fell from {fall[0]} to {fall[1]}, but an "
            "account that was closed would look the same."
        )
    return f"{poster.name} was not told, and nothing {they} {poster.has} seen gives it away."


def _falls(looks: Sequence[Look]) -> tuple[int, int] | None:
    """The latest fall of the number from one look to the next."""
    found = None
    for one, other in pairwise(looks):
        if other.count.high is not None and other.count.high < one.count.low:
            found = one.count.low, other.count.high
    return found


def _ground(finding: Finding, you: Person, poster: Named, clock: Clock, *, again: bool) -> str:
    """How the poster can tell that it was you: what was there, and what was not any longer.

    Of somebody who likes it ``again`` the name may be back by now.
    """
    looked = [look.at for look in finding.looks]
    points = evidence(finding.looks, [you])[you].points
    falls = [(a, b) for a, b in pairwise(points) if a.on and not b.on and not b.gone]
    they = poster.they.capitalize()
    if not falls:
        return (
            f"{poster.name} was not told. The numbers have changed, and nobody else is left who "
            "can have done it"
        )
    seen, missing = falls[-1]
    if missing.at not in looked:
        return (
            f"{poster.name} was told twice that you liked it, at {clock(seen.at)} and at "
            f"{clock(missing.at)}"
        )
    now = "now" if missing.at == looked[-1] and not again else f"at {clock(missing.at)}"
    if clock(seen.at) == clock(missing.at) and now != "now":
        now = "at the next look"
    if seen.at in looked:
        return (
            f"{poster.name} was not told. {they} saw your name at {clock(seen.at)} and it "
            f"{'is' if now == 'now' else 'was'} gone {now}"
        )
    return (
        f"The unlike was not announced. But {poster.name} was told that you liked it at "
        f"{clock(seen.at)}, and your name {'is' if now == 'now' else 'was'} not there {now}"
    )


def _fall(finding: Finding, group: Group) -> str:
    """What shows that somebody unliked."""
    looks = {look.at: look for look in finding.looks}
    before = looks[group.before]
    if before.unlikes is not None:
        return f"{_plural(before.unlikes, 'unlike')} counted"
    after = looks.get(group.after) if group.after else None
    if after and before.count.high is not None and after.count.low > before.count.high:
        return f"The number fell from {after.count.low} to {before.count.high}"
    return "The numbers do not add up without it"


def _some_of(group: Group) -> str:
    if group.weights is None:
        return "someone, and it could be anyone"
    if group.need > 1 and max(group.weights.values()) == 1:
        return f"{group.need} of {len(group.people)} people"
    return f"one of {len(group.people)} people"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'} {'is' if number == 1 else 'are'}"

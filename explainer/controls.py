"""What can be pressed and set beside a demo: links to its other states."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from feed.disclosure.infer import Exposure
from feed.disclosure.platforms import NETWORK, Platform, Seat
from feed.rules import duration

from .addresses import AddressError
from .cast import BEN, CAST, YOU
from .demos import (
    MOST_STEPS,
    PASSES,
    Age,
    Bet,
    Demo,
    Relation,
    SeatShown,
    Step,
    Third,
    World,
    switched,
)

BEN_LOOKS = f"Let {CAST[BEN].name} look"

STEPS = {
    Step.LOOK: (BEN_LOOKS, "eye"),
    Step.WAIT: ("Wait", "hourglass"),
    Step.OTHER: ("Someone else likes it", "plus"),
    Step.GOES: ("Someone’s account is closed", "user-x"),
    Step.COMMENT: ("Comment", "message-circle"),
    Step.SHARE: ("Share", "send"),
    Step.LEAVE: ("Close your account", "user-x"),
}

FROM_THE_POSTER = {
    Step.LOOK: "Look",
    Step.COMMENT: f"Let {CAST[YOU].name} comment",
    Step.SHARE: f"Let {CAST[YOU].name} share it",
    Step.LEAVE: f"Close {CAST[YOU].name}’s account",
}
"""What steps are called where the reader is the poster."""

RELATIONS = {
    Relation.FRIEND: "A friend",
    Relation.FAMILY: "Family",
    Relation.EX: "An ex",
    Relation.COLLEAGUE: "A colleague",
    Relation.CLIENT: "A client",
    Relation.BOSS: "Your boss",
}

THIRDS = {
    Third.FRIEND: "A mutual friend",
    Third.STRANGER: "A stranger",
    Third.SERVER: "Another server’s admin",
    Third.READER: "A reader of the public stream",
    Third.APP: f"An app of {CAST[BEN].name}’s",
}

SWITCHES: dict[str, tuple[str, dict[Any, str]]] = {
    "world": (
        f"Who can see {CAST[BEN].name}’s photos",
        {World.CIRCLE: "A closed circle", World.OPEN: "Everyone"},
    ),
    "alerts": (f"{CAST[BEN].name}’s alerts", {True: "On", False: "Off"}),
    "age": ("The photo is", {Age.NEW: "From today", Age.OLD: "Three years old"}),
    "seat": ("Answer for", {SeatShown.LIKER: "You", SeatShown.POSTER: CAST[BEN].name}),
    "hidden": ("Show what is hidden", {True: "Yes", False: "No"}),
    "others": ("Other people who like it", {0: "None", 1: "1", 7: "7", 50: "50"}),
    "who": (f"{CAST[BEN].name} is", RELATIONS),
    "third": ("Who looks on", THIRDS),
}
"""The switches by the field of Demo that they set: what each is called, and its choices."""


BETS = {
    Bet.NOTHING: "Nothing at all",
    Bet.SOMEONE: "That someone took one back",
    Bet.YOU: "That it was you",
}
"""What a reader can say beforehand that the poster can tell."""

COMES_TO = {
    Exposure.UNDETECTABLE: Bet.NOTHING,
    Exposure.DETECTABLE: Bet.SOMEONE,
    Exposure.ONE_OF_K: Bet.SOMEONE,
    Exposure.IDENTIFIED: Bet.YOU,
    Exposure.DISCLOSED: Bet.YOU,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link among several, one of which is in force."""

    slug: str
    label: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Something that can be one way or another."""

    id: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A step that can come next."""

    id: str
    label: str
    icon: str
    address: str
    first: bool = False  # the one that matters most


def switches(demo: Demo, names: Iterable[str]) -> tuple[Switch, ...]:
    return tuple(_switch(demo, name) for name in names if name in SWITCHES)


def seated(switch: Switch, platform: Platform) -> Switch:
    """A switch without the chairs that nobody sits in on this platform."""
    if switch.id != "third":
        return switch
    seats = zip(switch.choices, Third, strict=True)
    return replace(switch, choices=tuple(c for c, third in seats if sits(third, platform)))


def sits(third: Third, platform: Platform) -> bool:
    """Whether there is such a seat: those of an open protocol only where it sends them word."""
    seat = Seat(third)
    return seat not in NETWORK or platform.network.unlike.holds.includes(seat)


def _switch(demo: Demo, name: str) -> Switch:
    label, choices = SWITCHES[name]
    return Switch(
        id=name,
        label=label,
        choices=tuple(
            Choice(
                slug=f"{name}-{number}",
                label=words,
                address=demo.address(**{name: value}),
                chosen=getattr(demo, name) == value,
            )
            for number, (value, words) in enumerate(choices.items())
        ),
    )


def platform_choices(demo: Demo, platforms: Iterable[Platform]) -> tuple[Choice, ...]:
    """The same demo on each of these platforms."""
    return tuple(
        Choice(
            slug=platform.slug,
            label=platform.label,
            address=switched(demo, platform).address(),
            chosen=platform.slug == demo.on,
        )
        for platform in platforms
    )


def presses(demo: Demo, names: Iterable[str], platform: Platform) -> tuple[Press, ...]:
    """The heart and a look, and the steps of these names, as far as they can come next."""
    heart = Step.UNLIKE if demo.liked else Step.LIKE
    labels = {heart: (press(demo, platform, heart), platform.words.icon), **STEPS}
    if demo.seat is SeatShown.POSTER:
        labels |= {step: (label, labels[step][1]) for step, label in FROM_THE_POSTER.items()}
    wanted = {heart, Step.LOOK, *names}
    return tuple(
        Press(
            id="press" if step is heart else step,
            label=label,
            icon=icon,
            address=demo.after(step),
            first=step is heart,
        )
        for step, (label, icon) in labels.items()
        if step in wanted and _possible(demo, step, platform)
    )


def bets(demo: Demo) -> tuple[Choice, ...]:
    """What can be said beforehand; nothing more once it has been said."""
    if demo.bet is not Bet.OPEN:
        return ()
    return tuple(
        Choice(slug=f"bet-{bet}", label=label, address=demo.address(bet=bet), chosen=False)
        for bet, label in BETS.items()
    )


def outcome(demo: Demo, exposure: Exposure) -> str:
    """Whether what was said beforehand, which is not open any more, came true."""
    said = BETS[demo.bet].lower()
    return f"You said: {said}. {'So it is.' if COMES_TO[exposure] is demo.bet else 'Not so.'}"


def stuck(demo: Demo, platform: Platform) -> str:
    """Why the heart cannot be pressed, if it cannot."""
    if demo.full:
        return f"{MOST_STEPS} steps is as far as a link goes. Undo one or start over."
    if demo.left:
        return "Your account is closed. Undo that or start over."
    window = platform.limits.undo_within.holds
    if isinstance(window, int) and demo.liked_at is not None:
        pressed = demo.now + PASSES[Step.UNLIKE]
        if pressed - demo.liked_at > timedelta(seconds=window):
            return f"{platform.name} lets nobody {platform.words.unlike} after {duration(window)}."
    return ""


def _possible(demo: Demo, step: Step, platform: Platform) -> bool:
    if demo.full or (step is Step.UNLIKE and stuck(demo, platform)):
        return False
    with suppress(AddressError):
        return bool(replace(demo, did=(*demo.did, step)))
    return False


def press(demo: Demo, platform: Platform, step: Step) -> str:
    """What the button of the heart says, from the seat in which the reader sits."""
    said = verb(demo, platform, step)
    if demo.seat is SeatShown.LIKER:
        return said
    word, again = said.lower().removesuffix(" again"), " again" * said.endswith(" again")
    return f"Let {CAST[YOU].name} {word} it{again}"


def verb(demo: Demo, platform: Platform, step: Step) -> str:
    """What a press of the heart is called."""
    word = platform.words.unlike if step is Step.UNLIKE else platform.words.like
    again = step is Step.LIKE and Step.LIKE in demo.did
    return f"{word.capitalize()} again" if again else word.capitalize()

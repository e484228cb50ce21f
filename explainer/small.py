"""What each kind of small demo draws: the real engine on a small cast, with one finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from feed.disclosure.disclose import Screen, Viewer, seen_alike, watch
from feed.disclosure.infer import Exposure, infer
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.sentences import RUNGS, Named, Sentence, Standing, standing, verdict
from feed.disclosure.trace import trace
from feed.rules import RuleCard, rule_card, rule_cards
from feed.side import Row, Rung, ladder

from .cast import BEN, CAST, YOU
from .controls import sits
from .demos import Demo, Relation, Step, Third
from .scenes import POSTER, Scene, clock, scene

Platforms = Mapping[str, Platform]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutYou:
    """The rows of the poster's phone that this is about, and the rest of them."""

    pushes: tuple[Row, ...]
    rows: tuple[Row, ...]
    rest: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phones:
    scene: Scene

    @property
    def about_you(self) -> AboutYou:
        side, you = self.scene.side, CAST[YOU]

        def first(row: Row) -> bool:
            return row.who == you or (row.hidden and row.rule.startswith("inbox."))

        lists = [*side.unlikers, *side.insights]
        told = [row for row in lists if not row.hidden]
        return AboutYou(
            pushes=side.lock_screen,
            rows=(*filter(first, side.activity), *told),
            rest=(
                *(row for row in side.activity if not first(row)),
                *(row for row in lists if row.hidden),
            ),
        )


def phones(demo: Demo, platforms: Platforms) -> Phones:
    """Your phone and the poster's."""
    return Phones(scene=scene(demo, platforms))


# Who the poster is to you


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What somebody may make of what they know; nothing on a screen says what you meant."""

    scene: Scene
    thought: str
    mind: str


THOUGHTS = {
    Relation.FRIEND: (
        "You liked it and then you did not. Did I do something?",
        "One of my friends took one back. I wonder which.",
    ),
    Relation.FAMILY: (
        "You took it back. Has somebody said something about me?",
        "Somebody at home took one back, and nobody says a word.",
    ),
    Relation.EX: (
        "So you still look at my photos, and you tried to hide it.",
        "Somebody took one back. I know whom I would like it to be.",
    ),
    Relation.COLLEAGUE: (
        "You thought better of it. Because of who else is reading?",
        "Somebody here does not want to be seen agreeing with me.",
    ),
    Relation.CLIENT: (
        "First they like our work, then they do not. Are they in doubt about us?",
        "Somebody stepped back from this. I had better ask around.",
    ),
    Relation.BOSS: (
        "That was quick. Was it the picture, or is it me?",
        "Somebody on the team took one back. I will remember the date.",
    ),
}
"""What may go through the head of a poster who knows it was you, and of one who suspects a few."""

MINDS = {
    Exposure.UNDETECTABLE: "Nothing that {they} {has} seen leads to you.",
    Exposure.DETECTABLE: "It could be anyone, so there is nobody to think of.",
}


def relation(demo: Demo, platforms: Platforms) -> Reading:
    """What the poster can tell, and what it may mean to somebody who is this to you."""
    drawn, ben = scene(demo, platforms), CAST[BEN]
    knows, wonders = THOUGHTS[demo.who]
    exposure = drawn.side.exposure
    if exposure in (Exposure.IDENTIFIED, Exposure.DISCLOSED):
        thought = knows
    else:
        thought = wonders if exposure is Exposure.ONE_OF_K else ""
    mind = MINDS.get(exposure, "").format(they=ben.they, has=ben.has)
    return Reading(scene=drawn, thought=thought, mind=mind)


# Before you press


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One thing that you could do, and what the poster could tell at the next look."""

    name: str
    said: Sentence
    ladder: tuple[Rung, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    scene: Scene
    courses: tuple[Course, ...]


def before(demo: Demo, platforms: Platforms) -> Before:
    """What an unlike would let the poster work out, and what leaving it would."""
    drawn, words = scene(demo, platforms), demo.platform(platforms).words
    courses: list[tuple[str, tuple[Step, ...]]] = [("Leave it as it is", (Step.LOOK,))]
    if demo.liked:
        courses += [
            (f"{words.unlike.capitalize()} it", (Step.UNLIKE, Step.LOOK)),
            (
                f"{words.unlike.capitalize()} it once somebody else likes it",
                (Step.OTHER, Step.UNLIKE, Step.LOOK),
            ),
        ]
    return Before(
        scene=drawn,
        courses=tuple(
            _course(name, replace(demo, did=(*demo.did, *steps)), platforms)
            for name, steps in courses
        ),
    )


def _course(name: str, demo: Demo, platforms: Platforms) -> Course:
    seen = seen_by(demo, demo.platform(platforms), POSTER, CAST[BEN])
    return Course(name=name, said=seen.said, ladder=seen.ladder)


# What one observer makes of all their looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One observer's looks with the sentence that follows, and the exposure of your unlike."""

    who: Named
    screens: tuple[Screen, ...]
    said: Sentence
    exposure: Exposure
    did: Standing

    @property
    def ladder(self) -> tuple[Rung, ...]:
        unliked = self.did in (Standing.UNLIKED, Standing.AGAIN)
        return ladder(self.exposure if unliked else None)


def seen_by(demo: Demo, platform: Platform, viewer: Viewer, who: Named) -> Seen:
    """What somebody sees who looks whenever Ben does."""
    history = demo.history()
    screens = watch(history=history, platform=platform, viewer=viewer, moments=history.looks(BEN))
    finding = infer([screen.look for screen in screens], demo.suspects())
    did = standing(history, YOU)
    return Seen(
        who=who,
        screens=screens,
        said=verdict(finding=finding, you=YOU, did=did, poster=who, clock=clock),
        exposure=finding.exposure(YOU),
        did=did,
    )


# The count, look by look


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """The number at one look, and whether it is lower than at the look before."""

    at: str
    written: str | None
    fell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    scene: Scene
    looks: tuple[Reckoned, ...]


def count(demo: Demo, platforms: Platforms) -> Count:
    """The number at each of the poster's looks, and what follows from it."""
    looks: list[Reckoned] = []
    least = 0
    seen = seen_by(demo, demo.platform(platforms), POSTER, CAST[BEN])
    for screen in seen.screens:
        number = screen.face.count
        high = number.stands_for.high
        fell = high is not None and high < least
        looks.append(Reckoned(at=clock(screen.at), written=number.written, fell=fell))
        least = number.stands_for.low
    return Count(scene=scene(demo, platforms), looks=tuple(looks))


# The poster's figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the poster's at each look; None where the platform does not give it."""

    title: str
    numbers: tuple[int | None, ...]
    rule: RuleCard

    @property
    def given(self) -> bool:
        return any(number is not None for number in self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    scene: Scene
    looks: tuple[Reckoned, ...]
    figures: tuple[Figure, ...]

    @property
    def rules(self) -> tuple[RuleCard, ...]:
        shown = self.scene.side.rules
        keys = {card.key for card in shown}
        return (*shown, *(each.rule for each in self.figures if each.rule.key not in keys))


def insights(demo: Demo, platforms: Platforms) -> Insights:
    """The poster's figures beside the number on the photo, look by look."""
    platform, reckoned = demo.platform(platforms), count(demo, platforms)
    screens = seen_by(demo, platform, POSTER, CAST[BEN]).screens
    words = platform.words
    return Insights(
        scene=reckoned.scene,
        looks=reckoned.looks,
        figures=(
            Figure(
                title=words.likes.capitalize(),
                numbers=tuple(screen.likes_figure for screen in screens),
                rule=rule_card(platform, "insights.likes"),
            ),
            Figure(
                title=f"{words.unlike.capitalize()}s",
                numbers=tuple(screen.unlikes_figure for screen in screens),
                rule=rule_card(platform, "insights.unlikes"),
            ),
        ),
    )


# A third seat

THIRDS = {
    Third.FRIEND: (Seat.FRIEND, Named("Leila, who follows you both,")),
    Third.STRANGER: (Seat.STRANGER, Named("A stranger")),
    Third.SERVER: (Seat.SERVER, Named("The admin of another server")),
    Third.READER: (Seat.READER, Named("A reader of the stream")),
    Third.APP: (Seat.APP, Named("The app")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """What somebody else is shown, whenever the poster looks too, and what follows for them."""

    scene: Scene
    seen: Seen
    sits: bool  # whether there is such a seat on this platform
    told: bool  # of the unlike, by name
    names: tuple[str, ...] | None
    rules: tuple[RuleCard, ...]

    @property
    def missing(self) -> RuleCard:
        """The rule for which nobody sits there."""
        return rule_card(self.scene.platform, "network.unlike")

    @property
    def screen(self) -> Screen | None:
        return self.seen.screens[-1] if self.seen.screens else None


def third(demo: Demo, platforms: Platforms) -> Onlooker:
    platform = demo.platform(platforms)
    seat, who = THIRDS[demo.third]
    viewer = Viewer(seat, BEN if seat is Seat.APP else None)
    seen = seen_by(demo, platform, viewer, who)
    traces = trace(history=demo.history(), platform=platform, viewer=viewer, at=demo.now)
    mine = [t for t in traces if t.event.person == YOU]
    last = seen.screens[-1] if seen.screens else None
    shown = last.likers.shown if last else None
    return Onlooker(
        scene=scene(demo, platforms),
        seen=seen,
        sits=sits(demo.third, platform),
        told=bool(last and any(fact.person == YOU for fact in last.unlikers or ())),
        names=None if shown is None else tuple(CAST[person].name for person in shown[:3]),
        rules=rule_cards(platform, [t.rule for t in mine]),
    )


# One history on every platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A rung of the ladder, and the platforms that end up on it."""

    rung: str
    platforms: tuple[Platform, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    scene: Scene
    landings: tuple[Landing, ...]
    number: int


def everywhere(demo: Demo, platforms: Platforms) -> Everywhere:
    """How far the unlike is exposed on every platform of today, the farthest first."""
    today = {slug: platform for slug, platform in platforms.items() if platform.today}
    kinds: dict[tuple[object, ...], Exposure] = {}
    exposures = {}
    for slug, platform in today.items():
        kind = seen_alike(platform)
        if kind not in kinds:
            kinds[kind] = seen_by(demo, platform, POSTER, CAST[BEN]).exposure
        exposures[slug] = kinds[kind]
    return Everywhere(
        scene=scene(demo, platforms),
        number=len(today),
        landings=tuple(
            Landing(
                rung=label,
                platforms=tuple(today[slug] for slug in exposures if exposures[slug] is rung),
            )
            for rung, label in reversed(RUNGS.items())
        ),
    )

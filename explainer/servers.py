"""What the server does about each press: rows written and removed, messages sent and not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feed.disclosure.disclose import summarise
from feed.disclosure.platforms import Platform
from feed.disclosure.trace import Outcome, Trace, trace
from feed.rules import RuleCard, rule_cards

from .cast import BEN, CAST, YOU
from .demos import PRESSES, Demo, Step
from .scenes import LIKER, POSTER, Scene, clock, scene

Platforms = Mapping[str, Platform]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that the server does or leaves. ``kind`` is written, removed, sent or withheld."""

    kind: str
    text: str
    rule: str = ""

    @property
    def rule_id(self) -> str:
        return self.rule.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A press of yours, and all that the server does about it."""

    press: str
    at: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    scene: Scene
    handled: tuple[Handled, ...]
    rules: tuple[RuleCard, ...]


MESSAGES = {
    "inbox": "notice",
    "push": "push",
    "mail": "e-mail",
    "unlikers": "entry in a list of who took it back",
}
SHOWN_PRESSES = 2


def server(demo: Demo, platforms: Platforms) -> Strip:
    """Rows written and removed, messages sent and not sent, for your latest presses."""
    drawn, history, platform = scene(demo, platforms), demo.history(), demo.platform(platforms)
    traces = trace(history=history, platform=platform, viewer=POSTER, at=demo.now)
    whose, words = f"{CAST[YOU].name}’s" if drawn.poster_reads else "Your", platform.words
    handled = []
    for step, at in zip(demo.did, demo.moments, strict=True):
        if step not in PRESSES:
            continue
        likes = summarise(history, LIKER, at).likes
        mine = [t for t in traces if t.event.at == at and t.event.person == YOU]
        handled.append(
            Handled(
                press=f"{whose} {words.like if step is Step.LIKE else words.unlike}",
                at=clock(at),
                deeds=(*_rows(step, likes, platform), *_messages(mine)),
            )
        )
    shown = tuple(handled[-SHOWN_PRESSES:])
    keys = [deed.rule for each in shown for deed in each.deeds if deed.rule]
    rests_on = [card.key for card in drawn.side.rests_on]
    return Strip(scene=drawn, handled=shown, rules=rule_cards(platform, [*keys, *rests_on]))


def _rows(step: Step, likes: int, platform: Platform) -> tuple[Deed, Deed]:
    liked = step is Step.LIKE
    row = f"row “{CAST[YOU].name}, this {platform.words.noun}”"
    before = likes - 1 if liked else likes + 1
    return (
        Deed(kind="written" if liked else "removed", text=row),
        Deed(kind="written", text=f"number of {platform.words.likes}: {before} → {likes}"),
    )


def _messages(traces: Sequence[Trace]) -> list[Deed]:
    kinds = {Outcome.SHOWN: "sent", Outcome.COMING: "sent", Outcome.WITHHELD: "withheld"}
    said = {Outcome.COMING: ", in a while", Outcome.WITHDRAWN: ", withdrawn since"}
    return [
        Deed(
            kind=kinds.get(t.outcome, "sent"),
            text=f"{MESSAGES[t.channel]} to {CAST[BEN].name}{said.get(t.outcome, '')}",
            rule=t.rule,
        )
        for t in traces
        if t.channel in MESSAGES and (t.outcome, t.rule) != (Outcome.WITHHELD, "mail.like")
    ]

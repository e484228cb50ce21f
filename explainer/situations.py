"""Situations that people ask about, each a preset of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from .demos import Age, Demo, SeatShown, Step

LIKE, UNLIKE, LOOK, WAIT = Step.LIKE, Step.UNLIKE, Step.LOOK, Step.WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A question as people ask it, and what happened."""

    question: str
    told: str
    did: tuple[Step, ...]
    notices: bool = False  # the question is what becomes of what was sent
    age: Age = Age.NEW
    seat: SeatShown = SeatShown.LIKER

    def demo(self, on: str) -> Demo:
        return Demo(on=on, did=self.did, age=self.age, seat=self.seat)


SITUATIONS = (
    Situation(
        question="I liked it by accident and took it back at once. Did they get anything?",
        told="Alerts are on; like and unlike, and then the poster looks.",
        did=(LIKE, UNLIKE, WAIT, LOOK),
    ),
    Situation(
        question="If I unlike, does the notification go away?",
        told="The push had arrived before you took it back.",
        did=(LIKE, WAIT, UNLIKE, LOOK),
        notices=True,
    ),
    Situation(
        question="I got “liked your photo”, opened it, and the like is not there. What happened?",
        told="Seen from the poster’s seat.",
        did=(LOOK, LIKE, WAIT, UNLIKE, LOOK),
        seat=SeatShown.POSTER,
    ),
    Situation(
        question="Will they think that I was going through all their pictures?",
        told="The photo is three years old, and the push was out.",
        did=(LIKE, WAIT, UNLIKE, LOOK),
        age=Age.OLD,
    ),
    Situation(
        question="I never noticed; the like stood overnight.",
        told="The poster looks several times before you take it back.",
        did=(LIKE, WAIT, LOOK, WAIT, LOOK, UNLIKE, LOOK),
    ),
)

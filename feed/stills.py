"""Pictures with their words, from which photos are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from feed.credits import photo_credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A picture with its words, before a photo shows it. Without ``widths`` the site's own."""

    image: str
    widths: str
    width: int
    height: int
    colour: str
    title: str
    alt: str
    caption: str = ""


@cache
def library() -> tuple[Still, ...]:
    """The pictures that came with the site."""
    return tuple(
        Still(
            image=credit.image,
            widths="",
            width=credit.width,
            height=credit.height,
            colour=credit.colour,
            title=credit.title,
            alt=credit.alt,
            caption=credit.caption,
        )
        for credit in photo_credits()
    )

"""The guide's chapters: Markdown with front matter in TOML, read and rendered once a process.

A chapter's text is cut at its headings of the second level into places. The front matter names
for each place the claims of the source article that it carries, the demo beside it and the rules
behind it, under the heading as an address would have it:

    +++
    title = "Instagram"
    order = 40
    description = "One sentence for search engines and lists."

    [places.what-the-poster-gets]
    claims = ["A7"]
    evidence = ["instagram:inbox.unlike"]
    demo = { kind = "phones", title = "…", state = "on=instagram&did=look-like" }
    +++
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, StrictInt, StringConstraints

FOLDER = Path(__file__).parent / "guide"
FENCE = "+++\n"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Claim = Annotated[str, StringConstraints(pattern=r"^A\d{1,2}$")]


class ChapterError(ValueError):
    """A chapter that cannot be used, with its file and what is wrong."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Demonstration(Strict):
    """A demo beside a place. ``state`` is what its address says at first; ``controls`` names the
    controls that it offers beside the like, a look and undo; ``predict`` makes the reader bet
    before it tells, and ``folded`` leaves it shut until it is asked for."""

    kind: Text
    title: Text
    state: str = ""
    controls: tuple[Text, ...] = ()
    predict: bool = False
    folded: bool = False


class Front(Strict):
    """What a place's front matter says of it."""

    claims: tuple[Claim, ...] = ()
    evidence: tuple[Text, ...] = ()  # platform:rule, such as x:inbox.unlike
    demo: Demonstration | None = None


class Matter(Strict):
    title: Text
    order: StrictInt
    description: Text
    places: dict[str, Front] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One section of a chapter with what stands beside it."""

    slug: str
    title: str
    html: SafeString
    front: Front


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    slug: str
    title: str
    order: int
    description: str
    opening: SafeString
    places: tuple[Place, ...]

    @property
    def claims(self) -> frozenset[str]:
        return frozenset(claim for place in self.places for claim in place.front.claims)


@cache
def chapters() -> Mapping[str, Chapter]:
    """All chapters by slug, in their order.

    Raises ChapterError for a file that cannot be used.
    """
    found = [_read(path) for path in sorted(FOLDER.glob("*.md"))]
    return MappingProxyType({c.slug: c for c in sorted(found, key=lambda c: (c.order, c.slug))})


def _read(path: Path) -> Chapter:
    empty, fence, rest = path.read_text(encoding="utf-8").partition(FENCE)
    matter, closing, text = rest.partition(FENCE)
    if empty or not (fence and closing):
        raise ChapterError(f"{path.name}: it must begin with front matter between two lines of +++")
    try:
        front = Matter.model_validate(tomllib.loads(matter))
    except ValueError as error:
        raise ChapterError(f"{path.name}: {error}") from error
    opening, *sections = _sections(text)
    places = tuple(
        Place(
            slug=slugify(title),
            title=title,
            html=html,
            front=front.places.get(slugify(title), Front()),
        )
        for title, html in sections
    )
    slugs = [place.slug for place in places]
    if len(set(slugs)) < len(slugs):
        raise ChapterError(f"{path.name}: two headings are alike")
    if unknown := front.places.keys() - set(slugs):
        raise ChapterError(f"{path.name}: no heading for {', '.join(sorted(unknown))}")
    return Chapter(
        slug=path.stem,
        title=front.title,
        order=front.order,
        description=front.description,
        opening=opening[1],
        places=places,
    )


MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False})


def _sections(text: str) -> list[tuple[str, SafeString]]:
    """The text cut at its second-level headings: each heading, and what follows it as HTML."""
    cut: list[tuple[str, list[Token]]] = [("", [])]
    tokens = iter(MARKDOWN.parse(text))
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            cut.append((next(tokens).content, []))
            next(tokens)  # its end
        else:
            cut[-1][1].append(token)
    return [(title, _html(section)) for title, section in cut]


def _html(tokens: Sequence[Token]) -> SafeString:
    for token in _links(tokens):
        if str(token.attrs["href"]).startswith("http"):
            token.attrs["rel"] = "noreferrer noopener"
    # Safe: the chapters are ours, and HTML within them is refused.
    html: str = MARKDOWN.renderer.render(list(tokens), MARKDOWN.options, {})
    return mark_safe(html)  # noqa: S308


def _links(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (child for child in token.children or () if child.type == "link_open")

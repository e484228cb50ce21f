"""Links that last: what an address shows, how it is cited and embedded, and what was corrected
of the rules since it was written down."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.text import slugify
from django_htmx.middleware import HtmxDetails

from feed.disclosure.sentences import plain
from feed.disclosure.versions import Version, current_version
from feed.modes import platforms

from .addresses import AddressError
from .changes import Correction, corrections
from .chapters import Demonstration, chapters
from .demos import Demo, SeatShown, Where
from .kinds import KINDS
from .myths import MYTHS, Myth, judged
from .pictures import SITE
from .situations import ALL, Situation
from .trying import Tried, try_out

PHONES, EVERYWHERE = "phones", "everywhere"
"""The kind of demo that stands on the home page, and that an address means if it names none."""

CITED = {
    "home",
    "guide",
    "chapter",
    "comments",
    "compare",
    "compare_history",
    "pair",
    "situations",
    "situation",
    "myths",
    "myth",
    "privacy",
    "platforms",
    "data",
    "platform",
    "changes",
    "credits",
}
"""The pages that can be cited and drawn. None asks for another, and none says in its title or
description what somebody wrote into its address."""

EMBED_CONTROLS = ("look", "wait", "undo")
OWN_CONTROLS = {"third": ("third",), "relation": ("who",), "count": ("other",)}
"""What can be pressed or set in an embedded demo, and what in those of some kinds besides."""

EMBED_HEIGHT = 720
"""Pixels; your side, the presses and the finding fit, and what is below can be scrolled to."""


# The version of the rules in an address


def lasting(address: str) -> str:
    """An address with the version of the rules under which it is written down."""
    parts = urlsplit(address)
    query = [*_without_version(parts.query), ("v", str(current_version().number))]
    return urlunsplit(("", "", parts.path, urlencode(query), parts.fragment))


def _without_version(query: str) -> list[tuple[str, str]]:
    return [part for part in parse_qsl(query, keep_blank_values=True) if part[0] != "v"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What a link's version comes to. ``unknown`` is for one that there is not."""

    unknown: bool
    number: int
    current: int
    corrections: tuple[Correction, ...]


def since(query: QueryDict, slugs: Sequence[str]) -> Since:
    """What was corrected of these platforms since the version that an address names."""
    current = current_version().number
    written = query.get("v") or str(current)
    known = re.fullmatch(r"[1-9]\d{0,5}", written, re.ASCII) and int(written) <= current
    number = int(written) if known else current
    return Since(
        unknown=not known,
        number=number,
        current=current,
        corrections=tuple(each for slug in slugs for each in corrections(number, slug)),
    )


# What an address shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page calls itself."""

    title: str
    description: str


def page_at(request: HttpRequest, address: str) -> Page:
    """The page of this site at an address: it is asked itself, as by somebody without cookies.

    Raises AddressError when there is none.
    """
    if not re.fullmatch(r"/(?!/)[^\\\x00-\x20\x7f]*", address):
        raise AddressError("That is no address of a page here. It begins with a slash.")
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        match = None
    if match is None or match.app_names != ["explainer"] or match.url_name not in CITED:
        raise AddressError("There is no page at that address that can be cited.")
    visit = _visit(request, parts.path, parts.query)
    try:
        response: HttpResponse = match.func(visit, *match.args, **match.kwargs)
    except Http404:
        raise AddressError("There is no page at that address.") from None
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        raise AddressError("The page at that address cannot be cited.")
    html = response.content.decode()
    return Page(
        title=_found(r"<title>(.*?)</title>", html).removesuffix(f" · {SITE}"),
        description=_found(r'<meta name="description" content="(.*?)">', html),
    )


def _visit(request: HttpRequest, path: str, query: str) -> HttpRequest:
    """A request for another page, on the same host, from nobody in particular."""
    visit: Any = copy(request)
    for name in ("headers", "session", "user", "_messages"):
        visit.__dict__.pop(name, None)
    personal = ("HTTP_COOKIE", "HTTP_HX_", "HTTP_IF_")
    visit.META = {k: v for k, v in request.META.items() if not k.startswith(personal)}
    visit.method, visit.COOKIES = "GET", {}
    visit.path = visit.path_info = path
    visit.GET = QueryDict(query)
    visit.htmx = HtmxDetails(visit)
    return visit  # type: ignore[no-any-return]


def _found(pattern: str, html: str) -> str:
    found = re.search(pattern, html, re.DOTALL)
    return " ".join(unescape(found[1]).split()) if found else ""


def canonical(demo: Demo) -> str:
    """The one address of a demo on the home page; what is as usual is left out."""
    usual = Demo(on=next(iter(platforms())))
    return demo.where.path if demo.query() == usual.query() else demo.address()


# Embedding


def embedded(query: QueryDict) -> Tried:
    """The demo that the address of an embed asks for.

    Raises AddressError for what cannot be read.
    """
    kind = query.get("kind", PHONES)
    if kind not in KINDS:
        raise AddressError(f"“kind” is one of {', '.join(KINDS)}.")
    on = query.get("on", next(iter(platforms())))
    label = platforms()[on].label if on in platforms() else ""
    label = "every platform" if kind == EVERYWHERE else label
    shown = Demonstration(
        kind=kind, title=f"On {label}", controls=(*EMBED_CONTROLS, *OWN_CONTROLS.get(kind, ()))
    )
    named = QueryDict(mutable=True)
    for name, values in query.lists():
        if name != "v":
            # The parts of a demo without a name begin with the dot after it.
            named.setlist(name if name == "kind" else f".{name}", values)
    return try_out("", shown, named, reverse("explainer:embed"))


def whole_page(tried: Tried) -> str:
    """Where there is more around an embedded demo."""
    if tried.controlled:
        return str(canonical(replace(tried.state, where=Where())))
    for chapter in chapters().values():
        for place in chapter.places:
            if place.front.demo and place.front.demo.kind == tried.kind:
                where = Where(reverse("explainer:chapter", args=[chapter.slug]), place.slug)
                return where.address(tried.state.query())
    return reverse("explainer:guide")


def snippet(address: str, title: str) -> str:
    """The HTML that puts an embed on another page. ``address`` is absolute."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" '
        f'height="{EMBED_HEIGHT}" loading="lazy"></iframe>'
    )


def demo_at(address: str, kind: str) -> Tried:
    """The demo which the anchor of an address names, as an embed, in the state of the address or
    else as its page starts it.

    Raises AddressError when there is none of that kind there.
    """
    parts, own = urlsplit(address), QueryDict(mutable=True)
    shown = _shown(parts.path, QueryDict(parts.query))
    name = parts.fragment.removeprefix("try-") if "" not in shown else ""
    if name not in shown or shown[name].kind != kind:
        raise AddressError("There is no demo of that kind at that address.")
    prefix = f"{name}." if name else ""
    for part, value in _without_version(parts.query):
        if part.startswith(prefix):
            own.appendlist(part.removeprefix(prefix), value)
    query = (own or QueryDict(shown[name].state)).copy()
    query.pop("kind", None)
    if kind != PHONES:
        query["kind"] = kind
    return embedded(query)


def _shown(path: str, query: QueryDict) -> dict[str, Demonstration]:
    """The demos of a page by their names there; the only one of a page may have none."""
    match = resolve(path)
    slug = str(match.kwargs.get("slug"))
    if match.url_name == "home":
        return {"": Demonstration(kind=PHONES, title=SITE)}
    if match.url_name == "compare_history":
        return {"": Demonstration(kind=EVERYWHERE, title=SITE)}
    if match.url_name == "chapter":
        places = chapters()[slug].places
        return {place.slug: place.front.demo for place in places if place.front.demo}
    if match.url_name in ("situation", "myth"):
        found = ALL[slug] if match.url_name == "situation" else MYTHS[slug]
        on = query.get("on") or usual_platform(found)
        return {"demo": found.demonstration(on)}
    return {}


def usual_platform(found: Situation | Myth) -> str:
    """The platform on which a question or claim is shown if its address names none."""
    own = found.on if isinstance(found, Situation) else judged(found.slug).shown.slug
    return own or next(iter(platforms()))


def said(tried: Tried) -> str:
    """The finding of a demo, in plain words."""
    drawn = tried.drawn
    if isinstance(getattr(drawn, "said", None), str):
        return str(drawn.said)
    if hasattr(drawn, "seen"):
        return plain(drawn.seen.said)
    if tried.state.seat is SeatShown.POSTER:
        return " ".join(drawn.scene.side.conclusions)
    return plain(drawn.scene.side.verdict)


# Citing


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """``address`` is absolute; ``finding`` is that of a demo on some platform, if one is cited."""

    title: str
    address: str
    read: date
    version: Version
    demo: str = ""
    finding: str = ""

    @property
    def quoted(self) -> str:
        return f" {self.demo}: “{self.finding}”" if self.finding else ""

    @property
    def rules(self) -> str:
        return f"Version {self.version.number} of its rules, {_day(self.version.date)}"

    @property
    def text(self) -> str:
        name = self.title if self.title.startswith(SITE) else f"{SITE} {self.title}"
        stop = "" if name.endswith("?") else "."
        return (
            f"{name}{stop}{self.quoted} {self.rules}. {self.address} (read on {_day(self.read)})."
        )

    @property
    def bibtex(self) -> str:
        fields = {
            "author": f"{{{_tex(SITE)}}}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.version.date.year),
            "url": self.address,
            "urldate": self.read.isoformat(),
            "note": _tex(f"{self.rules}.{self.quoted}"),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{self._key},", *lines, "}"])

    @property
    def csl_json(self) -> str:
        item = {
            "id": self._key,
            "type": "webpage",
            "title": self.title,
            "container-title": SITE,
            "URL": self.address,
            "version": str(self.version.number),
            "issued": {"date-parts": [_parts(self.version.date)]},
            "accessed": {"date-parts": [_parts(self.read)]},
            **({"abstract": self.quoted.strip()} if self.finding else {}),
        }
        lines = [f"  {_json(name)}: {_json(value)}" for name, value in item.items()]
        return "\n".join(["[{", ",\n".join(lines), "}]"])

    @property
    def _key(self) -> str:
        return f"{slugify(self.title) or 'can-they-tell'}-v{self.version.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A citation, and how the demo that it is about is embedded, if it is about one."""

    citation: Citation
    embed: str = ""
    snippet: str = ""


def keep(request: HttpRequest, *, to: str, kind: str, read: date) -> Kept:
    """How to cite and embed what is at an address of this site. ``kind`` is that of its demo.

    Raises AddressError when there is nothing at that address, or nothing of that kind.
    """
    page = page_at(request, to)
    if urlsplit(to).path == reverse("explainer:home"):
        kind = PHONES
    tried = demo_at(to, kind) if kind else None
    citation = Citation(
        title=page.title,
        address=request.build_absolute_uri(lasting(to)),
        read=read,
        version=current_version(),
        demo=tried.title if tried else "",
        finding=said(tried) if tried else "",
    )
    if tried is None:
        return Kept(citation=citation)
    embed = request.build_absolute_uri(lasting(tried.state.address()))
    return Kept(citation=citation, embed=embed, snippet=snippet(embed, f"{SITE} {tried.title}"))


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
}


def _tex(words: str) -> str:
    return "".join(TEX.get(letter, letter) for letter in words)

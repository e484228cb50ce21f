"""Reads a page into a tree, and refuses one that is not well-formed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name] or ""

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    @property
    def classes(self) -> set[str]:
        return set((self.get("class") or "").split())

    @property
    def text(self) -> str:
        """What it says, with runs of white space as one blank."""
        return " ".join(self._text().split())

    def _text(self) -> str:
        return "".join(
            child if isinstance(child, str) else child._text() for child in self.children
        )

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str = "", *, css: str = "", having: str = "") -> list[Element]:
        """The elements within of this tag, this class, having this attribute, in their order."""
        return [
            element
            for element in self.walk()
            if tag in ("", element.tag)
            and (not css or css in element.classes)
            and (not having or having in element.attributes)
        ]

    def one(self, tag: str = "", *, css: str = "", having: str = "") -> Element:
        (found,) = self.all(tag, css=css, having=having)
        return found

    def by_id(self, name: str) -> Element:
        (found,) = [element for element in self.walk() if element.get("id") == name]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attrs)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        within_svg = any(element.tag == "svg" for element in self.open)
        assert within_svg or tag in VOID, f"<{tag}/> does not close itself"
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        last = self.open.pop()
        assert last.tag == tag, f"<{last.tag}> at {self.getpos()} is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says an attribute twice: {names}"
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        return element


def read_page(html: str) -> Element:
    """The page as a tree. Fails when tags are not balanced or an attribute is there twice."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"left open: {[e.tag for e in reader.open[1:]]}"
    return reader.root

"""Template tags that every template has without loading them."""

from functools import lru_cache

from django.template import Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from feed.disclosure.versions import current_version

register = Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite, as decoration: the words beside it carry the meaning.

    ``extra`` holds more classes, such as ``icon-full``.
    """
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f"icon {extra}".strip(),
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def rules_version() -> int:
    """The number of the platforms' rules as they are now."""
    return current_version().number


@register.filter
@lru_cache(maxsize=4096)
def asset(path: str) -> str:
    """The address of a static file: as ``{% static %}`` has it, found once."""
    return static(path)

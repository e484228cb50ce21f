from __future__ import annotations

from django.template import Library

from feed.disclosure.sentences import Sentence
from feed.disclosure.sentences import plain as _plain

register = Library()


@register.filter
def plain(sentence: Sentence) -> str:
    """A sentence without its marks."""
    return _plain(sentence)

"""The form in which a reader writes a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from explainer.comments import LONGEST, QUICKEST, opened, stamp
from feed.forms import visible

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what stands around them."""

TRAPPED = (
    "A field that nobody can see was filled in. A machine does that, or a browser that fills in"
    " forms. If you are neither, send it again."
)
TOO_QUICK = (
    "That was quicker than people write, so it was taken for a machine’s. Wait three seconds and"
    " send it again."
)
TOO_OLD = (
    "This page was open for more than a day. Your words are still here: read them once more and"
    " send them again."
)


class Words(forms.CharField):
    """Text with its line breaks, without what cannot be seen."""

    def to_python(self, value: Any) -> str:
        lines = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return str(super().to_python(UNSEEN.sub("", lines)))


class CommentForm(forms.Form):
    """``stamp`` says, signed, when it was opened; ``website`` is no field, and a trap."""

    name = Words(
        label="Your name",
        max_length=60,
        required=False,
        help_text="Without one it says “A reader”.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    text = Words(
        label="Your comment",
        max_length=2000,
        validators=[visible],
        help_text="Plain text, at most 2,000 characters. Web addresses become links.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "There is nothing in it yet. Write a word or two."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, now: datetime) -> None:
        super().__init__(data, auto_id="comment-%s")
        self.now = now
        self.stamp = stamp(now)

    def clean(self) -> dict[str, Any]:
        """Refuses what no person sends."""
        sent = self.data.get("stamp", "")
        since = opened(sent)
        if since is None or self.now - since > LONGEST:
            raise forms.ValidationError(TOO_OLD)
        self.stamp = sent
        if self.now - since < QUICKEST:
            raise forms.ValidationError(TOO_QUICK)
        if self.data.get("website"):
            raise forms.ValidationError(TRAPPED)
        return self.cleaned_data

    def point_at_errors(self) -> None:
        """Puts focus into the first wrong field: the text, when it is none of them in particular.

        Each field is tied to its own message by Django.
        """
        if wrong := [name for name in self.fields if name in self.errors]:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True
            return
        help_text = self["text"].aria_describedby
        self.fields["text"].widget.attrs |= {
            "autofocus": True,
            "aria-describedby": f"comment-wrong {help_text}",
        }

"""What an address or a press carries, checked before anything is done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from feed.actions.common import can_be_read
from feed.pictures import Picture, PictureError, receive

LARGEST = 2**31 - 1
LONGEST_SEARCH = 100


def visible(text: str) -> None:
    if not can_be_read(text):
        raise forms.ValidationError("There is nothing in it that can be read.")


class Words(forms.Form):
    """What the poster says about a photo."""

    title = forms.CharField(
        max_length=120,
        validators=[visible],
        error_messages={"required": "Give it a title, of a word or two."},
    )
    alt = forms.CharField(
        label="What is on it",
        max_length=200,
        validators=[visible],
        help_text="For those who cannot see it: what would you tell them on the phone?",
        error_messages={"required": "Say what is on it, for those who cannot see it."},
    )
    caption = forms.CharField(
        required=False,
        max_length=500,
        help_text="What you want to say with it, if anything.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                described = f"{self[name].id_for_label}_error {self[name].aria_describedby or ''}"
                self.fields[name].widget.attrs["aria-describedby"] = described.strip()
        first = next(iter(self.errors), None) if self.is_bound else None
        if first in self.fields:
            self.fields[first].widget.attrs["autofocus"] = True


class Post(Words):
    """A new photo."""

    picture = forms.FileField(
        label="Photo",
        help_text="JPEG, PNG, WebP or HEIC, at most 15 MB.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic"}),
        error_messages={
            "required": "Choose a photo.",
            "empty": "The file is empty. Choose another one.",
        },
    )
    field_order = ("picture", "title", "alt", "caption")

    def clean_picture(self) -> Picture:
        """What is kept of the file."""
        file = self.cleaned_data["picture"]
        try:
            return receive(file, file.size)
        except PictureError as error:
            raise forms.ValidationError(str(error)) from error


def whole(query: QueryDict, name: str) -> int | None:
    """A whole number of the address; what cannot be read counts as not there."""
    written = query.get(name, "")
    if not written.isascii() or not written.isdecimal() or len(written) > len(str(LARGEST)):
        return None
    number = int(written)
    return number if number <= LARGEST else None


def searched(query: QueryDict) -> str:
    """The words of a search, cut where nobody would go on reading."""
    return " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]


def back(request: HttpRequest) -> str:
    """The page of this site on which a form was sent, else the timeline."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe and address.startswith("/") else reverse("feed:timeline")

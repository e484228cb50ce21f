"""What an admin asks for, on the page or the command line, and whether it can be had."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.utils import timezone

from feed import albums, crowds
from feed.albums import Album
from feed.crowds import CAST, MIXED, MOST_EVENTS, MOST_PEOPLE, NAMES, Options
from feed.models import Room


class SeedForm(forms.Form):
    """Its fields, but for the room and the file, are those of Options."""

    pictures: Album | None = None

    room = forms.ModelChoiceField(
        Room.objects.filter(original=None).order_by("name"),
        required=False,
        empty_label="A new room",
        help_text="Nothing that is in a room already is changed.",
    )
    name = forms.CharField(
        label="Name of the new room",
        max_length=80,
        required=False,
        initial="Class",
        help_text="Not needed if you choose a room above.",
    )
    people = forms.IntegerField(
        min_value=1, max_value=MOST_PEOPLE, initial=30, help_text=f"1 to {MOST_PEOPLE:,}."
    )
    names = forms.ChoiceField(
        choices=NAMES.items(), initial=MIXED, help_text="Portraits are drawn, and nobody’s."
    )
    photos_each = forms.IntegerField(
        label="Photos each",
        min_value=0,
        max_value=10,
        initial=3,
        help_text="From the library, unless you choose a ZIP.",
    )
    archive = forms.FileField(
        label="Photos from a ZIP",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=f"JPEG, PNG, WebP or HEIC: at most {albums.MOST} pictures and 15 MB in all. "
        "Only the pictures are kept; the names of their files become their titles.",
    )
    album = forms.CharField(required=False, widget=forms.HiddenInput)
    weeks = forms.IntegerField(
        label="Weeks of history",
        min_value=1,
        max_value=52,
        initial=3,
        help_text="Up to last night.",
    )
    likes = forms.IntegerField(
        label="Likes a photo",
        min_value=0,
        max_value=500,
        initial=12,
        help_text="On average, and at most one from each follower.",
    )
    unlikes = forms.IntegerField(
        label="Share of unlikes",
        min_value=0,
        max_value=100,
        initial=10,
        help_text="Per cent of likes that are taken back.",
    )
    looks = forms.IntegerField(
        label="Looks a photo",
        min_value=0,
        max_value=100,
        initial=6,
        help_text="How often posters look at each photo, on average.",
    )
    seed = forms.IntegerField(
        label="Random seed",
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text="What chance starts from: the same number makes the same people and history.",
    )
    accounts = forms.BooleanField(
        label="Sign-in accounts",
        required=False,
        help_text="For everybody: you hand out their passwords once, when all of them are there.",
    )

    @property
    def options(self) -> Options:
        """Of a form that is valid."""
        return Options(**{field.name: self.cleaned_data[field.name] for field in fields(Options)})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        room = given.get("room")
        if "room" in given and not room and not given.get("name"):
            self.add_error("name", "Say what the new room is called, or choose one that is there.")
        if given.get("album"):
            self._check_album(given["album"])
        if given.get("names") == CAST and given.get("people"):
            self._check_cast(room, given["people"])
        if not self.errors and (events := crowds.totals(self.options).events) > MOST_EVENTS:
            self.add_error(
                None,
                f"That would log {events:,} events, and {MOST_EVENTS:,} is the most. "
                "Ask for fewer people, photos, likes or looks.",
            )
        return given

    def _check_album(self, key: str) -> None:
        """Notes what is in it as ``pictures``."""
        try:
            self.pictures = albums.offered(key, at=timezone.now())
        except OSError:
            self.add_error("archive", "The pictures cannot be had at the moment. Try again later.")
        else:
            if not self.pictures:
                self.add_error("archive", "These pictures are gone by now. Choose the file again.")

    def _check_cast(self, room: Room | None, people: int) -> None:
        cast = crowds.cast_handles()
        if people > len(cast):
            self.add_error("people", f"There are {len(cast)} people in the cast.")
        elif room:
            there = room.people.filter(handle__in=cast[:people]).order_by("handle")
            if names := ", ".join(person.name for person in there):
                self.add_error("names", f"In this room already: {names}.")

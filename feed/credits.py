"""Whose pictures these are, from the lists that came with them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

CONTENT = Path(__file__).parent / "content"


class Credit(BaseModel):
    """One picture. ``licence`` is an SPDX identifier."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    file: str
    alt: str
    licence: str

    @property
    def licence_name(self) -> str:
        """The licence as people call it."""
        if self.licence == "LicenseRef-public-domain":
            return "public domain"
        return self.licence.replace("CC0-1.0", "CC0 1.0").replace("CC-BY-", "CC BY ")


class PhotoCredit(Credit):
    """Where ``attribution`` is not empty the licence asks for it to be shown."""

    title: str
    caption: str
    colour: str
    width: int
    height: int
    author: str
    attribution: str
    origin: str
    source_package: str
    source_file: str

    @property
    def image(self) -> str:
        """The path of the static file."""
        return f"photos/{self.file}"


class AvatarCredit(Credit):
    background: str
    credit: str

    @property
    def image(self) -> str:
        """The path of the static file."""
        return f"avatars/{self.file}"


@cache
def photo_credits() -> tuple[PhotoCredit, ...]:
    """All photos, in the order of their list."""
    return tuple(PhotoCredit.model_validate(entry) for entry in _entries("photo"))


@cache
def avatar_credits() -> tuple[AvatarCredit, ...]:
    """All drawn portraits, in the order of their list."""
    return tuple(AvatarCredit.model_validate(entry) for entry in _entries("avatar"))


def _entries(kind: str) -> list[dict[str, object]]:
    text = (CONTENT / f"{kind}s.toml").read_text(encoding="utf-8")
    entries: list[dict[str, object]] = tomllib.loads(text)[kind]
    return entries

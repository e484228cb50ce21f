"""The people of the demos."""

from __future__ import annotations

from itertools import cycle

from feed.disclosure.history import Person
from feed.disclosure.sentences import Named

YOU: Person = "ana"
BEN: Person = "ben.okafor"

_NAMES = (
    ("Mika", "Jo", "Leila", "Kofi", "Vera", "Mateo", "Nadia", "Jonas", "Priya", "Samir", "Tove"),
    ("Freya", "Emre", "Ines", "Goran", "Rosa", "Chidi", "Yuki", "Oskar", "Wanja", "Quinn", "Umut"),
    ("Hana", "Bruno", "Dalia", "Elif", "Tariq", "Lotte", "Sven", "Aiko", "Pavel", "Noor", "Marta"),
    ("Idris", "Carla", "Henrik", "Zola", "Ravi", "Greta", "Luis", "Amina", "Ole", "Sofia", "Kenji"),
    ("Ruth", "Omar", "Lena", "Diego", "Ida", "Musa", "Petra", "Anton", "Salma", "Theo"),
)

_PORTRAITS = {
    "Mika": "08-hana",
    "Jo": "06-freya",
    "Leila": "12-leila",
    "Kofi": "11-kofi",
    "Vera": "22-vera",
    "Mateo": "13-mateo",
    "Bruno": "02-bruno",
    "Nadia": "14-nadia",
    "Jonas": "10-jonas",
    "Priya": "16-priya",
    "Samir": "19-samir",
    "Tove": "20-tove",
    "Emre": "05-emre",
    "Ines": "09-ines",
    "Goran": "07-goran",
    "Rosa": "18-rosa",
    "Chidi": "03-chidi",
    "Yuki": "24-yuki",
    "Oskar": "15-oskar",
    "Wanja": "23-wanja",
    "Quinn": "17-quinn",
    "Umut": "21-umut",
}


def _portrait(name: str) -> str:
    return f"avatars/peep-{name}.svg"


_spare = cycle(_PORTRAITS.values())

OTHERS: tuple[Person, ...] = tuple(name.lower() for names in _NAMES for name in names)

CAST: dict[Person, Named] = {
    YOU: Named("Ana", "she", _portrait("01-ada")),
    BEN: Named("Ben", "he", _portrait("03-chidi")),
    **{
        name.lower(): Named(name, "they", _portrait(_PORTRAITS.get(name) or next(_spare)))
        for names in _NAMES
        for name in names
    },
}

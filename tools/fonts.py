"""Build static/fonts/ from the variable fonts of Fontsource. Run by hand when the texts need more.

pip install fonttools brotli
npm pack @fontsource-variable/bricolage-grotesque @fontsource-variable/figtree
(unpack both into one folder) && python tools/fonts.py FOLDER

A page loads what it needs: nearly always the basic letters alone, each at the weights that the
styles use, headings at one width.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parent.parent / "static" / "fonts"
BASIC = {*range(0x20, 0x7F), *map(ord, "\u00a0·é–—‘’“”…")}
"""ASCII, and what else nearly every page has; the style sheet names the same letters."""

Limits = dict[str, float | tuple[float, float]]
FAMILIES: dict[str, tuple[str, Limits]] = {
    "bricolage-grotesque": ("wdth", {"wdth": 84, "wght": (600, 800)}),
    "figtree": ("wght", {"wght": (400, 800)}),
}


def build(source: Path, target: Path, limits: Limits, letters: set[int]) -> None:
    font = TTFont(source)
    subsetter = Subsetter(Options(hinting=False))
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font = instantiateVariableFont(font, limits)
    font.flavor = "woff2"
    font.save(target)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


def main(folder: Path) -> None:
    for family, (axis, limits) in FAMILIES.items():
        for script in ("latin", "latin-ext"):
            (source,) = folder.rglob(f"{family}-{script}-{axis}-normal.woff2")
            letters = set(TTFont(source).getBestCmap())
            if script == "latin":
                build(source, FONTS / f"{family}-basic.woff2", limits, letters & BASIC)
            build(source, FONTS / f"{family}-{script}.woff2", limits, letters - BASIC)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

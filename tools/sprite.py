"""Build static/icons/sprite.svg from a folder of Lucide icons. Run by hand when the list changes.

npm pack lucide-static && tar xzf lucide-static-*.tgz
python tools/sprite.py package/icons
"""

import re
import sys
from pathlib import Path

# The name in the sprite, and in Lucide where that differs. A platform's words name its icon by
# what it shows (heart, thumb, star, arrow).
ICONS = """
arrow=arrow-big-up arrow-left arrow-right bell book-open chart-line check chevron-down
chevron-right circle-help clock external-link eye eye-off flip-horizontal-2 globe heart hourglass
image info link lock menu message-circle plus repeat-2 rotate-ccw scale search send settings-2
share-2 smartphone star thumb=thumbs-up thumbs-up triangle-alert undo-2 user user-x users x
"""
SPRITE = Path(__file__).parent.parent / "static" / "icons" / "sprite.svg"


def symbol(name: str, path: Path) -> str:
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.DOTALL)
    if not shapes:
        raise SystemExit(f"{path} is no SVG file")
    inside = re.sub(r"\s*\n\s*", "", shapes[1])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def main(folder: Path) -> None:
    symbols = []
    for entry in ICONS.split():
        name, _, source = entry.partition("=")
        symbols.append(symbol(name, folder / f"{source or name}.svg"))
    lines = ["<!-- Lucide, ISC licence: see lucide-LICENSE.txt -->", *symbols]
    SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(lines) + "\n</svg>\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

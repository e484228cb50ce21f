"""What a page of the guide costs: the processor's time to draw it, and its weight.

    python bench/guide.py

The first time nothing is kept of what the posters see; later it is, since every reader begins
with the same demos. The floor is the same page without its demos: what the text, the header and
the footer cost. Asked for: less than 30 ms, at most 80 KB compressed.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

TIMES = 20
MOST_MILLIS = 30.0
MOST_BYTES = 80_000


def millis(draw: Callable[[], object], forget: Callable[[], object] = int) -> float:
    taken = []
    for _ in range(TIMES):
        forget()
        before = time.process_time()
        draw()
        taken.append(1000 * (time.process_time() - before))
    return statistics.median(taken)


def main() -> None:
    from django.test import RequestFactory

    from explainer import scenes
    from explainer.chapters import chapters
    from explainer.views.guide import chapter, page_of

    print(f"{'chapter':28}{'demos':>6}{'first':>8}{'ms':>8}{'floor':>8}{'KB':>7}")
    for slug, found in chapters().items():
        request = RequestFactory().get(f"/guide/{slug}/", headers={"host": "localhost"})
        request.htmx = False
        bare = millis(lambda request=request, found=found: page_of(request, found, {}))
        draw = partial(chapter, request, slug)
        first, whole = millis(draw, scenes._side.cache_clear), millis(draw)
        weight = len(gzip.compress(chapter(request, slug).content))
        demos = sum(place.front.demo is not None for place in found.places)
        over = ["too slow"] * (whole >= MOST_MILLIS) + ["too heavy"] * (weight > MOST_BYTES)
        print(
            f"{slug:28}{demos:6}{first:8.1f}{whole:8.1f}{bare:8.1f}{weight / 1000:7.1f}"
            f"  {', '.join(over)}"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialsite.settings")
    os.environ["LOG_LEVEL"] = "CRITICAL"
    import django

    django.setup()
    main()

"""What a page of the guide costs: the processor's time to draw it, and its weight.

    python bench/guide.py

Nothing is kept from one time to the next. The floor is the same page without its demos: what
the text, the header and the footer cost. Asked for: less than 30 ms, at most 80 KB compressed.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

TIMES = 20
MOST_MILLIS = 30.0
MOST_BYTES = 80_000


def millis(draw: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        draw()
        taken.append(1000 * (time.process_time() - before))
    return statistics.median(taken)


def main() -> None:
    from django.test import RequestFactory

    from explainer.chapters import chapters
    from explainer.views.guide import chapter, page_of

    print(f"{'chapter':28}{'demos':>6}{'ms':>8}{'floor':>8}{'ratio':>7}{'KB':>7}")
    for slug, found in chapters().items():
        request = RequestFactory().get(f"/guide/{slug}/", headers={"host": "localhost"})
        request.htmx = False
        bare = millis(lambda request=request, found=found: page_of(request, found, {}))
        whole = millis(lambda request=request, slug=slug: chapter(request, slug))
        weight = len(gzip.compress(chapter(request, slug).content))
        demos = sum(place.front.demo is not None for place in found.places)
        over = ["too slow"] * (whole >= MOST_MILLIS) + ["too heavy"] * (weight > MOST_BYTES)
        print(
            f"{slug:28}{demos:6}{whole:8.1f}{bare:8.1f}{whole / bare:7.1f}{weight / 1000:7.1f}"
            f"  {', '.join(over)}"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialsite.settings")
    os.environ["LOG_LEVEL"] = "CRITICAL"
    import django

    django.setup()
    main()

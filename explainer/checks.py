from django.core.checks import CheckMessage, Error

from .chapters import FOLDER, ChapterError, chapters


def check_chapters(**_: object) -> list[CheckMessage]:
    """Every chapter can be used. Reads them anew: a running server holds older ones."""
    try:
        chapters.__wrapped__()
    except ChapterError as error:
        return [Error(str(error), hint=f"The chapters are in {FOLDER}.", id="explainer.E001")]
    return []

from django.core.checks import CheckMessage, Error

from feed.disclosure.platforms import FOLDER, PlatformError, read_all


def check_platforms(**_: object) -> list[CheckMessage]:
    """Every platform file can be used. Reads them anew: a running server holds older ones."""
    try:
        read_all(FOLDER)
    except PlatformError as error:
        return [Error(str(error), hint=f"The files are in {FOLDER}.", id="feed.E001")]
    return []

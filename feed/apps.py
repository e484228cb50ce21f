from django.apps import AppConfig
from django.core.checks import register

from feed.checks import check_platforms


class FeedConfig(AppConfig):
    name = "feed"

    def ready(self) -> None:
        register(check_platforms)

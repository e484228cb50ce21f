from django.apps import AppConfig
from django.core.checks import register


class ExplainerConfig(AppConfig):
    name = "explainer"
    verbose_name = "Guide"

    def ready(self) -> None:
        from .checks import check_chapters  # its Markdown is rendered with Django ready

        register(check_chapters)

from django.apps import AppConfig


class ExplainerConfig(AppConfig):
    name = "explainer"

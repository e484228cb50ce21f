import os

from django.core.asgi import get_asgi_application

from feed.modes import platforms

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialsite.settings")

platforms()  # a server with a bad platform file does not start
application = get_asgi_application()

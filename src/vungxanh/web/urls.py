"""Which address belongs to which room. A room's own addresses stand in its `urls.py`."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

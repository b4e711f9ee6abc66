"""The pages of payment: each part lists its own, with whom they are for; here they come together."""

from django.urls import URLPattern

PARTS: list[list[URLPattern]] = []

urlpatterns = [route for part in PARTS for route in part]

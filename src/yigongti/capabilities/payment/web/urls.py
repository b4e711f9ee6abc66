"""The pages of payment: each part lists its own, with whom they are for; here they come together."""

from django.urls import URLPattern

from yigongti.capabilities.payment.web.group_urls import GROUPS
from yigongti.capabilities.payment.web.settlement_urls import SETTLEMENT

PARTS: list[list[URLPattern]] = [SETTLEMENT, GROUPS]

urlpatterns = [route for part in PARTS for route in part]

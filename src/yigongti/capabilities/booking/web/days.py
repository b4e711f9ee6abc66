"""The day's slots at one's institution."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from yigongti.capabilities.booking.selectors.day import day_of, keepable
from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.kernel.periods import written_day


def day(request: Any) -> HttpResponse:
    """Every resource in one's scope with its slots and people."""
    asked = written_day(request.GET.get("day", "")) or clock.today()
    wanted = request.GET.get("resource", "")
    resources = list(keepable(request.user))
    context = {
        "day": asked,
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1),
        "resources": resources,
        "wanted": wanted,
        "shown": day_of(request.user, asked, resource_id=wanted),
        "request_id": new_id(),
    }
    return render(request, "booking/day.html", context)

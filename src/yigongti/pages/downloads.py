"""Files given away: always as a download, never shown as a page of ours."""

from urllib.parse import quote

from django.http import HttpResponse


def download(name: str, data: bytes, *, kind: str = "application/octet-stream") -> HttpResponse:
    """A download of these bytes under this name."""
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

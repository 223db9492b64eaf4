"""`/metrics`: for Prometheus, from this machine or from where the settings say."""

from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from app.console.visit import NotFound, Visit


def show(visit: Visit) -> Response:
    """Raises NotFound for everybody else: nobody need know that it is here."""
    if not _may(visit):
        raise NotFound("没有这一页")
    text = visit.metrics.text(visit.site, visit.at)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may(visit: Visit) -> bool:
    if visit.address in visit.site.settings.console.metrics:
        return True
    try:
        return ip_address(visit.address).is_loopback
    except ValueError:
        return False

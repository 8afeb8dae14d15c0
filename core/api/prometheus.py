"""The counts of this process as Prometheus text, at ``/metrics`` of the root.

It holds totals and no lead, so a program on this machine may read it as it is; from elsewhere, and through a proxy, it
takes a token or key that may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from itertools import accumulate
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from core.api.callers import CenterProvider, shown_in
from core.services import access
from core.services.access import Scope
from core.services.gauges import Gauge, gauges
from core.services.performance import BOUNDS_MS, Totals

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def prometheus_text(totals: Totals, gauges: Sequence[Gauge] = ()) -> tuple[bytes, str]:
    """The exposition of ``totals`` and ``gauges``, and its content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Counts(totals, gauges))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Counts:
    """What a scrape reads; a collector in the sense of prometheus_client."""

    def __init__(self, totals: Totals, gauges: Sequence[Gauge]) -> None:
        self._totals, self._gauges = totals, gauges

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        totals = self._totals
        predictions = CounterMetricFamily(
            "jorge_ml_predictions",
            "Scores made and stored, by tier and by source of the lead",
            labels=["classification", "source"],
        )
        for labels, n in sorted(totals.predictions.items()):
            predictions.add_metric(labels, n)
        yield predictions

        times = HistogramMetricFamily(
            "jorge_ml_response_time_seconds", "From a score request to its answer, stored scores and cache hits alike"
        )
        bounds = [f"{bound / 1000:g}" for bound in BOUNDS_MS] + ["+Inf"]
        times.add_metric([], list(zip(bounds, accumulate(totals.times), strict=True)), sum_value=totals.seconds)
        yield times

        hit_rate = totals.cache_hits / totals.answers if totals.answers else float("nan")
        yield GaugeMetricFamily(
            "jorge_ml_cache_hit_rate", "Share of score requests answered from the cache; NaN before the first", hit_rate
        )

        escalations = CounterMetricFamily(
            "jorge_ml_claude_escalations", "Scores that recommend to ask Claude", labels=["reason"]
        )
        for reason, n in sorted(totals.escalations.items()):
            escalations.add_metric([reason], n)
        yield escalations

        calls = CounterMetricFamily(
            "jorge_http_requests", "Calls of the API by status; 0: the client went away", labels=["status"]
        )
        for status, n in sorted(totals.calls.items()):
            calls.add_metric([str(status)], n)
        yield calls

        for gauge in self._gauges:
            shown = GaugeMetricFamily(gauge.name, gauge.told, labels=[gauge.label] if gauge.label else [])
            for value, share in gauge.values.items():
                shown.add_metric([value] if gauge.label else [], share)
            yield shown


def prometheus_route(center: CenterProvider) -> APIRouter:
    """``/metrics``, for an app's root; it stands in no document."""
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        running = center()
        if not _from_this_machine(request):
            await run_in_threadpool(access.admit, running, shown_in(request.headers), Scope.READ)
        text, content_type = prometheus_text(running.performance.totals(), await run_in_threadpool(gauges, running))
        return Response(text, media_type=content_type)

    return router


def _from_this_machine(request: Request) -> bool:
    """Whether the other end is a loopback address, and no proxy says that it asks for somebody else."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False

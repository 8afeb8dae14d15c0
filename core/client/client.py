"""The calls of the API, one method each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Unpack, cast
from urllib.parse import quote, urlencode

from core.client.answers import BatchAnswer, LeadAnswer, LeadsAnswer, MailAnswer, OutcomeAnswer, ScoreAnswer
from core.client.filters import LeadFilters
from core.client.service_answers import HealthAnswer, MetricsAnswer, ModelAnswer
from core.client.transport import Transport

PREFIX = "/api/v1/ml"


class JorgeClient:
    """Give it a token (``jorge token``) or an API key (``jorge keys``). For one thread; close it, or use ``with``.

    Every method raises ``ClientError``. Reading is tried again ``retries`` times when no server answers, or when it
    asks to come back later; what writes is sent once, because a score that is lost on the way may have been stored.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8501",
        *,
        token: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 10.0,
        retries: int = 2,
    ) -> None:
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if api_key is not None:
            headers["X-API-Key"] = api_key
        self._transport = Transport(url, headers, timeout_s, retries)

    def __enter__(self) -> JorgeClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def score(
        self,
        lead_id: str,
        lead_data: Mapping[str, Any] | None = None,
        *,
        return_feature_importance: bool = True,
        calculate_jorge_commission: bool = True,
        force_refresh: bool = False,
    ) -> ScoreAnswer:
        """Score a lead from what is known of it; one that is stored needs only its id."""
        options = {
            "return_feature_importance": return_feature_importance,
            "calculate_jorge_commission": calculate_jorge_commission,
            "force_refresh": force_refresh,
        }
        body: dict[str, Any] = {"lead_id": lead_id, "options": options}
        if lead_data is not None:
            body["lead_data"] = dict(lead_data)
        return cast("ScoreAnswer", self._post("/score", body))

    def batch_score(
        self,
        leads: Sequence[Mapping[str, Any]],
        *,
        parallel_processing: bool = True,
        return_feature_importance: bool = True,
        calculate_jorge_commission: bool = True,
    ) -> BatchAnswer:
        """Score 1 to 100 leads, each ``{"lead_id": ..., "lead_data": {...}}``; look at ``errors`` of the answer."""
        options = {
            "parallel_processing": parallel_processing,
            "return_feature_importance": return_feature_importance,
            "calculate_jorge_commission": calculate_jorge_commission,
        }
        return cast(
            "BatchAnswer", self._post("/batch-score", {"leads": [dict(lead) for lead in leads], "options": options})
        )

    def last_score(self, lead_id: str) -> ScoreAnswer:
        """The last score of a lead as it was stored."""
        return cast("ScoreAnswer", self._get(f"/score/{quote(lead_id, safe='')}"))

    def leads(self, *, page: int = 1, page_size: int = 50, **filters: Unpack[LeadFilters]) -> LeadsAnswer:
        """One page of leads. ``filters`` are those of the API; a list lets any of its values through.

        ``client.leads(tier=["hot", "warm"], source="Zillow", sort="newest")``
        ``client.leads(arrival_weekday=[5, 6], zone="America/Chicago", not_told=["agent"])``
        """
        told = {name: _plain(value) for name, value in filters.items() if value is not None}
        query = urlencode(told | {"page": page, "page_size": page_size}, doseq=True)
        return cast("LeadsAnswer", self._get(f"/leads?{query}"))

    def lead(self, lead_id: str) -> LeadAnswer:
        """One lead with its scores and outcomes."""
        return cast("LeadAnswer", self._get(f"/leads/{quote(lead_id, safe='')}"))

    def record_outcome(
        self,
        lead_id: str,
        stage: str,
        occurred_at: datetime | str,
        *,
        sale_price_usd: float | None = None,
        reason: str | None = None,
    ) -> OutcomeAnswer:
        """Record that a lead reached a stage; sending the same again changes nothing. Raises for a naive time."""
        told = {"sale_price_usd": sale_price_usd, "reason": reason}
        body = {"lead_id": lead_id, "stage": stage, "occurred_at": _plain(occurred_at)}
        body |= {name: value for name, value in told.items() if value is not None}
        return cast("OutcomeAnswer", self._post("/outcomes", body))

    def send_mail(self, mail: Mapping[str, str]) -> MailAnswer:
        """Send a lead's mail: ``from``, ``text``, ``html``, ``date`` and ``message_id``, or its ``lead_`` fields."""
        return cast("MailAnswer", self._transport.call("POST", "/api/v1/leads/email", dict(mail)))

    def model_status(self) -> ModelAnswer:
        """The model that answers, and how good it is."""
        return cast("ModelAnswer", self._get("/model/status"))

    def metrics(self) -> MetricsAnswer:
        """How the service performs today."""
        return cast("MetricsAnswer", self._get("/metrics"))

    def health(self) -> HealthAnswer:
        """Whether everything is up; needs no token."""
        return cast("HealthAnswer", self._get("/health"))

    def _get(self, path: str) -> Any:
        return self._transport.call("GET", PREFIX + path)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._transport.call("POST", PREFIX + path, body)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone; give an aware time")
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value

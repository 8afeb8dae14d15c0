"""One example of every request and answer, for the document, the Postman collection and the tests that send them."""

from __future__ import annotations

from typing import Any, Final

LEAD_ID: Final = "lead_12345"

SCORE_REQUEST: Final[dict[str, Any]] = {
    "lead_id": LEAD_ID,
    "lead_data": {
        "name": "Ana Lima",
        "email": "ana@example.com",
        "phone": "+15125550100",
        "source": "zillow",
        "created_at": "2026-01-20T09:00:00Z",
        "budget_range": "500k-750k",
        "location_preference": "Downtown Austin",
        "timeline": "3-6 months",
        "interaction_history": [
            {
                "timestamp": "2026-01-24T10:30:00Z",
                "type": "email_response",
                "direction": "inbound",
                "text": "We are pre-approved. Is the house on Oak Street still there?",
                "response_time_hours": 2.5,
                "message_length": 156,
                "questions_asked": 3,
            }
        ],
        "jorge_insights": {
            "engagement_level": 0.7,
            "buying_signals_count": 3,
            "objections_resolved": 1,
            "rapport_building_score": 0.6,
        },
    },
    "options": {
        "return_feature_importance": True,
        "calculate_jorge_commission": True,
        "force_refresh": False,
    },
}

SCORE_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "lead_id": LEAD_ID,
    "ml_score": 82.5,
    "ml_confidence": 0.91,
    "classification": "hot",
    "probability_ranges": {"conversion": 0.825, "closing": 0.78, "timeline_accuracy": None},
    "feature_importance": {"response_time_hours": 0.25, "budget_clarity": 0.22},
    "explanation": {
        "base_value": 0.21,
        "raw_probability": 0.81,
        "contributions": [
            {
                "feature": "response_time_hours",
                "value": 2.5,
                "contribution": 0.09,
                "text": "Answers within 2.5 hours: raises the chance by 9 points",
            }
        ],
    },
    "jorge_commission": {
        "estimated_sale_price": 625000.00,
        "commission_rate": 0.06,
        "estimated_commission": 37500.00,
        "jorge_tracking_id": "jorge_0f3a5c7e91b2d486",
    },
    "escalation_recommended": False,
    "cache_hit": False,
    "model_version": "sample-1",
    "features_known": 24,
    "scored_at": "2026-01-24T10:31:02.123456Z",
    "processing_time_ms": 1.3,
}

BATCH_REQUEST: Final[dict[str, Any]] = {
    "leads": [
        {"lead_id": LEAD_ID, "lead_data": SCORE_REQUEST["lead_data"]},
        {"lead_id": "lead_67890", "lead_data": {"name": "Bo Reed", "budget_range": "300k"}},
        {"lead_id": "not a lead id"},
    ],
    "options": {
        "parallel_processing": True,
        "return_feature_importance": True,
        "calculate_jorge_commission": True,
    },
}

BATCH_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "batch_id": "batch_5e8f1f0c2b7a4d61a9f04c3be1d27a55",
    "total": 3,
    "succeeded": 2,
    "failed": 1,
    "results": [SCORE_ANSWER, SCORE_ANSWER | {"lead_id": "lead_67890", "ml_score": 31.0, "classification": "warm"}],
    "errors": [{"index": 2, "lead_id": None, "error": "lead_id: String should match pattern '^[A-Za-z0-9_-]{1,100}$'"}],
    "processing_time_ms": 14.2,
}

OUTCOME_REQUEST: Final[dict[str, Any]] = {
    "lead_id": LEAD_ID,
    "stage": "closed",
    "occurred_at": "2026-04-02T15:00:00Z",
    "sale_price_usd": 615000.00,
}

OUTCOME_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "lead_id": LEAD_ID,
    "stage": "closed",
    "occurred_at": "2026-04-02T15:00:00Z",
    "sale_price_usd": 615000.00,
    "reason": None,
    "recorded": True,
}

LEAD_ROW: Final[dict[str, Any]] = {
    "lead_id": LEAD_ID,
    "name": "Ana Lima",
    "email": "ana@example.com",
    "phone": "+15125550100",
    "source": "zillow",
    "agent": None,
    "stage": "closed",
    "area": "Downtown Austin",
    "created_at": "2026-01-20T09:00:00Z",
    "last_activity_at": "2026-01-24T10:30:00Z",
    "scored_at": "2026-01-24T10:31:02.123456Z",
    "model_version": "sample-1",
    "ml_score": 82.5,
    "ml_confidence": 0.91,
    "classification": "hot",
    "override_classification": None,
    "escalation_recommended": False,
    "estimated_sale_price": 625000.00,
    "estimated_commission": 37500.00,
}

LEADS_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "total": 1,
    "page": 1,
    "page_size": 50,
    "leads": [LEAD_ROW],
}

LEAD_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "lead": {
        "lead_id": LEAD_ID,
        "name": "Ana Lima",
        "email": "ana@example.com",
        "phone": "+15125550100",
        "source": "zillow",
        "agent": None,
        "side": "buyer",
        "stage": "closed",
        "created_at": "2026-01-20T09:00:00Z",
        "budget_range": "500k-750k",
        "location_preference": "Downtown Austin",
        "timeline": "3-6 months",
    },
    "classification": "hot",
    "override": None,
    "interactions": 1,
    "scores": [
        {
            "ml_score": 82.5,
            "ml_confidence": 0.91,
            "classification": "hot",
            "escalation_recommended": False,
            "estimated_commission": 37500.00,
            "model_version": "sample-1",
            "via": "api",
            "scored_at": "2026-01-24T10:31:02.123456Z",
        }
    ],
    "outcomes": [
        {"stage": "closed", "occurred_at": "2026-04-02T15:00:00Z", "sale_price_usd": 615000.00, "reason": None}
    ],
}

MODEL_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "version": "sample-1",
    "trained_at": "2026-10-01T08:00:00Z",
    "training": {"rows": 14000, "converted": 2230, "from": "2025-04-04", "to": "2025-12-02"},
    "metrics": {
        "leads": 6000,
        "converted": 921,
        "roc_auc": 0.917,
        "roc_auc_low": 0.909,
        "roc_auc_high": 0.925,
        "brier": 0.0758,
        "brier_baseline": 0.1299,
        "lift_at_10": 4.83,
    },
    "calibration": {
        "method": "platt",
        "ece": 0.0097,
        "bins": [{"predicted": 0.71, "observed": 0.74, "count": 600, "low": 0.70, "high": 0.78}],
    },
    "drift": {
        "verdict": "steady",
        "reference_leads": 3000,
        "current_leads": 353,
        "fewest_leads": 200,
        "window_days": 90,
        "features": [
            {
                "feature": "response_rate",
                "psi": 0.0527,
                "test": "Kolmogorov-Smirnov",
                "p_value": 1.0,
                "changed": False,
            }
        ],
    },
    "threshold": 0.85,
    "escalation": {"rate_percent": 28.3, "leads_scored": 2000, "below_threshold": 566},
    "selective": {"coverage": 0.717, "accuracy": 0.969},
}

METRICS_ANSWER: Final[dict[str, Any]] = {
    "ml_predictions": 412,
    "claude_escalations": 118,
    "cache_hits": 37,
    "ml_usage_rate_percent": 71.36,
    "claude_escalation_rate_percent": 28.64,
    "ml_avg_time_ms": 1.9,
    "claude_avg_time_ms": None,
    "response_time_stats": {"avg_ms": 1.8, "p50_ms": 1.6, "p95_ms": 3.4, "target_met_percent": 100.0},
    "confidence_stats": {"avg_confidence": 0.89, "high_confidence_percent": 71.36},
    "cache_performance": {"hit_rate_percent": 9.1},
    "ml_usage": {"direct_ml_percent": 71.36, "claude_escalation_percent": 28.64},
    "target_ms": 50.0,
    "window": {"since": "2026-01-24T00:00:00Z", "until": "2026-01-24T10:31:02Z", "responses_timed": 406},
}

HEALTH_ANSWER: Final[dict[str, Any]] = {
    "status": "healthy",
    "timestamp": "2026-01-24T10:31:02.123456Z",
    "checks": {
        "ml_model": {"status": "healthy", "response_time_ms": 0.21, "warm": True},
        "redis": {"status": "healthy", "response_time_ms": 0.35},
        "database": {"status": "healthy", "response_time_ms": 0.11},
        "claude": {"status": "not_configured", "response_time_ms": None},
    },
}

WEBHOOK_REQUEST: Final[dict[str, Any]] = {
    "type": "ContactUpdate",
    "webhookId": "6f1c9d4e-0b7a-4a55-9f6e-2d1f3c5b7a90",
    "timestamp": "2026-01-24T10:30:00.000Z",
    "locationId": "ve9EPM428h8vShlRW1KT",
    "id": "nmFmQEsNgz6AVpgLVUJ0",
    "firstName": "Ana",
    "lastName": "Lima",
    "email": "ana@example.com",
    "phone": "+15125550100",
    "source": "zillow",
    "dateAdded": "2026-01-20T09:00:00.000Z",
    "tags": ["buyer", "pre-approved"],
    "customFields": [{"id": "BcdmQEsNgz6AVpgLVUJ0", "value": "500k-750k"}],
}

WEBHOOK_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "webhook_id": "6f1c9d4e-0b7a-4a55-9f6e-2d1f3c5b7a90",
    "event_type": "ContactUpdate",
    "duplicate": False,
    "acted_on": True,
}

MAIL_REQUEST: Final[dict[str, Any]] = {
    "message_id": "<20260124103000.1@portal.example>",
    "from": "Leads <leads@portal.example>",
    "subject": "New lead for 12 Oak Street",
    "date": "2026-01-24T10:30:00Z",
    "text": "Name: Ana Lima\nEmail: ana@example.com\nPhone: (512) 555-0100\nMessage: Is the house still there?",
}

METADATA_REQUEST: Final[dict[str, Any]] = {
    "message_id": "20260124-0002",
    "lead_source": "zillow",
    "lead_type": "Buyer",
    "lead_name": "Ana Lima",
    "lead_email": "ana@example.com",
    "lead_phone": "+15125550100",
    "lead_property_address": "12 Oak Street",
    "lead_property_city": "Austin",
    "lead_max_price": "750000",
    "lead_message": "Is the house still there?",
}

MAIL_ANSWER: Final[dict[str, Any]] = {
    "success": True,
    "lead_id": "lead_3f0c9d1e7a25b648",
    "duplicate": False,
    "read_from": "labels",
    "fields": ["Email", "Message", "Name", "Phone"],
    "ml_score": 41.2,
    "classification": "warm",
}

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import InputError
from core.leads import Outcome, Stage, utc_now
from core.scoring import Tier
from core.services import audit, workspace
from core.services.access import Scope, make_key, revoke_key, trusted
from core.services.center import CommandCenter
from core.services.escalations.budget import set_daily
from core.services.escalations.policy import set_policy
from core.services.lead import leads
from core.services.lead.lead_export import leads_as_csv
from core.services.scores.scoring import score_lead
from core.store import LeadFilter, LeadSort
from tests.services.centers import settings_in
from tests.services.made import told


def entries(center: CommandCenter) -> list[tuple[str, str, str, dict[str, object]]]:
    return [(one.actor, one.action, one.subject, dict(one.details)) for one in audit.find(center)]


def test_a_setting_is_noted_with_what_it_was_and_only_when_it_changes(center: CommandCenter) -> None:
    workspace.set_threshold(center.acting_as(trusted("ana")), 0.9)
    workspace.set_threshold(center.acting_as(trusted("ben")), 0.9)
    workspace.set_threshold(center, 0.8)
    assert entries(center) == [
        ("dashboard", "setting changed", "threshold", {"before": 0.9, "after": 0.8}),
        ("ana", "setting changed", "threshold", {"before": None, "after": 0.9}),
    ]


def test_what_was_refused_is_not_noted(center: CommandCenter) -> None:
    with pytest.raises(InputError):
        workspace.set_threshold(center, 0.2)
    assert entries(center) == []


def test_keys_tiers_set_by_hand_and_exports_are_noted_without_anything_personal(center: CommandCenter) -> None:
    score_lead(center, told("ana", name="Ana Lima", email="ana@example.com"))
    ben = center.acting_as(trusted("ben"))
    leads.override_score(ben, "ana", Tier.HOT, "Ana called from 512-555-0100", None)
    make_key(ben, "crm", Scope.SCORE)
    revoke_key(ben, "crm")
    leads_as_csv(center, LeadFilter(), LeadSort.SCORE)
    assert entries(center) == [
        ("dashboard", "leads exported", "leads", {"rows": 1}),
        ("ben", "key revoked", "crm", {}),
        ("ben", "key made", "crm", {"scope": "score"}),
        ("ben", "tier set by hand", audit.mark(["ana"]), {"tier": "hot"}),
    ]


def test_who_knows_a_leads_id_finds_its_entries_and_who_reads_the_log_does_not_see_it(center: CommandCenter) -> None:
    for lead_id in ("ana-lima", "bo-reed"):
        score_lead(center, told(lead_id))
        leads.override_score(center, lead_id, Tier.HOT, "r", None)
    leads.record_outcome(center, Outcome(lead_id="ana-lima", stage=Stage.SHOWING, occurred_at=utc_now()))
    found = audit.find(center, "ana-lima")
    assert [one.action for one in found] == ["outcome recorded", "tier set by hand"]
    assert audit.page(center, audit.Wanted("ana-lima")).total == 2
    assert "ana" not in audit.audit_as_csv(center).decode()


def test_the_log_goes_out_as_csv_that_a_spreadsheet_does_not_run(center: CommandCenter) -> None:
    audit.note(center.acting_as(trusted("ana")), "model promoted", "=cmd()", reason="better")
    rows = list(csv.reader(io.StringIO(audit.audit_as_csv(center).decode())))
    assert tuple(rows[0]) == audit.COLUMNS
    assert rows[1][1:] == ["ana", "model promoted", "'=cmd()", '{"reason": "better"}']


def test_without_the_database_nothing_fails_and_the_processs_own_log_tells_of_it(
    tmp_path: Path, models_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    settings = settings_in(tmp_path / "data", jorge_database_url=f"sqlite:///{tmp_path}/file/jorge.db")
    with CommandCenter(settings, models_dir) as center:
        audit.note(center, "model promoted", "m2")
    assert "Not in the audit log: model promoted m2" in caplog.text


def test_what_is_set_for_claude_is_noted_too(center: CommandCenter) -> None:
    set_policy(center, "by_value")
    set_daily(center, Decimal("2.50"))
    assert [(one.subject, one.details["after"]) for one in audit.find(center)] == [
        ("claude_daily_budget_usd", "2.50"),
        ("escalation_policy", "by_value"),
    ]

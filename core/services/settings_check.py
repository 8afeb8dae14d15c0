"""Settings that could never work, found before anything is started with them."""

from __future__ import annotations

from core.escalation import Claude
from core.realtime.connection import connect
from core.services.access import check_setting
from core.services.access.origins import origins_in
from core.services.access.sign_in import check as check_sign_in
from core.services.center import CommandCenter
from core.store.connect import parse_url


def check_settings(center: CommandCenter) -> None:
    """Raise SettingsError for a setting that could never work; what is only down now raises nothing."""
    settings = center.settings
    check_setting(center)
    check_sign_in(settings)
    origins_in(settings.jorge_cors_origins)
    Claude.check(settings)
    if settings.jorge_ghl_webhook_keys:
        from core.services.crm.signature import keys_in

        keys_in(settings.jorge_ghl_webhook_keys)
    parse_url(settings.database_url)
    if settings.jorge_redis_url:
        connect(settings.jorge_redis_url).close()

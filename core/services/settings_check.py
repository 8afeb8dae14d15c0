"""Settings that could never work, found before anything is started with them."""

from __future__ import annotations

import re
from typing import Final

from core.crm import gohighlevel
from core.errors import SettingsError
from core.escalation import Claude
from core.realtime.connection import connect
from core.services.access import check_setting
from core.services.access.origins import origins_in
from core.services.access.sign_in import check as check_sign_in
from core.services.center import CommandCenter
from core.store.connect import parse_url

_NAME: Final = re.compile(r"\*|\.?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]+")


def check_settings(center: CommandCenter) -> None:
    """Raise SettingsError for a setting that could never work; what is only down now raises nothing."""
    settings = center.settings
    check_setting(center)
    check_sign_in(settings)
    _check_names(settings.jorge_allowed_hosts)
    origins_in(settings.jorge_cors_origins)
    gohighlevel.is_this_machine(settings.jorge_ghl_api_url)
    Claude.check(settings)
    if settings.jorge_ghl_webhook_keys:
        from core.services.crm.signature import keys_in

        keys_in(settings.jorge_ghl_webhook_keys)
    parse_url(settings.database_url)
    if settings.jorge_redis_url:
        connect(settings.jorge_redis_url).close()


def _check_names(setting: str) -> None:
    for name in filter(None, (part.strip() for part in setting.split(","))):
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"JORGE_ALLOWED_HOSTS has {name[:100]!r}; must be names like leads.example.com, without https:// or a "
                "port, separated by commas"
            )

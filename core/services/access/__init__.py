"""Who may do what: tokens, API keys, scopes and limits. ``admit`` is the one door to the API."""

from core.services.access.admission import Credentials, admit, identify, known, listener, prepare
from core.services.access.caller import Caller, Role, Scope
from core.services.access.keys import list_keys, make_key, revoke_key
from core.services.access.rates import Rate, count_call, is_counted
from core.services.access.secret import secret_kept_in
from core.services.access.tokens import api_token, check_setting, check_token, issuer_of, screen_token

__all__ = [
    "Caller",
    "Credentials",
    "Rate",
    "Role",
    "Scope",
    "admit",
    "api_token",
    "check_setting",
    "check_token",
    "count_call",
    "identify",
    "is_counted",
    "issuer_of",
    "known",
    "list_keys",
    "listener",
    "make_key",
    "prepare",
    "revoke_key",
    "screen_token",
    "secret_kept_in",
]

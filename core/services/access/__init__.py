"""Who may do what: tokens, API keys, scopes and limits. ``admit`` is the one door to the API."""

from core.services.access.admission import Credentials, admit, admit_at_once, check_listener, listener, prepare
from core.services.access.caller import Caller, Role, Scope
from core.services.access.keys import list_keys, make_key, revoke_key
from core.services.access.rates import Rate
from core.services.access.secret import secret_kept_in
from core.services.access.tokens import api_token, check_setting, check_token, issuer_of, screen_token

__all__ = [
    "Caller",
    "Credentials",
    "Rate",
    "Role",
    "Scope",
    "admit",
    "admit_at_once",
    "api_token",
    "check_listener",
    "check_setting",
    "check_token",
    "issuer_of",
    "list_keys",
    "listener",
    "make_key",
    "prepare",
    "revoke_key",
    "screen_token",
    "secret_kept_in",
]

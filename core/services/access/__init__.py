"""Who may do what: tokens, API keys, scopes and limits. ``admit`` is the one door to the API."""

from core.services.access.actor import BY_SCHEDULE, RETENTION, SYSTEM, THIS_COMPUTER, WATCH, Actor, Right, trusted
from core.services.access.admission import Credentials, admit, identify, known, listener, prepare
from core.services.access.caller import Caller, Role, Scope
from core.services.access.keys import list_keys, make_key, revoke_key
from core.services.access.people import acting, actor_behind
from core.services.access.rates import Rate, count_call, is_counted
from core.services.access.rights import allow, for_right, may_send, narrowed, own_lead, owner_of
from core.services.access.secret import secret_kept_in
from core.services.access.tokens import api_token, check_setting, check_token, issuer_of, screen_token

__all__ = [
    "BY_SCHEDULE",
    "RETENTION",
    "SYSTEM",
    "THIS_COMPUTER",
    "WATCH",
    "Actor",
    "Caller",
    "Credentials",
    "Rate",
    "Right",
    "Role",
    "Scope",
    "acting",
    "actor_behind",
    "admit",
    "allow",
    "api_token",
    "check_setting",
    "check_token",
    "count_call",
    "for_right",
    "identify",
    "is_counted",
    "issuer_of",
    "known",
    "list_keys",
    "listener",
    "make_key",
    "may_send",
    "narrowed",
    "own_lead",
    "owner_of",
    "prepare",
    "revoke_key",
    "screen_token",
    "secret_kept_in",
    "trusted",
]

"""Every error that this project raises on purpose.

::

    JorgeError
    |-- SettingsError          a setting has a value that is not allowed
    |-- InputError             what a person or a program sent cannot be used
    |   |-- LeadError          one lead, row or field
    |   `-- FileError          a whole file
    |-- NotFound               no such lead, score, model version
    |-- AccessError            who is asking may not
    |   |-- Unauthenticated
    |   |-- Forbidden
    |   `-- TooManyRequests
    |-- Unavailable            a dependency is down; ``dependency`` names it
    |   |-- StoreUnavailable   the database
    |   |-- FeedUnavailable    Redis
    |   |-- ModelUnavailable   no model can be served
    |   |   `-- ModelNotReady  it is being made ready, and answers by itself soon
    |   |-- ClaudeUnavailable  Claude cannot be asked
    |   `-- CrmUnavailable     the team's CRM cannot be told
    `-- ModelRefused           a model's files are corrupt, foreign or disagree with the oracle

A message says what came in, what is allowed and what to do, and can be shown to a user as it is.
Adapters translate their library's errors into these; nothing above an adapter sees a driver's exception.
"""

from __future__ import annotations


class JorgeError(Exception):
    """Base of every error below; ``str(error)`` is fit for a user's eyes."""


class SettingsError(JorgeError):
    """A setting has a value that is not allowed; stops the start."""


class InputError(JorgeError):
    """What came in cannot be used as it is."""


class LeadError(InputError):
    """One lead cannot be used; ``field`` names where, when it is known."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class FileError(InputError):
    """A whole file cannot be used."""


class NotFound(JorgeError):
    """The thing asked for does not exist."""


class AccessError(JorgeError):
    """The caller may not do this."""


class Unauthenticated(AccessError):
    """No valid credentials came with the request."""


class Forbidden(AccessError):
    """The credentials are valid, what they allow is not enough."""


class TooManyRequests(AccessError):
    """The caller called too often; ``retry_after_s`` is the number of seconds to wait."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(JorgeError):
    """A dependency is down; the rest keeps working."""

    dependency = "dependency"


class StoreUnavailable(Unavailable):
    """The database does not answer."""

    dependency = "database"


class FeedUnavailable(Unavailable):
    """Redis does not answer."""

    dependency = "redis"


class ModelUnavailable(Unavailable):
    """No model can be served."""

    dependency = "ml_model"


class ModelNotReady(ModelUnavailable):
    """The model is being made ready; nobody has to do anything but wait."""


class ClaudeUnavailable(Unavailable):
    """Claude cannot be asked. ``unsure``: what was handed in may have arrived all the same, and may be charged."""

    dependency = "claude"

    def __init__(self, message: str, *, unsure: bool = False) -> None:
        super().__init__(message)
        self.unsure = unsure


class CrmUnavailable(Unavailable):
    """The CRM's API does not take what it is told now; ``retry_after_s`` is how long it wants to be left alone."""

    dependency = "crm"

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ModelRefused(JorgeError):
    """A model's files are corrupt, foreign, or disagree with scikit-learn or shap."""

"""A stand-in for Anthropic's Messages API on this machine: for tests, and for trying the product without a key.

Its opinions are plain keyword rules and are marked as simulated; its errors have the shapes of the real service.
"""

from core.escalation.fake.plan import MODES, Plan
from core.escalation.fake.running import running_fake
from core.escalation.fake.server import fake_claude

__all__ = ["MODES", "Plan", "fake_claude", "running_fake"]

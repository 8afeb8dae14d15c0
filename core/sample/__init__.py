"""The honest generator of sample leads: reproducible, with a cause behind every outcome."""

from core.sample.generate import SampleLead, generate
from core.sample.stream import stream

__all__ = ["SampleLead", "generate", "stream"]

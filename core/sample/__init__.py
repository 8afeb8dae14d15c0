"""The honest generator of sample leads: reproducible, with a cause behind every outcome."""

from core.sample.arriving import stream
from core.sample.draw import SampleLead, generate

__all__ = ["SampleLead", "generate", "stream"]

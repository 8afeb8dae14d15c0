"""The live feed: a Redis of our own or the team's, the relay that fills it, the hub that reads it, a score cache."""

from core.realtime.binary import NO_SERVER, find_server
from core.realtime.cache import ScoreCache, cache_key, lifetime_s
from core.realtime.connection import connect, connect_reader, redis_errors
from core.realtime.embedded import EmbeddedRedis, start_embedded
from core.realtime.events import CHANNEL, STREAM, FeedEvent, FeedSource, OutboxEvent, StreamEnd, stream_end
from core.realtime.feed_status import FeedStatus
from core.realtime.hub import FeedHub
from core.realtime.relay import Relay, RelayThread
from core.realtime.subscription import Subscription

__all__ = [
    "CHANNEL",
    "NO_SERVER",
    "STREAM",
    "EmbeddedRedis",
    "FeedEvent",
    "FeedHub",
    "FeedSource",
    "FeedStatus",
    "OutboxEvent",
    "Relay",
    "RelayThread",
    "ScoreCache",
    "StreamEnd",
    "Subscription",
    "cache_key",
    "connect",
    "connect_reader",
    "find_server",
    "lifetime_s",
    "redis_errors",
    "start_embedded",
    "stream_end",
]

"""What Streamlit's own loggers write on stderr, as lines of our log."""

from __future__ import annotations

import logging

from streamlit import logger as streamlit_logger

from core.api.logs import TemplateLines


def in_lines_of_ours() -> None:
    """Let all loggers of Streamlit, also those of later, write such lines: it quotes addresses as they came."""
    vars(streamlit_logger)["setup_formatter"] = _set_up
    streamlit_logger.update_formatter()


def _set_up(logger: logging.Logger) -> None:
    before = getattr(logger, "streamlit_console_handler", None)  # by this name Streamlit looks for it
    if before is not None:
        logger.removeHandler(before)
    handler = logging.StreamHandler()
    handler.setFormatter(TemplateLines())
    vars(logger)["streamlit_console_handler"] = handler
    logger.addHandler(handler)

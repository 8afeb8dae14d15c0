"""How work runs: threads of its own, what is kept between requests, what is loaded before somebody waits for it."""

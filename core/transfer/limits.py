"""How large a file's parts may be. Above these a file is broken, or no list of leads."""

from __future__ import annotations

import csv
from typing import Final

HEAD_BYTES: Final = 262_144  # what is read of a file to find out how it is written
MOST_COLUMNS: Final = 1_000
MOST_CELL_CHARACTERS: Final = 100_000
MOST_ROW_CHARACTERS: Final = 250_000

# The csv module's own limit is per process and would cut in the middle of a quoted cell; ours are checked on
# whole rows, so its limit only has to be the larger one.
csv.field_size_limit(max(csv.field_size_limit(), 2 * MOST_ROW_CHARACTERS))

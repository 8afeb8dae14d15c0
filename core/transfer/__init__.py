"""CSV files: leads in, scores out."""

from core.transfer.defuse import defuse, defused
from core.transfer.dialect import Dialect, sniff
from core.transfer.duplicates import Deduplicator, Duplicate, Person, person_of
from core.transfer.filled import FeaturesFilled, trust_sentence
from core.transfer.headers import OUTCOME_COLUMNS, TARGETS
from core.transfer.limits import MOST_CELL_CHARACTERS, MOST_COLUMNS, MOST_ROW_CHARACTERS
from core.transfer.mapping import Mapping, outcome_columns, recognise
from core.transfer.reading import Reading, Row, read_leads, read_rows, start_reading
from core.transfer.rows import ReadLead, ReadRow, Rejected
from core.transfer.writing import SCORE_COLUMNS, ScoreCells, ScoreWriter, check_out, rejected_path, text_of

__all__ = [
    "MOST_CELL_CHARACTERS",
    "MOST_COLUMNS",
    "MOST_ROW_CHARACTERS",
    "OUTCOME_COLUMNS",
    "SCORE_COLUMNS",
    "TARGETS",
    "Deduplicator",
    "Dialect",
    "Duplicate",
    "FeaturesFilled",
    "Mapping",
    "Person",
    "ReadLead",
    "ReadRow",
    "Reading",
    "Rejected",
    "Row",
    "ScoreCells",
    "ScoreWriter",
    "check_out",
    "defuse",
    "defused",
    "outcome_columns",
    "person_of",
    "read_leads",
    "read_rows",
    "recognise",
    "rejected_path",
    "sniff",
    "start_reading",
    "text_of",
    "trust_sentence",
]

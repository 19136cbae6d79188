"""What people correct by hand: rows of a file that every build applies again, whatever its model finds.

    action    article  quote      words            speaker     value
    speaker   wall     5e0c…      “It will hold,”              Helen Marsh      it is she who said that
    no quote  wall     77aa…      “smart” bins                                  nobody said that
    ends      wall     91b2…      “It will …                   by the spring    it ends with these words
    words     wall     91b2…      “It will …                   “It will hold”   these are all its words
    merge                                          t-calder    tom-calder       the first is the second
    split     bridge                               tom-calder  Tom Calder [tom-calder-port-ansel]
    rename                                         tom-calder  Thomas Calder

What a row asks for and cannot be done is refused, with the reason and what to do; the others are applied.

rows      the file: reading it, adding to it
words     where some words stand in a text
quotes    the quotes of one article put right
speakers  the speakers of all articles put right
"""

from ingest.corrections.quotes import METHOD, correct
from ingest.corrections.rows import (
    COLUMNS,
    Correction,
    CorrectionError,
    Corrections,
    Outcome,
    record,
    written,
)
from ingest.corrections.speakers import redirect

__all__ = [
    "COLUMNS",
    "METHOD",
    "Correction",
    "CorrectionError",
    "Corrections",
    "Outcome",
    "correct",
    "record",
    "redirect",
    "written",
]

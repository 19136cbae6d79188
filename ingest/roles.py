"""The role and the body that an article gives a person: behind the name, before it, or with “is”.

``Reform UK leader Nigel Farage`` is leader of Reform UK; ``Steve Smith, head of Care4Calais,`` its head;
``Kirsten Obuya of the Deck Guild`` is of that body, with no role.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ingest.lexicon import NOT_IN_NAMES, ROLE_MODIFIERS, ROLE_NOUNS
from ingest.names import CAPITALISED, without_article
from ingest.records import Name, TextSpan

_WORD = re.compile(r"[^\W_](?:[\w’'.&-]*\w)?\.?")
_CLAUSE_END = re.compile(r"[,;:()\[\]“”\"—\n]| [-–] |\b(?:who|which|whose|said|says|told|was|is|has|had)\b")
_BODY = re.compile(rf"(?:the )?({CAPITALISED}(?:(?: of| and| for| &)? {CAPITALISED})*)")
_MEMBER = re.compile(r" (?:of|from|at) (?:the )?")
_LINKS = {"of", "at", "for", "with", "in", "from", "on", "to", "and"}
_DETERMINERS = {"the", "a", "an", "his", "her", "their", "its", "s"}


class Roles:
    """What stands around the names of an article. ``names`` are all of them, in reading order."""

    def __init__(self, text: str, names: Sequence[Name]) -> None:
        self.text = text
        self.names = names

    def at(self, mention: TextSpan) -> tuple[str | None, str | None]:
        """Role and affiliation at one mention: ``Steve Smith, head of Care4Calais``."""
        behind = self.text[mention.end : mention.end + 160]
        if match := re.match(r"(?:\s[\w.]{2,4}\b)?(?:, | \(| is | was | – | - )(.*)", behind, re.DOTALL):
            start = mention.end + match.start(1)
            for chunk in self._chunks(start, most=2):
                first = chunk.of(self.text).split(" ")[0].lower()
                if first.endswith(("ed", "ing")) and first not in ROLE_MODIFIERS:
                    break  # Winifred Osei, called the new owner …
                if (found := self._split(chunk)) != (None, None):
                    return found
        for before in (self._premodifier(mention), self._apposed_before(mention)):
            if before is not None and (found := self._split(before)) != (None, None):
                return found
        if member := _MEMBER.match(self.text, mention.end):
            at = bisect_left(self.names, member.end(), key=lambda name: name.span.start)
            named = self.names[at] if at < len(self.names) else None
            if named is not None and named.kind == "body" and named.span.start == member.end():
                return None, without_article(named.span.of(self.text))  # Kirsten Obuya of the Deck Guild
        return None, None

    def _apposed_before(self, mention: TextSpan) -> TextSpan | None:
        """The role that stands before a name and a comma: ``The council leader``, Amina Okafor."""
        before = self.text[max(0, mention.start - 100) : mention.start]
        match = re.search(r"(?:^|[.,;:“”\"\n]\s?)([^.,;:“”\"\n]{3,70}), (?:\w+\.? )?$", before)
        if match is None or not re.match(
            r"\s*(?:(?:the|a|an|its|his|her|their|another|one)\b|[\w. -]+[’']s )",
            match.group(1),
            re.IGNORECASE,
        ):
            return None
        offset = mention.start - len(before)
        return TextSpan(offset + match.start(1), offset + match.end(1))

    def _chunks(self, start: int, *, most: int) -> Iterator[TextSpan]:
        """The phrases between commas from an offset on, to the end of the apposition."""
        for _ in range(most):
            end = _CLAUSE_END.search(self.text, start, start + 140)
            stop = end.start() if end else min(start + 140, len(self.text))
            full_stop = re.search(r"[.!?]\s", self.text[start:stop])
            yield TextSpan(start, start + full_stop.start() if full_stop else stop)
            if end is None or end.group() != ",":
                return
            start = end.end() + 1

    def _premodifier(self, mention: TextSpan) -> TextSpan | None:
        """The words of office right before a name: ``Reform UK leader`` Nigel Farage."""
        words = list(_WORD.finditer(self.text, max(0, mention.start - 90), mention.start))
        start = mention.start
        for word in reversed(words):
            gap = self.text[word.end() : start]
            lower = word.group().lower().rstrip(".")
            fits = (
                word.group()[0].isupper()
                or lower in ROLE_NOUNS | ROLE_MODIFIERS
                or gap.startswith(("'s", "’s"))
            )
            if (
                gap.strip() not in ("", "-", "'s", "’s", "'", "’")
                or "\n" in gap
                or not fits
                or lower in NOT_IN_NAMES
            ):
                break
            start = word.start()
        return TextSpan(start, mention.start) if start < mention.start else None

    def _split(self, phrase: TextSpan) -> tuple[str | None, str | None]:
        """A phrase of office and the body inside it: ``Reform UK leader`` → ``leader``, ``Reform UK``."""
        words = list(_WORD.finditer(self.text, phrase.start, phrase.end))
        of = next((i for i, w in enumerate(words) if w.group().lower() in _LINKS), len(words))
        nouns = [i for i, w in enumerate(words[:of]) if w.group().lower() in ROLE_NOUNS]
        if not nouns:
            return None, None
        noun = nouns[-1]
        if noun + 1 < of and words[noun + 1].group().lower().endswith(("ed", "told", "says")):
            return None, None  # …, the candidate stated that: no apposition, but what is said next
        first = 0
        while first < noun and words[first].group().lower() in _DETERMINERS:
            first += 1
        leading = [n for n in self._inside(phrase) if n.end <= words[noun].start()]
        trailing = [n for n in self._inside(phrase) if n.start > words[noun].end()]
        start = words[first].start()
        affiliation = None
        if leading:
            start = next((w.start() for w in words if w.start() >= leading[-1].end), words[noun].start())
            affiliation = self.text[min(leading[0].start, words[first].start()) : leading[-1].end]
            if any(w.group()[0].islower() for w in words if w.start() < leading[-1].start):
                affiliation = leading[-1].of(self.text)
        elif trailing and of < len(words):
            affiliation = trailing[0].of(self.text)
        elif of < len(words):
            named = _BODY.match(self.text, words[of].end() + 1, phrase.end)
            affiliation = named.group(1) if named else None
        role = self.text[start : words[noun].end()].strip(" '’")
        role = re.sub(r"^(?:s |.*\w[’']s )", "", role)  # the council's leader, of a body named elsewhere
        return role or None, without_article(
            affiliation.removesuffix("'s").removesuffix("’s")
        ) if affiliation else None

    def _inside(self, phrase: TextSpan) -> list[TextSpan]:
        first = bisect_left(self.names, phrase.start, key=lambda name: name.span.start)
        last = bisect_left(self.names, phrase.end, key=lambda name: name.span.start)
        return [n.span for n in self.names[first:last] if n.kind != "person" and phrase.holds(n.span)]

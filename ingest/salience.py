"""Who is in the reader's mind, sentence by sentence, and so whom a “he” or a “she” means.

A mention makes somebody present, a speaker most, then a subject; with each sentence that follows all fade. A
pronoun means the most present person of its sex. What the trained reader thinks is added. Where the first two
are close nobody is meant: a wrong name is worse than none.

The weights were fitted by random search on 160 pronouns of PolNeAR's training articles, judged by eye, and on
the validation set of GAP (Webster et al., TACL 2018). Two wrong names weighed as much as three not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.entities import Entity
from ingest.names import Gender

#: How strongly somebody comes to mind: as a speaker, with words on who that is, as a subject, in any other
#: place, in speech; and by a pronoun that is a speaker, or is none.
SOURCE, INTRODUCED, SUBJECT, OTHER, IN_MARKS = 1.35, 1.1, 1.0, 0.5, 0.2
ECHO_OF_SPEAKER, ECHO = 1.2, 0.8

_FADE, _HABIT = 0.45, 0.1
_UNSEXED, _ONE_WORD = 0.85, 0.55  # a name that may be of the other sex, a place's or a body's
_NAMELESS = 0.95  # a neighbour
_READER = 0.55
_MARGIN, _CERTAIN = 1.2, 1.5  # how far the first must outweigh the second: to be meant, and to be of that sex
_FAINTEST, _FORGOTTEN, _OF_MOST = 0.02, 0.001, 0.1


@dataclass(frozen=True, slots=True)
class _Presence:
    """A weight as of a sentence, fading with those that follow."""

    weight: float
    sentence: int

    def at(self, sentence: int) -> float:
        return self.weight * _FADE ** (sentence - self.sentence)


class Salience:
    """How present each person of an article is, as it is read."""

    def __init__(self) -> None:
        self._present: dict[Entity, _Presence] = {}

    def mention(self, entity: Entity, weight: float, sentence: int) -> None:
        """Somebody is mentioned: named often is more present than named once."""
        before = self.of(entity, sentence)
        self._present[entity] = _Presence(max(before, weight) + _HABIT * min(before, weight), sentence)

    def of(self, entity: Entity, sentence: int) -> float:
        """How present somebody is at a sentence: 0 for who has not been mentioned."""
        presence = self._present.get(entity)
        return presence.at(sentence) if presence else 0.0

    def meant(
        self,
        gender: Gender,
        sentence: int,
        *,
        excluded: Iterable[Entity] = (),
        opinion: Sequence[tuple[Entity, float]] = (),
    ) -> Entity | None:
        """Whom a pronoun of a sex means. ``opinion`` is what the trained reader says, as probabilities."""
        self._present = {e: p for e, p in self._present.items() if p.at(sentence) > _FORGOTTEN}
        excluded = set(excluded)
        scores = {
            person: presence.at(sentence) * _likeness(person)
            for person, presence in self._present.items()
            if person.gender in (gender, None) and person not in excluded
        }
        total = sum(scores.values()) or 1.0
        scores = {person: score / total for person, score in scores.items() if score > _FAINTEST}
        for person, probability in opinion:
            if person.gender in (gender, None) and person not in excluded:
                scores[person] = scores.get(person, 0.0) + _READER * probability
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] < _MARGIN * ranked[1][1]):
            return None
        best = ranked[0][0]
        if len(ranked) < 2 or ranked[0][1] > _CERTAIN * ranked[1][1]:
            best.gender = best.gender or gender
        return best

    def present(self, entity: Entity, sentence: int) -> bool:
        """Whether somebody is among those most in mind: whom “the mayor” can mean without more words."""
        most = max((p.at(sentence) for p in self._present.values()), default=0.0)
        return self.of(entity, sentence) > max(_FAINTEST, _OF_MOST * most)

    def first(self, people: Sequence[Entity], sentence: int) -> Entity | None:
        """The one of some people who is clearly most present: of two councillors, the one just quoted."""
        ranked = sorted(((self.of(p, sentence), i) for i, p in enumerate(people)), reverse=True)
        if not ranked or ranked[0][0] <= _FORGOTTEN:
            return None
        return people[ranked[0][1]] if len(ranked) < 2 or ranked[0][0] >= _CERTAIN * ranked[1][0] else None


def _likeness(entity: Entity) -> float:
    """How likely an entity is a person of the right sex: a full name more than a single word."""
    if not entity.name:
        return _NAMELESS
    return 1.0 if entity.gender else _UNSEXED if " " in entity.name else _UNSEXED * _ONE_WORD

"""The words that a speaker uses more than others do.

Log odds with an informative Dirichlet prior: B. L. Monroe, M. P. Colaresi and K. M. Quinn, "Fightin' Words",
Political Analysis 16(4), 2008. The counts of all speakers are the prior, so that a rare word does not look
telling by chance; a word's score is its log-odds ratio in standard deviations.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt

_PRIOR = 5_000  # the prior weighs as much as so many words, or as all that are known
_SURE, _LEAST = 2.0, 3
_LEAST_SAID = 150


def telling(
    own: Mapping[str, int], everybody: tuple[Mapping[str, int], int], *, number: int = 12
) -> list[tuple[str, int]]:
    """The speaker's words that stand out, with how often they are said; none where too little was said.

    ``everybody``: how often all speakers say each of these words, and how many words they say in all; an even
    sample will do.
    """
    said, (uses, all_said) = sum(own.values()), everybody
    if said < _LEAST_SAID or all_said <= said:
        return []
    others_said, weight = all_said - said, min(_PRIOR, all_said)
    scored = []
    for word, count in own.items():
        if count < _LEAST or len(word) < 3:
            continue
        others = max(uses.get(word, 0) - count, 0)
        prior = weight * max(uses.get(word, 0), 1) / all_said
        delta = log((count + prior) / (said + weight - count - prior)) - log(
            (others + prior) / (others_said + weight - others - prior)
        )
        score = delta / sqrt(1 / (count + prior) + 1 / (others + prior))
        if score >= _SURE:
            scored.append((score, word, count))
    return [(word, count) for _, word, count in sorted(scored, reverse=True)[:number]]

"""Loading very many articles at once: the rows that ``save`` would write, in one transaction.

What makes single writes safe makes many slow: triggers, indexes and the full-text index, kept up row by row.
Here they are taken away first and made again after the last row, as the file itself describes them. SQLite
undoes all of it when the load fails or is killed, so there is never a half of it.
"""

from __future__ import annotations

ARTICLES_AT_ONCE = 2_000
CACHE_KIB = 512 * 1024

# The index that finds an article's quotes stays: an article that comes twice replaces its own.
_KEPT = ("articles", "quotes_article_id")

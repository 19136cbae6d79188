"""Which paragraphs of a page are not the article's prose: captions, credits, appeals, prompts, links.

The text is left as it is; the spans say what to pass over. A paragraph of prose wrongly
passed over loses its quotes, so each rule asks for a form that reporters do not write in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.records import TextSpan

# The longest line that a rule about one line believes: prose paragraphs run longer.
_LONGEST_LINE = 300
_LONGEST_HEADLINE = 130

_AGENCY = (
    r"(?:Getty(?: Images)?|A\.?P\.?(?: Photo| Images)?|AFP|PA(?: Wire| Media| Images| Archive)?|Reuters|EPA"
    r"|Shutterstock|Alamy|iStock|Rex(?: Features)?|Bloomberg(?: News)?|Press Association|Associated Press"
    r"|Zuma(?: Press)?|Anadolu|Xinhua|Handout|File photo)"
)

# Whole lines of a page's furniture, once case, a final stop or colon and surrounding marks are off.
_FURNITURE = frozenset(
    re.split(
        r"\s*[|\n]\s*",
        """advertisement | advertisements | advert | ad | sponsored | sponsored content | promoted
        promoted content | read more | read next | read also | also read | related | related stories
        related articles | related content | related topics | related news | recommended
        recommended stories | recommended for you | most read | most popular | most viewed | trending
        trending now | top stories | more on this story | more stories | more from this section
        you may also like | up next | you might also like | see also | further reading | share
        share this | share this story | share this article | share this page | share on facebook
        share on twitter | share via email | tweet | email | print | print this | copy link | comments
        add a comment | leave a comment | view comments | show comments | hide comments | post a comment
        join the conversation | loading | story continues below | story continues below advertisement
        article continues below | continue reading | skip to content | skip advertisement
        skip past newsletter promotion | after newsletter promotion | newsletter | newsletters | sign up
        sign up now | subscribe | subscribe now | support now | support us | donate | donate now | log in
        register | follow us | play video | watch video | watch live | watch more | listen to this article
        listen to this story | save for later | accept all cookies | accept cookies | cookie settings
        manage cookies | close | privacy policy | terms of use | terms of service | scroll to continue""",
    )
)

# Openings of a line that address the reader, name a picture or lead to another page.
_OPENING = re.compile(
    r"""
    (?:open|view|see)\ (?:full[- ]?size\ )?image\ in\ (?:gallery|full[- ]?screen)\b
  | (?:image|media|video|picture|photo)\ (?:source|caption|credit|copyright)(?:\ ?[,:]|\ (?-i:[A-Z\d])|$)
  | (?:photo(?:graph)?|picture|pic|image|illustration|composite|photo\ illustration)s?
        (?:\ (?:by|credit|courtesy(?:\ of)?))?\s*[:/|]\s?\S
  | photo(?:graph)?s?\ (?:by|courtesy\ of)\ (?-i:[A-Z]).{1,80}(?<![.!?])$
  | (?:read\ more|read\ also|also\ read|read\ next|read|related(?:\ (?:story|stories|article|articles|video))?
      | see\ also | don['’]t\ miss | watch(?:\ (?:more|live|now))?
      | recommended | most\ read | trending | in\ pictures | further\ reading )\s*[:|›»>]
  | read\ more\ (?:on|about|from|here|at|of\ our)\b
  | (?:sign|signing)\ up\ (?:to|for|here|now|below|today)\b
  | subscribe\ (?:to|now|here|today|for|via|on)\b
  | (?:like|follow|find|join)\ us\ (?:on|at)\b
  | follow\ (?:\S+\ ){1,6}on\ (?:twitter|x|facebook|instagram|threads|bluesky|linkedin|tiktok|mastodon)\b
  | share\ this\ (?:\w+\ )?(?:on|with|via|:)
  | (?:click|tap|press)\ here\b
  | (?:download|get|try)\ (?:the|our)\ (?:free\ )?(?:\S+\ ){0,3}(?:app|newsletter|newsletters|podcast)\b
  | get\ (?:\S+\ ){1,8}(?:in|to)\ your\ inbox\b
  | (?:enter|submit)\ your\ e-?mail\b
  | (?:story|article)\ continues\ (?:below|after)\b
  | (?:like|enjoyed|enjoying)\ this\ (?:story|article)\b
  | by\ (?:signing\ up|subscribing|clicking|continuing|using\ (?:this|our))\b.*\byour?\b
  | (?:we(?:\ and\ our\ partners)?|this\ (?:web)?site|our\ (?:web)?site)\ uses?\ cookies\b
  | this\ report\ (?:was|has\ been)\ (?:updated|corrected)\b  # one by an inquiry is published
  | this\ (?:article|story|piece|post|column)\ (?:was|has\ been|is)[ ]
        (?:last\ |first\ |originally\ |also\ )?(?:amended|updated|corrected|edited|published|being\ updated)\b
  | (?:\(|\(?additional\ )reporting\ by\ (?-i:[A-Z]) | reporting\ by\ .*\b(?:editing|writing)\ by\b
  | (?:©|(?:\(c\)|copyright)\ ?(?:©|\(c\)|copyright|\d{4}))
  | have\ you\ been\ affected\ by\b
  """,
    re.IGNORECASE | re.VERBOSE,
)

# Ends of a line that only a credit has. The group is what stands before it.
_BRACKETED_CREDIT = re.compile(rf"(.*?)\s*\(([^()]{{0,80}}\b{_AGENCY}\b[^()]{{0,40}})\)\.?$")
_OF_A_PICTURE = re.compile(r"/|\bvia\b|\b(?:Images|Photos?|Wire)\b")
_TRAILING_CREDIT = re.compile(
    rf".*[|©]\s*(?:[^|©]{{0,60}}\b)?{_AGENCY}\.?$|.*\bAP Photo/[A-Z][\w .'’-]{{2,40}}$"
)
_CAPITALISED = r"[A-Z][\w.'’-]*"
_ONLY_A_CREDIT = re.compile(
    rf"(?:- ?)?(?:{_CAPITALISED}(?: {_CAPITALISED}){{0,4}}(?: ?/ ?| via )){{0,3}}{_AGENCY}\.?$"
)
_CONTRIBUTED = re.compile(
    r".*\bcontributed (?:reporting )?(?:to|for) this (?:report|story|article)\.?$", re.IGNORECASE
)

# An appeal asks the reader for money or support and says that it pays for journalism.
_ASK = re.compile(
    r"\b(?:your (?:support|donation|contribution|gift|generosity)|support (?:us|our|now|independent|quality)"
    r"|donate|become a (?:member|supporter|subscriber)|readers like you"
    r"|make a (?:donation|contribution|gift))\b",
    re.IGNORECASE,
)
_JOURNALISM = re.compile(
    r"\b(?:journalis[mt]s?|newsroom|paywalls?|our (?:reporting|reporters|coverage|stories)|tell the story)\b",
    re.IGNORECASE,
)
_US = re.compile(r"\b(?:we|us|our)\b", re.IGNORECASE)

_DOUBLE_MARK = re.compile(r"[\"“”„«»]")
_MARK = re.compile(r"[\"“”„«»‘]|(?<!\w)['’]|['’](?!\w)")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*$")
# Words that headline writers leave out and reporters cannot, and those that announce speech.
_PROSE_WORDS = re.compile(
    r"\b(?:the|a|an|this|these|those|his|her|their|its|our|my|was|were|is|are|has|have|had|been|said|would|did"
    r"|he|she|they|we|i|it|you|there|which|who|told|tells|says|asked|asks|added|adds|replied|wrote|writes)\b",
    re.IGNORECASE,
)
_NAME_AND_ROLE = re.compile(r"(?:[A-Z][\w.'’-]*\s+){1,3}[A-Z][\w.'’-]*,\s")


def boilerplate(text: str) -> list[TextSpan]:
    """Find the paragraphs that are not the article's prose, in reading order.

    >>> text = "The dam held.\\n\\nImage caption, The dam in May\\n\\nNobody was hurt."
    >>> [span.of(text) for span in boilerplate(text)]
    ['Image caption, The dam in May']
    """
    passed_over, rest = _sort(text)
    for before, (span, alone), after in zip(rest, rest[1:], rest[2:], strict=False):
        if alone and _is_related_headline(span.of(text), before[0].of(text), after[0].of(text)):
            passed_over.append(span)
    return sorted(passed_over)


def without_furniture(text: str) -> str:
    """Return the text without its captions, appeals and prompts, its lines as paragraphs.

    Headlines between paragraphs stay: in a page or a Markdown file most are the article's own.
    """
    return "\n\n".join(span.of(text) for span, _ in _sort(text)[1])


def _sort(text: str) -> tuple[list[TextSpan], list[tuple[TextSpan, bool]]]:
    """Tell the lines that are furniture from the rest, each of which may stand alone between blank lines."""
    furniture: list[TextSpan] = []
    rest: list[tuple[TextSpan, bool]] = []
    wrapped = False  # whether this line may continue the one before, which ended at a margin
    for span, alone in _lines(text):
        line = span.of(text)
        if (alone or not wrapped) and _is_furniture(line):
            furniture.append(span)
            wrapped = False
        else:
            rest.append((span, alone))
            wrapped = not alone and len(line) > 50 and not _ENDS_SENTENCE.search(line)
    return furniture, rest


def _lines(text: str) -> Iterator[tuple[TextSpan, bool]]:
    """Yield each line that is not blank, without its margins, and whether blank lines surround it."""
    spans: list[TextSpan | None] = [None]
    position = 0
    for line in text.splitlines(keepends=True):
        start = position + len(line) - len(line.lstrip())
        end = position + len(line.rstrip())
        spans.append(TextSpan(start, end) if start < end else None)
        position += len(line)
    spans.append(None)
    for before, span, after in zip(spans, spans[1:], spans[2:], strict=False):
        if span is not None:
            yield span, before is None and after is None


def _is_furniture(line: str) -> bool:
    """Whether the line's own words show that it is not prose: ``"RELATED: Ten best kettles"`` → True."""
    if line.strip('[]()*-–—•·|>»… .:"“”').lower() in _FURNITURE or _is_appeal(line):
        return True
    if len(line) > _LONGEST_LINE or line[0] in "\"“‘'":
        return False
    return bool(_OPENING.match(line) or _CONTRIBUTED.match(line)) or _is_caption(line)


def _is_caption(line: str) -> bool:
    """Whether the line ends in a picture's credit: ``"The dam in May (Ann Lee/PA)"`` → True."""
    if _TRAILING_CREDIT.match(line) or _ONLY_A_CREDIT.match(line):
        return True
    credit = _BRACKETED_CREDIT.match(line)
    if credit is None:
        return False
    # A wire report's own last sentence may be signed too: "… he said. (Reuters)"
    caption, who = credit.groups()
    is_report = _ENDS_SENTENCE.search(caption) or _DOUBLE_MARK.search(caption)
    return not is_report or bool(_OF_A_PICTURE.search(who))


def _is_appeal(paragraph: str) -> bool:
    """Whether a paragraph asks its reader to pay for journalism.

    A report of a campaign's own appeal quotes it, so double marks rule an appeal out.
    """
    return (
        len(_ASK.findall(paragraph)) + len(_JOURNALISM.findall(paragraph)) >= 3
        and all(rule.search(paragraph) for rule in (_ASK, _JOURNALISM, _US))
        and not _DOUBLE_MARK.search(paragraph)
    )


def _is_related_headline(line: str, before: str, after: str) -> bool:
    """Whether a line between two paragraphs of prose is another story's headline.

    "Storm closes northern ports as ferry firms count cost" → True: no final stop, no marks, and
    none of the small words that a sentence needs; or capitals on nearly every longer word.
    """
    words = line.split()
    if not 4 <= len(words) <= 20 or len(line) > _LONGEST_HEADLINE or _MARK.search(line):
        return False
    if not (line[0].isupper() or line[0].isdigit()) or not line[-1].isalnum():
        return False
    if not all(_ENDS_SENTENCE.search(prose) and len(prose) > 60 for prose in (before, after)):
        return False
    # A name above or below the speech is its attribution: "Ann Lee, Mayor of Port Hanley"
    if _NAME_AND_ROLE.match(line):
        return False
    longer = [word for word in words if len(word) > 3]
    capitals = sum(not word[0].islower() for word in longer)
    if capitals >= 0.8 * len(longer) and len(longer) >= 3:
        return True
    return len(words) >= 6 and not _PROSE_WORDS.search(line)

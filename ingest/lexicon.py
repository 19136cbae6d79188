"""The closed word lists of reported speech: which verbs announce it, which titles and roles precede names.

Lists, not models: each is short enough to be read, and a wrong quote can be traced to a line here.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Verbs whose complement is what somebody said or wrote: “X,” she said; he warned that X.
SPEECH_VERBS = _words("""
    accept acknowledge add admit advise affirm agree allege announce answer argue ask assert assure
    boast caution challenge chant charge claim clarify comment complain concede conclude confess confide
    confirm contend continue counter cry declare demand deny disclose echo elaborate emphasise emphasize
    estimate exclaim explain fume gush hint inform insist instruct interject interrupt joke lament maintain
    mention mumble murmur muse mutter note observe opine plead pledge point post predict proclaim promise
    propose protest question quip read reaffirm reason recall recommend recount reflect reiterate relate
    remark remind repeat reply report request respond retort reveal say scoff scream shout sigh
    signal snap speculate state stress suggest surmise swear tell testify text threaten thunder tweet
    urge venture vow warn whisper whine wonder write yell conjecture dispute hail vent opt quote joke
    bark boom chime hiss holler laugh mouth sob squeal state stipulate posit prophesy rail rebut recite rejoin riff sneer specify summarise summarize teach tease
    underline underscore volunteer sum
""")

#: Verbs that name or judge with the speaker's own words: branded it “a humiliation”.
NAMING_VERBS = _words("""
    accuse attack blame blast brand call characterise characterize compare condemn credit criticise criticize
    decry deem defend denounce deride describe dismiss dub hail label laud liken lambast lambaste mock
    introduce oppose portray praise promote pan rap refer reject ridicule slam slate term tout urge vow welcome
    cite thank encourage invite offer order paint rate point speak talk rubbish savage apologise apologize
    congratulate express reference remember summon view trumpet vilify champion warn
""")

#: Verbs of thought whose clause a newspaper reports much as it reports speech.
THOUGHT_VERBS = _words("""
    believe think feel hope fear expect doubt want know worry suspect see consider regard figure
    understand imagine guess conclude find show indicate learn decide
""")

#: Nouns whose complement is what their possessor said: the minister's claim that …
SPEECH_NOUNS = _words("""
    accusation admission allegation argument assertion assurance boast call claim comment complaint concession
    contention criticism declaration demand denial description insistence pledge plea prediction promise
    proposal remark statement suggestion vow warning
""")

#: Phrases before a source: according to the minister.
CUE_PHRASES = (("according", "to"), ("in", "the", "words", "of"))

#: Titles that stand before a name and are no part of it.
TITLES = _words("""
    mr mrs ms miss mx sir dame lord lady baroness baron dr doctor prof professor rev reverend father sister
    fr bishop archbishop cardinal rabbi imam sheikh president vice-president senator sen rep representative
    gov governor mayor councillor cllr judge justice capt captain col colonel gen general lt lieutenant maj
    major sgt sergeant cpl corporal adm admiral cmdr commander det insp inspector supt superintendent pc
    constable king queen prince princess pope ambassador chancellor secretary minister premier congressman
    congresswoman madam madame monsieur mme m herr frau señor hon
""")

FEMALE_TITLES = _words(
    "mrs ms miss dame lady baroness sister queen princess madam madame mme congresswoman frau"
)
MALE_TITLES = _words("mr sir lord baron king prince father fr pope monsieur congressman herr")

#: What follows a name and is no part of it.
SUFFIXES = _words("jr sr jnr snr ii iii iv mp mps msp mep obe mbe cbe kbe qc kc phd md esq")

FEMALE_PRONOUNS = _words("she her hers herself")
MALE_PRONOUNS = _words("he him his himself")
PLURAL_PRONOUNS = _words("they them their theirs themselves we us both")
PRONOUNS = FEMALE_PRONOUNS | MALE_PRONOUNS | PLURAL_PRONOUNS | _words("who it i you which one whose")

#: Heads of noun phrases that denote a person by office or occupation.
ROLE_NOUNS = _words("""
    adviser advisor activist actor actress adjudicator administrator aide ambassador analyst architect artist
    attorney author banker barrister bishop boss broadcaster builder businessman businesswoman campaigner
    candidate captain carer chair chairman chairperson chairwoman champion chancellor chef chief clerk coach
    colleague columnist comedian commander commentator commissioner comrade consultant convener
    coordinator co-ordinator coroner correspondent councillor counsel critic curator deputy designer detective
    developer director doctor driver economist editor engineer entrepreneur envoy executive expert
    farmer father fisherman founder co-founder co-author friend geologist governor grandmother grandfather
    guitarist head headteacher headmaster historian host husband inspector investigator journalist judge
    landlord lawmaker lawyer leader lecturer manager mayor mother midwife minister musician neighbour neighbor
    novelist nurse officer official ombudsman operator opponent organiser organizer owner paramedic
    parent partner pastor patient physician pilot player poet policeman policewoman politician pollster
    president premier priest principal producer professor prosecutor psychologist rector registrar
    representative reporter resident researcher rival scholar scientist secretary senator sergeant singer
    skipper solicitor spokesman spokesperson spokeswoman star statistician steward strategist student
    superintendent supervisor surgeon surveyor teacher tenant trader treasurer tutor veteran vicar
    victim volunteer whip widow widower wife witness woman man boy girl writer congressman congresswoman
    lieutenant major colonel general ceo cfo coo mp peer whistleblower insider source sister brother son
    daughter scientist worker congressperson nominee frontrunner front-runner incumbent democrat republican
    developer conservationist ecologist
""")

#: Spokespeople speak for a body; the body is who said it.
SPOKES_NOUNS = _words("spokesman spokeswoman spokesperson spokespeople representative spox")

#: Heads of noun phrases that denote a body or a document that speaks.
BODY_NOUNS = _words("""
    administration agency alliance army association authority bank board body bureau cabinet campaign centre
    center charity church club coalition college commission committee company confederation conference congress
    council court department embassy federation firm force forum foundation fund government group hospital
    institute institution league magazine ministry movement museum network newspaper office organisation
    organization panel paper parliament party police service society station store studio team
    trust tribunal union university watchdog body thinktank think-tank newsroom
    report statement study review letter inquiry document survey poll filing lawsuit complaint release
    memo slogan poster advert advertisement judgment judgement ruling website tweet post article editorial manifesto campaigners residents
""")

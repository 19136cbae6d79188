"""The closed word lists by which names are read: titles, roles, bodies, pronouns.

Lists, not models: each is short enough to be read, and a wrong name can be traced to a line here.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text: ``word_set("mr mrs")`` → ``{"mr", "mrs"}``."""
    return frozenset(text.split())


#: Titles that stand before a name and are no part of it.
TITLES = word_set("""
    adm admiral alderman ambassador archbishop assemblyman assemblywoman baron baroness bishop capt captain
    cardinal ch chancellor cllr cmdr col colonel commander congressman congresswoman constable corporal
    councillor councilman councilwoman cpl dame det doctor dr
    father fr frau gen general gov governor herr hon imam insp inspector judge justice king lady
    lieutenant lord lt m madam madame maj major mayor minister miss mme monsieur mr mrs ms mx pc pope
    premier president prince princess prof professor queen rabbi rep representative rev reverend
    secretary sen senator sergeant señor sgt sheikh sir sister superintendent supt vice-president
""")

FEMALE_TITLES = word_set(
    "mrs ms miss dame lady baroness sister queen princess madam madame mme assemblywoman congresswoman "
    "councilwoman frau"
)
MALE_TITLES = word_set(
    "mr sir lord baron king prince father fr pope monsieur assemblyman congressman councilman herr"
)

#: What follows a name and tells a son from his father.
GENERATIONS = {"jr": "jr", "jnr": "jr", "sr": "sr", "snr": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}

#: What follows a name and is no part of it.
HONOURS = word_set("mp mps msp mep obe mbe cbe kbe qc kc phd md esq")
SUFFIXES = HONOURS | GENERATIONS.keys()

FEMALE_PRONOUNS = word_set("she her hers herself")
MALE_PRONOUNS = word_set("he him his himself")
PLURAL_PRONOUNS = word_set("they them their theirs themselves we us both")
PRONOUNS = FEMALE_PRONOUNS | MALE_PRONOUNS | PLURAL_PRONOUNS | word_set("who it i you which one whose")

#: Heads of noun phrases that denote a person by office or occupation.
ROLE_NOUNS = word_set("""
    academic activist actor actress adjudicator administrator adviser advisor aide ambassador analyst anchor
    anthropologist archaeologist architect artist astronaut astronomer attorney aunt author baker banker
    barber barrister beekeeper biographer biologist bishop blogger boss bowler boy bricklayer bride
    bridegroom broadcaster broker brother builder businessman businesswoman butcher campaigner candidate
    captain cardiologist carer caretaker carpenter ceo cfo chair chairman chairperson chairwoman
    champion chancellor chef chemist chief childminder choreographer claimant cleaner clerk
    climatologist co-author co-founder co-ordinator coach colleague colonel columnist comedian commander
    commentator commissioner commuter complainant composer comrade congressman congressperson
    congresswoman conservationist consultant contender convener coo cook coordinator coroner
    correspondent councillor councilman councilwoman counsel cousin coxswain criminologist critic
    curator customer cyclist dancer daughter decorator defendant defender delegate democrat dentist
    deputy designer detective developer diplomat director doctor driver drummer ecologist economist
    editor electrician engineer entrepreneur envoy epidemiologist executive expert farmer father
    firefighter fisherman forecaster foreman forewoman founder friend front-runner frontrunner general
    geologist girl goalkeeper governor gp granddaughter grandfather grandmother grandson guitarist
    hairdresser head headmaster headmistress headteacher historian host husband hydrologist incumbent
    insider inspector investigator janitor jockey joiner journalist judge juror keeper laborer labourer
    landlord lawmaker lawyer leader lecturer left-hander lefthander librarian lieutenant lobbyist
    magistrate magnate major man manager mathematician matron mayor mechanic mediator member
    meteorologist midfielder midwife minister moderator mogul mother mp musician negotiator neighbor
    neighbour nephew niece nominee novelist nurse nutritionist obstetrician oceanographer officer
    official ombudsman oncologist operative operator opponent organiser organizer owner paediatrician
    paralegal paramedic parent partner passenger pastor patient pediatrician peer pensioner pharmacist
    photographer physician physicist pilot pitcher plaintiff plasterer player playwright plumber poet
    policeman policewoman politician pollster porter postman premier presenter president priest
    principal producer professor prosecutor provost psychiatrist psychologist publican pundit
    quarterback ranger rector referee registrar reporter representative republican researcher resident
    right-hander rival roofer scholar schoolboy schoolgirl scientist scorer sculptor secretary senator
    sergeant sheriff shopkeeper singer sister skipper sociologist soldier solicitor son source speaker
    spokesman spokesperson spokeswoman sprinter star statistician steward strategist striker student
    superintendent supervisor surgeon surveyor swimmer teacher teenager tenant trader treasurer trustee
    tutor tycoon uncle undersecretary vet veteran vicar victim virologist volunteer voter warden welder
    whip whistleblower wicketkeeper widow widower wife winger witness woman worker writer
""")

#: Wider words for some of them: a lecturer is later “the academic”.
WIDER_ROLES = {
    narrow: frozenset(wider)
    for narrow, wider in {
        "professor": ("academic",), "lecturer": ("academic",), "researcher": ("academic", "scientist"),
        "historian": ("academic",), "economist": ("academic",), "sociologist": ("academic",),
        "criminologist": ("academic",), "biologist": ("scientist",), "physicist": ("scientist",),
        "chemist": ("scientist",), "ecologist": ("scientist",), "hydrologist": ("scientist",),
        "climatologist": ("scientist",), "oceanographer": ("scientist",), "astronomer": ("scientist",),
        "virologist": ("scientist",), "epidemiologist": ("scientist",),
        "inspector": ("officer", "detective"), "sergeant": ("officer",), "constable": ("officer",),
        "superintendent": ("officer",), "detective": ("officer",), "sheriff": ("officer",),
        "ceo": ("boss", "executive"), "executive": ("boss",), "striker": ("player", "forward", "footballer"),
        "midfielder": ("player", "footballer"), "goalkeeper": ("player", "footballer"),
        "winger": ("player", "footballer"), "defender": ("player", "footballer"), "pitcher": ("player",),
        "left-hander": ("player", "pitcher"), "right-hander": ("player", "pitcher"),
        "quarterback": ("player",), "surgeon": ("doctor",), "physician": ("doctor",), "gp": ("doctor",),
        "cardiologist": ("doctor",), "oncologist": ("doctor",), "paediatrician": ("doctor",),
        "pediatrician": ("doctor",), "psychiatrist": ("doctor",), "obstetrician": ("doctor",),
        "solicitor": ("lawyer",), "barrister": ("lawyer",), "attorney": ("lawyer",),
        "prosecutor": ("lawyer",), "senator": ("lawmaker", "politician"), "mp": ("lawmaker", "politician"),
        "congressman": ("lawmaker", "politician"), "congresswoman": ("lawmaker", "politician"),
        "representative": ("lawmaker", "politician"), "councillor": ("politician",),
        "novelist": ("writer", "author"), "poet": ("writer",), "playwright": ("writer",),
        "author": ("writer",), "sculptor": ("artist",), "painter": ("artist",), "headteacher": ("head",),
        "activist": ("campaigner",), "organiser": ("campaigner",),
    }.items()
}  # fmt: skip

#: Those of them that say which sex.
FEMALE_NOUNS = word_set(
    "actress bride businesswoman chairwoman congresswoman daughter girl grandmother mother sister "
    "policewoman widow wife woman"
)
MALE_NOUNS = word_set(
    "boy bridegroom brother businessman chairman congressman father fisherman grandfather husband man "
    "policeman son widower"
)

#: Words that stand before a role in lower case: former deputy leader Ann Lee.
ROLE_MODIFIERS = word_set("""
    acting assistant associate chief communications defence defense deputy economic environment
    executive finance first foreign former general health home honorary housing interim joint junior
    lead managing media national parliamentary permanent political press prime regional research retired
    second senior shadow staff state then veteran vice world
""")

#: Capitalised words that begin no name.
NOT_IN_NAMES = word_set("""
    a about above according across after again against all almost along also although among an and
    another any anyone april are around as asked at august away because become been before being below
    between beyond both but by can cannot could december despite did do does done down during each
    earlier either else enough even ever every everyone except february few for former friday from
    further get give go had has have he her here his how however i if image in indeed instead into is it
    its january july june just last later least less like made make many march may meanwhile might
    monday more most mr much must my neither never next no nobody none nor not nothing november now
    october of off often on once one only onto or other our out over own part per perhaps please put
    quite rather read really regarding said same saturday say see seem september several shall she
    should show since so some somehow someone something sometimes somewhere still such sunday take than
    that the their them themselves then there thereafter therefore these they this those though three
    through throughout thursday thus to together too toward towards tuesday two under unless until up
    upon us use used using various very via was we wednesday well were what whatever when whenever where
    whether while who whole whom whose why will with within without would yes yet you your
""")

#: Words of a mention that say nothing of the role: the new leader of the council.
NOT_OF_ROLES = word_set("a an at current for her his in its late new of own s 's ’s the their then")

#: Words that make another office of one: a former president, a deputy leader, a prime minister.
RANKS = word_set("acting assistant deputy ex first former junior prime shadow vice")

#: Offices by the title that stands before a name: Sen. Rosa Vane is a senator.
OFFICE_OF_TITLE = {
    "capt": "captain", "cllr": "councillor", "col": "colonel", "det": "detective", "dr": "doctor",
    "gen": "general", "gov": "governor", "insp": "inspector", "lt": "lieutenant", "maj": "major",
    "prof": "professor", "rep": "representative", "sen": "senator", "sgt": "sergeant",
    "supt": "superintendent",
}  # fmt: skip

#: Words that say of which country's office one speaks, by ISO 3166 code.
COUNTRY_WORDS = {
    "GB": word_set("british uk"),
    "US": word_set("american us u.s"),
    "FR": word_set("french"),
    "DE": word_set("german"),
    "IE": word_set("irish"),
    "RU": word_set("russian"),
    "UA": word_set("ukrainian"),
}

#: Words by which a text shows of which country's affairs it speaks.
COUNTRY_CUES = {
    "GB": ("Downing Street", "Westminster", "Whitehall", "House of Commons", "MPs", "£"),
    "US": ("White House", "U.S.", "Capitol Hill", "Republicans", "Democrats"),
}

#: Spokespeople speak for a body; the body is who said it.
SPOKES_NOUNS = word_set("spokesman spokeswoman spokesperson spokespeople representative spox")

#: Heads of noun phrases that denote a body or a document that speaks.
BODY_NOUNS = word_set("""
    academy administration agency alliance army association authority bank board body bureau cabinet
    camp campaign campaigners center centre charity church club coalition college commission committee
    company confederation conference congress constabulary council court department embassy federation
    firm force forum foundation fund government group guild hospice hospital infirmary institute
    institution league legislature magazine ministry movement museum network newspaper newsroom office
    organisation organization panel paper parliament party police residents service society station
    store studio team think-tank thinktank tribunal trust union university watchdog
""")

#: Words that the bodies of many places are called by: “the City Council”, “the Sheriff’s Office”.
COMMON_BODY_WORDS = word_set("""
    academy authority bank board borough central church city clinic club college commission committee
    community company constabulary council county court department district division east education
    elementary fair fire food force general government health high highways hospital housing infirmary
    library local medical middle memorial metropolitan municipal museum north of office parish planning
    police port primary public regional rescue royal school schools secondary sheriff society south state
    station team the town transit transport trust union university village ward water west works
""")

#: Heads of noun phrases that denote a document that speaks; its author is who said it, where named.
DOCUMENT_NOUNS = word_set("""
    advert advertisement article complaint document editorial email filing inquiry judgement judgment
    lawsuit letter manifesto memo poll post poster release report review ruling slogan statement study
    survey tweet website
""")

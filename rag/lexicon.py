"""The words by which a question is taken apart: verbs of saying and of stance, nouns for them, auxiliaries."""

from __future__ import annotations

from rag.text import stem, terms

# Verbs that only say that something is said: they are no part of what it is about.
SAY = frozenset(
    "say tell think believe claim argue state mention comment remark explain describe feel express speak talk reply "
    "respond react answer add note write tweet post quote put give make call cite report allege assert maintain "
    "contend opine offer view see consider reckon suppose".split()
)
# Verbs that say something of the content as well ("promise", "blame").
STANCE = frozenset(
    "warn want blame accuse promise vow pledge suggest propose predict expect deny admit concede confirm announce "
    "insist complain criticize criticise praise defend reject dismiss support oppose back recall remember declare "
    "estimate compare ask urge demand recommend hope fear worry agree disagree change quip characterize characterise "
    "justify object threaten reveal stress emphasize emphasise joke boast differ endorse favor favour condemn "
    "denounce attack slam blast mock ridicule rebuke chide scold question challenge dispute doubt refuse decline rule "
    "regret apologize apologise acknowledge recognize recognise welcome celebrate hail tout promote advocate plead "
    "beg appeal lament mourn grieve bemoan deplore decry liken label brand term dub rate rank grade judge diagnose "
    "summarize summarise define interpret testify swear caution advise instruct order imply hint indicate signal "
    "speculate guess imagine envision foresee forecast project anticipate warrant guarantee assure reassure intend "
    "plan aim decide choose prefer like love hate dislike resent envy admire respect trust distrust mistrust suspect "
    "assume presume argue conclude determine find found consider regard remark reflect square reconcile rationalize "
    "rationalise excuse address handle discuss debate raise cover float pitch outline detail lay spell mean need "
    "deserve resign quit leave join turn thank credit fault knock rip pan bash hit fire lash shrug laugh cry sneer "
    "scoff assail lambast lambaste berate bother disturb trouble concern learn notice witness hear know understand "
    "realize realise discover vote run cancel suspend withdraw drop end stop start begin try allow accept approve "
    "veto sign ban block close open cut tax sell buy build lose win cost pay meet visit fail lie cheat exaggerate "
    "tolerate counter retort shoot snap backtrack double walk distance side break shift evolve flip-flop".split()
)
IRREGULAR = {
    "said": "say", "told": "tell", "thought": "think", "felt": "feel", "spoke": "speak", "spoken": "speak",
    "saw": "see", "seen": "see", "made": "make", "gave": "give", "given": "give", "wrote": "write", "written": "write",
    "swore": "swear", "sworn": "swear", "meant": "mean", "knew": "know", "known": "know", "understood": "understand",
    "heard": "hear", "found": "find", "foresaw": "foresee", "hit": "hit", "lost": "lose", "won": "win", "left": "leave",
    "paid": "pay", "met": "meet", "built": "build", "bought": "buy", "sold": "sell", "chose": "choose",
    "chosen": "choose", "withdrew": "withdraw", "began": "begin", "begun": "begin", "ran": "run", "quit": "quit",
    "laid": "lay",
    "broke": "break", "broken": "break", "forecast": "forecast", "put": "put", "held": "hold", "took": "take",
    "denies": "deny", "argued": "argue", "led": "lead", "shot": "shoot", "fought": "fight", "sought": "seek",
}  # fmt: skip
SAY_STEMS = frozenset(map(stem, SAY))
VERB_STEMS = SAY_STEMS | frozenset(map(stem, STANCE)) | {stem(base) for base in IRREGULAR.values()}
BASE_FORMS = SAY | STANCE | frozenset(IRREGULAR.values())
DO = frozenset("did does do didn't doesn't don't".split())
HAVE = frozenset("has have had hasn't haven't hadn't".split())
BE = frozenset("is are was were isn't aren't wasn't weren't".split())
MODAL = frozenset("would will can could should might must wouldn't won't can't couldn't shouldn't".split())
AUXILIARY = DO | HAVE | BE | MODAL
WH = frozenset("what how why when where whether if".split())
WHO = frozenset("who whom whose which".split())
FILLERS = frozenset(
    "each both also really actually ever exactly then now publicly recently reportedly just all have been first even "
    "still again later already so only finally once personally specifically initially back".split()
)
# What somebody can have about something: "Hale's view of the toll".
ATTITUDES = frozenset(
    "position view views stance opinion reaction response take argument comment comments statement statements remark "
    "remarks explanation criticism criticisms concern concerns account version verdict message warning claim claims "
    "words reasoning case prediction advice complaint gripe beef quarrel problem objection objections worry worries "
    "fear fears thoughts answer reply defense defence justification excuse rationale promise pledge plan proposal "
    "demand assessment analysis interpretation feeling feelings attitude line theory forecast estimate accusation "
    "accusations charge allegation allegations belief beliefs point hope hopes regret regrets suggestion "
    "recommendation description data numbers figures poll survey study research findings testimony apology pitch "
    "praise attack rebuttal denial reason reasons conclusion judgment judgement".split()
)
# "What is Hale annoyed about?"
STATES = frozenset(
    "worried concerned afraid angry upset proud sure confident happy unhappy sad glad certain optimistic pessimistic "
    "hopeful skeptical sceptical critical furious frustrated annoyed disappointed surprised shocked puzzled excited "
    "sorry ashamed embarrassed keen opposed against convinced saying proposing suggesting claiming calling asking "
    "promising predicting arguing demanding planning warning quoted".split()
)
# "What made Hale change her mind?", "What worried the pilot about the dam?"
CAUSES = frozenset(
    "made makes bothered bothers worried worries angered angers surprised surprises upset upsets convinced convinces "
    "led leads prompted prompts drove drives annoyed annoys frustrated frustrates troubled troubles struck strikes "
    "shocked pleased pleases impressed impresses scared scares alarmed alarms disappointed disappoints motivated "
    "inspired".split()
)
PHRASAL = frozenset(map(stem, "call write make give put see speak talk".split()))
VERB_PARTICLES = frozenset("off out up down away over".split())
DETERMINERS = frozenset("the a an this that these those his her their its my our your".split())
PREPOSITIONS = frozenset(
    "of for from at in on with by to about near like as than into over under after before during against between "
    "among off toward towards through without within behind".split()
)
SUBJECT_PRONOUNS = frozenset("he she they".split())
POSSESSIVES = frozenset("his her their hers theirs".split())
PRONOUN_WORDS = SUBJECT_PRONOUNS | POSSESSIVES | frozenset("him them".split())
# Phrases in a subject's place that name nobody in particular open with these, once quantifiers are off.
QUANTIFIERS = frozenset(
    "the any all some these those various different other named outside quoted our your most two three four several "
    "many which what us u.s. american local".split()
)
ANYBODY = frozenset(
    "people person persons anyone anybody everyone everybody someone somebody nobody no article articles piece pieces "
    "story stories each both text report reports reporters journalists speakers it we you i who expert experts "
    "analysts critics officials source sources politicians leaders sides side others opinions reactions supporters "
    "opponents voters residents there collection".split()
)
# Words of a question that are about the asking, not about the topic.
ASKING = frozenset(
    terms(
        "say said tell told think thought quote quoted according article articles statement comment remark position "
        "view stance opinion reaction respond response react describe call explain exactly someone person piece news "
        "what who whom whose which how why when where word phrase use used make made case each both named outside else "
        "everyone everybody anyone spoke speak talk people list something"
    )
)


def is_verb(word: str, *, base: bool) -> bool:
    """True for a verb of saying or stance; `base` asks for its bare form, as behind "did"."""
    if base:
        return word in BASE_FORMS
    # "commentator" and "believer" share a verb's stem.
    return word in IRREGULAR or (stem(word) in VERB_STEMS and (word in BASE_FORMS or word.endswith(("ed", "s"))))


def only_says(word: str, after: str = "") -> bool:
    """True for a verb that tells nothing of the content, such as "said"; not for "call on" and "write off"."""
    base = stem(IRREGULAR.get(word, word))
    if base == "call" and after in ("on", "for"):
        return False
    return base in SAY_STEMS and not (base in PHRASAL and after in VERB_PARTICLES)

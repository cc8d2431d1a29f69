"""Words that say nothing by themselves, in folded form, in five languages.

They are indexed (a phrase may need them), but a query's other words are not made to wait for them.
"""

_ENGLISH = """a about all also am an and any are as at be been being both but by can could did do does for from
had has have he her his how if in into is it its me more most my no not of on or our she should so some such
than that the their them then there these they this those to was we were what when where which who whom why
will with would you your near nearby close around"""
_SWEDISH = """alla allt an att av bara blev bli de dem den denna deras dess det detta dig din du dar efter ej
eller en er ert ett for fran ha hade han har hon i icke inom inte jag ju kan men mellan mig min mot mycket nar
nagon nagot nara ni och om oss pa samt sin sitt skall som ska sa till under upp ut utan vad var vara vi vid vilka
vilken ar over"""
_NORWEGIAN = """at av bare ble da de den denne dere det dette du eller en enn er et etter fra for ha hadde han
har hos hun hva hvem hver hvor i ikke inn jeg kan man med meg men mot naer nar no noe noen og om opp oss over pa
sa seg sin skal som til ut uten var ved vi vil vaere eg ein eit ikkje dei korleis kva nokon"""
_DANISH = """ad af alle at blev de dem den der deres det dette dig din dog du efter eller en end er et for fra
ham han har havde hos hun hvad hvis hvor i ikke ind jeg kan man med meget men mig min mod ned noget nogle nu naer
nar og om op os over pa sadan sig skal som til ud under uden var vi vil vaere"""
_GERMAN = """aber als am an auch auf aus bei bin bis das dass dem den der des die dies diese dieser doch du durch
ein eine einem einen einer eines er es fur hat ich ihr im in ist ja kann mit nach nicht noch nur oder ohne sein
sich sie sind so uber um und uns unter vom von vor war was wenn wer wie wir wird zu zum zur"""

STOP_WORDS = frozenset(" ".join((_ENGLISH, _SWEDISH, _NORWEGIAN, _DANISH, _GERMAN)).split())
SHORTEST_ABBREVIATION = 3


def is_stop_word(folded: str, written: str, *, shouted: bool = False) -> bool:
    """Whether a word says nothing. One in capitals is an abbreviation, unless all of the text is `shouted` in capitals:
    BLI is a method, bli is Swedish for be."""
    is_abbreviation = len(written) >= SHORTEST_ABBREVIATION and written.isupper() and not shouted
    return folded in STOP_WORDS and not is_abbreviation

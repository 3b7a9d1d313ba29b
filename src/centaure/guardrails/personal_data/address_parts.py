"""What postal addresses are made of: patterns of streets, floors, postcodes, towns and countries."""

import re

_W = r"[^\W\d_][\w'’\-]*"
# Taken whole: a town of many hyphens could be cut in as many ways.
_CAP = r"[^\W\d_a-zà-ÿ](?:\w|['’\-./](?=\w))*+['’]?"
_SMALL = (
    r"(?:d[eu]s?|la|les?|l'|d'|en|sur|sous|lès|lez|aux?|à|et|of|the|upon|in|on|den|der|van|de la)"
)
_TYPES = (
    r"(?:grande?[ \-]rue|grand'rue|rue|r\.|avenue|av\.?|ave\.?|boulevard|boul\.?|bld?\.?|blvd\.?"
    r"|bd\.?|place"
    r"|pl\.|allees?|all\.|chemin|che?m?\.|impasse|imp\.?|route|rte\.?|quai|cours|square|sq\.|passage|pass\."
    r"|sentier|sente|ruelle|venelle|villa|cite|residence|res\.|lotissement|lot\.|hameau|lieu[ \-]dit"
    r"|faubourg|fbg|fg\.?|montee|esplanade|promenade|voie|traverse|rond[ \-]point|parvis|mail|galerie|clos"
    r"|domaine|parc|zone|z\.?a\.?c?\.?|z\.?i\.?|chaussee|cote|corniche|descente|rampe|cour|carrefour|pont"
    r"|porte|digue|drève|dreve|clos|enclos|placette|ile|port|rocade|levee|vallon|venelle|col|terrasse"
    r"|chaussee|charriere)"
)
_NUMBER = (
    r"(?<![\w,.€$£/])\d(?: {0,2}\d){0,3}(?: {0,2}(?:bis|ter|quater)"
    r"| ?[a-e](?![a-z]))?(?:[\-/]\d{1,3})?"
)
FRENCH = re.compile(rf"{_NUMBER}(?:[ ,]|° ?){{1,4}}{_TYPES}(?![a-z])(?=[ \-',])")
GREAT_STREET = re.compile(r"\d+\D{1,8}grande?(?:[ \-]|')rue")
FRENCH_WORDS = re.compile(
    r"(?<![a-z])(?:(?:vingt|trente|quarante|cinquante|soixante|quatre-vingts?|cent)(?:[ \-][a-z]+){0,3}"
    r"|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|dix-(?:sept|huit|neuf)),? (?:bis |ter )?" + _TYPES + r"(?![a-z])(?= )"
)
POSTCODES = re.compile(r"\d{4} [A-Z]|\d{4}\s{2}")
UNNUMBERED = re.compile(rf"(?<![\w\-]){_TYPES}(?![a-z])(?=[ ])")
_STREETS = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|court|ct|row|hill|gardens?|close|crescent"
    r"|cres|terrace"
    r"|place|pl|square|sq|way|walk|park|grove|mews|quay|wharf|view|green|rise|parade|broadway|boulevard"
    r"|blvd|highway|hwy|parkway|pkwy|circle|cir|trail|gate|yard|alley|bridge|mount|vale|heights|embankment)"
)
ENGLISH = re.compile(
    rf"(?<![\w,.:€$£/\-])\d(?: {{0,2}}\d){{0,4}} ?[A-Za-z]?(?:[\-/]\d{{1,4}})?,? {{1,2}}"
    rf"(?:(?:{_CAP}|of|the) {{1,2}}){{1,4}}(?i:{_STREETS})(?![\w])\.?(?: (?:[NS][EW]?|[EW])(?!\w))?"
)
ENGLISH_WORDS = re.compile(
    r"(?<![a-z])(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ \-][a-z]+)?|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|(?:a|one"
    r"|two) hundred(?: and [a-z\-]+)?) "
    r"(?:[a-z'\-]+ ){1,3}" + _STREETS + r"(?![a-z])"
)
GERMANIC = re.compile(
    r"(?<![\w\-])[^\W\d_a-zà-ÿ][\w'\-]{0,60}(?:stra(?:ss|ß)e|str\.|straat|laan|weg|platz|plein|gasse"
    r"|steenweg|lei"
    r"|dreef|kaai|allee|gracht|markt) {1,2}\d{1,4} ?[a-z]?(?!\w)"
)
ROMANCE = re.compile(
    r"(?<![\w\-])(?:Calle|C/|Carrer|Avenida|Avda\.?|Plaza|Plaça|Paseo|Via|Viale|Piazza|Corso|Rua"
    r"|Travessa|Largo"
    rf"|Praça) (?:(?:{_CAP}|{_SMALL}) ){{0,4}}{_CAP},? \d{{1,4}}(?!\w)"
)
_POSTCODE = r"(?:(?:FR?|BE?|CH|LU?)[ \-]{1,3})?(?:\d\d ?\d{3}|2[AB] ?\d{3}|\d(?: {1,2}\d){4})"
_SHORT_POSTCODE = r"(?:(?:BE?|CH|LU?|AT?|NL|DK)[ \-]{1,3})?[1-9]\d{3}(?: ?[A-Z]{2})?"
_TOWN = (
    rf"{_CAP}(?:(?:[ \-]{{1,3}}(?:{_SMALL}[ \-])*|[ ]{{1,2}}){_CAP}){{0,4}}"
    r"(?:[ ]{1,2}(?i:cedex)(?: \d{1,2})?)?"
)
_COUNTRY = (
    r"(?:France|Belgi(?:que|um|ë)|Suisse|Switzerland|Schweiz|Luxembourg|Royaume-Uni|UK|U\.K\."
    r"|United Kingdom"
    r"|England|Scotland|Wales|Ireland|Irlande|Allemagne|Germany|Deutschland|Espagne|Spain|España"
    r"|Italie|Italy"
    r"|Italia|Portugal|Pays-Bas|Netherlands|Monaco|USA|U\.S\.A\.|United States|Canada|Québec)"
)
_BREAK = r"(?:[ ]{0,3}(?:,|\n|[–\-|•·/](?= ))\s{0,20}|[ ]{1,3})"
_GAP = r"(?:[ ]{0,3}(?:,|\n|[–\-|•·/](?= ))\s{0,20})"
_COMPLEMENT = (
    r"(?:(?i:b[aâ]t(?:iment|\.)?|appartement|appt?\.?|apartment|esc(?:alier|\.)?|escalier|(?:e|é)tage|porte"
    r"|r[eé]sidence|r[eé]s\.|immeuble|hall|lot|tour|entr[eé]e|villa|flat|unit|suite|floor|boîte|bte"
    r"|bp|cs|tsa"
    r"|c/o|chez|lieu[ \-]dit|hameau|rdc|studio|ch[aâ]teau|ferme|zone|za|zi|parc|room|box|building|apt)"
    r"(?![a-zà-ÿ])\.?[^\n,;|()<>\"]{0,40}"
    r"|\d{1,2} ?(?:er?|ère|ème|[°oa]|th|st|nd|rd)(?!\w) ?"
    r"(?:(?:étage|etage|floor|droite|gauche|[A-Z](?!\w))[ ]?){0,2}[a-z]{0,8}"
    r"|RDC)"
)
POSTAL = re.compile(rf"{_BREAK}{_POSTCODE}(?!\d)(?:[ ]{{1,3}}|[ ]?\n){_TOWN}")
_POSTAL_LOW = re.compile(rf"{_BREAK}{_POSTCODE}(?!\d)[ ]{{1,3}}{_W}")
_POSTAL_ONLY = re.compile(rf"{_BREAK}{_POSTCODE}(?!\d)(?=[ ]?(?:[.,;\n)]|$))")
CEDEX = re.compile(r"(?<=[Cc][Ee][Dd][Ee][Xx]) \d{1,2}(?!\d)")
SHORT_POSTAL = re.compile(rf"{_BREAK}{_SHORT_POSTCODE} {{1,2}}{_TOWN}")
_BRITISH_CODE = r"[A-Z]{1,2}\d[A-Z\d]? {0,2}\d ?[A-Z] ?[A-Z](?![\w])"
BRITISH_POSTAL = re.compile(
    rf"(?:{_GAP}{_CAP}(?:[ ]{{1,2}}(?:{_SMALL} )?{_CAP}){{0,3}}){{0,2}}{_BREAK}{_BRITISH_CODE}"
)
_AMERICAN_POSTAL = re.compile(
    rf"{_GAP}{_CAP}(?:[ ]{_CAP}){{0,3}},? [A-Z]{{2}}(?: \d{{5}}(?:-\d{{4}})?)?(?!\w)"
)
_IN_TOWN = re.compile(rf"[ ]?,?[ ]{{1,2}}(?:à|a|in)[ ]{{1,2}}{_TOWN}")
_IN_TOWN_LOW = re.compile(rf"[ ],?(?:à|a|in)[ ]{{1,2}}{_W}")
COMMA_TOWN = re.compile(rf",[ ]{{1,3}}{_TOWN}(?=[ ]?(?:[.,;\n)\"'|?!]|$))")
AND_COUNTRY = re.compile(rf"(?:{_GAP}|[ ]?\(){_COUNTRY}(?!\w)\)?")
AND_COMPLEMENT = re.compile(rf"{_GAP}{_COMPLEMENT}(?=[ ]?[,\n\-–|])")
_HOUSE = (
    rf"(?:The {_CAP}(?: {_CAP}){{0,2}}|(?:{_CAP} ){{0,2}}(?:House|Cottage|Lodge|Farm|Barn|Rectory|Mill|Hall"
    r"|Manor|Villa|Court|Mansions?)|[^\W\d_a-zà-ÿ][a-z]+(?:side|field|wood|view|mead|croft|holme|bank))"
)
BEFORE_COMPLEMENT = re.compile(rf"(?:^|(?<=[\s(:|\"])){_COMPLEMENT}{_GAP}$")
BEFORE_HOUSE = re.compile(
    rf"(?:(?:^|\n)|(?<=(?:\bat|\bof|\bto|\bis) )|(?<=[,:|] ))(?:{_HOUSE}|\d{{1,2}}/\d{{1,2}}){_GAP}$"
    rf"|(?i:\b(?:flat|unit|suite|apartment|apt|room|studio|appartement|appt)) $"
)
NAME_WORD = re.compile(rf"[ ]{{1,3}}(?:{_W}\.?|\d{{1,2}}(?=[ ](?:{_CAP}|[a-z])))")
PARTICLE = re.compile(rf"(?i:{_SMALL})")
CODE = re.compile(rf"(?<![\w]){_BRITISH_CODE}")
SEGMENT = re.compile(
    rf"(?:^|(?<=[\s,:|(\"]))(?:\d(?: {{0,2}}\d){{0,3}} ?[A-Za-z]?,? {{1,2}})?"
    rf"(?:{_CAP}|\d{{1,2}}/\d)(?: {{1,2}}(?:{_SMALL} )*{_CAP}){{0,4}}$"
)
HOUSE_NUMBER = re.compile(r"\d(?: {0,2}\d){0,3} ?[A-Za-z]? ")
NUMBER_AFTER = re.compile(r",? {1,2}\d{1,4} ?[a-zA-Z]?(?![\w])")
HYPHENED = re.compile(r"-\w[\w'\-]*")
BEFORE_TOWN = re.compile(r"à|a|en")
NO_NAME = re.compile(r"qui|est|a|et|ou|pour|dans|que|se|au|par|sera|avec")
TO_POSTCODE = re.compile(rf"(?: {_W}){{1,4}}(?=,? ?\d{{5}} |,? à )")
TOWNS = (
    POSTAL,
    BRITISH_POSTAL,
    _AMERICAN_POSTAL,
    SHORT_POSTAL,
    _POSTAL_LOW,
    _POSTAL_ONLY,
    _IN_TOWN,
    _IN_TOWN_LOW,
    COMMA_TOWN,
)
"""What may end an address, the surest first."""

SURE = re.compile(
    r"(?<![a-z])(?:rue|avenue|av|boulevard|bd|bld|allees?|chemin|impasse|quai|route|square|venelle|ruelle"
    r"|faubourg|street|st|road|rd|lane|ave|crescent|terrace|gardens?|grove|mews)(?![a-z])"
)
"""Streets that need no town beside them to be an address, once they have a number."""

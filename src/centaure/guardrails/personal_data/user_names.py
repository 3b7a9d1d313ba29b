"""Names under which persons are known to a system: handles, logins, and tokens made of a person's name."""

import re
from collections.abc import Iterable, Iterator

from centaure.guardrails.normalisation import folded
from centaure.guardrails.personal_data.names.lists import Known, known_of
from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.policy import Label

_HANDLE = re.compile(
    r"(?<![\w@./+\-])@[A-Za-z_][\w.\-]{1,30}(?<![.\-])"
    r"(?:@(?:[a-z0-9][a-z0-9\-]{0,40}\.){1,3}[a-z]{2,12}(?![\w@])|(?![\w/@(]))"
)
_PROFILE = re.compile(
    r"(?<![a-z0-9\-])(?:(?P<code>(?:github|gitlab|bitbucket|codeberg|huggingface)\.(?:com|org|co)/)"
    r"|linkedin\.com/(?:in|pub)/|(?:twitter|x|instagram|threads)\.(?:com|net)/"
    r"|facebook\.com/|fb\.(?:com|me)/|t\.me/|snapchat\.com/add/|tiktok\.com/|youtube\.com/(?=@)"
    r"|youtube\.com/user/|medium\.com/(?=@)|reddit\.com/(?:u|user)/|pinterest\.[a-z]{2,3}/"
    r"|keybase\.io/|researchgate\.net/profile/|(?:fr\.)?viadeo\.com/(?:fr/)?profile/|malt\.fr/profile/"
    r"|behance\.net/|dribbble\.com/|soundcloud\.com/|twitch\.tv/|hub\.docker\.com/u/|kaggle\.com/"
    r"|(?:mastodon|piaille|framapiaf)\.[a-z]{2,8}/(?=@)|strava\.com/athletes/|paypal\.me/|calendly\.com/)"
    r"(?P<name>@?[a-z0-9%][\w.\-%]{2,60})(?<![.\-])(?P<more>/[\w\-])?"
)
"""Addresses of profiles; where code is kept, what follows a name is a project's address."""
_NO_PROFILE = words_of(
    "about explore features login signup search hashtag intent share sharer sharer.php home help"
    " settings orgs topics pricing groups pages events watch company jobs p reel tv stories status i"
    " privacy terms legal policies plugins dialog tr marketplace sponsors profile.php joinchat pin blog"
)
_NO_HANDLE = words_of(
    "media import charset param return returns override deprecated everyone here channel all"
    " font-face keyframes supports property todo app test author since see throws"
)
_WORDS = (
    r"(?<![a-z])(?:login|log-in|logon|user(?:[ _]?name|[ _]?id)?|nom d'utilisateur|utilisateur|identifiants?"
    r"(?: de connexion)?|pseudo(?:nyme)?s?|handle|nickname|nick|screen ?name|uid|session"
    r"|comptes? (?:utilisateur|windows|ad|reseau|informatique|slack|teams|github|twitter|instagram)"
    r"|(?:slack|teams|windows|network|ad|staff|user) account|github|gitlab|twitter|instagram|telegram|skype"
    r"|discord|mastodon|snapchat|tiktok|slack"
    r"|profil|profile|nom de compte|account name|user account|compte(?= \w{0,4}[_.]))(?![a-z])"
)
_STRONG = re.compile(
    r"(?<![a-z])(?:login|log-in|logon|user ?name|user ?id|nom d'utilisateur|identifiant(?: de connexion)?"
    r"|pseudo(?:nyme)?|handle|nickname|screen ?name|uid|utilisateur|user|compte|account)"
    r"(?: (?:windows|ad|reseau|slack|teams|github|twitter|instagram|vpn|ldap|sso|discord))?"
    r"(?P<said>,? (?:est|is|was|sera|etait|devient|c'est)(?: (?:le|the|bien|now|toujours))?|'s)?"
    r"[ :]{1,3}(?P<token>[a-z][a-z0-9_.\-]{3,30})(?<![.\-])(?![\w@/])"
)
"""A word for a login and what stands right after it, which is none where it is a word of the language."""
_WEAK = ("utilisateur", "user ", "compte", "account", "handle")
_CLAUSE_ENDS = re.compile(
    r"[,;.)\n\"]|$| ?(?:et|and|/) (?:le |the |votre |your |son |un |a )?(?:mot de passe|password|mdp|pwd)"
)
_INFLECTED = (
    "ed",
    "ing",
    "tion",
    "ment",
    "able",
    "ible",
    "ance",
    "ence",
    "ity",
    "ism",
    "age",
    "ures",
    "eurs",
)
_DOMAIN_USER = re.compile(
    r"(?<![\w\\:.\-])[A-Za-z][A-Za-z0-9\-]{1,14}\\(?![nrtdws](?![a-z]))[A-Za-z][\w.\-]{2,30}(?<![.\-])(?![\w\\])"
)
_DISCORD = re.compile(r"(?<![\w#&/])[A-Za-z][\w.]{1,31}#\d{4}(?!\w)")
_DONE_BY = re.compile(
    r"(?<![a-z])(?:commits?|opened|closed|merged|pushed|committed|authored|assigned|reassigned|created"
    r"|modified|updated"
    r"|reviewed|uploaded|edited|approved|reported|signed in|logged in|changed|deleted|ouverte?|fermee?|cree+"
    r"|modifiee?|validee?|assignee?|attribuee?|affectee?|televersee?|connectee?) (?:by|to|as|par|a)"
    r"(?: user| l'utilisateur)? (?P<token>[a-z][a-z0-9_.\-]{3,30})(?<![.\-])(?![\w@/])"
)
_SITE = re.compile(r"[.](?:fr|com|net|org|eu|be|ch|lu|uk|io|de|gouv|pdf|docx?|xlsx?)$")
_SESSION = re.compile(
    r"(?<![a-z])(?:for|user|by|utilisateur|agent) (?:invalid user )?(?P<token>[a-z][a-z0-9_.\-]{2,30})"
    r" (?:from (?=[\d\[])|logged |signed (?:in|out)|connected |authenticated|(?:s'est )?connecte|: )"
)
"""A login in a line of a journal: who came from where."""
_SESSION_WORDS = words_of("from logged signed connected authenticated connecte")
_DOING = words_of(
    "commit commits opened closed merged pushed committed authored assigned reassigned created modified"
    " updated reviewed uploaded edited approved reported signed logged changed deleted ouvert ouverte ferme"
    " fermee cre cree creee modifie modifiee valide validee assigne assignee attribue attribuee affecte"
    " affectee televerse televersee connecte connectee"
)
_STANDARD = words_of("http https host port localhost com1 lpt1 users windows program")
_WORD = re.compile(_WORDS)
_VALUE = re.compile(
    _WORDS + r"[\"']?\s?(?P<sign>[:=(«]|\b(?:est|is|was)\b)\s?[\"'«]?\s?"
    r"(?P<token>(?:live:)?[a-z0-9][\w.\-]{2,30})(?<![.\-])(?![\w@/])(?=(?P<after>[^\w]{0,2}))"
)
_QUOTED = re.compile(_WORDS + r"[^\n«\"'\d]{0,12}[«\"'] ?(?P<token>[a-z0-9][\w.\-]{2,30}) ?[»\"']")
_SHAPED = re.compile(
    r"(?<![\w.@/\\\-+#])(?:[a-z][a-z0-9]{0,20}(?:_[a-z0-9]{1,20}){1,3}|[a-z]{2,20}\d{1,4}"
    r"|[a-z]{1,15}\.(?!fr|com|net|org|eu|pdf|docx?|xlsx?|csv|txt|exe|html?)[a-z]{2,20}\d{0,4})"
    r"(?![\w@/\\]|[.\-]\w)"
)
_HOMES = re.compile(
    r"(?:/home/|(?<![a-z])(?:logged in as|connectee? en tant que|(?:password|session) for"
    r"|for user) (?!invalid )|/users/|\\users\\)([a-z][\w.\-]{2,30})(?<![.\-])"
)
_HOME_WORDS = ("home/", "users", "logged in as", "en tant que", " for ")
_NICK = re.compile(
    r"(?m)^(?:\[?\d\d?[:h]\d\d(?::\d\d)?\]? ?)?(?:<([A-Za-z][\w.\-]{2,25})>"
    r"|([a-z]{2,20}(?:[_.][a-z0-9]{1,15}|\d{1,4}) ?)(?=: ))"
)
_LOGIN = r"(?P<token>[a-z][a-z0-9_.\-]{2,30})(?<![.\-])"
_WITH = re.compile(
    r"(?<![a-z])(?:mots? de passe(?: oublie)?|password|mdp|reset|reinitialis\w+|connecte\w*|connexion|acces"
    r"|droits|access|session)(?: \w{2,10})? (?:de|pour|for|of|avec|with|as|sous|par|a|to)"
    rf"(?: l'utilisateur| user| le compte| compte| l'identifiant)? {_LOGIN}(?![\w@/])"
)
_CALLED = re.compile(
    r"(?<![a-z])(?:alias|aka|sous le nom de|vendeu(?:r|se)(?: (?:ebay|vinted|leboncoin))?|seller|gamertag|psn"
    r"|xbox(?: live)?|steam|snap|insta|ig|bluesky|twitch|vinted|assignee|reporter|auteur|author|committer"
    rf"|assigne a|user|users|utilisateurs|logins|comptes?)(?: est| is)?[ :«\"]{{1,3}}{_LOGIN}(?![\w@/])"
)
_LISTED = re.compile(r"(?:,| et| and|;) " + _LOGIN + r"(?![\w@/])")
_COMMAND = re.compile(
    r"(?<![a-z])(?:sudo: {1,4}|ssh (?:-l )?|su (?:- )?|chown (?:-r )?|uid=\d+\(|last login: "
    rf"|(?:author|committer): ){_LOGIN}(?=[@:)\s<])"
)
_COMMANDS = words_of("sudo ssh su chown uid login author committer")
_TAGGED = re.compile(
    r"<(?:user(?:_?name|_?id)?|login|identifiant|uid|pseudo|account(?:_?name)?)>\s?"
    rf"{_LOGIN}\s?</"
)
_CAMEL = re.compile(
    r"(?<![A-Za-z])(?:[Pp]seudo(?:nyme)?|[Hh]andle|[Nn]ickname|[Gg]amertag|PSN|[Ss]creen ?name)"
    r"(?: de| est| is)?"
    r"[ :«\"]{1,4}(?P<token>[A-Z](?=\w*(?:[a-z][A-Z]|\d|_))[\w.\-]{2,29})(?![\w@/])"
)
_TRIGGERS = words_of(
    "alias aka vendeur vendeuse seller gamertag psn xbox steam snap insta ig bluesky twitch vinted assignee"
    " reporter auteur author committer mdp passe reinitialiser connexion users utilisateurs logins sudo ssh"
    " su chown assigne "
    "login log logon logged user username userid utilisateur identifiant identifiants pseudo"
    " pseudos pseudonyme handle nick nickname screen compte comptes account alias uid session"
    " github gitlab twitter instagram telegram skype discord mastodon snapchat tiktok slack"
    " connecte connectee password profil profile"
)
_TOKEN = re.compile(r"(?<![\w@./\-])[a-z][a-z0-9._\-]{3,30}(?![\w@/])")
_LIKELY = re.compile(r"[a-z]\d|[a-z][._][a-z]|\([a-z.]{5,30}\)")
_DICTATED = re.compile(
    r"(?<![a-z])[a-z0-9]{2,20}(?: (?:underscore|tiret du bas|tiret bas|dash|dot|point) [a-z0-9]{1,20}){1,3}"
)
_LOG = re.compile(r"(?:^|\n)\S{3,45} \S{1,20} ([A-Za-z][\w.\-]{1,30}) \[\d\d/")
_NAME = r"[^\W\d_a-zà-ÿ][\w'\-]{1,40}"
_PAIR = re.compile(rf"(?<!\w)({_NAME}),? (?=({_NAME}))")
_LETTERS = re.compile("[a-z]{2}")
_INITIAL = re.compile(r"(?<![\w.@/\\\-])[a-z]\.[a-z]{4,20}\d{0,3}(?![\w@/(=.\-])")
_NO_LETTER = re.compile("[^a-z]")
_PLAIN = words_of(
    "admin administrator root system guest null none user login name password inconnu anonyme ok"
    " id obligatoire incorrect required unknown"
)
_FIELDS = words_of(
    "user_id id_user client_id order_id session_id tenant_id request_id v1 v2 v3 step1 step2"
)
_NO_LOGIN = words_of(
    "personne suivant suivants ci celui celle lui personnel unique actif active bloque bloquee verrouille"
    " verrouillee desactive supprime expire expired locked disabled required optional invalid unknown"
    " deleted created blocked blank empty case sensitive your their unavailable courant bancaire cible"
    " principal secondaire inexistant concerne connecte deconnecte final finale root admin standard"
    " anonymous anonyme inconnu inconnue manager managers holder holders number numbers balance details"
    " settings type types name names creation creations rendu epargne joint payable receivable"
)
_HEAD = re.compile(r"(?:.{0,12} )?" + _WORDS + r"(?: .{0,12})?")
_LONGEST_GAP = 60
_SHORT = 3
_MADE = re.compile(r"[a-z]\d|[a-z][._][a-z]")


def user_names(reading: Reading) -> Iterable[Candidate]:
    """Handles with @, values that a word or a column announces, and logins made of a name of the text."""
    low = reading.low
    if "@" in low:
        for found in _HANDLE.finditer(reading.text):
            if found.group()[1:].lower() not in _NO_HANDLE:
                yield _user(found.start(), found.end(), 0.85, "handle.1")
    if "/" in low:
        yield from _profiles(low)
    if "\\" in reading.text or "#" in low:
        yield from _joined(reading)
    for start, end, head in reading.cues.columns.cells():
        if _HEAD.fullmatch(head) and _is_name(low[start:end]):
            yield _user(start, end, 0.85, "user-column.1")
    if not reading.words.isdisjoint(_TRIGGERS):
        yield from _named(reading)
    for found in _INITIAL.finditer(reading.text):
        yield _user(found.start(), found.end(), 0.72, "user-initial.1")
    yield from _in_place(reading)
    yield from _derived(reading)


def _profiles(low: str) -> Iterator[Candidate]:
    for found in _PROFILE.finditer(low):
        if found.group("name") in _NO_PROFILE or (found.group("code") and found.group("more")):
            continue
        yield _user(*found.span("name"), 0.9, "profile.1")


def _joined(reading: Reading) -> Iterator[Candidate]:
    """A user of a domain of Windows; a name with the number that tells it from others."""
    for found in _DOMAIN_USER.finditer(reading.text):
        domain, _, name = found.group().lower().partition("\\")
        told = reading.words.isdisjoint(_TRIGGERS) and not domain.isupper()
        if domain not in _STANDARD and not (told and found.group()[0].islower() and name in _PLAIN):
            upper = found.group().partition("\\")[0].isupper()
            if upper or not reading.words.isdisjoint(_TRIGGERS):
                yield _user(*found.span(), 0.86, "domain-user.1")
    if not reading.words.isdisjoint(_TRIGGERS):
        for found in _DISCORD.finditer(reading.text):
            yield _user(*found.span(), 0.86, "user-numbered.1")


def _in_place(reading: Reading) -> Iterator[Candidate]:
    """Names where logs, paths and chats put them."""
    text, low = reading.text, reading.low
    for found in _LOG.finditer(text) if "[" in text else ():
        yield _user(*found.span(1), 0.85, "log-user.1")
    for found in _HOMES.finditer(low) if any(word in low for word in _HOME_WORDS) else ():
        yield _user(*found.span(1), 0.85, "user-home.1")
    sessions = " : " in low or not reading.words.isdisjoint(_SESSION_WORDS)
    for found in _SESSION.finditer(low) if sessions else ():
        if _is_login(text, *found.span("token")):
            yield _user(*found.span("token"), 0.82, "session-user.1")
    for found in _DONE_BY.finditer(low) if not reading.words.isdisjoint(_DOING) else ():
        begins, ends = found.span("token")
        plain = not _of_surname(low[begins:ends])
        if _is_login(text, begins, ends, marked=plain):
            yield _user(begins, ends, 0.78, "user-doing.1")
    for found in _NICK.finditer(text) if ":" in text or "<" in text else ():
        group = found.lastindex or 1
        name = found.group(group).strip()
        if name in _FIELDS or f"</{name}>" in text or all(map(_is_word, name.split("_"))):
            continue
        start = found.start(group)
        yield _user(start, start + len(found.group(group).rstrip()), 0.75, "user-nick.1")


def _named(reading: Reading) -> Iterator[Candidate]:
    low = reading.low
    for found in _VALUE.finditer(low):
        if _is_value(reading, found):
            yield _user(*found.span("token"), 0.85, "user-named.1")
    for found in _STRONG.finditer(low):
        weak = not found.group("said") and (
            found.group().startswith(_WEAK) or not _CLAUSE_ENDS.match(low, found.end())
        )
        if _is_login(reading.text, *found.span("token"), marked=weak):
            yield _user(*found.span("token"), 0.8, "user-said.1")
    yield from _nearby(reading)
    yield from _acting(reading)


def _acting(reading: Reading) -> Iterator[Candidate]:
    """Logins of people who do something on a system, where what is written has the look of one."""
    text, low = reading.text, reading.low
    for pattern in (_WITH, _CALLED):
        for found in pattern.finditer(low):
            while found and _looks_made(text, *found.span("token")):
                yield _user(*found.span("token"), 0.78, "user-acting.1")
                found = _LISTED.match(low, found.end("token"))  # noqa: PLW2901  the next of a list
    for found in _CAMEL.finditer(text):
        yield _user(*found.span("token"), 0.78, "user-said.1")
    for found in _TAGGED.finditer(low):
        yield _user(*found.span("token"), 0.85, "user-tagged.1")
    if not reading.words.isdisjoint(_COMMANDS):
        for found in _COMMAND.finditer(low):
            if _is_login(text, *found.span("token")):
                yield _user(*found.span("token"), 0.8, "user-command.1")


def _looks_made(text: str, start: int, end: int) -> bool:
    """Whether a token is no word: with a digit, a dot or an underscore, or an initial and a surname."""
    token = text[start:end]
    if not (token.islower() and token.isascii() and _is_name(token)):
        return False
    return bool(_MADE.search(token)) or (len(token) > _SHORT and _of_surname(token))


def _nearby(reading: Reading) -> Iterator[Candidate]:
    """Quoted names, and what has the shape of one, a little after a word that announces them."""
    low = reading.low
    for found in _QUOTED.finditer(low):
        if found.group("token") not in _PLAIN:
            yield _user(*found.span("token"), 0.8, "user-quoted.1")
    for word in _WORD.finditer(low):
        end = min(len(low), word.end() + _LONGEST_GAP)
        if low[word.end() : word.end() + 1] in ",;|\t":
            continue
        for pattern in (_SHAPED, _DICTATED):
            found = pattern.search(low, word.end(), end)
            if found and not found.group().startswith("etc."):
                yield _user(found.start(), found.end(), 0.8, "user-shaped.1")


def _is_value(reading: Reading, found: re.Match[str]) -> bool:
    """Whether a token after a sign is a name, and no word of a sentence as after "Utilisateur :"."""
    token, sign, after = found.group("token"), found.group("sign"), found.group("after")
    if not _is_name(token) or (token.replace("-", "").isalpha() and _is_word(token)):
        return False
    if sign == "=" or not token.isalpha():
        return sign in ":=(«" or any(map(str.isdigit, token)) or "_" in token
    written = reading.text[found.start("token") : found.end("token")]
    ends = not after or after[0] in "\n;\"'»)|]}" or (after[0] in ",." and sign == ":")
    capitals = written.isupper() and len(written) > _SHORT and _of_surname(token)
    small = written.islower() or capitals
    return sign not in ("is", "est", "was") and small and ends


def _is_login(text: str, start: int, end: int, *, marked: bool = False) -> bool:
    """Whether a token in the middle of a sentence is a login: not a word, nor a name with a capital.

    Args:
        text: as `Reading.text`.
        start: where the token begins.
        end: where it ends.
        marked: only one with a digit, a dot or an underscore is.
    """
    token = text[start:end]
    if not (token.islower() and token.isascii() and _is_name(token)):
        return False
    mark = not token.replace("-", "").isalpha()
    if marked or text[end : end + 1] in ("'", "-"):
        return mark
    return mark or not (_is_word(token) or token.endswith(_INFLECTED))


def _of_surname(token: str) -> bool:
    """Whether a token is an initial and a surname: `hchen`."""
    return bool(known_of(token[1:]) & Known.FAMILY) and not _is_word(token)


def _is_word(token: str) -> bool:
    """Whether texts use a token as a word, or it is made of such."""
    parts = [folded(part) for part in token.split("-")]
    return any(known_of(part) & Known.WORD or part in _NO_LOGIN for part in parts if part)


def _is_name(token: str) -> bool:
    """Whether a token may name an account: no number of a record, no word for the lack of one."""
    if token in _PLAIN or " " in token or _SITE.search(token):
        return False
    return bool(_LETTERS.search(token))


def _derived(reading: Reading) -> Iterator[Candidate]:
    """Logins such as `cdufour2` or `claire.dufour` in a text that names Claire Dufour."""
    announced = not reading.words.isdisjoint(_TRIGGERS)
    if not announced and not _LIKELY.search(reading.text):
        return
    logins = dict(_logins(reading, announced=announced))
    if not logins:
        return
    for found in _TOKEN.finditer(reading.text):
        token = found.group().rstrip(".-_")
        bare = re.sub(r"[._\-]|\d{1,4}$", "", token)
        if bare in logins and (bare != token or logins[bare]):
            yield _user(found.start(), found.start() + len(token), 0.8, "user-derived.1")


def _logins(reading: Reading, *, announced: bool) -> Iterator[tuple[str, bool]]:
    """Logins that a name gives, and whether one tells by itself, without digits or marks."""
    low = reading.low
    for found in _PAIR.finditer(reading.text):
        one = _NO_LETTER.sub("", low[found.start(1) : found.end(1)])
        other = _NO_LETTER.sub("", low[found.start(2) : found.end(2)])
        for first, second in ((one, other), (other, one)):
            if len(second) > 3 and first:
                yield first + second, False
                yield second + first[0], announced
                yield first[:2] + second, announced
                yield second + first[:2], announced
                yield first[0] + second, True


def _user(start: int, end: int, score: float, rule: str) -> Candidate:
    return Candidate(start, end, Label.USERNAME_OR_HANDLE, score, rule)

"""Words that say what the value after them is: "IBAN :", "née le", the head of a table's column."""

import re
from dataclasses import dataclass
from enum import StrEnum

from centaure.guardrails.personal_data.columns import Columns

REACH = 70
"""How many characters before a value are looked at."""


class Kind(StrEnum):
    """What a word announces; besides kinds of personal data, what is none of it."""

    PHONE = "PHONE"
    CARD = "CARD"
    IBAN = "IBAN"
    ACCOUNT = "ACCOUNT"
    SIREN = "SIREN"
    SIRET = "SIRET"
    VAT = "VAT"
    NIR = "NIR"
    IDENTITY = "IDENTITY"
    PLATE = "PLATE"
    IP = "IP"
    USER = "USER"
    VERSION = "VERSION"
    REFERENCE = "REFERENCE"


_WORDS: dict[Kind, str] = {
    Kind.PHONE: r"tel(?:eph(?:one|oner)?|s)?|telefono?|telefon(?:nummer)?|handy"
    r"|movil|phones?|telephones?|telephonique"
    r"|portables?|mob(?:ile)?s?"
    r"|cell(?:ulaire|phone)?|gsm|natel|fax|telecopie|standard|joindre|joignable|appel(?:er|ez|le|ant|s)?"
    r"|rappel(?:er|ez|le)?|contact(?:er|ez)?|call(?:s|ed|er|ing)?|ring|dial|reach(?:ed|able)?|sms"
    r"|whatsapp|ligne directe|hotline|helpline|numero vert|tel_\w+",
    Kind.CARD: r"cartes?(?! (?:de )?(?:fidelite|membre|cadeau|transport|sim|mere|grise|vitale|d'"
    r"|jeune))(?: bancaires?| de (?:credit|paiement|debit)| bleue| visa| mastercard)?|cb"
    r"|(?<!loyalty )(?<!gift )(?<!member )(?<!membership )(?<!library )(?:credit |debit |payment "
    r"|bank )?cards?|visa|mastercard|amex|american express|pan",
    Kind.IBAN: r"iban",
    Kind.ACCOUNT: r"rib|comptes?(?: bancaires?| courant)?|(?:bank )?account(?: number| no)?|acct|a/c"
    r"|sort ?code|routing(?: number)?|aba",
    Kind.SIRET: r"sirets?",
    Kind.SIREN: r"sirens?|rcs(?: [a-z' -]{2,25})?|immatricule[es]? au registre",
    Kind.VAT: r"tva(?: intracom\w*)?|vat|btw|mwst|ust-?id(?:nr)?|uid"
    r"|numero d'entreprise|bce|kbo|ondernemingsnummer|partita iva|p\.? ?iva|nif|cif",
    Kind.NIR: r"nir|n ?° ?s ?s|no? ss|securite sociale|secu|(?:numero|n°|no) d'assuree?(?: sociale?)?"
    r"|assuree? sociale?|carte vitale|ins|nia"
    r"|inscription au repertoire|immatriculation securite"
    r"|numero d'immatriculation (?:a la|de) securite|social security|nss",
    Kind.IDENTITY: r"passe ?ports?|pass ?ports?|cni|cin|permis(?: de conduire)?|titre de sejour"
    r"|carte (?:nationale )?d'identite|carte d'?identite|cartes? de (?:resident|sejour)"
    r"|piece d'identite|numero (?:d')?etrangere?|n° etranger|recepisse"
    r"|(?:driving|driver'?s?) ?licen[cs]e|licen[cs]e (?:no|number)|residence (?:card|permit)"
    r"|identity (?:card|document)|id (?:card|document|no|number)|id doc|national id(?:entity)?"
    r"|national insurance(?: no| number)?|ni (?:no|number)|nino|ssn|registre national|niss|avs|ahv"
    r"|documents?|dni|nie|titulaire du permis|visa no",
    Kind.PLATE: r"immat(?:riculation|riculee?)?s?|plaques?(?: [a-z]+)?|vehicules?|voitures?|camionnette"
    r"|registration|registered|reg(?: no)?|(?:licen[cs]e|number) plates?|plates?|index|vehicles?"
    r"|cars?|matricula|targa"
    r"|van|vrm|kennzeichen|camions?|fourgons?|utilitaire|motos?|scooters?|remorque|poids lourd"
    r"|trucks?|lorry|lorries|motor(?:bike|cycle)s?|trailer|parked|stationnee?|garee?|minibus|taxis?|renault"
    r"|peugeot|citroen|dacia|toyota|volkswagen|vw|golf|bmw|audi|mercedes|ford|fiat|opel|nissan|hyundai|kia"
    r"|tesla|skoda|seat|volvo|honda|yamaha|vauxhall|transit|kangoo|clio|megane|twingo|berlingo|trafic",
    Kind.IP: r"ips?|ip_?addr(?:ess)?|adresses? ip|ipv4|ipv6|serveurs?|servers?|hosts?|hote|noeud"
    r"|passerelle|gateway|subnet|reseau|client_ip|source_ip|vpn|ping|ssh|whitelist|firewall|pare-feu",
    Kind.USER: r"login|logins|user(?:name|_?id)?|utilisateur|identifiant|pseudo(?:nyme)?|handle"
    r"|nom d'utilisateur|compte utilisateur|screen ?name|uid=|nickname|github|gitlab|twitter"
    r"|instagram|telegram|skype|discord|mastodon|linkedin|snapchat|tiktok",
    Kind.VERSION: r"versions?|ver|v|firmware|build|agent(?! ?:)|pilote|driver|schemas?|schema_?version"
    r"|revision|rev|indice|release|client(?! ?:)|outil|logiciel|appli|app|patch|correctif|interface"
    r"|section|article"
    r"|art|chapitre|paragraphe|annexe|kernel|micrologiciel|codes?|ledger|supplier",
    Kind.REFERENCE: r"fidelite|loyalty|membership|imei|factures?|invoices?|commandes?|orders?"
    r"|ref(?:erences?)?|series?|serials?|serie"
    r"|dossiers?|contrats?|contracts?|lots?|batch|tickets?|numero de (?:serie|suivi|colis|commande)"
    r"|sn|matricules?|payroll|badges?|case|claims?|policy|police|sinistres?|rum|mandat|devis|quote"
    r"|bon de commande|purchase order|po|autorisation|opposition|avis|procedure|rg|rpps|adeli"
    r"|finess|numero (?:client|fiscal)|client n°|(?:numero|n°|no|num|code|ref)\.? (?:de )?client(?:e"
    r"|s)?|allocataire|adherente?|dsn|mandate"
    r"|cpv|cas|onu|codes? (?:postal|ape|naf|article|produit)|article|tracking|parcel|colis|courriers?"
    r"|recommandes?|ean|isbn|issn|siege social capital|capital|montant|amount|total|prix|price|rna"
    r"|registered no|company (?:no|number)|charity|scheme|frais|salaire|effectif|marche|rejetes?"
    r"|import|ancien format|rma|id",
}
_CUE = re.compile(
    rf"(?<![a-z])(?:{'|'.join(f'(?P<{kind.name}>{words})' for kind, words in _WORDS.items())})(?![a-z])"
)
_FALSE = re.compile(
    r"inval|erron|faux|fausse|incorrect|wrong|exemple|example|xxx|ficti|refus|luhn|rejet|typo"
    r"|mistyp|test|bidon|dummy|sample"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """The nearest word that announces a value.

    Attributes:
        kind: what it announces.
        gap: characters between it and the value, 0 in the column that it heads.
    """

    kind: Kind
    gap: int


class Cues:
    """What announces the values of one text."""

    def __init__(self, low: str) -> None:
        """Of a text in lower case without accents."""
        self._low = low
        self._columns = Columns(low)
        self._found: dict[int, tuple[Cue, ...]] = {}

    def before(self, start: int) -> tuple[Cue, ...]:
        """The cues before a value, the nearest first, or those in the head of its column."""
        if start not in self._found:
            head = self._columns.head(start)
            if head:
                found = [(match, 0) for match in _CUE.finditer(head)]
            else:
                window = self._low[max(0, start - REACH) : start]
                found = [(match, len(window) - match.end()) for match in _CUE.finditer(window)]
            self._found[start] = tuple(
                Cue(Kind[match.lastgroup], gap)
                for match, gap in reversed(found)
                if match.lastgroup is not None
            )
        return self._found[start]

    def nearest(self, start: int, within: int = REACH) -> Kind | None:
        """What the nearest cue before a value announces."""
        cues = self.before(start)
        return cues[0].kind if cues and cues[0].gap <= within else None

    def says(self, start: int, kind: Kind, within: int = REACH) -> bool:
        """Whether a cue of a kind stands before a value, whatever stands between."""
        return any(cue.kind is kind and cue.gap <= within for cue in self.before(start))

    def doubted(self, start: int, end: int) -> bool:
        """Whether the text around calls the value wrong, or an example."""
        return bool(_FALSE.search(self._low[max(0, start - REACH) : end + REACH]))

    @property
    def columns(self) -> Columns:
        """The tables of the text."""
        return self._columns

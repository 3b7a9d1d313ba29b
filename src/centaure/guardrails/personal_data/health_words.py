"""What tells that a text speaks of a person's health: verbs, states, labels, and what speaks against it."""

import re

from centaure.guardrails.personal_data.reading import words_of

CLAUSE = re.compile(
    r"[.;:!?\n()|\"]|, |,(?=[^ ])| (?:et|and|mais|but) (?=(?:il|elle|he|she|i|que|that) )"
)
_VERBS = (
    r"(?:(?:ne |n'|m'|s'|me |se |lui )?(?:est|suis|etes|etait|etais|sera|a|ai|avez|avait|avais|aura|ont"
    r"|souffr(?:e|ait|ant|ent)|suit|suivait|fait|faisait|prend|prenait|presente|attend|subi[ts]?|subira"
    r"|developpe|traverse|traine|garde|recoit|combat|porte|utilise|dort|vit|remet|sort|revient|vient"
    r"|releve|reste|continue|doit|peine|vomit|consulte|prendra|repart|suivra|sortait|sortira|entame"
    r"|is|am|are|was|were|has|have|had|suffer(?:s|ed|ing)?|takes?|taking|took"
    r"|uses?|needs?|needed|undergo(?:es|ing)?|underwent|developed|contracted|caught|recover(?:s|ed|ing)"
    r"|broke|injured|sprained|hurt|twisted|tested|lost|await(?:s|ing)|receiv(?:es|ed|ing)|carries"
    r"|lives|wears|got|fell|fights?|became|becomes|remains|requires?|s'est casse|s'est blesse|m'est"
    r"|devient|devenu|beneficiait|beneficie|percoit|percevait|touche|boit|buvait|fume|consomme|attrape"
    r"|faisait|attendait|dispose|s'est|se (?:remet|soigne|remettait|relevait)|m'a prescrit|lui a prescrit"
    r"|suivra|ressent|vivait|portait|reprend|decede|est decedee?|sees|saw|drinks|smokes|attends|struggles"
    r"|struggled|relies|came down|feels|felt|survived|died|fractured|dislocated|tore|slipped"
    r"|gave|battles|battled|went|expects|expecting|manages|evoque|evoquait|signale|mentionne|declare"
    r"|invoque|reports|reported|mentions|mentioned|complains|complained|se plaint|se plaignait|se bat"
    r"|se battait|lutte|combattait|self-harmed|overdosed|collapsed|fainted))"
)
TOPIC = re.compile(
    r"(?<![a-z])(?:responsable|specialistes?|formations?|plans?|prevention|recherches?|etudes?|ateliers?"
    r"|campagnes?|associations?|conference|colloque|articles?|livre|publie|these|memoire|projets?|lutte"
    r"|journee|semaine|sensibilis\w*|guide|service|departement|centre|budget|assurance|mutuelle|contrat"
    r"|research|awareness|campaigns?|leads?|department|ward|unit|specialists?|study|studies|training|course"
    r"|conference|book|paper|article|charity|fundraising|expert|insurance|policy|module|reunion|meeting"
    r"|presentation|webinaire|webinar|referente?|soigne des|patients|taux d'absenteisme|publication|vaccin\w*"
    r"|depistage|screening|fonds|laboratoire|laboratory|start-?up|association|fondation|foundation"
    r"|pandemi\w+|epidemi\w+|crise (?:sanitaire|epidemique)"
    r"|journal|revue|professo?r|professeure?|university|journal|revue|professo?r|professeure?"
    r"|university|dossiers? d[eu]|decision|demande de|rente|prime|date de"
    r"|a lieu|surgeon|chirurgien|tribunal|confinement|loi)(?![a-z])"
)
"""What one is busy with who speaks of health by trade."""
CARED = re.compile(
    r"(?<![a-z])(?:suivie?|hospitalisee?|operee?|traitee?|soignee?|admise?|treated|admitted|seen|en arret"
    r"|prise? en charge|diagnostiquee?|diagnosed|souffr\w+|suffer\w*)(?![a-z])"
)
_ONE = r"(?:il|elle|je|he|she|i|qui|who)"
_RELATIVE = (
    r"(?:mon|ma|son|sa|notre|votre|leur|my|his|her|our|your|their) (?:[a-z]+ )?(?:mari|femme|epouse?"
    r"|conjointe?|compagn(?:on|e)|fils|fille|enfant|mere|pere|frere|soeur|neveu|niece|grand-mere"
    r"|grand-pere|collegue"
    r"|husband|wife|partner|son|daughter|child|mother|father|mum|dad|brother|sister|nephew|colleague|boss"
    r"|manager|assistante?|voisine?|neighbour|spouse|responsable"
    r"|medecin|psychiatre|generaliste|doctor|therapist|gp|patiente?|salariee?|cliente?|eleve|etudiante?"
    r"|locataire|stagiaire|apprentie?|employee?|tenant|student|pupil|tante|oncle|aunt|uncle|cousine?|copine?"
    r"|copain|friend|amie?|ex|bebe|baby|grandmother|grandfather|parents)"
)
STATED = re.compile(
    rf"(?<![a-z'])(?:(?P<one>(?:[a-z]{{0,6}}qu')?{_ONE}|j')|(?P<near>{_RELATIVE})"
    rf"|(?P<you>(?:que|that|because|since|as|car) (?:vous|you))"
    rf"|(?P<name>[a-z'\-]+\.?))(?:(?<=j')| )(?P<said>{_VERBS})(?![a-z])"
)
JOINED = re.compile(rf" (?:et|and(?! a )) (?P<said>{_VERBS})(?![a-z])")
COMMON = re.compile(
    r"(?<![a-z])(?:assurances?|risque|universelle|branche|caisse|arrets?|conges?|personnes?|adultes"
    r"|travailleurs"
    r"|enfants|salaries|people|workers|meme|grand|(?:l')?assurance)[ \-]?$"
)
STATE = re.compile(
    r"(?<![a-z'])(?:atteinte?s? d[eu']|souffrant d[eu']|suffering from|diagnosed with|porteu(?:r|se) d[eu']"
    r"|opere?e? d[eu']|hospitalisee? pour|en arret (?:maladie |de travail )?(?:pour|depuis)"
    r"|off (?:sick|work) with"
    r"|en remission d|suivie? pour|traitee? pour|treated for|recovering from|(?:due to|because of"
    r"|owing to) (?:his|her|a|an)"
    r"|pour cause d|en raison d'?e?(?: son| sa| ses| une?)?|a cause de (?:son|sa|ses)"
    r"|(?:a la )?suite (?:a|d')"
    r"(?: un| une| son| sa)?|apres (?:son|sa|une?)|absente? pour|absent with|signed off with|allergic to"
    r"|allergique a|living with|under treatment for|sous traitement|operation d|victime d|remise? d"
    r"|waiting for|following (?:a|an|her|his))"
)
AFTER_NAME = re.compile(rf"\s*(?P<said>{_VERBS})(?![a-z])")
HIS = re.compile(
    r"(?<![a-z])(?:mon|ma|mes|son|sa|ses|votre|vos|my|his|her|your)(?: [a-z'\-]+){0,2} $"
)
ANSWER = re.compile(
    r"(?<![a-z])(?:oui|yes|motif(?: (?:note|medical|de l'(?:arret|absence)))?|diagnos[a-z]+|absences?"
    r"|arret|pathologies?|antecedents?"
    r"|allergies?|traitements?(?: en cours| actuels?| habituels?| medica\w+)?|treatments?|conditions?"
    r"|maladies?|handicaps?|symptom\w*|affections?|health"
    r"|medical (?:history|condition|notes?)|etat de sante|observations? medicales?|reason(?: for absence)?"
    r"|besoins particuliers|disability|medication)\"?\s?[:=]\s?\"?(?:[^\n.;:|]{0,60})$"
)
TOLD = re.compile(
    r"(?<![a-z])(?:(?P<sure>allergies?(?: alimentaires?| connues?)?|groupe sanguin|blood (?:type|group)"
    r"|antecedents? (?:medica\w+|chirurgica\w+|familiaux)|medical (?:history|conditions?)"
    r"|(?:current )?medications?"
    r"|known allergies|pathologies?|handicaps?|disabilit(?:y|ies)|traitements? medica\w+|etat de sante"
    r"|motif medical|health (?:conditions?|issues?)|probleme(?:s)? de sante)"
    r"|(?P<likely>diagnos[a-z]+|traitements?(?: en cours| actuels?| habituels?)?|treatments?|prescriptions?"
    r"|antecedents?|symptomes?|symptoms?|maladies?|conditions?|motif de (?:l'arret|consultation"
    r"|l'hospitalisation)))"
    r"[\"']? ?[:=][ \n]?[\[\"' ]{0,4}(?P<value>[^\n.;|\"\]{}]{3,90})"
)
CARE = words_of(
    "patient patiente medecin docteur dr medical medicale hopital clinique doctor physician clinic gp"
    " hospital infirmier infirmiere ordonnance consultation invalidite incapacite nurse surgery chirurgien"
    " psychiatre kine pharmacie posologie mg"
)
NOTHING = re.compile(
    r"(?:neant|aucune?s?|none|non|no|n/?a|nil|rien|ras|r\.a\.s|nkda|a (?:completer|preciser"
    r"|renseigner)|oui|yes"
    r"|null|true|false|inconnue?s?|unknown|to be|see|voir|cf|si |if |en cas|the|les|l'|le |la |il faut|selon"
    r"|[\[<_\-x. /]+|vous|your|votre|liste|precisez|please)(?![a-z])"
)
ASIDE = re.compile(
    r"(?P<name>[A-ZÀ-ÖØ-Þ][\w'\-]+)(?: \([^()\n]{1,40}\))?, (?:(?:reconnue?|atteinte?|porteu(?:r|se)"
    r"|souffrant"
    r"|also|a|who is|qui est|est|en|sous|d'|de|du|comme|registered|severely|partially|now|desormais"
    r"|aujourd'hui)[ ]?){0,3}$"
)
MINE = re.compile(r"(?<![a-z])(mon|ma|mes|my) (?:[a-z'\-]+ ){0,2}$")
PROFESSION = re.compile(
    r"[a-z]*(?:logues?|logists?|iatres?|iatrists?|therapeutes?|therapists?|opathes?|dontistes?|phonistes?)"
)
SEES = re.compile(
    r"(?<![a-z])(?:suivie?|consult\w*|voit|vois|vu|rendez-vous|rdv|prise? en charge|adressee?|sees|seeing|saw"
    r"|seen|appointment|referred|hospitalisee?|chez)(?![a-z])"
)
YOUR = re.compile(r"(?<![a-z])(?:votre|vos|your|vous|you)(?![a-z])")
TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mme|Mlle|M\.|Monsieur|Madame|Dear) ?(?:(?:de |le |du )?[A-ZÀ-ÖØ-Þ][\w'\-]+|la )"
)
SENTENCE_ENDS = re.compile(r"[.!?\n]")
ARTICLE = re.compile(r"(?<![a-z])(?:l[ea]s?|l'|un|une|the|an?|ce|cette|notre|our|nos|vos) ?$")
NAME_BEFORE = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w\-']*\.?(?: \([^()\n]{1,40}\)|, (?:[^,\n]{1,40}, )?)$"
    r"|\((?:Mr?|Mrs|Ms|Mme|Mlle|Dr)\.? [^()\n]{1,40}\)$"
)
FIELDS = words_of(
    "allergie allergies groupe blood antecedents medical medication medications known pathologie pathologies"
    " handicap handicaps disability disabilities traitement traitements etat motif health probleme problemes"
    " diagnostic diagnosis diagnostics diagnose treatment treatments prescription prescriptions symptome"
    " symptomes symptom symptoms maladie maladies condition conditions"
)
ASIDE_ENDS = re.compile(r"[a-z ]{0,25}(?:[,.)\n;]|$)")
WHOSE = re.compile(
    r"(?<![\w'])(?:(?P<title>Mr|Mrs|Ms|Dr|Miss)\.? )?(?P<name>[A-ZÀ-ÖØ-Þ][\w\-]+)'s? (?:[a-z\-]+ ){0,2}$"
)
NO_OWNER = words_of(
    "alzheimer parkinson crohn hodgkin women men children people world today company patient hashimoto graves"
    " down huntington raynaud france britain england europe everyone"
)
OF_WHOM = re.compile(
    r"[a-z ,'\-]{0,25}? (?:de |d'|of |du |chez |for |pour )"
    r"(?=(?:M|Mr|Mrs|Ms|Mme|Mlle|Dr)\.? [A-ZÀ-ÖØ-Þ]|(?:Monsieur|Madame) |(?P<name>[A-ZÀ-ÖØ-Þ][\w'\-]+))"
)
ABSENT = re.compile(
    r"(?<![a-z])(?<!les )(?<!des )(?:arret|absen(?:te?|ce)|off (?:sick|work)|sick leave|hospitalis\w+"
    r"|conge maladie|arrete)(?![a-z])"
    r"[^.\n;]{0,70}(?:pour|cause|motif|for|due to|because of|with|:|suite a|en raison d[e'])"
    r" ?(?:une?|le|la|l'|des|sa|son|un|a|an|the|her|his)? ?$"
)
HEALTH_OF = re.compile(
    r"(?:etat de sante|diagnostic|diagnosis|condition) (?:de|of|du|d') ?[^.;\n]{2,40}\([^()\n]{0,60}$"
)
HEAD = re.compile(
    r".*(?<![a-z])(?:motif|absences?|causes?|raisons?|reason|diagnos\w+|pathologie|needs|besoins"
    r"|condition|health|sante"
    r"|maladie|allergies?"
    r"|traitement|treatment|medical|handicap|disability|observations?|remarques?|notes?)(?![a-z]).*"
)
GENERAL = re.compile(
    r"(?<![a-z])(?:si|s'il|s'ils|lorsqu\w*|quand|if|when|whether|en cas|should|peut|pourrait|may"
    r"|could|anyone"
    r"|toute personne|any|toutes? [a-z]+|etes-vous|avez-vous|chaque|every|une personne|un salarie"
    r"|le salarie|l'enfant|la personne)(?![a-z])"
)
PERSON = re.compile(
    r"(?:\b(?:M|Mr|Mrs|Ms|Mme|Mlle|Dr|Me|Pr)\.? |\b(?:Monsieur|Madame|Mademoiselle|docteur|Doctor|Maître) )"
    r"(?:[Dd]e |[Ll]e |[Dd]u )?[A-ZÀ-ÖØ-Þ]"
    r"|(?P<first>\b[A-ZÀ-ÖØ-Þ][\w\-']+)(?P<second> (?:[Dd]e |[Ll]e |[Dd]u |[Bb]en )?[A-ZÀ-ÖØ-Þ][\w\-']+)?"
)
NO_NAMES = words_of(
    "cela ceci ca tout rien chacun chacune aucun aucune personne ce on nul tous toutes certains"
    " beaucoup plusieurs it this that there everyone everybody anyone nobody somebody staff people"
    " what which work absence stress patients employees workers pregnancy diabetes asthma cancer"
    " surgery treatment sickness illness depression they we vous you ils elles nous les des"
    " children women men half most many some all none both each grossesse maladie traitement"
    " diabete sport tabac alcool"
)
SELF = ("je", "j'", "i")
PRONOUNS = words_of(
    "il elle je j he she i qui who mon ma son sa my his her notre our que that vous you"
)


STOP = re.compile(
    r"[.;:!?\n()|\",]"
    rf"| (?:et|and(?! a )) (?:{_ONE} )?(?={_VERBS}(?![a-z]))"
    r"| (?=(?:et|and) (?:passe|va|vit|travaille|reprend|goes|works|propose|demande|n'a|ne |should"
    r"|can|will|was|asks|wants|may)(?![a-z]))"
    r"| (?=(?:depuis |since |du )?(?:(?:le|on) )?\d{1,2}(?:er)? "
    r"(?:jan|fev|feb|mar|avr|apr|mai|may|jui|jun|jul|aou|aug|sep|oct|nov|dec))"
)

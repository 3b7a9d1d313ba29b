"""Words that say the same, and words that say the opposite, in French and English.

General vocabulary, written for this project. It stands beside the words of work in `answering.lexicon`.
"""

from functools import lru_cache

from centaure.answering.lexicon import related_stems
from centaure.knowledge.language import fold, stem

_SAME = """
debuter commencer demarrer entamer lancer ouvrir debut
finir terminer achever cloturer prendre-fin expirer fin cesser
envoyer transmettre adresser communiquer expedier remettre deposer soumettre fournir
recevoir obtenir percevoir toucher beneficier
donner accorder attribuer octroyer allouer fournir offrir
verser payer regler virer versement paiement
utiliser employer recourir servir usage emploi utilisation
demander solliciter reclamer requerir demande
repondre reponse
informer prevenir avertir aviser notifier signaler alerter
choisir selectionner opter designer nommer choix
creer etablir fonder instaurer mettre-en-place constituer
faire effectuer realiser accomplir executer proceder
montrer indiquer preciser mentionner stipuler prevoir enoncer
garder conserver stocker maintenir
supprimer effacer detruire eliminer retirer
changer modifier remplacer substituer
augmenter accroitre hausser croitre progresser relever hausse augmentation
diminuer baisser reduire decroitre reculer baisse diminution reduction
acheter acquerir achat acquisition
vendre ceder vente cession
aider assister accompagner soutenir aide assistance
proteger securiser preserver protection
verifier controler examiner inspecter verification controle
valider approuver accepter autoriser confirmer accord approbation validation autorisation
refuser rejeter decliner refus rejet
calculer determiner evaluer estimer mesurer
comprendre inclure contenir comporter compter englober integrer
concerner viser toucher porter s'appliquer appliquer
permettre autoriser possible
necessiter exiger imposer demander requerir
habiter resider domicile residence loger
travailler exercer oeuvrer travail emploi poste
mensuel mois mensuellement
annuel an annee annuellement
hebdomadaire semaine
quotidien jour journalier
trimestriel trimestre
date jour
delai duree periode
maximum plafond limite maximal plus
minimum plancher minimal moins
montant somme valeur
cout prix tarif frais depense
salarie employe collaborateur personnel agent travailleur
entreprise societe firme compagnie organisation employeur etablissement
directeur dirigeant patron chef responsable
client usager consommateur acheteur
personne individu
enfant mineur
document dossier piece fichier formulaire
lettre courrier courriel message mail
site lieu endroit emplacement
bureau agence locaux
rapport compte-rendu bilan
regle norme reglement consigne
reunion rencontre seance assemblee
equipe service departement groupe
accident sinistre incident
panne defaillance dysfonctionnement
domicile maison
voiture vehicule auto
ecrit ecrire rediger
gratuit gratuitement sans-frais
immediat immediatement aussitot sans-delai
rapide rapidement vite
important majeur essentiel principal
nouveau neuf recent
ancien precedent anterieur
total ensemble global
identique meme pareil
obligatoire impose requis tenu devoir
annuler resilier rompre revoquer resiliation annulation rupture
renouveler reconduire prolonger renouvellement reconduction prolongation
nommer designer
quitter partir depart
sieger siege base situe installe
diriger gerer piloter superviser encadrer
construire batir construction
produire fabriquer generer production
publier paraitre diffuser publication
begin start commence launch open
end finish conclude terminate expire close
send submit forward transmit provide deliver mail
receive get obtain earn
give grant award provide offer
pay settle disburse reimburse refund payment
use employ utilise utilize apply usage
ask request apply require
inform notify tell alert report warn
choose select pick opt appoint
create establish found set build
do perform carry execute complete conduct
show indicate state specify mention display reveal
keep retain store preserve hold maintain
delete erase remove destroy
change modify alter amend replace
increase rise grow raise climb
decrease fall drop decline reduce lower cut
buy purchase acquire
sell
help assist support aid
protect secure safeguard
check verify inspect review examine
approve accept authorise authorize validate confirm approval agreement consent
refuse reject decline deny
compute calculate determine assess evaluate
include contain comprise cover
concern apply affect involve
live reside dwell
work job employment
month monthly
year yearly annual annually
week weekly
day daily
quarter quarterly
maximum limit ceiling cap
minimum least floor
amount sum value
cost price fee charge expense
employee staff worker personnel member colleague
company firm business corporation organisation organization employer
manager supervisor head leader boss director chief
client customer consumer
person individual people
child kid children minor
document file form paper
letter mail email message
place location site
office premises
report account
rule policy regulation guideline
meeting session gathering
team department group unit
accident incident
failure outage fault breakdown
home house
car vehicle
written writing write
free gratis
immediate immediately promptly straightaway instantly
quick quickly fast rapid
important major key essential main
new recent
old former previous
total overall whole
same identical
mandatory required compulsory obligatory
cancel terminate revoke rescind
renew extend renewal extension
leave depart quit
based headquartered located
lead manage run oversee head
win victory beat defeat
die death dead killed kill
arrest detain arrested
say tell claim admit announce state
show reveal
movie film
doctor physician
police officer
student pupil
"""
_OPPOSITE = """
augmenter diminuer
augmentation diminution
augmenter reduire
augmentation reduction
hausse baisse
hausser baisser
accroitre reduire
avant apres
debut fin
debuter finir
commencer terminer
ouvrir fermer
ouvert ferme
ouverture fermeture
accepter refuser
accepte refuse
accord refus
inclus exclu
inclure exclure
compris exclu
obligatoire facultatif
autorise interdit
autorisation interdiction
interne externe
gratuit payant
superieur inferieur
maximum minimum
maximal minimal
plafond plancher
entree sortie
entrant sortant
achat vente
acheter vendre
credit debit
gain perte
benefice perte
actif passif
public prive
individuel collectif
temporaire permanent
temporaire definitif
provisoire definitif
direct indirect
partiel total
complet partiel
complet incomplet
present absent
fixe variable
ancien nouveau
premier dernier
court long
haut bas
fort faible
grand petit
plus moins
national international
physique virtuel
manuel automatique
papier electronique
oral ecrit
majeur mineur
possible impossible
valide invalide
legal illegal
favorable defavorable
egal inegal
nord sud
est ouest
jour nuit
matin soir
locataire proprietaire
locataire bailleur
employeur salarie
vendeur acheteur
fournisseur client
embaucher licencier
activer desactiver
ajouter supprimer
monter descendre
montant descendant
succes echec
reussir echouer
gagner perdre
pair impair
simple double
charge decharge
brut net
suspendre reprendre
annuler confirmer
annuler maintenir
conserver supprimer
garder detruire
increase decrease
increase reduce
rise fall
raise lower
grow shrink
before after
begin end
start end
start finish
open close
opened closed
accept refuse
accept reject
approve reject
include exclude
included excluded
mandatory optional
required optional
compulsory optional
voluntary compulsory
allowed forbidden
permitted prohibited
allow forbid
internal external
free paid
above below
over under
more less
more fewer
maximum minimum
entry exit
arrival departure
purchase sale
buy sell
credit debit
gain loss
profit loss
public private
individual collective
temporary permanent
direct indirect
partial full
complete partial
complete incomplete
present absent
fixed variable
old new
first last
early late
short long
high low
strong weak
large small
big small
national international
physical virtual
manual automatic
paper electronic
oral written
possible impossible
valid invalid
legal illegal
north south
east west
day night
morning evening
tenant landlord
employer employee
seller buyer
supplier customer
hire dismiss
enable disable
add remove
success failure
succeed fail
win lose
won lost
gross net
suspend resume
cancel confirm
keep delete
inside outside
indoor outdoor
upper lower
domestic foreign
local remote
always never
with without
male female
husband wife
son daughter
brother sister
father mother
"""


@lru_cache(maxsize=3)
def groups(language: str) -> dict[str, frozenset[str]]:
    """For each stem, the stems of words that may stand for it."""
    table: dict[str, set[str]] = {}
    for line in _SAME.strip().splitlines():
        stems = {stem(fold(word), language) for word in line.split() if "-" not in word}
        for each in stems:
            table.setdefault(each, set()).update(stems)
    return {each: frozenset(stems - {each}) for each, stems in table.items()}


@lru_cache(maxsize=3)
def pairs(language: str) -> dict[str, frozenset[str]]:
    """For each stem, the stems of words that say the opposite."""
    table: dict[str, set[str]] = {}
    for line in _OPPOSITE.strip().splitlines():
        one, other = (stem(fold(word), language) for word in line.split())
        if one != other:
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
    return {each: frozenset(stems) for each, stems in table.items()}


@lru_cache(maxsize=1 << 15)
def same(stemmed: str, word: str, language: str) -> frozenset[str]:
    """The stems, in the source's `language`, of words that may stand for one."""
    return (groups(language).get(stemmed, frozenset()) | related_stems(word, language)) - opposite(
        stemmed, language
    )


def opposite(stemmed: str, language: str) -> frozenset[str]:
    """The stems of words that say the opposite."""
    return pairs(language).get(stemmed, frozenset())

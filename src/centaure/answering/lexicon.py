"""Words that an organisation's people use for one another, in French and English.

General vocabulary of work, written for this project; not a translation dictionary. A question that says
"vacances" is answered by a passage that says "congés", and "remote work" finds "télétravail". Each line
is a group; several words written together ("mot de passe") count by their telling words.
"""

from collections import defaultdict
from functools import lru_cache

from centaure.knowledge.language import fold, stem

_GROUPS = """
congé congés vacances leave holiday holidays vacation
télétravail distance remote telework teleworking telecommuting homeworking
salaire rémunération paie paye salary pay wage wages compensation payroll
prime primes bonus gratification
embauche embaucher recrutement recruter hiring hire recruitment recruit
démission démissionner quitter départ resign resignation leaver
licenciement licencier renvoi dismissal termination layoff
salarié salariée employé employée collaborateur collaboratrice personnel employee employees staff worker
stagiaire stagiaires stage intern interns internship trainee
apprenti apprentissage alternant alternance apprentice apprenticeship
manager responsable supérieur encadrant chef hiérarchique supervisor boss
formation former training course
réunion meeting
maladie malade arrêt sick sickness illness
absence absent absences
retraite pension retirement
maternité paternité parental naissance maternity paternity birth
mutuelle complémentaire santé health insurance
ordinateur pc portable poste laptop computer
téléphone mobile smartphone phone
passe password passwords passphrase
courriel mail mails email e-mail messagerie courriels
sauvegarde sauvegardes backup backups
panne incident dysfonctionnement outage failure breakdown
accès accéder access
imprimante impression imprimer printer print
logiciel application software
réseau network wifi
sécurité sûreté security safety
chiffrement chiffrer chiffré encryption encrypt encrypted
hameçonnage phishing
facture factures facturation facturer invoice invoices invoicing billing
paiement payer règlement payment pay paid
remboursement rembourser remboursé indemnisation refund reimbursement reimburse reimbursed
frais dépense dépenses expense expenses
prix tarif coût coûter price cost fee
montant somme amount sum
plafond limite maximum maximal ceiling limit cap
minimum minimal plancher floor
délai échéance deadline term
durée period duration length long
préavis notice
achat achats acheter commande commander purchase purchases order procurement buy
fournisseur fournisseurs prestataire sous-traitant supplier suppliers vendor contractor
client clients clientèle customer customers
contrat contrats accord convention contract contracts agreement
résiliation résilier rupture rompre terminate cancel cancellation
signature signer signataire sign signed signatory
confidentialité confidentiel secret confidentiality confidential nda
garantie garantir warranty guarantee
livraison livrer délivrer delivery deliver shipping
stock stocks inventaire entrepôt inventory warehouse
produit produits article product products item
remise rabais réduction ristourne discount rebate
pénalité pénalités amende sanction penalty fine
retard tardif late delay
chiffre revenu revenus ventes revenue revenues turnover sales
bénéfice résultat profit income earnings
budget enveloppe
impôt taxe fiscal tax
hôtel hébergement nuitée nuit logement accommodation hotel lodging
repas déjeuner dîner restaurant restauration meal lunch dinner
voiture véhicule automobile car vehicle
kilométrique kilomètre mileage
train ferroviaire rail sncf
avion vol aérien flight plane air
déplacement voyage mission trip travel journey business
bureau bureaux locaux site office offices premises
horaire horaires heures schedule hours
ouverture ouvrir ouvert opening open opens
fermeture fermer fermé closing closure close closed
début commencer démarrer débuter commencement start begin begins
fin terminer finir expiration end expire expiry ends
date jour day
annuel an année annual year yearly
mensuel mois monthly month
hebdomadaire semaine weekly week
trimestre trimestriel quarter quarterly
autoriser autorisation approbation approuver valider validation permission approve approval authorise
refuser refus rejeter refuse reject denial
obligatoire obligation requis mandatory required compulsory
interdit interdiction prohibé forbidden prohibited ban banned
demande demander requête request apply application
procédure processus démarche étapes procedure process steps
règle règlement politique charte rule rules policy regulation
document pièce justificatif documents receipt proof
données donnée data
personnel personnelles personal
supprimer effacer suppression détruire destruction delete erase deletion
conserver conservation archiver archivage retain retention keep archive
modifier changer modification changement change modify update
augmenter augmentation hausse increase raise rise
diminuer diminution baisse réduire decrease reduce reduction
déclarer déclaration signaler signalement report notify
contacter joindre contact reach
responsable chargé référent pilote owner
directeur directrice direction dirigeant patron director ceo head
équipe service département team department
accident blessure accident injury
incendie feu évacuation fire evacuation
nettoyer nettoyage clean cleaning
réparer réparation dépannage repair fix
maintenance entretien
vérifier vérification contrôle contrôler inspection check verify
tester essai test trial
objectif but cible goal target objective
risque danger risk hazard
réclamation plainte litige complaint claim dispute
compétence compétences skill skills
entretien évaluation appraisal review interview
ancienneté seniority
enfant enfants child children
mariage pacs marriage wedding
décès mort deuil death bereavement
handicap handicapé disability disabled
parking stationnement parking
cantine cafétéria canteen
badge carte card
clé clés key keys
visiteur visiteurs visitor visitors
"""


@lru_cache(maxsize=3)
def _table(language: str) -> dict[str, frozenset[str]]:
    """For each folded word, the stems in `language` of the words of its groups."""
    related: defaultdict[str, set[str]] = defaultdict(set)
    for group in _GROUPS.strip().splitlines():
        words = [fold(word) for word in group.split()]
        stems = {stem(word, language) for word in words}
        for word in words:
            for reading in ("fr", "en", "simple"):
                related[stem(word, reading)] |= stems
    return {word: frozenset(stems) for word, stems in related.items()}


def related_stems(word: str, language: str) -> frozenset[str]:
    """The stems, in `language`, of words that can stand for `word`; its own may be among them."""
    table = _table(language)
    found: frozenset[str] = frozenset()
    for reading in ("fr", "en"):
        found |= table.get(stem(word, reading), frozenset())
    return found

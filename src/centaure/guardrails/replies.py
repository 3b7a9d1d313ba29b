"""What somebody is told instead of an answer."""

from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import Action, Verdict

_REPLIES = {
    Action.REPLY: {
        "en": "I cannot help with this request.",
        "fr": "Je ne peux pas donner suite à cette demande.",
    },
    Action.ASK: {
        "en": "I am not sure that I understand. Can you say in other words what you need?",
        "fr": "Je ne suis pas sûr de comprendre. Pouvez-vous dire autrement ce dont vous avez besoin ?",
    },
    Action.HAND_OVER: {
        "en": "A person should answer this. Please ask whoever looks after this assistant.",
        "fr": "C'est à une personne d'y répondre. Adressez-vous à qui s'occupe de cet assistant.",
    },
    Action.MODERATE: {
        "en": "A person has to read this first. Their decision will be shown to you.",
        "fr": "Une personne doit d'abord relire ceci. Sa décision vous sera montrée.",
    },
}
_HAND_OVER_TO = {
    "en": "A person should answer this: {contact}.",
    "fr": "C'est à une personne d'y répondre : {contact}.",
}
_AGAIN = {
    "en": "Your answer was not shown: a check found this in it: {found}. "
    "Answer the same request once more, without it.",
    "fr": "Votre réponse n'a pas été montrée : un contrôle y a trouvé ceci : {found}. "
    "Répondez encore une fois à la même demande, sans cela.",
}
_TOO_LONG = {
    "en": "This text is too long: at most {longest} characters are read. Send a part of it.",
    "fr": "Ce texte est trop long : {longest} caractères au plus sont lus. Envoyez-en une partie.",
}
_TOO_LONG_TOGETHER = {
    "en": "This conversation is too long: at most {longest} characters are read. Begin a new one.",
    "fr": "Cette conversation est trop longue : {longest} caractères au plus sont lus. "
    "Commencez-en une autre.",
}
_QUEUE_FULL = {
    "en": "A person would have to read this first, and {most} of your requests wait for that already. Ask "
    "again once some are decided on.",
    "fr": "Une personne devrait d'abord relire ceci, et {most} de vos demandes l'attendent déjà. Redemandez "
    "quand certaines auront reçu une décision.",
}


def reply(verdict: Verdict, policy: Policy, language: str) -> str:
    """The words for a verdict that lets nothing pass.

    Args:
        verdict: what the checks came to.
        policy: its own reply goes before ours, except where the reason helps the person.
        language: "fr" or "en"; empty, or one without words: English.
    """
    labels = {finding.label for finding in verdict.findings if finding.check == "length"}
    if "TOO_LONG_TOGETHER" in labels:
        return _in(_TOO_LONG_TOGETHER, language).format(longest=policy.longest_together)
    if labels:
        return _in(_TOO_LONG, language).format(longest=policy.longest)
    contact = policy.hand_over_to if verdict.action is Action.HAND_OVER else ""
    if own := own_reply(policy, language):
        return f"{own} {contact}".strip()
    if contact:
        return _in(_HAND_OVER_TO, language).format(contact=contact)
    return _in(_REPLIES.get(verdict.action, _REPLIES[Action.REPLY]), language)


def queue_full(most: int, language: str) -> str:
    """The words where so much of a person waits that no more is held back; reply in a language as `reply`."""
    return _in(_QUEUE_FULL, language).format(most=most)


def own_reply(policy: Policy, language: str) -> str:
    """The words that a policy has for every such case; empty: none."""
    return policy.replies.get(language) or policy.replies.get("") or ""


def rewriting(verdict: Verdict, language: str) -> str:
    """What a model is told that is to answer once more: what was found, in the words of the checks."""
    found = dict.fromkeys(f"{one.check} ({one.label})" for one in verdict.findings)
    return _in(_AGAIN, language).format(found=", ".join(found))


def _in(words: dict[str, str], language: str) -> str:
    return words.get(language) or words["en"]

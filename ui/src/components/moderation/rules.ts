import type { HeldStage } from "@/api/types";

const FIRST_WORDS = {
  override: "override",
  persona: "persona",
  extraction: "extraction",
  secrets: "secrets",
  authority: "authority",
  others: "others",
  rights: "rights",
  tools: "tools",
  turns: "turns",
  exfiltration: "exfiltration",
  model: "attack",
  chain: "chain",
  domain: "domain",
  length: "length",
  link: "links",
  image: "links",
  bare_link: "links",
  active_content: "links",
  "commitment-price": "price",
  "commitment-refund": "refund",
  "commitment-contract": "contract",
  "commitment-date": "date",
  "commitment-legal": "legal",
  "commitment-medical": "medical",
  "commitment-employment": "employment",
  "commitment-promise": "promise",
  insult: "insult",
  slur: "insult",
  profanity: "insult",
  hate: "insult",
  "unknown-tool": "tool",
} as const;

export type Found = (typeof FIRST_WORDS)[keyof typeof FIRST_WORDS] | "planted" | "secret" | "personal";

const SECRET =
  /^(?:secret|password$|(?:private|cloud|model|payment|storage)-key$|(?:code-host|chat|signed)-token$|address-password$)/;
const PERSONAL =
  /^(?:name|iban|card|nir|sire[nt]|vat|phone|email|ip-v|plate|health|handle|user-|log-user|account-|address-|paper-|rib$|date-of-birth$)/;

/**
 * What the rules of a check found, each once: a name for which there are words, or a rule as it is called where
 * there are none, such as one of a check that an installation added.
 */
export function found(rules: readonly string[], stage: HeldStage): { known: Found[]; others: string[] } {
  const known = new Set<Found>();
  const others = new Set<string>();
  for (const rule of rules) {
    const name = rule.replace(/\.\d+$/, "");
    const words = kindOf(name, stage);
    if (words === null) others.add(name);
    else known.add(words);
  }
  // A model's word on a text adds nothing to rules that say what it is.
  if (known.size > 1) known.delete("attack");
  return { known: [...known], others: [...others] };
}

function kindOf(name: string, stage: HeldStage): Found | null {
  const first = name.split(".")[0] ?? name;
  if (stage === "document" && first !== "length") return "planted";
  if (SECRET.test(first) && first !== "secrets") return "secret";
  if (first in FIRST_WORDS) return FIRST_WORDS[first as keyof typeof FIRST_WORDS];
  return PERSONAL.test(first) ? "personal" : null;
}

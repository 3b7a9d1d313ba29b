/**
 * What somebody was typing, kept for the life of the tab: it is theirs alone, and no word of a document. Another
 * person who signs in finds none of it.
 */
const PLACE = "centaure.drafts";

interface Drafts {
  owner: string;
  texts: Record<string, string>;
}

function read(): Drafts {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(PLACE) ?? "");
    if (typeof found === "object" && found !== null && "owner" in found && "texts" in found) {
      return found as Drafts;
    }
  } catch {
    // Storage may be closed, or hold what somebody else wrote.
  }
  return { owner: "", texts: {} };
}

function write(drafts: Drafts): void {
  try {
    if (Object.keys(drafts.texts).length === 0 && drafts.owner === "") sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, JSON.stringify(drafts));
  } catch {
    // The draft then lasts as long as the page.
  }
}

/** Drops the drafts of anybody else. */
export function keepDraftsOf(owner: string): void {
  if (read().owner !== owner) write({ owner, texts: {} });
}

export const forgetDrafts = (): void => write({ owner: "", texts: {} });

export const readDraft = (name: string): string => read().texts[name] ?? "";

export function writeDraft(name: string, text: string): void {
  const { owner, texts } = read();
  const { [name]: _, ...others } = texts;
  write({ owner, texts: text === "" ? others : { ...others, [name]: text } });
}

/** What opens beside a page: a document, at a passage; kept in the address, save for the quoted text. */
export interface Opening {
  document?: number | undefined;
  passage?: number | undefined;
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The sentence to mark in the passage: content, hence not in an address that servers would log. */
    quote?: string;
  }
}

const wholeNumber = (value: unknown): number | undefined => {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
};

export function readOpening(search: Record<string, unknown>): Opening {
  const document = wholeNumber(search.document);
  return document === undefined ? {} : { document, passage: wholeNumber(search.passage) };
}

const VARIABLE = /\{\{[ \t]{0,9}([\p{L}_][\p{L}\p{N}_]{0,49})[ \t]{0,9}\}\}/gu;

/** The names of the variables of a template, in the order in which they first come; as the server reads them. */
export const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name)),
];

/** Tags as they are typed: words with commas between them. */
export const tagsOf = (typed: string): string[] => [
  ...new Set(
    typed
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

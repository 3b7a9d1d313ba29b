import type { Sentence } from "@/api/answers/events";

export interface Paragraph {
  /** Place of its first sentence in the answer. */
  at: number;
  sentences: Sentence[];
  citations: number[];
}

/** Sentences in a row: a blank between two, or the line breaks that the first ends with. */
export const joined = (sentences: readonly Pick<Sentence, "text">[]): string =>
  sentences.reduce(
    (said, { text }) => (said === "" || said.endsWith("\n") ? said + text : `${said} ${text}`),
    "",
  );

/** Sentences that rest on the same passages are one paragraph, with its citations once, at its end. */
export function paragraphs(sentences: readonly Sentence[]): Paragraph[] {
  const found: Paragraph[] = [];
  for (const [at, sentence] of sentences.entries()) {
    const last = found.at(-1);
    if (last && last.citations.join() === sentence.citations.join()) last.sentences.push(sentence);
    else found.push({ at, sentences: [sentence], citations: sentence.citations });
  }
  return found;
}

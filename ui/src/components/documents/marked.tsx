import { segments } from "@/shared/highlights";

/** Words of a document with the parts that matter marked; always text, never markup. */
export function Marked({ text, highlights }: { text: string; highlights: readonly (readonly number[])[] }) {
  return segments(text, highlights).map((part) =>
    part.marked ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
  );
}

export interface Segment {
  text: string;
  marked: boolean;
  /** Offset in the whole text, which makes a stable key. */
  at: number;
}

/**
 * Cuts a text at its highlights. The API counts in Unicode code points, as Python does; JavaScript counts in
 * UTF-16 units, so that one emoji would shift every later mark.
 */
export function segments(text: string, highlights: readonly (readonly number[])[]): Segment[] {
  const points = Array.from(text);
  const parts: Segment[] = [];
  let at = 0;
  const push = (from: number, to: number, marked: boolean) => {
    if (to > from) parts.push({ text: points.slice(from, to).join(""), marked, at: from });
  };
  const ordered = [...highlights].sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
  for (const [first = 0, last = 0] of ordered) {
    const start = Math.min(Math.max(first, at), points.length);
    const end = Math.min(Math.max(last, start), points.length);
    push(at, start, false);
    push(start, end, true);
    at = end;
  }
  push(at, points.length, false);
  return parts;
}

/** The window of a long text where most highlights stand, cut between words. */
export function excerpt(
  text: string,
  highlights: readonly (readonly number[])[],
  length = 380,
): { text: string; highlights: [number, number][]; cutBefore: boolean; cutAfter: boolean } {
  const points = Array.from(text);
  const marks = highlights.map(([start = 0, end = 0]): [number, number] => [start, end]);
  if (points.length <= length * 1.25) return { text, highlights: marks, cutBefore: false, cutAfter: false };
  let best = 0;
  let most = -1;
  for (const [start] of marks) {
    const from = Math.max(0, start - Math.floor(length / 6));
    const inside = marks.filter(([first, last]) => first >= from && last <= from + length).length;
    if (inside > most) [best, most] = [from, inside];
  }
  let from = Math.min(best, points.length - length);
  let to = from + length;
  // Better from the beginning of its line or sentence, where that is near.
  for (let place = from; place > 0 && from - place < length / 4; place -= 1) {
    if (points[place - 1] === "\n" || (points[place - 1] === " " && /[.!?]/.test(points[place - 2] ?? ""))) {
      from = place;
      break;
    }
  }
  const isSpace = (point: string | undefined) => point === undefined || /\s/.test(point);
  while (from > 0 && !isSpace(points[from - 1])) from -= 1;
  while (to < points.length && !isSpace(points[to])) to += 1;
  return {
    text: points.slice(from, to).join(""),
    highlights: marks
      .filter(([first, last]) => first >= from && last <= to)
      .map(([first, last]) => [first - from, last - from]),
    cutBefore: from > 0,
    cutAfter: to < points.length,
  };
}

/** The sentence where most highlights stand, for a page to show first; null in a table or without highlights. */
export function keySentence(
  text: string,
  highlights: readonly (readonly number[])[],
  language: string,
): string | null {
  const points = Array.from(text);
  const marks = highlights.map(([start = 0]) => points.slice(0, start).join("").length);
  let best: string | null = null;
  let most = 0;
  let at = 0;
  const cutter = new Intl.Segmenter(language === "simple" ? "en" : language, { granularity: "sentence" });
  for (const line of text.split("\n")) {
    if (!line.includes(" | ")) {
      for (const { segment, index } of cutter.segment(line)) {
        const from = at + index;
        const inside = marks.filter((mark) => mark >= from && mark < from + segment.length).length;
        if (inside > most) [best, most] = [segment.trim(), inside];
      }
    }
    at += line.length + 1;
  }
  return best;
}

/** Of the stretches that a text is made of, counted in code points, the one in which a quote begins. */
export function partAt<Part extends { start: number; end: number }>(
  text: string,
  parts: readonly Part[],
  quote: string | null,
): Part | undefined {
  const found = quote === null ? -1 : text.indexOf(quote);
  const at = Array.from(text.slice(0, Math.max(found, 0))).length;
  return found < 0 ? undefined : parts.find((part) => part.start <= at && at < part.end);
}

/** A stretch of a text with the highlights that fall into it, counted from its own beginning. */
export function within(
  text: string,
  highlights: readonly (readonly number[])[],
  [from, to]: readonly [number, number],
): { text: string; highlights: [number, number][] } {
  return {
    text: Array.from(text).slice(from, to).join(""),
    highlights: highlights
      .map(([start = 0, end = 0]): [number, number] => [
        Math.max(start, from) - from,
        Math.min(end, to) - from,
      ])
      .filter(([start, end]) => end > start),
  };
}

/** Where a quote stands in a passage, whatever the white space between its words. */
export function quoteRange(text: string, quote: string): [number, number] | null {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const found = new RegExp(pattern, "u").exec(text);
  if (found === null) return null;
  const start = Array.from(text.slice(0, found.index)).length;
  return [start, start + Array.from(found[0]).length];
}

/** A stretch of a text, as two offsets in code points. */
export type Stretch = readonly [from: number, to: number];

export type Block =
  | { kind: "text"; stretch: Stretch }
  | { kind: "table"; headerRows: number; rows: Stretch[][] };

/**
 * Reads the text of a passage back into what it was: prose, and tables written as rows of cells between " | ",
 * the header closed by a line of dashes.
 */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let at = 0;
  let rows: { cells: Stretch[]; dashes: boolean }[] = [];
  let started = 0;
  let prose: [number, number] | null = null;

  const closeProse = () => {
    if (prose !== null && prose[1] > prose[0]) found.push({ kind: "text", stretch: prose });
    prose = null;
  };
  const closeTable = (end: number) => {
    if (rows.length >= 2) {
      closeProse();
      const dashes = rows.findIndex((row) => row.dashes);
      const kept = rows.filter((row) => !row.dashes).map((row) => row.cells);
      found.push({ kind: "table", headerRows: Math.max(dashes, 0), rows: kept });
    } else if (rows.length === 1) {
      prose = [prose?.[0] ?? started, end];
    }
    rows = [];
  };

  for (const line of text.split("\n")) {
    const points = Array.from(line);
    const cells = cellsOf(points, at);
    if (cells.length > 1) {
      if (rows.length === 0) started = at;
      rows.push({ cells, dashes: /^[\s|]*-+[\s|-]*$/.test(line) });
    } else {
      closeTable(at - 1);
      if (line.trim() !== "" || prose !== null) prose = [prose?.[0] ?? at, at + points.length];
    }
    at += points.length + 1;
  }
  closeTable(at - 1);
  closeProse();
  return found;
}

const isBlank = (point: string | undefined): boolean => point === undefined || /\s/.test(point);

function cellsOf(points: string[], offset: number): Stretch[] {
  const bars = points.flatMap((point, place) =>
    point === "|" && isBlank(points[place - 1]) && isBlank(points[place + 1]) ? [place] : [],
  );
  const edges = [-1, ...bars, points.length];
  return edges.slice(1).map((end, place): Stretch => {
    let from = (edges[place] ?? 0) + 1;
    let to = end;
    while (from < to && isBlank(points[from])) from += 1;
    while (to > from && isBlank(points[to - 1])) to -= 1;
    return [offset + from, offset + to];
  });
}

/**
 * The same text for a few lines in a list: bars become dots, lines of dashes and empty lines go. Every character
 * is replaced by one, so that offsets into the text stay true.
 */
export const flattened = (text: string): string =>
  text
    .replace(/\n[ \t]*-{3,}[ \t|-]*(?=\n|$)/g, blank)
    .replace(/(?:[ \t]*\|)+[ \t]*(?=\n|$)/g, blank)
    .replace(/(?<=\s)\|(?=\s)/g, "·")
    .replace(/\n(?:[ \t]*\n)+/g, (gap) => `\n${blank(gap.slice(1))}`);

const blank = (text: string): string => " ".repeat(text.length);

import type { ReactNode } from "react";
import { blocks, type Stretch } from "@/shared/blocks";
import { segments, within } from "@/shared/highlights";

type Highlights = readonly (readonly number[])[];

/** Words of a document with the parts that matter marked; always text, never markup. */
export function Marked({ text, highlights }: { text: string; highlights: Highlights }) {
  return segments(text, highlights).map((part) =>
    part.marked ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
  );
}

/** A whole passage: its prose as prose, its tables as tables. */
export function MarkedPassage({ text, highlights }: { text: string; highlights: Highlights }) {
  const words = (stretch: Stretch) => <Marked {...within(text, highlights, stretch)} />;
  return blocks(text).map((block) =>
    block.kind === "text" ? (
      <p key={block.stretch[0]} className="my-2 break-words whitespace-pre-line first:mt-0 last:mb-0">
        {words(block.stretch)}
      </p>
    ) : (
      <div key={block.rows[0]?.[0]?.[0]} className="my-3 overflow-x-auto first:mt-0 last:mb-0">
        <table className="w-full border-collapse font-sans text-sm leading-snug tabular-nums">
          <tbody>
            {block.rows.map((row, place) => (
              <Row key={row[0]?.[0]} cells={row} header={place < block.headerRows} words={words} />
            ))}
          </tbody>
        </table>
      </div>
    ),
  );
}

interface RowProps {
  cells: Stretch[];
  header: boolean;
  words: (stretch: Stretch) => ReactNode;
}

function Row({ cells, header, words }: RowProps) {
  const Cell = header ? "th" : "td";
  return (
    <tr className={header ? "font-semibold" : ""}>
      {cells.map((cell, place) => (
        <Cell
          // biome-ignore lint/suspicious/noArrayIndexKey: empty cells share their offset; columns never move.
          key={place}
          {...(header && { scope: "col" })}
          className="border border-line px-2 py-1.5 text-left align-top"
        >
          {words(cell)}
        </Cell>
      ))}
    </tr>
  );
}

import { FileSpreadsheet, ImageDown } from "lucide-react";
import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button";
import { type Bar, Chart } from "./chart";
import { type Cell, csvOf, saveCsv, savePng } from "./export";

interface Props {
  title: string;
  kind: "columns" | "bars";
  bars: Bar[];
  format: (value: number) => string;
  /** The table of the same figures, and more of them. */
  columns: string[];
  rows: { key: string; shown: string[] }[];
  /** What goes into a spreadsheet. */
  sheet: { columns: string[]; rows: Cell[][] };
  /** Of what is saved, without its ending. */
  file: string;
}

/** A chart with its table, both of which can be taken along. */
export function Figure({ title, kind, bars, format, columns, rows, sheet, file }: Props) {
  const { t, i18n } = useTranslation();
  const drawing = useRef<SVGSVGElement>(null);
  const id = useId();
  return (
    <figure aria-labelledby={id} className="rounded-2xl border bg-surface p-4 sm:p-5">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <figcaption id={id} className="font-medium">
          {title}
        </figcaption>
        <div className="flex gap-2">
          <Button size="small" onClick={() => drawing.current && void savePng(drawing.current, title, file)}>
            <ImageDown aria-hidden="true" />
            {t("usage.png")}
          </Button>
          <Button size="small" onClick={() => saveCsv(csvOf(sheet.columns, sheet.rows, i18n.language), file)}>
            <FileSpreadsheet aria-hidden="true" />
            {t("usage.csv")}
          </Button>
        </div>
      </div>
      <div className="grid gap-6 xl:grid-cols-2">
        <Chart kind={kind} label={title} bars={bars} format={format} drawing={drawing} />
        <section
          aria-label={t("usage.tableOf", { title })}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
          tabIndex={0}
          className="max-h-80 min-w-0 overflow-auto rounded-lg border"
        >
          <table className="w-full text-sm">
            <thead className="sticky top-0 bg-sunken text-left">
              <tr>
                {columns.map((column, place) => (
                  <th
                    key={column}
                    scope="col"
                    className={place === 0 ? "px-3 py-2 font-medium" : "px-3 py-2 text-right font-medium"}
                  >
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key} className="border-t">
                  {row.shown.map((text, place) =>
                    place === 0 ? (
                      <th key={columns[place]} scope="row" className="px-3 py-1.5 text-left font-normal">
                        {text}
                      </th>
                    ) : (
                      <td
                        key={columns[place]}
                        className="px-3 py-1.5 text-right whitespace-nowrap tabular-nums"
                      >
                        {text}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </figure>
  );
}

import { type Ref, useEffect, useRef, useState } from "react";
import { fitting, shown, ticks } from "./scale";

export interface Bar {
  label: string;
  /** In full, for who points at it. */
  told: string;
  /** From the lowest to the highest that it may be; the same where it is known. */
  low: number;
  high: number;
}

interface Props {
  /** Columns over time, or bars beside names. */
  kind: "columns" | "bars";
  /** What it shows, for who does not see it. */
  label: string;
  bars: Bar[];
  format: (value: number) => string;
  drawing: Ref<SVGSVGElement>;
}

const COLUMNS_HEIGHT = 240;
const ROW = 30;

/** A chart of amounts, as wide as its place; the table of the same figures stands beside it. */
export function Chart({ kind, label, bars, format, drawing }: Props) {
  const [width, place] = useWidth();
  const Drawn = kind === "columns" ? Columns : Bars;
  const height = kind === "columns" ? COLUMNS_HEIGHT : bars.length * ROW + 4;
  return (
    <div ref={place} className="w-full min-w-0">
      {width > 0 && (
        <svg ref={drawing} role="img" aria-label={label} width={width} height={height}>
          <Drawn bars={bars} width={width} format={format} />
        </svg>
      )}
    </div>
  );
}

interface DrawnProps {
  bars: Bar[];
  width: number;
  format: (value: number) => string;
}

function Columns({ bars, width, format }: DrawnProps) {
  const whole = bars.every((bar) => Number.isInteger(bar.high) && Number.isInteger(bar.low));
  const marks = ticks(Math.max(...bars.map((bar) => bar.high), 0), whole);
  const top = marks.at(-1) ?? 1;
  const left = Math.max(...marks.map((mark) => format(mark).length)) * 7 + 10;
  const bottom = COLUMNS_HEIGHT - 24;
  const y = (value: number) => bottom - (value / top) * (bottom - 12);
  const step = (width - left - 4) / Math.max(1, bars.length);
  const thick = Math.min(48, Math.max(2, step * 0.7));
  const written = shown(bars.length, Math.floor((width - left) / 64));
  return (
    <>
      {marks.map((mark) => (
        <g key={mark}>
          <line x1={left} x2={width} y1={y(mark)} y2={y(mark)} className="stroke-line" />
          <text x={left - 6} y={y(mark) + 4} textAnchor="end" className="fill-ink-soft text-xs">
            {format(mark)}
          </text>
        </g>
      ))}
      {bars.map((bar, place) => {
        const x = left + step * place + (step - thick) / 2;
        return (
          <g key={bar.label}>
            <title>{bar.told}</title>
            <rect x={left + step * place} y={0} width={step} height={bottom} fill="transparent" />
            <rect
              x={x}
              y={y(bar.high)}
              width={thick}
              height={y(bar.low) - y(bar.high)}
              className="fill-accent opacity-40"
            />
            <rect
              x={x}
              y={y(bar.low)}
              width={thick}
              height={Math.max(0, bottom - y(bar.low))}
              className="fill-accent"
            />
            {written(place) && (
              <text x={x + thick / 2} y={bottom + 17} textAnchor="middle" className="fill-ink-soft text-xs">
                {bar.label}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

function Bars({ bars, width, format }: DrawnProps) {
  const top = ticks(Math.max(...bars.map((bar) => bar.high), 0)).at(-1) ?? 1;
  const longest = Math.max(...bars.map((bar) => bar.label.length), 1) * 7.2 + 12;
  const left = Math.min(longest, width * 0.4);
  const right = Math.max(...bars.map((bar) => format(bar.high).length), 1) * 7.2 + 12;
  const x = (value: number) => (value / top) * Math.max(10, width - left - right);
  return (
    <>
      {bars.map((bar, place) => (
        <g key={bar.label}>
          <title>{bar.told}</title>
          <rect x={0} y={place * ROW} width={width} height={ROW} fill="transparent" />
          <text x={left - 8} y={place * ROW + 20} textAnchor="end" className="fill-ink text-[0.8125rem]">
            {fitting(bar.label, left - 8)}
          </text>
          <rect
            x={left + x(bar.low)}
            y={place * ROW + 6}
            width={x(bar.high) - x(bar.low)}
            height={18}
            className="fill-accent opacity-40"
          />
          <rect x={left} y={place * ROW + 6} width={x(bar.low)} height={18} className="fill-accent" />
          <text x={left + x(bar.high) + 6} y={place * ROW + 20} className="fill-ink-soft text-xs">
            {format(bar.high)}
          </text>
        </g>
      ))}
    </>
  );
}

/** How wide a place is, as it changes. */
function useWidth() {
  const [width, setWidth] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [width, place] as const;
}

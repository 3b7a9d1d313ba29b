import { useTranslation } from "react-i18next";
import type { ComparisonKind, Revealed } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { usePlayer } from "./player";

/** Who answered on a side, and what that took. */
export function Reveal({ kind, revealed }: { kind: ComparisonKind; revealed: Revealed }) {
  const { t } = useTranslation();
  const player = usePlayer();
  const figures = useFigures(revealed);
  const { model, words, fallback } = revealed;
  return (
    <div className="mb-5 animate-rise border-b pb-4">
      <p className="font-serif text-xl leading-snug font-medium break-words">
        {player(kind, revealed.player)}
      </p>
      {words && <p className="mt-1 text-sm break-words whitespace-pre-line text-ink-soft">{words}</p>}
      <p className="mt-1 text-sm break-words text-ink-soft">
        {model ? t("compare.writtenBy", { model }) : t("compare.quoted")}
        {fallback && kind !== "retrieval" && <> {t("compare.notCounted")}</>}
      </p>
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {figures.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

type Range = Revealed["co2e_g"];

function useFigures(revealed: Revealed): [string, string][] {
  const { t, i18n } = useTranslation();
  const { number, took } = useFormats();
  const { prompt_tokens, completion_tokens, tokens_counted, euros, duration_ms } = revealed;
  if (!revealed.model) return [];
  const unknown = t("compare.figures.unknown");
  const two = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 });
  const money = new Intl.NumberFormat(i18n.language, {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  const between = (range: Range, times: number, unit: string) =>
    range === null
      ? unknown
      : t("compare.figures.between", {
          low: two.format(range.low * times),
          high: two.format(range.high * times),
          unit,
        });
  const tokens =
    prompt_tokens === null || completion_tokens === null
      ? unknown
      : t(tokens_counted ? "compare.figures.tokensRead" : "compare.figures.tokensAbout", {
          read: number(prompt_tokens),
          written: number(completion_tokens),
        });
  return [
    [t("compare.figures.cost"), euros === null ? unknown : money.format(euros)],
    [t("compare.figures.tokens"), tokens],
    [t("compare.figures.carbon"), between(revealed.co2e_g, 1, "g")],
    [t("compare.figures.energy"), between(revealed.energy_kwh, 1000, "Wh")],
    [t("compare.figures.water"), between(revealed.water_l, 1000, "ml")],
    [t("compare.figures.time"), duration_ms === null ? unknown : took(duration_ms)],
  ];
}

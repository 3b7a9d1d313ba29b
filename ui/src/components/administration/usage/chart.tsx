import { useTranslation } from "react-i18next";
import type { Usage, UsagePart } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { Figure } from "../../charts/figure";
import { Notice } from "../../states/notice";
import { Pills } from "../../ui/pills";
import { useAmounts } from "./amounts";
import { amountOf, inOrder, MEASURES, type Measure } from "./parts";
import { SHEET, sheetRow } from "./sheet";

/** More bars than that cannot be told apart. */
const MOST_BARS = 20;
const PURPOSES = ["answer", "chat", "title", "summary", "understanding", "judge", "embedding"] as const;

interface Props {
  usage: Usage;
  measure: Measure;
  onMeasure: (measure: Measure) => void;
}

/** What was used, in parts: as a chart of one measure, and as a table of all of them. */
export function UsageChart({ usage, measure, onMeasure }: Props) {
  const { t } = useTranslation();
  const { amount, inUnit } = useAmounts();
  const nameOf = useNames(usage);
  if (usage.total.calls === 0 && usage.total.refused === 0 && usage.total.failed === 0) {
    return <Notice title={t("usage.none")}>{t("usage.noneAdvice")}</Notice>;
  }
  const parts = inOrder(usage.parts, usage.by, usage.since, usage.until, measure);
  const inTime = usage.by === "day" || usage.by === "month";
  const drawn = inTime ? parts : parts.slice(0, MOST_BARS);
  const unit = inUnit(measure, Math.max(...parts.map((part) => amountOf(part, measure).high), 0));
  const title = t("usage.titleOf", {
    measure: t(`usage.measures.${measure}`),
    by: t(`usage.parts.${usage.by}`).toLocaleLowerCase(),
  });
  const others = MEASURES.filter((each) => each !== measure);
  return (
    <div className="space-y-4">
      <Pills
        label={t("usage.measure")}
        value={measure}
        options={MEASURES.map((value) => ({ value, label: t(`usage.measures.${value}`) }))}
        onChoose={onMeasure}
      />
      <Figure
        title={title}
        kind={inTime ? "columns" : "bars"}
        bars={drawn.map((part) => {
          const { low, high } = amountOf(part, measure);
          const { short, long } = nameOf(part);
          return {
            label: short,
            told: `${long} · ${amount({ low, high }, measure)}`,
            low: unit.number(low),
            high: unit.number(high),
          };
        })}
        format={unit.written}
        columns={[
          t(`usage.parts.${usage.by}`),
          ...[measure, ...others].map((each) => t(`usage.measures.${each}`)),
        ]}
        rows={parts.map((part) => ({
          key: part.name,
          shown: [
            nameOf(part).long,
            ...[measure, ...others].map((each) => amount(amountOf(part, each), each)),
          ],
        }))}
        sheet={{
          columns: [t(`usage.parts.${usage.by}`), ...SHEET.map((name) => t(`usage.inFile.${name}`))],
          rows: parts.map(sheetRow),
        }}
        file={`centaure-${usage.by}-${usage.since.slice(0, 10)}`}
      />
    </div>
  );
}

/** How a part is called: in little room, and in full. */
function useNames({ by }: Usage) {
  const { t } = useTranslation();
  const { day, month, dayOfMonth } = useFormats();
  return ({ name }: UsagePart): { short: string; long: string } => {
    if (by === "day") return { short: dayOfMonth(name), long: day(name) };
    if (by === "month") return { short: month(name, "short"), long: month(name, "long") };
    if (name === "") return { short: t("usage.unnamed"), long: t("usage.unnamed") };
    const purpose = PURPOSES.find((each) => each === name);
    const shown = by === "purpose" && purpose ? t(`administration.routing.purposes.${purpose}`) : name;
    return { short: shown, long: shown };
  };
}

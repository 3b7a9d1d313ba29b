import { useTranslation } from "react-i18next";
import type { UsageTotal } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { useAmounts } from "./amounts";
import { amountOf, MEASURES } from "./parts";

/** The sums, and what is in none of them. */
export function Totals({ total }: { total: UsageTotal }) {
  const { t } = useTranslation();
  const { amount } = useAmounts();
  const { number } = useFormats();
  const remarks = [
    total.refused > 0 && t("usage.refused", { count: total.refused, number: number(total.refused) }),
    total.failed > 0 && t("usage.failed", { count: total.failed, number: number(total.failed) }),
    total.estimated > 0 && t("usage.estimated", { count: total.estimated, number: number(total.estimated) }),
    total.unpriced > 0 && t("usage.unpriced", { count: total.unpriced, number: number(total.unpriced) }),
    total.unmeasured > 0 &&
      t("usage.unmeasured", { count: total.unmeasured, number: number(total.unmeasured) }),
  ].filter(Boolean);
  return (
    <div>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-2xl border bg-line sm:grid-cols-3 xl:grid-cols-6">
        {MEASURES.map((measure) => (
          <div key={measure} className="bg-surface px-4 py-3">
            <dt className="text-sm text-ink-soft">{t(`usage.measures.${measure}`)}</dt>
            <dd className="mt-0.5 text-lg font-medium tabular-nums">
              {amount(amountOf({ ...total }, measure), measure)}
            </dd>
          </div>
        ))}
      </dl>
      {remarks.length > 0 && <p className="mt-2 text-sm text-ink-faint">{remarks.join(" · ")}</p>}
    </div>
  );
}

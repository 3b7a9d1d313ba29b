import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { footprintQuery } from "@/api/administration/usage";
import { useFormats } from "@/shared/formats";

const MONTHS = 12;
const KNOWN = ["train_km", "car_km", "bulb_hours", "water_glasses"] as const;

/** What a year of answers is like; nothing where nothing was estimated. */
export function Equivalents() {
  const { t } = useTranslation();
  const { significant } = useFormats();
  const footprint = useQuery(footprintQuery(MONTHS));
  if (!footprint.data || footprint.data.total.estimated === 0) return null;
  return (
    <section aria-labelledby="equivalents" className="mt-8">
      <h2 id="equivalents" className="font-serif text-2xl font-medium">
        {t("usage.own.like")}
      </h2>
      <p className="mt-1 mb-3 max-w-prose text-sm text-ink-soft">{t("usage.own.likeLead")}</p>
      <ul className="grid gap-3 sm:grid-cols-2">
        {footprint.data.equivalents.map(({ name, words, amount, source }) => {
          const known = KNOWN.find((each) => each === name);
          const range = `${significant(amount.low)}\u00a0– ${significant(amount.high)}`;
          return (
            <li key={name} title={source} className="rounded-xl border bg-surface px-4 py-3">
              <span className="font-medium tabular-nums">{range}</span>{" "}
              <span className="text-ink-soft">{known ? t(`usage.equivalents.${known}`) : words}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

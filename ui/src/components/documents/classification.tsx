import { useTranslation } from "react-i18next";
import type { Classification } from "@/api/types";
import { classes } from "@/shared/classes";

const LOOKS: Record<Classification, { level: number; look: string }> = {
  C0: { level: 0, look: "border-line bg-surface text-ink-soft" },
  C1: { level: 1, look: "border-info/25 bg-info-soft text-info" },
  C2: { level: 2, look: "border-warning/30 bg-warning-soft text-warning" },
  C3: { level: 3, look: "border-danger/30 bg-danger-soft text-danger" },
};

/** The class of a document: in words, and as bars that count even where colours do not show. */
export function ClassificationBadge({ value, className }: { value: Classification; className?: string }) {
  const { t } = useTranslation();
  const { level, look } = LOOKS[value];
  return (
    <span
      title={t("classification.title", { level: value })}
      className={classes(
        "inline-flex h-6 shrink-0 items-center gap-1.5 rounded-md border px-1.5 text-xs font-medium whitespace-nowrap",
        look,
        className,
      )}
    >
      <svg viewBox="0 0 11 10" className="h-2.5 w-[0.6875rem]" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4}
            y={7.5 - bar * 2.5}
            width="2.5"
            height={bar * 2.5 + 2.5}
            rx="0.75"
            fill="currentColor"
            opacity={bar <= level ? 1 : 0.25}
          />
        ))}
      </svg>
      <span className="font-semibold">{value}</span> <span>{t(`classification.${value}`)}</span>
    </span>
  );
}

import { useTranslation } from "react-i18next";
import { PLACES_OF_SHORTCUTS, SHORTCUTS } from "@/shared/shortcuts";

/** Keys that keyboards of each language write otherwise. */
const NAMED = ["Enter", "Shift", "Esc"] as const;
const isNamed = (key: string): key is (typeof NAMED)[number] => (NAMED as readonly string[]).includes(key);

/** Every shortcut, by where it works: the list that pages themselves listen by. */
export function Keys({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation("help");
  return (
    <div className={compact ? "space-y-5" : "max-w-xl space-y-6"}>
      <p className="text-ink-soft">
        {t("keys.lead")} {!compact && t("keys.open")}
      </p>
      {PLACES_OF_SHORTCUTS.map((place) => (
        <section key={place}>
          <h2 className="mb-1 text-sm font-semibold text-ink-faint">{t(`keys.places.${place}`)}</h2>
          <dl className="divide-y divide-line">
            {SHORTCUTS.filter(({ where }) => where === place).map(({ name, keys }) => (
              <div key={name} className="flex items-center justify-between gap-4 py-2">
                <dt>{t(`keys.what.${name}`)}</dt>
                <dd className="flex shrink-0 gap-1">
                  {keys.map((key) => (
                    <kbd
                      key={key}
                      className="grid h-7 min-w-7 place-items-center rounded-md border border-line-strong/60 bg-sunken px-1.5 font-sans text-sm font-medium"
                    >
                      {isNamed(key) ? t(`keys.names.${key}`) : key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

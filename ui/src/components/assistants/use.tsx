import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { assistantUseQuery } from "@/api/assistants/queries";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Section } from "./parts";

const COUNTS = ["answers", "unanswered", "useful", "useless", "people"] as const;

/** How often an assistant answered, month by month, and what its readers said of that: counts, and no words. */
export function Use({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const { number } = useFormats();
  const use = useQuery(assistantUseQuery(id));
  const month = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric", timeZone: "UTC" });
  return (
    <Section title={t("assistants.usage")}>
      {use.isPending && <Waiting lines={2} />}
      {use.isError && <ProblemNotice error={use.error} onRetry={() => void use.refetch()} />}
      {use.data?.length === 0 && <p className="text-ink-soft">{t("assistants.unused")}</p>}
      {use.data && use.data.length > 0 && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than a phone is scrolled with keys.
          tabIndex={0}
          aria-label={t("assistants.usage")}
          className="overflow-x-auto rounded-2xl border bg-surface"
        >
          <table className="w-full text-left text-[0.9375rem]">
            <thead className="border-b text-sm text-ink-soft">
              <tr>
                {(["month", ...COUNTS] as const).map((name) => (
                  <th key={name} scope="col" className="px-4 py-2.5 font-medium whitespace-nowrap">
                    {t(`assistants.use_of.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="tabular-nums">
              {use.data.map((one) => (
                <tr key={one.month} className="border-t first:border-t-0">
                  <th scope="row" className="px-4 py-2.5 font-medium whitespace-nowrap">
                    {month.format(new Date(one.month))}
                  </th>
                  {one.answers === null ? (
                    <td colSpan={COUNTS.length} className="px-4 py-2.5 text-ink-soft">
                      {t("assistants.few")}
                    </td>
                  ) : (
                    COUNTS.map((name) => (
                      <td key={name} className="px-4 py-2.5">
                        {number(one[name] ?? 0)}
                      </td>
                    ))
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Section>
  );
}

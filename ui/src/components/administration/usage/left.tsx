import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { leftQuery } from "@/api/administration/usage";
import { useFormats } from "@/shared/formats";
import { Level } from "../../quotas/level";
import { useQuotaWords } from "../../quotas/words";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";

/** What the quotas leave to the person. */
export function Left() {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const { described, measured } = useQuotaWords();
  const left = useQuery(leftQuery);
  return (
    <section aria-labelledby="left">
      <h2 id="left" className="mb-3 font-serif text-2xl font-medium">
        {t("usage.own.left")}
      </h2>
      {left.isPending && <Waiting lines={3} />}
      {left.isError && <ProblemNotice error={left.error} onRetry={() => void left.refetch()} />}
      {left.data?.length === 0 && <p className="text-ink-soft">{t("usage.own.noQuota")}</p>}
      {left.data && left.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {left.data.map((share) => {
            const said = described(share, true);
            const used = share.used + share.held;
            return (
              <li key={said} className="border-t px-4 py-3.5 first:border-t-0 sm:px-5">
                <p className="font-medium break-words">{said}</p>
                <p className="mt-0.5 mb-2 text-sm text-ink-soft">
                  {used >= share.amount
                    ? t("usage.own.nothingLeft", { when: moment(share.renews) })
                    : t("usage.own.leftUntil", {
                        amount: measured(share.measure, share.amount - used),
                        when: moment(share.renews),
                      })}
                </p>
                <Level used={used} amount={share.amount} />
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

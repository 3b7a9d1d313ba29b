import { useTranslation } from "react-i18next";
import type { Quota } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";

type Said = Pick<Quota, "subject" | "name" | "measure" | "amount" | "period" | "each">;

/** A quota in words, such as "200 calls of models a day, for each person". */
export function useQuotaWords() {
  const { t } = useTranslation();
  const { number } = useFormats();
  const measured = (measure: Said["measure"], amount: number) =>
    t(`quota.measured.${measure}`, { count: amount, amount: number(amount) });
  const whose = ({ subject, name, each }: Said, own: boolean) => {
    if (own && (subject === "user" || (subject === "everybody" && each))) return t("quota.for.you");
    if (each && subject !== "user" && subject !== "key") return t(`quota.forEach.${subject}`, { name });
    return t(`quota.for.${subject}`, { name });
  };
  return {
    measured,
    /** Of what is told to the one whom it meets, `own`. */
    described: (said: Said, own = false) =>
      t("quota.described", {
        amount: measured(said.measure, said.amount),
        period: t(`quota.periods.${said.period}`),
        whose: whose(said, own),
      }),
  };
}

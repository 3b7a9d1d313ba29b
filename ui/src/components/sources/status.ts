import { useTranslation } from "react-i18next";

const GOOD = new Set(["parsed", "empty", "ignored"]);

/** Whether a status of the ledger needs nobody. */
export const isGood = (status: string): boolean => GOOD.has(status);

export function useStatusName(): (status: string) => string {
  const { t, i18n } = useTranslation();
  return (status) =>
    i18n.exists(`ledger.statuses.${status}`)
      ? t(`ledger.statuses.${status}` as "ledger.statuses.parsed")
      : status;
}

/** What was done with a file, last. */
export function useDidName(): (did: string) => string {
  const { t, i18n } = useTranslation();
  return (did) =>
    i18n.exists(`ledger.did.${did}`) ? t(`ledger.did.${did}` as "ledger.did.new") : t("ledger.did.noted");
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { leftQuery } from "@/api/administration/usage";
import { useFormats } from "@/shared/formats";
import { usedUp } from "./used-up";
import { useQuotaWords } from "./words";

/** Which quota is used up and when it is renewed, to the person whom it meets; `told` is what the API says. */
export function QuotaTold({ told }: { told: string }) {
  const { t } = useTranslation();
  const { described } = useQuotaWords();
  const { moment } = useFormats();
  const left = useQuery(leftQuery);
  const share = usedUp(left.data ?? []);
  return (
    <>
      {share
        ? t("quota.usedUp", { quota: described(share, true), when: moment(share.renews) })
        : left.isError && told}{" "}
      <Link
        to="/account/usage"
        className="font-medium text-accent underline decoration-accent/40 underline-offset-4"
      >
        {t("quota.see")}
      </Link>
    </>
  );
}

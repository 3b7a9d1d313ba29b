import { useMutation } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { verifyPart } from "@/api/administration/audit";
import type { Verified } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";

/** Recomputes the whole chain, part by part, and says how far it is. */
export function Verification() {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [kept, setKept] = useState("");
  const [part, setPart] = useState<Verified | null>(null);
  const verify = useMutation({
    mutationFn: async () => {
      setPart(null);
      for (let after = ""; ; ) {
        const found = await verifyPart(after, kept.trim());
        setPart(found);
        if (found.whole) return found;
        after = found.head;
      }
    },
  });
  return (
    <section aria-labelledby="chain" className="mb-8 rounded-2xl border bg-surface p-4 sm:p-5">
      <h2 id="chain" className="font-medium">
        {t("administration.audit.chain")}
      </h2>
      <p className="mt-1 max-w-prose text-sm text-ink-soft">{t("administration.audit.chainLead")}</p>
      <form
        className="mt-4 flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate();
        }}
      >
        <Field
          label={t("administration.audit.kept")}
          className="min-w-0 flex-1 basis-72"
          value={kept}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setKept(event.target.value)}
        />
        <Button type="submit" look="primary" className="h-11" disabled={verify.isPending}>
          <ShieldCheck aria-hidden="true" />
          {t("administration.audit.verify")}
        </Button>
      </form>
      <div role="status" className="mt-4 empty:mt-0">
        {verify.isPending && (
          <p className="text-sm text-ink-soft">
            {t("administration.audit.verifying", {
              verified: number(part?.verified ?? 0),
              entries: number(part?.entries ?? 0),
            })}
          </p>
        )}
        {verify.isSuccess && <Found found={verify.data} />}
      </div>
      {verify.isError && <ProblemNotice error={verify.error} onRetry={() => verify.mutate()} />}
    </section>
  );
}

function Found({ found }: { found: Verified }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (found.fault !== null) {
    return (
      <>
        <p className="font-medium text-danger">
          {t(`administration.audit.faults.${found.fault.what}`, { entry: number(found.fault.entry) })}
        </p>
        <p className="mt-1 text-sm text-ink-soft">{t("administration.audit.faultAdvice")}</p>
      </>
    );
  }
  return (
    <>
      <p className="font-medium text-accent">
        {t("administration.audit.intact", { count: found.verified, entries: number(found.verified) })}
      </p>
      <p className="mt-1 text-sm text-ink-soft">{t("administration.audit.keep")}</p>
      <code className="mt-1 block text-sm break-all select-all">{found.head}</code>
    </>
  );
}

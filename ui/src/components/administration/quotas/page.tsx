import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { quotaKeys, quotasQuery, removeQuota } from "@/api/administration/quotas";
import type { Quota } from "@/api/administration/types";
import { Page } from "../../layout/shell";
import { Level } from "../../quotas/level";
import { useQuotaWords } from "../../quotas/words";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { QuotaEditor } from "./editor";

/** How much may be used of language models, and by whom. */
export function QuotasPage() {
  const { t } = useTranslation();
  const quotas = useQuery(quotasQuery);
  const [editing, setEditing] = useState<Quota | "new" | null>(null);
  return (
    <Page
      title={t("administration.quotas.title")}
      lead={t("administration.quotas.lead")}
      actions={
        <Button look="primary" onClick={() => setEditing("new")}>
          <Plus aria-hidden="true" />
          {t("administration.quotas.add")}
        </Button>
      }
    >
      {quotas.isPending && <Waiting lines={5} />}
      {quotas.isError && <ProblemNotice error={quotas.error} onRetry={() => void quotas.refetch()} />}
      {quotas.data?.length === 0 && (
        <Notice title={t("administration.quotas.none")}>{t("administration.quotas.noneAdvice")}</Notice>
      )}
      {quotas.data && quotas.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {quotas.data.map((quota) => (
            <QuotaEntry key={quota.id} quota={quota} onEdit={() => setEditing(quota)} />
          ))}
        </ul>
      )}
      {editing !== null && (
        <QuotaEditor quota={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </Page>
  );
}

function QuotaEntry({ quota, onEdit }: { quota: Quota; onEdit: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { described, measured } = useQuotaWords();
  const remove = useMutation({
    mutationFn: () => removeQuota(quota.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: quotaKeys.list });
      // The button that led here is gone with the quota.
      document.getElementById("content")?.focus();
    },
  });
  const said = described(quota);
  const used = quota.used === null ? null : quota.used + (quota.held ?? 0);
  return (
    <li className="border-t px-4 py-4 first:border-t-0 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-medium break-words">{said}</p>
          <p className="mt-0.5 text-sm text-ink-soft">
            {used === null
              ? t("administration.quotas.each")
              : t("administration.quotas.used", { amount: measured(quota.measure, used) })}
          </p>
        </div>
        <div className="flex gap-2">
          <Button
            size="small"
            aria-label={t("administration.quotas.changeOne", { quota: said })}
            onClick={onEdit}
          >
            <Pencil aria-hidden="true" />
            {t("administration.edit")}
          </Button>
          <Button
            size="small"
            aria-label={t("administration.quotas.removeOne", { quota: said })}
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
          >
            <Trash2 aria-hidden="true" />
            {t("administration.remove")}
          </Button>
        </div>
      </div>
      {used !== null && (
        <div className="mt-3">
          <Level used={used} amount={quota.amount} />
        </div>
      )}
      {remove.isError && (
        <div className="mt-3">
          <ProblemNotice error={remove.error} />
        </div>
      )}
    </li>
  );
}

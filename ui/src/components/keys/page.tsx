import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apiKeyKeys, apiKeysQuery, revokeKey } from "@/api/keys/queries";
import type { ApiKey } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { NewKey } from "./new";

export function KeysPage() {
  const { t } = useTranslation();
  const keys = useQuery(apiKeysQuery);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Page
      title={t("keys.title")}
      lead={t("keys.lead")}
      actions={
        <Button look="primary" onClick={() => setCreating(true)}>
          <Plus aria-hidden="true" />
          {t("keys.create")}
        </Button>
      }
    >
      {keys.isPending && <Waiting lines={4} />}
      {keys.isError && <ProblemNotice error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && (
        <p className="rounded-2xl border border-dashed border-line-strong/60 p-8 text-center text-ink-soft">
          {t("keys.none")}
        </p>
      )}
      {keys.data && keys.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {keys.data.map((key) => (
            <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
          ))}
        </ul>
      )}
      {creating && <NewKey onClose={() => setCreating(false)} />}
      {revoking && <Revocation apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation();
  const { date, ago } = useFormats();
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t px-4 py-3.5 first:border-t-0">
      <div className="min-w-48 flex-1">
        <p className="font-medium break-words">{apiKey.label}</p>
        <p className="mt-0.5 text-sm text-ink-soft">
          <code className="rounded bg-sunken px-1 py-0.5">{apiKey.prefix}…</code>{" "}
          {apiKey.scopes.map((scope) => t(`scopes.${scope}`)).join(", ")}
        </p>
      </div>
      <div className="text-sm text-ink-soft">
        <p>{t("keys.expires", { date: date(apiKey.expires_at) })}</p>
        <p className="text-ink-faint">
          {apiKey.last_used_at ? t("keys.used", { when: ago(apiKey.last_used_at) }) : t("keys.neverUsed")}
        </p>
      </div>
      <Button
        look="danger"
        size="small"
        aria-label={t("keys.revokeOne", { label: apiKey.label })}
        onClick={onRevoke}
      >
        {t("keys.revoke")}
      </Button>
    </li>
  );
}

function Revocation({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeKey(apiKey.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: apiKeyKeys.list });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("keys.revokeTitle", { label: apiKey.label })}
      description={t("keys.revokeAdvice")}
    >
      {revoke.isError && <ProblemNotice error={revoke.error} />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{t("actions.cancel")}</Button>
        <Button look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("keys.revoke")}
        </Button>
      </div>
    </Dialog>
  );
}

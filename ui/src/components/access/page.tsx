import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accessKeys, accessQuery, askForAccess } from "@/api/access/queries";
import type { AccessRequest } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Decide } from "./decide";

const NOTHING = { wanted: "", why: "" };

/** Where a right is asked for, and decided on: never in a conversation. */
export function AccessPage() {
  const { t } = useTranslation();
  const requests = useQuery(accessQuery);
  const { own = [], to_decide: others = [] } = requests.data ?? {};
  return (
    <Page title={t("access.title")} lead={t("access.lead")}>
      <Ask />
      {requests.isPending && <Waiting lines={4} />}
      {requests.isError && <ProblemNotice error={requests.error} onRetry={() => void requests.refetch()} />}
      {others.length > 0 && <Requests title={t("access.toDecide")} requests={others} deciding />}
      {own.length > 0 && <Requests title={t("access.own")} requests={own} />}
    </Page>
  );
}

/** What is needed, and why. The answer is the same whatever is named. */
function Ask() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [wish, setWish] = useState(NOTHING);
  const ask = useMutation({
    mutationFn: () => askForAccess(wish),
    onSuccess: async () => {
      setWish(NOTHING);
      await queryClient.invalidateQueries({ queryKey: accessKeys.list });
    },
  });
  return (
    <form
      className="mb-10 max-w-xl space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <Field
        label={t("access.wanted")}
        hint={t("access.wantedHint")}
        value={wish.wanted}
        required
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setWish({ ...wish, wanted: event.target.value })}
      />
      <Field
        label={t("access.why")}
        value={wish.why}
        required
        maxLength={500}
        autoComplete="off"
        onChange={(event) => setWish({ ...wish, why: event.target.value })}
      />
      {ask.isError && <ProblemNotice error={ask.error} />}
      <div className="flex items-center gap-4">
        <Button
          type="submit"
          look="primary"
          disabled={ask.isPending || !wish.wanted.trim() || !wish.why.trim()}
        >
          {t("access.ask")}
        </Button>
        <p aria-live="polite" className="text-sm text-ink-soft">
          {ask.isSuccess && t("access.asked")}
        </p>
      </div>
    </form>
  );
}

interface RequestsProps {
  title: string;
  requests: AccessRequest[];
  deciding?: boolean;
}

function Requests({ title, requests, deciding = false }: RequestsProps) {
  const [decided, setDecided] = useState<{ request: AccessRequest; approving: boolean } | null>(null);
  return (
    <section className="mt-8">
      <h2 className="mb-3 text-lg font-semibold">{title}</h2>
      <ul className="overflow-hidden rounded-2xl border bg-surface">
        {requests.map((request) => (
          <Row
            key={request.id}
            request={request}
            {...(deciding && { onDecide: (approving: boolean) => setDecided({ request, approving }) })}
          />
        ))}
      </ul>
      {decided && <Decide {...decided} onClose={() => setDecided(null)} />}
    </section>
  );
}

interface RowProps {
  request: AccessRequest;
  onDecide?: (approving: boolean) => void;
}

function Row({ request, onDecide }: RowProps) {
  const { t } = useTranslation();
  const { date } = useFormats();
  const { login, wanted, why, state, reason, applied_by } = request;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t px-4 py-3.5 first:border-t-0">
      <div className="min-w-48 flex-1">
        <p className="font-medium break-words">{wanted}</p>
        <p className="mt-0.5 text-sm break-words text-ink-soft">{why}</p>
        {reason && <p className="mt-1 text-sm break-words">{t("access.reason", { reason })}</p>}
        {applied_by && (
          <p className="mt-1 text-sm break-words">{t("access.appliedBy", { who: applied_by })}</p>
        )}
      </div>
      <p className="text-sm text-ink-soft">
        {onDecide ? login : t(`access.states.${state}`)} · {date(request.asked_at)}
      </p>
      {onDecide && (
        <div className="flex gap-2">
          <Button
            size="small"
            look="primary"
            aria-label={t("access.approveOne", { login, wanted })}
            onClick={() => onDecide(true)}
          >
            {t("access.approve")}
          </Button>
          <Button
            size="small"
            aria-label={t("access.refuseOne", { login, wanted })}
            onClick={() => onDecide(false)}
          >
            {t("access.refuse")}
          </Button>
        </div>
      )}
    </li>
  );
}

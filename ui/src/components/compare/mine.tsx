import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { comparisonKeys, comparisonsQuery, consentTo, removeComparison } from "@/api/comparisons/queries";
import type { ComparisonBrief } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Frame } from "./frame";

/** One's own comparisons: what became of them, and whether they may be exported. */
export function MinePage() {
  const { t } = useTranslation();
  const mine = useQuery(comparisonsQuery);
  const [removed, setRemoved] = useState<ComparisonBrief | null>(null);
  return (
    <Frame>
      {mine.isPending && <Waiting lines={5} />}
      {mine.isError && <ProblemNotice error={mine.error} onRetry={() => void mine.refetch()} />}
      {mine.data?.length === 0 && (
        <Notice title={t("compare.mine.none")}>{t("compare.mine.noneAdvice")}</Notice>
      )}
      {mine.data && mine.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {mine.data.map((one) => (
            <Row key={one.id} one={one} onRemove={() => setRemoved(one)} />
          ))}
        </ul>
      )}
      {removed && <Remove one={removed} onClose={() => setRemoved(null)} />}
    </Frame>
  );
}

function Row({ one, onRemove }: { one: ComparisonBrief; onRemove: () => void }) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const queryClient = useQueryClient();
  const consent = useMutation({
    mutationFn: (given: boolean) => consentTo(one.id, given),
    onSettled: () => queryClient.invalidateQueries({ queryKey: comparisonKeys.mine }),
  });
  const question = one.question || t("compare.mine.forgotten");
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 border-t px-4 py-4 first:border-t-0 sm:px-6">
      <div className="min-w-60 flex-1">
        <p className="font-medium break-words">{question}</p>
        <p className="mt-0.5 text-sm text-ink-soft">
          {t(`compare.kinds.${one.kind}`)} · {moment(one.asked_at)} ·{" "}
          {one.vote ? t(`compare.vote.${one.vote}`) : t("compare.mine.unvoted")}
        </p>
        {one.comment && <p className="mt-1 text-sm break-words">{one.comment}</p>}
        {consent.isError && <ProblemNotice error={consent.error} />}
      </div>
      {one.vote && one.question && (
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={consent.isPending ? consent.variables : one.consent}
            onChange={(event) => consent.mutate(event.target.checked)}
            className="size-4 accent-accent"
          />
          {t("compare.mine.consent")}
        </label>
      )}
      <Button size="small" aria-label={t("compare.mine.removeOne", { question })} onClick={onRemove}>
        {t("compare.mine.remove")}
      </Button>
    </li>
  );
}

function Remove({ one, onClose }: { one: ComparisonBrief; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeComparison(one.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: comparisonKeys.all });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("compare.mine.removeTitle")}
      description={t("compare.mine.removeAdvice")}
    >
      {remove.isError && <ProblemNotice error={remove.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t("actions.cancel")}</Button>
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t("compare.mine.remove")}
        </Button>
      </div>
    </Dialog>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MEASURES, PERIODS, quotaKeys, SUBJECTS, setQuota } from "@/api/administration/quotas";
import type { Quota, QuotaWish } from "@/api/administration/types";
import { groupsQuery, usersQuery } from "@/api/administration/users";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Check } from "../../ui/checks";
import { Dialog } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { numberOf } from "../models/draft";

const FIRST: QuotaWish = {
  subject: "everybody",
  name: "",
  measure: "requests",
  amount: 100,
  period: "day",
  each: true,
};

interface Props {
  /** Null for one that is not there yet. */
  quota: Quota | null;
  onClose: () => void;
}

/** Sets a quota; of one that is there, only its amount changes. */
export function QuotaEditor({ quota, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [wish, setWish] = useState<QuotaWish>(quota ?? FIRST);
  const [amount, setAmount] = useState(`${wish.amount}`);
  const wanted = numberOf(amount);
  const save = useMutation({
    mutationFn: () => {
      const { subject, name, measure, period, each } = wish;
      return setQuota({ subject, name: name.trim(), measure, period, each, amount: wanted ?? 0 });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: quotaKeys.list });
      onClose();
    },
  });
  const set = (more: Partial<QuotaWish>) => setWish({ ...wish, ...more });
  const alone = wish.subject === "user" || wish.subject === "key";
  const named = wish.subject === "everybody" || wish.name.trim() !== "";
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(quota === null ? "administration.quotas.add" : "administration.quotas.change")}
      description={t("administration.quotas.editLead")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {quota === null && (
          <>
            <Choice
              label={t("administration.quotas.whose")}
              value={wish.subject}
              options={SUBJECTS.map(
                (value) => [value, t(`administration.quotas.subjects.${value}`)] as const,
              )}
              onChoose={(subject) =>
                set({ subject, name: "", each: subject === "user" || subject === "key" ? false : wish.each })
              }
            />
            <Named wish={wish} onChange={set} />
            {!alone && (
              <Check checked={wish.each} onChange={(each) => set({ each })}>
                {t("administration.quotas.forEach")}
              </Check>
            )}
          </>
        )}
        <div className="grid gap-x-4 gap-y-5 sm:grid-cols-3">
          <Field
            label={t("administration.quotas.amount")}
            value={amount}
            required
            inputMode="decimal"
            autoComplete="off"
            onChange={(event) => setAmount(event.target.value)}
          />
          {quota === null && (
            <>
              <Choice
                label={t("administration.quotas.of")}
                value={wish.measure}
                options={MEASURES.map(
                  (value) => [value, t(`administration.quotas.measures.${value}`)] as const,
                )}
                onChoose={(measure) => set({ measure })}
              />
              <Choice
                label={t("administration.quotas.period")}
                value={wish.period}
                options={PERIODS.map((value) => [value, t(`quota.periods.${value}`)] as const)}
                onChoose={(period) => set({ period })}
              />
            </>
          )}
        </div>
        {save.isError && <ProblemNotice error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={save.isPending || !named || wanted === null || Number.isNaN(wanted) || wanted < 0}
          >
            {t("actions.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface NamedProps {
  wish: QuotaWish;
  onChange: (more: Partial<QuotaWish>) => void;
}

/** Whom or what it is for: people and groups from the directory, the rest by name. */
function Named({ wish, onChange }: NamedProps) {
  const { t } = useTranslation();
  const users = useQuery({ ...usersQuery, enabled: wish.subject === "user" });
  const groups = useQuery({ ...groupsQuery, enabled: wish.subject === "group" });
  if (wish.subject === "everybody") return null;
  const known = {
    user: users.data?.map(({ login, name }) => [login, `${name} (${login})`] as const),
    group: groups.data?.map(({ key, label }) => [key, label] as const),
  };
  const failed = { user: users.isError, group: groups.isError };
  // By name only where the directory cannot be read: what is typed would be lost when it comes.
  const options =
    wish.subject === "user" || wish.subject === "group"
      ? (known[wish.subject] ?? (failed[wish.subject] ? undefined : []))
      : undefined;
  const label = t(`administration.quotas.names.${wish.subject}`);
  if (options) {
    return (
      <Choice
        label={label}
        value={wish.name}
        options={[["", t("administration.quotas.chooseOne")] as const, ...options]}
        onChoose={(name) => onChange({ name })}
      />
    );
  }
  return (
    <Field
      label={label}
      value={wish.name}
      required
      maxLength={200}
      autoComplete="off"
      onChange={(event) => onChange({ name: event.target.value })}
    />
  );
}

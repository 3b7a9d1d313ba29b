import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CLASSES } from "@/api/administration/models";
import { CHECKS, LABELS, policyKeys, TREATMENTS, writePolicy } from "@/api/administration/policies";
import type { GuardPolicy } from "@/api/administration/types";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Choice, Field, LongField } from "../../ui/field";
import { changes } from "./changes";
import { CheckRow } from "./check";

const DEFAULT: GuardPolicy = {
  longest: 100_000,
  longest_together: 400_000,
  checks: {},
  off: [],
  personal_data: Object.fromEntries(LABELS.map((label) => [label, "mask"])),
  cleared_from: "C0",
  domain: { inside: [], outside: [] },
  hosts: [],
  replies: {},
  hand_over_to: "",
};

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((each) => each.trim())
    .filter(Boolean);

interface Props {
  assistant: string;
  /** The one in force; null where the default acts. */
  kept: GuardPolicy | null;
  onDone: (version: number) => void;
}

/** A policy as a form; what changes is shown before it is put in force. */
export function PolicyForm({ assistant, kept, onDone }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [policy, setPolicy] = useState<GuardPolicy>(kept ?? DEFAULT);
  const save = useMutation({
    mutationFn: () => writePolicy(assistant, policy),
    onSuccess: async ({ version }) => {
      await queryClient.invalidateQueries({ queryKey: policyKeys.all });
      onDone(version);
    },
  });
  const set = (more: Partial<GuardPolicy>) => setPolicy({ ...policy, ...more });
  const differs = changes(kept ?? DEFAULT, policy);
  const names = [...new Set([...CHECKS, ...Object.keys(policy.checks ?? {}), ...policy.off])];
  return (
    <form
      className="min-w-0 space-y-8"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {kept === null && <p className="text-ink-soft">{t("administration.guardrails.default")}</p>}
      <fieldset>
        <legend className="mb-1 font-serif text-2xl font-medium">
          {t("administration.guardrails.checks")}
        </legend>
        <p className="mb-3 text-sm text-ink-soft">{t("administration.guardrails.checksLead")}</p>
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {names.map((name) => (
            <CheckRow key={name} name={name} policy={policy} onChange={set} />
          ))}
        </ul>
      </fieldset>
      <PersonalData policy={policy} onChange={set} />
      <fieldset className="space-y-5">
        <legend className="mb-3 font-serif text-2xl font-medium">
          {t("administration.guardrails.words")}
        </legend>
        <Lines
          label={t("administration.guardrails.inside")}
          hint={t("administration.guardrails.linesHint")}
          value={policy.domain.inside}
          onChange={(inside) => set({ domain: { ...policy.domain, inside } })}
        />
        <Lines
          label={t("administration.guardrails.outside")}
          value={policy.domain.outside}
          onChange={(outside) => set({ domain: { ...policy.domain, outside } })}
        />
        <Lines
          label={t("administration.guardrails.hosts")}
          hint={t("administration.guardrails.hostsHint")}
          value={policy.hosts}
          onChange={(hosts) => set({ hosts })}
        />
        {(["fr", "en"] as const).map((language) => (
          <LongField
            key={language}
            label={t(`administration.guardrails.replies.${language}`)}
            hint={t("administration.guardrails.replyHint")}
            rows={2}
            value={policy.replies?.[language] ?? ""}
            onChange={(event) => {
              const { [language]: _, ...others } = policy.replies ?? {};
              const said = event.target.value;
              set({ replies: said ? { ...others, [language]: said } : others });
            }}
          />
        ))}
        <Field
          label={t("administration.guardrails.handOver")}
          hint={t("administration.guardrails.handOverHint")}
          value={policy.hand_over_to}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => set({ hand_over_to: event.target.value })}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          {(["longest", "longest_together"] as const).map((name) => (
            <Field
              key={name}
              label={t(`administration.guardrails.limits.${name}`)}
              type="number"
              min={1}
              required
              value={policy[name]}
              onChange={(event) => set({ [name]: Math.max(1, Math.round(Number(event.target.value) || 1)) })}
            />
          ))}
        </div>
      </fieldset>
      {save.isError && <ProblemNotice error={save.error} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={save.isPending || differs.length === 0}>
          {t("administration.guardrails.put")}
        </Button>
        <p role="status" className="text-sm text-ink-soft">
          {differs.length > 0 && t("administration.guardrails.changed", { count: differs.length })}
        </p>
      </div>
    </form>
  );
}

interface PartProps {
  policy: GuardPolicy;
  onChange: (more: Partial<GuardPolicy>) => void;
}

/** What happens to each kind of personal data before a model that is not cleared for it. */
function PersonalData({ policy, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="space-y-4">
      <legend className="mb-1 font-serif text-2xl font-medium">
        {t("administration.guardrails.personal")}
      </legend>
      <p className="text-sm text-ink-soft">{t("administration.guardrails.personalLead")}</p>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-2">
        {LABELS.map((label) => (
          <Choice
            key={label}
            label={t(`administration.guardrails.labels.${label}`)}
            value={policy.personal_data?.[label] ?? "mask"}
            options={TREATMENTS.map(
              (value) => [value, t(`administration.guardrails.treatments.${value}`)] as const,
            )}
            onChoose={(treatment) =>
              onChange({ personal_data: { ...policy.personal_data, [label]: treatment } })
            }
          />
        ))}
      </div>
      <Choice
        label={t("administration.guardrails.cleared")}
        hint={t("administration.guardrails.clearedHint")}
        value={policy.cleared_from}
        options={CLASSES.map((value) => [value, `${value} · ${t(`classification.${value}`)}`] as const)}
        onChoose={(cleared_from) => onChange({ cleared_from })}
      />
    </fieldset>
  );
}

interface LinesProps {
  label: string;
  hint?: string;
  value: string[];
  onChange: (value: string[]) => void;
}

/** One thing a line; what is typed stays as it is typed. */
function Lines({ label, hint, value, onChange }: LinesProps) {
  const [text, setText] = useState(value.join("\n"));
  return (
    <LongField
      label={label}
      {...(hint && { hint })}
      rows={3}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(lines(event.target.value));
      }}
    />
  );
}

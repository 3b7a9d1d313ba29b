import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { ACTIONS, type AuditWanted, auditQuery, OUTCOMES } from "@/api/administration/audit";
import { problemKind } from "@/api/problem";
import { Page } from "../../layout/shell";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { Check } from "../../ui/checks";
import { Choice, Field } from "../../ui/field";
import { AuditLine } from "./line";
import { Verification } from "./verification";

const EVERYTHING: AuditWanted = {
  action: "",
  outcome: "",
  login: "",
  machine: false,
  subject: "",
  since: "",
  until: "",
};

/** The record of what was done: looked through, and held against its own chain. */
export function AuditPage() {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(EVERYTHING);
  const entries = useInfiniteQuery(auditQuery(useDeferredValue(wanted)));
  const lines = entries.data?.pages.flat() ?? [];
  // Nobody has the login that is looked for.
  const unknown = entries.isError && problemKind(entries.error) === "missing";
  return (
    <Page title={t("administration.audit.title")} lead={t("administration.audit.lead")}>
      <Verification />
      <Filters wanted={wanted} onChange={setWanted} />
      {entries.isPending && <Waiting lines={8} />}
      {entries.isError && !unknown && (
        <ProblemNotice error={entries.error} onRetry={() => void entries.refetch()} />
      )}
      {(unknown || (entries.data && lines.length === 0)) && (
        <Notice title={t("administration.audit.none")}>{t("administration.audit.noneAdvice")}</Notice>
      )}
      {lines.length > 0 && (
        <ol className="overflow-hidden rounded-2xl border bg-surface">
          {lines.map((entry) => (
            <AuditLine key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {entries.hasNextPage && (
        <div className="mt-4 text-center">
          <Button disabled={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            {t("administration.audit.more")}
          </Button>
        </div>
      )}
    </Page>
  );
}

interface FiltersProps {
  wanted: AuditWanted;
  onChange: (wanted: AuditWanted) => void;
}

function Filters({ wanted, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const set = (more: Partial<AuditWanted>) => onChange({ ...wanted, ...more });
  return (
    <search className="mb-5 grid gap-x-4 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
      <Choice
        label={t("administration.audit.action")}
        value={wanted.action}
        options={[
          ["", t("administration.audit.any")] as const,
          ...ACTIONS.map((value) => [value, t(`administration.audit.actions.${value}`)] as const),
        ]}
        onChoose={(action) => set({ action })}
      />
      <Text
        label={t("administration.audit.who")}
        hint={t("administration.audit.whoHint")}
        disabled={wanted.machine}
        onChange={(login) => set({ login })}
      />
      <Choice
        label={t("administration.audit.outcome")}
        value={wanted.outcome}
        options={[
          ["", t("administration.audit.any")] as const,
          ...OUTCOMES.map((value) => [value, t(`administration.audit.outcomes.${value}`)] as const),
        ]}
        onChoose={(outcome) => set({ outcome })}
      />
      <Field
        label={t("administration.audit.since")}
        type="date"
        value={wanted.since}
        onChange={(event) => set({ since: event.target.value })}
      />
      <Field
        label={t("administration.audit.until")}
        type="date"
        value={wanted.until}
        min={wanted.since}
        onChange={(event) => set({ until: event.target.value })}
      />
      <Text
        label={t("administration.audit.subject")}
        hint={t("administration.audit.subjectHint")}
        onChange={(subject) => set({ subject })}
      />
      <Check checked={wanted.machine} onChange={(machine) => set({ machine })}>
        {t("administration.audit.machineOnly")}
      </Check>
    </search>
  );
}

interface TextProps {
  label: string;
  hint: string;
  disabled?: boolean;
  onChange: (text: string) => void;
}

/** What is typed is looked for once it is whole: on Enter, or when one leaves it. */
function Text({ label, hint, disabled = false, onChange }: TextProps) {
  const [text, setText] = useState("");
  return (
    <Field
      label={label}
      hint={hint}
      value={text}
      disabled={disabled}
      maxLength={200}
      autoComplete="off"
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onChange(text.trim())}
      onKeyDown={(event) => event.key === "Enter" && onChange(text.trim())}
    />
  );
}

import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { historyQuery, policiesQuery } from "@/api/administration/policies";
import { Page } from "../../layout/shell";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Choice, Field } from "../../ui/field";
import { PolicyForm } from "./form";
import { Versions } from "./versions";

const ANOTHER = "\0another";

/** What guardrails do, for each assistant: a form, and every version that was. */
export function GuardrailsPage() {
  const { t } = useTranslation();
  const policies = useQuery(policiesQuery);
  const [chosen, setChosen] = useState("");
  const [named, setNamed] = useState("");
  const [put, setPut] = useState<number | null>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const done = (version: number) => {
    setPut(version);
    // The form begins anew with what is in force.
    requestAnimationFrame(() => said.current?.focus());
  };
  const assistant = chosen === ANOTHER ? named.trim() : chosen;
  const history = useQuery(historyQuery(assistant));
  const others = (policies.data ?? []).map((policy) => policy.assistant).filter(Boolean);
  const current = history.data?.[0];
  return (
    <Page title={t("administration.guardrails.title")} lead={t("administration.guardrails.lead")}>
      <div className="mb-6 grid max-w-2xl gap-4 sm:grid-cols-2">
        <Choice
          label={t("administration.guardrails.assistant")}
          value={chosen}
          options={[
            ["", t("administration.guardrails.everywhere")] as const,
            ...others.map((name) => [name, name] as const),
            [ANOTHER, t("administration.guardrails.another")] as const,
          ]}
          onChoose={(name) => {
            setChosen(name);
            setPut(null);
          }}
        />
        {chosen === ANOTHER && (
          <Field
            label={t("administration.guardrails.name")}
            value={named}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => setNamed(event.target.value)}
          />
        )}
      </div>
      <p
        ref={said}
        role="status"
        tabIndex={-1}
        className={
          put === null
            ? "sr-only"
            : "mb-6 rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info outline-offset-2"
        }
      >
        {put !== null && t("administration.guardrails.done", { number: put })}
      </p>
      {history.isPending && <Waiting lines={8} />}
      {history.isError && <ProblemNotice error={history.error} onRetry={() => void history.refetch()} />}
      {history.data && (chosen !== ANOTHER || assistant !== "") && (
        <div className="grid gap-10 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <PolicyForm
            key={`${assistant} ${current?.version ?? 0}`}
            assistant={assistant}
            kept={current?.policy ?? null}
            onDone={done}
          />
          <Versions assistant={assistant} versions={history.data} onDone={done} />
        </div>
      )}
    </Page>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantKeys, assistantVersionsQuery, rollBackAssistant } from "@/api/assistants/queries";
import type { Assistant, AssistantVersion } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Section } from "./parts";

const PARTS = [
  "name",
  "description",
  "team",
  "kind",
  "language",
  "role",
  "tone",
  "instructions",
  "model",
  "openings",
  "template",
] as const;

/** Every version of an assistant, with what changed in it; an older one can be put in force again. */
export function Versions({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [done, setDone] = useState("");
  const said = useRef<HTMLParagraphElement>(null);
  const versions = useQuery(assistantVersionsQuery(assistant.key));
  const rollBack = useMutation({
    mutationFn: (version: number) => rollBackAssistant(assistant.key, version),
    onSuccess: async (_, version) => {
      await cache.invalidateQueries({ queryKey: assistantKeys.all });
      setDone(t("assistants.rolledBack", { number: version }));
      setTimeout(() => said.current?.focus());
    },
  });
  return (
    <Section title={t("assistants.versions")}>
      <p
        ref={said}
        role="status"
        tabIndex={-1}
        className={done ? "mb-4 rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info" : "sr-only"}
      >
        {done}
      </p>
      {versions.isPending && <Waiting lines={3} />}
      {versions.isError && <ProblemNotice error={versions.error} onRetry={() => void versions.refetch()} />}
      {rollBack.isError && <ProblemNotice error={rollBack.error} />}
      <ol className="overflow-hidden rounded-2xl border bg-surface">
        {versions.data?.map((version) => (
          <VersionEntry
            key={version.number}
            version={version}
            current={version.number === assistant.version}
            busy={rollBack.isPending}
            onRollBack={() => rollBack.mutate(version.number)}
          />
        ))}
      </ol>
    </Section>
  );
}

interface Props {
  version: AssistantVersion;
  current: boolean;
  busy: boolean;
  onRollBack: () => void;
}

function VersionEntry({ version, current, busy, onRollBack }: Props) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const { number, note, changed_at, changes } = version;
  // The server writes so that a version is an older one again.
  const again = /^= (\d+)$/.exec(note)?.[1];
  return (
    <li className="border-t px-4 py-4 first:border-t-0 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-medium">
            {t("assistants.version", { number })}
            {current && (
              <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 text-sm font-normal text-accent">
                {t("assistants.inForce")}
              </span>
            )}
          </h3>
          <p className="mt-0.5 text-sm break-words text-ink-faint">
            {[moment(changed_at), again ? t("assistants.again", { number: again }) : note]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        {!current && (
          <Button
            size="small"
            disabled={busy}
            aria-label={t("assistants.rollBackTo", { number })}
            onClick={onRollBack}
          >
            <History aria-hidden="true" />
            {t("assistants.rollBack")}
          </Button>
        )}
      </div>
      {changes.length > 0 && (
        <details className="mt-2">
          <summary className="w-fit rounded text-sm text-ink-soft underline decoration-line-strong underline-offset-4">
            {t("assistants.changes", { count: changes.length })}
          </summary>
          <dl className="mt-3 space-y-4">
            {changes.map((change) => (
              <div key={change.field}>
                <dt className="text-sm font-medium">
                  <PartName field={change.field} />
                </dt>
                <dd className="mt-1 grid gap-2 text-[0.9375rem] sm:grid-cols-2">
                  <Side label={t("assistants.before")} text={change.before} className="bg-danger-soft" />
                  <Side label={t("assistants.after")} text={change.after} className="bg-accent-soft" />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

function Side({ label, text, className }: { label: string; text: string; className: string }) {
  const { t } = useTranslation();
  return (
    <div className={`rounded-lg px-3 py-2 ${className}`}>
      <p className="text-xs font-medium text-ink-soft">{label}</p>
      <p className="mt-0.5 break-words whitespace-pre-line">
        {text || <span className="text-ink-soft">{t("assistants.nothing")}</span>}
      </p>
    </div>
  );
}

function PartName({ field }: { field: string }) {
  const { t } = useTranslation();
  const part = PARTS.find((known) => known === field);
  if (part) return t(`assistants.parts.${part}`);
  const [group, name = ""] = field.split(".");
  if (group === "fields") return t("assistants.fieldNamed", { name });
  return t("assistants.scope");
}

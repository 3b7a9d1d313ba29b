import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { policyKeys, rollBack } from "@/api/administration/policies";
import type { PolicyVersion } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { changes } from "./changes";

interface Props {
  assistant: string;
  /** The newest first. */
  versions: PolicyVersion[];
  onDone: (version: number) => void;
}

/** Every policy that was, with what each changed; an older one comes into force again as a new version. */
export function Versions({ assistant, versions, onDone }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const back = useMutation({
    mutationFn: (version: number) => rollBack(assistant, version),
    onSuccess: async ({ version }) => {
      await queryClient.invalidateQueries({ queryKey: policyKeys.all });
      onDone(version);
    },
  });
  return (
    <section aria-labelledby="versions">
      <h2 id="versions" className="mb-3 font-serif text-2xl font-medium">
        {t("administration.guardrails.versions")}
      </h2>
      {versions.length === 0 && <p className="text-ink-soft">{t("administration.guardrails.noVersion")}</p>}
      {back.isError && <ProblemNotice error={back.error} />}
      {versions.length > 0 && (
        <ol className="overflow-hidden rounded-2xl border bg-surface">
          {versions.map((version, place) => (
            <Version
              key={version.version}
              version={version}
              before={versions[place + 1]}
              newest={place === 0}
              busy={back.isPending}
              onBack={() => back.mutate(version.version)}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

interface VersionProps {
  version: PolicyVersion;
  before: PolicyVersion | undefined;
  newest: boolean;
  busy: boolean;
  onBack: () => void;
}

function Version({ version, before, newest, busy, onBack }: VersionProps) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const differs = before ? changes(before.policy, version.policy) : [];
  const number = version.version;
  return (
    <li className="border-t px-4 py-3.5 first:border-t-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p>
          <span className="font-medium">{t("administration.guardrails.version", { number })}</span>{" "}
          <span className="text-sm text-ink-soft">
            {moment(version.changed_at)}
            {newest && ` · ${t("administration.guardrails.inForce")}`}
            {version.changed_by === null && ` · ${t("administration.guardrails.byMachine")}`}
          </span>
        </p>
        {!newest && (
          <Button
            size="small"
            aria-label={t("administration.guardrails.backTo", { number })}
            disabled={busy}
            onClick={onBack}
          >
            <RotateCcw aria-hidden="true" />
            {t("administration.guardrails.back")}
          </Button>
        )}
      </div>
      {differs.length > 0 && (
        <ul className="mt-2 space-y-1 text-sm">
          {differs.map(({ path, before: old, after }) => (
            <li key={path} className="break-words">
              <code className="text-ink-soft">{path}</code> <del className="text-danger">{old}</del> →{" "}
              <ins className="text-accent no-underline">{after}</ins>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { differenceQuery, promptKeys, rollPromptBack } from "@/api/prompts/queries";
import type { PromptLine, WholePrompt } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

interface Props {
  whole: WholePrompt;
  /** The words of an older version are the latest again. */
  onBack: (text: string) => void;
}

/** Every version, what changed since, and the way back. */
export function Versions({ whole: { prompt, versions, scores }, onBack }: Props) {
  const { t } = useTranslation();
  const { moment, number } = useFormats();
  const queryClient = useQueryClient();
  const [seen, setSeen] = useState<number | null>(null);
  const back = useMutation({
    mutationFn: (version: number) => rollPromptBack(prompt.id, version),
    onSuccess: async ({ text }) => {
      onBack(text);
      setSeen(null);
      await queryClient.invalidateQueries({ queryKey: promptKeys.all });
    },
  });
  return (
    <section aria-labelledby="versions">
      <h2 id="versions" className="mb-4 text-lg font-semibold">
        {t("prompts.versions")}
      </h2>
      {back.isError && <ProblemNotice error={back.error} />}
      <ul className="overflow-hidden rounded-2xl border bg-surface">
        {versions.map((version) => {
          const told = scores.filter((one) => one.version === version.number);
          return (
            <li
              key={version.number}
              className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t px-4 py-3.5 first:border-t-0"
            >
              <div className="min-w-52 flex-1">
                <p className="font-medium break-words">
                  {t("prompts.version", { number: version.number })}
                  {version.note && <span className="font-normal text-ink-soft"> · {version.note}</span>}
                </p>
                <p className="mt-0.5 text-sm text-ink-soft">
                  {moment(version.made_at)}
                  {told.map((one) => (
                    <span key={one.model}>
                      {" · "}
                      {t("prompts.scored", {
                        count: one.scores,
                        model: one.model,
                        mean: number(Math.round(one.mean * 10) / 10),
                      })}
                    </span>
                  ))}
                </p>
              </div>
              {version.number !== prompt.version && (
                <div className="flex gap-2">
                  <Button
                    size="small"
                    aria-label={t("prompts.compareOne", { number: version.number })}
                    onClick={() => setSeen(version.number)}
                  >
                    {t("prompts.compare")}
                  </Button>
                  {prompt.own && (
                    <Button
                      size="small"
                      disabled={back.isPending}
                      aria-label={t("prompts.goBackOne", { number: version.number })}
                      onClick={() => back.mutate(version.number)}
                    >
                      {t("prompts.goBack")}
                    </Button>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {seen !== null && (
        <Dialog
          open
          wide
          onClose={() => setSeen(null)}
          title={t("prompts.changes", { older: seen, newer: prompt.version })}
        >
          <Difference id={prompt.id} older={seen} newer={prompt.version} />
        </Dialog>
      )}
    </section>
  );
}

const SIGNS = { same: "\u00a0", removed: "−", added: "+" };

function Difference({ id, older, newer }: { id: number; older: number; newer: number }) {
  const lines = useQuery(differenceQuery(id, older, newer));
  if (lines.isPending) return <Waiting lines={6} />;
  if (lines.isError) return <ProblemNotice error={lines.error} onRetry={() => void lines.refetch()} />;
  return (
    <div className="rounded-lg border font-mono text-sm">
      {lines.data.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a difference do not move.
        <ChangedLine key={at} line={line} />
      ))}
    </div>
  );
}

function ChangedLine({ line: { change, text } }: { line: PromptLine }) {
  const { t } = useTranslation();
  return (
    <p
      className={classes(
        "flex gap-2 px-3 py-0.5",
        change === "added" && "bg-accent-soft",
        change === "removed" && "bg-danger-soft line-through decoration-danger/60",
      )}
    >
      <span aria-hidden="true">{SIGNS[change]}</span>
      <span className="min-w-0 break-words whitespace-pre-wrap">
        {change !== "same" && <span className="sr-only">{t(`prompts.lines.${change}`)} </span>}
        {text}
      </span>
    </p>
  );
}

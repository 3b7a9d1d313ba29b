import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowRight, MessageCircleQuestion } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { searchKeys } from "@/api/search/queries";
import { sourceKeys, sourcesQuery } from "@/api/sources/queries";
import { folderQuery, isRead, subjectsQuery } from "@/api/start/queries";
import type { FolderProgress } from "@/api/types";
import type { Language } from "@/i18n";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { conversations } from "../ask/conversations";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Field } from "../ui/field";

/** How far the reading is, and questions that can be asked meanwhile. */
export function QuestionStep({ folder, onAgain }: { folder: number | undefined; onAgain: () => void }) {
  const { t, i18n } = useTranslation("start");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const progress = useQuery({ ...folderQuery(folder ?? 0), enabled: folder !== undefined });
  const reading = folder !== undefined && !isRead(progress.data) && !progress.isError;
  const often = { refetchInterval: reading ? 2_000 : (false as const) };
  const subjects = useQuery({ ...subjectsQuery(i18n.language as Language), ...often });
  const sources = useQuery({ ...sourcesQuery, ...often });
  const [own, setOwn] = useState("");
  useEffect(() => {
    if (reading) return;
    // What other pages knew of sources and documents is old by now.
    for (const queryKey of [sourceKeys.all, searchKeys.all]) void queryClient.invalidateQueries({ queryKey });
  }, [reading, queryClient]);
  const ask = (question: string) => {
    conversations.renew();
    void conversations.of(null).ask(question, {});
    void navigate({ to: "/" });
  };
  const suggested = subjects.data ?? [];
  const readable = sources.data?.some(({ documents }) => documents > 0);
  return (
    <>
      {progress.isError && <ProblemNotice error={progress.error} onRetry={() => void progress.refetch()} />}
      {progress.data && <Progress told={progress.data} onAgain={onAgain} />}
      {suggested.length > 0 && (
        <section className="mt-8" aria-labelledby="suggested">
          <h2 id="suggested" className="mb-3 text-lg font-semibold">
            {t("question.suggested")}
          </h2>
          <ul className="space-y-2">
            {suggested.map(({ document_id: id, words: title }) => (
              <li key={id}>
                <button
                  type="button"
                  onClick={() => ask(t("question.about", { title }))}
                  className="flex w-full items-center gap-3 rounded-xl border bg-surface px-4 py-3 text-left transition-colors hover:bg-sunken"
                >
                  <MessageCircleQuestion aria-hidden="true" className="size-5 shrink-0 text-accent" />
                  <span className="min-w-0 flex-1">{t("question.about", { title })}</span>
                  <ArrowRight aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!reading && readable === false && (
        <div className="mt-6">
          <Notice title={t("question.none")}>{t("question.noneAdvice")}</Notice>
        </div>
      )}
      <form
        className="mt-8 flex items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (own.trim() !== "") ask(own.trim());
        }}
      >
        <Field
          className="min-w-0 flex-1"
          label={t("question.own")}
          maxLength={400}
          autoComplete="off"
          value={own}
          onChange={(event) => setOwn(event.target.value)}
        />
        <Button type="submit" look="primary" className="h-11" disabled={own.trim() === ""}>
          {t("question.ask")}
        </Button>
      </form>
    </>
  );
}

function Progress({ told, onAgain }: { told: FolderProgress; onAgain: () => void }) {
  const { t } = useTranslation("start");
  const { number, length } = useFormats();
  const stopped = told.state === "refused" || told.run === "failed" || told.run === "held";
  if (stopped) {
    return (
      <Notice
        tone="danger"
        alert
        title={t(told.state === "refused" ? "question.refused" : "question.stopped")}
        actions={
          <Button size="small" onClick={onAgain}>
            {t("question.again")}
          </Button>
        }
      >
        {told.problem}
      </Notice>
    );
  }
  if (isRead(told)) {
    return (
      <div role="status" className="rounded-2xl border bg-surface px-5 py-4">
        <p className="font-medium">{t("question.read")}</p>
        {told.failed > 0 && (
          <p className="mt-1 text-sm text-ink-soft">
            {t("question.failed", { count: told.failed, shown: number(told.failed) })}
          </p>
        )}
      </div>
    );
  }
  const counted = told.phase === "reading" && told.total > 0;
  return (
    <div className="rounded-2xl border bg-surface px-5 py-4">
      <p className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm text-ink-soft tabular-nums">
        <span>
          {counted
            ? t("question.reading", { done: number(told.done), total: number(told.total) })
            : t(told.run === "running" ? "question.listing" : "question.waiting")}
        </span>
        {counted && told.left_s ? <span>{t("question.left", { length: length(told.left_s) })}</span> : null}
      </p>
      <progress
        aria-label={t("question.progress")}
        {...(counted ? { value: told.done, max: told.total } : {})}
        className={classes(
          "block h-1.5 w-full appearance-none overflow-hidden rounded-full border-0 bg-line",
          "[&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent",
        )}
      />
      <p role="status" className="mt-3 text-sm text-ink-soft">
        {counted && told.done > 0 && t("question.asSoon")}
      </p>
    </div>
  );
}

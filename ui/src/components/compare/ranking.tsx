import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { KINDS, type RankingFilter, rankingQuery, TASKS } from "@/api/comparisons/queries";
import type { ComparisonKind, ComparisonTask, Standing } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Choice } from "../ui/field";
import { Pills } from "../ui/pills";
import { Frame } from "./frame";
import { usePlayer } from "./player";

const LANGUAGES = ["fr", "en"] as const;

/** Who is preferred, from the votes of everybody. */
export function RankingPage() {
  const { t } = useTranslation();
  const { language } = useFormats();
  const [filter, setFilter] = useState<RankingFilter>({ kind: "model", task: "", language: "" });
  const ranking = useQuery(rankingQuery(filter));
  return (
    <Frame>
      <div className="mb-6 space-y-5">
        <Pills
          label={t("compare.what")}
          value={filter.kind}
          options={KINDS.map((value) => ({ value, label: t(`compare.kinds.${value}`) }))}
          onChoose={(kind) => setFilter({ ...filter, kind })}
        />
        <div className="grid max-w-xl gap-4 sm:grid-cols-2">
          <Choice<ComparisonTask | "">
            label={t("compare.task")}
            value={filter.task}
            options={[
              ["", t("compare.ranking.everyTask")],
              ...TASKS.map((task) => [task, t(`compare.tasks.${task}`)] as const),
            ]}
            onChoose={(task) => setFilter({ ...filter, task })}
          />
          <Choice<"fr" | "en" | "">
            label={t("compare.ranking.language")}
            value={filter.language}
            options={[
              ["", t("compare.ranking.everyLanguage")],
              ...LANGUAGES.map((code) => [code, language(code) ?? code] as const),
            ]}
            onChoose={(code) => setFilter({ ...filter, language: code })}
          />
        </div>
      </div>
      {ranking.isPending && <Waiting lines={5} />}
      {ranking.isError && <ProblemNotice error={ranking.error} onRetry={() => void ranking.refetch()} />}
      {ranking.data?.standings.length === 0 && (
        <Notice title={t("compare.ranking.none")}>{t("compare.ranking.noneAdvice")}</Notice>
      )}
      {ranking.data && ranking.data.standings.length > 0 && (
        <>
          <Table kind={filter.kind} standings={ranking.data.standings} />
          <p className="mt-4 max-w-prose text-sm text-ink-soft">
            {t("compare.ranking.votes", { count: ranking.data.votes })} {t("compare.ranking.explained")}
          </p>
        </>
      )}
    </Frame>
  );
}

/** The standings; on a phone each is a card of its own. */
function Table({ kind, standings }: { kind: ComparisonKind; standings: Standing[] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const player = usePlayer();
  const low = Math.min(...standings.map((one) => one.low));
  const high = Math.max(...standings.map((one) => one.high));
  return (
    <ol className="overflow-hidden rounded-2xl border bg-surface">
      {standings.map((one) => (
        <li
          key={one.player}
          className="grid items-center gap-x-6 gap-y-2 border-t px-4 py-4 first:border-t-0 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] sm:px-6"
        >
          <div className="flex items-baseline gap-3">
            <span className="w-6 shrink-0 text-right font-serif text-xl text-ink-soft tabular-nums">
              {number(one.place)}
            </span>
            <span className="min-w-0">
              <span className="block font-medium break-words">{player(kind, one.player)}</span>
              <span className="mt-0.5 block text-sm text-ink-soft">
                {t("compare.ranking.won", { count: one.won })} ·{" "}
                {t("compare.ranking.lost", { count: one.lost })} ·{" "}
                {t("compare.ranking.equal", { count: one.equal })} ·{" "}
                {t("compare.ranking.neither", { count: one.neither })}
              </span>
            </span>
          </div>
          <div className="max-sm:pl-9">
            <Interval low={low} high={high} standing={one} />
            <p className="mt-1 text-sm tabular-nums">
              {t("compare.ranking.points", {
                points: number(Math.round(one.points)),
                low: number(Math.round(one.low)),
                high: number(Math.round(one.high)),
              })}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** A picture of the interval among the others; the words beside it say the same. */
function Interval({ low, high, standing }: { low: number; high: number; standing: Standing }) {
  const at = (points: number) => (100 * (points - low)) / Math.max(high - low, 1);
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" className="h-3 w-full">
      <line x1="0" x2="100" y1="5" y2="5" className="stroke-line" strokeWidth="1" />
      <rect
        x={at(standing.low)}
        width={Math.max(at(standing.high) - at(standing.low), 1)}
        y="3"
        height="4"
        className="fill-accent/35"
      />
      <rect x={Math.min(at(standing.points), 99)} width="1" y="0" height="10" className="fill-accent" />
    </svg>
  );
}

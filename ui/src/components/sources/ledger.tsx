import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Ellipsis, EyeOff, RotateCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isUnderWay, ledgerQuery, sourcesQuery } from "@/api/sources/queries";
import type { LedgerLine } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button, buttonClasses } from "../ui/button";
import { Menu, MenuItem } from "../ui/menu";
import { Pills } from "../ui/pills";
import { Exclusions, LeavingOut, useDecision } from "./decisions";
import { useLatestRun } from "./latest";
import { Working } from "./run";
import { isGood, useDidName, useStatusName } from "./status";

/** What became of each file of a source, with the reason in words, and what a curator may do about it. */
export function LedgerPage({ source }: { source: number }) {
  const { t } = useTranslation();
  const statusName = useStatusName();
  const [status, setStatus] = useState("");
  const [leavingOut, setLeavingOut] = useState<{ path: string | null } | null>(null);
  const readAgain = useDecision(source);
  const run = useLatestRun(source);
  const sources = useQuery(sourcesQuery);
  const ledger = useInfiniteQuery(ledgerQuery(source, status));
  const name = sources.data?.find((each) => each.id === source)?.name;
  const counts = Object.entries(ledger.data?.pages[0]?.statuses ?? {});
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const lines = ledger.data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <Page
      title={name ? t("ledger.titleOf", { name }) : t("ledger.title")}
      lead={t("ledger.lead")}
      actions={
        <div className="flex flex-wrap gap-2">
          <Link to="/sources" className={buttonClasses({ look: "quiet", size: "small" })}>
            <ArrowLeft aria-hidden="true" />
            {t("ledger.back")}
          </Link>
          <Button size="small" onClick={() => setLeavingOut({ path: null })}>
            <EyeOff aria-hidden="true" />
            {t("ledger.leaveOutPath")}
          </Button>
        </div>
      }
    >
      {isUnderWay(run) && run && (
        <div className="mb-6 rounded-2xl border bg-surface p-4">
          <Working run={run} />
        </div>
      )}
      <Exclusions source={source} />
      <div aria-live="polite">
        {readAgain.isSuccess && (
          <p className="mb-4 rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info">
            {t("ledger.readAgainAsked", { path: readAgain.data.path })}
          </p>
        )}
      </div>
      {readAgain.isError && <ProblemNotice error={readAgain.error} />}
      {ledger.isPending && <Waiting lines={8} />}
      {ledger.isError && <ProblemNotice error={ledger.error} onRetry={() => void ledger.refetch()} />}
      {ledger.data && (
        <>
          <div className="mb-4">
            <Pills
              label={t("ledger.filter")}
              value={status}
              options={[["", all] as const, ...counts].map(([value, count]) => ({
                value,
                label: value === "" ? t("ledger.all") : statusName(value),
                count,
              }))}
              onChoose={setStatus}
            />
          </div>
          <ul
            className={classes(
              "overflow-hidden rounded-2xl border bg-surface transition-opacity",
              ledger.isPlaceholderData && "opacity-50",
            )}
          >
            {lines.map((line) => (
              <Line
                key={line.path}
                source={source}
                line={line}
                status={statusName(line.status)}
                onReadAgain={() => readAgain.mutate({ decision: "read_again", path: line.path })}
                onLeaveOut={() => setLeavingOut({ path: line.path })}
              />
            ))}
          </ul>
          {ledger.hasNextPage && (
            <Button
              className="mt-4"
              disabled={ledger.isFetchingNextPage}
              onClick={() => void ledger.fetchNextPage()}
            >
              {t("ledger.more")}
            </Button>
          )}
        </>
      )}
      {leavingOut && (
        <LeavingOut source={source} path={leavingOut.path} onClose={() => setLeavingOut(null)} />
      )}
    </Page>
  );
}

interface LineProps {
  source: number;
  line: LedgerLine;
  status: string;
  onReadAgain: () => void;
  onLeaveOut: () => void;
}

function Line({ source, line, status, onReadAgain, onLeaveOut }: LineProps) {
  const { t } = useTranslation();
  // The manifest's own line is about rights: there is nothing to read again or to leave out.
  const decidable = line.status !== "rights";
  return (
    <li className="flex gap-2 border-t py-3 pr-2 pl-4 first:border-t-0">
      <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-1 sm:grid-cols-[minmax(0,1fr)_auto]">
        <p className="font-medium break-words">
          {decidable ? (
            <Link
              to="/sources/$source/file"
              params={{ source }}
              search={{ path: line.path }}
              className="rounded-sm underline-offset-4 hover:text-accent hover:underline"
            >
              {line.path}
            </Link>
          ) : (
            line.path
          )}
        </p>
        <p
          className={classes(
            "text-sm font-medium sm:text-right",
            isGood(line.status) ? "text-ink-soft" : "text-warning",
          )}
        >
          {status}
        </p>
        {[line.reason, ...line.warnings].filter(Boolean).map((sentence) => (
          <p key={sentence} className="text-sm text-ink-soft sm:col-span-2">
            {sentence}
          </p>
        ))}
        <History line={line} />
      </div>
      <div className="w-8 shrink-0">
        {decidable && (
          <Menu
            label={t("ledger.actionsOf", { path: line.path })}
            trigger={
              <Button look="quiet" size="iconSmall" aria-label={t("ledger.actionsOf", { path: line.path })}>
                <Ellipsis aria-hidden="true" />
              </Button>
            }
          >
            <MenuItem onSelect={onReadAgain}>
              <RotateCw aria-hidden="true" />
              {t("ledger.readAgain")}
            </MenuItem>
            <MenuItem onSelect={onLeaveOut}>
              <EyeOff aria-hidden="true" />
              {t("ledger.leaveOutAsk")}
            </MenuItem>
          </Menu>
        )}
      </div>
    </li>
  );
}

/** What was done last and when, when the file was last seen, and how long reading it took. */
function History({ line }: { line: LedgerLine }) {
  const { t } = useTranslation();
  const { ago, moment, took } = useFormats();
  const did = useDidName()(line.did);
  return (
    <p className="text-sm text-ink-faint sm:col-span-2">
      <time dateTime={line.updated_at} title={moment(line.updated_at)}>
        {did} {ago(line.updated_at)}
      </time>
      {" · "}
      <time dateTime={line.last_seen} title={moment(line.last_seen)}>
        {t("ledger.seen", { when: ago(line.last_seen) })}
      </time>
      {line.read_ms !== null && ` · ${t("ledger.took", { length: took(line.read_ms) })}`}
    </p>
  );
}

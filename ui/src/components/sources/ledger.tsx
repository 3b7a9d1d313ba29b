import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ledgerQuery, sourcesQuery } from "@/api/sources/queries";
import type { LedgerLine } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button, buttonClasses } from "../ui/button";

const GOOD = new Set(["parsed", "empty", "ignored"]);

/** What became of each file of a source, with the reason in words. */
export function LedgerPage({ source }: { source: number }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const statusName = useStatusName();
  const [status, setStatus] = useState("");
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
        <Link to="/sources" className={buttonClasses({ look: "quiet", size: "small" })}>
          <ArrowLeft aria-hidden="true" />
          {t("ledger.back")}
        </Link>
      }
    >
      {ledger.isPending && <Waiting lines={8} />}
      {ledger.isError && <ProblemNotice error={ledger.error} onRetry={() => void ledger.refetch()} />}
      {ledger.data && (
        <>
          <fieldset className="mb-4 flex flex-wrap gap-2">
            <legend className="sr-only">{t("ledger.filter")}</legend>
            {[["", all] as const, ...counts].map(([value, count]) => (
              <button
                key={value}
                type="button"
                aria-pressed={status === value}
                onClick={() => setStatus(value)}
                className={classes(
                  "h-8 rounded-full border px-3 text-sm transition-colors",
                  status === value
                    ? "border-accent bg-accent-soft font-medium text-accent"
                    : "bg-surface text-ink-soft hover:bg-sunken",
                )}
              >
                {value === "" ? t("ledger.all") : statusName(value)}{" "}
                <span className="tabular-nums">{number(count)}</span>
              </button>
            ))}
          </fieldset>
          <ul
            className={classes(
              "overflow-hidden rounded-2xl border bg-surface transition-opacity",
              ledger.isPlaceholderData && "opacity-50",
            )}
          >
            {lines.map((line) => (
              <Line key={line.path} line={line} status={statusName(line.status)} />
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
    </Page>
  );
}

function useStatusName(): (status: string) => string {
  const { t, i18n } = useTranslation();
  return (status) =>
    i18n.exists(`ledger.statuses.${status}`)
      ? t(`ledger.statuses.${status}` as "ledger.statuses.parsed")
      : status;
}

function Line({ line, status }: { line: LedgerLine; status: string }) {
  return (
    <li className="grid gap-x-6 gap-y-1 border-t px-4 py-3 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_auto]">
      <p className="font-medium break-words">{line.path}</p>
      <p
        className={classes(
          "text-sm font-medium sm:text-right",
          GOOD.has(line.status) ? "text-ink-soft" : "text-warning",
        )}
      >
        {status}
      </p>
      {[line.reason, ...line.warnings].filter(Boolean).map((sentence) => (
        <p key={sentence} className="text-sm text-ink-soft sm:col-span-2">
          {sentence}
        </p>
      ))}
    </li>
  );
}

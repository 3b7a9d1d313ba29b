import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ledgerQuery, sourcesQuery } from "@/api/sources/queries";
import type { LedgerEntry } from "@/api/types";
import { classes } from "@/shared/classes";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { buttonClasses } from "../ui/button";

const GOOD = new Set(["parsed", "empty", "ignored"]);
const SHOWN_AT_ONCE = 500;

/** What became of each file of a source, with the reason in words. */
export function LedgerPage({ source }: { source: number }) {
  const { t, i18n } = useTranslation();
  const sources = useQuery(sourcesQuery);
  const ledger = useQuery(ledgerQuery(source));
  const [status, setStatus] = useState("");
  const entries = ledger.data ?? [];
  const statusName = (name: string) =>
    i18n.exists(`ledger.statuses.${name}`) ? t(`ledger.statuses.${name}` as "ledger.statuses.parsed") : name;
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(entry.status, (counts.get(entry.status) ?? 0) + 1);
  const wanted = entries.filter((entry) => status === "" || entry.status === status);
  const name = sources.data?.find((each) => each.id === source)?.name;
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
            {["", ...counts.keys()].map((value) => (
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
                <span className="tabular-nums">{value === "" ? entries.length : counts.get(value)}</span>
              </button>
            ))}
          </fieldset>
          <ul className="overflow-hidden rounded-2xl border bg-surface">
            {wanted.slice(0, SHOWN_AT_ONCE).map((entry) => (
              <Entry key={entry.path} entry={entry} status={statusName(entry.status)} />
            ))}
          </ul>
          {wanted.length > SHOWN_AT_ONCE && (
            <p className="mt-3 text-sm text-ink-faint">{t("ledger.cut", { count: SHOWN_AT_ONCE })}</p>
          )}
        </>
      )}
    </Page>
  );
}

function Entry({ entry, status }: { entry: LedgerEntry; status: string }) {
  return (
    <li className="grid gap-x-6 gap-y-1 border-t px-4 py-3 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_auto]">
      <p className="font-medium break-words">{entry.path}</p>
      <p
        className={classes(
          "text-sm font-medium sm:text-right",
          GOOD.has(entry.status) ? "text-ink-soft" : "text-warning",
        )}
      >
        {status}
      </p>
      {[entry.reason, ...entry.warnings].filter(Boolean).map((sentence) => (
        <p key={sentence} className="text-sm text-ink-soft sm:col-span-2">
          {sentence}
        </p>
      ))}
    </li>
  );
}

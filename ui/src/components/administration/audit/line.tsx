import { useTranslation } from "react-i18next";
import { ACTIONS } from "@/api/administration/audit";
import type { AuditEntry } from "@/api/administration/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";

/** An entry: who did what to what, when, and how it ended; in the audit's own words. */
export function AuditLine({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const action = ACTIONS.find((each) => each === entry.action);
  const author = entry.name
    ? `${entry.name} (${entry.login})`
    : entry.actor === null
      ? t("administration.audit.machine")
      : t("administration.audit.gone", { number: entry.actor });
  return (
    <li className="border-t px-4 py-3 first:border-t-0 sm:px-5">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <span className="font-medium">
          {action ? t(`administration.audit.actions.${action}`) : entry.action}
        </span>
        {entry.subject && <code className="text-sm break-all text-ink-soft">{entry.subject}</code>}
        {entry.outcome !== "done" && (
          <span
            className={classes(
              "text-sm font-medium",
              entry.outcome === "failed" ? "text-danger" : "text-warning",
            )}
          >
            {t(`administration.audit.outcomes.${entry.outcome}`)}
          </span>
        )}
        <span className="ml-auto text-sm text-ink-faint tabular-nums">#{entry.id}</span>
      </div>
      <p className="mt-0.5 text-sm break-words text-ink-soft">
        <time dateTime={entry.at}>{moment(entry.at)}</time> · {author}
      </p>
      <Details details={entry.details} />
    </li>
  );
}

function Details({ details }: { details: AuditEntry["details"] }) {
  const said = Object.entries(details);
  if (said.length === 0) return null;
  return (
    <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-ink-faint">
      {said.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1">
          <dt>{name}</dt>
          <dd className="break-all text-ink-soft">{written(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const written = (value: unknown): string =>
  Array.isArray(value) ? value.map(written).join(", ") : value === null ? "–" : `${value}`;

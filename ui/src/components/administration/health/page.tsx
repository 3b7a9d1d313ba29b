import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, RotateCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { healthQuery } from "@/api/administration/health";
import type { Health } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { Page } from "../../layout/shell";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { type Check, checksOf } from "./checks";

/** Whether everything works, and what to do about what does not. */
export function HealthPage() {
  const { t } = useTranslation();
  const health = useQuery(healthQuery);
  return (
    <Page
      title={t("administration.health.title")}
      lead={t("administration.health.lead")}
      actions={
        <Button disabled={health.isFetching} onClick={() => void health.refetch()}>
          <RotateCw aria-hidden="true" />
          {t("administration.health.again")}
        </Button>
      }
    >
      {health.isPending && <Waiting lines={6} />}
      {health.isError && <ProblemNotice error={health.error} onRetry={() => void health.refetch()} />}
      {health.data && <Parts health={health.data} />}
    </Page>
  );
}

function Parts({ health }: { health: Health }) {
  const { t } = useTranslation();
  const words = useWords(health);
  const checks = checksOf(health, Date.now());
  const bad = checks.filter(({ state }) => state !== "ok").length;
  return (
    <>
      <p role="status" className={bad > 0 ? "mb-4 font-medium text-warning" : "mb-4 font-medium text-accent"}>
        {bad > 0 ? t("administration.health.attention", { count: bad }) : t("administration.health.allWell")}
      </p>
      <ul className="overflow-hidden rounded-2xl border bg-surface">
        {checks.map((check) => (
          <Part key={check.name} check={check} told={words[check.name]} />
        ))}
      </ul>
      {health.models.length > 0 && (
        <section aria-labelledby="health-models" className="mt-8">
          <h2 id="health-models" className="mb-3 font-serif text-2xl font-medium">
            {t("administration.models.title")}
          </h2>
          <ul className="overflow-hidden rounded-2xl border bg-surface">
            {health.models.map((model) => (
              <li
                key={model.name}
                className="flex flex-wrap gap-x-3 border-t px-4 py-3 first:border-t-0 sm:px-5"
              >
                <span className="font-medium break-words">{model.name}</span>
                {model.answers ? (
                  <span className="text-sm text-ink-soft">{t("administration.health.noFailure")}</span>
                ) : (
                  <span className="text-sm text-warning">{t("administration.models.silent")}</span>
                )}
                {model.problem && (
                  <span lang="en" className="w-full text-sm break-words text-ink-soft">
                    {model.problem}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Part({ check, told }: { check: Check; told: string }) {
  const { t } = useTranslation();
  const Icon = { ok: CircleCheck, attention: TriangleAlert, down: CircleX }[check.state];
  const look = { ok: "text-accent", attention: "text-warning", down: "text-danger" }[check.state];
  return (
    <li className="flex gap-3 border-t px-4 py-4 first:border-t-0 sm:px-5">
      <Icon aria-hidden="true" className={`mt-0.5 size-5 shrink-0 ${look}`} />
      <div className="min-w-0">
        <h2 className="font-medium">
          {t(`administration.health.parts.${check.name}`)}{" "}
          <span className={`text-sm font-normal ${look}`}>
            {t(`administration.health.states.${check.state}`)}
          </span>
        </h2>
        <p className="mt-0.5 text-sm break-words text-ink-soft">{told}</p>
        {check.state !== "ok" && (
          <p className="mt-1 text-sm">{t(`administration.health.advice.${check.name}`)}</p>
        )}
      </div>
    </li>
  );
}

/** What is known of each part, in words. */
function useWords(health: Health): Record<Check["name"], string> {
  const { t } = useTranslation();
  const { number, percent, size, ago } = useFormats();
  const { database, queue, disk, version } = health;
  return {
    api: t("administration.health.version", { version }),
    database: t(database.embedded ? "administration.health.embedded" : "administration.health.external", {
      server: database.server,
      revision: database.revision,
      size: size(database.size),
    }),
    worker: t("administration.health.workers", { count: queue.workers, number: number(queue.workers) }),
    queue: [
      t("administration.health.waiting", { count: queue.waiting, number: number(queue.waiting) }),
      queue.waiting_since && t("administration.health.since", { when: ago(queue.waiting_since) }),
      t("administration.health.running", { count: queue.running, number: number(queue.running) }),
      queue.failed > 0 &&
        t("administration.health.failed", { count: queue.failed, number: number(queue.failed) }),
    ]
      .filter(Boolean)
      .join(" · "),
    disk: t("administration.health.free", {
      free: size(disk.free),
      total: size(disk.total),
      part: percent(disk.free / Math.max(1, disk.total)),
    }),
    scans: t(health.scans_are_read ? "administration.health.scans" : "administration.health.noScans"),
  };
}

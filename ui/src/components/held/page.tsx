import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { heldQuery, ownHeldQuery } from "@/api/moderation/queries";
import type { Held } from "@/api/types";
import { classes } from "@/shared/classes";
import { Page } from "../layout/shell";
import { Facts } from "../moderation/facts";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Outcome } from "./outcome";

const LOOKS = {
  waiting: "bg-sunken text-ink-soft",
  released: "bg-accent-soft text-accent",
  refused: "bg-warning-soft text-warning",
};

/** What is held back of what the person asked, and what was decided. */
export function HeldPage() {
  const { t } = useTranslation();
  const held = useQuery(ownHeldQuery);
  return (
    <Page title={t("held.title")} lead={t("held.lead")}>
      {held.isPending && <Waiting lines={4} />}
      {held.isError && <ProblemNotice error={held.error} onRetry={() => void held.refetch()} />}
      {held.data?.length === 0 && <Notice title={t("held.none")}>{t("held.noneAdvice")}</Notice>}
      {held.data && held.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {held.data.map((one) => (
            <Row key={one.id} held={one} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Row({ held }: { held: Held }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const released = held.state === "released";
  const whole = useQuery({ ...heldQuery(held.id), enabled: released && open });
  const id = `words-${held.id}`;
  return (
    <li className="border-t px-4 py-4 first:border-t-0 sm:px-5">
      <article className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <Facts held={held} asker={false} />
        </div>
        <p className={classes("rounded-full px-2.5 py-0.5 text-sm font-medium", LOOKS[held.state])}>
          {t(`held.states.${held.state}`)}
        </p>
      </article>
      <div id={id} className="mt-2">
        {open && whole.isPending && <Waiting lines={2} />}
        {open && whole.isError && <ProblemNotice error={whole.error} onRetry={() => void whole.refetch()} />}
        <Outcome held={held} words={open ? whole.data?.words : undefined} />
      </div>
      {released && (
        <Button
          size="small"
          className="mt-3"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {t(open ? "held.hide" : "held.read")}
        </Button>
      )}
    </li>
  );
}

import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "@/api/types";
import { useAssistant } from "../assistants/chip";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Choice, LongField } from "../ui/field";
import type { Conversation } from "./conversation";
import { useShown } from "./conversations";
import type { Exchange } from "./exchanges";

const REASONS = ["missing", "wrong", "outdated", "incomplete", "other"] as const;

/** Lets those who look after documents read a question without a good answer; nobody reads it before. */
export function ReportGap({ exchange, conversation }: { exchange: Exchange; conversation: Conversation }) {
  const { t } = useTranslation();
  const { about, assistant } = useShown(conversation);
  const writes = useAssistant(assistant)?.kind === "writing";
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const [said, setSaid] = useState<Required<Report>>({ reason: "missing", comment: "" });
  const report = useMutation({
    mutationFn: (sent: Report | null) => conversation.report(exchange.id, sent),
    onSuccess: () => show(false),
  });
  const show = (wanted: boolean) => {
    moved.current = true;
    setOpen(wanted);
  };
  // What had the focus is gone: the first thing in its place takes it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each change of what is shown.
  useEffect(() => {
    if (moved.current) place.current?.querySelector<HTMLElement>("select, button")?.focus();
    moved.current = false;
  }, [open, exchange.sent]);
  const { outcome, thumb, sent } = exchange;
  const from = outcome && !["check", "access", "needs_model"].includes(outcome.fallback ?? "");
  const poor = thumb === "useless" || outcome?.answerable === false || outcome?.fallback === "withheld";
  if (!about?.own || writes || !from || !(poor || sent)) return null;
  return (
    <div ref={place} className="mt-3 text-sm">
      {!open && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft">
          <span role="status">{t(sent ? "report.sent" : "report.ask")}</span>
          <Button
            look={sent ? "quiet" : "outline"}
            size="small"
            disabled={report.isPending}
            onClick={() => (sent ? report.mutate(null) : show(true))}
          >
            {t(sent ? "report.withdraw" : "report.open")}
          </Button>
        </p>
      )}
      {open && (
        <form
          aria-label={t("report.open")}
          className="max-w-xl animate-rise space-y-4 rounded-2xl border bg-surface p-4 sm:p-5"
          onSubmit={(event) => {
            event.preventDefault();
            report.mutate(said);
          }}
        >
          <Choice
            label={t("report.reason")}
            value={said.reason || "other"}
            options={REASONS.map((value) => [value, t(`report.reasons.${value}`)] as const)}
            onChoose={(reason) => setSaid({ ...said, reason })}
          />
          <LongField
            label={t("report.comment")}
            hint={t("report.consent")}
            rows={2}
            maxLength={1000}
            value={said.comment}
            onChange={(event) => setSaid({ ...said, comment: event.target.value })}
          />
          <div className="flex flex-wrap justify-end gap-2">
            <Button size="small" onClick={() => show(false)}>
              {t("actions.cancel")}
            </Button>
            <Button type="submit" size="small" look="primary" disabled={report.isPending}>
              <Send aria-hidden="true" />
              {t("report.send")}
            </Button>
          </div>
        </form>
      )}
      {report.isError && <ProblemNotice error={report.error} />}
    </div>
  );
}

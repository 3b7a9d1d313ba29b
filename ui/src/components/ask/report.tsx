import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "@/api/types";
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
  const { about } = useShown(conversation);
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState<Required<Report>>({ reason: "missing", comment: "" });
  const report = useMutation({
    mutationFn: (sent: Report | null) => conversation.report(exchange.id, sent),
    onSuccess: () => setOpen(false),
  });
  const { outcome, thumb, sent } = exchange;
  const from = outcome && !["check", "access", "needs_model"].includes(outcome.fallback ?? "");
  const poor = thumb === "useless" || outcome?.answerable === false || outcome?.fallback === "withheld";
  if (!about?.own || !from || !(poor || sent)) return null;
  return (
    <div className="mt-3 text-sm" aria-live="polite">
      {!open && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft">
          {t(sent ? "report.sent" : "report.ask")}
          <Button
            look={sent ? "quiet" : "outline"}
            size="small"
            disabled={report.isPending}
            onClick={() => (sent ? report.mutate(null) : setOpen(true))}
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
            <Button size="small" onClick={() => setOpen(false)}>
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

import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Problem, problemKind } from "@/api/problem";
import { useFormats } from "@/shared/formats";
import { Button } from "../ui/button";
import { Notice } from "./notice";

/** Seconds beyond which a wait is for a quota to be renewed, rather than for a rush to pass. */
const QUOTA_S = 900;

/** What the API refused, as a sentence and what to do about it. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const kind = problemKind(error);
  const wait = error instanceof Problem ? error.retryAfter : null;
  const { ago } = useFormats();
  if (kind === "tooMany" && wait !== null && wait > QUOTA_S) {
    const when = ago(new Date(Date.now() + wait * 1000).toISOString());
    return (
      <Notice tone="danger" alert title={t("problems.quota.title")}>
        {t("problems.quota.advice", { when })}
      </Notice>
    );
  }
  // What the API says of an invalid or conflicting request names the field: nobody else can.
  const detail =
    error instanceof Problem && (kind === "invalid" || kind === "conflict" || kind === "forbidden")
      ? error.detail
      : "";
  return (
    <Notice
      tone="danger"
      alert
      title={t(`problems.${kind}.title`)}
      actions={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            <RotateCw aria-hidden="true" />
            {t("actions.retry")}
          </Button>
        )
      }
    >
      {kind === "tooMany" && wait !== null
        ? t("problems.tooMany.wait", { count: Math.ceil(wait) })
        : t(`problems.${kind}.advice`)}
      {detail && <p className="mt-1">{detail}</p>}
    </Notice>
  );
}

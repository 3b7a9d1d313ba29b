import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Problem, problemKind } from "@/api/problem";
import { Button } from "../ui/button";
import { Notice } from "./notice";

/** What the API refused, as a sentence and what to do about it. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const kind = problemKind(error);
  const wait = error instanceof Problem ? error.retryAfter : null;
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

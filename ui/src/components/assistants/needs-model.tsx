import { useTranslation } from "react-i18next";
import type { Assistant } from "@/api/types";
import { Notice } from "../states/notice";

/** That an assistant which writes has no model to write with, and what happens then. */
export function NeedsModel({ assistant, className }: { assistant: Assistant; className?: string }) {
  const { t } = useTranslation();
  if (assistant.kind !== "writing" || assistant.writable) return null;
  return (
    <div className={className}>
      <Notice tone="warning" title={t("assistants.needsModel")}>
        {t("assistants.needsModelAdvice")}
      </Notice>
    </div>
  );
}

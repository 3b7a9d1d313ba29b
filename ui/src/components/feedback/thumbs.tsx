import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFeedback } from "@/api/search/feedback";
import type { DocumentBrief } from "@/api/types";
import { classes } from "@/shared/classes";
import { titleOf } from "../documents/place";
import { Button } from "../ui/button";

interface Props {
  query: string;
  document: DocumentBrief;
  className?: string;
}

/** Says whether a document served for a question; pressed again, takes it back. */
export function Thumbs({ query, document, className }: Props) {
  const { t } = useTranslation();
  const { taken, thumbOn, thumb } = useFeedback(query);
  if (!taken) return null;
  const pressed = thumbOn(document.id);
  const name = titleOf(document);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what a form sends.
    <div
      role="group"
      aria-label={t("feedback.label", { name })}
      className={classes("flex shrink-0", className)}
    >
      {[["useful", ThumbsUp] as const, ["useless", ThumbsDown] as const].map(([verdict, Icon]) => (
        <Button
          key={verdict}
          look="quiet"
          size="iconSmall"
          aria-pressed={pressed === verdict}
          aria-label={t(`feedback.${verdict}`, { name })}
          title={t(`feedback.${verdict}Short`)}
          className="text-ink-faint aria-pressed:bg-accent-soft aria-pressed:text-accent"
          onClick={() => thumb(document.id, verdict)}
        >
          <Icon aria-hidden="true" />
        </Button>
      ))}
    </div>
  );
}

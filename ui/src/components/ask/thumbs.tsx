import { useMutation } from "@tanstack/react-query";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Thumb } from "@/api/types";
import { Button } from "../ui/button";
import type { Conversation } from "./conversation";
import { useShown } from "./conversations";
import type { Exchange } from "./exchanges";

const THUMBS = [["useful", ThumbsUp] as const, ["useless", ThumbsDown] as const];

/** Says whether an answer was of use; pressed again, takes it back. Whoever has an assistant sees how many were. */
export function Thumbs({ exchange, conversation }: { exchange: Exchange; conversation: Conversation }) {
  const { t } = useTranslation();
  const { about } = useShown(conversation);
  const rate = useMutation({ mutationFn: (thumb: Thumb | null) => conversation.rate(exchange.id, thumb) });
  if (!about?.own) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what a form sends.
    <div role="group" aria-label={t("rating.label")} className="flex">
      {THUMBS.map(([thumb, Icon]) => (
        <Button
          key={thumb}
          look="quiet"
          size="iconSmall"
          aria-pressed={exchange.thumb === thumb}
          aria-label={t(`rating.${thumb}`)}
          title={t(rate.isError ? "rating.failed" : `rating.${thumb}`)}
          className="aria-pressed:bg-accent-soft aria-pressed:text-accent"
          onClick={() => rate.mutate(exchange.thumb === thumb ? null : thumb)}
        >
          <Icon aria-hidden="true" />
        </Button>
      ))}
    </div>
  );
}

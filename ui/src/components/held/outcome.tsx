import { useNavigate } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Held, HeldWords } from "@/api/types";
import { conversations } from "../ask/conversations";
import { Quoted } from "../moderation/facts";
import { Button } from "../ui/button";

/** Numbers of citations, which a released answer comes without. */
const MARKER = /\s*\[\d+(?:,\s*\d+)*\]/g;

interface Props {
  held: Held;
  /** Null: they may not be read; undefined: nobody looked. */
  words: HeldWords | null | undefined;
  /** Whether this stands in the answer, below what was shown of it. */
  rest?: boolean;
}

/** What became of something held back, why, and its words once they are released. */
export function Outcome({ held, words, rest = false }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  // A release is for the same words in the same place, and this page asks in conversations.
  const place = held.stage === "input" && held.assistant === "" ? held.conversation_id : null;
  return (
    <div className="mt-1 space-y-3 text-[0.9375rem] text-ink-soft">
      <p>{t(`held.${held.state}.${held.stage}`)}</p>
      {held.changed && held.state !== "refused" && <p>{t("held.changed")}</p>}
      {held.reason && <p className="break-words">{t("held.reason", { reason: held.reason })}</p>}
      {words && (
        <div className="max-w-3xl space-y-3 text-ink">
          {!rest && <Quoted title={t("moderation.asked")} text={words.asked} />}
          <Quoted
            title={t(`moderation.stages.${held.stage}`)}
            text={rest ? words.text.replace(MARKER, "") : words.shown + words.text}
          />
        </div>
      )}
      {held.state === "released" && words === null && <p>{t("held.withheld")}</p>}
      {words && place !== null && (
        <Button
          size="small"
          onClick={() => {
            void navigate({ to: "/c/$conversation", params: { conversation: place } });
            void conversations.of(place).ask(words.text);
          }}
        >
          <RotateCw aria-hidden="true" />
          {t("held.askAgain")}
        </Button>
      )}
    </div>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Held, HeldWords } from "@/api/types";
import { conversation } from "../ask/conversation";
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
  // A release is for the same words in the same place: this page's questions stand in no conversation.
  const again = held.stage === "input" && held.conversation_id === null && held.assistant === "";
  return (
    <div className="mt-1 space-y-3 text-[0.9375rem] text-ink-soft">
      <p>{t(`held.${held.state}.${held.stage}`)}</p>
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
      {words && again && (
        <Button
          size="small"
          onClick={() => {
            void navigate({ to: "/" });
            void conversation.ask(words.text);
          }}
        >
          <RotateCw aria-hidden="true" />
          {t("held.askAgain")}
        </Button>
      )}
    </div>
  );
}

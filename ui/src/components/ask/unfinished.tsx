import { useNavigate } from "@tanstack/react-router";
import { MessageCirclePlus, RotateCw, Square, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/problem";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import type { Conversation } from "./conversation";
import { conversations } from "./conversations";
import type { Exchange } from "./exchanges";

interface Props {
  exchange: Exchange;
  conversation: Conversation;
  /** Whether it can be wanted again. */
  again: boolean;
}

/** Why there is no answer, and what to do; the question is never lost. */
export function Failed({ exchange, conversation, again }: Props) {
  const { t } = useTranslation();
  const { problem, told, wish, id, answerTurn } = exchange;
  const status = problem instanceof Problem ? problem.status : null;
  const retry = () => void conversation.retry(id);
  return (
    <div className="mt-4 space-y-3">
      {problem === null ? (
        <Notice
          tone="danger"
          title={t("ask.failed")}
          actions={
            again && (
              <Button size="small" onClick={retry}>
                <RotateCw aria-hidden="true" />
                {t("actions.retry")}
              </Button>
            )
          }
        >
          {told}
        </Notice>
      ) : status === 404 ? (
        <Removed question={exchange.question} />
      ) : status === 409 ? (
        <Busy exchange={exchange} conversation={conversation} again={again} />
      ) : (
        <ProblemNotice error={problem} {...(again && { onRetry: retry })} />
      )}
      {answerTurn === null && wish.kind !== "ask" && status !== 404 && (
        <Button look="quiet" size="small" onClick={() => void conversation.load()}>
          <Undo2 aria-hidden="true" />
          {t("ask.undo")}
        </Button>
      )}
    </div>
  );
}

/** Somebody removed the conversation, in another window or on another machine. */
function Removed({ question }: { question: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Notice
      tone="danger"
      alert
      title={t("ask.removed")}
      actions={
        <Button
          size="small"
          onClick={() => {
            conversations.renew();
            void conversations.of(null).ask(question);
            void navigate({ to: "/" });
          }}
        >
          <MessageCirclePlus aria-hidden="true" />
          {t("ask.askInNew")}
        </Button>
      }
    >
      {t("ask.removedAdvice")}
    </Notice>
  );
}

/** Another answer is being written here, for another window; or there is no room for more. */
function Busy({ exchange, conversation, again }: Props) {
  const { t } = useTranslation();
  const { problem } = exchange;
  return (
    <Notice
      tone="warning"
      alert
      title={t("ask.busy")}
      actions={
        again && (
          <>
            <Button size="small" onClick={() => void conversation.retry(exchange.id)}>
              <RotateCw aria-hidden="true" />
              {t("actions.retry")}
            </Button>
            <Button look="quiet" size="small" onClick={() => void conversation.stopElsewhere(exchange.id)}>
              <Square aria-hidden="true" />
              {t("ask.stopOther")}
            </Button>
          </>
        )
      }
    >
      {t("ask.busyAdvice")}
      {problem instanceof Problem && problem.detail && <p className="mt-1">{problem.detail}</p>}
    </Notice>
  );
}

export function Stopped({ exchange, conversation, again }: Props) {
  const { t } = useTranslation();
  return (
    <div className="mt-4">
      <Notice
        title={t("ask.stopped")}
        actions={
          again && (
            <Button size="small" onClick={() => void conversation.retry(exchange.id)}>
              <RotateCw aria-hidden="true" />
              {t("ask.askAgain")}
            </Button>
          )
        }
      />
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants/queries";
import type { Conversation } from "../ask/conversation";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { buttonClasses } from "../ui/button";
import { usePageLanguage } from "./language";
import { NeedsModel } from "./needs-model";
import { Openings } from "./openings";

interface Props {
  assistant: string;
  conversation: Conversation;
  /** The box to ask in. */
  children: ReactNode;
}

/** What stands above the box of a conversation that begins with an assistant. */
export function AssistantWelcome({ assistant, conversation, children }: Props) {
  const { t } = useTranslation();
  const found = useQuery(assistantQuery(assistant, usePageLanguage()));
  const about = found.data;
  return (
    <>
      <title>{`${about?.name ?? t("assistants.title")} · Centaure`}</title>
      {found.isPending && <Waiting lines={3} />}
      {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {about && (
        <>
          <h1 className="text-center font-serif text-[clamp(1.9rem,4.2vw,2.75rem)] leading-[1.15] font-medium tracking-[-0.015em]">
            {about.name}
          </h1>
          <p className="mx-auto mt-3 mb-6 max-w-xl text-center text-[1.0625rem] text-balance text-ink-soft">
            {about.description}
          </p>
          <NeedsModel assistant={about} className="mb-6" />
        </>
      )}
      {!found.isError && children}
      {about && (
        <div className="mt-5 space-y-4">
          {about.has_form && (
            <p className="text-center">
              <Link to="/assistants/$key" params={{ key: assistant }} className={buttonClasses()}>
                <ListChecks aria-hidden="true" />
                {t("assistants.fillForm")}
              </Link>
            </p>
          )}
          <Openings
            questions={about.definition.openings}
            language={about.language}
            onAsk={(question) => void conversation.ask(question)}
          />
        </div>
      )}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUp, Copy, MessageCircleQuestion, Pencil, Share2, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants/queries";
import { Problem } from "@/api/problem";
import type { Assistant } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { LONGEST_QUESTION } from "../ask/question";
import { Page } from "../layout/shell";
import { Missing } from "../states/missing";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button, buttonClasses } from "../ui/button";
import { useAskAssistant } from "./ask";
import { Facts } from "./facts";
import { FormFields } from "./form";
import { usePageLanguage } from "./language";
import { NeedsModel } from "./needs-model";
import { Openings } from "./openings";
import { Prompt, Section } from "./parts";
import { filled, isComplete, type Values } from "./prompt";
import { RemoveDialog } from "./remove";
import { ShareAssistant } from "./share";
import { Use } from "./use";
import { Versions } from "./versions";

/** One assistant: its form, its opening questions, what it is, and for its owner how it is used and changed. */
export function AssistantPage({ id }: { id: string }) {
  const found = useQuery(assistantQuery(id, usePageLanguage()));
  if (found.error instanceof Problem && found.error.status === 404) return <Missing />;
  if (found.data) return <Known key={id} assistant={found.data} />;
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-12 sm:px-8">
      {found.isError ? (
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Waiting lines={8} />
      )}
    </div>
  );
}

function Known({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const ask = useAskAssistant();
  const [open, setOpen] = useState<"share" | "remove" | null>(null);
  const { key, name, description, own, definition, language } = assistant;
  return (
    <Page
      title={name}
      lead={<span lang={language}>{description}</span>}
      actions={
        <div className="flex flex-wrap gap-2">
          <Link to="/" search={{ assistant: key }} className={buttonClasses({ look: "primary" })}>
            <MessageCircleQuestion aria-hidden="true" />
            {t("assistants.use")}
          </Link>
          {own && (
            <>
              <Link to="/assistants/$key/edit" params={{ key }} className={buttonClasses()}>
                <Pencil aria-hidden="true" />
                {t("assistants.edit")}
              </Link>
              <Button onClick={() => setOpen("share")}>
                <Share2 aria-hidden="true" />
                {t("assistants.share")}
              </Button>
            </>
          )}
          <Link to="/assistants/new" search={{ from: key }} className={buttonClasses()}>
            <Copy aria-hidden="true" />
            {t("assistants.copy")}
          </Link>
          {own && (
            <Button look="danger" onClick={() => setOpen("remove")}>
              <Trash2 aria-hidden="true" />
              {t("assistants.remove")}
            </Button>
          )}
        </div>
      }
    >
      <div className="space-y-10">
        <NeedsModel assistant={assistant} />
        {definition.fields.length > 0 && <Filling assistant={assistant} />}
        {definition.openings.length > 0 && (
          <Section title={t("assistants.openings")}>
            <Openings
              questions={definition.openings}
              language={language}
              onAsk={(question) => ask(key, question)}
            />
          </Section>
        )}
        {own && <Use id={key} />}
        <Section title={t("assistants.about")}>
          <Facts assistant={assistant} />
        </Section>
        {own && <Versions assistant={assistant} />}
      </div>
      {open === "share" && <ShareAssistant id={key} onClose={() => setOpen(null)} />}
      {open === "remove" && <RemoveDialog assistant={assistant} onClose={() => setOpen(null)} />}
    </Page>
  );
}

/** The form, and the prompt that it makes, as it will be asked. */
function Filling({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const ask = useAskAssistant();
  const [values, setValues] = useState<Values>({});
  const { key, definition, language } = assistant;
  const prompt = filled(definition.template, definition.fields, values);
  const complete = isComplete(definition.fields, values);
  const long = prompt.length > LONGEST_QUESTION;
  return (
    <Section title={t("assistants.form")}>
      <form
        className="rounded-2xl border bg-surface p-5 sm:p-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete && !long) ask(key, prompt);
        }}
      >
        <FormFields fields={definition.fields} language={language} values={values} onChange={setValues} />
        <details className="mt-5">
          <summary className="w-fit rounded text-sm text-ink-soft underline decoration-line-strong underline-offset-4">
            {t("assistants.seePrompt")}
          </summary>
          <Prompt text={prompt} language={language} />
        </details>
        {long && (
          <p role="alert" className="mt-4 text-sm text-danger">
            {t("assistants.tooLong", { longest: number(LONGEST_QUESTION), length: number(prompt.length) })}
          </p>
        )}
        <div className="mt-5 flex justify-end">
          <Button type="submit" look="primary" disabled={!complete || long}>
            <ArrowUp aria-hidden="true" />
            {t(assistant.kind === "writing" ? "assistants.write" : "assistants.askIt")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

import { Link, useNavigate } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { SessionState } from "@/api/types";
import { classes } from "@/shared/classes";
import { Notice } from "../states/notice";
import { buttonClasses } from "../ui/button";
import { FolderStep } from "./folder";
import { ModelStep } from "./model";
import { QuestionStep } from "./question";
import { STEPS, type Step } from "./steps";

const WORDS = {
  model: ["model.title", "model.lead"],
  folder: ["folder.title", "folder.lead"],
  question: ["question.title", "question.lead"],
} as const;

interface Props {
  step: Step;
  /** The request whose reading is followed. */
  folder: number | undefined;
  user: SessionState["user"];
}

/** From an empty installation to a first sourced answer. */
export function StartPage({ step, folder, user }: Props) {
  const { t } = useTranslation("start");
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever pressed "continue" goes on at the top of what came.
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each step.
  useEffect(() => heading.current?.focus(), [step]);
  const to = (next: Step, request?: number) =>
    void navigate({
      to: "/start",
      search: { step: next, ...(request !== undefined && { folder: request }) },
    });
  const [title, lead] = WORDS[step];
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-8 sm:px-6 sm:py-12">
      <title>{`${t("title")} · Centaure`}</title>
      {user.roles.includes("administrator") ? (
        <>
          <Steps current={step} />
          <h1
            ref={heading}
            tabIndex={-1}
            className="font-serif text-[2rem] leading-tight font-medium tracking-[-0.01em] outline-none"
          >
            {t(title)}
          </h1>
          <p className="mt-2 mb-8 max-w-prose text-pretty text-ink-soft">{t(lead)}</p>
          {step === "model" && <ModelStep onDone={() => to("folder")} />}
          {step === "folder" && (
            <FolderStep
              login={user.login}
              onBack={() => to("model")}
              onLater={() => to("question")}
              onAdded={(request) => to("question", request)}
            />
          )}
          {step === "question" && <QuestionStep folder={folder} onAgain={() => to("folder")} />}
        </>
      ) : (
        <>
          <h1 className="sr-only">{t("title")}</h1>
          <Notice
            title={t("only")}
            actions={
              <Link to="/" className={buttonClasses({ look: "primary", size: "small" })}>
                {t("question.ask")}
              </Link>
            }
          >
            {t("onlyAdvice")}
          </Notice>
        </>
      )}
    </div>
  );
}

function Steps({ current }: { current: Step }) {
  const { t } = useTranslation("start");
  const at = STEPS.indexOf(current);
  return (
    <ol aria-label={t("steps")} className="mb-10 flex gap-2">
      {STEPS.map((step, place) => (
        <li key={step} aria-current={step === current ? "step" : undefined} className="flex-1">
          <span
            aria-hidden="true"
            className={classes("block h-1 rounded-full", place <= at ? "bg-accent" : "bg-line")}
          />
          <span
            className={classes(
              "mt-2 flex items-center gap-1.5 text-sm",
              step === current ? "font-medium text-ink" : "text-ink-faint",
            )}
          >
            {place < at && <Check aria-hidden="true" className="size-4 text-accent" />}
            {t(`step.${step}`)}
            {place < at && <span className="sr-only"> {t("done")}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

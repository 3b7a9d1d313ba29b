import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleSlash, Hourglass } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { heldQuery } from "@/api/moderation/queries";
import { problemKind } from "@/api/problem";
import type { AnswerTurn } from "@/api/types";
import { buttonClasses } from "../ui/button";
import { Outcome } from "./outcome";

const ICONS = { waiting: Hourglass, released: CircleCheck, refused: CircleSlash, gone: CircleSlash };

type State = keyof typeof ICONS;

/** In place of an answer, or of the rest of one: that a person has to read it first, then what they decided. */
export function HeldNotice({ id }: { id: number }) {
  const { t } = useTranslation();
  const { data: whole, error } = useQuery(heldQuery(id));
  const gone = error !== null && problemKind(error) === "missing";
  return (
    <Frame state={gone ? "gone" : (whole?.held.state ?? "waiting")}>
      {gone && <p className="mt-1 text-[0.9375rem] text-ink-soft">{t("held.nobody")}</p>}
      {!gone && whole && <Outcome held={whole.held} words={whole.words} rest />}
    </Frame>
  );
}

/** The same of an answer that is stored, where a released one stands in its place. */
export function HeldState({
  state,
  reason,
}: {
  state: NonNullable<AnswerTurn["held_state"]>;
  reason: string;
}) {
  const { t } = useTranslation();
  return (
    <Frame state={state === "expired" ? "gone" : state}>
      {state === "expired" && <p className="mt-1 text-[0.9375rem] text-ink-soft">{t("held.nobody")}</p>}
      {state !== "waiting" && reason && (
        <p className="mt-1 text-[0.9375rem] break-words text-ink-soft">{t("held.reason", { reason })}</p>
      )}
    </Frame>
  );
}

function Frame({ state, children }: { state: State; children: ReactNode }) {
  const { t } = useTranslation();
  const title = useId();
  const Icon = ICONS[state];
  return (
    <section
      aria-labelledby={title}
      aria-live="polite"
      className="mt-4 animate-rise rounded-2xl border bg-surface p-4 sm:p-5"
    >
      <h3 id={title} className="flex items-center gap-2.5 font-medium">
        <Icon aria-hidden="true" className="size-[1.125rem] shrink-0 text-accent" />
        {t(`held.notice.${state}`)}
      </h3>
      {children}
      {state === "waiting" && (
        <>
          <p className="mt-1 text-[0.9375rem] text-ink-soft">{t("held.where")}</p>
          <p className="mt-3">
            <Link to="/account/held" className={buttonClasses({ size: "small" })}>
              {t("held.all")}
            </Link>
          </p>
        </>
      )}
    </section>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BookOpen, Check, RotateCw, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { decideOnHeld, moderationKeys, readHeld } from "@/api/moderation/queries";
import { problemKind } from "@/api/problem";
import type { Held, HeldDecision } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { LongField } from "../ui/field";
import { Decided, Facts, Quoted } from "./facts";

const LONGEST_REASON = 500;

interface Props {
  held: Held;
  onDecided: (held: Held, decision: HeldDecision) => void;
}

/** Something held back; its words once a reason is given, then the decision. */
export function HeldEntry({ held, onDecided }: Props) {
  const { t } = useTranslation();
  const { ago } = useFormats();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <li className="border-t px-4 py-4 first:border-t-0 sm:px-5">
      <article className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <Facts held={held} asker />
          <Decided held={held} />
        </div>
        {!open && (
          <Button
            ref={opener}
            size="small"
            aria-label={t("moderation.readOne", {
              stage: t(`moderation.stages.${held.stage}`),
              name: held.asked_by,
              when: ago(held.held_at),
            })}
            onClick={() => setOpen(true)}
          >
            <BookOpen aria-hidden="true" />
            {t("moderation.read")}
          </Button>
        )}
      </article>
      {open && <Reading held={held} onClose={close} onDecided={onDecided} />}
    </li>
  );
}

function Reading({ held, onClose, onDecided }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const [why, setWhy] = useState("");
  const place = useRef<HTMLDivElement>(null);
  const read = useMutation({
    mutationFn: () => readHeld(held.id, why),
    // The words are for this look at them: nothing keeps them afterwards.
    gcTime: 0,
  });
  const whole = read.data;
  useEffect(() => {
    (whole === undefined ? place.current?.querySelector("textarea") : place.current)?.focus();
  }, [whole]);
  return (
    <div ref={place} tabIndex={-1} className="mt-4 max-w-3xl animate-rise space-y-4 outline-none">
      {whole?.words ? (
        <>
          <Quoted title={t("moderation.earlier")} text={whole.words.earlier.join("\n\n")} />
          <Quoted title={t("moderation.asked")} text={whole.words.asked} />
          <Quoted title={t("moderation.shown")} text={whole.words.shown} />
          <Quoted title={t("moderation.held")} text={whole.words.text} />
          {whole.held.state === "waiting" ? (
            <Decision held={whole.held} onClose={onClose} onDecided={onDecided} />
          ) : (
            <>
              {held.state === "waiting" && <MovedOn what="conflict" />}
              <Button size="small" onClick={onClose}>
                {t("moderation.close")}
              </Button>
            </>
          )}
        </>
      ) : (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            read.mutate();
          }}
        >
          <LongField
            label={t("moderation.why")}
            hint={t("moderation.whyHint")}
            value={why}
            required
            rows={2}
            maxLength={LONGEST_REASON}
            onChange={(event) => setWhy(event.target.value)}
          />
          {read.isError && <Fault error={read.error} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" size="small" disabled={read.isPending || why.trim() === ""}>
              <BookOpen aria-hidden="true" />
              {t("moderation.read")}
            </Button>
            <Button size="small" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

function Decision({ held, onClose, onDecided }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const decide = useMutation({
    mutationFn: (decision: HeldDecision) => decideOnHeld(held.id, decision, reason),
    onSuccess: (_, decision) => onDecided(held, decision),
  });
  const blocked = decide.isPending || reason.trim() === "";
  return (
    <form className="space-y-4" onSubmit={(event) => event.preventDefault()}>
      <LongField
        label={t("moderation.reason")}
        hint={t("moderation.reasonHint")}
        value={reason}
        required
        rows={2}
        maxLength={LONGEST_REASON}
        onChange={(event) => setReason(event.target.value)}
      />
      {decide.isError && <Fault error={decide.error} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={blocked} onClick={() => decide.mutate("released")}>
          <Check aria-hidden="true" />
          {t("moderation.release")}
        </Button>
        <Button look="danger" disabled={blocked} onClick={() => decide.mutate("refused")}>
          <X aria-hidden="true" />
          {t("moderation.refuse")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("moderation.close")}
        </Button>
      </div>
    </form>
  );
}

/** What went wrong, in the words of this page where the queue has moved on. */
function Fault({ error }: { error: unknown }) {
  const kind = problemKind(error);
  if (kind === "conflict") return <MovedOn what="conflict" />;
  if (kind === "missing") return <MovedOn what="gone" />;
  return <ProblemNotice error={error} />;
}

function MovedOn({ what }: { what: "conflict" | "gone" }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return (
    <Notice
      tone="warning"
      alert
      title={t(`moderation.movedOn.${what}.title`)}
      actions={
        <Button
          size="small"
          onClick={() => {
            void queryClient.invalidateQueries({ queryKey: moderationKeys.all });
            // This button goes with what is not in the queue any more.
            document.getElementById("content")?.focus();
          }}
        >
          <RotateCw aria-hidden="true" />
          {t("moderation.refresh")}
        </Button>
      }
    >
      {t(`moderation.movedOn.${what}.advice`)}
    </Notice>
  );
}

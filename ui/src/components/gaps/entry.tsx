import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookA, BookCheck, CheckCheck, CircleSlash, FilePlus, Undo2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { gapDocumentsQuery } from "@/api/gaps/queries";
import type { Gap, GapState } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../documents/classification";
import { PlaceLine, titleOf } from "../documents/place";
import { ProblemNotice } from "../states/problem";
import { Button, buttonClasses } from "../ui/button";
import { DecideGap } from "./decide";

interface Props {
  gap: Gap;
  state: GapState;
  onDecided: (state: GapState) => void;
}

const ACTIONS = [
  ["requested", FilePlus] as const,
  ["resolved", CheckCheck] as const,
  ["out_of_scope", CircleSlash] as const,
];

/** Characters of a question that go to another page with its address. */
const LONGEST_IN_ADDRESS = 300;

/** A group of questions: what they have in common, what documents lack for them, and what can be done. */
export function GapEntry({ gap, state, onDecided }: Props) {
  const { t } = useTranslation();
  const [deciding, setDeciding] = useState<GapState | null>(null);
  const title = useId();
  const name = gap.words.join(" · ") || t("gaps.noWords");
  return (
    <li>
      <article aria-labelledby={title} className="rounded-2xl border bg-surface p-4 sm:p-5">
        <h2 id={title} className="text-lg font-medium break-words">
          {name}
        </h2>
        <Counts gap={gap} />
        {gap.decided_at && <Decided gap={gap} />}
        <Sent gap={gap} />
        <Documents words={gap.words} />
        <div className="mt-5 flex flex-wrap gap-2 border-t pt-4">
          {state === "open" && gap.words.length > 0 && (
            <>
              <Link
                to="/thesaurus"
                search={{ term: gap.words[0] }}
                aria-label={t("gaps.thesaurusOf", { name })}
                className={buttonClasses({ size: "small" })}
              >
                <BookA aria-hidden="true" />
                {t("gaps.thesaurus")}
              </Link>
              <Link
                to="/approved-answers"
                search={{
                  question: (gap.sent[0]?.question ?? gap.words.join(" ")).slice(0, LONGEST_IN_ADDRESS),
                }}
                aria-label={t("gaps.approveOf", { name })}
                className={buttonClasses({ size: "small" })}
              >
                <BookCheck aria-hidden="true" />
                {t("gaps.approve")}
              </Link>
            </>
          )}
          {ACTIONS.filter(([to]) => to !== state).map(([to, Icon]) => (
            <Button
              key={to}
              size="small"
              aria-label={t(`gaps.actionsOf.${to}`, { name })}
              onClick={() => setDeciding(to)}
            >
              <Icon aria-hidden="true" />
              {t(`gaps.actions.${to}`)}
            </Button>
          ))}
          {state !== "open" && (
            <Button
              size="small"
              look="quiet"
              aria-label={t("gaps.actionsOf.open", { name })}
              onClick={() => setDeciding("open")}
            >
              <Undo2 aria-hidden="true" />
              {t("gaps.actions.open")}
            </Button>
          )}
        </div>
      </article>
      {deciding && (
        <DecideGap
          gap={gap}
          name={name}
          state={deciding}
          onClose={() => setDeciding(null)}
          onDecided={() => {
            setDeciding(null);
            onDecided(deciding);
          }}
        />
      )}
    </li>
  );
}

/** How many asked, and in which languages; never a count of fewer than three people. */
function Counts({ gap }: { gap: Gap }) {
  const { t } = useTranslation();
  const { day, language } = useFormats();
  const { questions, people, unanswered, disliked } = gap;
  const parts = [
    questions !== null && people !== null
      ? `${t("gaps.questions", { count: questions })} ${t("gaps.people", { count: people })}`
      : t("gaps.few"),
    unanswered !== null && t("gaps.unanswered", { count: unanswered }),
    disliked !== null && t("gaps.disliked", { count: disliked }),
    gap.languages
      .map((code) => language(code) ?? "")
      .filter(Boolean)
      .join(", "),
    t("gaps.last", { date: day(gap.last_day) }),
  ];
  return <p className="mt-1 text-sm text-ink-soft">{parts.filter(Boolean).join(" · ")}</p>;
}

function Decided({ gap }: { gap: Gap }) {
  const { date } = useFormats();
  return (
    <div className="mt-3 rounded-xl bg-sunken px-4 py-3 text-sm">
      {gap.note && <p className="break-words">{gap.note}</p>}
      <p className="text-ink-soft">
        {[gap.decided_by, date(gap.decided_at ?? "")].filter(Boolean).join(", ")}
      </p>
    </div>
  );
}

/** The questions that their authors let curators read. */
function Sent({ gap }: { gap: Gap }) {
  const { t } = useTranslation();
  const { day } = useFormats();
  if (gap.sent.length === 0) return null;
  return (
    <section className="mt-4">
      <h3 className="text-sm font-medium">{t("gaps.sent", { count: gap.sent.length })}</h3>
      <ul className="mt-2 space-y-2.5">
        {gap.sent.map((sent, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two people can send the same words on the same day.
          <li key={place} className="border-l-2 border-line-strong pl-3">
            <p className="font-serif text-[1.0625rem] leading-snug break-words whitespace-pre-line">
              {sent.question}
            </p>
            {sent.comment && (
              <p className="mt-1 text-[0.9375rem] break-words whitespace-pre-line">{sent.comment}</p>
            )}
            <p className="mt-1 text-sm text-ink-soft">
              {[
                sent.reason && t(`report.reasons.${sent.reason}`),
                t(sent.unanswered ? "gaps.foundNothing" : sent.disliked ? "gaps.ofNoUse" : "gaps.answered"),
                day(sent.day),
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The words that no document holds, and the nearest documents: among those that the curator may read. */
function Documents({ words }: { words: string[] }) {
  const { t } = useTranslation();
  const found = useQuery(gapDocumentsQuery(words));
  if (words.length === 0) return null;
  if (found.isError) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  const { missing = [], documents = [] } = found.data ?? {};
  return (
    <div className="mt-4 grid gap-x-8 gap-y-4 sm:grid-cols-2" aria-busy={found.isPending}>
      <section>
        <h3 className="text-sm font-medium">{t("gaps.missing")}</h3>
        {found.data && missing.length === 0 && (
          <p className="mt-1 text-sm text-ink-soft">{t("gaps.noneMissing")}</p>
        )}
        <ul className="mt-1.5 flex flex-wrap gap-1.5">
          {missing.map((word) => (
            <li key={word} className="rounded-full bg-warning-soft px-2.5 py-0.5 text-sm text-warning">
              {word}
            </li>
          ))}
        </ul>
      </section>
      <section className="min-w-0">
        <h3 className="text-sm font-medium">{t("gaps.nearest")}</h3>
        {found.data && documents.length === 0 && (
          <p className="mt-1 text-sm text-ink-soft">{t("gaps.noneNearest")}</p>
        )}
        <ul className="mt-1.5 space-y-1.5">
          {documents.map((document) => (
            <li key={document.id} className="min-w-0 text-sm">
              <span className="flex items-center gap-2">
                <Link
                  to="."
                  search={(before) => ({ ...before, document: document.id, passage: undefined })}
                  className="min-w-0 truncate underline decoration-line-strong underline-offset-4 hover:decoration-accent"
                >
                  {titleOf(document)}
                </Link>
                <ClassificationBadge value={document.classification} />
              </span>
              <span className="text-ink-soft">
                <PlaceLine document={document} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

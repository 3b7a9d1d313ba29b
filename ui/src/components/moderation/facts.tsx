import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Held } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../documents/classification";
import { found } from "./rules";

/** What is known of something held back without its words. */
export function Facts({ held, asker }: { held: Held; asker: boolean }) {
  const { t } = useTranslation();
  const { ago, moment, day } = useFormats();
  const { known, others } = found(held.rules, held.stage);
  const said = [...known.map((name) => t(`moderation.rules.${name}`)), ...others];
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <p className="min-w-0 font-medium break-words">
          {t(`moderation.stages.${held.stage}`)}
          {asker && (
            <span className="font-normal text-ink-soft">
              {" · "}
              {held.asked_by ? t("moderation.asker", { name: held.asked_by }) : t("moderation.askerGone")}
            </span>
          )}
        </p>
        <ClassificationBadge value={held.classification} />
      </div>
      <p className="mt-1 text-sm text-ink-faint">
        <time dateTime={held.held_at} title={moment(held.held_at)}>
          {t("moderation.heldAt", { when: ago(held.held_at) })}
        </time>
        {" · "}
        <time dateTime={held.expires_at} title={moment(held.expires_at)}>
          {t("moderation.until", { date: day(held.expires_at) })}
        </time>
      </p>
      {said.length > 0 && (
        <p className="mt-1 text-sm break-words text-ink-soft">
          <span className="font-medium">{t("moderation.found")}</span> · {said.join(", ")}
        </p>
      )}
    </>
  );
}

/** What a person decided, when, and why. */
export function Decided({ held }: { held: Held }) {
  const { t } = useTranslation();
  const { ago, moment } = useFormats();
  if (held.state === "waiting" || held.decided_at === null) return null;
  const when = ago(held.decided_at);
  return (
    <div className="mt-2 text-sm text-ink-soft">
      <time dateTime={held.decided_at} title={moment(held.decided_at)}>
        {held.decider
          ? t(`moderation.decidedBy.${held.state}`, { when, name: held.decider })
          : t(`moderation.decided.${held.state}`, { when })}
      </time>
      <p className="break-words">{t("moderation.given", { reason: held.reason })}</p>
    </div>
  );
}

/** Words as they were written, under a heading of their own. */
export function Quoted({ title, text }: { title: string; text: string }) {
  const id = useId();
  if (text === "") return null;
  return (
    <div>
      <h3 id={id} className="text-sm font-medium">
        {title}
      </h3>
      <section
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
        tabIndex={0}
        className="mt-1.5 max-h-[50vh] overflow-y-auto rounded-lg border bg-sunken px-3.5 py-3 font-serif text-[1.0625rem] leading-relaxed break-words whitespace-pre-wrap"
      >
        {text}
      </section>
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { indexQuery } from "@/api/sources/queries";
import type { Generation } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";

/** What is searched, what is built beside it, and how far that is: for curators. */
export function IndexState() {
  const { t } = useTranslation();
  const index = useQuery(indexQuery);
  if (index.isError) return <ProblemNotice error={index.error} onRetry={() => void index.refetch()} />;
  if (!index.data) return null;
  return (
    <section className="mt-8 rounded-2xl border bg-surface p-5" aria-labelledby="index-state">
      <h2 id="index-state" className="text-lg leading-tight font-semibold">
        {t("index.title")}
      </h2>
      <p className="mt-1 text-[0.9375rem] text-ink-soft">{t("index.lead")}</p>
      <ul className="mt-4 divide-y border-t">
        {index.data.map((generation) => (
          <li key={generation.id} className="py-3 last:pb-0">
            <GenerationLine generation={generation} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function GenerationLine({ generation }: { generation: Generation }) {
  const { t } = useTranslation();
  const { ago, moment, number } = useFormats();
  const waiting = [
    generation.to_read > 0 &&
      t("index.toRead", { count: generation.to_read, shown: number(generation.to_read) }),
    generation.to_embed > 0 &&
      t("index.toEmbed", { count: generation.to_embed, shown: number(generation.to_embed) }),
  ].filter(Boolean);
  return (
    <>
      <p className="font-medium break-words">
        {t("index.generation", { number: generation.id })}
        {" · "}
        {t(`index.states.${generation.state}`)}
      </p>
      <p className="text-sm text-ink-soft break-words">
        {generation.embedding ? t("index.meaning", { model: generation.embedding }) : t("index.words")}
        {generation.live_at && (
          <>
            {" · "}
            <time dateTime={generation.live_at} title={moment(generation.live_at)}>
              {t("index.liveSince", { when: ago(generation.live_at) })}
            </time>
          </>
        )}
      </p>
      {waiting.length > 0 && (
        <p className="text-sm text-ink-soft tabular-nums" role="status">
          {waiting.join(" · ")}
        </p>
      )}
      {generation.problem && <p className="mt-1 text-sm text-danger">{generation.problem}</p>}
    </>
  );
}

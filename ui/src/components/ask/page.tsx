import { useQuery } from "@tanstack/react-query";
import { SquarePen } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/sources/queries";
import { useFormats } from "@/shared/formats";
import { useShortcut } from "@/shared/shortcuts";
import { Button } from "../ui/button";
import { Composer } from "./composer";
import { conversation, useExchanges } from "./conversation";
import { ExchangeView } from "./exchange";

export function AskPage() {
  const { t } = useTranslation();
  const exchanges = useExchanges();
  const box = useRef<HTMLTextAreaElement>(null);
  const focusBox = useCallback(() => box.current?.focus(), []);
  useShortcut("/", focusBox);
  const last = exchanges.at(-1);
  const newest = useRef<HTMLElement>(null);
  // A new question comes to the top, where its answer is then read without chasing it.
  useEffect(() => {
    if (last?.id !== undefined) newest.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  }, [last?.id]);
  const asking = last?.state === "asking";
  const composer = <Composer box={box} asking={asking} first={last === undefined} />;
  if (last === undefined) {
    return (
      <div className="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-center px-4 py-10 sm:px-6 sm:pb-[14vh]">
        <title>{`${t("ask.title")} · Centaure`}</title>
        <h1 className="text-center font-serif text-[clamp(1.9rem,4.2vw,2.75rem)] leading-[1.15] font-medium tracking-[-0.015em]">
          {t("ask.welcome")}
        </h1>
        <p className="mx-auto mt-3 mb-8 max-w-xl text-center text-[1.0625rem] text-balance text-ink-soft">
          {t("ask.promise")}
        </p>
        {composer}
        <Reach />
      </div>
    );
  }
  return (
    <div className="flex min-h-full flex-col">
      <title>{`${last.question} · Centaure`}</title>
      <h1 className="sr-only">{t("ask.title")}</h1>
      <div className="mx-auto w-full max-w-3xl flex-1 px-4 sm:px-6">
        <div className="flex justify-end pt-4">
          <Button
            look="quiet"
            size="small"
            onClick={() => {
              conversation.clear();
              focusBox();
            }}
          >
            <SquarePen aria-hidden="true" />
            {t("ask.startOver")}
          </Button>
        </div>
        {exchanges.map((exchange) => (
          <ExchangeView
            key={exchange.id}
            ref={exchange === last ? newest : null}
            exchange={exchange}
            newest={exchange === last}
          />
        ))}
      </div>
      <div className="sticky bottom-0 z-10 bg-linear-to-t from-paper from-80% to-transparent pt-6">
        <div className="mx-auto w-full max-w-3xl px-4 pb-4 sm:px-6">{composer}</div>
      </div>
    </div>
  );
}

/** How many documents stand behind the box: of those that this person may read, never more. */
function Reach() {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { data: sources } = useQuery(sourcesQuery);
  const count = sources?.reduce((sum, source) => sum + source.documents, 0);
  return (
    <p className="mt-4 min-h-6 text-center text-sm text-ink-faint">
      {count !== undefined && t("ask.reach", { count, shown: number(count) })}
    </p>
  );
}

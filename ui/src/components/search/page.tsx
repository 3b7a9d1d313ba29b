import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Search as SearchIcon, X } from "lucide-react";
import { type KeyboardEvent, useCallback, useDeferredValue, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FIRST_HITS, type Filters, hitsQuery } from "@/api/search/queries";
import { classes } from "@/shared/classes";
import { useShortcut } from "@/shared/shortcuts";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { AskAbout } from "./ask-about";
import { FilterBar } from "./filters";
import { HitView } from "./hit";

interface Props {
  query: string;
  filters: Filters;
  onSearch: (query: string, filters: Filters) => void;
}

const isNarrowed = (filters: Filters): boolean => Object.values(filters).some(Boolean);

const MOST_HITS = 100;

export function SearchPage({ query, filters, onSearch }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query);
  useEffect(() => setText(query), [query]);
  const focusBox = useCallback(() => box.current?.select(), []);
  useShortcut("/", focusBox);
  useEffect(() => {
    if (query === "" && matchMedia("(pointer: fine)").matches) box.current?.focus();
  }, [query]);
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-6 sm:px-6 sm:py-8">
      <title>{`${query || t("search.title")} · Centaure`}</title>
      <h1 className={query ? "sr-only" : "mt-[8vh] mb-6 text-center font-serif text-[2rem] font-medium"}>
        {t(query ? "search.title" : "search.welcome")}
      </h1>
      <search>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onSearch(text.trim(), filters);
          }}
          className="relative"
        >
          <SearchIcon
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 left-4 size-5 -translate-y-1/2 text-ink-faint"
          />
          <input
            ref={box}
            type="text"
            inputMode="search"
            enterKeyHint="search"
            autoComplete="off"
            spellCheck="false"
            maxLength={400}
            value={text}
            aria-label={t("search.label")}
            placeholder={t("search.placeholder")}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown" && focusHit(0)) event.preventDefault();
            }}
            className="h-14 w-full rounded-2xl border border-line-strong/70 bg-surface pr-14 pl-12 not-placeholder-shown:pr-24 text-[1.0625rem] shadow-lift outline-none placeholder:text-ink-faint focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent"
          />
          {text !== "" && (
            <Button
              look="quiet"
              size="iconSmall"
              aria-label={t("search.clear")}
              className="absolute top-1/2 right-14 -translate-y-1/2"
              onClick={() => {
                setText("");
                box.current?.focus();
              }}
            >
              <X aria-hidden="true" />
            </Button>
          )}
          <Button
            type="submit"
            look="primary"
            size="icon"
            aria-label={t("search.submit")}
            className="absolute top-2 right-2 rounded-xl"
          >
            <ArrowRight aria-hidden="true" />
          </Button>
        </form>
        {(query !== "" || isNarrowed(filters)) && (
          <FilterBar filters={filters} onChange={(next) => onSearch(query, next)} />
        )}
      </search>
      {query === "" ? (
        <p className="mt-10 text-center text-ink-faint max-md:hidden">{t("search.hint")}</p>
      ) : (
        <Results key={query} query={query} filters={filters} onSearch={onSearch} />
      )}
    </div>
  );
}

function Results({ query, filters, onSearch }: Props) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(FIRST_HITS);
  const [ticked, setTicked] = useState<readonly number[]>([]);
  const found = useQuery(hitsQuery(query, filters, limit));
  // Drawn in pieces, so that a key pressed meanwhile is not kept waiting.
  const data = useDeferredValue(found.data);
  const isThere = data !== undefined && !found.isError;
  const isOld = found.isPlaceholderData || data !== found.data;
  const hits = found.isError && found.data === undefined ? [] : (data?.hits ?? []);
  const isWaited = data === undefined && !found.isError;
  const narrowed = isNarrowed(filters);
  const more = hits.length >= limit && limit < MOST_HITS;
  const shown = [...new Set(hits.map((hit) => hit.document.id))];
  const chosen = shown.filter((document) => ticked.includes(document));
  return (
    <>
      <div className="mt-5 mb-1 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p role="status" className="text-sm text-ink-faint">
          {isWaited && t("search.searching")}
          {isThere &&
            hits.length > 0 &&
            t(more ? "search.countMore" : "search.count", { count: hits.length })}
          {isThere && hits.length === 0 && t("search.none")}
        </p>
        {shown.length > 0 && chosen.length === 0 && (
          <AskAbout documents={shown} label={t("about.askShown", { count: shown.length })} />
        )}
      </div>
      {isWaited && <Waiting lines={9} />}
      {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {isThere && hits.length === 0 && (
        <div className="mt-2 rounded-2xl border bg-surface p-6">
          <p className="font-serif text-xl font-medium">{t("search.noneTitle", { query })}</p>
          <p className="mt-2 text-ink-soft">{t("search.noneAdvice")}</p>
          {narrowed && (
            <Button size="small" className="mt-4" onClick={() => onSearch(query, {})}>
              {t("filters.clear")}
            </Button>
          )}
        </div>
      )}
      <ol
        className={classes("transition-opacity", isOld && "opacity-50")}
        aria-label={t("search.results")}
        onKeyDown={walkHits}
      >
        {hits.map((hit) => (
          <HitView
            key={hit.chunk_id}
            hit={hit}
            query={query}
            chosen={chosen.includes(hit.document.id)}
            onChoose={(wanted) =>
              setTicked(
                wanted
                  ? [...chosen, hit.document.id]
                  : chosen.filter((document) => document !== hit.document.id),
              )
            }
          />
        ))}
      </ol>
      {more && (
        <Button className="mt-6" onClick={() => setLimit(Math.min(limit + 30, MOST_HITS))}>
          {t("search.more")}
        </Button>
      )}
      {chosen.length > 0 && (
        <div className="sticky bottom-4 z-10 mt-6 flex flex-wrap items-center gap-2 rounded-2xl border bg-surface p-2.5 pl-4 shadow-lift">
          <p role="status" className="mr-auto text-sm text-ink-soft">
            {t("about.chosen", { count: chosen.length })}
          </p>
          <Button look="quiet" size="small" onClick={() => setTicked([])}>
            {t("about.chooseNone")}
          </Button>
          <AskAbout
            look="primary"
            documents={chosen}
            label={t("about.askChosen", { count: chosen.length })}
          />
        </div>
      )}
    </>
  );
}

const hitLinks = () => Array.from(document.querySelectorAll<HTMLElement>("[data-hit]"));

function focusHit(place: number): boolean {
  const link = hitLinks()[place];
  link?.focus();
  return link !== undefined;
}

/** Arrows go from hit to hit, on top of the usual Tab. */
function walkHits(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const place = hitLinks().indexOf(event.target as HTMLElement);
  if (place >= 0 && focusHit(place + (event.key === "ArrowDown" ? 1 : -1))) event.preventDefault();
}

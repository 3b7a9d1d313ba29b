import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { PanelLeftOpen, SquarePen } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/problem";
import { sourcesQuery } from "@/api/sources/queries";
import { writeDraft } from "@/shared/drafts";
import { useFormats } from "@/shared/formats";
import { useMedia } from "@/shared/media";
import { readPreference, writePreference } from "@/shared/preferences";
import { useChord, useShortcut } from "@/shared/shortcuts";
import { AssistantWelcome } from "../assistants/welcome";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button, buttonClasses } from "../ui/button";
import { About } from "./about";
import { Composer } from "./composer";
import type { Conversation, Shown } from "./conversation";
import { conversations, NEW, useConversation, useShown } from "./conversations";
import { useDropping } from "./dropping";
import { ExchangeView } from "./exchange";
import { isWritten } from "./exchanges";
import { AddFiles, useUploads } from "./files";
import { HistoryAside, HistoryDrawer } from "./history";
import { ConversationMenu } from "./menu";

/** A conversation, or the one that is to be begun, and the list of those before. */
export function AskPage({ id }: { id: number | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const conversation = useConversation(id);
  const shown = useShown(conversation);
  const box = useRef<HTMLTextAreaElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  const focusBox = useCallback(() => box.current?.focus(), []);
  const history = useHistory(searchBox);
  const uploads = useUploads();
  const [adding, setAdding] = useState<File[] | null>(null);
  const own = shown.about?.own !== false;
  const writable = own && shown.phase === "ready";
  const { over, handlers } = useDropping(writable ? setAdding : null);
  useShortcut("/", focusBox);
  const { assistant = "" } = useSearch({ strict: false });
  useEffect(() => void conversation.load(), [conversation]);
  useEffect(() => {
    if (id === null) conversation.use(assistant);
  }, [conversation, id, assistant]);
  // A conversation gets its address with its first question, or file.
  const begun = id === null ? shown.id : null;
  useEffect(() => {
    if (begun === null) return;
    writeDraft(NEW, "");
    void navigate({ to: "/c/$conversation", params: { conversation: begun } });
  }, [begun, navigate]);
  const renew = useCallback(() => {
    conversations.renew();
    focusBox();
  }, [focusBox]);
  const begin = useCallback(() => {
    renew();
    void navigate({ to: "/" });
  }, [navigate, renew]);
  useChord("o", begin);
  const list = { current: id, searchBox, onNew: renew };
  const last = shown.exchanges.at(-1);
  const asking = last !== undefined && isWritten(last);
  // The button that began an answer, or stopped it, is gone: whoever pressed it goes on in the box.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever an answer begins or ends.
  useEffect(() => {
    if (document.activeElement === document.body && matchMedia("(pointer: fine)").matches) focusBox();
  }, [asking, focusBox]);
  const composer = (
    <Composer
      conversation={conversation}
      id={shown.id}
      box={box}
      asking={asking}
      first={last === undefined}
      uploads={uploads}
      onFiles={setAdding}
    />
  );
  return (
    <div className="flex h-full min-h-0">
      {history.beside && <HistoryAside {...list} onHide={history.hide} />}
      {history.over && <HistoryDrawer {...list} onClose={history.hide} />}
      <div className="relative min-w-0 flex-1" {...handlers}>
        <div className="h-full overflow-y-auto">
          <Bar shown={shown} onHistory={history.beside ? null : history.open} onNew={renew} />
          {shown.phase === "unreadable" ? (
            <Unreadable conversation={conversation} problem={shown.problem} />
          ) : shown.phase === "unread" ? (
            <Column>
              <p role="status" className="sr-only">
                {t("ask.opening")}
              </p>
              <div className="py-8">
                <Waiting lines={8} />
              </div>
            </Column>
          ) : last === undefined && own ? (
            <Welcome conversation={conversation} shown={shown}>
              {composer}
            </Welcome>
          ) : (
            <Talk conversation={conversation} shown={shown} own={own}>
              {own ? composer : <OfOthers owner={shown.about?.owner_name ?? ""} />}
            </Talk>
          )}
        </div>
        {over && (
          <div
            aria-hidden="true"
            className="pointer-events-none absolute inset-0 z-20 grid place-items-center bg-shade p-6"
          >
            <p className="rounded-2xl border-2 border-dashed border-accent bg-surface px-8 py-6 text-center text-lg font-medium shadow-lift">
              {t("files.drop")}
            </p>
          </div>
        )}
      </div>
      {adding && (
        <AddFiles
          files={adding}
          onClose={() => setAdding(null)}
          onAdd={(classification) => {
            setAdding(null);
            uploads.send(conversation, adding, classification);
            focusBox();
          }}
        />
      )}
    </div>
  );
}

const Column = ({ children }: { children: ReactNode }) => (
  <div className="mx-auto w-full max-w-3xl flex-1 px-4 sm:px-6">{children}</div>
);

/** Where the list of conversations is: beside the page where there is room, over it where it is called. */
function useHistory(searchBox: { current: HTMLInputElement | null }) {
  const { document } = useSearch({ from: "/_app" });
  const wide = useMedia(document === undefined ? "(min-width: 64rem)" : "(min-width: 96rem)");
  const [kept, setKept] = useState(() => readPreference("history") !== "hidden");
  const [called, setCalled] = useState(false);
  const keep = useCallback((next: boolean) => {
    setKept(next);
    writePreference("history", next ? "shown" : "hidden");
  }, []);
  const open = useCallback(() => {
    if (wide) keep(true);
    else setCalled(true);
  }, [wide, keep]);
  const hide = useCallback(() => {
    if (wide) keep(false);
    setCalled(false);
  }, [wide, keep]);
  useChord(
    "k",
    useCallback(() => {
      open();
      requestAnimationFrame(() => searchBox.current?.focus());
    }, [open, searchBox]),
  );
  return { beside: wide && kept, over: !wide && called, open, hide };
}

interface BarProps {
  shown: Shown;
  onHistory: (() => void) | null;
  onNew: () => void;
}

/** The title of the conversation, and what can be done with it as a whole. */
function Bar({ shown, onHistory, onNew }: BarProps) {
  const { t } = useTranslation();
  const { about, id } = shown;
  if (id === null && onHistory === null && shown.exchanges.length === 0) return null;
  return (
    <div className="sticky top-0 z-10 flex h-12 items-center gap-1 bg-paper/95 px-2 sm:px-4">
      {onHistory && (
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("history.show")}
          title={t("history.show")}
          onClick={onHistory}
        >
          <PanelLeftOpen aria-hidden="true" />
        </Button>
      )}
      {about && (
        <p className="ml-1 min-w-0 truncate text-sm text-ink-soft">
          {about.title || shown.exchanges[0]?.question || t("history.untitled")}
          {about.folder && <span className="text-ink-faint"> · {about.folder}</span>}
        </p>
      )}
      {about?.own && <ConversationMenu conversation={about} current />}
      <span className="ml-auto" />
      {onHistory && (id !== null || shown.exchanges.length > 0) && (
        <Link to="/" onClick={onNew} className={buttonClasses({ look: "quiet", size: "small" })}>
          <SquarePen aria-hidden="true" />
          <span className="max-sm:sr-only">{t("ask.startOver")}</span>
        </Link>
      )}
    </div>
  );
}

interface WelcomeProps {
  conversation: Conversation;
  shown: Shown;
  children: ReactNode;
}

function Welcome({ conversation, shown, children }: WelcomeProps) {
  const { t } = useTranslation();
  const { assistant, documents } = shown;
  if (assistant !== "") {
    return (
      <div className="mx-auto flex min-h-[calc(100%-3rem)] w-full max-w-3xl flex-col justify-center px-4 py-10 sm:px-6 sm:pb-[12vh]">
        <AssistantWelcome assistant={assistant} conversation={conversation}>
          {children}
        </AssistantWelcome>
      </div>
    );
  }
  return (
    <div className="mx-auto flex min-h-[calc(100%-3rem)] w-full max-w-3xl flex-col justify-center px-4 py-10 sm:px-6 sm:pb-[14vh]">
      <title>{`${t("ask.title")} · Centaure`}</title>
      <h1 className="text-center font-serif text-[clamp(1.9rem,4.2vw,2.75rem)] leading-[1.15] font-medium tracking-[-0.015em]">
        {t("ask.welcome")}
      </h1>
      <p className="mx-auto mt-3 mb-8 max-w-xl text-center text-[1.0625rem] text-balance text-ink-soft">
        {t("ask.promise")}
      </p>
      {children}
      {documents === null && <Reach />}
    </div>
  );
}

interface TalkProps {
  conversation: Conversation;
  shown: Shown;
  own: boolean;
  children: ReactNode;
}

function Talk({ conversation, shown, own, children }: TalkProps) {
  const { t } = useTranslation();
  const { exchanges, about, notice, away } = shown;
  const newest = useRef<HTMLElement>(null);
  const last = exchanges.at(-1);
  const writing = last !== undefined && isWritten(last);
  const place = last && `${last.id}/${last.state === "asking"}`;
  // A new question comes to the top, where its answer is then read without chasing it.
  useEffect(() => {
    if (place?.endsWith("true")) newest.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  }, [place]);
  // One that is opened again begins with what was said last.
  const several = exchanges.length > 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each conversation, when it is there.
  useEffect(() => {
    if (several && !writing) newest.current?.scrollIntoView({ block: "start" });
  }, [conversation]);
  const title = about?.title || last?.question || t("ask.title");
  return (
    <div className="flex min-h-[calc(100%-3rem)] flex-col">
      <title>{`${title} · Centaure`}</title>
      <h1 className="sr-only">{title}</h1>
      <Column>
        {notice && (
          <div className="pt-2 pb-4">
            <Notice title={t("ask.sharedBy", { name: about?.owner_name ?? "" })}>{notice}</Notice>
          </div>
        )}
        {!own && <About conversation={conversation} className="mb-4 rounded-2xl border bg-surface" />}
        {exchanges.length === 0 && <p className="py-10 text-center text-ink-soft">{t("ask.nothingYet")}</p>}
        {exchanges.map((exchange) => (
          <ExchangeView
            key={exchange.id}
            ref={exchange === last ? newest : null}
            exchange={exchange}
            conversation={conversation}
            newest={exchange === last}
            free={own && !writing}
          />
        ))}
      </Column>
      <div className="sticky bottom-0 z-10 bg-linear-to-t from-paper from-80% to-transparent pt-6">
        <div className="mx-auto w-full max-w-3xl px-4 pb-4 sm:px-6">
          <div role="status">
            {away && (
              <p className="mb-2 rounded-xl bg-warning-soft px-4 py-2.5 text-sm text-warning">
                {t("ask.away")}
              </p>
            )}
          </div>
          {children}
        </div>
      </div>
    </div>
  );
}

/** In place of the box, where the conversation is somebody else's. */
function OfOthers({ owner }: { owner: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-2xl border bg-surface px-4 py-3">
      <p className="text-sm text-ink-soft">{t("ask.ofOthers", { name: owner })}</p>
      <Link to="/" className={buttonClasses({ size: "small" })}>
        <SquarePen aria-hidden="true" />
        {t("ask.startOver")}
      </Link>
    </div>
  );
}

function Unreadable({ conversation, problem }: { conversation: Conversation; problem: unknown }) {
  const { t } = useTranslation();
  const gone = problem instanceof Problem && problem.status === 404;
  return (
    <div className="mx-auto grid min-h-[60vh] w-full max-w-lg content-center px-4">
      {gone ? (
        <div className="text-center">
          <title>{`${t("ask.gone")} · Centaure`}</title>
          <h1 className="font-serif text-3xl font-medium text-balance">{t("ask.gone")}</h1>
          <p className="mt-2 text-ink-soft">{t("ask.goneAdvice")}</p>
          <Link to="/" className={`mt-6 ${buttonClasses({ look: "primary" })}`}>
            {t("ask.startOver")}
          </Link>
        </div>
      ) : (
        <ProblemNotice error={problem} onRetry={() => void conversation.load()} />
      )}
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

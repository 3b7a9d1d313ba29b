import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Folder, PanelLeftClose, Pin, Search, SquarePen, X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type KeyboardEvent, type ReactNode, type RefObject, useDeferredValue, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { conversationsQuery } from "@/api/conversations/queries";
import type { ConversationBrief } from "@/api/types";
import { classes } from "@/shared/classes";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button, buttonClasses } from "../ui/button";
import { byDay } from "./days";
import { ConversationMenu } from "./menu";
import { useSettled } from "./settled";

interface Props {
  /** The conversation on the page. */
  current: number | null;
  searchBox: RefObject<HTMLInputElement | null>;
  onNew: () => void;
  /** Something was chosen: a drawer gives way to it. */
  onLeave: () => void;
  close: ReactNode;
}

/** What was asked before: one's own conversations, pinned ones first, and those that others share. */
export function History({ current, searchBox, onNew, onLeave, close }: Props) {
  const { t } = useTranslation();
  const [shared, setShared] = useState(false);
  const [folder, setFolder] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const words = useSettled(typed.trim());
  const list = useInfiniteQuery(conversationsQuery({ shared, folder: shared ? null : folder, words }));
  const found = list.data?.pages.flatMap((page) => page.conversations) ?? [];
  const folders = useFolders(found);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of what is in it.
    <div className="flex h-full min-h-0 flex-col" onKeyDown={moveByArrows}>
      <div className="flex items-center gap-1 px-3 pt-3">
        <Link
          to="/"
          onClick={() => {
            onNew();
            onLeave();
          }}
          className={classes(buttonClasses({ look: "quiet", size: "small" }), "text-ink")}
        >
          <SquarePen aria-hidden="true" />
          {t("ask.startOver")}
        </Link>
        <span className="ml-auto" />
        {close}
      </div>
      <div className="space-y-2 px-3 pt-2 pb-2">
        <div className="relative">
          <Search
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-faint"
          />
          <input
            ref={searchBox}
            type="search"
            value={typed}
            maxLength={200}
            aria-label={t("history.search")}
            placeholder={t("history.search")}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && typed !== "") {
                event.preventDefault();
                event.stopPropagation();
                setTyped("");
              }
            }}
            className="h-9 w-full rounded-lg border border-line-strong/60 bg-surface pr-2 pl-8 text-sm placeholder:text-ink-faint focus-visible:border-accent [&::-webkit-search-cancel-button]:hidden"
          />
        </div>
        <div className="flex items-center gap-1">
          <Choice pressed={!shared} onChoose={() => setShared(false)} label={t("history.own")} />
          <Choice pressed={shared} onChoose={() => setShared(true)} label={t("history.shared")} />
        </div>
        {!shared && (folders.length > 0 || folder !== null) && (
          <select
            value={folder ?? ""}
            aria-label={t("history.folder")}
            onChange={(event) => setFolder(event.target.value || null)}
            className="h-8 w-full truncate rounded-lg border border-line-strong/60 bg-surface px-2 text-sm"
          >
            <option value="">{t("history.everyFolder")}</option>
            {folders.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-4">
        <p role="status" className="sr-only">
          {list.isSuccess && words !== "" && t("history.found", { count: found.length })}
        </p>
        {list.isPending && (
          <div className="p-3">
            <Waiting lines={6} />
          </div>
        )}
        {list.isError && (
          <div className="p-1.5">
            <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isSuccess && found.length === 0 && (
          <p className="px-3 py-6 text-center text-sm text-balance text-ink-faint">
            {t(words !== "" ? "history.noneFound" : shared ? "history.noneShared" : "history.none")}
          </p>
        )}
        {byDay(found, new Date()).map(({ day, conversations }) => (
          <Group key={day} title={t(`history.days.${day}`)}>
            {conversations.map((conversation) => (
              <Row
                key={conversation.id}
                conversation={conversation}
                current={conversation.id === current}
                onLeave={onLeave}
              />
            ))}
          </Group>
        ))}
        {list.hasNextPage && (
          <div className="p-3 text-center">
            <Button size="small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("history.more")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Folders seen so far: one that is chosen shows no conversation of the others. */
function useFolders(found: readonly ConversationBrief[]): string[] {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const fresh = found.map(({ folder }) => folder).filter((name) => name !== "" && !seen.includes(name));
  if (fresh.length > 0) setSeen([...new Set([...seen, ...fresh])]);
  return useDeferredValue(seen).toSorted((one, other) => one.localeCompare(other));
}

function Choice({ pressed, onChoose, label }: { pressed: boolean; onChoose: () => void; label: string }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onChoose}
      className="h-8 flex-1 rounded-lg px-2 text-sm font-medium whitespace-nowrap text-ink-soft transition-colors hover:bg-sunken aria-pressed:bg-sunken aria-pressed:text-ink"
    >
      {label}
    </button>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="pt-3">
      <h2 id={id} className="px-2.5 pb-1 text-xs font-medium text-ink-faint">
        {title}
      </h2>
      <ul>{children}</ul>
    </section>
  );
}

interface RowProps {
  conversation: ConversationBrief;
  current: boolean;
  onLeave: () => void;
}

function Row({ conversation, current, onLeave }: RowProps) {
  const { t } = useTranslation();
  const { id, title, pinned, own, owner_name: owner, folder } = conversation;
  return (
    <li
      className={classes(
        "group flex items-center rounded-lg pr-0.5 transition-colors",
        current ? "bg-accent-soft" : "hover:bg-sunken focus-within:bg-sunken",
      )}
    >
      <Link
        to="/c/$conversation"
        params={{ conversation: id }}
        preload={false}
        data-row=""
        aria-current={current ? "page" : undefined}
        onClick={onLeave}
        title={title}
        className="min-w-0 flex-1 rounded-lg px-2.5 py-1.5 outline-offset-[-2px]"
      >
        <span className="flex items-center gap-1.5">
          {pinned && <Pin aria-hidden="true" className="size-3.5 shrink-0 text-accent" />}
          <span className={classes("truncate text-[0.9375rem]", current && "font-medium")}>
            {title || t("history.untitled")}
          </span>
        </span>
        {(!own || folder !== "") && (
          <span className="flex items-center gap-1 truncate text-xs text-ink-soft">
            {folder !== "" && <Folder aria-hidden="true" className="size-3 shrink-0" />}
            {own ? folder : t("history.of", { name: owner })}
          </span>
        )}
      </Link>
      {own && (
        <ConversationMenu
          conversation={conversation}
          current={current}
          className="pointer-fine:opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100"
        />
      )}
    </li>
  );
}

/** Up and down go from one conversation to the next, and from the search box into the list. */
function moveByArrows(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target instanceof HTMLSelectElement) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row.parentElement?.contains(document.activeElement));
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  if (next < 0) {
    if (at < 0) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>("input")?.focus();
    return;
  }
  event.preventDefault();
  rows[next]?.focus();
}

/** The list beside a wide page. */
export function HistoryAside({ onHide, ...rest }: Omit<Props, "close" | "onLeave"> & { onHide: () => void }) {
  const { t } = useTranslation();
  return (
    <aside aria-label={t("history.label")} className="w-72 shrink-0 border-r max-lg:hidden 2xl:w-80">
      <History
        {...rest}
        onLeave={() => undefined}
        close={
          <Button
            look="quiet"
            size="iconSmall"
            aria-label={t("history.hide")}
            title={t("history.hide")}
            onClick={onHide}
          >
            <PanelLeftClose aria-hidden="true" />
          </Button>
        }
      />
    </aside>
  );
}

/** The list over a narrow page. */
export function HistoryDrawer({
  onClose,
  ...rest
}: Omit<Props, "close" | "onLeave"> & { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 bg-shade" aria-hidden="true" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-[min(22rem,88vw)] animate-rise border-r bg-paper shadow-lift outline-none"
        >
          <Primitive.Title className="sr-only">{t("history.label")}</Primitive.Title>
          <History
            {...rest}
            onLeave={onClose}
            close={
              <Button look="quiet" size="iconSmall" aria-label={t("history.hide")} onClick={onClose}>
                <X aria-hidden="true" />
              </Button>
            }
          />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session/queries";
import { classes } from "@/shared/classes";
import { AccountMenu } from "../account/menu";
import { Wordmark } from "../brand/wordmark";
import { Administration } from "./administration";
import { Keyboard } from "./keyboard";
import { Manage } from "./manage";
import { administeredBy, managedBy, PLACES } from "./places";

function Places({ className, item }: { className: string; item: string }) {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  const asking = useParams({ strict: false }).conversation !== undefined;
  return (
    <nav aria-label={t("nav.label")} className={className}>
      {PLACES.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          className={item}
          activeProps={{ className: "text-ink is-active" }}
          inactiveProps={{ className: to === "/" && asking ? "text-ink is-active" : "text-ink-soft" }}
        >
          <Icon aria-hidden="true" />
          {t(label)}
        </Link>
      ))}
      <Manage places={managedBy(session?.user.roles ?? [])} item={item} />
      <Administration places={administeredBy(session?.user.roles ?? [])} item={item} />
    </nav>
  );
}

/** The frame of every page: where one can go, the page, and the document open beside it. */
export function Shell({ children, beside }: { children: ReactNode; beside: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto]">
      <a
        href="#content"
        className="sr-only rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50"
      >
        {t("nav.skip")}
      </a>
      <header className="flex h-14 items-center gap-3 border-b lg:gap-6 px-4 sm:px-6">
        <Link to="/" aria-label={t("nav.home")} className="rounded-lg">
          <Wordmark />
        </Link>
        <Places
          className="hidden items-center gap-1 md:flex"
          item={classes(
            "inline-flex h-9 items-center gap-2 rounded-lg px-2 text-[0.9375rem] lg:px-3 font-medium transition-colors",
            "hover:bg-sunken hover:text-ink [&.is-active]:bg-sunken max-lg:[&_svg]:hidden [&_svg]:size-[1.125rem] [&.is-active_svg]:text-accent",
          )}
        />
        <div className="ml-auto">
          <AccountMenu />
        </div>
      </header>
      <div className="flex min-h-0">
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 overflow-y-auto outline-none">
          {children}
        </main>
        {beside}
      </div>
      <Keyboard />
      <Places
        className="grid auto-cols-fr grid-flow-col border-t bg-paper pb-[env(safe-area-inset-bottom)] md:hidden"
        item={classes(
          "flex h-14 flex-col items-center justify-center gap-0.5 text-xs font-medium outline-offset-[-3px]",
          "[&_svg]:size-5 [&.is-active_svg]:text-accent",
        )}
      />
    </div>
  );
}

/** A page of reading width with its title. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-8 sm:px-8 sm:py-12">
      <title>{`${title} · Centaure`}</title>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="font-serif text-[2rem] leading-tight font-medium tracking-[-0.01em]">{title}</h1>
          {lead && <p className="mt-1.5 max-w-prose text-pretty text-ink-soft">{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </div>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { SlidersHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queueQuery } from "@/api/moderation/queries";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { Menu, MenuLink } from "../ui/menu";
import type { Managed } from "./places";

/** Where curators and administrators go: one place as a link, several behind one button. */
export function Manage({ places, item }: { places: Managed[]; item: string }) {
  const { t } = useTranslation();
  const here = useLocation({ select: ({ pathname }) => pathname });
  const waiting = useInfiniteQuery({
    ...queueQuery("waiting"),
    enabled: places.some(({ to }) => to === "/moderation"),
  });
  const count = waiting.data?.pages.flat().length ?? 0;
  const [only] = places;
  if (only === undefined) return null;
  if (places.length === 1) {
    return (
      <Link
        to={only.to}
        activeOptions={{ includeSearch: false }}
        className={classes(item, "relative")}
        activeProps={{ className: "text-ink is-active" }}
        inactiveProps={{ className: "text-ink-soft" }}
      >
        <only.icon aria-hidden="true" />
        {t(only.label)}
        {only.to === "/moderation" && <Count above value={count} />}
      </Link>
    );
  }
  const active = places.some(({ to }) => here === to || here.startsWith(`${to}/`));
  const name = t(places.every(({ role }) => role === "reader") ? "nav.tools" : "nav.manage");
  return (
    <Menu
      label={name}
      align="start"
      trigger={
        <button
          type="button"
          className={classes(item, "relative", active ? "is-active text-ink" : "text-ink-soft")}
        >
          <SlidersHorizontal aria-hidden="true" />
          {name}
          <Count above value={count} />
        </button>
      }
    >
      {places.map(({ to, label, icon: Icon }) => (
        <MenuLink key={to}>
          <Link to={to} activeOptions={{ includeSearch: false }} activeProps={{ className: "font-medium" }}>
            <Icon aria-hidden="true" />
            {t(label)}
            {to === "/moderation" && (
              <span className="ml-auto">
                <Count value={count} />
              </span>
            )}
          </Link>
        </MenuLink>
      ))}
    </Menu>
  );
}

/** How many wait; nothing where none do. On a phone it stands above the icon. */
function Count({ value, above = false }: { value: number; above?: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (value === 0) return null;
  return (
    <span
      className={classes(
        "inline-grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs font-semibold text-on-accent tabular-nums",
        above && "max-md:absolute max-md:top-1 max-md:left-[calc(50%+0.5rem)] max-md:h-4 max-md:min-w-4",
      )}
    >
      <span aria-hidden="true">{number(value)}</span>
      <span className="sr-only">{t("nav.waiting", { count: value })}</span>
    </span>
  );
}

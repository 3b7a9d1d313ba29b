import { Link, useLocation } from "@tanstack/react-router";
import { Settings2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { classes } from "@/shared/classes";
import { Menu, MenuLink } from "../ui/menu";
import type { Administered } from "./places";

/** Where administrators and auditors go, behind one button; nothing for anybody else. */
export function Administration({ places, item }: { places: Administered[]; item: string }) {
  const { t } = useTranslation();
  const here = useLocation({ select: ({ pathname }) => pathname });
  if (places.length === 0) return null;
  const active = places.some(({ to }) => here === to);
  return (
    <Menu
      label={t("nav.administration")}
      align="start"
      trigger={
        <button type="button" className={classes(item, active ? "is-active text-ink" : "text-ink-soft")}>
          <Settings2 aria-hidden="true" />
          <span className="max-md:hidden">{t("nav.administration")}</span>
          <span className="md:hidden">{t("nav.administrationShort")}</span>
        </button>
      }
    >
      {places.map(({ to, label, icon: Icon }) => (
        <MenuLink key={to}>
          <Link to={to} activeOptions={{ includeSearch: false }} activeProps={{ className: "font-medium" }}>
            <Icon aria-hidden="true" />
            {t(label)}
          </Link>
        </MenuLink>
      ))}
    </Menu>
  );
}

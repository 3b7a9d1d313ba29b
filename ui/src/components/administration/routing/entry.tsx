import { ArrowDown, ArrowUp, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Rule } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { Button } from "../../ui/button";
import { Menu, MenuItem } from "../../ui/menu";

interface Props {
  rule: Rule;
  place: number;
  last: boolean;
  busy: boolean;
  onMove: (by: -1 | 1) => void;
  onEdit: () => void;
  onRemove: () => void;
}

/** A rule: when it holds, and what it prefers then. */
export function RuleEntry({ rule, place, last, busy, onMove, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { name } = rule;
  const label = t("administration.routing.actionsOf", { name });
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t px-4 py-4 first:border-t-0 sm:px-5">
      <span className="w-5 pt-px text-ink-faint tabular-nums">{number(place + 1)}</span>
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium break-words">{name}</p>
        <Conditions rule={rule} />
        <Preferences rule={rule} />
      </div>
      <div className="flex items-center gap-1">
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("administration.routing.up", { name })}
          disabled={busy || place === 0}
          onClick={() => onMove(-1)}
        >
          <ArrowUp aria-hidden="true" />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("administration.routing.down", { name })}
          disabled={busy || last}
          onClick={() => onMove(1)}
        >
          <ArrowDown aria-hidden="true" />
        </Button>
        <Menu
          label={label}
          trigger={
            <Button look="quiet" size="iconSmall" aria-label={label}>
              <Ellipsis aria-hidden="true" />
            </Button>
          }
        >
          <MenuItem onSelect={onEdit}>
            <Pencil aria-hidden="true" />
            {t("administration.edit")}
          </MenuItem>
          <MenuItem onSelect={onRemove}>
            <Trash2 aria-hidden="true" />
            {t("administration.remove")}
          </MenuItem>
        </Menu>
      </div>
    </li>
  );
}

function Conditions({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const { number, language } = useFormats();
  const said = [
    rule.classes.length > 0 && rule.classes.join(", "),
    rule.purposes.length > 0 &&
      rule.purposes.map((purpose) => t(`administration.routing.purposes.${purpose}`)).join(", "),
    rule.assistants.length > 0 &&
      t("administration.routing.ofAssistants", { names: rule.assistants.join(", ") }),
    rule.languages.length > 0 && rule.languages.map((code) => language(code) ?? code).join(", "),
    rule.capabilities.length > 0 &&
      rule.capabilities.map((able) => t(`administration.models.able.${able}`)).join(", "),
    rule.longer_than != null && t("administration.routing.longer", { tokens: number(rule.longer_than) }),
  ].filter(Boolean);
  return (
    <p className="mt-0.5 text-sm break-words text-ink-soft">
      {said.length === 0
        ? t("administration.routing.always")
        : t("administration.routing.when", { conditions: said.join(" · ") })}
    </p>
  );
}

function Preferences({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const said = [
    rule.models.length > 0 &&
      t(rule.exclusive ? "administration.routing.only" : "administration.routing.first", {
        models: rule.models.join(", "),
      }),
    rule.by !== "written" && t(`administration.routing.orders.${rule.by}`),
    rule.hedge_s != null && t("administration.routing.hedged", { seconds: number(rule.hedge_s) }),
  ].filter(Boolean);
  if (said.length === 0) return null;
  return <p className="mt-0.5 text-sm break-words text-ink-soft">→ {said.join(" · ")}</p>;
}

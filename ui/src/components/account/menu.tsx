import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  ChartColumn,
  ChevronDown,
  CircleQuestionMark,
  FolderKey,
  Footprints,
  Hourglass,
  KeyRound,
  LogOut,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { sessionKeys, sessionQuery, signOut } from "@/api/session/queries";
import { chooseLanguage, type Language } from "@/i18n";
import { chooseTheme, THEMES, useTheme } from "@/shared/theme";
import { conversations } from "../ask/conversations";
import { buttonClasses } from "../ui/button";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../ui/menu";

/** Each language under its own name, whatever the language of the page. */
export const LANGUAGE_NAMES: { value: Language; label: string; lang: string }[] = [
  { value: "fr", label: "Français", lang: "fr" },
  { value: "en", label: "English", lang: "en" },
];

export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      conversations.clear();
      queryClient.clear();
      queryClient.setQueryData(sessionKeys.current, null);
      await navigate({ to: "/sign-in" });
    },
  });
  if (!session) return null;
  const { user } = session;
  const trigger = (
    <button
      type="button"
      aria-label={t("account.menu", { name: user.name })}
      className={buttonClasses({ look: "quiet", size: "small" })}
    >
      <span
        aria-hidden="true"
        className="grid size-7 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
      >
        {initials(user.name)}
      </span>
      <span className="hidden max-w-40 truncate sm:inline md:hidden lg:inline">{user.name}</span>
      <ChevronDown aria-hidden="true" className="text-ink-faint" />
    </button>
  );
  return (
    <Menu trigger={trigger} label={t("account.label")}>
      <div className="px-2.5 py-2">
        <p className="font-medium">{user.name}</p>
        <p className="text-sm text-ink-faint">
          {user.login} · {user.roles.map((role) => t(`roles.${role}`)).join(", ")}
        </p>
      </div>
      <MenuSeparator />
      <MenuChoice
        label={t("account.language")}
        value={i18n.language as Language}
        options={LANGUAGE_NAMES}
        onChoose={(language) => void chooseLanguage(language)}
      />
      <MenuSeparator />
      <MenuChoice
        label={t("account.theme")}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
        onChoose={chooseTheme}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void navigate({ to: "/account/access" })}>
        <FolderKey aria-hidden="true" />
        {t("account.access")}
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/account/held" })}>
        <Hourglass aria-hidden="true" />
        {t("account.held")}
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/account/usage" })}>
        <ChartColumn aria-hidden="true" />
        {t("account.usage")}
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/account/keys" })}>
        <KeyRound aria-hidden="true" />
        {t("account.keys")}
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/help" })}>
        <CircleQuestionMark aria-hidden="true" />
        {t("account.help")}
      </MenuItem>
      {user.roles.includes("administrator") && (
        <MenuItem onSelect={() => void navigate({ to: "/start" })}>
          <Footprints aria-hidden="true" />
          {t("account.start")}
        </MenuItem>
      )}
      <MenuItem onSelect={() => leave.mutate()}>
        <LogOut aria-hidden="true" />
        {t("account.signOut")}
      </MenuItem>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? "")[0],
  );
  return letters.join("").toUpperCase();
}

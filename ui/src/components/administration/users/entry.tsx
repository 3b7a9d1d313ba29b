import { useMutation } from "@tanstack/react-query";
import { Link2, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { User } from "@/api/administration/types";
import { inviteUser, ROLES } from "@/api/administration/users";
import { classes } from "@/shared/classes";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { InvitationLink } from "./link";

interface Props {
  user: User;
  /** Whether it is the one who looks: nobody changes their own account. */
  own: boolean;
  onEdit: () => void;
}

/** An account: who it is, and what it may do. */
export function UserEntry({ user, own, onEdit }: Props) {
  const { t } = useTranslation();
  const invite = useMutation({ mutationFn: () => inviteUser(user.id), gcTime: 0 });
  const { name, login } = user;
  const facts = [
    login,
    ROLES.filter((role) => user.roles.includes(role))
      .map((role) => t(`roles.${role}`))
      .join(", "),
    user.clearance !== null && t("administration.users.upTo", { class: `C${user.clearance}` }),
  ];
  return (
    <li className="border-t px-4 py-3.5 first:border-t-0 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className={classes("font-medium break-words", user.disabled && "text-ink-faint")}>
            {name}
            {own && <span className="font-normal text-ink-soft"> · {t("administration.users.you")}</span>}
          </p>
          <p className="mt-0.5 text-sm break-words text-ink-soft">{facts.filter(Boolean).join(" · ")}</p>
          <State user={user} />
        </div>
        <div className="flex flex-wrap gap-2">
          {!user.has_password && !user.disabled && (
            <Button
              size="small"
              aria-label={t("administration.users.inviteOne", { name })}
              disabled={invite.isPending}
              onClick={() => invite.mutate()}
            >
              <Link2 aria-hidden="true" />
              {t("administration.users.invite")}
            </Button>
          )}
          {!own && (
            <Button size="small" aria-label={t("administration.users.editOne", { name })} onClick={onEdit}>
              <Pencil aria-hidden="true" />
              {t("administration.edit")}
            </Button>
          )}
        </div>
      </div>
      {invite.data && (
        <div className="mt-3">
          <InvitationLink link={invite.data.link} />
        </div>
      )}
      {invite.isError && (
        <div className="mt-3">
          <ProblemNotice error={invite.error} />
        </div>
      )}
    </li>
  );
}

function State({ user }: { user: User }) {
  const { t } = useTranslation();
  if (user.disabled)
    return <p className="mt-0.5 text-sm text-danger">{t("administration.users.disabled")}</p>;
  if (user.has_password) return null;
  return <p className="mt-0.5 text-sm text-warning">{t("administration.users.noPassword")}</p>;
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CLASSES } from "@/api/administration/models";
import type { User, UserWish } from "@/api/administration/types";
import { changeUser, groupsOfQuery, ROLES, userKeys } from "@/api/administration/users";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Check, Checks } from "../../ui/checks";
import { Dialog } from "../../ui/dialog";
import { Choice } from "../../ui/field";

/** Gives an account other roles or another ceiling, or closes it. */
export function StandingEditor({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const groups = useQuery(groupsOfQuery(user.id));
  const [wish, setWish] = useState<UserWish>({
    roles: user.roles,
    clearance: user.clearance,
    disabled: user.disabled,
  });
  const save = useMutation({
    mutationFn: () => changeUser(user.id, wish),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: userKeys.list() });
      onClose();
    },
  });
  const set = (more: Partial<UserWish>) => setWish({ ...wish, ...more });
  return (
    <Dialog open onClose={onClose} title={user.name} description={user.login}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Checks
          label={t("administration.users.roles")}
          hint={t("administration.users.rolesHint")}
          chosen={wish.roles}
          options={ROLES.map((role) => [role, t(`roles.${role}`)] as const)}
          onChoose={(roles) => set({ roles })}
        />
        <Choice
          label={t("administration.users.clearance")}
          hint={t("administration.users.clearanceHint")}
          value={wish.clearance === null ? "" : (`${wish.clearance}` as "0" | "1" | "2" | "3")}
          options={[
            ["", t("administration.users.noCeiling")] as const,
            ...CLASSES.map(
              (value, level) =>
                [`${level}` as "0" | "1" | "2" | "3", `${value} · ${t(`classification.${value}`)}`] as const,
            ),
          ]}
          onChoose={(level) => set({ clearance: level === "" ? null : Number(level) })}
        />
        <Check checked={wish.disabled} onChange={(disabled) => set({ disabled })}>
          {t("administration.users.close")}
        </Check>
        <div>
          <h3 className="text-sm font-medium">{t("administration.users.groupsOf")}</h3>
          <p className="mt-1 text-sm break-words text-ink-soft">
            {groups.data &&
              (groups.data.map(({ label }) => label).join(", ") || t("administration.users.noGroup"))}
          </p>
          <p className="mt-1 text-sm text-ink-faint">{t("administration.users.groupsHint")}</p>
        </div>
        {save.isError && <ProblemNotice error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button type="submit" look="primary" disabled={save.isPending || wish.roles.length === 0}>
            {t("actions.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

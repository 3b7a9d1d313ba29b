import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addUser, ROLES, type Role, userKeys } from "@/api/administration/users";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Checks } from "../../ui/checks";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { InvitationLink } from "./link";

/** Makes an account, and shows the link with which its owner chooses a password. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<Role[]>(["reader"]);
  const add = useMutation({
    mutationFn: () => addUser(login.trim(), name.trim(), roles),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: userKeys.list() }),
    gcTime: 0,
  });
  if (add.data) {
    return (
      <Dialog open onClose={onClose} title={t("administration.users.made", { name: add.data.user.name })}>
        <InvitationLink link={add.data.invitation.link} />
        <div className="mt-5 flex justify-end">
          <Button look="primary" onClick={onClose}>
            {t("administration.close")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("administration.users.add")}
      description={t("administration.users.addLead")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Field
          label={t("administration.users.login")}
          value={login}
          required
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setLogin(event.target.value)}
        />
        <Field
          label={t("administration.users.name")}
          value={name}
          required
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <Checks
          label={t("administration.users.roles")}
          hint={t("administration.users.rolesHint")}
          chosen={roles}
          options={ROLES.map((role) => [role, t(`roles.${role}`)] as const)}
          onChoose={setRoles}
        />
        {add.isError && <ProblemNotice error={add.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={add.isPending || login.trim() === "" || name.trim() === "" || roles.length === 0}
          >
            {t("administration.users.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

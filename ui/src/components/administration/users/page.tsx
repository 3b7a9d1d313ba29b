import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "@/api/administration/types";
import { usersQuery } from "@/api/administration/users";
import { sessionQuery } from "@/api/session/queries";
import { Page } from "../../layout/shell";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Pills } from "../../ui/pills";
import { StandingEditor } from "./editor";
import { UserEntry } from "./entry";
import { Groups } from "./groups";
import { holds } from "./holds";
import { NewUser } from "./new";

/** More than that is looked for by name. */
const MOST = 200;

/** Who can sign in, with which roles, and the groups that sources declare. */
export function UsersPage() {
  const { t } = useTranslation();
  const [part, setPart] = useState<"people" | "groups">("people");
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={t("administration.users.title")}
      lead={t("administration.users.lead")}
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden="true" />
          {t("administration.users.add")}
        </Button>
      }
    >
      <div className="mb-5">
        <Pills
          label={t("administration.users.part")}
          value={part}
          options={(["people", "groups"] as const).map((value) => ({
            value,
            label: t(`administration.users.partsOf.${value}`),
          }))}
          onChoose={setPart}
        />
      </div>
      {part === "people" ? <People /> : <Groups />}
      {adding && <NewUser onClose={() => setAdding(false)} />}
    </Page>
  );
}

function People() {
  const { t } = useTranslation();
  const users = useQuery(usersQuery);
  const { data: session } = useQuery(sessionQuery);
  const [words, setWords] = useState("");
  const [editing, setEditing] = useState<User | null>(null);
  const found = (users.data ?? []).filter(({ login, name }) => holds(`${name} ${login}`, words));
  return (
    <>
      {users.isPending && <Waiting lines={6} />}
      {users.isError && <ProblemNotice error={users.error} onRetry={() => void users.refetch()} />}
      {users.data && (
        <>
          <Field
            label={t("administration.users.find")}
            className="mb-4 max-w-md"
            type="search"
            value={words}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
          />
          <p role="status" className="mb-3 text-sm text-ink-soft">
            {t("administration.users.count", { count: found.length })}
          </p>
          {found.length > 0 && (
            <ul className="overflow-hidden rounded-2xl border bg-surface">
              {found.slice(0, MOST).map((user) => (
                <UserEntry
                  key={user.id}
                  user={user}
                  own={user.login === session?.user.login}
                  onEdit={() => setEditing(user)}
                />
              ))}
            </ul>
          )}
          {found.length > MOST && (
            <p className="mt-4 text-sm text-ink-soft">{t("administration.users.most", { count: MOST })}</p>
          )}
        </>
      )}
      {editing && <StandingEditor user={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

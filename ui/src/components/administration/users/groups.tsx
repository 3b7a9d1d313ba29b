import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DirectoryGroup } from "@/api/administration/types";
import { groupsQuery, membersQuery } from "@/api/administration/users";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";

/** The groups that sources declare, each with whom it names. */
export function Groups() {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery);
  return (
    <>
      {groups.isPending && <Waiting lines={5} />}
      {groups.isError && <ProblemNotice error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data?.length === 0 && (
        <Notice title={t("administration.users.noGroups")}>{t("administration.users.noGroupsAdvice")}</Notice>
      )}
      {groups.data && groups.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {groups.data.map((group) => (
            <GroupEntry key={group.id} group={group} />
          ))}
        </ul>
      )}
      <p className="mt-4 max-w-prose text-sm text-ink-faint">{t("administration.users.groupsHint")}</p>
    </>
  );
}

function GroupEntry({ group }: { group: DirectoryGroup }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const members = useQuery({ ...membersQuery(group.id), enabled: open });
  return (
    <li className="border-t first:border-t-0">
      <details className="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex flex-wrap items-baseline gap-x-3 px-4 py-3 hover:bg-sunken sm:px-5">
          <span aria-hidden="true" className="text-ink-faint transition-transform group-open:rotate-90">
            ›
          </span>
          <span className="font-medium break-words">{group.label}</span>
          <span className="text-sm text-ink-soft">
            {t("administration.users.members", { count: group.members })}
          </span>
          <span className="text-sm break-all text-ink-faint">{group.key}</span>
        </summary>
        <div className="px-4 pt-3 pb-4 pl-9 text-sm sm:px-5 sm:pl-10">
          {open && members.isPending && <Waiting lines={2} />}
          {members.isError && <ProblemNotice error={members.error} />}
          {members.data && (
            <ul className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
              {members.data.map((member) => (
                <li key={member.id} className="break-words">
                  {member.label}{" "}
                  <span className="text-ink-faint">
                    {member.kind === "user" ? member.login : t("administration.users.aGroup")}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </details>
    </li>
  );
}

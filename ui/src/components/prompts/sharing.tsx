import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "@/api/conversations/queries";
import { promptKeys, sharePrompt } from "@/api/prompts/queries";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";

/** The groups that use a prompt; each choice holds at once. */
export function Sharing({ id, groups }: { id: number; groups: number[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const known = useQuery(groupsQuery);
  const sharing = useMutation({
    mutationFn: (chosen: number[]) => sharePrompt(id, chosen),
    onSettled: () => queryClient.invalidateQueries({ queryKey: promptKeys.all }),
  });
  const chosen = sharing.isPending ? sharing.variables : groups;
  return (
    <section aria-labelledby="sharing">
      <h2 id="sharing" className="text-lg font-semibold">
        {t("prompts.sharing")}
      </h2>
      <p className="mt-1 mb-4 text-sm text-ink-soft">{t("prompts.sharingHint")}</p>
      {known.isPending && <Waiting lines={2} />}
      {known.isError && <ProblemNotice error={known.error} onRetry={() => void known.refetch()} />}
      {known.data?.length === 0 && <p className="text-ink-soft">{t("prompts.noGroups")}</p>}
      {sharing.isError && <ProblemNotice error={sharing.error} />}
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        {known.data?.map((group) => (
          <li key={group.id}>
            <label className="flex min-h-9 items-center gap-2">
              <input
                type="checkbox"
                checked={chosen.includes(group.id)}
                disabled={sharing.isPending}
                onChange={(event) =>
                  sharing.mutate(
                    event.target.checked ? [...groups, group.id] : groups.filter((each) => each !== group.id),
                  )
                }
                className="size-[1.125rem] accent-accent"
              />
              {group.label}
            </label>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Link2, User, Users, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { conversationKeys, groupsQuery, shareConversation, sharesQuery } from "@/api/conversations/queries";
import type { Group, Share } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { inputClasses } from "../ui/field";

/** Who else reads a conversation, and what they will see of it. */
export function ShareDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation();
  const shares = useQuery(sharesQuery(id));
  const groups = useQuery(groupsQuery);
  const fault = shares.error ?? groups.error;
  return (
    <Dialog open onClose={onClose} title={t("share.title")} description={t("share.lead")}>
      <ul className="mb-5 list-disc space-y-1 pl-5 text-[0.9375rem] text-ink-soft marker:text-ink-faint">
        <li>{t("share.sees")}</li>
        <li>{t("share.hidden")}</li>
        <li>{t("share.later")}</li>
      </ul>
      {fault && (
        <ProblemNotice
          error={fault}
          onRetry={() => {
            void shares.refetch();
            void groups.refetch();
          }}
        />
      )}
      {!fault && (!shares.data || !groups.data) && <Waiting />}
      {shares.data && groups.data && (
        <Readers id={id} shares={shares.data} groups={groups.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface ReadersProps {
  id: number;
  shares: Share[];
  groups: Group[];
  onClose: () => void;
}

function Readers({ id, shares, groups, onClose }: ReadersProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [typed, setTyped] = useState("");
  const [users, setUsers] = useState(() => labels(shares, "user"));
  const [chosen, setChosen] = useState(() => {
    const named = new Set(labels(shares, "group"));
    return groups.filter((group) => named.has(group.label)).map((group) => group.id);
  });
  const save = useMutation({
    mutationFn: () => shareConversation(id, withLogin(users, typed), chosen),
    onSuccess: (now) => {
      cache.setQueryData(conversationKeys.shares(id), now);
      onClose();
    },
  });
  const add = () => {
    setUsers(withLogin(users, typed));
    setTyped("");
  };
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === "") save.mutate();
        else add();
      }}
    >
      <div>
        <label htmlFor="share-login" className="mb-1.5 block text-sm font-medium">
          {t("share.logins")}
        </label>
        <div className="flex gap-2">
          <input
            id="share-login"
            value={typed}
            maxLength={200}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck="false"
            aria-describedby="share-login-hint"
            onChange={(event) => setTyped(event.target.value)}
            className={inputClasses}
          />
          <Button className="h-11" disabled={typed.trim() === ""} onClick={add}>
            {t("share.add")}
          </Button>
        </div>
        <p id="share-login-hint" className="mt-1.5 text-sm text-ink-faint">
          {t("share.loginsHint")}
        </p>
        {users.length > 0 && (
          <ul className="mt-2 flex flex-wrap gap-1.5">
            {users.map((login) => (
              <li key={login} className="flex items-center gap-1.5 rounded-lg border bg-paper pl-2.5 text-sm">
                <User aria-hidden="true" className="size-3.5 text-ink-faint" />
                {login}
                <Button
                  look="quiet"
                  size="iconSmall"
                  aria-label={t("share.remove", { name: login })}
                  onClick={() => setUsers(users.filter((other) => other !== login))}
                >
                  <X aria-hidden="true" />
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {groups.length > 0 && (
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t("share.groups")}</legend>
          <div className="max-h-40 overflow-y-auto">
            {groups.map((group) => (
              <label key={group.id} className="flex min-h-8 items-center gap-2.5">
                <input
                  type="checkbox"
                  className="size-[1.125rem] accent-accent"
                  checked={chosen.includes(group.id)}
                  onChange={(event) =>
                    setChosen(
                      event.target.checked
                        ? [...chosen, group.id]
                        : chosen.filter((other) => other !== group.id),
                    )
                  }
                />
                <Users aria-hidden="true" className="size-4 text-ink-faint" />
                {group.label}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {save.isError && <ProblemNotice error={save.error} />}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <CopyLink id={id} />
        <Button look="quiet" onClick={onClose}>
          {t("actions.cancel")}
        </Button>
        <Button look="primary" disabled={save.isPending} onClick={() => save.mutate()}>
          {t("share.save")}
        </Button>
      </div>
    </form>
  );
}

function CopyLink({ id }: { id: number }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(`${location.origin}/c/${id}`);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <Button look="quiet" className="mr-auto max-sm:order-last" onClick={() => void copy()}>
      {copied ? <Check aria-hidden="true" /> : <Link2 aria-hidden="true" />}
      <span aria-live="polite">{t(copied ? "actions.copied" : "share.copyLink")}</span>
    </Button>
  );
}

const labels = (shares: Share[], kind: Share["kind"]): string[] =>
  shares.filter((share) => share.kind === kind).map((share) => share.label);

function withLogin(users: string[], typed: string): string[] {
  const login = typed.trim();
  return login === "" || users.includes(login) ? users : [...users, login];
}

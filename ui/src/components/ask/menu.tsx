import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, FolderInput, PencilLine, Pin, PinOff, Share2, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type Change,
  changeConversation,
  conversationKeys,
  removeConversation,
} from "@/api/conversations/queries";
import type { ConversationBrief } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button, buttonClasses } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import { conversations } from "./conversations";
import { ExportDialog } from "./export";
import { ShareDialog } from "./share";

interface Props {
  conversation: ConversationBrief;
  /** Whether it is the one on the page. */
  current: boolean;
  className?: string;
}

type Doing = "rename" | "move" | "share" | "export" | "remove" | null;

/** What its owner can do with a conversation as a whole. */
export function ConversationMenu({ conversation, current, className }: Props) {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<Doing>(null);
  const change = useChange(conversation.id);
  const name = conversation.title || t("history.untitled");
  const close = () => setDoing(null);
  const trigger = (
    <button
      type="button"
      aria-label={t("history.actions", { name })}
      className={buttonClasses({ look: "quiet", size: "iconSmall" }) + (className ? ` ${className}` : "")}
    >
      <Ellipsis aria-hidden="true" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger} label={t("history.actions", { name })}>
        <MenuItem onSelect={() => change.mutate({ pinned: !conversation.pinned })}>
          {conversation.pinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />}
          {t(conversation.pinned ? "history.unpin" : "history.pin")}
        </MenuItem>
        <MenuItem onSelect={() => setDoing("rename")}>
          <PencilLine aria-hidden="true" />
          {t("history.rename")}
        </MenuItem>
        <MenuItem onSelect={() => setDoing("move")}>
          <FolderInput aria-hidden="true" />
          {t("history.move")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => setDoing("share")}>
          <Share2 aria-hidden="true" />
          {t("share.open")}
        </MenuItem>
        <MenuItem onSelect={() => setDoing("export")}>
          <Download aria-hidden="true" />
          {t("export.open")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem className="text-danger [&_svg]:text-danger" onSelect={() => setDoing("remove")}>
          <Trash2 aria-hidden="true" />
          {t("history.remove")}
        </MenuItem>
      </Menu>
      {doing === "rename" && <Rename conversation={conversation} onClose={close} />}
      {doing === "move" && <Move conversation={conversation} onClose={close} />}
      {doing === "share" && <ShareDialog id={conversation.id} onClose={close} />}
      {doing === "export" && <ExportDialog id={conversation.id} onClose={close} />}
      {doing === "remove" && <Remove conversation={conversation} current={current} onClose={close} />}
    </>
  );
}

function useChange(id: number, onDone?: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => changeConversation(id, change),
    onSuccess: (about) => {
      conversations.know(about);
      onDone?.();
      return cache.invalidateQueries({ queryKey: conversationKeys.lists() });
    },
  });
}

function Rename({ conversation, onClose }: { conversation: ConversationBrief; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(conversation.title);
  const change = useChange(conversation.id, onClose);
  return (
    <Dialog open onClose={onClose} title={t("history.rename")}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ title: title.trim() });
        }}
      >
        <Field
          label={t("history.title")}
          value={title}
          required
          maxLength={200}
          onChange={(event) => setTitle(event.target.value)}
        />
        {change.isError && <ProblemNotice error={change.error} />}
        <Ends
          onClose={onClose}
          label={t("actions.save")}
          disabled={title.trim() === "" || change.isPending}
        />
      </form>
    </Dialog>
  );
}

function Move({ conversation, onClose }: { conversation: ConversationBrief; onClose: () => void }) {
  const { t } = useTranslation();
  const list = useId();
  const folders = useKnownFolders();
  const [folder, setFolder] = useState(conversation.folder);
  const change = useChange(conversation.id, onClose);
  return (
    <Dialog open onClose={onClose} title={t("history.move")}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ folder: folder.trim() });
        }}
      >
        <Field
          label={t("history.folder")}
          hint={t("history.folderHint")}
          list={list}
          value={folder}
          maxLength={200}
          onChange={(event) => setFolder(event.target.value)}
        />
        <datalist id={list}>
          {folders.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {change.isError && <ProblemNotice error={change.error} />}
        <Ends onClose={onClose} label={t("actions.save")} disabled={change.isPending} />
      </form>
    </Dialog>
  );
}

interface RemoveProps {
  conversation: ConversationBrief;
  current: boolean;
  onClose: () => void;
}

function Remove({ conversation, current, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => removeConversation(conversation.id),
    onSuccess: async () => {
      if (current) await navigate({ to: "/" });
      conversations.forget(conversation.id);
      onClose();
      await cache.invalidateQueries({ queryKey: conversationKeys.lists() });
    },
  });
  const name = conversation.title || t("history.untitled");
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("history.removeTitle")}
      description={t("history.removeWhat", { name })}
    >
      {remove.isError && <ProblemNotice error={remove.error} />}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {t("actions.cancel")}
        </Button>
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t("history.removeForGood")}
        </Button>
      </div>
    </Dialog>
  );
}

/** The folders of the conversations that were listed so far. */
function useKnownFolders(): string[] {
  const lists = useQueryClient().getQueriesData<InfiniteData<{ conversations: ConversationBrief[] }>>({
    queryKey: conversationKeys.lists(),
  });
  const names = lists.flatMap(([, data]) =>
    (data?.pages ?? []).flatMap((page) => page.conversations.map((conversation) => conversation.folder)),
  );
  return [...new Set(names)].filter((name) => name !== "").sort((one, other) => one.localeCompare(other));
}

function Ends({ onClose, label, disabled }: { onClose: () => void; label: string; disabled: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button look="quiet" onClick={onClose}>
        {t("actions.cancel")}
      </Button>
      <Button type="submit" look="primary" disabled={disabled}>
        {label}
      </Button>
    </div>
  );
}

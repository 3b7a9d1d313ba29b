import { useSyncExternalStore } from "react";
import type { ConversationBrief } from "@/api/types";
import { forgetDrafts, keepDraftsOf, writeDraft } from "@/shared/drafts";
import { Conversation, SERVER, type Server, type Shown } from "./conversation";

/** Conversations that are kept at hand; older ones are read again when they are wanted. */
const AT_HAND = 20;
export const NEW = "new";

/** The conversations that one person has open: answers go on coming to those that are not looked at. */
export class Conversations {
  onProblem: (problem: unknown) => void = () => undefined;
  onChange: () => void = () => undefined;
  #server: Server;
  #owner: string | null = null;
  #fresh: Conversation;
  #open = new Map<number, Conversation>();
  #listeners = new Set<() => void>();

  constructor(server: Server = SERVER) {
    this.#server = server;
    this.#fresh = this.#made(null);
  }

  subscribe = (notify: () => void): (() => void) => {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  };

  /** The conversation of this number; null: the one that is to be begun. */
  of(id: number | null): Conversation {
    if (id === null) return this.#fresh;
    const open = this.#open.get(id);
    if (open !== undefined) return open;
    const begun = this.#fresh.shown().id === id;
    const conversation = begun ? this.#fresh : this.#made(id);
    if (begun) this.#fresh = this.#made(null);
    this.#open.set(id, conversation);
    for (const [other, idle] of this.#open) {
      if (this.#open.size <= AT_HAND) break;
      if (other === id || idle.busy) continue;
      idle.end();
      this.#open.delete(other);
    }
    return conversation;
  }

  /** Puts aside what was to be begun, such as a question that could not be sent. */
  renew(): void {
    if (this.#fresh.shown().exchanges.length === 0 && this.#fresh.shown().id === null) return;
    this.#fresh.end();
    this.#fresh = this.#made(null);
    this.#notify();
  }

  know(about: ConversationBrief): void {
    this.#open.get(about.id)?.know(about);
  }

  forget(id: number): void {
    this.#open.get(id)?.end();
    this.#open.delete(id);
    writeDraft(String(id), "");
  }

  /** Keeps everything for the person who had it, and empties it for anybody else. */
  belongTo(login: string): void {
    if (this.#owner !== null && this.#owner !== login) this.#empty();
    this.#owner = login;
    keepDraftsOf(login);
  }

  clear(): void {
    this.#empty();
    this.#owner = null;
    forgetDrafts();
  }

  #empty(): void {
    this.#fresh.end();
    for (const conversation of this.#open.values()) conversation.end();
    this.#open.clear();
    this.#fresh = this.#made(null);
    this.#notify();
  }

  #made(id: number | null): Conversation {
    const conversation = new Conversation(id, this.#server);
    conversation.onProblem = (problem) => this.onProblem(problem);
    conversation.onChange = () => this.onChange();
    return conversation;
  }

  #notify(): void {
    for (const notify of this.#listeners) notify();
  }
}

export const conversations = new Conversations();

export const useConversation = (id: number | null): Conversation =>
  useSyncExternalStore(conversations.subscribe, () => conversations.of(id));

export const useShown = (conversation: Conversation): Shown =>
  useSyncExternalStore(conversation.subscribe, conversation.shown);

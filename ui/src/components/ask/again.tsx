import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { choicesQuery } from "@/api/comparisons/queries";
import { modelsQuery } from "@/api/conversations/queries";
import { Button } from "../ui/button";
import { Menu, MenuItem } from "../ui/menu";
import type { Conversation } from "./conversation";
import { useShown } from "./conversations";
import type { Exchange } from "./exchanges";

interface Props {
  exchange: Exchange;
  conversation: Conversation;
}

/** By which model an answer is made again; nothing where there is none that questions may be sent. */
export function AnotherModel({ exchange, conversation }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...choicesQuery, staleTime: 60_000 });
  const { id } = useShown(conversation);
  const { answerTurn } = exchange;
  if (!data?.models.length || id === null || answerTurn === null) return null;
  return (
    <Menu
      label={t("ask.otherModel")}
      trigger={
        <Button
          look="quiet"
          size="iconSmall"
          className="-ml-1.5 w-6"
          aria-label={t("ask.otherModel")}
          title={t("ask.otherModel")}
        >
          <ChevronDown aria-hidden="true" />
        </Button>
      }
    >
      <Models
        id={id}
        turn={answerTurn}
        onChoose={(model) => void conversation.regenerate(exchange.id, model)}
      />
    </Menu>
  );
}

interface ModelsProps {
  id: number;
  turn: number;
  onChoose: (model: string) => void;
}

/** Those that may be sent what the answer rests on: looked up when somebody wants to choose. */
function Models({ id, turn, onChoose }: ModelsProps) {
  const { t } = useTranslation();
  const found = useQuery(modelsQuery(id, turn));
  if (!found.data?.length) {
    const told = found.isPending ? "ask.modelsSought" : found.isError ? "ask.modelsFailed" : "ask.noModel";
    return (
      <MenuItem disabled className="max-w-72 py-1.5 text-ink-soft">
        {t(told)}
      </MenuItem>
    );
  }
  return found.data.map(({ name, simulated }) => (
    <MenuItem key={name} onSelect={() => onChoose(name)}>
      {simulated ? t("ask.simulatedModel", { name }) : name}
    </MenuItem>
  ));
}

import { createFileRoute, notFound } from "@tanstack/react-router";
import { PromptPage } from "@/components/prompts/detail";

export const Route = createFileRoute("/_app/prompts/$prompt")({
  params: {
    parse: ({ prompt }) => {
      const id = Number(prompt);
      if (!Number.isSafeInteger(id) || id <= 0) throw notFound();
      return { prompt: id };
    },
    stringify: ({ prompt }) => ({ prompt: String(prompt) }),
  },
  component: Prompt,
});

function Prompt() {
  const { prompt } = Route.useParams();
  return <PromptPage id={prompt} />;
}

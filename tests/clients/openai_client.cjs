// OpenAI's own JavaScript client, unchanged: prints what it read of `/v1`, as JSON.
const { createRequire } = require("node:module");
const OpenAI = createRequire(`${process.env.PACKAGES}/`)("openai").OpenAI;

const client = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "Bonjour" }];
const tools = [
  { type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } },
];

async function main() {
  const whole = await client.chat.completions.create({ model: "echo", messages });
  const stream = await client.chat.completions.create({
    model: "echo",
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let streamed = "";
  let usage = null;
  for await (const piece of stream) {
    streamed += piece.choices[0]?.delta.content ?? "";
    usage = piece.usage ?? usage;
  }
  const called = await client.chat.completions.stream({ model: "echo", messages, tools }).finalMessage();
  const question = [{ role: "user", content: "When is the Cobaltine purchase signed?" }];
  const sourced = await client.chat.completions.create({ model: "centaure", messages: question });
  const models = [];
  for await (const model of client.models.list()) models.push(model.id);
  const errors = {};
  for (const model of ["nothing", "poor", "away"]) {
    await client.chat.completions.create({ model, messages }).catch((error) => {
      errors[model] = [error.status, error.code];
    });
  }
  console.log(
    JSON.stringify({
      whole: whole.choices[0].message.content,
      streamed,
      usage,
      called: called.tool_calls[0].function,
      answer: sourced.choices[0].message.content,
      sources: sourced.centaure.sources.length,
      models,
      errors,
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

// One JSON command a line in, JSON lines out.
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';

export function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Answers every command with what its handler returns, until stdin ends. What a `trace` saw goes along. */
export async function converse(handlers, trace) {
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    trace?.clear();
    try {
      const answer = await handlers[command.do](command);
      say({ ...answer, http: trace?.exchanges });
    } catch (error) {
      say({ event: 'failed', error: described(error), asks_again: trace?.asksAgain, http: trace?.exchanges });
    }
  }
}

function described(error) {
  return error.cause === undefined ? String(error) : `${error}; cause: ${inspect(error.cause, { depth: 3 })}`;
}

// usage: conformance.mjs CONNECTOR_URL (see ../README.md)
import { MCPConformanceTest, OAuthConformanceTest } from '@mcpjam/sdk';
import { converse, say } from '../shared/conversation.mjs';

// Stdout is for the conversation, and the library likes to talk.
console.log = console.info = console.debug = console.error;

const [connectorUrl] = process.argv.slice(2);
let accessToken;

/** Registers, signs in and calls a tool as a client of this revision does, then tries what must be refused. */
async function oauth({ registration, revision, client, redirect_url }) {
  const result = await new OAuthConformanceTest({
    serverUrl: connectorUrl,
    protocolVersion: revision,
    registrationStrategy: registration,
    client,
    redirectUrl: redirect_url,
    auth: { mode: 'interactive', openUrl: async (url) => say({ event: 'authorize', url }) },
    oauthConformanceChecks: true,
    verification: { listTools: true, callTool: { name: 'get_publishable_key', params: {} } },
  }).run();
  accessToken = result.credentials?.accessToken;
  return judged(result, result.steps.map(({ step, status, error }) => ({ name: step, status, error: error?.message })));
}

/** Judges the MCP endpoint with the token of the last sign-in. */
async function mcp() {
  const result = await new MCPConformanceTest({ serverUrl: connectorUrl, accessToken }).run();
  return judged(result, result.checks.map(({ id, status, error, details }) => ({ name: id, status, error: error?.message, warnings: details?.warnings })));
}

function judged({ passed, summary }, checks) {
  return { event: 'judged', passed, summary, checks };
}

await converse({ oauth, mcp });
process.exit(0);

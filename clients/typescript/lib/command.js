// The command line, standard input and standard output of the bridge.

import { parseArgs } from 'node:util';

import { Bridge, VERSION, say } from './bridge.js';

const DEFAULT_URL = 'https://mcp.agenticcalling.ai/mcp';
const LINE_BYTES_MAX = 32 * 1024 * 1024;
/** After standard input has ended, answers are waited for so long. */
const DRAIN_MS = 30_000;

const HELP = `usage: agenticcalling-mcp [--url URL] [--tools NAMES] [--version] [--help]

Lets an MCP client that starts programs, such as a desktop assistant, use the calling tools of an agenticcalling
server. It speaks MCP over standard input and output, and Streamable HTTP to the server.

  --url URL      address of the MCP endpoint, if not AC_BASE_URL's (default ${DEFAULT_URL})
  --tools NAMES  show and call only these tools: make_call,get_call_status

variables:
  AC_API_KEY   the API key (ac_live_... or ac_test_...); needed
  AC_BASE_URL  address of the server's API, such as http://127.0.0.1:8080/v1
`;

/** The endpoint beside an API: `/mcp` in place of `/v1`. */
export function mcpUrl(baseUrl) {
  const base = baseUrl.trim().replace(/\/+$/, '');
  return base ? `${base.replace(/\/v1$/, '')}/mcp` : DEFAULT_URL;
}

/** What is wanted, or a mistake to tell. */
export function options(argv, env) {
  let values;
  try {
    const known = {
      url: { type: 'string' },
      tools: { type: 'string' },
      version: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    };
    ({ values } = parseArgs({ args: argv, options: known }));
  } catch (error) {
    return { mistake: error.message };
  }
  if (values.help) return { print: HELP };
  if (values.version) return { print: `agenticcalling-mcp ${VERSION}\n` };
  // Not a flag: a command line can be read by everybody on the machine.
  const key = (env.AC_API_KEY ?? '').trim();
  if (!key) {
    return { mistake: "the variable AC_API_KEY is not set: put your API key into the client's `env`" };
  }
  if (!/^[!-~]+$/.test(key)) {
    return { mistake: 'AC_API_KEY has characters that no key has: is it whole?' };
  }
  const url = values.url ?? mcpUrl(env.AC_BASE_URL ?? '');
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    return { mistake: `'${url}' is no http or https address` };
  }
  if (values.tools === undefined) return { url, key, tools: null };
  const names = values.tools.split(',').map((name) => name.trim()).filter(Boolean);
  if (names.length === 0) return { mistake: '--tools names no tool' };
  return { url, key, tools: new Set(names) };
}

/** Runs until standard input ends; gives the exit code. */
export async function main(argv, env, { stdin, stdout, stderr }) {
  const wanted = options(argv, env);
  if (wanted.print) {
    stdout.write(wanted.print);
    return 0;
  }
  if (wanted.mistake) {
    stderr.write(`${HELP.split('\n')[0]}\nagenticcalling-mcp: error: ${wanted.mistake}\n`);
    return 2;
  }
  let stopped = false;
  let stop;
  const stopping = new Promise((resolve) => {
    stop = () => {
      stopped = true;
      resolve();
    };
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop);
  // The client reads no more.
  stdout.on('error', stop);
  const write = (message) =>
    new Promise((resolve) => {
      // A client that does not read holds up its own answers.
      stdout.write(`${JSON.stringify(message)}\n`, () => resolve());
    });
  const bridge = new Bridge(wanted, write);
  const taking = (async () => {
    for await (const line of lines(stdin)) {
      if (stopped) return;
      if (line.trim()) await bridge.take(line);
    }
  })();
  let code = 0;
  await Promise.race([
    taking.catch((error) => {
      say(`internal error: ${error.stack}`);
      code = 1;
    }),
    stopping,
  ]);
  await Promise.race([bridge.close(stopped ? 0 : DRAIN_MS), stopped ? new Promise(() => {}) : stopping]);
  return code;
}

/** Lines end in LF alone: JSON may hold every other separator. */
async function* lines(stdin) {
  let parts = [];
  let size = 0;
  for await (const chunk of stdin) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > LINE_BYTES_MAX) {
      say(`a line of more than ${LINE_BYTES_MAX} bytes ends the connection`);
      return;
    }
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8');
}

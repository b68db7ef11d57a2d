// The bridge between one MCP client and one server: the same as the Python package's, rule for rule.
//
// Every request of the client is answered: by the server, or with an error that says what became of it. What is
// safe to send again after a lost connection is sent again; a call that may have been placed is not.

import { setTimeout as sleep } from 'node:timers/promises';

import { Reader, TooLarge } from './sse.js';

export const VERSION = '0.1.0';

/** Sendings of one message, and reconnections for one answer. */
const ATTEMPTS_MAX = 5;
const BACKOFF_MAX_MS = 10_000;
const RETRY_AFTER_MS_MAX = 60_000;
const IN_FLIGHT_MAX = 64;
/** A connection on which nothing comes for so long, not even a comment, is taken for lost. */
const SILENCE_MS = 300_000;
const GOODBYE_MS = 3_000;
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const ERROR_TEXT_MAX = 500;
/** Of requests that the bridge makes itself: their answers are not the client's. */
export const RENEWAL_ID = 'agenticcalling-mcp-renewal';

// JSON-RPC 2.0, and the range it leaves to servers.
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const CONNECTION_LOST = -32000;
const REFUSED = -32001;

const VERSION_IN_META = 'io.modelcontextprotocol/protocolVersion';
// What the request is about, repeated in a header for proxies, from the revision 2026-07-28 on.
const NAMED_BY = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };
// With these no connection was made, so nothing was sent.
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The message never reached the server. */
class Unsent extends Error {}
/** The connection ended after the message was sent, and before its answer came. */
class Broken extends Error {}
/** The server did not take the message and asks to come back. */
class Busy extends Error {
  constructor(said, ms) {
    super(said);
    this.ms = ms;
  }
}
/** The server knows the session no more; it did not take the message. */
class SessionGone extends Error {}
/** The server's answer is an error. */
class Failed extends Error {}

const EXPECTED = [Unsent, Broken, Busy, SessionGone, Failed];

/** Tells a person: standard output belongs to the protocol. */
export function say(text) {
  process.stderr.write(`agenticcalling-mcp: ${text}\n`);
}

export class Bridge {
  #url;
  #key;
  #tools;
  #write;
  #say;
  #backoffMs;
  #session = null;
  #version = null;
  #hello = null;
  #renewing = null;
  #running = new Map();
  #cancelled = new Set();
  #repeatableTools = new Set();
  #room = [];
  #listening = null;
  #closing = new AbortController();

  /**
   * @param {{url: string, key: string, tools?: Set<string> | null}} options
   * @param {(message: object) => void | Promise<void>} write Passes a message on to the client.
   */
  constructor({ url, key, tools = null, tell = say, backoffMs = 250 }, write) {
    this.#url = url;
    this.#key = key;
    this.#tools = tools;
    this.#write = write;
    this.#say = tell;
    this.#backoffMs = backoffMs;
  }

  // From the client.

  /** One line of standard input. */
  async take(line) {
    let message;
    try {
      message = JSON.parse(line);
    } catch (error) {
      return this.#write(failure(null, PARSE_ERROR, `this line is no JSON: ${error.message}`));
    }
    if (Array.isArray(message)) {
      const said = 'several messages in one line are not supported: send one in each';
      return this.#write(failure(null, INVALID_REQUEST, said));
    }
    if (!isObject(message)) {
      return this.#write(failure(null, INVALID_REQUEST, 'a message is a JSON object'));
    }
    if (!('method' in message) || message.id == null) return this.#notify(message);
    const name = nameOf(message);
    if (this.#tools && message.method === 'tools/call' && !this.#tools.has(name)) {
      const left = [...this.#tools].sort().join(', ');
      const said = `unknown tool: ${name} (--tools leaves only ${left})`;
      return this.#write(failure(message.id, INVALID_PARAMS, said));
    }
    if (message.method === 'initialize') {
      // Whatever follows needs its outcome.
      this.#hello = message;
      return this.#answer(message, this.#closing.signal);
    }
    if (this.#running.size >= IN_FLIGHT_MAX) {
      await new Promise((resolve) => this.#room.push(resolve));
    }
    this.#begin(message);
  }

  /** Lets what is running come to its end, for so long; then ends the session. */
  async close(drainMs) {
    const running = [...this.#running.values()].map(({ done }) => done);
    if (running.length > 0 && drainMs > 0) {
      const patience = new AbortController();
      const late = sleep(drainMs, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([Promise.all(running), late]);
      patience.abort();
    }
    this.#closing.abort();
    await Promise.all([...running, this.#listening]);
    if (this.#session === null) return;
    const signal = AbortSignal.timeout(GOODBYE_MS);
    const goodbye = { method: 'DELETE', headers: this.#headers({}), redirect: 'manual', signal };
    await fetch(this.#url, goodbye).then((response) => response.body?.cancel(), () => {});
  }

  #begin(message) {
    const key = JSON.stringify(message.id);
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.#closing.signal]);
    const entry = { message, gone };
    entry.done = this.#answer(message, signal)
      .catch((error) => this.#say(`internal error: ${error.stack}`))
      .then(() => {
        if (this.#running.get(key) === entry) this.#running.delete(key);
        this.#cancelled.delete(key);
        this.#room.shift()?.();
      });
    this.#running.set(key, entry);
  }

  /** Sends what is not answered. Failing to is told to the person: the client expects nothing. */
  async #notify(message) {
    if (message.method === 'notifications/cancelled') {
      const key = JSON.stringify(message.params?.requestId);
      const running = this.#running.get(key);
      if (running) this.#cancelled.add(key);
      if (running && statedVersion(running.message) !== null) {
        // Without sessions a request is cancelled by going away.
        running.gone.abort();
        return;
      }
    }
    try {
      await this.#deliver(message, this.#closing.signal);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#expect(error);
      this.#say(`${message.method ?? 'an answer'} was not delivered: ${error.message}`);
    }
    if (message.method === 'notifications/initialized') this.#listen();
  }

  // To the server, and its answers.

  /** Gets a request answered, by the server or with what became of it. */
  async #answer(message, signal) {
    try {
      await this.#deliver(message, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#expect(error);
      if (this.#cancelled.has(JSON.stringify(message.id))) return;
      const code = error instanceof Failed ? REFUSED : CONNECTION_LOST;
      await this.#write(failure(message.id, code, error.message));
    }
  }

  /** Sends a message until it is taken and answered, as often as is safe. */
  async #deliver(message, signal) {
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const session = this.#session;
      const isLast = attempt >= ATTEMPTS_MAX;
      let wait = this.#backoff(attempt);
      try {
        return await this.#exchange(message, signal);
      } catch (error) {
        if (error instanceof SessionGone && !renewed) {
          renewed = true;
          await this.#renew(session, signal);
          continue;
        }
        if (error instanceof Busy) {
          wait = error.ms ?? wait;
          if (wait > RETRY_AFTER_MS_MAX) throw error;
        } else if (error instanceof Broken) {
          if ('method' in message && !this.#isRepeatable(message)) {
            throw new Broken(
              `${error.message}: it is not known whether the server did this. Look before you ask again` +
                ' (list_calls shows what was placed).',
            );
          }
          if (this.#isCancelled(message)) throw error;
        } else if (!(error instanceof Unsent)) throw error;
        if (isLast) throw error;
      }
      await sleep(wait, undefined, { signal });
    }
  }

  /** One sending, and its answer if there is to be one. */
  async #exchange(message, signal) {
    const silence = new Silence(signal);
    try {
      const response = await this.#send('POST', message, silence, {
        headers: { ...this.#headers(message), 'content-type': 'application/json' },
        body: JSON.stringify(message),
      });
      try {
        await this.#read(message, response, silence, signal);
      } finally {
        await response.body?.cancel().catch(() => {});
      }
    } finally {
      silence.end();
    }
  }

  async #send(method, message, silence, more) {
    try {
      const sending = { method, redirect: 'manual', signal: silence.signal, ...more };
      return await fetch(this.#url, sending);
    } catch (error) {
      const code = error.cause?.code;
      const why = error.cause?.message || code || error.message;
      if (UNSENT.has(code)) {
        throw new Unsent(`the server at ${this.#where()} cannot be reached: ${why}`);
      }
      throw this.#broken(why);
    }
  }

  async #read(message, response, silence, signal) {
    const expects = 'method' in message && message.id != null;
    if (!response.ok) return this.#readRefusal(message, response, silence, expects);
    if (message.method === 'initialize') this.#session = response.headers.get('mcp-session-id');
    if (!expects) return undefined;
    const kind = (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
    if (kind === 'text/event-stream') return this.#readStream(message, response, silence, signal);
    if (kind !== 'application/json') {
      const said = `the server at ${this.#where()} answered with ${kind || 'nothing'}`;
      throw new Failed(`${said}: is that the address of its MCP endpoint?`);
    }
    let answers;
    const body = await this.#body(response, silence);
    try {
      answers = JSON.parse(body);
    } catch (error) {
      throw new Failed(`the server's answer is no JSON: ${error.message}`);
    }
    let answered = false;
    for (const answer of Array.isArray(answers) ? answers : [answers]) {
      answered = (await this.#forward(message, answer)) || answered;
    }
    if (!answered) throw new Failed('the server answered something else than what was asked');
    return undefined;
  }

  async #readRefusal(message, response, silence, expects) {
    const { status, headers } = response;
    const body = await this.#body(response, silence);
    let said = null;
    try {
      said = JSON.parse(body);
    } catch {
      // A proxy's page, for example.
    }
    const error = isObject(said) && 'jsonrpc' in said && isObject(said.error) ? said.error : null;
    const hadSession = this.#session !== null && 'mcp-session-id' in this.#headers(message);
    if (status === 404 && hadSession && error?.code !== METHOD_NOT_FOUND) {
      throw new SessionGone('the server has ended the session');
    }
    if (error) {
      // An error of the protocol: its id may be missing where the server could not read it.
      if (!expects) throw new Failed(String(error.message));
      await this.#forward(message, { jsonrpc: '2.0', id: message.id, error });
      return;
    }
    const detail = typeof said?.detail === 'string' ? said.detail : body.slice(0, ERROR_TEXT_MAX);
    const about = `the server answered with status ${status}${detail ? `: ${detail}` : ''}`;
    if (status === 401) {
      throw new Failed(`the API key is not valid (${detail || status}): check AC_API_KEY`);
    }
    if (status === 429 || (status === 503 && headers.has('retry-after'))) {
      throw new Busy(about, retryAfterMs(headers.get('retry-after')));
    }
    if (status >= 300 && status < 400) {
      const to = headers.get('location') ?? 'elsewhere';
      throw new Failed(`the server redirects to ${to}: name that address, if you trust it`);
    }
    if (status === 502 || status === 504) throw new Broken(about);
    if (status === 404 || status === 405) {
      throw new Failed(`there is no MCP endpoint at ${this.#url} (status ${status})`);
    }
    throw new Failed(about);
  }

  /** Events until the answer is among them, over as many connections as it takes. */
  async #readStream(message, first, silence, signal) {
    const reader = new Reader();
    let response = first;
    for (let attempt = 1; ; attempt += 1) {
      const before = reader.lastId;
      let lost = null;
      try {
        for await (const event of events(response, reader, silence)) {
          if (await this.#forward(message, this.#json(event))) return;
        }
      } catch (error) {
        if (signal.aborted) throw error;
        lost = error;
      }
      const why = lost ? lost.cause?.message || lost.message : 'the server ended the answer';
      const broken = this.#broken(why);
      if (lost instanceof TooLarge || reader.lastId === null || this.#isCancelled(message)) {
        throw broken;
      }
      const isPolled = lost === null && reader.retryMs !== null;
      // The server wants to be asked now and then, or brought something before it was lost.
      if (isPolled || reader.lastId !== before) attempt = 1;
      if (attempt > ATTEMPTS_MAX) throw broken;
      await sleep(this.#pause(reader, attempt), undefined, { signal });
      response = await this.#resume(reader, silence, signal);
      if (response === null) throw broken;
      reader.restart();
    }
  }

  /** The rest of a stream that broke, if the server kept it. */
  async #resume(reader, silence, signal) {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      try {
        const response = await this.#open(reader.lastId, silence);
        if (isStream(response)) return response;
        await response.body?.cancel();
        return null;
      } catch (error) {
        if (signal.aborted) throw error;
        await sleep(this.#backoff(attempt), undefined, { signal });
      }
    }
    return null;
  }

  async #open(lastId, silence) {
    silence.heard();
    const headers = { ...this.#headers({}), accept: 'text/event-stream' };
    if (lastId !== null) headers['last-event-id'] = lastId;
    return this.#send('GET', {}, silence, { headers });
  }

  /** Passes a message on to the client. True: it answers the request. */
  async #forward(request, given) {
    let message = given;
    if (!isObject(message)) return false;
    const isAnswer = !('method' in message) && ('result' in message || 'error' in message);
    if (!isAnswer) {
      await this.#write(message);
      return false;
    }
    if (request === null || message.id !== request.id) {
      // The protocol allows an answer only on its own request's stream.
      this.#say(`the server answered ${JSON.stringify(message.id)} where something else was asked`);
      return false;
    }
    const { result } = message;
    if (request.method === 'initialize' && isObject(result)) {
      const version = result.protocolVersion;
      this.#version = typeof version === 'string' ? version : null;
    }
    if (request.method === 'tools/list' && isObject(result)) {
      message = { ...message, result: this.#shown(result) };
    }
    if (message.id === RENEWAL_ID) {
      if ('error' in message) {
        throw new Failed(`the server begins no new session: ${JSON.stringify(message.error)}`);
      }
      return true;
    }
    await this.#write(message);
    return true;
  }

  /** The list of tools as the client is to see it; what they say about repeating them is kept. */
  #shown(result) {
    if (!Array.isArray(result.tools)) return result;
    const tools = result.tools.filter((tool) => typeof tool?.name === 'string');
    for (const { name, annotations } of tools) {
      if (annotations?.readOnlyHint === true || annotations?.idempotentHint === true) {
        this.#repeatableTools.add(name);
      }
    }
    if (!this.#tools) return result;
    const names = tools.map(({ name }) => name).sort();
    const missing = [...this.#tools].filter((name) => !names.includes(name)).sort();
    if (missing.length > 0 && !('nextCursor' in result)) {
      this.#say(`the server has no tool ${missing.join(', ')}; it has ${names.join(', ')}`);
    }
    return { ...result, tools: tools.filter(({ name }) => this.#tools.has(name)) };
  }

  // The session.

  /** Begins a new session in place of one that the server ended; the client need not know. */
  async #renew(gone, signal) {
    while (this.#renewing) await this.#renewing.catch(() => {});
    if (this.#session !== gone) return;
    this.#renewing = this.#beginAnew(signal);
    try {
      await this.#renewing;
    } finally {
      this.#renewing = null;
    }
  }

  async #beginAnew(signal) {
    if (this.#hello === null) {
      throw new Failed('the server asks for a session, and the client has not begun one');
    }
    this.#say('the server has ended the session: beginning a new one');
    this.#session = null;
    await this.#exchange({ ...this.#hello, id: RENEWAL_ID }, signal);
    await this.#exchange({ jsonrpc: '2.0', method: 'notifications/initialized' }, signal);
    this.#listen();
  }

  /** Keeps a stream open for what the server says by itself. */
  #listen() {
    const before = this.#listening;
    const session = this.#session;
    this.#listening = Promise.all([before, this.#keepListening(session)]).then(
      () => {},
      (error) => {
        if (!this.#closing.signal.aborted) this.#say(`internal error: ${error.stack}`);
      },
    );
  }

  async #keepListening(session) {
    const { signal } = this.#closing;
    const reader = new Reader();
    for (let failures = 1; session === this.#session && !signal.aborted; failures += 1) {
      const silence = new Silence(signal);
      try {
        const response = await this.#open(reader.lastId, silence);
        if (!isStream(response)) {
          await response.body?.cancel();
          // 405: the server has nothing to say by itself. 404: the session is gone, and the next request
          // begins another.
          if (response.status < 500 && response.status !== 429) return;
        } else {
          reader.restart();
          for await (const event of events(response, reader, silence)) {
            failures = 0;
            await this.#forward(null, this.#json(event));
          }
        }
      } catch (error) {
        if (error instanceof TooLarge) return this.#say(error.message);
      } finally {
        silence.end();
      }
      const pause = Math.max(this.#backoff(failures), this.#pause(reader, failures));
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  // Small things.

  #headers(message) {
    const { method } = message;
    const headers = {
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${this.#key}`,
      'user-agent': `agenticcalling-mcp/${VERSION} (Node.js ${process.versions.node})`,
    };
    const stated = statedVersion(message);
    const version = stated ?? this.#version;
    if (version !== null && method !== 'initialize') headers['mcp-protocol-version'] = header(version);
    if (this.#session !== null && method !== 'initialize' && stated === null) {
      headers['mcp-session-id'] = this.#session;
    }
    if (typeof method === 'string') headers['mcp-method'] = header(method);
    const name = nameOf(message);
    if (name !== null) headers['mcp-name'] = header(name);
    return headers;
  }

  async #body(response, silence) {
    const parts = [];
    let size = 0;
    try {
      for await (const part of response.body ?? []) {
        silence.heard();
        parts.push(part);
        size += part.length;
        if (size > BODY_BYTES_MAX) break;
      }
    } catch (error) {
      throw this.#broken(error.cause?.message || error.message);
    }
    if (size > BODY_BYTES_MAX) {
      throw new Failed(`the server's answer is larger than ${BODY_BYTES_MAX} bytes`);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  #json(event) {
    if (event.kind !== 'message') return null;
    try {
      return JSON.parse(event.data);
    } catch {
      this.#say('the server sent an event that is no JSON');
      return null;
    }
  }

  /** Whether doing it twice is the same as doing it once. */
  #isRepeatable(message) {
    return message.method !== 'tools/call' || this.#repeatableTools.has(nameOf(message));
  }

  #isCancelled(message) {
    return this.#cancelled.has(JSON.stringify(message.id));
  }

  #broken(why) {
    return new Broken(`the connection to ${this.#where()} was lost: ${why}`);
  }

  #where() {
    return new URL(this.#url).origin;
  }

  #backoff(attempt) {
    const longest = Math.min(BACKOFF_MAX_MS, this.#backoffMs * 2 ** Math.min(attempt - 1, 10));
    return longest * (0.5 + Math.random() / 2);
  }

  /** As long as the server asked for, within reason. */
  #pause(reader, attempt) {
    if (reader.retryMs === null) return this.#backoff(attempt);
    return Math.min(reader.retryMs, RETRY_AFTER_MS_MAX);
  }

  #expect(error) {
    if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
  }
}

/** Ends a connection on which nothing is heard. */
class Silence {
  #over = new AbortController();
  #timer;

  constructor(signal) {
    this.signal = AbortSignal.any([signal, this.#over.signal]);
    this.heard();
  }

  heard() {
    clearTimeout(this.#timer);
    const why = new Error(`nothing was heard for ${SILENCE_MS / 1000} seconds`);
    this.#timer = setTimeout(() => this.#over.abort(why), SILENCE_MS);
    this.#timer.unref();
  }

  end() {
    clearTimeout(this.#timer);
  }
}

async function* events(response, reader, silence) {
  for await (const part of response.body ?? []) {
    silence.heard();
    yield* reader.feed(part);
  }
}

function isStream(response) {
  const kind = response.headers.get('content-type') ?? '';
  return response.ok && kind.startsWith('text/event-stream');
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failure(id, code, message) {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

/** The protocol's revision, where each request carries it: from 2026-07-28 on, which has no sessions. */
function statedVersion(message) {
  const version = message.params?._meta?.[VERSION_IN_META];
  return typeof version === 'string' ? version : null;
}

function nameOf(message) {
  const member = NAMED_BY[message.method];
  const name = member === undefined ? undefined : message.params?.[member];
  return typeof name === 'string' ? name : null;
}

/** As it is, or wrapped as the protocol says where a header could not hold it. */
function header(text) {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(text) && !text.startsWith('=?base64?')) return text;
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

function retryAfterMs(value) {
  if (value === null) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

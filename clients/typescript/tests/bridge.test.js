// The bridge against servers that misbehave: the same table as the Python package's.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Bridge, RENEWAL_ID } from '../lib/bridge.js';
import { DROP, freePort, scripted } from './script.js';

const KEY = 'ac_test_peer';
const BUSY = { 'retry-after': '0' };
const HTML = { 'content-type': 'text/html' };

const request = (method, id = 1, params = {}) => ({ jsonrpc: '2.0', id, method, params });
const result = (id = 1, more = {}) => ({ jsonrpc: '2.0', id, result: more });
const data = (message, id) => `${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(message)}`;
const stream = (events, more = {}) => ({
  body: events.map((one) => `${one}\n\n`).join(''),
  headers: { 'content-type': 'text/event-stream' },
  ...more,
});

const CALL = request('tools/call', 1, { name: 'make_call', arguments: { to: '+12025550100' } });
const LIST = request('tools/list');
const HELLO = request('initialize', 'hello', { protocolVersion: '2025-06-18', capabilities: {} });
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };
const WELCOME = {
  body: result('hello', { protocolVersion: '2025-06-18' }),
  headers: { 'mcp-session-id': 'session one' },
};
const ERROR = { jsonrpc: '2.0', id: null, error: { code: -32602, message: 'no such tool' } };
const TOOLS = { body: result(1, { tools: [] }) };
const DONE = { body: result() };
const DONE_STREAMED = stream([data(result())]);

function bridged(url, tools = null) {
  const written = [];
  const told = [];
  const options = { url, key: KEY, tools, tell: (text) => told.push(text), backoffMs: 5 };
  const bridge = new Bridge(options, (message) => written.push(message));
  return { bridge, written, told };
}

async function carried(url, messages, { tools = null, drainMs = 10_000 } = {}) {
  const { bridge, written, told } = bridged(url, tools);
  for (const message of messages) {
    await bridge.take(typeof message === 'string' ? message : JSON.stringify(message));
  }
  await bridge.close(drainMs);
  return { written, told };
}

// What is asked, what comes back in order, what the client is told (a result, or words of an error), and how often
// the server was asked.
const TABLE = [
  [CALL, [DONE], null, 1],
  [CALL, [DONE_STREAMED], null, 1],
  [CALL, [stream([': comment', 'event: other\ndata: x', 'data: no JSON', data(result())])], null, 1],
  [CALL, [{ body: [result()] }], null, 1],
  // A call that may have been placed is not placed again.
  [CALL, [DROP], 'not known whether the server did this', 1],
  [CALL, [stream([data(result())], { cutAfter: 0 })], 'not known whether the server did this', 1],
  [CALL, [stream([])], 'the server ended the answer', 1],
  [CALL, [{ ...DONE, cutAfter: 5 }], 'not known whether the server did this', 1],
  [CALL, [{ status: 502, body: '<html>', headers: HTML }], 'not known whether the server did', 1],
  // What only reads is asked for again.
  [LIST, [DROP, TOOLS], null, 2],
  [LIST, [stream([data(result())], { cutAfter: 0 }), stream([data(result(1, { tools: [] }))])], null, 2],
  [LIST, [DROP], 'was lost', 5],
  // Not taken: asked again whatever it is.
  [CALL, [{ status: 429, headers: BUSY }, { status: 503, headers: BUSY }, DONE], null, 3],
  [CALL, [{ status: 429, body: { detail: 'slow down' }, headers: { 'retry-after': '61' } }], '429: slow down', 1],
  [CALL, [{ status: 429, body: { detail: 'slow down' }, headers: BUSY }], '429: slow down', 5],
  // A stream with ids goes on where it broke.
  [CALL, [stream([data(result(), '1')], { cutAfter: 6 }), DROP], 'not known', 1],
  [CALL, [stream(['id: 7\ndata:']), DONE_STREAMED], null, 2],
  [CALL, [stream(['id: 7\nretry: 1\ndata:']), DROP, DONE_STREAMED], null, 3],
  [CALL, [stream(['id: 7\ndata:']), stream(['id: 8\ndata:']), DONE_STREAMED], null, 3],
  [CALL, [...Array(9).fill(stream(['id: 7\nretry: 1\ndata:'])), DONE_STREAMED], null, 10],
  [CALL, [stream(['id: 7\ndata:'])], 'not known whether the server did this', 6],
  [CALL, [stream(['id: 7\ndata:']), { status: 405 }], 'not known whether the server did this', 2],
  // Errors are told with what to do.
  [CALL, [{ status: 401, body: { detail: 'unknown key' } }], 'check AC_API_KEY', 1],
  [CALL, [{ status: 404, body: { detail: 'nothing here' } }], 'no MCP endpoint at http://', 1],
  [CALL, [{ status: 405 }], 'no MCP endpoint at http://', 1],
  [CALL, [{ body: '<html>', headers: HTML }], 'text/html', 1],
  [CALL, [{ body: 'nonsense' }], 'no JSON', 1],
  [CALL, [{ body: result(2) }], 'something else', 1],
  [CALL, [{ status: 302, headers: { location: 'http://elsewhere.example' } }], 'elsewhere.example', 1],
  [CALL, [{ status: 403, body: { detail: 'read-only key' } }], '403: read-only key', 1],
  [CALL, [{ status: 500, body: { detail: 'it failed' } }], '500: it failed', 1],
  [CALL, [{ status: 400, body: ERROR }], 'no such tool', 1],
  [CALL, [{ body: { ...ERROR, id: 1 } }], 'no such tool', 1],
];

for (const [number, [asked, replies, told, times]] of TABLE.entries()) {
  test(`every request is answered once (${number}: ${told ?? 'a result'})`, () =>
    scripted(replies, async ({ url, received }) => {
      const { written } = await carried(url, [asked]);
      assert.equal(written.length, 1, JSON.stringify(written));
      assert.deepEqual([written[0].jsonrpc, written[0].id], ['2.0', 1]);
      if (told === null) assert.ok('result' in written[0], JSON.stringify(written));
      else assert.ok(written[0].error.message.includes(told), written[0].error.message);
      assert.ok(!JSON.stringify(written).includes(KEY));
      assert.equal(received.length, times);
      for (const { method, headers, json } of received) {
        assert.equal(headers.authorization, `Bearer ${KEY}`);
        assert.ok(headers.accept.includes('text/event-stream'));
        if (method === 'POST') assert.deepEqual(json, asked);
        else assert.ok(['7', '8'].includes(headers['last-event-id']));
      }
    }));
}

test('tools that say so are asked again', async () => {
  const tools = [
    { name: 'get_usage', annotations: { readOnlyHint: true } },
    { name: 'cancel_call', annotations: { idempotentHint: true } },
    { name: 'make_call', annotations: { readOnlyHint: false } },
  ];
  for (const { name } of tools) {
    const again = name !== 'make_call';
    await scripted([{ body: result('l', { tools }) }, DROP, DONE], async ({ url, received }) => {
      const { bridge, written } = bridged(url);
      await bridge.take(JSON.stringify(request('tools/list', 'l')));
      while (written.length === 0) await new Promise(setImmediate);
      await bridge.take(JSON.stringify(request('tools/call', 1, { name })));
      await bridge.close(10_000);
      assert.equal('result' in written[1], again, name);
      assert.equal(received.length, again ? 3 : 2);
    });
  }
});

test('what never left is told as such', async () => {
  const { written } = await carried(`http://127.0.0.1:${await freePort()}/mcp`, [CALL]);
  assert.match(written[0].error.message, /cannot be reached/);
  assert.doesNotMatch(written[0].error.message, /not known/);
});

test('a session is kept and renewed', async () => {
  const gone = { status: 404, body: { ...ERROR, error: { code: -32600, message: 'gone' } } };
  const again = {
    body: result(RENEWAL_ID, { protocolVersion: '2025-06-18' }),
    headers: { 'mcp-session-id': 'session two' },
  };
  const taken = { status: 202 };
  const replies = [WELCOME, taken, { status: 405 }, gone, again, taken, DONE];
  await scripted(replies, async (script) => {
    const { bridge, written } = bridged(script.url);
    await bridge.take(JSON.stringify(HELLO));
    await bridge.take(JSON.stringify(INITIALIZED));
    await script.waitFor(3);
    await bridge.take(JSON.stringify(CALL));
    await bridge.close(10_000);
    assert.deepEqual(written.map(({ id }) => id), ['hello', 1]);
    assert.ok('result' in written[1]);
    const sent = script.received.map(({ method, headers }) =>
      [method, headers['mcp-session-id'] ?? '-', headers['mcp-method'] ?? '-'].join(' '),
    );
    assert.deepEqual(sent.slice(0, 6), [
      'POST - initialize',
      'POST session one notifications/initialized',
      'GET session one -',
      'POST session one tools/call',
      'POST - initialize',
      'POST session two notifications/initialized',
    ]);
    assert.ok(sent.includes('POST session two tools/call'));
    assert.equal(sent.at(-1), 'DELETE session two -');
    assert.equal(script.received[3].headers['mcp-protocol-version'], '2025-06-18');
  });
});

test('only the tools that are wanted', async () => {
  const tools = ['make_call', 'list_calls', 'send_sms'].map((name) => ({ name }));
  await scripted([{ body: result(1, { tools }) }], async ({ url, received }) => {
    const wanted = new Set(['make_call', 'fly']);
    const other = request('tools/call', 2, { name: 'send_sms' });
    const { written, told } = await carried(url, [other, LIST], { tools: wanted });
    assert.match(written[0].error.message, /unknown tool: send_sms \(--tools leaves only fly, make/);
    assert.deepEqual(written[1].result.tools, [{ name: 'make_call' }]);
    assert.deepEqual(told, ['the server has no tool fly; it has list_calls, make_call, send_sms']);
    assert.equal(received.length, 1);
  });
});

test('names go into headers', async () => {
  const wanted = [
    [request('tools/call', 1, { name: 'make_call' }), 'make_call'],
    [request('resources/read', 1, { uri: 'ac://calls/1' }), 'ac://calls/1'],
    [request('prompts/get', 1, { name: 'Grüße' }), '=?base64?R3LDvMOfZQ==?='],
    [request('prompts/get', 1, { name: ' x' }), '=?base64?IHg=?='],
    [request('tools/list'), undefined],
  ];
  for (const [asked, name] of wanted) {
    await scripted([DONE], async ({ url, received }) => {
      await carried(url, [asked]);
      assert.equal(received[0].headers['mcp-method'], asked.method);
      assert.equal(received[0].headers['mcp-name'], name);
    });
  }
});

test('requests without sessions say their revision themselves, and are cancelled by going away', async () => {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const asked = request('tools/call', 1, { name: 'make_call', _meta });
  let release;
  const hold = new Promise((resolve) => {
    release = resolve;
  });
  await scripted([WELCOME, { ...DONE, hold }], async (script) => {
    const { bridge, written } = bridged(script.url);
    await bridge.take(JSON.stringify(HELLO));
    await bridge.take(JSON.stringify(asked));
    await script.waitFor(2);
    const { headers } = script.received[1];
    assert.equal(headers['mcp-protocol-version'], '2026-07-28');
    assert.equal(headers['mcp-session-id'], undefined);
    const params = { requestId: 1 };
    await bridge.take(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
    await bridge.close(5_000);
    release();
    assert.equal(written.length, 1);
    assert.equal(script.received.filter(({ method }) => method === 'POST').length, 2);
  });
});

test('lines that are no messages', () =>
  scripted([DONE], async ({ url, received }) => {
    for (const [line, code] of [['nonsense', -32700], ['[]', -32600], ['3', -32600], ['null', -32600]]) {
      const { written } = await carried(url, [line]);
      assert.deepEqual([written[0].id, written[0].error.code], [null, code]);
    }
    assert.equal(received.length, 0);
  }));

test('notifications and answers are delivered', async () => {
  const note = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };
  const answer = { jsonrpc: '2.0', id: 4, result: {} };
  await scripted([DROP, { status: 202 }, { status: 202 }], async ({ url, received }) => {
    const { written } = await carried(url, [note, answer]);
    assert.deepEqual(written, []);
    assert.deepEqual(received.map(({ json }) => json), [note, note, answer]);
  });
  await scripted([{ status: 400, body: { detail: 'what?' } }], async ({ url }) => {
    const { told } = await carried(url, [note]);
    assert.match(told[0], /list_changed was not delivered/);
  });
});

test('what the server says by itself is passed on', async () => {
  const news = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
  const streams = [stream([data(news, '5')]), stream([data(news)])];
  await scripted([WELCOME, { status: 202 }, ...streams, { status: 405 }], async (script) => {
    const { bridge, written } = bridged(script.url);
    await bridge.take(JSON.stringify(HELLO));
    await bridge.take(JSON.stringify(INITIALIZED));
    await script.waitFor(5);
    await bridge.close(0);
    assert.deepEqual(written.slice(1), [news, news]);
    const listened = script.received.filter(({ method }) => method === 'GET');
    assert.deepEqual(listened.map(({ headers }) => headers['last-event-id']), [undefined, '5', '5']);
  });
});

// The command as a process: what it reads, writes, complains about, and how it ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

import { mcpUrl } from '../lib/command.js';
import { scripted } from './script.js';

const PROGRAM = new URL('../bin/agenticcalling-mcp.js', import.meta.url).pathname;
const KEY = 'ac_test_peer';
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'make_call' } };
const DONE = { jsonrpc: '2.0', id: 1, result: { text: '\u2028ü' } };

function started(parameters, key = KEY) {
  const env = { ...process.env, AC_API_KEY: key };
  delete env.AC_BASE_URL;
  const child = spawn(process.execPath, [PROGRAM, ...parameters], { env });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text;
    });
  }
  child.ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  return child;
}

test('answers come after the input has ended', async () => {
  const hold = new Promise((resolve) => setTimeout(resolve, 200));
  await scripted([{ body: DONE, hold }], async ({ url, received }) => {
    const child = started(['--url', url]);
    child.stdin.end(JSON.stringify(CALL));
    const { code, stdout, stderr } = await child.ended;
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout, `${JSON.stringify(DONE)}\n`);
    assert.deepEqual(received[0].json, CALL);
  });
});

test('it goes at once when it is told to', async () => {
  let release;
  const hold = new Promise((resolve) => {
    release = resolve;
  });
  await scripted([{ body: DONE, hold }], async (script) => {
    const child = started(['--url', script.url]);
    child.stdin.write(`${JSON.stringify(CALL)}\n`);
    await script.waitFor(1);
    child.kill('SIGTERM');
    const { code, stdout } = await child.ended;
    assert.deepEqual([code, stdout], [0, '']);
    release();
  });
});

for (const [parameters, key, told] of [
  [[], '', /AC_API_KEY is not set/],
  [[], 'ac_test_…', /is it whole/],
  [['--url', 'nonsense'], KEY, /no http or https address/],
  [['--tools', ' , '], KEY, /names no tool/],
  [['--nonsense'], KEY, /--nonsense/],
]) {
  test(`mistakes of the command line are told: ${told}`, async () => {
    const child = started(parameters, key);
    const { code, stdout, stderr } = await child.ended;
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, told);
  });
}

test('it explains itself', async () => {
  const { code, stdout } = await started(['--help'], '').ended;
  assert.equal(code, 0);
  for (const word of ['AC_API_KEY', 'AC_BASE_URL', '--tools']) assert.ok(stdout.includes(word));
});

test('the endpoint stands beside the api', () => {
  for (const [base, url] of [
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/mcp'],
    ['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/mcp'],
    [' https://calls.example.com/phone/v1 ', 'https://calls.example.com/phone/mcp'],
    ['', 'https://mcp.agenticcalling.ai/mcp'],
  ]) {
    assert.equal(mcpUrl(base), url);
  }
});

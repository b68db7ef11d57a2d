import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Reader, TooLarge } from '../lib/sse.js';

const TEXT =
  '\ufeff: hello\r\nid: 1\r\nretry: 20\r\ndata: one\r\ndata:  two\r\n\r\n' +
  'event: other\rdata\rid: 2\r\r' +
  'data: \u2028 is no end, ü neither\n\nid: bad\0\ndata: x\n\nretry: soon\nunknown: y\n\ndata: half';

for (const size of [1, 2, 3, 7, 1000]) {
  test(`events are read however they are cut: ${size}`, () => {
    const bytes = Buffer.from(TEXT);
    const reader = new Reader();
    const events = [];
    for (let start = 0; start < bytes.length; start += size) {
      events.push(...reader.feed(bytes.subarray(start, start + size)));
    }
    assert.deepEqual(events, [
      { kind: 'message', data: 'one\n two', id: '1' },
      { kind: 'other', data: '', id: '2' },
      { kind: 'message', data: '\u2028 is no end, ü neither', id: '2' },
      { kind: 'message', data: 'x', id: '2' },
    ]);
    assert.deepEqual([reader.lastId, reader.retryMs], ['2', 20]);
  });
}

test('an event without end is refused', () => {
  for (const line of ['data: x', 'data: xxxx\n']) {
    const reader = new Reader(100);
    assert.throws(() => {
      for (let n = 0; n < 100; n += 1) [...reader.feed(Buffer.from(line))];
    }, TooLarge);
  }
});

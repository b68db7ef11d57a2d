// Server-sent events, read as they arrive.
//
// Lines end in LF, CR or CRLF. Ids and data are bytes until a line is whole, so a character that is cut in two
// parts stays whole as well.

export const EVENT_BYTES_MAX = 32 * 1024 * 1024;

const LF = 10;
const CR = 13;

/** An event does not fit. */
export class TooLarge extends Error {}

/**
 * Turns bytes into events; `lastId` and `retryMs` are what the server said last.
 */
export class Reader {
  lastId = null;
  retryMs = null;
  #rest = Buffer.alloc(0);
  #begun = false;
  #id = null;
  #data = [];
  #size = 0;
  #kind = '';
  #max;

  constructor(max = EVENT_BYTES_MAX) {
    this.#max = max;
  }

  /** Begins another connection: what was half there is dropped, ids are kept. */
  restart() {
    this.#rest = Buffer.alloc(0);
    this.#begun = false;
    this.#id = this.lastId;
    this.#clear();
  }

  /** The events that these bytes complete. */
  *feed(part) {
    this.#rest = Buffer.concat([this.#rest, part]);
    if (!this.#begun && this.#rest.length >= 3) {
      this.#begun = true;
      if (this.#rest.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) {
        this.#rest = this.#rest.subarray(3);
      }
    }
    for (;;) {
      const end = this.#rest.findIndex((byte) => byte === LF || byte === CR);
      if (end < 0) break;
      const isCr = this.#rest[end] === CR;
      // Half of a CRLF, perhaps: the next bytes tell.
      if (isCr && end + 1 === this.#rest.length) break;
      const width = isCr && this.#rest[end + 1] === LF ? 2 : 1;
      const line = this.#rest.subarray(0, end).toString('utf8');
      this.#rest = this.#rest.subarray(end + width);
      const event = this.#line(line);
      if (event) yield event;
    }
    if (this.#size + this.#rest.length > this.#max) {
      throw new TooLarge(`the server sent an event of more than ${this.#max} bytes`);
    }
  }

  #line(line) {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'data') {
      this.#data.push(value);
      this.#size += Buffer.byteLength(value);
    } else if (name === 'event') this.#kind = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value || null;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.retryMs = Number(value);
    return null;
  }

  #complete() {
    // Only now: an event that broke off was not received.
    this.lastId = this.#id;
    const event = { kind: this.#kind || 'message', data: this.#data.join('\n'), id: this.lastId };
    const isEmpty = this.#data.length === 0;
    this.#clear();
    return isEmpty ? null : event;
  }

  #clear() {
    this.#data = [];
    this.#size = 0;
    this.#kind = '';
  }
}

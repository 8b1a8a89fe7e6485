// SPDX-License-Identifier: GPL-3.0-or-later
//
// The WebSocket that goes on after its connection broke, over connections that do what a test says.
import assert from "node:assert/strict";
import { test } from "node:test";

const space = "urn:halley:resume:1";

class Connection {
  static readonly CLOSED = 3;
  static last: Connection;
  static made: (() => void)[] = [];
  // The one that is made next.
  static next = () => new Promise<Connection>((then) => Connection.made.push(() => then(Connection.last)));

  readyState = 0;
  bufferedAmount = 0;
  sent: string[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onerror?: () => void;
  onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void;

  constructor() {
    Connection.last = this;
    for (const tell of Connection.made.splice(0)) tell();
  }
  send(frame: string) {
    assert.equal(this.readyState, 1, `${frame} was said to nobody`);
    this.sent.push(frame);
  }
  close() {}
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(...frames: string[]) {
    for (const data of frames) this.onmessage?.({ data });
  }
  ends(code: number) {
    this.readyState = 3;
    if (code === 1006) this.onerror?.();
    this.onclose?.({ code, reason: "why", wasClean: code !== 1006 });
  }
  take = () => this.sent.splice(0);
}

globalThis.WebSocket = Connection as never;
const { ResumingWebSocket } = await import("../raw/resuming_websocket.ts");

const element = (name: string, attributes: string) => `<${name} xmlns="${space}" ${attributes}/>`;
const resumption = (token: string, has: number) => `<resume xmlns="${space}" id="${token}" h="${has}"/>`;

// A client on an open socket that may come back with the token "first".
function enter() {
  const socket = new ResumingWebSocket("ws://gateway.test/xmpp-websocket", "xmpp");
  const told: string[] = [];
  socket.onmessage = (event) => told.push((event as MessageEvent).data);
  socket.onerror = () => told.push("error");
  socket.onclose = (event) => told.push(`closed ${(event as CloseEvent).code}`);
  const connection = Connection.last;
  connection.opens();
  socket.send("<open/>");
  assert.deepEqual(connection.take(), ["<open/>", `<enable xmlns="${space}"/>`]);
  connection.says(element("enabled", 'id="first" max="60"'));
  return { socket, told, connection };
}

test("a connection that broke is replaced, and the client hears nothing of it", async () => {
  const { socket, told, connection } = enter();
  connection.says("<a/>", "<b/>");
  socket.send("<one/>");
  const next = Connection.next();
  connection.ends(1006);
  socket.send("<two/>");
  const second = await next;
  second.opens();
  assert.deepEqual(second.take(), [resumption("first", 2)]);
  second.says(element("resumed", 'id="second" max="60" h="1"'), "<c/>");
  assert.deepEqual(second.take(), ["<two/>"]);
  assert.deepEqual(told, ["<a/>", "<b/>", "<c/>"]);
  assert.equal(socket.readyState, 1);
});

for (const code of [1000, 1001, 1002, 1003, 1008, 1009, 1011, 1012, 4000])
  test(`what the gateway has closed with ${code} is closed for the client`, () => {
    const { socket, told, connection } = enter();
    connection.ends(code);
    assert.deepEqual(told, [`closed ${code}`]);
    assert.equal(socket.readyState, 3);
    assert.equal(Connection.last, connection);
  });

test("what the gateway closes while it is coming back is closed for the client", async () => {
  const { socket, told, connection } = enter();
  const next = Connection.next();
  connection.ends(1006);
  const second = await next;
  second.opens();
  second.ends(1001);
  assert.deepEqual(told, ["closed 1001"]);
  assert.equal(socket.readyState, 3);
});

test("who breaks off before it has read the next token comes with the one it has", async () => {
  const { connection } = enter();
  let next = Connection.next();
  connection.ends(1006);
  const second = await next;
  second.opens();
  assert.deepEqual(second.take(), [resumption("first", 0)]);
  next = Connection.next();
  second.ends(1006);
  const third = await next;
  third.opens();
  assert.deepEqual(third.take(), [resumption("first", 0)]);
  third.says(element("resumed", 'id="third" max="60" h="0"'));
  next = Connection.next();
  third.ends(1006);
  const fourth = await next;
  fourth.opens();
  assert.deepEqual(fourth.take(), [resumption("third", 0)]);
});

test("both sides say how much they have, and keep no more than the other may lack", async () => {
  const { socket, connection } = enter();
  connection.says("<a/>", "<b/>", `<r xmlns="${space}"/>`);
  assert.deepEqual(connection.take(), [`<a xmlns="${space}" h="2"/>`]);
  const long = `<x>${"y".repeat(9000)}</x>`;
  socket.send(long);
  assert.deepEqual(connection.take(), [long]);
  socket.send(long);
  assert.deepEqual(connection.take(), [long, `<r xmlns="${space}"/>`]);
  connection.says(element("a", 'h="2"'));
  socket.send("<last/>");
  const next = Connection.next();
  connection.ends(1006);
  const second = await next;
  second.opens();
  second.says(element("resumed", 'id="second" max="60" h="2"'));
  assert.deepEqual(second.take(), [resumption("first", 2), "<last/>"]);
});

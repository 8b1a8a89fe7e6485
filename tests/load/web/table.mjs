// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was measured, as a table of Markdown: one column for each page.
const kb = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;
const mb = (bytes) => (bytes ? `${(bytes / 1048576).toFixed(1)} MB` : "-");
const seconds = (ms) => (!ms ? "not shown in time" : `${(ms / 1000).toFixed(2)} s`);
const busy = "too busy to answer";
const reached = ({ shown, lines }) => (shown === lines ? "" : ` (${shown} shown in time)`);
const ms = (value) => `${Math.round(value)} ms`;

export function print(results, { lines, joins }) {
  const rows = [
    ["until the first message is read: transferred, requests", ({ first }) => `${kb(first.usable.bytes)}, ${first.usable.requests}`],
    ["ten seconds later: transferred, requests", ({ first }) => `${kb(first.whole.bytes)}, ${first.whole.requests}`],
    ["navigation to the first message", ({ first, alone }) => `${seconds(first.ms)} (${seconds(alone.enter)})`],
    ["5,000 lines said at once: the last in view", ({ many, alone }) => `${seconds(many.burstMs)} (${seconds(alone.burst)})`],
    ["navigation into a room with 5,000 lines: the last in view, lines in the page", ({ before }) => `${seconds(before.ms)}, ${before.rows ?? busy}`],
    ["heap in a new room", ({ many }) => mb(many.heapBefore)],
    [`heap after ${lines} lines`, ({ many }) => (many.heap ? mb(many.heap) : busy) + reached(many)],
    ["lines and elements in the page then", ({ many }) => (many.elements ? `${many.rows}, ${many.elements}` : busy)],
    [`${joins} joins in a second: a line said after them in view`, ({ crowd }) => seconds(crowd.settledMs)],
    ["longest task, longest gap between frames in it", ({ crowd }) => crowd.gapMs ? `${crowd.taskMs ? ms(crowd.taskMs) : "under 50 ms"}, ${ms(crowd.gapMs)}` : busy],
    ["elements in the page then", ({ crowd }) => `${crowd.elements ?? busy}`],
  ];
  const head = ["", ...results.map(({ name }) => name)];
  const body = rows.map(([title, show]) => [title, ...results.map(show)]);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map(() => "---")),
    ...body.map(line),
    "",
    "In brackets: what the chat server alone takes, at a client without a page. On XMPP a module of the server",
    "shows the joins: real ones would make the server what is measured.",
  ].join("\n");
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// Strokes are data: the network passes them on to the programs in a room and keeps nothing of them.
// What one draws in a moment travels as one value: {colour, line: [x, y, x, y, ...]}.
import { colourOf, enter, network, nick, room, tell } from "./enter.js";

const channel = `/data/${network}/${room}-sketch`;
const canvas = document.querySelector("canvas");
const pen = canvas.getContext("2d");
const mine = colourOf(nick);
const moment = 400; // ms: IRC takes two lines a second
const most = 600; // numbers in one value: it may have 4,000 bytes
let line = [];
let sending = 0;

function draw(points, colour) {
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = colour;
  pen.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) pen.lineTo(points[i], points[i + 1]);
  pen.stroke();
  canvas.dataset.points = Number(canvas.dataset.points ?? 0) + points.length / 2;
}

// Anybody in the room may send anything.
function isStroke({ colour, line: points } = {}) {
  return /^hsl\(\d+ \d+% \d+%\)$/.test(colour) && Array.isArray(points) && points.length <= most &&
    points.every((number) => Number.isInteger(number) && number >= 0 && number < 1000);
}

const cometd = enter(() =>
  cometd.subscribe(channel, ({ data }) => {
    if (data.ev !== "data" || data.self || data.type !== "sketch" || !isStroke(data.value)) return;
    draw(data.value.line, data.value.colour);
    tell(`${data.from} is drawing`, data.value.colour);
  }, {}, (reply) => tell(reply.successful ? "Draw something." : reply.error)),
);

function send() {
  sending = 0;
  if (line.length < 4) return;
  const value = { colour: mine, line: line.slice(0, most) };
  line = line.slice(value.line.length - 2); // the next one begins where this one ends
  cometd.publish(channel, { type: "sketch", value }, (reply) => {
    if (!reply.successful) tell(`Not sent: ${reply.ext?.chat?.error?.text ?? reply.error}`);
  });
  if (line.length >= 4) sending = setTimeout(send, moment);
}

function place({ clientX, clientY }) {
  const box = canvas.getBoundingClientRect();
  const at = (value, from, size, whole) =>
    Math.min(whole, Math.max(0, Math.round(((value - from) / size) * whole)));
  return [at(clientX, box.left, box.width, canvas.width), at(clientY, box.top, box.height, canvas.height)];
}

canvas.onpointerdown = (event) => {
  canvas.setPointerCapture(event.pointerId);
  clearTimeout(sending);
  send(); // the stroke before
  line = place(event);
};
canvas.onpointermove = (event) => {
  if (event.buttons === 0 || line.length === 0) return;
  const to = place(event);
  draw([...line.slice(-2), ...to], mine);
  line.push(...to);
  sending ||= setTimeout(send, moment);
};
canvas.onpointerup = () => {
  clearTimeout(sending);
  send();
};
